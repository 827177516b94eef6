/* SPDX-License-Identifier: MIT */
/*
 * What a plugin may be allowed beyond reading plain fields: declared in its manifest, granted by
 * the operator's row, enforced in the setter. A set is a bit mask. Constants: any thread.
 */
#ifndef PLUGIN_CAPABILITY_H
#define PLUGIN_CAPABILITY_H

#include <stddef.h>
#include <thingspace/error.h>
#include "base/json.h"

/* X(NAME, text, what it allows) */
#define CAPABILITY_MAP(X)                                                                          \
    X(REQUEST_HEADERS_WRITE, "request.headers:write", "set and remove header fields of requests")  \
    X(REQUEST_QUERY_WRITE, "request.query:write", "set and remove query parameters")               \
    X(REQUEST_BODY_READ, "request.body:read", "read the JSON body of requests")                    \
    X(REQUEST_BODY_WRITE, "request.body:write", "replace the JSON body of requests")               \
    X(REQUEST_REPLY, "request:reply", "answer in place of the service")                            \
    X(RESPONSE_HEADERS_WRITE, "response.headers:write", "set and remove header fields of answers") \
    X(RESPONSE_BODY_READ, "response.body:read", "read the JSON body of answers")                   \
    X(RESPONSE_BODY_WRITE, "response.body:write", "replace the JSON body of answers")              \
    X(ERROR_WRITE, "error:write", "change the message and the code of a failure")

enum {
#define X(name, text, doc) CAPABILITY_INDEX_##name,
    CAPABILITY_MAP(X)
#undef X
        CAPABILITY_COUNT
};

typedef unsigned capability_set;

enum {
#define X(name, text, doc) CAPABILITY_##name = 1 << CAPABILITY_INDEX_##name,
    CAPABILITY_MAP(X)
#undef X
        CAPABILITY_ALL = (1 << CAPABILITY_COUNT) - 1
};

/* Its text and what it allows; `index` is below CAPABILITY_COUNT. */
const char *capability_text(size_t index);
const char *capability_doc(size_t index);
/* One bit; 0 when there is none of that name. */
capability_set capability_find(const char *text);
/* Adds the named one. Expected: PLUGIN (unknown, with the nearest one). */
thingspace_status capability_add(capability_set *set, const char *text, thingspace_error *error);
/* The first one of `wanted` that is not in `granted`, as text; NULL: all are. */
const char *capability_missing(capability_set wanted, capability_set granted);
/* The error for a plugin that was not granted one of `wanted`. PLUGIN. */
thingspace_status capability_refuse(capability_set wanted, capability_set granted,
                                    thingspace_error *error);
/* As a JSON array of texts; NULL when out of memory. */
json *capability_json(capability_set set);

#endif
