/* SPDX-License-Identifier: MIT */
/*
 * What audit hooks are told of a call that is over: read-only and redacted. Made by the client on
 * the stack for the audit phase; borrows from the call. The client's thread.
 */
#ifndef PLUGIN_EVENT_H
#define PLUGIN_EVENT_H

#include <stdint.h>
#include <thingspace/error.h>
#include "base/json.h"

typedef struct view view;

/* One exchange with the network, whatever it was for. */
typedef struct event_attempt {
    const char *what;         /* "send", "token", "login", "read-back" */
    int http_status;          /* 0: no answer */
    thingspace_status status; /* OK: an answer that counts as one */
    int64_t ms;               /* how long it took */
} event_attempt;

typedef struct event {
    view *view; /* account, operation, service, url, reason, request, journal, ... */
    thingspace_status status;
    const thingspace_error *error; /* NULL when status is OK */
    int http_status;               /* of the last answer; 0: none */
    int64_t time_ms;               /* wall clock, when the call began */
    int64_t duration_ms;
    const event_attempt *attempts;
    size_t attempt_count;
    const char *replied_by; /* the instance; NULL: the service answered, or nobody */
} event;

/* The whole event as JSON, members named as the fields of the handle `event`, absent ones left out.
 * Failure sticks to `out`. */
void event_write(const event *event, buffer *out);
/* The same as a tree, and of it [{"what","status"?,"kind","ms"}] and the journal's changes; owned;
 * NULL when out of memory. */
json *event_json(const event *event);
json *event_attempts_json(const event *event);
json *event_changes_json(const event *event);

#endif
