/* SPDX-License-Identifier: MIT */
/*
 * Parts of a JSON tree by JSON Pointer (RFC 6901): "" is the whole, "/a/0" the first element of
 * member `a`; `~0` stands for a tilde, `~1` for a slash. One thread at a time.
 */
#ifndef JSON_POINTER_H
#define JSON_POINTER_H

#include "base/json.h"

/* Borrowed; NULL when absent, or when `pointer` is none. */
const json *json_pointer_get(const json *root, const char *pointer);
/*
 * Replaces or adds that part; a NULL `value` removes it, and removing what is absent is fine. `-`
 * or the index after the last one adds to an array. Takes `value`, also on failure; `*root` may be
 * NULL. Expected: USAGE (not a pointer; nothing there that could hold it), MEMORY.
 */
thingspace_status json_pointer_set(json **root, const char *pointer, json *value,
                                   thingspace_error *error);
/*
 * For a tree that was written as text and came back: a string "***" where `old` has a secret
 * becomes that secret again. Expected: MEMORY.
 */
thingspace_status json_keep_secrets(json **tree, const json *old);

#endif
