/* SPDX-License-Identifier: MIT */
/* See plan_compare.h. */
#include <config.h>
#include "base/text.h"
#include "callbacks/plan/plan_compare.h"

static const char *nothing_if_empty(const char *text)
{
    return text_is_empty(text) ? NULL : text;
}

/* An absent element and an empty one are the same to the service. */
static bool is_same(const json *wanted, const char *listed)
{
    if (json_type_of(wanted) == JSON_SECRET)
        return secret_equal_text(json_secret(wanted), listed);
    return text_equal(nothing_if_empty(json_string(wanted)), nothing_if_empty(listed));
}

/* What may be shown of a member. */
static const char *shown(const json *wanted)
{
    if (json_type_of(wanted) == JSON_SECRET)
        return secret_size(json_secret(wanted)) > 0 ? PLAN_SECRET : NULL;
    return nothing_if_empty(json_string(wanted));
}

static plan_field make_field(const json *wanted, const char *listed)
{
    return (plan_field){!is_same(wanted, listed), nothing_if_empty(listed), shown(wanted)};
}

/* Of a password, whether there is one. */
static plan_field make_password(const json *wanted, const char *listed)
{
    plan_field field = make_field(wanted, listed);
    field.from = field.from ? PLAN_SECRET : NULL;
    field.to = field.to ? PLAN_SECRET : NULL;
    return field;
}

/* `row` or `body` NULL: there is none. False: nothing differs. */
static bool fill_fields(plan_change *change, const api_row *api, const listener_row *row,
                        const json *body)
{
    bool differs = false;
    plan_field *fields = change->fields;
    fields[PLAN_URL] = make_field(json_get(body, api->url_member), row ? row->shown.url : NULL);
    if (api->credentials) {
        fields[PLAN_USERNAME] =
            make_field(json_get(body, "username"), row ? row->shown.username : NULL);
        fields[PLAN_PASSWORD] =
            make_password(json_get(body, "password"), row ? row->password : NULL);
    }
    for (size_t i = 0; i < PLAN_MEMBERS; i++)
        differs |= fields[i].differs;
    return differs;
}

static const listener_row *find_row(const plan_account *account, const char *service)
{
    for (size_t i = 0; i < account->row_count; i++)
        if (text_equal(account->rows[i].shown.service, service))
            return &account->rows[i];
    return NULL;
}

static bool is_wanted(const plan_account *account, const char *service)
{
    for (size_t i = 0; i < account->wanted_count; i++)
        if (text_equal(account->wanted[i].service, service))
            return true;
    return false;
}

static plan_change make_change(const plan_account *account, const char *service, plan_action action)
{
    return (plan_change){
        .account = account->name,
        .service = service,
        .api = api_row_is_default(account->api) ? NULL : account->api->info.name,
        .owner = account->owner,
        .action = action,
    };
}

static thingspace_status compare_wanted(thingspace_plan *plan, const plan_account *account,
                                        const plan_wanted *wanted)
{
    const listener_row *row = find_row(account, wanted->service);
    plan_action action = wanted->blocked ? PLAN_BLOCKED : row ? PLAN_CHANGE : PLAN_ADD;
    plan_change change = make_change(account, wanted->service, action);
    if (!wanted->body)
        return THINGSPACE_OK;
    change.note = wanted->blocked;
    if (fill_fields(&change, account->api, row, wanted->body) || !row)
        return plan_add_change(plan, &change);
    plan->counts.unchanged++;
    return THINGSPACE_OK;
}

static thingspace_status note_undeclared(thingspace_plan *plan, const plan_account *account,
                                         const listener_row *row)
{
    const char *service = row->shown.service;
    plan_change change = make_change(account, service, PLAN_UNDECLARED);
    if (is_wanted(account, service) || !selection_has_service(account->selection, service))
        return THINGSPACE_OK;
    (void)fill_fields(&change, account->api, row, NULL);
    return plan_add_change(plan, &change);
}

thingspace_status plan_compare(thingspace_plan *plan, const plan_account *account)
{
    thingspace_status status = THINGSPACE_OK;
    for (size_t i = 0; i < account->wanted_count && status == THINGSPACE_OK; i++)
        status = compare_wanted(plan, account, &account->wanted[i]);
    for (size_t i = 0; i < account->row_count && status == THINGSPACE_OK; i++)
        status = note_undeclared(plan, account, &account->rows[i]);
    return status;
}

/* ---- when all is read ---- */

static bool is_ours(const plan_change *change, const ours *ours)
{
    return ours_has(ours, change->owner, change->fields[PLAN_URL].from);
}

void plan_compare_settle(thingspace_plan *plan, const ours *ours)
{
    size_t kept = 0;
    for (size_t i = 0; i < plan->change_count; i++) {
        plan_change *change = &plan->changes[i];
        bool undeclared = change->action == PLAN_UNDECLARED;
        bool moved = change->action == PLAN_CHANGE && change->fields[PLAN_URL].differs;
        bool strange = (undeclared || moved) && !is_ours(change, ours);
        plan->counts.foreign += undeclared && strange;
        if (undeclared && strange)
            continue;
        if (undeclared)
            change->action = PLAN_REMOVE;
        else if (strange)
            change->action = PLAN_TAKEOVER;
        plan->changes[kept++] = *change;
    }
    plan->change_count = kept;
}
