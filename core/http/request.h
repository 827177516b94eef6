/* SPDX-License-Identifier: MIT */
/*
 * The request of a call before it is sent: method, path, query, headers and a
 * body that stays a JSON tree whose secrets are nodes of their own. It changes only
 * through request_set_* and request_swap_*, whose answers the journal of hooks keeps, and not
 * at all once it is frozen. Tokens are not part of it: the attempt adds them.
 * Texts in are copied, texts out are borrowed. One thread at a time.
 */
#ifndef REQUEST_H
#define REQUEST_H

#include "base/json.h"
#include "http/headers.h"

typedef struct request request;

/* What a swap found, so that it can be undone; see below. */
typedef struct request_parameter {
    char *name, *value;
} request_parameter;

typedef struct request_query_before {
    request_parameter item; /* name NULL: the parameter was absent */
    size_t place;           /* HEADER_NOWHERE: nothing was changed */
    bool removed;
} request_query_before;

typedef struct request_body {
    json *tree;
    buffer text; /* the bytes, when it came as text; secret */
} request_body;

/* Has Content-Type and Accept application/json. Owned: request_free. Expected: USAGE, MEMORY. */
thingspace_status request_new(request **out, const char *method, thingspace_error *error);
void request_free(request *request);

/* `path` is percent-encoded already and begins with a slash.
 * Expected: USAGE, MEMORY; INTERNAL when frozen (all setters). */
thingspace_status request_set_path(request *request, const char *path, thingspace_error *error);
thingspace_status request_set_header(request *request, const char *name, const char *value,
                                     thingspace_error *error);
thingspace_status request_remove_header(request *request, const char *name,
                                        thingspace_error *error);
/* Plain name and value, encoded when sent. Replaces a parameter of that name; NULL removes it. */
thingspace_status request_set_query(request *request, const char *name, const char *value,
                                    thingspace_error *error);
/* Takes the tree, also on failure. */
thingspace_status request_set_json(request *request, json *body, thingspace_error *error);
/* Bytes of the caller, sent as they are; they must be JSON (strict). In the tree beside them
 * passwords and tokens are secret nodes (catalogue/sensitive.h). */
thingspace_status request_set_text(request *request, const char *text, size_t size,
                                   thingspace_error *error);
void request_freeze(request *request);

/*
 * Changes that can be undone: a NULL value removes, `*before` gets what was there and is to be
 * given back to the function that restores or disposes of it. Swaps of one kind are undone
 * backwards; that cannot fail. Expected: as the setters.
 */
thingspace_status request_swap_header(request *request, const char *name, const char *value,
                                      header_before *before, thingspace_error *error);
void request_restore_header(request *request, header_before *before);
thingspace_status request_swap_query(request *request, const char *name, const char *value,
                                     request_query_before *before, thingspace_error *error);
void request_restore_query(request *request, request_query_before *before);
void request_query_before_dispose(request_query_before *before);
/* An empty body; one of a tree has no text. */
void request_body_init(request_body *body);
void request_body_dispose(request_body *body);
/* Exchanges the two; again to undo it. */
void request_swap_body(request *request, request_body *body);

const char *request_method(const request *request);
const char *request_path(const request *request);
const headers *request_headers(const request *request);
/* Not encoded; NULL when absent. */
const char *request_query(const request *request, const char *name);
/* Parameter number `index`, not encoded; false: there are no more. */
bool request_query_at(const request *request, size_t index, const char **name, const char **value);
const json *request_json(const request *request); /* NULL: no body */
/* `base` + path + query. Expected: MEMORY, PROTOCOL (longer than `out` may be). */
thingspace_status request_write_url(const request *request, buffer *out, const char *base);
/* The query from its `?` on, with "***" for secrets; nothing when there is none. */
void request_show_query(const request *request, buffer *out);
/* The body's bytes; with JSON_REVEAL `out` must be
 * a secret buffer. Nothing when there is no body. */
thingspace_status request_write_body(const request *request, buffer *out, unsigned json_flags);

#endif
