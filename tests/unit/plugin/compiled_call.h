/* SPDX-License-Identifier: MIT */
/*
 * What the tests of compiled plugins share: modules (modules/) copied to a folder of ours, loading
 * them, and a call whose hooks are run as the dispatcher does.
 */
#ifndef COMPILED_CALL_H
#define COMPILED_CALL_H

#include "check.h"
#include "plugin/compiled.h"
#include "plugin/view.h"

/* --- loading --- */

/* The module's copy, made once; valid until the process ends. */
const char *compiled_module(const char *name);
/* At most `most` bytes of a file, -1: all. */
void compiled_copy(const char *from, const char *to, long most);

/* What was logged since the last load. */
#define COMPILED_LOG_SIZE 4096
extern char compiled_log[COMPILED_LOG_SIZE];

/* With all capabilities; options are JSON; `options` and `folder` may be NULL. */
thingspace_status compiled_load_row(instance **out, const char *file, const char *options,
                                    const char *folder, thingspace_error *error);
thingspace_status compiled_load_options(instance **out, const char *name, const char *options,
                                        thingspace_error *error);
/* modules/acts.c */
thingspace_status compiled_load_act(instance **out, const char *act);

/* --- a call --- */

typedef struct compiled_call {
    view view;
    request *request;
    response response;
    thingspace_error failure;
    event event;
    verdict verdict;
    thingspace_error error;
    json *tags;
} compiled_call;

thingspace_status compiled_call_init(compiled_call *self);
void compiled_call_dispose(compiled_call *self);
#define cleanup_compiled_call __attribute__((cleanup(compiled_call_dispose)))
/* Gives it an answer; a failure and an event. */
thingspace_status compiled_call_answer(compiled_call *self);
void compiled_call_fail(compiled_call *self);

/* As the dispatcher does. */
thingspace_status compiled_call_run(compiled_call *self, instance *instance, phase phase);
thingspace_status compiled_call_act(compiled_call *self, const char *act, phase phase);
/* A field of the request; NULL when absent. */
const char *compiled_call_header(const compiled_call *self, const char *name);

#endif
