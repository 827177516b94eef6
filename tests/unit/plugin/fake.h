/* SPDX-License-Identifier: MIT */
/*
 * Instances whose hooks are C functions, and a call for them to work on: what the tests of the
 * plugin host's heart share. A test owns both through cleanup attributes.
 */
#ifndef FAKE_H
#define FAKE_H

#include "check.h"
#include "base/error.h"
#include "plugin/dispatch.h"

typedef thingspace_status fake_hook(view *view, verdict *out, thingspace_error *error);

typedef struct fake_plugin {
    const char *name;
    const char *tenant;
    unsigned priority; /* 0: the default */
    on_error on_error;
    bool required;
    capability_set without; /* capabilities it lacks */
    fake_hook *hooks[PHASE_COUNT];
    fake_hook *every; /* in the phases that have no hook of their own */
} fake_plugin;

/* The plugin must outlive the instance. Expected: MEMORY. */
thingspace_status fake_instance(instance **out, const fake_plugin *plugin, size_t row);

#define FAKE_MOST 8

/* Up to FAKE_MOST plugins of both owners, in one chain. */
typedef struct fake_chain {
    instance *items[FAKE_MOST];
    size_t count;
    chain *chain;
} fake_chain;

thingspace_status fake_chain_make(fake_chain *self, const fake_plugin *plugins, size_t count);
void fake_chain_dispose(fake_chain *self);
#define cleanup_fake_chain __attribute__((cleanup(fake_chain_dispose)))

/* A call with a request {"url":"https://a","password":secret}, an answer and a failure. */
typedef struct fake_call {
    view view;
    request *request;
    response response;
    thingspace_error failure, error;
    verdict verdict;
    const instance *by;
    unsigned lines; /* of log */
    char line[1024];
} fake_call;

thingspace_status fake_call_make(fake_call *self);
void fake_call_dispose(fake_call *self);
#define cleanup_fake_call __attribute__((cleanup(fake_call_dispose)))

/* Runs the phase from its beginning; error, verdict and log lines are those of the call. */
dispatch_outcome fake_run(fake_call *self, const fake_chain *chain, phase phase);
/* MEMORY when a hook was out of memory since the call was made. */
thingspace_status fake_status(void);

/* Runs one function as the hook of a phase, outside of a dispatcher; its changes stay. */
thingspace_status fake_as_hook(fake_call *self, instance *instance, phase phase, fake_hook *hook);

/* The changes as text, freed with free(); NULL when out of memory. */
char *fake_changes(const fake_call *self);
/* The request as text: headers in order, query, body (secrets shown). The same. */
char *fake_request_text(const fake_call *self);
/* The answer as text. */
char *fake_response_text(const fake_call *self);

#endif
