/* SPDX-License-Identifier: MIT */
/* Deregister: DELETE /callbacks/{account}/name/{service}, or as the API has it, without a body. */
#include <config.h>
#include "callbacks/confirmed.h"
#include "callbacks/operations.h"
#include "callbacks/path.h"

static thingspace_status build(request *out, const api_row *api, const thingspace_request *input,
                               thingspace_error *error)
{
    thingspace_status status = api_row_check_service(api, input->service, error);
    if (status != THINGSPACE_OK)
        return status;
    return path_set_listener(out, api, input->account, input->service, error);
}

static thingspace_status decode(thingspace_result *result, thingspace_error *error)
{
    return confirmed_decode(result, "deregister", result->api->removed, error);
}

static confirmation confirm(const request *frozen, const char *service,
                            const thingspace_result *read)
{
    (void)frozen;
    return result_find(read, service) ? NOT_CONFIRMED : CONFIRMED;
}

const operation operation_deregister = {
    .name = "deregister",
    .names_service = true,
    .repeatable = true,
    .build = build,
    .decode = decode,
    .reader = &operation_list,
    .confirm = confirm,
};
