/* SPDX-License-Identifier: MIT */
/*
 * A stand-in for the ThingSpace service, inside the calling process: it listens
 * on a socket and answers as the public material says the real one does. For
 * tests, demonstrations and trying out a policy; it keeps everything in memory,
 * speaks plain http and shows listener passwords to whoever can reach it.
 *
 * Beside /api/m2m/v1 it has the callbacks of these APIs, with listeners of their own, both tokens,
 * and the switches of the options for a second POST and an absent DELETE:
 *
 *   location       /api/loc/v1            answers account and name; {"success":true} to DELETE
 *   hyper-precise  /api/hyper-precise/v1  ?accountNumber= in place of the path; lists of one in
 *                                         answer to POST, nothing to DELETE
 *   diagnostics    /api/diagnostics/v1    the account in the body of POST, else in the query; the
 *                                         URL is called endpoint; httpHeaders are kept and listed
 *   software-v1    /api/fota/v1           as connectivity, but aname and name in the list
 *   software-v2    /api/fota/v2           one listener for an account: {"url"}; PUT changes what
 *                                         there is; {"success":true} to DELETE
 *   software-v3    /api/fota/v3           the same
 *
 * location and diagnostics answer POST with a signing key in the header Shared-Key, a new one each
 * time. That name, which is not public, and what happens where the pages are silent (a POST beside
 * a listener of v2 and v3, a PUT without one) are made up.
 *
 * Several may run in one process. Each owns two threads of its own, with all
 * signals blocked; every function may be called from any thread, except that
 * nothing may run on a simulator while or after thingspace_simulator_stop.
 */
#ifndef THINGSPACE_SIMULATOR_H
#define THINGSPACE_SIMULATOR_H

#include <stddef.h>
#include <thingspace/error.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What is accepted when the options name no credential. */
#define THINGSPACE_SIMULATOR_KEY        "demo-key"
#define THINGSPACE_SIMULATOR_SECRET     "demo-secret"
#define THINGSPACE_SIMULATOR_USERNAME   "demo-user"
#define THINGSPACE_SIMULATOR_PASSWORD   "demo-password"
#define THINGSPACE_SIMULATOR_TEST_TOKEN "demo-test-token"

/* What the real service does in these cases is not public: each is a switch. */
typedef enum thingspace_simulator_post { /* POST for a service that has a listener */
                                         THINGSPACE_SIMULATOR_POST_REPLACES = 0,
                                         THINGSPACE_SIMULATOR_POST_REFUSED = 1
} thingspace_simulator_post;

typedef enum thingspace_simulator_delete { /* DELETE of a service without a listener */
                                           THINGSPACE_SIMULATOR_DELETE_REFUSED = 0,
                                           THINGSPACE_SIMULATOR_DELETE_CONFIRMED = 1
} thingspace_simulator_delete;

typedef enum thingspace_simulator_login { /* a second login of the same user */
                                          THINGSPACE_SIMULATOR_LOGIN_KEEPS = 0,
                                          THINGSPACE_SIMULATOR_LOGIN_ENDS_OLDER = 1
} thingspace_simulator_login;

typedef enum thingspace_simulator_list { /* username and password of a listener without them */
                                         THINGSPACE_SIMULATOR_LIST_EMPTY_TEXT = 0,
                                         THINGSPACE_SIMULATOR_LIST_OMITS = 1
} thingspace_simulator_list;

/* Zero, NULL: the default. Text is copied. */
typedef struct thingspace_simulator_options {
    size_t size;      /* sizeof(thingspace_simulator_options), set by the initialiser */
    const char *host; /* a literal address, or "localhost"; default 127.0.0.1 */
    int port;         /* default 0: any free port */
    int allow_remote; /* 1: `host` need not be loopback */
    const char *key;  /* the first credential: all four, or none for the demo one */
    const char *secret;
    const char *username;
    const char *password;
    const char *const *accounts; /* patterns (`*`) of that user's, NULL last; default all */
    const char *test_token;   /* a bearer that never expires, as the portal gives for its sandbox */
    int bearer_seconds;       /* life of a bearer from its first issue, default 3600 */
    int session_idle_seconds; /* default 1200 */
    int lockout_failures;     /* failed logins in a row that lock a user, default 5 */
    int latency_ms;           /* before every answer, default 0 */
    int dead_session_status;  /* HTTP status for session errors: 400 (default) or 401 */
    thingspace_simulator_post second_post;
    thingspace_simulator_delete absent_delete;
    thingspace_simulator_login second_login;
    thingspace_simulator_list empty_credentials;
    const char *const *faults; /* rules as for thingspace_simulator_add_fault, NULL last */
    const char *state;         /* JSON from thingspace_simulator_state: its listeners are loaded */
    unsigned seed;             /* of the chances of faults; 0: another one each time */
} thingspace_simulator_options;

#define THINGSPACE_SIMULATOR_OPTIONS_INIT                                                          \
    {                                                                                              \
        sizeof(thingspace_simulator_options), NULL, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, 0,   \
            0, 0, 0, 0, THINGSPACE_SIMULATOR_POST_REPLACES, THINGSPACE_SIMULATOR_DELETE_REFUSED,   \
            THINGSPACE_SIMULATOR_LOGIN_KEEPS, THINGSPACE_SIMULATOR_LIST_EMPTY_TEXT, NULL, NULL, 0  \
    }

typedef struct thingspace_simulator thingspace_simulator;

/*
 * Starts one; `options` NULL: all defaults. It answers as soon as this returns.
 * Owned: thingspace_simulator_stop. Expected: THINGSPACE_USAGE (an option, rule or
 * state that cannot be used), THINGSPACE_LOCAL (the port is taken), THINGSPACE_MEMORY.
 */
THINGSPACE_API thingspace_status
thingspace_simulator_start(thingspace_simulator **out, const thingspace_simulator_options *options,
                           thingspace_error *error);

/* Closes all connections, waits for the threads, frees it. NULL is allowed. */
THINGSPACE_API void thingspace_simulator_stop(thingspace_simulator *simulator);

/* "http://127.0.0.1:PORT", without a slash at its end; borrowed until the stop. */
THINGSPACE_API const char *thingspace_simulator_url(const thingspace_simulator *simulator);

/*
 * One more application (key, secret) and UWS user (username, password); either
 * pair may be NULL. A key or username that is known gets the new secret, password and
 * accounts. `accounts`: patterns, NULL last; NULL: all accounts.
 * Expected: THINGSPACE_USAGE (half a pair), THINGSPACE_MEMORY.
 */
THINGSPACE_API thingspace_status thingspace_simulator_add_credential(
    thingspace_simulator *simulator, const char *key, const char *secret, const char *username,
    const char *password, const char *const *accounts, thingspace_error *error);

/*
 * Adds a fault: "METHOD PATH WORD...". METHOD and PATH may hold `*`; PATH is
 * compared with the whole path and with what follows /api/m2m/v1, /api/ts/v1 or the
 * base of another API.
 * The first rule that matches and is not used up applies. Words:
 *
 *   status=N          this status in place of the operation
 *   body=TEXT         this body in place of the operation's
 *   garbage           200 and bytes that are neither JSON nor UTF-8
 *   huge=BYTES        200 and so many zeros ('0'), chunked
 *   redirect[=URL]    302 to URL
 *   close             the connection is closed without an answer
 *   reset             the same, by a TCP reset
 *   raw=TEXT          these bytes in place of an HTTP answer, then closed
 *   header=NAME:VALUE one more header of the answer; repeatable
 *   delay=MS          waits first
 *   cut=BYTES         closes the connection after so many bytes of the body
 *   drip=BYTES        sends so many bytes of the body a second
 *   after             the operation takes effect first, also before a delay
 *   expire=WHAT       the bearer or the session that the request presents ends
 *   times=N           the rule is used up after N uses (default: never)
 *   skip=N            the first N matches pass
 *   chance=SHARE      so many of the matches after these, at random, 5% or 0.05, the others pass.
 *                     With the same seed and the same requests in the same order the same ones
 *
 * A value may be put in "double quotes", with \" \\ \r \n \t inside them.
 * Expected: THINGSPACE_USAGE (the message names the word), THINGSPACE_MEMORY.
 */
THINGSPACE_API thingspace_status thingspace_simulator_add_fault(thingspace_simulator *simulator,
                                                                const char *rule,
                                                                thingspace_error *error);

typedef struct thingspace_simulator_listener {
    size_t size; /* sizeof(thingspace_simulator_listener), set by the initialiser */
    const char *account;
    const char *service;
    const char *url;
    const char *username; /* NULL or "": none */
    const char *password;
    int soap;        /* 1: registered by SOAP, so no list shows it and it blocks a POST */
    const char *api; /* one of those above; NULL: connectivity */
} thingspace_simulator_listener;

#define THINGSPACE_SIMULATOR_LISTENER_INIT                                                         \
    {                                                                                              \
        sizeof(thingspace_simulator_listener), NULL, NULL, NULL, NULL, NULL, 0, NULL               \
    }

/* Registers or replaces one, as if it had been there
 * before. Expected: THINGSPACE_USAGE, THINGSPACE_MEMORY. */
THINGSPACE_API thingspace_status thingspace_simulator_add_listener(
    thingspace_simulator *simulator, const thingspace_simulator_listener *listener,
    thingspace_error *error);

/*
 * What happened and what is registered, the JSON text of GET /simulator/state:
 * {"requestCount", "atOnce" (requests that have no answer yet), "mostAtOnce", "tokenRequests",
 *  "loginRequests", "logins", "refusedLogins", "seed",
 *  "failedLogins": {user: failures in a row}, "lockedUsers": [], "mostFailedLogins": {user:
 *  the most of them so far}, "revokes", "paths": {"POST /api/...": count}, "faults": [rule...],
 *  "faultUses": [count...], as many as there are rules, "listeners": [...],
 *  "lastRequest", "requests": the last 100, each {"method", "path", "query",
 *  "headers": [[name, value]...], "body", or "bodyHex" when it is not text}}.
 * Owned: free(). Expected: THINGSPACE_MEMORY.
 */
THINGSPACE_API thingspace_status thingspace_simulator_state(thingspace_simulator *simulator,
                                                            char **out, thingspace_error *error);

#ifdef __cplusplus
}
#endif
#endif
