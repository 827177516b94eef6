/* SPDX-License-Identifier: MIT */
/*
 * What one hook answered. Filled by the back-end that ran it, judged by the dispatcher. `reply` is
 * owned by the struct. Values of one thread.
 */
#ifndef PLUGIN_VERDICT_H
#define PLUGIN_VERDICT_H

#include <stdint.h>
#include "base/json.h"
#include "http/response.h"
#include "plugin/phase.h"

typedef struct verdict {
    verdict_kind kind;
    int64_t wait_ms;
    char code[128]; /* of deny; "" when none */
    char text[384]; /* of deny */
    response *reply;
} verdict;

/* VERDICT_NONE without touching the texts. */
static inline void verdict_init(verdict *verdict)
{
    verdict->kind = VERDICT_NONE;
    verdict->wait_ms = 0;
    verdict->code[0] = verdict->text[0] = '\0';
    verdict->reply = NULL;
}

/* Frees the reply. */
void verdict_dispose(verdict *verdict);
/* The longest that a hook may ask to wait: an hour. Expected: PLUGIN. */
thingspace_status verdict_set_wait(verdict *verdict, double ms, thingspace_error *error);
/* `code` and `text` may be NULL; cut and escaped. */
void verdict_set_deny(verdict *verdict, const char *code, const char *text);
/* `status` 200 to 599 (0: 200); `body` is taken, may be NULL. Expected: PLUGIN, MEMORY. */
thingspace_status verdict_set_reply(verdict *verdict, int status, json *body,
                                    thingspace_error *error);
/* Adds a field to the reply that was set. Expected: PLUGIN (one that could not be received from a
 * service either, too many), MEMORY. */
thingspace_status verdict_add_header(verdict *verdict, const char *name, const char *value,
                                     thingspace_error *error);

#endif
