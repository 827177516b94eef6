/* SPDX-License-Identifier: MIT */
/* See selection.h. */
#include <config.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/map.h"
#include "base/text.h"
#include "callbacks/plan/selection.h"
#include "policy/groups.h"

typedef struct choosing {
    selection *out;
    const generation *generation;
    const char *const *names; /* NULL: all that are declared */
    bool *found;              /* one for each name: whether it is declared, or matches */
    map *plain;              /* names without a star -> their `found`; of a repeated one the last */
    const char *const *tags; /* NULL: any */
} choosing;

static const char *const *none_if_empty(const char *const *list)
{
    return list && list[0] ? list : NULL;
}

void selection_dispose(selection *selection)
{
    free(selection->accounts);
    selection->accounts = NULL;
    selection->count = 0;
}

bool selection_has_service(const selection *selection, const char *service)
{
    if (!selection || !selection->services)
        return true;
    for (const char *const *pattern = selection->services; *pattern; pattern++)
        if (groups_is_name(*pattern) ? groups_has_anywhere(selection->policy, *pattern, service)
                                     : text_matches(service, *pattern))
            return true;
    return false;
}

static thingspace_status check_groups(const selection *self, thingspace_error *error)
{
    thingspace_status status = THINGSPACE_OK;
    for (size_t i = 0; self->services && self->services[i] && status == THINGSPACE_OK; i++)
        if (groups_is_name(self->services[i]))
            status = groups_check_anywhere(self->policy, self->services[i], error);
    return status == THINGSPACE_POLICY ? error_set(error, THINGSPACE_USAGE, "%s", error->message)
                                       : status;
}

/* ---- tags ---- */

static bool is_value(const json *value, const char *text)
{
    switch (json_type_of(value)) {
    case JSON_STRING:
        return text_equal(json_string(value), text);
    case JSON_NUMBER:
        return text_equal(json_number(value), text);
    case JSON_TRUE:
        return text_equal(text, "true");
    case JSON_FALSE:
        return text_equal(text, "false");
    default:
        return false;
    }
}

/* `wanted` is NAME=VALUE or NAME. */
static bool has_tag(const json *tags, const char *wanted)
{
    size_t length = strcspn(wanted, "=");
    for (const json *tag = json_first(tags); tag; tag = json_next(tag)) {
        const char *name = json_name(tag);
        if (strlen(name) == length && strncmp(name, wanted, length) == 0)
            return wanted[length] == '\0' || is_value(tag, wanted + length + 1);
    }
    return false;
}

/* An account that cannot be decided has none; `policy check` tells why. */
static thingspace_status has_tags(choosing *self, const char *account, bool *out)
{
    decision decision = {0};
    *out = true;
    if (!self->tags)
        return THINGSPACE_OK;
    thingspace_status status = client_resolve(self->generation, &decision, account, NULL);
    *out = status == THINGSPACE_OK;
    for (const char *const *tag = self->tags; *out && *tag; tag++)
        *out = has_tag(decision.tags, *tag);
    decision_dispose(&decision);
    return status == THINGSPACE_MEMORY ? status : THINGSPACE_OK;
}

/* ---- accounts ---- */

static thingspace_status append(selection *out, const char *account)
{
    if (out->count == out->capacity) {
        size_t capacity = out->capacity > 0 ? out->capacity * 2 : 64;
        const char **larger = realloc(out->accounts, capacity * sizeof(*larger));
        if (!larger)
            return THINGSPACE_MEMORY;
        out->accounts = larger;
        out->capacity = capacity;
    }
    out->accounts[out->count++] = account;
    return THINGSPACE_OK;
}

static thingspace_status choose(choosing *self, const char *account)
{
    bool tagged;
    thingspace_status status = has_tags(self, account, &tagged);
    return status == THINGSPACE_OK && tagged ? append(self->out, account) : status;
}

static bool is_pattern(const char *name)
{
    return strchr(name, '*') != NULL;
}

static bool is_named(choosing *self, const char *account)
{
    bool *found = map_get(self->plain, account);
    bool named = found != NULL;
    if (found)
        *found = true;
    for (size_t i = 0; self->names[i]; i++) {
        bool matches = is_pattern(self->names[i]) && text_matches(account, self->names[i]);
        self->found[i] |= matches;
        named |= matches;
    }
    return named;
}

static thingspace_status sort_names(choosing *self)
{
    size_t count = 0;
    while (self->names && self->names[count])
        count++;
    self->found = calloc(count + 1, sizeof(*self->found));
    thingspace_status status = self->found ? map_new(&self->plain, NULL) : THINGSPACE_MEMORY;
    for (size_t i = 0; i < count && status == THINGSPACE_OK; i++)
        if (!is_pattern(self->names[i]))
            status = map_set(self->plain, self->names[i], &self->found[i]);
    return status;
}

static thingspace_status choose_declared(choosing *self)
{
    const policy *policy = generation_policy(self->generation);
    thingspace_status status = THINGSPACE_OK;
    for (size_t i = 0; i < policy_account_count(policy) && status == THINGSPACE_OK; i++) {
        const char *account = policy_account(policy, i);
        if (!self->names || is_named(self, account))
            status = choose(self, account);
    }
    return status;
}

/* A name that no list declares is an account all the same where the policy decides for it. */
static thingspace_status choose_undeclared(choosing *self, const char *name,
                                           thingspace_error *error)
{
    decision decision = {0};
    if (is_pattern(name))
        return error_set(error, THINGSPACE_USAGE, "no declared account matches '%s'", name);
    thingspace_status status = client_resolve(self->generation, &decision, name, error);
    decision_dispose(&decision);
    if (status != THINGSPACE_OK)
        return status;
    return choose(self, name) == THINGSPACE_OK ? THINGSPACE_OK : error_memory(error);
}

static thingspace_status choose_others(choosing *self, thingspace_error *error)
{
    thingspace_status status = THINGSPACE_OK;
    for (size_t i = 0; self->names && self->names[i] && status == THINGSPACE_OK; i++) {
        const char *name = self->names[i];
        bool repeated = !is_pattern(name) && map_get(self->plain, name) != &self->found[i];
        if (!self->found[i] && !repeated)
            status = choose_undeclared(self, name, error);
    }
    return status;
}

static thingspace_status choose_all(choosing *self, thingspace_error *error)
{
    if (sort_names(self) != THINGSPACE_OK || choose_declared(self) != THINGSPACE_OK)
        return error_memory(error);
    thingspace_status status = choose_others(self, error);
    if (status == THINGSPACE_OK && self->out->count == 0 && self->tags)
        return error_set(error, THINGSPACE_USAGE, "no account has the tag%s %s%s",
                         self->tags[1] ? "s" : "", self->tags[0], self->tags[1] ? ", ..." : "");
    return status;
}

thingspace_status selection_init(selection *out, const generation *generation,
                                 const thingspace_plan_options *options, thingspace_error *error)
{
    *out = (selection){.services = none_if_empty(options->services),
                       .policy = generation_policy(generation)};
    choosing self = {
        .out = out,
        .generation = generation,
        .names = none_if_empty(options->accounts),
        .tags = none_if_empty(options->tags),
    };
    thingspace_status status = check_groups(out, error);
    if (status == THINGSPACE_OK)
        status = choose_all(&self, error);
    map_free(self.plain);
    free(self.found);
    return status;
}
