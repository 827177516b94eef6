/* SPDX-License-Identifier: MIT */
/* See policy_errors.h. A script that fails for one account mostly fails for all of them. */
#include <config.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/map.h"
#include "base/text.h"
#include "cli/commands/policy.h"
#include "cli/commands/policy_errors.h"
#include "cli/figure.h"

#define SHOWN_ACCOUNTS 3
/* A message with each account in it: one byte may be a name of 127. */
#define LONGEST_KEY ((size_t)128 * 1024)

json *policy_errors_make(const json *row, const char *message)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    const char *kind = json_get_string(row, "kind"), *file = json_get_string(row, "file");
    long long line = 0;
    (void)json_integer(json_get(row, "line"), &line);
    error_set(&error, kind ? output_kind(kind) : THINGSPACE_POLICY, "%s", message);
    error_set_account(&error, policy_text_of(row, "accountName"));
    error_set_hook(&error, policy_text_of(row, "plugin"), policy_text_of(row, "instance"),
                   policy_text_of(row, "phase"));
    error_set_tenant(&error, json_get_string(row, "tenant"));
    error_set_place(&error, file ? file : "", (int)line);
    json *made = output_error_json(&error);
    const char *after = json_get_string(row, "after");
    if (made && after && json_set(made, "after", json_new_string(after)) != THINGSPACE_OK) {
        json_free(made);
        return NULL;
    }
    return made;
}

/* ---- groups ---- */

typedef struct group {
    const json *first;
    long long count;
    const char *accounts[SHOWN_ACCOUNTS];
} group;

/* Tenant and message, without the account that it is about: a line's end stands for that. */
static void write_key(buffer *key, const json *error)
{
    const char *tenant = json_get_string(error, "tenant"), *after = json_get_string(error, "after");
    const char *account = after ? after : json_get_string(error, "account");
    const char *at = json_get_string(error, "message"), *found;
    buffer_append_text(key, tenant ? tenant : "");
    buffer_append_byte(key, '\n');
    while (account && *account && at && (found = strstr(at, account)) != NULL) {
        buffer_append(key, at, (size_t)(found - at));
        buffer_append_byte(key, '\n');
        at = found + strlen(account);
    }
    buffer_append_text(key, at ? at : "");
}

static group *find_group(map *groups, const json *error)
{
    cleanup_buffer buffer key;
    buffer_init(&key, LONGEST_KEY);
    write_key(&key, error);
    group *found = key.status == THINGSPACE_OK ? map_get(groups, buffer_text(&key)) : NULL;
    if (found || key.status != THINGSPACE_OK)
        return found;
    found = calloc(1, sizeof(*found));
    if (!found || map_set(groups, buffer_text(&key), found) != THINGSPACE_OK) {
        free(found);
        return NULL;
    }
    found->first = error;
    return found;
}

static bool add_to_group(map *groups, const json *error)
{
    group *group = find_group(groups, error);
    if (!group)
        return false;
    if (group->count < SHOWN_ACCOUNTS)
        group->accounts[group->count] = json_get_string(error, "account");
    group->count++;
    return true;
}

/* "; 15 accounts: A, B, C, ...": for free(). */
static char *accounts_of(const group *group)
{
    cleanup_buffer buffer text;
    buffer_init(&text, LONGEST_KEY);
    buffer_append_text(&text, "; ");
    buffer_append_text(&text, figure_of(group->count).text);
    buffer_append_text(&text, " accounts: ");
    for (int i = 0; i < SHOWN_ACCOUNTS && i < group->count; i++) {
        buffer_append_text(&text, i > 0 ? ", " : "");
        buffer_append_text(&text, group->accounts[i] ? group->accounts[i] : "?");
    }
    buffer_append_text(&text, group->count > SHOWN_ACCOUNTS ? ", ..." : "");
    return text.status == THINGSPACE_OK ? text_copy(buffer_text(&text)) : NULL;
}

static bool add_group(json *list, const group *group)
{
    json *error = json_copy(group->first);
    cleanup_text char *accounts = group->count > 1 ? accounts_of(group) : text_copy("");
    cleanup_text char *message =
        accounts ? text_format("%s%s", json_get_string(group->first, "message"), accounts) : NULL;
    bool good = error && message;
    if (good)
        good = json_set(error, "message", json_new_string(message)) == THINGSPACE_OK;
    if (good)
        return json_append(list, error) == THINGSPACE_OK;
    json_free(error);
    return false;
}

json *policy_errors_group(const json *errors)
{
    map *groups = NULL;
    json *list = json_new_array();
    bool good = list && map_new(&groups, free) == THINGSPACE_OK;
    for (const json *row = json_first(errors); good && row; row = json_next(row))
        good = add_to_group(groups, row);
    for (size_t i = 0; good && i < map_count(groups); i++)
        good = add_group(list, map_value(groups, i));
    map_free(groups);
    if (good)
        return list;
    json_free(list);
    return NULL;
}
