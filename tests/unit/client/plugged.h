/* SPDX-License-Identifier: MIT */
/*
 * Clients with plugins: a policy whose rows name scripts written by the test, and what those say
 * with thingspace.log. For CHECK_CASE_ONCE.
 */
#ifndef PLUGGED_H
#define PLUGGED_H

#include "service.h"

#define PLUGGED_ACCOUNT "TestAccount-2"
#define PLUGGED_PATH    "/api/m2m/v1/callbacks/" PLUGGED_ACCOUNT
#define PLUGGED_URL     "https://hooks.example.com/a"

/* Hooks that tell of the call that is over; of its exchanges. */
#define PLUGGED_AUDIT "audit = function(event) say('audit', event.operation, event.kind) end"
#define PLUGGED_ATTEMPTS                                                                           \
    "audit = function(event) for _, a in ipairs(event.attempts) do say(a.what, a.status or '-', "  \
    "a.kind, a.ms >= 0 and a.ms < 60000 and 'ms' or 'bad') end end"

typedef struct notes {
    char text[64 * 1024]; /* "line;line;" without what is in front of the plugin's own text */
    size_t size;
} notes;

/* Empties `notes`, and lets the client of the options fill them. */
void plugged_listen(thingspace_client_options *options, notes *notes);
/* How often `line` was said. */
unsigned notes_count(const notes *notes, const char *line);

/*
 * Writes plugins/NAME.lua: a plugin of that name that declares every capability, with `hooks` as
 * the inside of its table of hooks. Its path, valid until the process ends.
 */
const char *plugged_script(const char *name, const char *hooks);
/* Appends a row of the policy for `file` to `rows`; `more` is put into it ("on_error = 'skip'").
 * Everything is granted. */
void plugged_row(char rows[4096], const char *file, const char *more);

/* A client whose policy has the rows; `given` and `notes` may be NULL. */
thingspace_status plugged_client(service *service, thingspace_client **out, const char *rows,
                                 notes *notes, const thingspace_client_options *given,
                                 thingspace_error *error);
/* The same, of one script alone. */
thingspace_status plugged_with(service *service, thingspace_client **out, const char *hooks,
                               notes *notes);

/* A register of CarrierService at PLUGGED_URL. */
thingspace_request plugged_register(unsigned flags);
/* Performs it. */
thingspace_status plugged_perform(thingspace_client *client, thingspace_result **out,
                                  thingspace_error *error);
/* Its done function: counts, and keeps the last status and error. */
typedef struct outcome {
    unsigned done, good;
    thingspace_status status;
    thingspace_error error;
} outcome;
void plugged_done(thingspace_result *result, void *outcome);

/* The header field `name` of the last request that the service got; "" when absent. Valid until
 * the next call. */
const char *plugged_sent_header(service *service, const char *name);

#endif
