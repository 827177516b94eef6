/* SPDX-License-Identifier: MIT */
/* See confirmed.h. */
#include <config.h>
#include <stdlib.h>
#include "base/error.h"
#include "base/text.h"
#include "callbacks/confirmed.h"
#include "catalogue/api.h"

static thingspace_status replace(char **text, const char *named, thingspace_error *error)
{
    if (!named || text_equal(*text, named))
        return THINGSPACE_OK;
    char *copy = text_copy(named);
    if (!copy)
        return error_memory(error);
    free(*text);
    *text = copy;
    return THINGSPACE_OK;
}

static thingspace_status read_names(thingspace_result *result, thingspace_error *error)
{
    thingspace_status status =
        replace(&result->account, api_member(result->document, API_ACCOUNT), error);
    if (status == THINGSPACE_OK)
        status = replace(&result->service, api_member(result->document, API_SERVICE), error);
    return status;
}

thingspace_status confirmed_decode(thingspace_result *result, const char *operation,
                                   thingspace_error *error)
{
    const response *answer = &result->response;
    if (answer->status == 0)
        return THINGSPACE_OK;
    thingspace_status status = THINGSPACE_PROTOCOL;
    if (answer->body.size == 0)
        error_set(error, status, "the body is empty where an object was expected");
    else
        status =
            json_parse(&result->document, buffer_text(&answer->body), answer->body.size, error);
    if (status == THINGSPACE_OK && json_type_of(result->document) != JSON_OBJECT)
        status = error_set(error, THINGSPACE_PROTOCOL, "the body is not an object");
    if (status == THINGSPACE_PROTOCOL) {
        error_prefix(error, "%s: unreadable answer (HTTP %d)", operation, answer->status);
        error_set_http(error, answer->status);
    }
    return status == THINGSPACE_OK ? read_names(result, error) : status;
}
