/* SPDX-License-Identifier: MIT */
/* See confirmed.h. */
#include <config.h>
#include <stdlib.h>
#include "base/error.h"
#include "base/text.h"
#include "callbacks/confirmed.h"
#include "catalogue/api.h"

/* What was asked for stays in `*asked`: hooks are still to be told of it. */
static thingspace_status replace(char **text, char **asked, const char *named,
                                 thingspace_error *error)
{
    if (!named || text_equal(*text, named))
        return THINGSPACE_OK;
    char *copy = text_copy(named);
    if (!copy)
        return error_memory(error);
    if (*asked)
        free(*text);
    else
        *asked = *text;
    *text = copy;
    return THINGSPACE_OK;
}

static thingspace_status read_names(thingspace_result *result, const json *named,
                                    thingspace_error *error)
{
    thingspace_status status =
        replace(&result->account, &result->asked_account, api_member(named, API_ACCOUNT), error);
    /* Where an account has one listener, `name` is none of it. */
    if (status == THINGSPACE_OK && result->api->service_member)
        status = replace(&result->service, &result->asked_service, api_member(named, API_SERVICE),
                         error);
    return status;
}

static const json *find_object(const thingspace_result *result, api_reply shape)
{
    const json *document = result->document;
    if (shape == API_REPLY_LIST && json_type_of(document) == JSON_ARRAY)
        document = json_first(document);
    return json_type_of(document) == JSON_OBJECT ? document : NULL;
}

static thingspace_status parse(thingspace_result *result, const json **out, api_reply shape,
                               thingspace_error *error)
{
    const buffer *body = &result->response.body;
    if (body->size == 0)
        return error_set(error, THINGSPACE_PROTOCOL,
                         "the body is empty where an object was expected");
    thingspace_status status = json_parse(&result->document, buffer_text(body), body->size, error);
    if (status != THINGSPACE_OK)
        return status;
    *out = find_object(result, shape);
    return *out ? THINGSPACE_OK
                : error_set(error, THINGSPACE_PROTOCOL, "the body is not an object");
}

static thingspace_status refuse(const thingspace_result *result, const char *operation,
                                thingspace_error *error)
{
    error_set(error, THINGSPACE_SERVICE,
              "%s: the service answered that it had no success (HTTP %d)", operation,
              result->response.status);
    error_set_http(error, result->response.status);
    return THINGSPACE_SERVICE;
}

thingspace_status confirmed_decode(thingspace_result *result, const char *operation,
                                   api_reply shape, thingspace_error *error)
{
    const json *named = NULL;
    int answered = result->response.status;
    if (answered == 0 || shape == API_REPLY_EMPTY)
        return THINGSPACE_OK;
    thingspace_status status = parse(result, &named, shape, error);
    if (status == THINGSPACE_PROTOCOL) {
        error_prefix(error, "%s: unreadable answer (HTTP %d)", operation, answered);
        error_set_http(error, answered);
    }
    if (status != THINGSPACE_OK)
        return status;
    if (json_type_of(json_get(named, "success")) == JSON_FALSE)
        return refuse(result, operation, error);
    return read_names(result, named, error);
}
