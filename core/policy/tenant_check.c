/* SPDX-License-Identifier: MIT */
/* See tenant_check.h. A member is a URL's when its name ends with "url" or "endpoint" (that of the
 * diagnostics API), at whatever depth. */
#include <config.h>
#include <string.h>
#include "base/error.h"
#include "base/text.h"
#include "policy/tenant_check.h"

static bool is_url_name(const char *name)
{
    static const char *const endings[] = {"url", "endpoint"};
    size_t size = name ? strlen(name) : 0;
    for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
        size_t length = strlen(endings[i]);
        if (size >= length && text_equal_ignoring_case(name + size - length, endings[i]))
            return true;
    }
    return false;
}

static thingspace_status check_value(const tenant *tenant, const json *value,
                                     thingspace_error *error)
{
    if (json_type_of(value) == JSON_SECRET)
        return error_set(error, THINGSPACE_POLICY,
                         "tenant %s: the member '%s' of the request is a secret; a URL must be "
                         "plain text, so that it can be compared with what is granted",
                         tenant->name, json_name(value));
    return json_string(value) ? tenant_check_url(tenant, json_string(value), error) : THINGSPACE_OK;
}

static thingspace_status check_node(const tenant *tenant, const json *node, thingspace_error *error)
{
    thingspace_status status = THINGSPACE_OK;
    for (const json *child = json_first(node); child && status == THINGSPACE_OK;
         child = json_next(child)) {
        if (is_url_name(json_name(child)))
            status = check_value(tenant, child, error);
        if (status == THINGSPACE_OK)
            status = check_node(tenant, child, error);
    }
    return status;
}

thingspace_status tenant_check_request(const tenant *tenant, const request *request,
                                       thingspace_error *error)
{
    return tenant_check_body(tenant, request_json(request), error);
}

thingspace_status tenant_check_body(const tenant *tenant, const json *body, thingspace_error *error)
{
    return tenant ? check_node(tenant, body, error) : THINGSPACE_OK;
}
