/* SPDX-License-Identifier: MIT */
/*
 * Deciding for one account: the script of whoever it belongs to, then the rows, then the defaults.
 * The operator's accounts may use all that is declared, a tenant's only what its row grants; a
 * tenant whose script fails takes nobody with it. One thread at a time.
 */
#include <config.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/error.h"
#include "catalogue/account.h"
#include "policy/declared.h"
#include "policy/policy_inside.h"
#include "policy/row.h"
#include "policy/row_sets.h"

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

/* What one decision needs; `with` is the policy whose script and rows decide. */
typedef struct question {
    policy *policy; /* the operator's */
    policy *with;
    tenant *tenant; /* NULL: the operator's account */
    const char *account;
    const row *row; /* what the script gets */
} question;

/* --- Whose account it is --- */

static thingspace_status refuse_undeclared(const question *self, thingspace_error *error)
{
    const char *hint = account_hint(self->account);
    error_set(error, THINGSPACE_POLICY,
              "policy '%s' does not declare account %s: add it to `accounts`%s%s", self->with->name,
              self->account, hint ? "; " : "", hint ? hint : "");
    if (self->with->script)
        error_prefix(error, "%s", self->with->script);
    return THINGSPACE_POLICY;
}

/* A tenant's script that lists no accounts has those of the operator's that match. */
static bool is_declared(const question *self)
{
    if (map_get(self->with->accounts, self->account))
        return true;
    return self->tenant && self->with->inherits && map_get(self->policy->accounts, self->account);
}

static const row *find_row(const question *self)
{
    const row *row = policy_row(self->with, self->account);
    return row || self->with == self->policy ? row : policy_row(self->policy, self->account);
}

static thingspace_status begin(question *out, policy *self, const char *account,
                               thingspace_error *error)
{
    *out = (question){.policy = self, .with = self, .account = account};
    thingspace_status status = policy_tenant_of(self, account, &out->tenant, error);
    if (status == THINGSPACE_OK && out->tenant)
        status = tenant_check_ready(out->tenant, clock_monotonic_ms(), error);
    if (status != THINGSPACE_OK)
        return status;
    if (out->tenant)
        out->with = out->tenant->own;
    if (!out->with->open && !is_declared(out))
        return refuse_undeclared(out, error);
    out->row = find_row(out);
    return THINGSPACE_OK;
}

/* --- Asking the script --- */

/* A tenant that was stopped by a limit rests; other failures are its own business. */
static void note_run(const question *self, thingspace_status status,
                     const thingspace_error *failure)
{
    const policy *with = self->with;
    bool stopped = with->backend.was_stopped && with->backend.was_stopped(with->backend_self);
    if (self->tenant && (stopped || status == THINGSPACE_OK))
        tenant_note(self->tenant, stopped ? failure : NULL, clock_monotonic_ms());
}

static thingspace_status end_run(const question *self, thingspace_status status,
                                 thingspace_error *failure, thingspace_error *error)
{
    note_run(self, status, failure);
    if (status != THINGSPACE_OK && error)
        error_copy(error, failure);
    return status;
}

static thingspace_status ask_script(const question *self, decision_names *names,
                                    thingspace_error *error)
{
    thingspace_error failure = THINGSPACE_ERROR_INIT;
    const policy_backend *backend = &self->with->backend;
    const policy_backend *program = &self->with->functions;
    if (program->resolve)
        return program->resolve(self->with->functions_self, names, self->account, self->row, error);
    if (!backend->resolve)
        return THINGSPACE_OK;
    thingspace_status status =
        backend->resolve(self->with->backend_self, names, self->account, self->row, &failure);
    return end_run(self, status, &failure, error);
}

static thingspace_status ask_listeners(const question *self, desired_listeners *out,
                                       thingspace_error *error)
{
    thingspace_error failure = THINGSPACE_ERROR_INIT;
    const policy_backend *backend = &self->with->backend;
    const policy_backend *program = &self->with->functions;
    if (program->listeners)
        return program->listeners(self->with->functions_self, out, self->account, self->row, error);
    if (!backend->listeners)
        return THINGSPACE_OK;
    thingspace_status status =
        backend->listeners(self->with->backend_self, out, self->account, self->row, &failure);
    return end_run(self, status, &failure, error);
}

/* --- From names to what was declared --- */

static const char *first_given(const char *answer, const char *row, const char *otherwise)
{
    if (answer)
        return answer;
    return row ? row : otherwise;
}

/* Fills what the tenant's row leaves open from the operator's row. */
static thingspace_status read_rows(const question *self, row_choices *out, thingspace_error *error)
{
    row_choices outer;
    if (!self->tenant)
        return row_read(out, self->row, error);
    thingspace_status status = row_read(out, policy_row(self->with, self->account), error);
    if (status == THINGSPACE_OK)
        status = row_read(&outer, policy_row(self->policy, self->account), error);
    if (status != THINGSPACE_OK)
        return status;
    out->endpoint = first_given(out->endpoint, outer.endpoint, NULL);
    out->credential = first_given(out->credential, outer.credential, NULL);
    out->timeout_ms = out->timeout_ms ? out->timeout_ms : outer.timeout_ms;
    return THINGSPACE_OK;
}

/* What a tenant uses when nobody says which: there must be just one. */
static thingspace_status choose_granted(const char **out, const char *kind,
                                        const tenant_list *granted, thingspace_error *error)
{
    if (!*out && granted->count == 1)
        *out = granted->items[0];
    if (*out)
        return THINGSPACE_OK;
    if (granted->count == 0)
        return error_set(error, THINGSPACE_POLICY,
                         "no %s is granted: the operator can add one to the tenant's row", kind);
    return error_set(error, THINGSPACE_POLICY, "%zu %ss are granted: resolve must name one",
                     granted->count, kind);
}

static thingspace_status choose_for_tenant(const tenant *tenant, const char **endpoint_name,
                                           const char **credential_name, thingspace_error *error)
{
    thingspace_status status = choose_granted(endpoint_name, "endpoint", &tenant->endpoints, error);
    if (status == THINGSPACE_OK)
        status = choose_granted(credential_name, "credential", &tenant->credentials, error);
    if (status == THINGSPACE_OK)
        status = tenant_check_names(tenant, *endpoint_name, *credential_name, error);
    return status;
}

static thingspace_status look_up(const question *self, decision *out, const decision_names *names,
                                 const row_choices *row, thingspace_error *error)
{
    const policy *from = self->policy;
    const char *endpoint_name = first_given(names->endpoint, row->endpoint, NULL);
    const char *credential_name =
        first_given(names->credential, row->credential, self->tenant ? NULL : "environment");
    thingspace_status status = THINGSPACE_OK;
    if (self->tenant)
        status = choose_for_tenant(self->tenant, &endpoint_name, &credential_name, error);
    if (status != THINGSPACE_OK)
        return status;
    out->endpoint = from->default_endpoint;
    if (endpoint_name)
        out->endpoint = declared_find(from->endpoints, "endpoint", endpoint_name, error);
    if (!out->endpoint)
        return THINGSPACE_POLICY;
    out->credential = declared_find(from->credentials, "credential", credential_name, error);
    if (!out->credential)
        return THINGSPACE_POLICY;
    out->timeout_ms = names->timeout_ms ? names->timeout_ms : row->timeout_ms;
    return THINGSPACE_OK;
}

/* The script answered what it may not: say where. */
static void add_place(const question *self, const char *what, int line, thingspace_error *error)
{
    const char *script = self->with->script;
    error_prefix(error, "%s(%s)", what, self->account);
    if (script && line)
        error_prefix(error, "%s:%d", script, line);
    else if (script)
        error_prefix(error, "%s", script);
    if (script)
        error_set_place(error, script, line);
}

/* Where the script says none: the tenant's row, then the operator's. */
static thingspace_status read_tags(const question *self, json **out, thingspace_error *error)
{
    thingspace_status status = THINGSPACE_OK;
    if (!*out)
        status = row_read_tags(out, policy_row(self->with, self->account), error);
    if (!*out && status == THINGSPACE_OK && self->tenant)
        status = row_read_tags(out, policy_row(self->policy, self->account), error);
    return status;
}

/* One side's, the nearer over the farther. */
static thingspace_status read_checks(const question *self, const policy *of, listener_levels *out,
                                     thingspace_error *error)
{
    *out = of->checks;
    return row_read_checks(out, policy_row(of, self->account), error);
}

/* A tenant may be stricter than the operator, never laxer. */
static thingspace_status decide_checks(const question *self, const decision_names *names,
                                       listener_levels *out, thingspace_error *error)
{
    listener_levels own;
    thingspace_status status = read_checks(self, self->policy, out, error);
    if (!self->tenant)
        listener_levels_override(out, &names->checks);
    if (!self->tenant || status != THINGSPACE_OK)
        return status;
    status = read_checks(self, self->with, &own, error);
    listener_levels_override(&own, &names->checks);
    listener_levels_tighten(out, &own);
    return status;
}

static thingspace_status decide(const question *self, decision *out, decision_names *names,
                                thingspace_error *error)
{
    row_choices row;
    thingspace_status status = ask_script(self, names, error);
    if (status == THINGSPACE_OK && names->undeclared && !is_declared(self))
        return refuse_undeclared(self, error);
    if (status == THINGSPACE_OK)
        status = read_rows(self, &row, error);
    if (status == THINGSPACE_OK)
        status = read_tags(self, &names->tags, error);
    if (status == THINGSPACE_OK)
        status = decide_checks(self, names, &out->checks, error);
    if (status != THINGSPACE_OK)
        return status;
    status = look_up(self, out, names, &row, error);
    if (status != THINGSPACE_OK) {
        add_place(self, "resolve", names->line, error);
        return status;
    }
    out->tenant = self->tenant;
    out->tags = names->tags;
    names->tags = NULL;
    return THINGSPACE_OK;
}

/* Every failure says whose account it is, and for a tenant's which tenant. */
static void name_failure(const question *self, thingspace_status status, thingspace_error *error)
{
    bool ready = self->with != self->policy;
    if (status == THINGSPACE_POLICY && self->tenant && ready)
        tenant_name_error(self->tenant, error);
    error_set_account(error, self->account);
}

thingspace_status policy_resolve(policy *self, decision *out, const char *account,
                                 thingspace_error *error)
{
    question question;
    decision_names names = {0};
    memset(out, 0, sizeof(*out));
    thingspace_status status = begin(&question, self, account, error);
    if (status == THINGSPACE_OK)
        status = decide(&question, out, &names, error);
    dispose_names(&names);
    if (status != THINGSPACE_OK)
        name_failure(&question, status, error);
    return status;
}

const char *policy_script_of(const policy *self, const decision *decision)
{
    return decision->tenant ? decision->tenant->script : self->script;
}

/* --- Listeners --- */

static thingspace_status check_urls(const question *self, const desired_listeners *listeners,
                                    thingspace_error *error)
{
    thingspace_status status = THINGSPACE_OK;
    for (size_t i = 0; self->tenant && status == THINGSPACE_OK && i < listeners->count; i++) {
        const desired_listener *listener = &listeners->items[i];
        status = tenant_check_url(self->tenant, listener->url, error);
        if (status == THINGSPACE_OK)
            continue;
        error_prefix(error, "%s", listener->service);
        add_place(self, "listeners", 0, error);
    }
    return status;
}

thingspace_status policy_listeners(policy *self, desired_listeners *out, const char *account,
                                   thingspace_error *error)
{
    question question;
    memset(out, 0, sizeof(*out));
    thingspace_status status = begin(&question, self, account, error);
    if (status == THINGSPACE_OK)
        status = ask_listeners(&question, out, error);
    if (status == THINGSPACE_OK)
        status = desired_listeners_expand(out, account, error);
    if (status == THINGSPACE_OK)
        status = check_urls(&question, out, error);
    if (status == THINGSPACE_OK)
        return status;
    desired_listeners_dispose(out);
    name_failure(&question, status, error);
    return status;
}
