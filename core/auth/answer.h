/* SPDX-License-Identifier: MIT */
/*
 * Answers of the service to this room's requests: the token in a good one, the
 * error of a bad one. Pure; any thread.
 */
#ifndef ANSWER_H
#define ANSWER_H

#include "auth/credential.h"
#include "base/json.h"
#include "catalogue/fault.h"
#include "http/response.h"

/* Visible ASCII, neither empty nor too long: everything else is no token, or splits a header. */
bool answer_is_token(const char *text);

/* Expected: PROTOCOL, MEMORY. */
thingspace_status answer_parse(json **out, const buffer *body, thingspace_error *error);
/* The string member `name` as a secret that a header can carry. Expected: PROTOCOL, MEMORY. */
thingspace_status answer_read_token(thingspace_secret **out, const json *root, const char *name,
                                    thingspace_error *error);

/* A fault that cannot be read for want of memory is one without a code. */
void answer_read_fault(fault *out, const response *response);
/* 400, 401, 403: what was sent is wrong. */
bool answer_is_refusal(int http_status);
/* Whether the gateway refused the bearer, so that nothing behind it saw the request. */
bool answer_is_gateway_refusal(const fault *fault);

/*
 * Sets the error of a failed answer and returns its kind: AUTH for a refusal, with `hint` (which
 * parts to check), else SERVICE or PROTOCOL. `what`: "the login of credential ...".
 */
thingspace_status answer_fail(thingspace_error *error, const response *response, const fault *fault,
                              const char *what, const char *hint);

#endif
