/* SPDX-License-Identifier: MIT */
/* The request of a dry run, redacted: secrets are "***". Owns nothing; on the client's thread. */
#include <config.h>
#include "catalogue/api.h"
#include "client/call.h"

static json *headers_json(const headers *fields, thingspace_status *status)
{
    json *object = json_new_object();
    for (size_t i = 0; i < fields->count; i++) {
        const header *field = &fields->items[i];
        json_put(object, field->name, json_new_string(field->secret ? "***" : field->value),
                 status);
    }
    json_put(object, "Authorization", json_new_string("Bearer ***"), status);
    json_put(object, API_SESSION_HEADER, json_new_string("***"), status);
    return object;
}

static json *body_json(const request *request)
{
    return request_json(request) ? json_copy(request_json(request)) : json_new_null();
}

thingspace_status preview_write(call *call, char **out)
{
    const request *request = call->request;
    cleanup_json json *preview = json_new_object();
    thingspace_status status = THINGSPACE_OK;
    json_put(preview, "method", json_new_string(request_method(request)), &status);
    json_put(preview, "url", json_new_string(buffer_text(&call->url)), &status);
    json_put(preview, "headers", headers_json(request_headers(request), &status), &status);
    json_put(preview, "body", body_json(request), &status);
    json_put(preview, "hooks", json_new_array(), &status);
    return status == THINGSPACE_OK ? json_write_text(out, preview) : status;
}
