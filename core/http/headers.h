/* SPDX-License-Identifier: MIT */
/*
 * Header fields of a request, in order, at most LIMIT_REQUEST_HEADERS. Names are
 * tokens, compared without case; values have no CR, LF, NUL, no leading or trailing
 * blank. A value may be a secret behind a plain prefix ("Bearer "). Texts are copied,
 * secrets get one more reference. One thread at a time.
 */
#ifndef HEADERS_H
#define HEADERS_H

#include "base/secret.h"

typedef struct header {
    const char *name;
    const char *value;         /* the whole value, or the plain prefix of the secret; never NULL */
    thingspace_secret *secret; /* NULL: the value is plain */
    char *block;               /* owns name and value; NULL: they are lent */
} header;

typedef struct headers {
    header *items;
    size_t count;
    size_t capacity;
    size_t bytes; /* of names and plain values */
} headers;

/* What headers_swap found, so that it can be undone. */
typedef struct header_before {
    header item;  /* name NULL: the field was absent */
    size_t place; /* where it stands or stood; HEADER_NOWHERE: nothing was changed */
    size_t bytes; /* of the item's texts */
    bool removed;
} header_before;

#define HEADER_NOWHERE ((size_t)-1)

void headers_init(headers *headers);
void headers_dispose(headers *headers);

/* Replaces a field of that name, else appends. Expected: USAGE (not sendable), MEMORY. */
thingspace_status headers_set(headers *headers, const char *name, const char *value,
                              thingspace_error *error);
thingspace_status headers_set_secret(headers *headers, const char *name, const char *prefix,
                                     thingspace_secret *secret, thingspace_error *error);
/* Appends a field that is known to be sendable and not there yet; the texts are literals. */
thingspace_status headers_add_literal(headers *headers, const char *name, const char *value,
                                      thingspace_error *error);
void headers_remove(headers *headers, const char *name);
/* NULL when absent. */
const header *headers_find(const headers *headers, const char *name);

/* Whether name and value could be sent. Expected: USAGE. */
thingspace_status headers_check(const char *name, const char *value, thingspace_error *error);

/*
 * Sets a field, or removes it when `value` is NULL, and hands over what was there: to be given to
 * headers_restore or header_before_dispose; on failure it is empty. Expected: as headers_set.
 */
thingspace_status headers_swap(headers *headers, const char *name, const char *value,
                               header_before *before, thingspace_error *error);
/* Undoes the last swap that was not undone yet. Cannot fail. */
void headers_restore(headers *headers, header_before *before);
void header_before_dispose(header_before *before);

#endif
