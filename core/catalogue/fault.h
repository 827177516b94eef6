/* SPDX-License-Identifier: MIT */
/*
 * Error bodies in the formats of the service and its gateway, and what a failed
 * answer means for tokens and for the caller. Only codes decide; texts vary. A
 * service's own name in front of a code ("UnifiedWebService.") is not compared.
 * A fault is a plain struct; all functions are pure; any thread.
 */
#ifndef FAULT_H
#define FAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <thingspace/error.h>

typedef enum fault_format {
    FAULT_NONE,       /* empty body */
    FAULT_ERROR_CODE, /* {"errorCode":..., "errorMessage":...} */
    FAULT_GATEWAY,    /* {"fault":{"code":..., "message":..., "description":...}} */
    FAULT_OAUTH,      /* {"error":..., "error_description":...} */
    FAULT_XML,        /* <am:fault> */
    FAULT_OTHER       /* HTML, other JSON, anything else: no code and no text is taken from it */
} fault_format;

typedef enum fault_token_kind {
    FAULT_TOKEN_NONE,   /* a new token would not help */
    FAULT_TOKEN_BEARER, /* renew the bearer token and send again */
    FAULT_TOKEN_SESSION /* renew the session token and send again */
} fault_token_kind;

typedef struct fault {
    fault_format format;
    char code[128]; /* as sent, escaped; "" when none */
    char text[512]; /* escaped; "" when none */
} fault;

/* Hides in place what is not to be shown of a text as it was sent: before it is escaped, or cut in
 * the middle of a secret. */
typedef void fault_hide(char *text, const void *user);

/* Expected: MEMORY, with an empty fault of format OTHER. Every body is readable otherwise. */
thingspace_status fault_parse(fault *out, const char *body, size_t size);
/* The same, with what `hide` leaves of its texts. */
thingspace_status fault_parse_hiding(fault *out, const char *body, size_t size, fault_hide *hide,
                                     const void *user);

/* Whether the code is `code`, with or without a service's name in front. */
bool fault_code_is(const fault *self, const char *code);

/* Which token the answer complains about. */
fault_token_kind fault_token(const fault *self, int http_status);

/* Whether it names that token: a bare 401 or 403 may have another cause. */
bool fault_names_token(const fault *self);

/* The kind of the final error: AUTH, SERVICE, or PROTOCOL for a status that is no failure. */
thingspace_status fault_status(const fault *self, int http_status);

/* What to do about a known code; NULL when nothing is known. */
const char *fault_hint(const fault *self);

#endif
