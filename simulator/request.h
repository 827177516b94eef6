/* SPDX-License-Identifier: MIT */
/* One request as it came: path and query still encoded,
 * headers in order, body whole. Owned by its exchange. */
#ifndef SIMULATOR_REQUEST_H
#define SIMULATOR_REQUEST_H

#include <stdbool.h>
#include "base/buffer.h"
#include "base/json.h"
#include "pairs.h"

struct request {
    char *method;
    char *path;  /* without the query, percent-encoded as sent */
    char *query; /* what follows the `?`; NULL when there is none */
    struct pairs headers;
    buffer body;
};

/* Splits `uri`. Expected: MEMORY. */
thingspace_status request_init(struct request *request, const char *uri);
void request_dispose(struct request *request);

bool request_is(const struct request *request, const char *method);
const char *request_header(const struct request *request, const char *name); /* NULL when absent */
/* Whether the Content-Type is that media type, parameters aside. */
bool request_has_type(const struct request *request, const char *media_type);
/* What follows "SCHEME " in Authorization; NULL when absent or of another scheme. */
const char *request_authorization(const struct request *request, const char *scheme);
/* The decoded value of a field of a form body; `*out`
 * NULL when absent. Expected: MEMORY, PROTOCOL. */
thingspace_status request_form(const struct request *request, const char *name, char **out);

#endif
