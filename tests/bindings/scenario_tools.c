/* SPDX-License-Identifier: MIT */
/*
 * The scenario's runner in C: the steps that ask for JSON: credentials, policies, plugins. Their
 * answers have some members of it, those that are the same every time. See scenario.h.
 */
#include "scenario.h"
#include <stdlib.h>
#include <string.h>

/* Moves the member, when there is one. */
static void move(cJSON *answer, cJSON *tree, const char *name)
{
    cJSON *member = cJSON_DetachItemFromObjectCaseSensitive(tree, name);
    if (member)
        cJSON_AddItemToObject(answer, name, member);
}

/* Objects with the members of these names, of those in the list. */
static void move_rows(cJSON *answer, const char *name, cJSON *list, const char *const *names)
{
    cJSON *rows = add_list(answer, name), *from;
    cJSON_ArrayForEach(from, list)
    {
        cJSON *row = cJSON_CreateObject();
        cJSON_AddItemToArray(rows, row);
        for (size_t i = 0; names[i]; i++)
            move(row, from, names[i]);
    }
}

/* What is null is absent in Lua. */
static void drop_nulls(cJSON *value)
{
    for (cJSON *child = value ? value->child : NULL, *next; child; child = next) {
        next = child->next;
        if (cJSON_IsNull(child) && child->string)
            cJSON_Delete(cJSON_DetachItemViaPointer(value, child));
        else
            drop_nulls(child);
    }
}

static cJSON *parse(char *text)
{
    cJSON *tree = cJSON_Parse(text);
    thingspace_text_free(text);
    drop_nulls(tree);
    return tree;
}

/* --- credentials --- */

thingspace_status step_auth_status(scenario *self, const cJSON *step, cJSON *answer,
                                   thingspace_error *error)
{
    static const char *const names[] = {"credential", "endpoint", "bearer",   "session",
                                        "failed",     "latched",  "persists", NULL};
    char *text = NULL;
    thingspace_status status =
        thingspace_auth_status(self->client, &text, text_of(step, "credential"), error);
    if (status != THINGSPACE_OK)
        return status;
    cJSON *tree = parse(text);
    move_rows(answer, "credentials", tree, names);
    cJSON_Delete(tree);
    return THINGSPACE_OK;
}

thingspace_status step_auth_login(scenario *self, const cJSON *step, cJSON *answer,
                                  thingspace_error *error)
{
    (void)answer;
    return thingspace_auth_login(self->client, text_of(step, "credential"), error);
}

thingspace_status step_auth_logout(scenario *self, const cJSON *step, cJSON *answer,
                                   thingspace_error *error)
{
    (void)answer;
    return thingspace_auth_logout(self->client, text_of(step, "credential"),
                                  number_of(step, "revoke") ? THINGSPACE_REVOKE : 0, error);
}

thingspace_status step_auth_unlatch(scenario *self, const cJSON *step, cJSON *answer,
                                    thingspace_error *error)
{
    unsigned cleared = 0;
    thingspace_status status =
        thingspace_auth_unlatch(self->client, text_of(step, "credential"), &cleared, error);
    if (status == THINGSPACE_OK)
        set_number(answer, "cleared", cleared);
    return status;
}

/* --- policies --- */

thingspace_status step_eval(scenario *self, const cJSON *step, cJSON *answer,
                            thingspace_error *error)
{
    char *text = NULL;
    thingspace_status status =
        thingspace_policy_eval(self->client, &text, text_of(step, "account"), error);
    if (status != THINGSPACE_OK)
        return status;
    cJSON *tree = parse(text);
    move(answer, tree, "endpoint");
    move(answer, tree, "credential");
    move(answer, tree, "listeners");
    cJSON_Delete(tree);
    return THINGSPACE_OK;
}

/* A check with findings is an answer, here as in the other languages. */
thingspace_status step_policy_check(scenario *self, const cJSON *step, cJSON *answer,
                                    thingspace_error *error)
{
    static const char *const found[] = {"accountName", "serviceName", "message", "line", NULL};
    static const char *const decided[] = {"accountName", "endpoint", "credential", "listeners",
                                          NULL};
    char *text = NULL;
    (void)step;
    thingspace_status status = thingspace_policy_check(self->client, &text, error);
    if (!text)
        return status;
    cJSON *tree = parse(text);
    move(answer, tree, "accounts");
    move(answer, tree, "listeners");
    move_rows(answer, "decisions", cJSON_GetObjectItem(tree, "decisions"), decided);
    move_rows(answer, "errors", cJSON_GetObjectItem(tree, "errors"), found);
    move_rows(answer, "warnings", cJSON_GetObjectItem(tree, "warnings"), found);
    cJSON_Delete(tree);
    return THINGSPACE_OK;
}

/* The client's policy takes the place of the one that the step has. */
thingspace_status step_policy_diff(scenario *self, const cJSON *step, cJSON *answer,
                                   thingspace_error *error)
{
    thingspace_client_options options = THINGSPACE_CLIENT_OPTIONS_INIT;
    thingspace_client *old = NULL;
    char *text = NULL;
    options.policy_text = text_of(step, "policy_text");
    thingspace_status status = thingspace_client_new(&old, &options, error);
    if (status == THINGSPACE_OK)
        status = thingspace_policy_diff(old, self->client, &text, error);
    cJSON *tree = parse(text);
    move(answer, tree, "added");
    move(answer, tree, "removed");
    move(answer, tree, "changed");
    cJSON_Delete(tree);
    thingspace_client_free(old);
    return status;
}

thingspace_status step_reload(scenario *self, const cJSON *step, cJSON *answer,
                              thingspace_error *error)
{
    (void)step, (void)answer;
    return thingspace_client_reload(self->client, error);
}

/* --- plugins --- */

thingspace_status step_plugins(scenario *self, const cJSON *step, cJSON *answer,
                               thingspace_error *error)
{
    static const char *const names[] = {"plugin", "instance", "priority", "onError", "required",
                                        "hooks",  "runs",     "failures", "skipped", NULL};
    char *text = NULL;
    (void)step;
    thingspace_status status = thingspace_plugin_list(self->client, &text, error);
    if (status != THINGSPACE_OK)
        return status;
    cJSON *tree = parse(text), *order = add_list(answer, "order"), *row, *hook;
    cJSON_ArrayForEach(row, member_of(tree, "order"))
    {
        cJSON *list = cJSON_CreateArray();
        cJSON_AddItemToArray(order, list);
        cJSON_AddItemToArray(list, cJSON_CreateString(text_of(row, "phase")));
        cJSON_ArrayForEach(hook, member_of(row, "instances"))
            cJSON_AddItemToArray(list, cJSON_CreateString(text_of(hook, "instance")));
    }
    move_rows(answer, "instances", cJSON_GetObjectItem(tree, "instances"), names);
    cJSON_Delete(tree);
    return THINGSPACE_OK;
}

static thingspace_operation operation_of(const cJSON *step)
{
    const char *name = text_of(step, "operation");
    return name && strcmp(name, "list") == 0 ? THINGSPACE_LIST : THINGSPACE_REGISTER;
}

thingspace_status step_explain(scenario *self, const cJSON *step, cJSON *answer,
                               thingspace_error *error)
{
    static const char *const names[] = {"instance", "phase", "verdict", "changes", "note", NULL};
    thingspace_request request = THINGSPACE_REQUEST_INIT;
    char *text = NULL;
    fill_request(&request, step);
    request.operation = operation_of(step);
    thingspace_status status = thingspace_plugin_explain(self->client, &text, &request, error);
    if (status != THINGSPACE_OK)
        return status;
    cJSON *tree = parse(text);
    move_rows(answer, "runs", cJSON_GetObjectItem(tree, "hooks"), names);
    move(answer, tree, "method");
    set_text(answer, "failed", text_of(member_of(tree, "error"), "kind"));
    cJSON_Delete(tree);
    return THINGSPACE_OK;
}

/* As with policies: what is found is the answer. */
thingspace_status step_plugin_check(scenario *self, const cJSON *step, cJSON *answer,
                                    thingspace_error *error)
{
    char *text = NULL;
    (void)self;
    thingspace_status status = thingspace_plugin_check(&text, text_of(step, "file"), error);
    if (!text)
        return status;
    cJSON *tree = parse(text);
    move(answer, tree, "name");
    move(answer, tree, "version");
    move(answer, tree, "capabilities");
    move(answer, tree, "hooks");
    move(answer, tree, "findings");
    cJSON_Delete(tree);
    return THINGSPACE_OK;
}

thingspace_status step_plugin_test(scenario *self, const cJSON *step, cJSON *answer,
                                   thingspace_error *error)
{
    static const char *const names[] = {"name", "ok", "message", "line", NULL};
    char *text = NULL;
    (void)self;
    thingspace_status status = thingspace_plugin_test(&text, text_of(step, "file"), error);
    if (!text)
        return status;
    cJSON *tree = parse(text);
    move(answer, tree, "plugin");
    move_rows(answer, "tests", cJSON_GetObjectItem(tree, "tests"), names);
    cJSON_Delete(tree);
    return THINGSPACE_OK;
}
