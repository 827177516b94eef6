/* SPDX-License-Identifier: MIT */
/*
 * One loaded plugin of one row. Loading it is the back-end's; here is what both kinds have in
 * common: what the row grants and gives, the state that is made when it is first used, and how long
 * an instance rests after failures. The client's thread.
 */
#include <config.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "plugin/instance.h"

#define FIRST_REST_MS   1000
#define LONGEST_REST_MS (5 * 60 * 1000)
#define MOST_DOUBLINGS  9 /* 512 s are more than the longest */

static bool copy_row(instance *self, const plugin_row *row, const char *file)
{
    self->name = text_copy(row->name ? row->name : self->manifest.name);
    self->place = text_copy(row->place);
    self->file = text_copy(file);
    self->tenant = text_copy(row->tenant);
    self->priority = row->priority;
    self->on_error = row->on_error;
    self->required = row->required;
    self->granted = self->manifest.capabilities & (row->grant_declared ? ~0u : row->grant);
    return self->name && self->place && (self->file || !file) && (self->tenant || !row->tenant);
}

/* Names the instance that would have been made. No phase: nothing of the plugin has run. */
static thingspace_status refuse(const manifest *manifest, const plugin_row *row,
                                thingspace_status status, thingspace_error *error)
{
    if (status != THINGSPACE_PLUGIN)
        return status;
    error_set_hook(error, manifest->name, row->name ? row->name : manifest->name, "");
    error_set_tenant(error, row->tenant);
    return status;
}

thingspace_status instance_new(instance **out, manifest *manifest, const plugin_row *row,
                               const char *file, json **options_out, thingspace_error *error)
{
    *out = NULL;
    *options_out = NULL;
    thingspace_status status = manifest_check_grant(manifest, row, error);
    if (!status)
        status = manifest_fill_options(manifest, row, options_out, error);
    if (status)
        return refuse(manifest, row, status, error);
    instance *made = calloc(1, sizeof(*made));
    if (made) {
        made->references = 1;
        made->manifest = *manifest;
        manifest_init(manifest);
    }
    if (!made || !copy_row(made, row, file)) {
        instance_free(made);
        json_cleanup(options_out);
        return error_memory(error);
    }
    *out = made;
    return THINGSPACE_OK;
}

instance *instance_ref(instance *self)
{
    self->references++;
    return self;
}

void instance_free(instance *self)
{
    if (!self || --self->references > 0)
        return;
    if (self->backend && self->backend->free)
        self->backend->free(self->self);
    manifest_dispose(&self->manifest);
    free(self->name);
    free(self->file);
    free(self->tenant);
    free(self->place);
    scalars_free(self->state);
    buckets_free(self->buckets);
    free(self);
}

void instance_cleanup(instance **self)
{
    instance_free(*self);
    *self = NULL;
}

void instance_set_backend(instance *self, const instance_backend *backend, void *own)
{
    self->backend = backend;
    self->self = own;
}

scalars *instance_state(instance *self)
{
    if (!self->state && scalars_new(&self->state, LIMIT_PLUGIN_STATE) != THINGSPACE_OK)
        return NULL;
    return self->state;
}

buckets *instance_buckets(instance *self)
{
    if (!self->buckets && buckets_new(&self->buckets, LIMIT_PLUGIN_BUCKETS) != THINGSPACE_OK)
        return NULL;
    return self->buckets;
}

char *instance_title(const instance *self, char out[INSTANCE_TITLE])
{
    snprintf(out, INSTANCE_TITLE, "%s%s%s%s", self->name, self->tenant ? " (tenant " : "",
             self->tenant ? self->tenant : "", self->tenant ? ")" : "");
    return out;
}

void instance_name_error(const instance *self, phase phase, thingspace_error *error)
{
    error_set_hook(error, self->manifest.name, self->name, phase_of(phase)->name);
    error_set_tenant(error, self->tenant);
    if (error && error->kind != THINGSPACE_MEMORY && error->kind != THINGSPACE_LOCAL &&
        error->kind != THINGSPACE_DENIED)
        error->kind = THINGSPACE_PLUGIN;
}

/* --- rest --- */

int64_t instance_rest_ms(unsigned bad_in_row)
{
    if (bad_in_row > MOST_DOUBLINGS)
        return LONGEST_REST_MS;
    int64_t rest = bad_in_row > 0 ? (int64_t)FIRST_REST_MS << (bad_in_row - 1) : 0;
    return rest < LONGEST_REST_MS ? rest : LONGEST_REST_MS;
}

bool instance_rests(const instance *self, int64_t now_ms)
{
    return now_ms < self->rests_until_ms;
}

void instance_note(instance *self, bool good, int64_t now_ms)
{
    if (good) {
        self->bad_in_row = 0;
        self->rests_until_ms = 0;
        return;
    }
    if (self->bad_in_row <= MOST_DOUBLINGS)
        self->bad_in_row++;
    self->rests_until_ms = now_ms + instance_rest_ms(self->bad_in_row);
}
