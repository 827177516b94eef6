/* SPDX-License-Identifier: MIT */
/*
 * What was declared. Three maps in order of declaration; an account's value is its
 * row, or a JSON null when it was declared by name alone. Owns everything that is
 * added; decisions borrow from it. One thread at a time.
 */
#include <config.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "catalogue/account.h"
#include "policy/declared.h"
#include "policy/policy.h"
#include "policy/row.h"

typedef struct kept {
    void *memory;
    void (*free_memory)(void *memory);
    struct kept *next;
} kept;

struct policy {
    char *name;
    char *script;
    map *endpoints, *credentials, *accounts;
    map *owned; /* the keys are the patterns */
    const endpoint *default_endpoint;
    policy_backend backend;
    void *backend_self;
    bool open;
    kept *kept;
};

/* --- Making and freeing --- */

static void free_endpoint(void *value)
{
    endpoint_free(value);
}

static void free_credential(void *value)
{
    credential_free(value);
}

static void free_row(void *value)
{
    json_free(value);
}

static bool make_maps(policy *self)
{
    return map_new(&self->endpoints, free_endpoint) == THINGSPACE_OK &&
           map_new(&self->credentials, free_credential) == THINGSPACE_OK &&
           map_new(&self->accounts, free_row) == THINGSPACE_OK &&
           map_new(&self->owned, NULL) == THINGSPACE_OK;
}

thingspace_status policy_new(policy **out, const char *name, const char *script,
                             thingspace_error *error)
{
    policy *made = calloc(1, sizeof(*made));
    *out = NULL;
    if (!made)
        return error_memory(error);
    made->name = text_copy(name);
    made->script = text_copy(script);
    if (!made->name || (script && !made->script) || !make_maps(made)) {
        policy_free(made);
        return error_memory(error);
    }
    *out = made;
    return THINGSPACE_OK;
}

static void free_backend(policy *self)
{
    if (self->backend.free)
        self->backend.free(self->backend_self);
    memset(&self->backend, 0, sizeof(self->backend));
}

static void free_kept(policy *self)
{
    while (self->kept) {
        kept *first = self->kept;
        self->kept = first->next;
        first->free_memory(first->memory);
        free(first);
    }
}

void policy_free(policy *self)
{
    if (!self)
        return;
    free_backend(self);
    map_free(self->endpoints);
    map_free(self->credentials);
    map_free(self->accounts);
    map_free(self->owned);
    free_kept(self);
    free(self->name);
    free(self->script);
    free(self);
}

void policy_cleanup(policy **self)
{
    policy_free(*self);
}

/* --- Adding --- */

/* A name that messages and tables can show. */
static thingspace_status check_name(const char *kind, const char *name, thingspace_error *error)
{
    if (text_is_empty(name))
        return error_set(error, THINGSPACE_POLICY, "%s needs a name", kind);
    if (strnlen(name, LIMIT_POLICY_NAME + 1) > LIMIT_POLICY_NAME)
        return error_set(error, THINGSPACE_POLICY, "the name of %s is longer than %d bytes", kind,
                         LIMIT_POLICY_NAME);
    if (text_has_control(name) || !text_is_utf8(name, strlen(name)))
        return error_set(error, THINGSPACE_POLICY, "the name of %s '%s' is not one line of UTF-8",
                         kind, name);
    return THINGSPACE_OK;
}

static thingspace_status refuse_repeated(const char *kind, const char *name,
                                         thingspace_error *error)
{
    if (text_equal(name, "production") || text_equal(name, "environment"))
        return error_set(error, THINGSPACE_POLICY, "%s '%s' is built in: take another name", kind,
                         name);
    return error_set(error, THINGSPACE_POLICY, "%s '%s' is declared twice: keep one", kind, name);
}

static thingspace_status add_named(map *into, const char *kind, const char *name, void *value,
                                   thingspace_error *error)
{
    thingspace_status status = check_name(kind, name, error);
    if (status == THINGSPACE_OK && map_get(into, name))
        status = refuse_repeated(kind, name, error);
    if (status == THINGSPACE_OK && map_set(into, name, value) != THINGSPACE_OK)
        status = error_memory(error);
    return status;
}

thingspace_status policy_add_endpoint(policy *self, endpoint *added, thingspace_error *error)
{
    thingspace_status status = add_named(self->endpoints, "endpoint", added->name, added, error);
    if (status != THINGSPACE_OK)
        endpoint_free(added);
    return status;
}

thingspace_status policy_add_credential(policy *self, credential *added, thingspace_error *error)
{
    thingspace_status status =
        add_named(self->credentials, "credential", added->name, added, error);
    if (status != THINGSPACE_OK)
        credential_free(added);
    return status;
}

/* What the row names by default must have been declared. */
static thingspace_status check_row(const policy *self, const json *row, thingspace_error *error)
{
    row_members members;
    thingspace_status status = row_read(&members, row, error);
    if (status != THINGSPACE_OK)
        return status;
    bool known = (!members.endpoint ||
                  declared_find(self->endpoints, "endpoint", members.endpoint, error)) &&
                 (!members.credential ||
                  declared_find(self->credentials, "credential", members.credential, error));
    return known ? THINGSPACE_OK : THINGSPACE_POLICY;
}

static thingspace_status check_account(const policy *self, const char *account, const json *row,
                                       thingspace_error *error)
{
    thingspace_status status = account_check(account, error);
    if (status != THINGSPACE_OK)
        return status == THINGSPACE_MEMORY
                   ? status
                   : error_set(error, THINGSPACE_POLICY, "%s", error ? error->message : "");
    if (map_get(self->accounts, account))
        return error_set(error, THINGSPACE_POLICY, "account %s is declared twice: keep one",
                         account);
    if (map_count(self->accounts) >= LIMIT_ACCOUNTS)
        return error_set(error, THINGSPACE_POLICY, "more than %d accounts: split the policy",
                         LIMIT_ACCOUNTS);
    status = check_row(self, row, error);
    if (status == THINGSPACE_POLICY)
        error_prefix(error, "account %s", account);
    return status;
}

thingspace_status policy_add_account(policy *self, const char *account, json *row,
                                     thingspace_error *error)
{
    cleanup_json json *value = row;
    thingspace_status status = check_account(self, account, row, error);
    if (status != THINGSPACE_OK)
        return status;
    if (!value)
        value = json_new_null();
    if (!value || map_set(self->accounts, account, value) != THINGSPACE_OK)
        return error_memory(error);
    value = NULL;
    return THINGSPACE_OK;
}

thingspace_status policy_add_owned(policy *self, const char *pattern, thingspace_error *error)
{
    if (text_is_empty(pattern) || strnlen(pattern, LIMIT_URL + 1) > LIMIT_URL)
        return error_set(error, THINGSPACE_POLICY,
                         "a pattern is a URL of at most %d bytes, with * for any text", LIMIT_URL);
    if (map_set(self->owned, pattern, self) != THINGSPACE_OK)
        return error_memory(error);
    return THINGSPACE_OK;
}

thingspace_status policy_keep(policy *self, void *memory, void (*free_memory)(void *memory),
                              thingspace_error *error)
{
    kept *made = malloc(sizeof(*made));
    if (!made) {
        free_memory(memory);
        return error_memory(error);
    }
    *made = (kept){memory, free_memory, self->kept};
    self->kept = made;
    return THINGSPACE_OK;
}

void policy_set_backend(policy *self, const policy_backend *backend, void *backend_self)
{
    free_backend(self);
    self->backend = *backend;
    self->backend_self = backend_self;
}

void policy_set_default_endpoint(policy *self, const endpoint *by_default)
{
    self->default_endpoint = by_default;
}

void policy_set_open(policy *self, bool open)
{
    self->open = open;
}

/* --- Looking up --- */

const char *policy_name(const policy *self)
{
    return self->name;
}

const char *policy_script(const policy *self)
{
    return self->script;
}

const endpoint *policy_endpoint(const policy *self, const char *name)
{
    return map_get(self->endpoints, name);
}

credential *policy_credential(const policy *self, const char *name)
{
    return map_get(self->credentials, name);
}

size_t policy_account_count(const policy *self)
{
    return map_count(self->accounts);
}

const char *policy_account(const policy *self, size_t index)
{
    return map_key(self->accounts, index);
}

size_t policy_endpoint_count(const policy *self)
{
    return map_count(self->endpoints);
}

const endpoint *policy_endpoint_at(const policy *self, size_t index)
{
    return map_value(self->endpoints, index);
}

size_t policy_credential_count(const policy *self)
{
    return map_count(self->credentials);
}

credential *policy_credential_at(const policy *self, size_t index)
{
    return map_value(self->credentials, index);
}

size_t policy_owned_count(const policy *self)
{
    return map_count(self->owned);
}

const char *policy_owned(const policy *self, size_t index)
{
    return map_key(self->owned, index);
}

const endpoint *policy_default_endpoint(const policy *self)
{
    return self->default_endpoint;
}

const json *policy_row(const policy *self, const char *account)
{
    const json *row = map_get(self->accounts, account);
    return json_type_of(row) == JSON_OBJECT ? row : NULL;
}

/* --- Deciding --- */

void decision_dispose(decision *self)
{
    if (!self)
        return;
    json_free(self->tags);
    memset(self, 0, sizeof(*self));
}

static void dispose_names(decision_names *names)
{
    if (!names)
        return;
    free(names->endpoint);
    free(names->credential);
    json_free(names->tags);
    memset(names, 0, sizeof(*names));
}

static thingspace_status refuse_undeclared(const policy *self, const char *account,
                                           thingspace_error *error)
{
    const char *hint = account_hint(account);
    error_set(error, THINGSPACE_POLICY,
              "policy '%s' does not declare account %s: add it to `accounts`%s%s", self->name,
              account, hint ? "; " : "", hint ? hint : "");
    if (self->script)
        error_prefix(error, "%s", self->script);
    return THINGSPACE_POLICY;
}

static thingspace_status ask_script(policy *self, decision_names *names, const char *account,
                                    thingspace_error *error)
{
    if (!self->backend.resolve)
        return THINGSPACE_OK;
    return self->backend.resolve(self->backend_self, names, account, policy_row(self, account),
                                 error);
}

static const char *first_given(const char *answer, const char *row, const char *otherwise)
{
    if (answer)
        return answer;
    return row ? row : otherwise;
}

static thingspace_status look_up(const policy *self, decision *out, const decision_names *names,
                                 const row_members *row, thingspace_error *error)
{
    const char *endpoint_name = first_given(names->endpoint, row->endpoint, NULL);
    const char *credential_name = first_given(names->credential, row->credential, "environment");
    out->endpoint = self->default_endpoint;
    if (endpoint_name)
        out->endpoint = declared_find(self->endpoints, "endpoint", endpoint_name, error);
    if (!out->endpoint)
        return THINGSPACE_POLICY;
    out->credential = declared_find(self->credentials, "credential", credential_name, error);
    if (!out->credential)
        return THINGSPACE_POLICY;
    out->timeout_ms = names->timeout_ms ? names->timeout_ms : row->timeout_ms;
    return THINGSPACE_OK;
}

/* The script named what was not declared: say where. */
static void add_place(const policy *self, const decision_names *names, const char *account,
                      thingspace_error *error)
{
    error_prefix(error, "resolve(%s)", account);
    if (self->script && names->line)
        error_prefix(error, "%s:%d", self->script, names->line);
    else if (self->script)
        error_prefix(error, "%s", self->script);
    if (self->script)
        error_set_place(error, self->script, names->line);
}

static thingspace_status decide(policy *self, decision *out, decision_names *names,
                                const char *account, thingspace_error *error)
{
    row_members row;
    if (!self->open && !map_get(self->accounts, account))
        return refuse_undeclared(self, account, error);
    thingspace_status status = ask_script(self, names, account, error);
    if (status == THINGSPACE_OK && names->undeclared)
        return refuse_undeclared(self, account, error);
    if (status == THINGSPACE_OK)
        status = row_read(&row, policy_row(self, account), error);
    if (status != THINGSPACE_OK)
        return status;
    status = look_up(self, out, names, &row, error);
    if (status != THINGSPACE_OK) {
        add_place(self, names, account, error);
        return status;
    }
    out->tags = names->tags;
    names->tags = NULL;
    return THINGSPACE_OK;
}

thingspace_status policy_resolve(policy *self, decision *out, const char *account,
                                 thingspace_error *error)
{
    decision_names names = {0};
    memset(out, 0, sizeof(*out));
    thingspace_status status = decide(self, out, &names, account, error);
    dispose_names(&names);
    if (status != THINGSPACE_OK)
        error_set_account(error, account);
    return status;
}

thingspace_status policy_listeners(policy *self, desired_listeners *out, const char *account,
                                   thingspace_error *error)
{
    thingspace_status status = THINGSPACE_OK;
    memset(out, 0, sizeof(*out));
    if (!self->open && !map_get(self->accounts, account))
        status = refuse_undeclared(self, account, error);
    else if (self->backend.listeners)
        status = self->backend.listeners(self->backend_self, out, account,
                                         policy_row(self, account), error);
    if (status == THINGSPACE_OK)
        return status;
    desired_listeners_dispose(out);
    error_set_account(error, account);
    return status;
}
