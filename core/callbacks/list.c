/* SPDX-License-Identifier: MIT */
/*
 * List: GET /callbacks/{account}. The body is empty, not [], when nothing is registered;
 * passwords come in clear and stay inside the result.
 */
#include <config.h>
#include <stdlib.h>
#include "base/error.h"
#include "base/text.h"
#include "callbacks/operations.h"
#include "callbacks/path.h"
#include "catalogue/api.h"
#include "client/result.h"

static thingspace_status build(request *out, const thingspace_request *input,
                               thingspace_error *error)
{
    return path_set_callbacks(out, input->account, error);
}

static void read_row(listener_row *row, const json *item, const char *account)
{
    const char *named = api_member(item, API_ACCOUNT);
    row->password = json_get_string(item, "password");
    row->shown = (thingspace_listener){
        .account = named ? named : account,
        .service = api_member(item, API_SERVICE),
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

static thingspace_status read_rows(thingspace_result *result, thingspace_error *error)
{
    size_t count = json_count(result->document);
    if (count == 0)
        return THINGSPACE_OK;
    result->rows = calloc(count, sizeof(*result->rows));
    if (!result->rows)
        return error_memory(error);
    for (const json *item = json_first(result->document); item; item = json_next(item)) {
        read_row(&result->rows[result->row_count], item, result->account);
        if (!result->rows[result->row_count].shown.service)
            return refuse_rows(result, error);
        result->row_count++;
    }
    return THINGSPACE_OK;
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
    if (json_type_of(result->document) != JSON_ARRAY)
        return unreadable(result, "the answer is not a list", error);
    return read_rows(result, error);
}

const operation operation_list = {
    .name = "list",
    .repeatable = true,
    .build = build,
    .decode = decode,
};
