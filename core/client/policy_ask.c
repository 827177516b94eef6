/* SPDX-License-Identifier: MIT */
/* See policy_ask.h. */
#include <config.h>
#include <stdlib.h>
#include "base/error.h"
#include "base/text.h"
#include "client/client.h"
#include "client/policy_ask.h"

/* So often a tenant's script is asked again: one account that loops does not hide the others, and a
 * script that always loops does not take its deadline for each of thousands. */
#define MOST_STOPS 3

typedef struct stop {
    tenant *tenant;
    unsigned count;
    char *account; /* the last one */
    int64_t rests_until_ms;
} stop;

/* The rest that was lifted comes back. */
static void free_stop(void *value)
{
    stop *stop = value;
    if (stop->tenant->bad_in_row > 0)
        stop->tenant->rests_until_ms = stop->rests_until_ms;
    free(stop->account);
    free(stop);
}

thingspace_status policy_asker_init(policy_asker *self, const generation *generation)
{
    *self = (policy_asker){.generation = generation};
    return map_new(&self->stops, free_stop);
}

void policy_asker_dispose(policy_asker *self)
{
    map_free(self->stops);
    self->stops = NULL;
}

static thingspace_status note_stop(policy_asker *self, tenant *tenant, const char *account)
{
    stop *known = map_get(self->stops, tenant->name);
    char *copy = text_copy(account);
    if (!copy)
        return THINGSPACE_MEMORY;
    if (!known) {
        known = calloc(1, sizeof(*known));
        if (!known || map_set(self->stops, tenant->name, known) != THINGSPACE_OK) {
            free(known);
            free(copy);
            return THINGSPACE_MEMORY;
        }
        known->tenant = tenant;
    }
    free(known->account);
    known->account = copy;
    known->count++;
    known->rests_until_ms = tenant->rests_until_ms;
    tenant->rests_until_ms = 0;
    return THINGSPACE_OK;
}

static thingspace_status ask(const generation *generation, const char *account, decision *out,
                             desired_listeners *listeners, thingspace_error *error)
{
    thingspace_status status = client_resolve(generation, out, account, error);
    if (status == THINGSPACE_OK)
        status = policy_listeners(generation_policy(generation), listeners, account, error);
    return status;
}

static thingspace_status ask_tenant(policy_asker *self, const char *account, tenant *tenant,
                                    decision *out, desired_listeners *listeners,
                                    thingspace_error *error)
{
    int64_t before = tenant->rests_until_ms;
    const log_target *log = tenant->log;
    tenant->log = NULL; /* what it would say of a rest is in the error */
    thingspace_status status = ask(self->generation, account, out, listeners, error);
    tenant->log = log;
    bool stopped = tenant->rests_until_ms > 0 && tenant->rests_until_ms != before;
    if (stopped && note_stop(self, tenant, account) != THINGSPACE_OK)
        return error_memory(error);
    return status;
}

thingspace_status policy_asker_ask(policy_asker *self, const char *account, tenant *tenant,
                                   decision *out, desired_listeners *listeners, const char **after,
                                   thingspace_error *error)
{
    const stop *stop = tenant ? map_get(self->stops, tenant->name) : NULL;
    *after = NULL;
    if (!tenant)
        return ask(self->generation, account, out, listeners, error);
    if (!stop || stop->count < MOST_STOPS)
        return ask_tenant(self, account, tenant, out, listeners, error);
    *after = stop->account;
    error_copy(error, &tenant->stopped);
    tenant_name_error(tenant, error);
    error_set_account(error, account);
    return error->kind;
}

static void put_text(json *object, const char *name, const char *text, thingspace_status *status)
{
    json_put_text(object, name, text_is_empty(text) ? NULL : text, status);
}

void policy_asker_put_error(json *object, const policy *policy, const tenant *tenant,
                            const thingspace_error *error, thingspace_status *status)
{
    const char *script = tenant ? tenant->script : policy_script(policy);
    if (tenant)
        put_text(object, "script", script, status);
    put_text(object, "kind", thingspace_status_name(error->kind), status);
    put_text(object, "account", error->account, status);
    put_text(object, "plugin", error->plugin, status);
    put_text(object, "instance", error->instance, status);
    put_text(object, "phase", error->phase, status);
    put_text(object, "file", *error->file ? error->file : script, status);
    if (error->line > 0)
        json_put(object, "line", json_new_integer(error->line), status);
}
