/* SPDX-License-Identifier: MIT */
/*
 * What a call needs so that hooks run in it: their view of it, where in a phase it is, and the list
 * of its exchanges for the audit. Made only for calls whose owner has hooks: in all others a phase
 * is one branch. Belongs to its call; the client's thread.
 */
#ifndef PHASES_H
#define PHASES_H

#include "auth/keyring.h"
#include "client/call.h"
#include "plugin/dispatch.h"

/* Three attempts with their renewals, token requests, logins and read-backs are below thirty. */
#define PHASES_ATTEMPTS 40

struct hooks {
    view view;
    dispatch dispatch;
    call_step *next; /* after the present phase */
    char *url;       /* that was asked for, without a password; the view borrows it */
    trace trace;     /* of dry runs */
    event event;
    thingspace_error failure; /* of an error or audit hook: the call's own is kept */

    response reply;         /* of a hook, in place of the service's */
    const char *replied_by; /* the instance; NULL: nobody */
    bool accepted;          /* the service answered 2xx, or what was sent is there */

    int64_t began_ms, began_wall_ms;
    int64_t sent_ms;         /* the exchange under way */
    int64_t dry_wait_ms;     /* that hooks of a dry run asked for, so far */
    int64_t longest_wait_ms; /* that the call was parked for; 0: none */
    const instance *longest_wait_by;
    size_t attempt_count;
    event_attempt attempts[PHASES_ATTEMPTS];
};

/* Gives the call its hooks when its owner has any. Expected: MEMORY. */
thingspace_status phases_open(call *call, const thingspace_request *input);
void phases_free(hooks *hooks);

/*
 * Runs the hooks of `phase`, then `next`, at once or after the waits they ask for. `next` gets OK,
 * or why the call fails: DENIED, PLUGIN, TIMEOUT (a wait beyond the deadline), MEMORY, LOCAL; the
 * call's error says it then. Phase error always ends with OK.
 */
void phases_run(call *call, phase phase, call_step *next);
/* Phase audit: tells what became of the call, `status`. `next` gets OK, or how a required hook
 * failed (hooks->failure). */
void phases_audit(call *call, thingspace_status status, call_step *next);

static inline bool phases_have_reply(const call *call)
{
    return call->hooks && call->hooks->replied_by;
}
/* Phase response follows a success of the service, or a hook's answer in its place. */
void phases_accept(call *call);
/* Says in a failed call's message what the service has done all the same. */
void phases_add_to_message(thingspace_error *error, const char *text);
/* Says in the message of a call that ran out of time which hook's wait took most of it. */
void phases_tell_wait(call *call, thingspace_status status);

/* A call that fails for what a hook made of it, as its error says, fails as that hook does.
 * `author` may be nobody. The answer is the kind that the error has then. */
thingspace_status phases_blame(call *call, journal_author author);

/* --- the list of exchanges; all cost a branch without hooks --- */

/* An exchange begins; and how it ended. `what`: "send", "read-back". */
void phases_sent(call *call);
void phases_note_answer(call *call, const char *what, const exchange_result *outcome);
/* It was given up before there was an answer. */
void phases_note_end(call *call, const char *what, thingspace_status status);
/* For keyring_watch: what was exchanged for tokens. */
void phases_note_tokens(const keyring_exchange *exchange, void *call);

#endif
