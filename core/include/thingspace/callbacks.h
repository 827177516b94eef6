/* SPDX-License-Identifier: MIT */
/*
 * The operations: register, list and deregister listeners, and any other call of the API.
 * Each exists blocking and as a call in flight. A result belongs to whoever gets it;
 * what it returns is borrowed from it.
 */
#ifndef THINGSPACE_CALLBACKS_H
#define THINGSPACE_CALLBACKS_H

#include <thingspace/client.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct thingspace_result thingspace_result;

typedef enum thingspace_operation {
    THINGSPACE_REGISTER = 1,   /* account, service, url, username?, password? */
    THINGSPACE_LIST = 2,       /* account */
    THINGSPACE_DEREGISTER = 3, /* account, service */
    THINGSPACE_CALL = 4        /* account, method, path, data? */
} thingspace_operation;

#define THINGSPACE_DRY_RUN 1u /* everything up to the attempt; see thingspace_result_preview */

typedef struct thingspace_request {
    size_t size; /* sizeof(thingspace_request), set by THINGSPACE_REQUEST_INIT */
    thingspace_operation operation;
    unsigned flags;
    const char *account;
    const char *service;
    const char *url;
    const char *username;        /* NULL: no such member is sent; "" sends the empty element */
    thingspace_secret *password; /* the same; an empty secret sends the empty element */
    const char *method;          /* "GET", "POST", "PUT", "DELETE", "PATCH" */
    const char *path;            /* "/...", appended to the API base; {account} expands; ?a=b */
    const char *data;            /* JSON, sent byte for byte; NULL: no body */
    size_t data_size;
    long long timeout_ms; /* 0: the client's */
    const char *api;      /* a name of thingspace_api_at; NULL: "connectivity" */
    long long time_ms;    /* of a dry run: what hooks in Lua take for the time; 0: now */
} thingspace_request;

#define THINGSPACE_REQUEST_INIT                                                                    \
    {                                                                                              \
        sizeof(thingspace_request), THINGSPACE_LIST, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL,  \
            NULL, 0, 0, NULL, 0                                                                    \
    }

/* One listener as the service lists it. Members that it omits are NULL. Never the password. */
typedef struct thingspace_listener {
    const char *account;
    const char *service;
    const char *url;
    const char *username;
    int has_password;
} thingspace_listener;

/* A call in flight: valid from thingspace_call_start until its `done` begins. */
typedef struct thingspace_pending thingspace_pending;

/* Called exactly once, from the loop; the result
 * becomes the receiver's. May start and cancel calls. */
typedef void thingspace_done(thingspace_result *result, void *user);

/*
 * Starts a call; everything in `request` is copied. `out` may be NULL. Errors in the request itself
 * (USAGE), an undeclared account and a failing policy (POLICY) are answered through `done` too.
 * Expected here: USAGE (no client, another thread, unknown operation), CANCELLED, MEMORY; then
 * `done` is not called.
 */
THINGSPACE_API thingspace_status thingspace_call_start(thingspace_client *client,
                                                       thingspace_pending **out,
                                                       const thingspace_request *request,
                                                       thingspace_done *done, void *user,
                                                       thingspace_error *error);
/* Ends the call with THINGSPACE_CANCELLED; `done` runs
 * before this returns. What was sent may have taken effect. */
THINGSPACE_API void thingspace_call_cancel(thingspace_pending *pending);

/* The same, blocking: the status and error are those of the call. `out` may be NULL. */
THINGSPACE_API thingspace_status thingspace_perform(thingspace_client *client,
                                                    thingspace_result **out,
                                                    const thingspace_request *request,
                                                    thingspace_error *error);

/*
 * Sends one registration. A register whose answer was lost is read back before anything else.
 * Expected: all kinds. `username` and `password` as in thingspace_request.
 */
THINGSPACE_API thingspace_status thingspace_register(
    thingspace_client *client, thingspace_result **out, const char *account, const char *service,
    const char *url, const char *username, thingspace_secret *password, thingspace_error *error);
/* The listeners of an account: thingspace_result_count. Expected: the same. */
THINGSPACE_API thingspace_status thingspace_list(thingspace_client *client, thingspace_result **out,
                                                 const char *account, thingspace_error *error);
/* Removes one. What is not there is SERVICE, unless the service says otherwise. */
THINGSPACE_API thingspace_status thingspace_deregister(thingspace_client *client,
                                                       thingspace_result **out, const char *account,
                                                       const char *service,
                                                       thingspace_error *error);
/* Any other request of the API; `data` may be NULL. Only a GET is ever repeated. */
THINGSPACE_API thingspace_status thingspace_call(thingspace_client *client, thingspace_result **out,
                                                 const char *account, const char *method,
                                                 const char *path, const char *data,
                                                 size_t data_size, thingspace_error *error);

/* What thingspace_ensure found and did. */
typedef enum thingspace_ensured {
    THINGSPACE_ENSURED_ADDED = 1,     /* was not registered */
    THINGSPACE_ENSURED_UNCHANGED = 2, /* is registered just so; nothing was sent */
    THINGSPACE_ENSURED_UPDATED = 3,   /* same URL, other username or password */
    THINGSPACE_ENSURED_REPLACED = 4   /* went to another URL; only with THINGSPACE_REPLACE */
} thingspace_ensured;

#define THINGSPACE_REPLACE 2u /* take over a service that goes to another URL */

/*
 * Makes sure that a listener is registered, reading first. With `request->flags` lacking
 * THINGSPACE_REPLACE a service that goes to another URL is REFUSED, and the message shows where it
 * goes. Where the service refuses a second POST, the old listener is removed and the new one
 * registered; if that fails, the old one is put back. What a process that died in between had
 * removed is registered first, of any account of the policy, as the state directory tells; so does
 * a thingspace_deregister or thingspace_perform that removes. `out` and `result` (the register's;
 * when it is registered just so, that of a register which was not sent) may be NULL. Blocking.
 */
THINGSPACE_API thingspace_status thingspace_ensure(thingspace_client *client,
                                                   thingspace_ensured *out,
                                                   thingspace_result **result,
                                                   const thingspace_request *request,
                                                   thingspace_error *error);

/* --- results; NULL answers as an empty one --- */

/* Frees it with all that was borrowed from it. NULL is allowed. */
THINGSPACE_API void thingspace_result_free(thingspace_result *result);
/* How the call ended. */
THINGSPACE_API thingspace_status thingspace_result_status(const thingspace_result *result);
/* The details; its `kind` is the status. Borrowed; never NULL. */
THINGSPACE_API const thingspace_error *thingspace_result_error(const thingspace_result *result);
/* The names asked for; after register and deregister those that the service confirmed. */
THINGSPACE_API const char *thingspace_result_account(const thingspace_result *result);
THINGSPACE_API const char *thingspace_result_service(const thingspace_result *result);
/* The listener's URL of a register as plugins left it; NULL of other operations, and when the call
 * failed before its request was made. */
THINGSPACE_API const char *thingspace_result_url(const thingspace_result *result);
/* Of the final answer; 0 when none. */
THINGSPACE_API int thingspace_result_http_status(const thingspace_result *result);
/* HTTP exchanges made for this call, without those for tokens. */
THINGSPACE_API unsigned thingspace_result_attempts(const thingspace_result *result);
/* The final answer's body as it came; may hold passwords (list). "" when none. */
THINGSPACE_API const char *thingspace_result_body(const thingspace_result *result, size_t *size);
/* A header field of the final answer, case ignored; NULL when absent. */
THINGSPACE_API const char *thingspace_result_header(const thingspace_result *result,
                                                    const char *name);
/* A signing key that a register reply carried in a header; NULL when none. Borrowed. */
THINGSPACE_API thingspace_secret *thingspace_result_signing_key(const thingspace_result *result);
/* Listeners of a list: how many, and the one at `index`, NULL at or beyond the count. */
THINGSPACE_API size_t thingspace_result_count(const thingspace_result *result);
THINGSPACE_API const thingspace_listener *
thingspace_result_listener(const thingspace_result *result, size_t index);
/* After a dry run: {"method","url","headers","body","hooks"} as JSON, redacted. NULL otherwise. */
THINGSPACE_API const char *thingspace_result_preview(const thingspace_result *result);

#ifdef __cplusplus
}
#endif
#endif
