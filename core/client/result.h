/* SPDX-License-Identifier: MIT */
/*
 * What a call came to. Owns the final answer and what was decoded from it; the
 * public accessors are in result.c. Made by the call, then the receiver's.
 */
#ifndef RESULT_H
#define RESULT_H

#include <thingspace/callbacks.h>
#include "base/json.h"
#include "catalogue/api_table.h"
#include "http/request.h"
#include "http/response.h"

/* One registration in a list; texts borrow from the result's document. */
typedef struct listener_row {
    thingspace_listener shown;
    const char *password; /* never leaves the library */
} listener_row;

struct thingspace_result {
    thingspace_status status;
    thingspace_error error;
    const api_row *api;
    char *account;
    char *service;                       /* NULL: the operation has none */
    char *asked_account, *asked_service; /* when the service named others; else NULL */
    response response;
    json *document; /* the decoded body; NULL: none */
    listener_row *rows;
    size_t row_count;
    thingspace_secret *signing_key;
    unsigned attempts;
    bool accepted; /* by the service, whatever hooks made of that; false without hooks */
    bool unknown;  /* it failed, and may have taken effect all the same */
    request
        *request; /* as the hooks left it, of a call for a service and of a dry run; else NULL */

    /* Of a dry run. */
    char *preview;
    json *trace; /* which hooks ran; NULL: there are none */
};

/* `service` may be NULL; of the first API. Expected: MEMORY. Owned: thingspace_result_free. */
thingspace_status result_new(thingspace_result **out, const char *account, const char *service);

/* The listener of that service; NULL when it is not in the list. */
const listener_row *result_find(const thingspace_result *result, const char *service);

#endif
