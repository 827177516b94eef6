/* SPDX-License-Identifier: MIT */
/*
 * Desired state: what the policy's `listeners` declares against what is registered, for all
 * accounts or some. What counts as declared is what request and check hooks make of it, asked with
 * `call.dry_run`. A plan is read from the service, changes nothing, and can be saved. No value of a
 * password is in it, and no digest of one. Blocking; on the client's thread.
 *
 * Ours is a listener whose URL has a host that the policy declares now, or matches `owns`. What is
 * neither declared nor ours is foreign and never touched.
 */
#ifndef THINGSPACE_PLAN_H
#define THINGSPACE_PLAN_H

#include <thingspace/callbacks.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct thingspace_plan thingspace_plan;

/* Told when an account is over, from the client's thread; `failed` are the unread ones so far. */
typedef void thingspace_progress_function(void *user, size_t done, size_t total, size_t failed);

/* Patterns have `*` for any text. Lists end with NULL. */
typedef struct thingspace_plan_options {
    size_t size; /* sizeof(thingspace_plan_options), set by THINGSPACE_PLAN_OPTIONS_INIT */
    const char *const *accounts; /* names or patterns; NULL, or none: all that are declared */
    const char *const *tags;     /* "NAME=VALUE" or "NAME", which all must hold; NULL: any */
    const char *const *services; /* names or patterns; NULL, or none: all */
    thingspace_progress_function *progress; /* NULL: silent */
    void *progress_user;
} thingspace_plan_options;

#define THINGSPACE_PLAN_OPTIONS_INIT                                                               \
    {                                                                                              \
        sizeof(thingspace_plan_options), NULL, NULL, NULL, NULL, NULL                              \
    }

/*
 * Repairs what a run that died left half done, reads what is registered, several accounts at a
 * time, and compares. What is registered with APIs other than connectivity is looked at in accounts
 * that declare a listener there. Accounts that cannot be
 * decided or read are in the plan as unread, and listeners that cannot be decided (a hook denies
 * them, a password cannot be read) as failed, with their errors: the status is OK all the same.
 * `options` may be NULL. Expected: USAGE (a pattern or tag that matches nothing), POLICY (an
 * account that nobody declared), LOCAL, CANCELLED, MEMORY. Owned: thingspace_plan_free.
 */
THINGSPACE_API thingspace_status thingspace_plan_make(thingspace_client *client,
                                                      thingspace_plan **out,
                                                      const thingspace_plan_options *options,
                                                      thingspace_error *error);
THINGSPACE_API void thingspace_plan_free(thingspace_plan *plan); /* NULL is allowed */

/* 32 hexadecimal digits, the same for the same changes of the same policy; borrowed. */
THINGSPACE_API const char *thingspace_plan_id(const thingspace_plan *plan);

/* Of listeners, but for the first two. */
typedef struct thingspace_plan_counts {
    size_t size;      /* set by the caller */
    size_t accounts;  /* chosen */
    size_t unread;    /* of them */
    size_t add;       /* declared, not there */
    size_t change;    /* there, not as declared */
    size_t takeover;  /* the same, and it goes to a stranger's URL */
    size_t remove;    /* ours, no longer declared */
    size_t blocked;   /* not as declared, and the service refused to have it so before */
    size_t unchanged; /* as declared */
    size_t foreign;   /* neither declared nor ours */
    size_t failed;    /* declared, and cannot be decided: left as it is */
} thingspace_plan_counts;

#define THINGSPACE_PLAN_COUNTS_INIT                                                                \
    {                                                                                              \
        sizeof(thingspace_plan_counts), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0                               \
    }

THINGSPACE_API void thingspace_plan_count(const thingspace_plan *plan, thingspace_plan_counts *out);

/*
 * {"id","policy","script","endpoints":[...],"accounts":N,"duration_ms":N,"add":N,"change":N,
 * "takeover":N,"remove":N,"blocked":N,"unchanged":N,"foreign":N,"unread":N,"failed":N,
 * "changes":[{"accountName","serviceName","api"?,"action","fields":[{"name","from",
 * "to"}]}],"errors":[{"accountName","serviceName"?,"credential"?,"kind","message","code"?}]},
 * sorted by account and service; "script" is null without one. Of a password `from` and `to` tell
 * "***" or null. Expected: MEMORY. Freed with thingspace_text_free.
 */
THINGSPACE_API thingspace_status thingspace_plan_json(const thingspace_plan *plan, char **out,
                                                      thingspace_error *error);

/* The same text, into a file that is replaced as a whole, mode 0600. Expected: LOCAL, MEMORY. */
THINGSPACE_API thingspace_status thingspace_plan_save(const thingspace_plan *plan, const char *file,
                                                      thingspace_error *error);
/*
 * A plan as it was saved. Expected: LOCAL (cannot be read), USAGE (no plan, altered since, or that
 * of another policy than the client's), MEMORY. Owned: thingspace_plan_free.
 */
THINGSPACE_API thingspace_status thingspace_plan_load(thingspace_client *client,
                                                      thingspace_plan **out, const char *file,
                                                      thingspace_error *error);

#ifdef __cplusplus
}
#endif
#endif
