/* SPDX-License-Identifier: MIT */
/*
 * A client: one policy, one state directory, many calls in flight. It belongs to one
 * thread at a time; a second thread that enters meanwhile gets THINGSPACE_USAGE. Clients
 * share nothing in memory; tokens and latches are shared through the state directory.
 *
 * A process that was forked cannot use the clients of its parent (THINGSPACE_USAGE) and makes its
 * own. Freeing one there does nothing, so that the parent's connections and locks stay as they are:
 * its memory, and calls in flight, which are the parent's, are left.
 *
 * Two drivers, chosen when the client is made. Its own loop (the default): the blocking
 * functions and thingspace_client_run wait for the network. A foreign event loop
 * (THINGSPACE_FOREIGN_LOOP): watch thingspace_client_fd for reading and call
 * thingspace_client_process when it is readable; blocking functions answer THINGSPACE_USAGE.
 *
 * Texts in are NUL-terminated UTF-8 and copied; texts out say who owns them.
 */
#ifndef THINGSPACE_CLIENT_H
#define THINGSPACE_CLIENT_H

#include <stddef.h>
#include <thingspace/error.h>
#include <thingspace/log.h>
#include <thingspace/secret.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct thingspace_client thingspace_client;

/* What a policy written in C answers; names of what was declared. Texts are copied on return. */
typedef struct thingspace_decision {
    size_t size;            /* set by the library */
    const char *endpoint;   /* NULL: the row's, else the default */
    const char *credential; /* NULL: the row's, else the default */
    long long timeout_ms;   /* 0: the row's, else the default */
    const char *tags;       /* a JSON object; NULL: the row's */
    int undeclared;         /* nobody knows the account: refused, unless the policy declares it */
} thingspace_decision;

/*
 * Decides for one account: one that the policy declares, or any when it declares none. Anything but
 * THINGSPACE_OK fails the call with THINGSPACE_POLICY. It cannot use the client, but for
 * thingspace_client_row.
 */
typedef thingspace_status thingspace_resolve_function(void *user, const char *account,
                                                      thingspace_decision *decision,
                                                      thingspace_error *error);

/* What one listener shall be; texts are copied, one more reference of secrets is taken. */
typedef struct thingspace_desired {
    size_t size;                 /* sizeof(thingspace_desired), set by THINGSPACE_DESIRED_INIT */
    const char *service;         /* a name, or that of a group of the policy: "@all" */
    const char *url;             /* as in a policy: {account}, {service}, {token} */
    const char *username;        /* NULL: none is sent */
    thingspace_secret *password; /* NULL: none is wanted */
    int password_registered;     /* whatever is registered now */
    const char *api;             /* NULL: connectivity */
    thingspace_secret *token;    /* the key of {token}; NULL: none is named */
} thingspace_desired;

#define THINGSPACE_DESIRED_INIT                                                                    \
    {                                                                                              \
        sizeof(thingspace_desired), NULL, NULL, NULL, NULL, 0, NULL, NULL                          \
    }

typedef struct thingspace_desired_list thingspace_desired_list;

/*
 * Declares the listeners of one account with thingspace_desired_add. What is named by itself goes
 * before what its group says. Anything but THINGSPACE_OK, and a listener that was refused, fails
 * with THINGSPACE_POLICY. It cannot use the client, but for thingspace_client_row.
 */
typedef thingspace_status thingspace_listeners_function(void *user, const char *account,
                                                        thingspace_desired_list *out,
                                                        thingspace_error *error);

/* Inside such a function alone. Expected: POLICY (a listener that cannot be sent, or is declared
 * twice), MEMORY. */
THINGSPACE_API thingspace_status thingspace_desired_add(thingspace_desired_list *out,
                                                        const thingspace_desired *desired,
                                                        thingspace_error *error);

/* A secret that a policy in Lua gets a handle of, by its name. */
typedef struct thingspace_named_secret {
    const char *name; /* NULL ends a list */
    thingspace_secret *secret;
} thingspace_named_secret;

/*
 * Asked when credential `environment` lacks a part ("key", "secret", "username", "password"):
 * a terminal, a key store. The secret that it answers becomes the library's.
 */
typedef thingspace_status thingspace_ask_function(void *user, const char *part,
                                                  thingspace_secret **out, thingspace_error *error);

#define THINGSPACE_NO_TOKEN_CACHE 1u /* no tokens in the state directory; lock and latch stay */
#define THINGSPACE_FOREIGN_LOOP   2u /* the client belongs to a loop of the program */

/* All texts are copied. */
typedef struct thingspace_client_options {
    size_t size;    /* sizeof(thingspace_client_options), set by THINGSPACE_CLIENT_OPTIONS_INIT */
    unsigned flags; /* THINGSPACE_NO_TOKEN_CACHE, THINGSPACE_FOREIGN_LOOP */
    const char *policy_file;   /* a Lua policy; NULL: `policy_text` */
    const char *policy_text;   /* its text. Both NULL: as the command finds it, see thingspace(1) */
    const char *policy_name;   /* names `policy_text` in messages; default "policy" */
    const char *policy_folder; /* where `policy_text` finds its files; NULL: it may read none */
    thingspace_resolve_function *resolve; /* decides instead of the policy's `resolve`; for a
                                             tenant's accounts its script still does */
    void *resolve_user;
    thingspace_ask_function *ask;
    void *ask_user;
    const char *state_dir;        /* NULL: the default place, see thingspace(1) */
    const char *ca_file;          /* certificate authorities, PEM; NULL: the system's */
    const char *proxy;            /* NULL: none; the environment's proxies are never used */
    long long timeout_ms;         /* for one call, beats the policy; 0: the policy's, else 30,000;
                                     begins anew when the call had to wait for others to end */
    const char *const *settings;  /* "NAME=VALUE" for thingspace.settings, ends with NULL */
    thingspace_log_function *log; /* NULL: silent */
    void *log_user;
    thingspace_log_level log_level;
    const char *const *plugins; /* "FILE" or "FILE,{JSON OPTIONS}", granted what they declare; ends
                                   with NULL */
    const char *plugin_path;    /* folders with colons between; NULL: the built-in ones */
    const char *reason;         /* why changes are made, for audit hooks; NULL: none */
    thingspace_listeners_function *listeners; /* declares instead of the policy's `listeners` */
    void *listeners_user;
    const thingspace_named_secret *secrets; /* thingspace.secret.named(NAME) of the policy; one more
                                               reference is taken; NULL: none */
} thingspace_client_options;

#define THINGSPACE_CLIENT_OPTIONS_INIT                                                             \
    {                                                                                              \
        sizeof(thingspace_client_options), 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,      \
            NULL, NULL, NULL, 0, NULL, NULL, NULL, THINGSPACE_LOG_WARNING, NULL, NULL, NULL, NULL, \
            NULL, NULL                                                                             \
    }

/*
 * Loads the policy; reads no secret but those of the environment and sends nothing. An unusable
 * state directory is reported by the first call that needs it. `options` may be NULL. Owned:
 * thingspace_client_free. Expected: POLICY, PLUGIN, USAGE, AUTH (a part of the environment's
 * credential cannot be read), LOCAL, MEMORY.
 */
THINGSPACE_API thingspace_status thingspace_client_new(thingspace_client **out,
                                                       const thingspace_client_options *options,
                                                       thingspace_error *error);

/*
 * Calls in flight end with THINGSPACE_CANCELLED: their `done` runs before this returns. Inside a
 * `done` it takes effect when the outermost function of the library returns. NULL is allowed.
 */
THINGSPACE_API void thingspace_client_free(thingspace_client *client);

/*
 * Own loop: works until no call is in flight, at most `wait_ms` milliseconds (-1: no limit).
 * Expected: USAGE (foreign loop, another thread, inside a callback), CANCELLED (interrupted).
 */
THINGSPACE_API thingspace_status thingspace_client_run(thingspace_client *client, long long wait_ms,
                                                       thingspace_error *error);
/* Foreign loop: the descriptor, borrowed, the same for the client's life; -1 with the own loop. */
THINGSPACE_API int thingspace_client_fd(const thingspace_client *client);
/* Foreign loop: does what is due, without waiting. Expected: USAGE
 * (own loop, another thread, inside a callback). */
THINGSPACE_API thingspace_status thingspace_client_process(thingspace_client *client,
                                                           thingspace_error *error);
/* How many calls are in flight. Any thread. */
THINGSPACE_API size_t thingspace_client_pending(const thingspace_client *client);

/*
 * Ends everything in flight with THINGSPACE_CANCELLED, from any thread or a signal handler
 * (async-signal-safe). Later calls are refused the same way until thingspace_client_resume.
 */
THINGSPACE_API void thingspace_client_interrupt(thingspace_client *client);
THINGSPACE_API void thingspace_client_resume(thingspace_client *client);

/* The accounts that the policy declares, in its order; 0 without a policy. Texts are borrowed until
 * the client is freed or reloaded. */
THINGSPACE_API size_t thingspace_client_account_count(const thingspace_client *client);
THINGSPACE_API const char *thingspace_client_account(const thingspace_client *client, size_t index);

/*
 * The account's row as the policy declares it, a JSON object; NULL when it has none. Also inside
 * the functions of the policy, then as they have it. Owned: thingspace_text_free. Expected: USAGE
 * (another thread, a hook), MEMORY.
 */
THINGSPACE_API thingspace_status thingspace_client_row(thingspace_client *client, char **out,
                                                       const char *account,
                                                       thingspace_error *error);

/* Frees a text that the library handed over. NULL is allowed. */
THINGSPACE_API void thingspace_text_free(char *text);

#ifdef __cplusplus
}
#endif
#endif
