/* SPDX-License-Identifier: MIT */
/*
 * ThingSpace lists the passwords of listeners in clear, and a hook may answer with a secret.
 * Whatever command an answer comes through, they are not shown.
 */
#ifndef CLI_REDACT_H
#define CLI_REDACT_H

#include <stdbool.h>
#include "base/buffer.h"

/*
 * Whether `body` is JSON in which a member of a password or token (sensitive_member), at any depth,
 * is not empty; `out` is then the same document with "***" in its place. False: nothing to hide,
 * `out` is empty.
 */
bool redact_secrets(buffer *out, const char *body, size_t size);

#endif
