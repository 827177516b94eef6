/* SPDX-License-Identifier: MIT */
/*
 * The view itself: its life, its id, and what is said when the test in front of every access
 * fails. The client's thread.
 */
#include <config.h>
#include <string.h>
#include "base/error.h"
#include "base/limits.h"
#include "plugin/journal_inside.h"

const view_rule view_rules[FIELD_COUNT] = {
#define X(id, handle, name, type, writable, phases, capability, doc)                               \
    [FIELD_##id] = {phases, capability},
    FIELD_MAP(X)
#undef X
};

/* One by one: for a struct of this size, compilers clear memory in a way that takes 10 ns. */
void view_init(view *self, uint64_t id_bits)
{
    self->account = self->operation = NULL;
    self->service = self->url = self->tenant = self->endpoint = self->reason = NULL;
    self->plan = NULL;
    self->tags = NULL;
    self->attempt = 0;
    self->dry_run = false;
    self->time_ms = 0;
    self->request = NULL;
    self->response = NULL;
    self->failure = NULL;
    self->event = NULL;
    self->trace = NULL;
    self->id_bits = id_bits;
    self->id[0] = self->id[sizeof(self->id) - 1] = '\0';
    journal_init(&self->journal);
    self->vars[0] = self->vars[1] = NULL;
    self->response_json = NULL;
    self->response_parsed = false;
    self->running = NULL;
    self->phase = PHASE_CONFIGURE;
}

void view_dispose(view *self)
{
    journal_dispose(&self->journal);
    scalars_free(self->vars[0]);
    scalars_free(self->vars[1]);
    self->vars[0] = self->vars[1] = NULL;
    json_free(self->response_json);
    self->response_json = NULL;
    self->response_parsed = false;
    self->running = NULL;
}

const char *view_id(view *self)
{
    static const char digits[] = "0123456789abcdef";
    if (self->id[0])
        return self->id;
    for (size_t i = 0; i < sizeof(self->id) - 1; i++)
        self->id[i] = digits[self->id_bits >> (60 - 4 * i) & 0xf];
    return self->id;
}

scalars *view_vars(view *self)
{
    scalars **vars = &self->vars[self->running && self->running->tenant];
    if (!*vars && scalars_new(vars, LIMIT_PLUGIN_VARS) != THINGSPACE_OK)
        return NULL;
    return *vars;
}

thingspace_status view_own_error(thingspace_status status, thingspace_error *error)
{
    if (status == THINGSPACE_OK || status == THINGSPACE_MEMORY)
        return status;
    if (error)
        error->kind = THINGSPACE_PLUGIN;
    return THINGSPACE_PLUGIN;
}

thingspace_status view_write_body(buffer *out, const json *body, unsigned flags,
                                  thingspace_error *error)
{
    thingspace_status status = body ? json_write(out, body, flags) : THINGSPACE_OK;
    if (status == THINGSPACE_OK)
        return status;
    if (status == THINGSPACE_MEMORY)
        return error_memory(error);
    return error_set(error, THINGSPACE_PLUGIN,
                     "the body is longer than %zu bytes, deeper than %d, or no JSON; make it "
                     "smaller",
                     out->maximum, LIMIT_JSON_DEPTH);
}

/* The phases of a set, as "request or check". */
static const char *list_phases(unsigned phases, char *out, size_t capacity)
{
    size_t size = 0;
    out[0] = '\0';
    for (phase phase = PHASE_FIRST_HOOK; phase < PHASE_COUNT; phase++) {
        const char *name = phase_of(phase)->name;
        const char *between = size > 0 ? " or " : "";
        if (!(phases & PHASE_BIT(phase)) || size + strlen(between) + strlen(name) >= capacity)
            continue;
        memcpy(out + size, between, strlen(between));
        size += strlen(between);
        memcpy(out + size, name, strlen(name) + 1);
        size += strlen(name);
    }
    return out;
}

thingspace_status view_refuse(const view *self, field_id id, thingspace_error *error)
{
    const field *field = field_of(id);
    const view_rule *rule = &view_rules[id];
    char phases[96];
    if (!self->running)
        return error_set(error, THINGSPACE_PLUGIN,
                         "stale handle: %s.%s is used outside of a hook; use it while the hook "
                         "that got it runs",
                         handle_name(field->handle), field->name);
    if (!(rule->phases & PHASE_BIT(self->phase)))
        return error_set(
            error, THINGSPACE_PLUGIN, "stale handle: %s.%s belongs to the phase %s, and this is %s",
            handle_name(field->handle), field->name,
            list_phases(rule->phases, phases, sizeof(phases)), phase_of(self->phase)->name);
    return capability_refuse(rule->capability, self->running->granted, error);
}
