/* SPDX-License-Identifier: MIT */
/*
 * Any other call of the API. Only GET is repeated: a password reset whose answer was lost,
 * say, must not be sent twice.
 */
#include <config.h>
#include "base/error.h"
#include "base/text.h"
#include "callbacks/operations.h"
#include "callbacks/path.h"

static thingspace_status check_method(const char *method, thingspace_error *error)
{
    static const char *const known[] = {"GET", "POST", "PUT", "DELETE", "PATCH"};
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (text_equal(method, known[i]))
            return THINGSPACE_OK;
    return error_set(error, THINGSPACE_USAGE,
                     "method '%s' is not one of GET, POST, PUT, DELETE, PATCH",
                     method ? method : "");
}

static thingspace_status build(request *out, const api_row *api, const thingspace_request *input,
                               thingspace_error *error)
{
    (void)api; /* the path is appended to its base */
    thingspace_status status = check_method(input->method, error);
    if (status == THINGSPACE_OK)
        status = path_set_free(out, input->path, input->account, error);
    if (status == THINGSPACE_OK && input->data)
        status = request_set_text(out, input->data, input->data_size, error);
    return status;
}

const operation operation_call = {
    .name = "call",
    .any_path = true,
    .build = build,
};

const operation operation_get = {
    .name = "call",
    .any_path = true,
    .repeatable = true,
    .build = build,
};
