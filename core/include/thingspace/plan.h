/* SPDX-License-Identifier: MIT */
/*
 * Desired state: what the policy's `listeners` declares against what is registered, for all
 * accounts or some. What counts as declared is what request and check hooks make of it, asked with
 * `call.dry_run`. A plan is read from the service, changes nothing, can be saved, and is applied as
 * it is. No value of a password is in it, and no digest of one. Blocking; on the client's thread.
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

/* Told when one more is over, from the client's thread: of a plan or an import an account, and
 * `failed` are the unread ones; of an apply a change. */
typedef void thingspace_progress_function(void *user, size_t done, size_t total, size_t failed);

/* What is as declared and what is foreign stays in the plan, "cells" of its JSON, and accounts
 * without anything, "empty". About 150 bytes each; not saved. */
#define THINGSPACE_PLAN_CELLS 1u

/* Patterns have `*` for any text. Lists end with NULL. */
typedef struct thingspace_plan_options {
    size_t size; /* sizeof(thingspace_plan_options), set by THINGSPACE_PLAN_OPTIONS_INIT */
    const char *const *accounts; /* names or patterns; NULL, or none: all that are declared */
    const char *const *tags;     /* "NAME=VALUE" or "NAME", which all must hold; NULL: any */
    const char *const *services; /* names or patterns; NULL, or none: all */
    thingspace_progress_function *progress; /* NULL: silent */
    void *progress_user;
    unsigned flags; /* THINGSPACE_PLAN_CELLS or 0 */
} thingspace_plan_options;

#define THINGSPACE_PLAN_OPTIONS_INIT                                                               \
    {                                                                                              \
        sizeof(thingspace_plan_options), NULL, NULL, NULL, NULL, NULL, 0                           \
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
/* Frees it. NULL is allowed. */
THINGSPACE_API void thingspace_plan_free(thingspace_plan *plan);

/* 32 hexadecimal digits, the same for the same changes of the same policy; borrowed. */
THINGSPACE_API const char *thingspace_plan_id(const thingspace_plan *plan);

/* Of listeners, but for the first two. */
typedef struct thingspace_plan_counts {
    size_t size;      /* set by the caller */
    size_t accounts;  /* chosen; a tenant whose script does not load counts as one */
    size_t unread;    /* of them */
    size_t add;       /* declared, not there */
    size_t change;    /* there, not as declared */
    size_t takeover;  /* the same, and it goes to a stranger's URL */
    size_t remove;    /* ours, no longer declared */
    size_t blocked;   /* not as declared, and the service refused to have it so at the last apply */
    size_t unchanged; /* as declared */
    size_t foreign;   /* neither declared nor ours */
    size_t failed;    /* declared, and cannot be decided: left as it is */
} thingspace_plan_counts;

#define THINGSPACE_PLAN_COUNTS_INIT                                                                \
    {                                                                                              \
        sizeof(thingspace_plan_counts), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0                               \
    }

/* How many of each; `size` is set by the caller. */
THINGSPACE_API void thingspace_plan_count(const thingspace_plan *plan, thingspace_plan_counts *out);

/*
 * {"id","policy","policyDigest","script","endpoints":[...],"accounts":N,"duration_ms":N,"add":N,"change":N,
 * "takeover":N,"remove":N,"blocked":N,"unchanged":N,"foreign":N,"unread":N,"failed":N,
 * "changes":[{"accountName","serviceName","api"?,"action","fields":[{"name","from",
 * "to"}],"note"?}],"errors":[{"accountName","serviceName"?,"credential"?,"kind","message",
 * "status"?,"code"?,"plugin"?,"instance"?,"tenant"?,"phase"?}],"cells"?:[{"accountName","serviceName",
 * "api"?,"state":"unchanged" or "foreign","url","username","hasPassword"}],"empty"?:[names of
 * accounts that are in none of these lists]}, sorted by account and service; "script" is null
 * without one; "policyDigest" is the same for the same policy, wherever it lies. Of a password
 * `from` and `to` tell "***" or null; "note" tells why the service refused what is blocked.
 * Expected: MEMORY. Freed with thingspace_text_free.
 */
THINGSPACE_API thingspace_status thingspace_plan_json(const thingspace_plan *plan, char **out,
                                                      thingspace_error *error);

/* The same text, into a file that is replaced as a whole, mode 0600. Expected: LOCAL, MEMORY. */
THINGSPACE_API thingspace_status thingspace_plan_save(const thingspace_plan *plan, const char *file,
                                                      thingspace_error *error);
/*
 * A plan as it was saved. It belongs to all that the policy was read from when it was made:
 * scripts, also of tenants, csv and json files, settings, plugins; their content, not where they
 * lie, and no secrets. Expected: LOCAL (cannot be read), USAGE (no plan, altered since, or that of
 * a policy with another name than the client's), REFUSED (stale: the policy has changed since),
 * CANCELLED (interrupted, while a pipe said nothing), MEMORY. Owned: thingspace_plan_free.
 */
THINGSPACE_API thingspace_status thingspace_plan_load(thingspace_client *client,
                                                      thingspace_plan **out, const char *file,
                                                      thingspace_error *error);

/* What an apply may do beyond adding and changing. */
#define THINGSPACE_PRUNE     1u /* removes what is ours and no longer declared */
#define THINGSPACE_TAKE_OVER 2u /* moves declared services that go to a stranger's URL */
#define THINGSPACE_FORCE     4u /* changes more than 30 % of 10 or more of our listeners */

/* One change that is over. Texts are borrowed for the call. */
typedef struct thingspace_change {
    size_t size; /* set by the library */
    const char *account, *service;
    const char *api;    /* NULL: connectivity */
    const char *action; /* "add", "change", "takeover", "remove"; "repair" is one of these
                           that an earlier run began and could not end */
    const char *result; /* "done", "failed", or "skipped": it needs a flag that is not set */
    const thingspace_error *error; /* NULL for "done"; REFUSED for what is skipped */
    int unchanged; /* 1: "done", since it was as planned already; nothing was sent for it */
} thingspace_change;
typedef void thingspace_change_function(void *user, const thingspace_change *change);

typedef struct thingspace_apply_options {
    size_t size;    /* sizeof(thingspace_apply_options), set by THINGSPACE_APPLY_OPTIONS_INIT */
    unsigned flags; /* THINGSPACE_PRUNE, ... */
    const char *expect_id;            /* REFUSED when the plan has another; NULL: any */
    thingspace_change_function *done; /* told once for each change; NULL: nobody */
    void *done_user;
    thingspace_progress_function *progress; /* NULL: silent */
    void *progress_user;
} thingspace_apply_options;

#define THINGSPACE_APPLY_OPTIONS_INIT                                                              \
    {                                                                                              \
        sizeof(thingspace_apply_options), 0, NULL, NULL, NULL, NULL, NULL                          \
    }

/*
 * What thingspace_apply would refuse whatever is registered: another id, the threshold, takeovers
 * alone. To be asked before somebody is asked. `options` may be NULL. Pure; any thread. Expected:
 * REFUSED.
 */
THINGSPACE_API thingspace_status thingspace_plan_check(const thingspace_plan *plan,
                                                       const thingspace_apply_options *options,
                                                       thingspace_error *error);

/* What became of the changes. */
typedef struct thingspace_apply_counts {
    size_t size; /* set by the caller */
    size_t done; /* by this apply */
    size_t failed;
    size_t skipped;   /* needs THINGSPACE_PRUNE or THINGSPACE_TAKE_OVER */
    size_t unchanged; /* as planned already: nothing was sent; not in `done` */
} thingspace_apply_counts;

#define THINGSPACE_APPLY_COUNTS_INIT                                                               \
    {                                                                                              \
        sizeof(thingspace_apply_counts), 0, 0, 0, 0                                                \
    }

/*
 * Does what the plan says and nothing else, many changes at once. Each listener is looked at again
 * just before: for what is as planned already nothing is sent, what has changed since fails as
 * REFUSED. A plan that was loaded is looked at as a whole first, and refused as stale before
 * anything is changed. An update that the service refuses becomes DELETE and POST behind an intent
 * record in the state directory. What is blocked is tried again, and remembered until it succeeds.
 * What fails because the service cannot be reached for now, or has too much to do (429, 503), is
 * tried again for up to two minutes. One run at a time for a state directory: another is REFUSED
 * and told who runs. What an earlier run left half done is repaired first, told and counted with
 * the changes. An interruption lets end what is under way and begins nothing more; what was not
 * begun is told as failed, CANCELLED. Running it again resumes it. `options` and `out` may be NULL.
 * Expected: REFUSED (another run, another id, stale, threshold without THINGSPACE_FORCE; takeovers
 * alone without THINGSPACE_TAKE_OVER), PARTIAL (some failed or takeovers were skipped, others are
 * done or were so already; or all is done and the plan has unread accounts or failed listeners),
 * the first one's kind (all failed), CANCELLED, USAGE (a foreign loop, inside a callback), LOCAL,
 * NETWORK (no transport), MEMORY.
 */
THINGSPACE_API thingspace_status thingspace_apply(thingspace_client *client, thingspace_plan *plan,
                                                  thingspace_apply_counts *out,
                                                  const thingspace_apply_options *options,
                                                  thingspace_error *error);

/* One account of an import that cannot be read. Texts are borrowed for the call. */
typedef void thingspace_unread_function(void *user, const char *account,
                                        const thingspace_error *error);
/* One listener that is registered and that no policy can declare, with why; `api` NULL:
 * connectivity. */
typedef void thingspace_skipped_function(void *user, const char *account, const char *service,
                                         const char *api, const char *why);

typedef struct thingspace_import_counts {
    size_t size;        /* set by the caller */
    size_t accounts;    /* in the policy that is written */
    size_t listeners;   /* the same */
    size_t credentials; /* that it reads from folders beside it */
    size_t unread;      /* accounts that are not in it */
    size_t skipped;     /* listeners that are not */
} thingspace_import_counts;

#define THINGSPACE_IMPORT_COUNTS_INIT                                                              \
    {                                                                                              \
        sizeof(thingspace_import_counts), 0, 0, 0, 0, 0                                            \
    }

typedef struct thingspace_import_options {
    size_t size; /* sizeof(thingspace_import_options), set by THINGSPACE_IMPORT_OPTIONS_INIT */
    const char *const *accounts; /* names, ends with NULL; NULL: those that the policy declares */
    const char *name;            /* of the policy that is written; NULL: "imported" */
    const char *data_file;       /* how the script names its table of listeners, when it would be
                                    longer than a script may be; NULL: it has none */
    thingspace_unread_function *unread; /* NULL: nobody is told */
    void *unread_user;
    thingspace_progress_function *progress; /* NULL: silent */
    void *progress_user;
    const char *const *apis; /* beside connectivity, and those with which the client's policy
                                declares listeners of the account; ends with NULL; NULL: none */
    thingspace_skipped_function *skipped; /* NULL: nobody is told */
    void *skipped_user;
    thingspace_import_counts *counts; /* filled when all is read; NULL: nobody counts */
    const char *const *columns; /* members that rows of accounts are to keep; ends with NULL; NULL:
                                   none */
    const char *const *cells;   /* their texts: for each account in turn, as it stands in
                                   `accounts`, one for each column; NULL and "" say nothing */
} thingspace_import_options;

#define THINGSPACE_IMPORT_OPTIONS_INIT                                                             \
    {                                                                                              \
        sizeof(thingspace_import_options), NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,   \
            NULL, NULL, NULL, NULL                                                                 \
    }

/*
 * A policy, as Lua text, that declares what is registered now for the accounts: passwords as
 * secret.registered, so that the plan of it has nothing to do. Its hosts are in `owns`: what is
 * registered in these accounts becomes ours. Repairs first, as a plan does; changes nothing else.
 * `*data` is the CSV text of options->data_file, NULL when it is not needed. Accounts that cannot
 * be read, and listeners that no policy can declare, are told and left out. `options` may be NULL.
 * Expected: USAGE (no accounts, an unknown API; the script is longer than a script may be: give a
 * data_file), PARTIAL (some accounts were left out; the texts are there), the first one's kind (all
 * were), CANCELLED, LOCAL, NETWORK, MEMORY. Texts are freed with thingspace_text_free.
 */
THINGSPACE_API thingspace_status thingspace_import(thingspace_client *client, char **script,
                                                   char **data,
                                                   const thingspace_import_options *options,
                                                   thingspace_error *error);

#ifdef __cplusplus
}
#endif
#endif
