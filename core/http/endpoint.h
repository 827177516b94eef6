/* SPDX-License-Identifier: MIT */
/*
 * One ThingSpace deployment: where its API and its tokens are, and what a
 * connection to it may do. Immutable once made; belongs to the policy. Any thread.
 */
#ifndef ENDPOINT_H
#define ENDPOINT_H

#include <stdbool.h>
#include <thingspace/error.h>

typedef struct endpoint {
    char *name;
    char *api;        /* ".../api/m2m/v1", no final slash */
    size_t root_size; /* of `api` before /api/m2m/v1, where the other APIs are; 0: it does not end
                         so */
    char *token;      /* ".../api/ts/v1/oauth2/token" */
    char *revoke;     /* ".../api/ts/v1/oauth2/revoke"; derived from `token` */
    bool insecure;    /* plain http is allowed */
    bool private_allowed;
    unsigned window; /* calls at once; 0: LIMIT_WINDOW_DEFAULT */
} endpoint;

typedef struct endpoint_options {
    const char *url; /* the host: both others derive from it; or NULL and both of: */
    const char *api;
    const char *token;
    bool insecure, private_allowed;
    unsigned window;
} endpoint_options;

/* Owned: endpoint_free. Expected: USAGE (which URL, why), MEMORY. */
thingspace_status endpoint_new(endpoint **out, const char *name, const endpoint_options *options,
                               thingspace_error *error);
void endpoint_free(endpoint *endpoint);

#endif
