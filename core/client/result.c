/* SPDX-License-Identifier: MIT */
/* Results: life and accessors. Plain data, used by one thread at a time. */
#include <config.h>
#include <stdlib.h>
#include "base/error.h"
#include "base/text.h"
#include "client/result.h"

thingspace_status result_new(thingspace_result **out, const char *account, const char *service)
{
    thingspace_result *result = calloc(1, sizeof(*result));
    if (!result)
        return THINGSPACE_MEMORY;
    result->error.size = sizeof(result->error);
    (void)api_row_find(&result->api, NULL, NULL);
    response_init(&result->response);
    result->account = text_copy(account ? account : "");
    result->service = text_copy(service);
    if (!result->account || (service && !result->service)) {
        thingspace_result_free(result);
        return THINGSPACE_MEMORY;
    }
    *out = result;
    return THINGSPACE_OK;
}

void thingspace_result_free(thingspace_result *result)
{
    if (!result)
        return;
    free(result->account);
    free(result->service);
    free(result->asked_account);
    free(result->asked_service);
    response_dispose(&result->response);
    json_free(result->document);
    free(result->rows);
    thingspace_secret_free(result->signing_key);
    free(result->preview);
    json_free(result->trace);
    request_free(result->request);
    free(result);
}

const listener_row *result_find(const thingspace_result *result, const char *service)
{
    for (size_t i = 0; i < result->row_count; i++)
        if (text_equal(result->rows[i].shown.service, service))
            return &result->rows[i];
    return NULL;
}

thingspace_status thingspace_result_status(const thingspace_result *result)
{
    return result ? result->status : THINGSPACE_OK;
}

const thingspace_error *thingspace_result_error(const thingspace_result *result)
{
    static const thingspace_error none = THINGSPACE_ERROR_INIT;
    return result ? &result->error : &none;
}

const char *thingspace_result_account(const thingspace_result *result)
{
    return result ? result->account : "";
}

const char *thingspace_result_service(const thingspace_result *result)
{
    return result && result->service ? result->service : "";
}

const char *thingspace_result_url(const thingspace_result *result)
{
    bool is_listener = result && result->service && result->request;
    return is_listener ? json_get_string(request_json(result->request), result->api->url_member)
                       : NULL;
}

int thingspace_result_http_status(const thingspace_result *result)
{
    return result ? result->response.status : 0;
}

unsigned thingspace_result_attempts(const thingspace_result *result)
{
    return result ? result->attempts : 0;
}

const char *thingspace_result_body(const thingspace_result *result, size_t *size)
{
    if (size)
        *size = result ? result->response.body.size : 0;
    return result ? buffer_text(&result->response.body) : "";
}

const char *thingspace_result_header(const thingspace_result *result, const char *name)
{
    return result && name ? response_header(&result->response, name) : NULL;
}

thingspace_secret *thingspace_result_signing_key(const thingspace_result *result)
{
    return result ? result->signing_key : NULL;
}

size_t thingspace_result_count(const thingspace_result *result)
{
    return result ? result->row_count : 0;
}

const thingspace_listener *thingspace_result_listener(const thingspace_result *result, size_t index)
{
    return result && index < result->row_count ? &result->rows[index].shown : NULL;
}

const char *thingspace_result_preview(const thingspace_result *result)
{
    return result ? result->preview : NULL;
}
