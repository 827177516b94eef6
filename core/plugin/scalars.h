/* SPDX-License-Identifier: MIT */
/*
 * Named scalar values that outlive a hook: `thingspace.state` of an instance, `call.vars` of a
 * call. A hook is a transaction: scalars_begin before it, scalars_keep or scalars_undo after it.
 * Keys and texts are copied. One thread at a time.
 */
#ifndef PLUGIN_SCALARS_H
#define PLUGIN_SCALARS_H

#include <stdbool.h>
#include <stddef.h>
#include <thingspace/error.h>

typedef enum scalar_type {
    SCALAR_NIL,
    SCALAR_BOOLEAN,
    SCALAR_INTEGER,
    SCALAR_NUMBER,
    SCALAR_TEXT,
} scalar_type;

typedef struct scalar {
    scalar_type type;
    bool boolean;
    long long integer;
    double number;
    const char *text; /* bytes, borrowed until the next change */
    size_t size;
} scalar;

typedef struct scalars scalars;

/* At most `most` keys; keys of at most 256 bytes, texts of at most 64 KiB, 4 MiB together (named in
 * base/limits.h). Owned: scalars_free. Expected: MEMORY, INTERNAL (no randomness). */
thingspace_status scalars_new(scalars **out, size_t most);
void scalars_free(scalars *scalars);

/* SCALAR_NIL when absent. */
void scalars_get(const scalars *scalars, const char *key, size_t key_size, scalar *out);
/* SCALAR_NIL removes. Expected: PLUGIN (a limit; the message names it), MEMORY. */
thingspace_status scalars_set(scalars *scalars, const char *key, size_t key_size,
                              const scalar *value, thingspace_error *error);
/* Adds to a number (absent: 0) and tells the sum; integers stay integers while they fit. Expected:
 * PLUGIN (not a number; a limit), MEMORY. */
thingspace_status scalars_add(scalars *scalars, const char *key, size_t key_size,
                              const scalar *amount, scalar *out, thingspace_error *error);
size_t scalars_count(const scalars *scalars);
/* Calls `visit` for each key that has a value, in no order; `scalars` may be NULL. */
typedef void scalars_visit(void *user, const char *key, size_t key_size, const scalar *value);
void scalars_each(const scalars *scalars, scalars_visit *visit, void *user);

/* All cost nothing when nothing was changed, and take NULL. New scalars are in a transaction
 * already, so that those made in the middle of a hook are undone with it. */
void scalars_begin(scalars *scalars);
void scalars_keep(scalars *scalars);
void scalars_undo(scalars *scalars);

#endif
