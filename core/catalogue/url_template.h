/* SPDX-License-Identifier: MIT */
/*
 * URLs of many listeners written as one: `{account}` and `{service}` become a percent-encoded part,
 * `{token}` becomes what only the operator can compute. Placeholders stand in the path or the
 * query, never in the host, so that whose URL it is can be seen in the template; `{{` and `}}`
 * there are braces. Pure; any thread.
 */
#ifndef URL_TEMPLATE_H
#define URL_TEMPLATE_H

#include <stdbool.h>
#include "base/buffer.h"

/* NULL: that placeholder stays as it is written. */
typedef struct url_values {
    const char *account;
    const char *service;
    const char *token;
    bool last; /* nothing is left to expand: braces become single */
} url_values;

/* Whether there is anything to expand, or a brace that should not be there. */
bool url_template_is(const char *url);
bool url_template_wants_token(const char *url);

/* Expected: USAGE (an unknown placeholder, a brace without its other half, one before the path). */
thingspace_status url_template_check(const char *url, thingspace_error *error);

/* Appends a checked template. Expected: what the buffer says. */
thingspace_status url_template_expand(buffer *out, const char *url, const url_values *values);

#endif
