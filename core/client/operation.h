/* SPDX-License-Identifier: MIT */
/*
 * What the client knows of an operation: a descriptor with functions. The operations
 * themselves live in callbacks/; the way of a call is the same for all of them. Constant
 * data; its functions run on the client's thread.
 */
#ifndef OPERATION_H
#define OPERATION_H

#include <thingspace/callbacks.h>
#include "catalogue/api_table.h"
#include "http/request.h"
#include "http/response.h"

/* What a read-back says about a change whose outcome is not known. */
typedef enum confirmation {
    CONFIRMED,     /* it took effect */
    NOT_CONFIRMED, /* it did not */
} confirmation;

typedef struct operation {
    const char *name;
    bool any_path;       /* the caller wrote the path: it must not be that of the login */
    bool sends_listener; /* its body is one, with the members of the API: checked before it is sent
                          */
    bool names_service;  /* its request names one service, where the API's query does */
    bool repeatable;     /* may be sent again when it is not known whether it took effect */

    /* Makes path, query and body for that API. Expected: USAGE, MEMORY. */
    thingspace_status (*build)(request *out, const api_row *api, const thingspace_request *input,
                               thingspace_error *error);
    /* Reads a 2xx answer into the result, by result->api. NULL: nothing to read. Expected:
     * PROTOCOL, SERVICE (it says that it failed), MEMORY. */
    thingspace_status (*decode)(thingspace_result *result, thingspace_error *error);

    /* For operations that can be read back; NULL: the outcome stays unknown. */
    const struct operation *reader;
    /* Compares the frozen request with the reader's decoded result, of the same API. */
    confirmation (*confirm)(const request *frozen, const char *service,
                            const thingspace_result *read);
} operation;

#endif
