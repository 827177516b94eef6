/* SPDX-License-Identifier: MIT */
/*
 * The list of hooks that ran, and its JSON. A run that could not be kept makes the whole trace
 * lost: an explanation with a hole in it would be a wrong one. One thread at a time.
 */
#include <config.h>
#include <stdlib.h>
#include <string.h>
#include "base/limits.h"
#include "base/text.h"
#include "plugin/trace.h"
#include "plugin/view.h"

#define FIRST_CAPACITY 16

void trace_init(trace *self)
{
    *self = (trace){.items = NULL};
}

void trace_dispose(trace *self)
{
    free(self->items);
    trace_init(self);
}

void trace_note(trace_run *run, const char *text)
{
    text_escape(run->note, sizeof(run->note), text, strlen(text));
}

static bool make_room(trace *self)
{
    if (self->count >= LIMIT_TRACE_RUNS)
        return false;
    if (self->count < self->capacity)
        return true;
    size_t capacity = self->capacity ? self->capacity * 2 : FIRST_CAPACITY;
    trace_run *items = realloc(self->items, capacity * sizeof(*items));
    if (!items)
        return false;
    self->items = items;
    self->capacity = capacity;
    return true;
}

thingspace_status trace_add(trace *self, const trace_run *run)
{
    if (!make_room(self)) {
        self->lost = true;
        return THINGSPACE_MEMORY;
    }
    self->items[self->count++] = *run;
    return THINGSPACE_OK;
}

static const char *verdict_text(const trace_run *run)
{
    if (run->failed)
        return "failed";
    return run->rested ? "rested" : verdict_name(run->verdict);
}

static json *run_json(const trace_run *run, const view *view, thingspace_status *status)
{
    const instance *instance = run->instance;
    json *object = json_new_object();
    json_put(object, "plugin", json_new_string(instance->manifest.name), status);
    json_put(object, "instance", json_new_string(instance->name), status);
    json_put_text(object, "tenant", instance->tenant, status);
    json_put(object, "phase", json_new_string(phase_of(run->phase)->name), status);
    json_put(object, "verdict", json_new_string(verdict_text(run)), status);
    if (run->verdict == VERDICT_WAIT)
        json_put(object, "wait_ms", json_new_integer(run->wait_ms), status);
    json_put(object, "us", json_new_integer(run->duration_ns / 1000), status);
    if (run->note[0])
        json_put(object, "note", json_new_string(run->note), status);
    json_put(object, "changes", journal_json(view, run->from, run->to), status);
    return object;
}

json *trace_json(const trace *self, const view *view)
{
    thingspace_status status = self->lost ? THINGSPACE_MEMORY : THINGSPACE_OK;
    json *array = json_new_array();
    for (size_t i = 0; i < self->count && status == THINGSPACE_OK; i++)
        json_add(array, run_json(&self->items[i], view, &status), &status);
    if (status == THINGSPACE_OK)
        return array;
    json_free(array);
    return NULL;
}
