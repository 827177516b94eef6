/* SPDX-License-Identifier: MIT */
/*
 * What a dry run leaves in its result, redacted: secrets are "***", and so is a header field or a
 * parameter whose name says that it carries one, as in the changes beside it. On the client's
 * thread.
 */
#include <config.h>
#include <string.h>
#include "base/limits.h"
#include "catalogue/api.h"
#include "catalogue/sensitive.h"
#include "client/phases.h"

static json *headers_json(const headers *fields, thingspace_status *status)
{
    json *object = json_new_object();
    for (size_t i = 0; i < fields->count; i++) {
        const header *field = &fields->items[i];
        const char *shown = sensitive_shown(field->name, field->value, field->secret);
        json_put(object, field->name, json_new_string(shown), status);
    }
    json_put(object, "Authorization", json_new_string("Bearer " SENSITIVE_MASK), status);
    json_put(object, API_SESSION_HEADER, json_new_string(SENSITIVE_MASK), status);
    return object;
}

static json *body_json(const request *request)
{
    return request_json(request) ? json_copy(request_json(request)) : json_new_null();
}

static json *url_json(const call *call)
{
    cleanup_buffer buffer shown;
    const char *url = buffer_text(&call->url);
    buffer_init(&shown, LIMIT_JSON_TEXT);
    buffer_append(&shown, url, strcspn(url, "?"));
    request_show_query(call->request, &shown);
    return shown.status == THINGSPACE_OK ? json_new_string(buffer_text(&shown)) : NULL;
}

static thingspace_status write_request(call *call)
{
    const request *request = call->request;
    const json *trace = call->result->trace;
    cleanup_json json *preview = json_new_object();
    thingspace_status status = THINGSPACE_OK;
    json_put(preview, "method", json_new_string(request_method(request)), &status);
    json_put(preview, "url", url_json(call), &status);
    json_put(preview, "headers", headers_json(request_headers(request), &status), &status);
    json_put(preview, "body", body_json(request), &status);
    json_put(preview, "hooks", trace ? json_copy(trace) : json_new_array(), &status);
    return status == THINGSPACE_OK ? json_write_text(&call->result->preview, preview) : status;
}

thingspace_status preview_write(call *call, thingspace_status status)
{
    thingspace_result *result = call->result;
    if (call->hooks) {
        result->trace = trace_json(&call->hooks->trace, &call->hooks->view);
        if (!result->trace)
            return THINGSPACE_MEMORY;
    }
    return status == THINGSPACE_OK ? write_request(call) : THINGSPACE_OK;
}
