/* SPDX-License-Identifier: MIT */
/* The request of a dry run as JSON: {"method","url","headers","body","hooks"}. Secrets are "***".
 */
#include <config.h>
#include "base/limits.h"
#include "catalogue/api.h"
#include "client/call.h"

static thingspace_status fill_headers(json *object, const headers *fields)
{
    thingspace_status status = THINGSPACE_OK;
    for (size_t i = 0; i < fields->count && status == THINGSPACE_OK; i++) {
        const header *field = &fields->items[i];
        status =
            json_set(object, field->name, json_new_string(field->secret ? "***" : field->value));
    }
    if (status == THINGSPACE_OK)
        status = json_set(object, "Authorization", json_new_string("Bearer ***"));
    if (status == THINGSPACE_OK)
        status = json_set(object, API_SESSION_HEADER, json_new_string("***"));
    return status;
}

static json *preview_headers(const headers *fields)
{
    json *object = json_new_object();
    if (object && fill_headers(object, fields) != THINGSPACE_OK) {
        json_free(object);
        return NULL;
    }
    return object;
}

static json *preview_body(const request *request)
{
    return request_json(request) ? json_copy(request_json(request)) : json_new_null();
}

thingspace_status preview_write(call *call, char **out)
{
    cleanup_json json *preview = json_new_object();
    if (!preview)
        return THINGSPACE_MEMORY;
    const request *request = call->request;
    const struct {
        const char *name;
        json *value;
    } members[] = {
        {"method", json_new_string(request_method(request))},
        {"url", json_new_string(buffer_text(&call->url))},
        {"headers", preview_headers(request_headers(request))},
        {"body", preview_body(request)},
        {"hooks", json_new_array()},
    };
    thingspace_status status = THINGSPACE_OK;
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        thingspace_status set = json_set(preview, members[i].name, members[i].value);
        status = status == THINGSPACE_OK ? set : status;
    }
    cleanup_buffer buffer text;
    buffer_init(&text, LIMIT_RESPONSE_BODY);
    if (status == THINGSPACE_OK)
        status = json_write(&text, preview, JSON_PLAIN);
    if (status == THINGSPACE_OK && !(*out = buffer_take(&text)))
        status = THINGSPACE_MEMORY;
    return status;
}
