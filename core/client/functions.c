/* SPDX-License-Identifier: MIT */
/*
 * See functions.h. What a function answers is read as a script's answer is: names of what was
 * declared, rows and defaults behind them. While one runs, the client is closed but for
 * thingspace_client_row. The client's thread.
 */
#include <config.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/limits.h"
#include "base/sized.h"
#include "base/text.h"
#include "catalogue/api_table.h"
#include "client/functions.h"
#include "policy/groups.h"
#include "policy/row.h"

/* ---- asking ---- */

/* What stands behind the functions of one policy, and lives as long. */
typedef struct functions {
    thingspace_client *client;
    const policy *policy;
} functions;

static thingspace_status refuse(const char *account, thingspace_status status,
                                const thingspace_error *why, thingspace_error *error)
{
    if (status == THINGSPACE_MEMORY)
        return error_memory(error);
    return error_set(error, THINGSPACE_POLICY, "%s: the policy function failed: %s", account,
                     why->message[0] ? why->message : thingspace_status_name(status));
}

/* ---- resolve ---- */

static thingspace_status copy_name(char **out, const char *name, thingspace_error *error)
{
    *out = text_copy(name);
    return *out || !name ? THINGSPACE_OK : error_memory(error);
}

static thingspace_status read_tags(json **out, const char *text, thingspace_error *error)
{
    if (!text)
        return THINGSPACE_OK;
    thingspace_status status = json_parse(out, text, strlen(text), error);
    if (status == THINGSPACE_MEMORY)
        return status;
    if (status != THINGSPACE_OK || json_type_of(*out) != JSON_OBJECT)
        return error_set(error, THINGSPACE_POLICY, "tags must be a JSON object");
    if (row_tree_weight(*out) > LIMIT_TAG_BYTES)
        return error_set(error, THINGSPACE_POLICY, "the tags hold more than %d KiB",
                         LIMIT_TAG_BYTES / 1024);
    return THINGSPACE_OK;
}

static thingspace_status read_decision(decision_names *out, const thingspace_decision *said,
                                       thingspace_error *error)
{
    if (said->timeout_ms != 0 && !row_timeout_is_usable(said->timeout_ms))
        return error_set(error, THINGSPACE_POLICY, "timeout_ms must be " ROW_TIMEOUT_RULE);
    out->timeout_ms = said->timeout_ms;
    out->undeclared = said->undeclared != 0;
    thingspace_status status = copy_name(&out->endpoint, said->endpoint, error);
    if (status == THINGSPACE_OK)
        status = copy_name(&out->credential, said->credential, error);
    return status == THINGSPACE_OK ? read_tags(&out->tags, said->tags, error) : status;
}

static thingspace_status resolve(void *own, decision_names *out, const char *account,
                                 const row *row, thingspace_error *error)
{
    const functions *self = own;
    thingspace_client *client = self->client;
    thingspace_decision said = {.size = sizeof(said)};
    thingspace_error why = THINGSPACE_ERROR_INIT;
    const policy_question question = {self->policy, account, row};
    client->asking = &question;
    thingspace_status status = client->resolve(client->resolve_user, account, &said, &why);
    client->asking = NULL;
    if (status == THINGSPACE_OK)
        status = read_decision(out, &said, &why);
    return status == THINGSPACE_OK ? status : refuse(account, status, &why, error);
}

/* ---- listeners ---- */

struct thingspace_desired_list {
    const policy *policy;
    desired_listeners *named;
    desired_listeners groups;
    thingspace_error refused; /* the first one; kind OK: none */
};

static thingspace_status make_source(secret_source **out, thingspace_secret *secret,
                                     thingspace_error *error)
{
    return secret ? secret_source_value(out, secret, "a secret of the program", error)
                  : THINGSPACE_OK;
}

/* What the groups and the table of APIs know. */
static thingspace_status check(const thingspace_desired_list *list, desired_listener *made,
                               const char *api, thingspace_error *error)
{
    const api_row *row;
    if (!made->service || !made->url)
        return error_set(error, THINGSPACE_POLICY, "a listener has a service and a url");
    thingspace_status status = api_row_find(&row, api, error);
    if (status == THINGSPACE_OK && !api_row_is_default(row))
        made->api = row->info.name;
    if (status == THINGSPACE_OK && groups_is_name(made->service))
        return groups_check(list->policy, made->service, error);
    return status == THINGSPACE_OK ? desired_listener_check_sendable(made, error) : status;
}

static thingspace_status add(thingspace_desired_list *list, const thingspace_desired *from,
                             thingspace_error *error)
{
    desired_listener made = {
        .service = (char *)(size_t)from->service, /* copied by whoever keeps it */
        .url = (char *)(size_t)from->url,
        .username = (char *)(size_t)from->username,
        .password_registered = from->password_registered && !from->password,
    };
    thingspace_status status = check(list, &made, from->api, error);
    if (status == THINGSPACE_OK)
        status = make_source(&made.password, from->password, error);
    if (status == THINGSPACE_OK)
        status = make_source(&made.token, from->token, error);
    if (status == THINGSPACE_OK)
        status = desired_listeners_add(groups_is_name(made.service) ? &list->groups : list->named,
                                       &made, error);
    secret_source_free(made.password);
    secret_source_free(made.token);
    return status;
}

/* A refusal counts even if nobody looks at it: what is not declared may be removed by an apply. */
static thingspace_status note(thingspace_desired_list *list, const thingspace_desired *desired,
                              thingspace_status status, thingspace_error *why,
                              thingspace_error *error)
{
    if (status == THINGSPACE_USAGE)
        status = why->kind = THINGSPACE_POLICY;
    if (status == THINGSPACE_POLICY && desired->service)
        error_prefix(why, "%s", desired->service);
    if (list->refused.kind == THINGSPACE_OK)
        error_copy(&list->refused, why);
    error_copy(error, why);
    return status;
}

thingspace_status thingspace_desired_add(thingspace_desired_list *list,
                                         const thingspace_desired *given, thingspace_error *error)
{
    thingspace_desired desired = THINGSPACE_DESIRED_INIT;
    thingspace_error why = THINGSPACE_ERROR_INIT;
    if (!list || !given)
        return error_set(error, THINGSPACE_USAGE, "no list or no listener was given");
    sized_take(&desired, sizeof(desired), given);
    thingspace_status status = add(list, &desired, &why);
    return status == THINGSPACE_OK ? status : note(list, &desired, status, &why, error);
}

/* By itself, with whichever API. */
static bool is_named(const desired_listeners *in, const char *service)
{
    for (size_t i = 0; i < in->count; i++)
        if (in->items[i].group == 0 && text_equal(in->items[i].service, service))
            return true;
    return false;
}

/* The group that had it before, from 1; 0: none. */
static size_t find_other(const desired_listeners *in, const desired_listener *wanted)
{
    for (size_t i = 0; i < in->count; i++)
        if (text_equal(in->items[i].service, wanted->service) &&
            text_equal(in->items[i].api, wanted->api))
            return in->items[i].group;
    return 0;
}

/* One service of a group; what is named by itself goes its own way. */
static thingspace_status add_of_group(thingspace_desired_list *list, desired_listener *listener,
                                      thingspace_error *error)
{
    if (is_named(list->named, listener->service))
        return THINGSPACE_OK;
    size_t other = find_other(list->named, listener);
    if (other > 0)
        return error_set(error, THINGSPACE_POLICY,
                         "%s is in %s, too: name it by itself, or keep it in one",
                         listener->service, list->groups.items[other - 1].service);
    thingspace_status status = desired_listener_check_sendable(listener, error);
    return status == THINGSPACE_OK ? desired_listeners_add(list->named, listener, error) : status;
}

static thingspace_status expand_group(thingspace_desired_list *list, size_t index,
                                      thingspace_error *error)
{
    const desired_listener *group = &list->groups.items[index];
    desired_listener listener = *group;
    const api_row *api;
    const char *service;
    listener.group = index + 1;
    thingspace_status status = api_row_find(&api, group->api, error);
    for (size_t i = 0; status == THINGSPACE_OK &&
                       (service = groups_service(list->policy, group->service, api, i));
         i++) {
        listener.service = (char *)(size_t)service;
        status = add_of_group(list, &listener, error);
    }
    if (status != THINGSPACE_OK && status != THINGSPACE_MEMORY)
        error_prefix(error, "%s", group->service);
    return status;
}

static thingspace_status expand(thingspace_desired_list *list, thingspace_error *error)
{
    thingspace_status status = THINGSPACE_OK;
    for (size_t i = 0; status == THINGSPACE_OK && i < list->groups.count; i++)
        status = expand_group(list, i, error);
    return status;
}

static thingspace_status listeners(void *own, desired_listeners *out, const char *account,
                                   const row *row, thingspace_error *error)
{
    const functions *self = own;
    thingspace_client *client = self->client;
    thingspace_error why = THINGSPACE_ERROR_INIT;
    thingspace_desired_list list = {
        .policy = self->policy, .named = out, .refused = THINGSPACE_ERROR_INIT};
    const policy_question question = {self->policy, account, row};
    client->asking = &question;
    thingspace_status status = client->listeners(client->listeners_user, account, &list, &why);
    client->asking = NULL;
    if (status == THINGSPACE_OK && list.refused.kind != THINGSPACE_OK) {
        error_copy(&why, &list.refused);
        status = list.refused.kind;
    }
    if (status == THINGSPACE_OK)
        status = expand(&list, &why);
    desired_listeners_dispose(&list.groups);
    return status == THINGSPACE_OK ? status : refuse(account, status, &why, error);
}

/* ---- rows ---- */

static json *row_json(const row *row, thingspace_status *status)
{
    row_cursor cursor = {0};
    json *made = row_tree(row) ? json_copy(row_tree(row)) : json_new_object();
    while (!row_tree(row) && row_next(row, &cursor))
        json_put(made, cursor.at.name, json_new_string(cursor.at.text), status);
    if (!made)
        *status = THINGSPACE_MEMORY;
    return made;
}

static const row *find_row(const thingspace_client *client, const char *account)
{
    const policy_question *asking = client->asking;
    if (asking && text_equal(asking->account, account))
        return asking->row;
    return policy_row(asking ? asking->policy : generation_policy(client->generation), account);
}

static thingspace_status write_row(char **out, const row *row, thingspace_error *error)
{
    thingspace_status status = THINGSPACE_OK;
    cleanup_json json *tree = row_json(row, &status);
    if (status == THINGSPACE_OK)
        status = json_write_text(out, tree);
    return status == THINGSPACE_OK ? status : error_memory(error);
}

thingspace_status thingspace_client_row(thingspace_client *client, char **out, const char *account,
                                        thingspace_error *error)
{
    *out = NULL;
    thingspace_status status = client_enter_asked(client, error);
    if (status != THINGSPACE_OK)
        return status;
    const row *row = account ? find_row(client, account) : NULL;
    if (row)
        status = write_row(out, row, error);
    client_leave(client);
    return status;
}

/* ---- their place ---- */

thingspace_status functions_set(thingspace_client *client, policy *policy, thingspace_error *error)
{
    const policy_backend backend = {
        .resolve = client->resolve ? resolve : NULL,
        .listeners = client->listeners ? listeners : NULL,
    };
    if (!backend.resolve && !backend.listeners)
        return THINGSPACE_OK;
    functions *made = malloc(sizeof(*made));
    if (!made)
        return error_memory(error);
    *made = (functions){client, policy};
    thingspace_status status = policy_keep(policy, made, free, error);
    if (status == THINGSPACE_OK)
        policy_set_functions(policy, &backend, made);
    return status;
}
