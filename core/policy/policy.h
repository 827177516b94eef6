/* SPDX-License-Identifier: MIT */
/*
 * What was declared, as C data: endpoints, credentials, accounts; and, through a back-end,
 * the decisions of a script. Endpoint `production` and endpoint and credential
 * `environment` are always there. Immutable once it is in use; one thread at a time.
 */
#ifndef POLICY_H
#define POLICY_H

#include "auth/credential.h"
#include "base/digest.h"
#include "base/json.h"
#include "base/map.h"
#include "catalogue/listener_check.h"
#include "http/endpoint.h"
#include "policy/desired.h"
#include "policy/row.h"
#include "policy/tenant.h"

typedef struct policy policy;

/* For one call. Pointers borrow from the policy, but `tags` is owned. */
typedef struct decision {
    const endpoint *endpoint;
    credential *credential;
    int64_t timeout_ms;     /* 0: the policy says nothing */
    json *tags;             /* object, or NULL */
    listener_levels checks; /* of listeners, as the nearest place has them */
    tenant *tenant;         /* whose script decided; NULL: the operator's policy */
} decision;

void decision_dispose(decision *decision);
#define cleanup_decision __attribute__((cleanup(decision_dispose)))

/* The names that a script answered; texts are owned. NULL or 0: the script says nothing. */
typedef struct decision_names {
    char *endpoint;
    char *credential;
    int64_t timeout_ms;
    json *tags;
    listener_levels checks; /* what the script says of them */
    bool undeclared;        /* the script says that it does not know the account */
    int line;               /* where the script answered, for messages; 0: unknown */
} decision_names;

/* A script behind the policy. Members may be NULL. `row` is NULL when the account was declared by
 * name alone, or not at all. */
typedef struct policy_backend {
    thingspace_status (*resolve)(void *self, decision_names *out, const char *account,
                                 const row *row, thingspace_error *error);
    thingspace_status (*listeners)(void *self, desired_listeners *out, const char *account,
                                   const row *row, thingspace_error *error);
    /* Whether a limit stopped the last run: a tenant's script then rests. */
    bool (*was_stopped)(const void *self);
    void (*free)(void *self);
} policy_backend;

/* `name` as the policy calls itself, `script` its file (NULL: none). One reference: policy_free. */
thingspace_status policy_new(policy **out, const char *name, const char *script,
                             thingspace_error *error);
policy *policy_ref(policy *policy);
void policy_free(policy *policy); /* gives one reference back; NULL is allowed */
void policy_cleanup(policy **policy);
#define cleanup_policy __attribute__((cleanup(policy_cleanup)))

/* All take what they are given, also on failure.
 * Expected: POLICY (twice, or a built-in name), MEMORY. */
thingspace_status policy_add_endpoint(policy *policy, endpoint *endpoint, thingspace_error *error);
thingspace_status policy_add_credential(policy *policy, credential *credential,
                                        thingspace_error *error);
thingspace_status policy_add_account(policy *policy, const char *account, json *row,
                                     thingspace_error *error);
/* The same with a row of texts, sorted by name: they are copied, into less memory. */
thingspace_status policy_add_account_texts(policy *policy, const char *account,
                                           const row_text *texts, size_t count,
                                           thingspace_error *error);
/* Takes `self`: freed with the policy, or when another takes its place. */
void policy_set_backend(policy *policy, const policy_backend *backend, void *self);
/* Functions of the program: `resolve` and `listeners`, where they are not NULL, in place of the
 * back-end's. A tenant's script goes on deciding for its accounts. Borrows `self`. */
void policy_set_functions(policy *policy, const policy_backend *functions, void *self);
/* The endpoint of accounts for which nobody names one; must be declared. */
void policy_set_default_endpoint(policy *policy, const endpoint *endpoint);
/* Memory that lives as long as the policy: freed by `free_memory`, also when this fails. */
thingspace_status policy_keep(policy *policy, void *memory, void (*free_memory)(void *memory),
                              thingspace_error *error);
/* Patterns of URLs that are this policy's (`owns`). Expected: POLICY, MEMORY. */
thingspace_status policy_add_owned(policy *policy, const char *pattern, thingspace_error *error);
size_t policy_owned_count(const policy *policy);
const char *policy_owned(const policy *policy, size_t index);
/* A row of `plugins`, or a tenant; both are taken, also on failure. Expected: POLICY, MEMORY. */
thingspace_status policy_add_plugin(policy *policy, plugin_row *row, thingspace_error *error);
thingspace_status policy_add_tenant(policy *policy, tenant *tenant, thingspace_error *error);
/* Takes `own`, what the script of an added tenant declared: its accounts are now this policy's.
 * Expected: MEMORY. */
thingspace_status policy_open_tenant(policy *to, tenant *tenant, policy *own,
                                     thingspace_error *error);
/* How listeners are checked where nothing nearer says. */
void policy_set_checks(policy *policy, const listener_levels *checks);
/* This policy is `tenant`'s own (borrowed): what is added must be granted to it. */
void policy_set_tenant(policy *policy, const tenant *tenant);
/* A tenant's policy that lists no accounts has those of the operator's that match. */
void policy_set_inherits(policy *policy, bool inherits);
/* Whether any account may be resolved (environment, C function), or only declared ones. */
void policy_set_open(policy *policy, bool open);

/* Something that the policy is made of was read: `what` says what it is. No secrets, no paths. */
void policy_add_read(policy *policy, const char *what, const void *bytes, size_t size);
/* Of all that was read: what has the same decides the same. */
const digest *policy_digest(const policy *policy);

const char *policy_name(const policy *policy);
const char *policy_script(const policy *policy); /* NULL: no script */
const endpoint *policy_endpoint(const policy *policy, const char *name);
credential *policy_credential(const policy *policy, const char *name);
/* Declared ones in order; those of the tenants' scripts that the policy does not list come last. */
size_t policy_account_count(const policy *policy);
const char *policy_account(const policy *policy, size_t index);
size_t policy_endpoint_count(const policy *policy);
const endpoint *policy_endpoint_at(const policy *policy, size_t index);
size_t policy_credential_count(const policy *policy);
credential *policy_credential_at(const policy *policy, size_t index);
const endpoint *policy_default_endpoint(const policy *policy);
size_t policy_plugin_count(const policy *policy);
plugin_row *policy_plugin_at(const policy *policy, size_t index);
size_t policy_tenant_count(const policy *policy);
tenant *policy_tenant_at(const policy *policy, size_t index);
/*
 * Whose account it is: the tenant's whose patterns match; *out NULL: the operator's. Expected:
 * POLICY (two tenants match; the message names both).
 */
thingspace_status policy_tenant_of(const policy *policy, const char *account, tenant **out,
                                   thingspace_error *error);
/* The account's row; NULL when it was declared by name alone, or not at all. */
const row *policy_row(const policy *policy, const char *account);

/*
 * The way of phase `resolve`: the script's answer, else the row, else the defaults. Expected:
 * POLICY (nobody declared the account; a name that was not declared; the script failed), MEMORY.
 */
thingspace_status policy_resolve(policy *policy, decision *out, const char *account,
                                 thingspace_error *error);
/* The file of the script that decided; NULL: there is none. */
const char *policy_script_of(const policy *policy, const decision *decision);
thingspace_status policy_listeners(policy *policy, desired_listeners *out, const char *account,
                                   thingspace_error *error);

#endif
