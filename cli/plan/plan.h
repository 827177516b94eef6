/* SPDX-License-Identifier: MIT */
/* What `plan` and `apply` share, and what they say for people: equal changes are one line. One
 * thread. */
#ifndef CLI_COMMANDS_PLAN_H
#define CLI_COMMANDS_PLAN_H

#include "cli/session.h"

/* --- plan_session.c: making a plan, and its failures --- */

/* Rows of options that plan_session_make reads. */
#define PLAN_OPTION_TAG                                                                            \
    {                                                                                              \
        .name = "tag", .kind = OPTION_TEXT, .value = "NAME[=VALUE]", .repeats = true,              \
        .doc = "only accounts with that tag; all tags that are given must hold"                    \
    }
#define PLAN_OPTION_SERVICE                                                                        \
    {                                                                                              \
        .name = "service", .kind = OPTION_TEXT, .value = "SERVICE", .repeats = true,               \
        .doc = "only that callback service, or those of a pattern with * or of a group @NAME; "    \
               "repeatable"                                                                        \
    }

/* `accounts` (names or patterns, NULL last) may be NULL: out of memory. `flags` as in
 * thingspace_plan_options. Errors are those of thingspace_plan_make. */
thingspace_status plan_session_make(session *session, thingspace_plan **out,
                                    const char *const *accounts, unsigned flags,
                                    thingspace_error *error);
/* The plan's JSON, parsed. Expected: MEMORY. */
thingspace_status plan_session_document(json **out, const thingspace_plan *plan,
                                        thingspace_error *error);
/* Error objects of what is unread or failed; `sum` stays as it is when there is none, otherwise it
 * is PARTIAL, or the first one's when all accounts are unread. NULL out of memory. */
json *plan_session_errors(const json *document, const thingspace_plan *plan, thingspace_error *sum);
/* Tells that accounts are unread or listeners failed; returns the exit status. Text has told each
 * of them already. */
int plan_session_fail(session *session, const thingspace_plan *plan, const json *document);

/* --- plan_groups.c: rows of a plan that look alike --- */

typedef struct plan_group {
    const json **rows; /* the caller's, in their order */
    size_t count;
    const char *action; /* "add"; of errors "unread" or "failed" */
} plan_group;

typedef struct plan_groups {
    struct plan_item *items;
    const json **rows;
    size_t count, next; /* rows; where the next group begins */
} plan_groups;

/* Of a plan's "changes" or "errors". Expected: MEMORY. Owned: plan_groups_dispose. */
thingspace_status plan_groups_make(plan_groups *out, const json *rows);
bool plan_groups_next(plan_groups *groups, plan_group *out);
void plan_groups_dispose(plan_groups *groups);

/* --- plan_phrase.c: what a group's rows have in common; texts for free(), NULL out of memory ---
 */

/* "NiddService", "A, B and 3 more". */
char *plan_phrase_services(const plan_group *group);
/* "0000123456-00001", "0000123456-00001 .. -00028", "6 accounts 0000777001-*". */
char *plan_phrase_accounts(const plan_group *group);
/* Of the fields that differ: "url, password". */
char *plan_phrase_fields(const json *change);
/* The URL of that end ("from", "to"): "https://hooks.example.com/{account}/NiddService", or its
 * beginning and "..." where the rows differ in more than account and service. */
char *plan_phrase_url(const plan_group *group, const char *end);
/* `text` with each `word` replaced. */
char *plan_phrase_replace(const char *text, const char *word, const char *by);
/* scheme and host of a URL; all of what is none. */
char *plan_phrase_origin(const char *url);

/* The field of that name of a change; NULL: it does not differ. */
const json *plan_field_of(const json *change, const char *name);

/* --- plan_describe.c: a plan in words; texts for free(), NULL out of memory --- */

/* What a listener of a plan is, or an account, in the order in which they are told. */
typedef enum plan_state {
    PLAN_STATE_ADD,
    PLAN_STATE_CHANGE,
    PLAN_STATE_TAKEOVER,
    PLAN_STATE_REMOVE,
    PLAN_STATE_BLOCKED,
    PLAN_STATE_FAILED,
    PLAN_STATE_UNREAD, /* an account */
    PLAN_STATE_UNCHANGED,
    PLAN_STATE_FOREIGN,
    PLAN_STATES
} plan_state;

/* How a state is shown. */
typedef struct plan_look {
    const char *name; /* as the plan counts them */
    char letter;      /* the class in the page */
    char mark;
    output_style style;
    const char *label;
    const char *meaning; /* a sentence */
} plan_look;
extern const plan_look plan_looks[PLAN_STATES];

/* That of the name of an action, or of a cell's state; a change when it is unknown. */
plan_state plan_state_of(const char *name);

/* A number of the plan; 0: it has none of that name. */
long long plan_describe_count(const json *plan, const char *name);

char *plan_describe_endpoints(const json *plan); /* "production, staging" */
char *plan_describe_read(const json *plan);      /* "299 of 300 accounts, 4,214 listeners, 3.1 s" */
/* "url: CarrierService on 6 accounts 0000777001-*". */
char *plan_describe_group(const plan_group *group);
/* What is below: where it goes; "" when that does not change. */
char *plan_describe_urls(const plan_group *group);
#define PLAN_NEEDS_ALL (THINGSPACE_PRUNE | THINGSPACE_TAKE_OVER)

/* "28 add, 3 remove (needs --prune)", or "nothing to do"; `needs` are the flags to tell of
 * (of PLAN_NEEDS_ALL). */
char *plan_describe_changes(const json *plan, unsigned needs);
char *plan_describe_rest(const json *plan); /* "4,170 as declared, 1 account unread", or "" */

/* --- plan_text.c --- */

/* The whole plan. Expected: MEMORY. */
thingspace_status plan_text_print(const session *session, const json *plan);
/* Rows such as a plan's "errors", grouped. Expected: MEMORY. */
thingspace_status plan_text_print_errors(const session *session, const json *rows);

#endif
