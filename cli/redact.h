/* SPDX-License-Identifier: MIT */
/*
 * ThingSpace lists the passwords of listeners in clear. Whatever command an answer comes
 * through, they are not shown.
 */
#ifndef CLI_REDACT_H
#define CLI_REDACT_H

#include <stdbool.h>
#include "base/buffer.h"

/*
 * Whether `body` is a JSON list or object with a `password` that is not empty; `out` is then the
 * same document with "***" in its place. False: nothing to hide, `out` is empty.
 */
bool redact_passwords(buffer *out, const char *body, size_t size);

#endif
