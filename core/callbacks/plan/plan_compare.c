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
    return text_same(json_string(wanted), listed);
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
        .api = api_row_name(account->api),
        .owner = account->owner,
        .action = action,
    };
}

/* One that is listed without a URL is a stranger's. */
static bool is_blocked(const plan_change *change, const plan_wanted *wanted)
{
    return wanted->blocked && (change->action == PLAN_ADD || change->fields[PLAN_URL].from);
}

static thingspace_status compare_wanted(thingspace_plan *plan, const plan_account *account,
                                        const plan_wanted *wanted)
{
    const listener_row *row = find_row(account, wanted->service);
    plan_change change = make_change(account, wanted->service, row ? PLAN_CHANGE : PLAN_ADD);
    if (!wanted->body)
        return THINGSPACE_OK;
    bool differs = fill_fields(&change, account->api, row, wanted->body) || !row;
    if (differs && is_blocked(&change, wanted)) {
        change.action = PLAN_BLOCKED;
        change.note = wanted->blocked;
    }
    if (differs)
        return plan_add_change(plan, &change);
    plan->counts.unchanged++;
    change.action = PLAN_UNCHANGED;
    return plan_add_cell(plan, &change);
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

/* Whether a listed URL would go. */
static bool moves(const plan_change *change)
{
    const plan_field *url = &change->fields[PLAN_URL];
    return url->differs &&
           (change->action == PLAN_CHANGE || (change->action == PLAN_BLOCKED && url->from));
}

/* False: it is no change. */
static bool settle(plan_change *change, const ours *ours)
{
    bool undeclared = change->action == PLAN_UNDECLARED;
    bool strange = (undeclared || moves(change)) && !is_ours(change, ours);
    if (undeclared) {
        change->action = strange ? PLAN_FOREIGN : PLAN_REMOVE;
    } else if (strange) {
        change->action = PLAN_TAKEOVER;
        change->note = NULL;
    }
    return change->action != PLAN_FOREIGN;
}

thingspace_status plan_compare_settle(thingspace_plan *plan, const ours *ours)
{
    thingspace_status status = THINGSPACE_OK;
    size_t kept = 0;
    for (size_t i = 0; i < plan->change_count && status == THINGSPACE_OK; i++) {
        plan_change *change = &plan->changes[i];
        if (settle(change, ours)) {
            plan->changes[kept++] = *change;
            continue;
        }
        plan->counts.foreign++;
        status = plan_move_to_cells(plan, change);
    }
    plan->change_count = kept;
    return status;
}
