/* SPDX-License-Identifier: MIT */
/*
 * One loaded plugin of one row: what it is, what it may, its state, and how it fared. The back-end
 * (lua/plugin/plugin_script.h, plugin/compiled.h) runs its hooks. Counted by reference, because one
 * that this process added is in more than one generation; used by the client's thread.
 */
#ifndef PLUGIN_INSTANCE_H
#define PLUGIN_INSTANCE_H

#include "base/limits.h"
#include "base/log.h"
#include "plugin/buckets.h"
#include "plugin/manifest.h"
#include "plugin/scalars.h"
#include "plugin/verdict.h"

typedef struct view view;
typedef struct instance instance;

typedef struct instance_backend {
    /*
     * Runs the hook of `phase`, which it has. A failure is PLUGIN (or MEMORY, LOCAL) with the
     * message "FILE:LINE: reason" and error_set_place; what it changed is undone by the caller.
     */
    thingspace_status (*run)(void *self, phase phase, view *view, verdict *out,
                             thingspace_error *error);
    void (*free)(void *self); /* may be NULL */
} instance_backend;

struct instance {
    unsigned references;
    manifest manifest;
    char *name;   /* of the instance: unique among those of its owner */
    char *file;   /* where it was loaded from; NULL: a hook of this process */
    char *tenant; /* NULL: the operator's */
    char *place;  /* the row, for messages */
    size_t row;   /* its place among its owner's rows, from 0; of a hook of this process unused */
    unsigned priority;
    on_error on_error;
    bool required;
    capability_set granted; /* declared and granted */
    scalars *state;         /* NULL until it is used: see instance_state */
    buckets *buckets;
    const instance_backend *backend;
    void *self;

    unsigned long long runs, failures;
    unsigned long long skipped; /* not run, because it rested */
    unsigned bad_in_row;        /* failures since the last good run, for the back-off */
    int64_t rests_until_ms;     /* monotonic; 0: it does not rest */
};

/* What loading needs besides the row; borrowed for the load, `log` and `time_ms`
 * for the instance's life. */
typedef struct instance_options {
    const char *search_path;     /* NULL: the built-in one */
    const char *const *settings; /* "NAME=VALUE", ends with NULL; NULL: none */
    const log_target *log;       /* NULL: silent */
    const int64_t *time_ms;      /* what scripts take for the time; negative, NULL: the clock's */
} instance_options;

/*
 * An instance without a back-end: checks grant and options, takes over `manifest` (empty
 * afterwards).
 * `*options_out`: the filled options, owned by the caller. Expected: PLUGIN, MEMORY. One reference:
 * instance_free.
 */
thingspace_status instance_new(instance **out, manifest *manifest, const plugin_row *row,
                               const char *file, json **options_out, thingspace_error *error);
instance *instance_ref(instance *instance);
void instance_free(instance *instance); /* gives one reference back; NULL is allowed */
void instance_cleanup(instance **instance);
#define cleanup_instance __attribute__((cleanup(instance_cleanup)))
/* Takes `self`: freed with the instance. */
void instance_set_backend(instance *instance, const instance_backend *backend, void *self);

/* The instance's state and buckets, made when first used; NULL when out of memory or without
 * randomness. */
scalars *instance_state(instance *instance);
buckets *instance_buckets(instance *instance);

/* Its name for people, who cannot know whose it is: "hours", "hours (tenant red)". Returns `out`.
 */
#define INSTANCE_TITLE (64 + LIMIT_POLICY_NAME + sizeof(" (tenant )"))
char *instance_title(const instance *instance, char out[INSTANCE_TITLE]);
/* Puts plugin, instance, tenant and phase into the error (may be NULL), and the kind PLUGIN unless
 * it is MEMORY, LOCAL or DENIED. */
void instance_name_error(const instance *instance, phase phase, thingspace_error *error);

/* --- rest after failures (on_error quarantine); monotonic time --- */
bool instance_rests(const instance *instance, int64_t now_ms);
/* How a run ended: a bad one begins a rest, a good one ends it and forgets those before. */
void instance_note(instance *instance, bool good, int64_t now_ms);
/* 1 s, 2 s, 4 s, ... 5 min for the n-th failure in a row, n from 1; that of tenants, too. */
int64_t instance_rest_ms(unsigned bad_in_row);

#endif
