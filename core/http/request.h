/* SPDX-License-Identifier: MIT */
/*
 * The request of a call before it is sent: method, path, query, headers and a
 * body that stays a JSON tree whose secrets are nodes of their own. It changes only
 * through request_set_*, the place where the journal of hooks will listen, and not
 * at all once it is frozen. Tokens are not part of it: the attempt adds them.
 * Texts in are copied, texts out are borrowed. One thread at a time.
 */
#ifndef REQUEST_H
#define REQUEST_H

#include "base/json.h"
#include "http/headers.h"

typedef struct request request;

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
/* Bytes of the caller, sent as they are; they must be JSON (strict). */
thingspace_status request_set_text(request *request, const char *text, size_t size,
                                   thingspace_error *error);
void request_freeze(request *request);

const char *request_method(const request *request);
const char *request_path(const request *request);
const headers *request_headers(const request *request);
const json *request_json(const request *request); /* NULL: no body */
/* `base` + path + query. Expected: MEMORY, PROTOCOL (longer than `out` may be). */
thingspace_status request_write_url(const request *request, buffer *out, const char *base);
/* The body's bytes; with JSON_REVEAL `out` must be
 * a secret buffer. Nothing when there is no body. */
thingspace_status request_write_body(const request *request, buffer *out, unsigned json_flags);

#endif
