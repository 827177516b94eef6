/* SPDX-License-Identifier: MIT */
/*
 * One run of the command: what was typed, how to answer, and the client once a command needs it.
 * Owned by main; one thread.
 */
#ifndef CLI_SESSION_H
#define CLI_SESSION_H

#include <thingspace/thingspace.h>
#include "cli/options.h"
#include "cli/output.h"

struct session {
    char **argv; /* as main got it */
    options options;
    output output;
    thingspace_client *client; /* NULL until session_open */
};

/* Makes the client from the global options; from then on the environment is gone. */
thingspace_status session_open(session *session, thingspace_error *error);
/* The same for what is about accounts that were named: the load's warnings of broken tenants are
 * dropped, since only those matter whose accounts fail, and these say why. `named` false: none was,
 * all is told. */
thingspace_status session_open_for(session *session, bool named, thingspace_error *error);
/* The same with the policy of `policy`, and one more client, owned by the caller, with that of
 * `old_policy`: may be set also on failure. */
thingspace_status session_open_both(session *session, thingspace_client **old,
                                    const char *old_policy, const char *policy,
                                    thingspace_error *error);
void session_close(session *session);

/* Shows the error; returns the exit status. */
int session_fail(session *session, const thingspace_error *error);
/* The same for words that make no sense together; adds where to read on. */
int session_usage(session *session, const char *format, ...) __attribute__((format(printf, 2, 3)));

const char *session_word(const session *session, size_t index); /* NULL beyond the last */
bool session_is_dry(const session *session);

#endif
