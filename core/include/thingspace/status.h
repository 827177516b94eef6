/* SPDX-License-Identifier: MIT */
/*
 * The closed list of outcomes. Every fallible function of the library returns
 * one of these; the same list makes the `kind` of JSON errors, the exit status
 * of the command and the names in the documentation.
 */
#ifndef THINGSPACE_STATUS_H
#define THINGSPACE_STATUS_H

#if defined(__GNUC__)
#    define THINGSPACE_API __attribute__((visibility("default")))
#else
#    define THINGSPACE_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* X(NAME, value, kind, exit status of the command, meaning) */
#define THINGSPACE_STATUS_MAP(X)                                                                   \
    X(OK, 0, "ok", 0, "done")                                                                      \
    X(SERVICE, 1, "service", 1, "the service said no")                                             \
    X(USAGE, 2, "usage", 2, "wrong words, or something that cannot be sent")                       \
    X(POLICY, 3, "policy", 3, "a policy script failed, or nobody declared the account")            \
    X(PLUGIN, 4, "plugin", 3, "a plugin failed or ran into a limit")                               \
    X(DENIED, 5, "denied", 3, "a hook denied the call")                                            \
    X(AUTH, 6, "auth", 4, "a credential is missing or was refused")                                \
    X(LATCHED, 7, "latched", 4, "no login is sent: too many have failed")                          \
    X(NETWORK, 8, "network", 5, "no usable connection")                                            \
    X(TIMEOUT, 9, "timeout", 5, "no answer in time")                                               \
    X(TLS, 10, "tls", 5, "the peer could not be verified")                                         \
    X(PROTOCOL, 11, "protocol", 5, "an answer that cannot be read")                                \
    X(DRIFT, 12, "drift", 6, "what is registered differs from what is declared")                   \
    X(PARTIAL, 13, "partial", 7, "some failed, others are done")                                   \
    X(REFUSED, 14, "refused", 8, "refused for safety; an option overrides it")                     \
    X(LOCAL, 15, "local", 9, "state directory, file or output unusable")                           \
    X(MEMORY, 16, "memory", 9, "out of memory")                                                    \
    X(INTERNAL, 17, "internal", 70, "a bug: please report it")                                     \
    X(CANCELLED, 18, "cancelled", 130, "interrupted")

typedef enum thingspace_status {
#define X(name, value, kind, exit_status, meaning) THINGSPACE_##name = value,
    THINGSPACE_STATUS_MAP(X)
#undef X
} thingspace_status;

/* The kind's name ("service", "usage", ...); "unknown" for a value outside the list. Any thread. */
THINGSPACE_API const char *thingspace_status_name(thingspace_status status);

/* The exit status that the command gives for it; 70 for a value outside the list. Any thread. */
THINGSPACE_API int thingspace_status_exit(thingspace_status status);

#ifdef __cplusplus
}
#endif
#endif
