/* SPDX-License-Identifier: MIT */
/*
 * Register: POST /callbacks/{account} with {name, url, username?, password?}, or as the API has it.
 * The request says `name`, the answer `serviceName`. Repeating it is harmless only after reading
 * back: whether a second POST replaces or is refused is not documented.
 */
#include <config.h>
#include <string.h>
#include "base/error.h"
#include "base/secret.h"
#include "base/text.h"
#include "callbacks/confirmed.h"
#include "callbacks/operations.h"
#include "callbacks/path.h"
#include "catalogue/listener_check.h"

static thingspace_status set_body(request *out, const api_row *api, const thingspace_request *input,
                                  thingspace_error *error)
{
    json *body = json_new_object();
    thingspace_status status = THINGSPACE_OK;
    if (api->account_member)
        json_put(body, api->account_member, json_new_string(input->account), &status);
    if (api->service_member)
        json_put(body, api->service_member, json_new_string(input->service), &status);
    json_put(body, api->url_member, json_new_string(input->url), &status);
    if (api->credentials && input->username)
        json_put(body, "username", json_new_string(input->username), &status);
    if (api->credentials && input->password)
        json_put(body, "password", json_new_secret(input->password), &status);
    if (status != THINGSPACE_OK) {
        json_free(body);
        return error_memory(error);
    }
    return request_set_json(out, body, error);
}

static bool is_wanted(const thingspace_secret *password)
{
    return password && secret_size(password) > 0;
}

static thingspace_status build(request *out, const api_row *api, const thingspace_request *input,
                               thingspace_error *error)
{
    const listener_facts facts = {
        .url = input->url, .username = input->username, .password = input->password};
    thingspace_status status = api_row_check_service(api, input->service, error);
    if (status == THINGSPACE_OK)
        status = listener_check_sendable(&facts, error);
    if (status == THINGSPACE_OK)
        status = api_row_check_credentials(api, input->username, is_wanted(input->password), error);
    if (status == THINGSPACE_OK)
        status = path_set_register(out, api, input->account, error);
    if (status == THINGSPACE_OK)
        status = set_body(out, api, input, error);
    return status;
}

/*
 * A signing key comes in a header of the answer whose name is known only as "Shared-Key...": any
 * field with that in its name is taken.
 */
static bool holds_signing_key(const char *name)
{
    for (; (name = strpbrk(name, "Ss")); name++)
        if (text_starts_with_ignoring_case(name, "shared-key"))
            return true;
    return false;
}

static thingspace_status keep_signing_key(thingspace_result *result, thingspace_error *error)
{
    for (size_t i = 0; i < result->response.header_count; i++) {
        const char *name, *value;
        response_header_at(&result->response, i, &name, &value);
        if (holds_signing_key(name))
            return thingspace_secret_new(&result->signing_key, value, strlen(value), error);
    }
    return THINGSPACE_OK;
}

static thingspace_status decode(thingspace_result *result, thingspace_error *error)
{
    thingspace_status status = keep_signing_key(result, error);
    return status == THINGSPACE_OK
               ? confirmed_decode(result, "register", result->api->registered, error)
               : status;
}

/* What the list omits is unknown, not different. */
static bool differs(const char *listed, const char *sent)
{
    return listed && sent && !text_equal(listed, sent);
}

static bool password_differs(const char *listed, const thingspace_secret *sent)
{
    return listed && sent && !secret_equal_text(sent, listed);
}

static confirmation confirm(const request *frozen, const char *service,
                            const thingspace_result *read)
{
    const json *body = request_json(frozen);
    const listener_row *row = result_find(read, service);
    if (!row || differs(row->shown.url, json_get_string(body, read->api->url_member)) ||
        differs(row->shown.username, json_get_string(body, "username")) ||
        password_differs(row->password, json_secret(json_get(body, "password"))))
        return NOT_CONFIRMED;
    return CONFIRMED;
}

const operation operation_register = {
    .name = "register",
    .sends_listener = true,
    .repeatable = true,
    .build = build,
    .decode = decode,
    .reader = &operation_list,
    .confirm = confirm,
};
