/* SPDX-License-Identifier: MIT */
/*
 * List: GET /callbacks/{account}, or as the API has it. The body is empty, not [], when nothing is
 * registered; passwords come in clear and stay inside the result.
 */
#include <config.h>
#include <stdlib.h>
#include "base/error.h"
#include "base/text.h"
#include "callbacks/operations.h"
#include "callbacks/path.h"
#include "catalogue/api.h"
#include "client/result.h"

static thingspace_status build(request *out, const api_row *api, const thingspace_request *input,
                               thingspace_error *error)
{
    return path_set_callbacks(out, api, input->account, error);
}

static const char *service_of(const json *item, const api_row *api)
{
    return api->service_member ? api_member(item, API_SERVICE) : api->info.services[0];
}

static void read_row(listener_row *row, const json *item, const thingspace_result *result)
{
    const char *named = api_member(item, API_ACCOUNT);
    row->password = json_get_string(item, "password");
    row->shown = (thingspace_listener){
        .account = named ? named : result->account,
        .service = service_of(item, result->api),
        .url = api_member(item, API_URL),
        .username = json_get_string(item, "username"),
        .has_password = !text_is_empty(row->password),
    };
}

static thingspace_status unreadable(const thingspace_result *result, const char *what,
                                    thingspace_error *error)
{
    error_set(error, THINGSPACE_PROTOCOL, "list: %s (HTTP %d)", what, result->response.status);
    error_set_http(error, result->response.status);
    return THINGSPACE_PROTOCOL;
}

/* Half a list is none: whoever removes or compares what is listed must not take it for all. */
static thingspace_status refuse_rows(thingspace_result *result, thingspace_error *error)
{
    result->row_count = 0;
    return unreadable(result, "a listener without a service name was listed", error);
}

static thingspace_status add_row(thingspace_result *result, const json *item,
                                 thingspace_error *error)
{
    listener_row *row = &result->rows[result->row_count];
    read_row(row, item, result);
    if (!row->shown.service)
        return refuse_rows(result, error);
    result->row_count++;
    return THINGSPACE_OK;
}

static thingspace_status make_rows(thingspace_result *result, size_t count, thingspace_error *error)
{
    result->rows = calloc(count, sizeof(*result->rows));
    return result->rows ? THINGSPACE_OK : error_memory(error);
}

static thingspace_status read_rows(thingspace_result *result, thingspace_error *error)
{
    size_t count = json_count(result->document);
    if (count == 0)
        return THINGSPACE_OK;
    thingspace_status status = make_rows(result, count, error);
    for (const json *item = json_first(result->document); item && status == THINGSPACE_OK;
         item = json_next(item))
        status = add_row(result, item, error);
    return status;
}

/* Of an API with one listener for an account; without a URL there is none. */
static thingspace_status read_object(thingspace_result *result, thingspace_error *error)
{
    if (text_is_empty(api_member(result->document, API_URL)))
        return THINGSPACE_OK;
    thingspace_status status = make_rows(result, 1, error);
    return status == THINGSPACE_OK ? add_row(result, result->document, error) : status;
}

static bool is_blank(const buffer *body)
{
    for (size_t i = 0; i < body->size; i++)
        if (body->data[i] != ' ' && body->data[i] != '\r' && body->data[i] != '\n')
            return false;
    return true;
}

static thingspace_status decode(thingspace_result *result, thingspace_error *error)
{
    const buffer *body = &result->response.body;
    if (is_blank(body))
        return THINGSPACE_OK;
    thingspace_status status = json_parse(&result->document, buffer_text(body), body->size, error);
    if (status == THINGSPACE_PROTOCOL) {
        error_prefix(error, "list: the answer (HTTP %d)", result->response.status);
        error_set_http(error, result->response.status);
    }
    if (status != THINGSPACE_OK)
        return status;
    json_type type = json_type_of(result->document);
    if (type == JSON_OBJECT && result->api->lists_object)
        return read_object(result, error);
    if (type != JSON_ARRAY)
        return unreadable(result, "the answer is not a list", error);
    return read_rows(result, error);
}

const operation operation_list = {
    .name = "list",
    .repeatable = true,
    .build = build,
    .decode = decode,
};
