/* SPDX-License-Identifier: MIT */
/*
 * The table, and what is asked of a row. That software management v2 and v3 call their listener
 * Fota is our choice, taken from v1: their wire has no name for it.
 */
#include <config.h>
#include <stdio.h>
#include "base/error.h"
#include "base/nearest.h"
#include "base/text.h"
#include "catalogue/api.h"
#include "catalogue/api_table.h"
#include "catalogue/service.h"

#define FOTA "Fota"

static const api_row rows[API_ROWS] = {
    {
        .info = {.name = "connectivity", .path = API_BASE_PATH, .services = {NULL}},
        .account_in_path = true,
        .service_in_path = true,
        .service_member = "name",
        .url_member = "url",
        .credentials = true,
        .update_method = "POST",
        .registered = API_REPLY_OBJECT,
        .removed = API_REPLY_OBJECT,
    },
    {
        .info = {.name = "location",
                 .path = "/api/loc/v1",
                 .services = {"Location", "DeviceLocation", NULL}},
        .account_in_path = true,
        .service_in_path = true,
        .service_member = "name",
        .url_member = "url",
        .update_method = "POST",
        .registered = API_REPLY_OBJECT,
        .removed = API_REPLY_SUCCESS,
        .has_signing_key = true,
    },
    {
        .info = {.name = "hyper-precise",
                 .path = "/api/hyper-precise/v1",
                 .services = {"BullseyeReporting", NULL}},
        .account_query = "accountNumber",
        .service_query = "service",
        .service_member = "name",
        .url_member = "url",
        .update_method = "POST",
        .lists_object = true,
        .registered = API_REPLY_LIST,
        .removed = API_REPLY_EMPTY,
    },
    {
        .info = {.name = "diagnostics",
                 .path = "/api/diagnostics/v1",
                 .services = {"Diagnostics", NULL}},
        .account_query = "accountName",
        .service_query = "serviceName",
        .account_member = "accountName",
        .service_member = "serviceName",
        .url_member = "endpoint",
        .headers_member = "httpHeaders",
        .update_method = "POST",
        .lists_object = true,
        .registered = API_REPLY_OBJECT,
        .removed = API_REPLY_OBJECT,
        .has_signing_key = true,
    },
    {
        .info = {.name = "software-v1", .path = "/api/fota/v1", .services = {FOTA, NULL}},
        .account_in_path = true,
        .service_in_path = true,
        .service_member = "name",
        .url_member = "url",
        .credentials = true,
        .update_method = "POST",
        .registered = API_REPLY_OBJECT,
        .removed = API_REPLY_SUCCESS,
    },
    {
        .info = {.name = "software-v2", .path = "/api/fota/v2", .services = {FOTA, NULL}},
        .account_in_path = true,
        .url_member = "url",
        .update_method = "PUT",
        .lists_object = true,
        .registered = API_REPLY_OBJECT,
        .removed = API_REPLY_SUCCESS,
    },
    {
        .info = {.name = "software-v3", .path = "/api/fota/v3", .services = {FOTA, NULL}},
        .account_in_path = true,
        .url_member = "url",
        .update_method = "PUT",
        .lists_object = true,
        .registered = API_REPLY_OBJECT,
        .removed = API_REPLY_SUCCESS,
    },
};

size_t thingspace_api_count(void)
{
    return API_ROWS;
}

const thingspace_api_info *thingspace_api_at(size_t index)
{
    return index < API_ROWS ? &rows[index].info : NULL;
}

static thingspace_status refuse_name(const char *name, thingspace_error *error)
{
    nearest nearest;
    nearest_begin(&nearest, name);
    for (size_t i = 0; i < API_ROWS; i++)
        nearest_offer(&nearest, rows[i].info.name);
    if (nearest.found)
        return error_set(error, THINGSPACE_USAGE, "there is no api '%s'; did you mean %s?", name,
                         nearest.found);
    return error_set(
        error, THINGSPACE_USAGE,
        "there is no api '%s'; use connectivity, location, hyper-precise, diagnostics, "
        "software-v1, software-v2 or software-v3",
        name);
}

thingspace_status api_row_find(const api_row **out, const char *name, thingspace_error *error)
{
    *out = &rows[0];
    for (size_t i = 0; name && i < API_ROWS; i++) {
        *out = &rows[i];
        if (text_equal(rows[i].info.name, name))
            return THINGSPACE_OK;
    }
    return name ? refuse_name(name, error) : THINGSPACE_OK;
}

bool api_row_is_default(const api_row *row)
{
    return row == &rows[0];
}

bool api_row_is(const api_row *row, const char *name)
{
    return name ? text_equal(row->info.name, name) : api_row_is_default(row);
}

const char *api_row_name(const api_row *row)
{
    return api_row_is_default(row) ? NULL : row->info.name;
}

thingspace_status api_row_check_service(const api_row *row, const char *service,
                                        thingspace_error *error)
{
    const char *only = row->service_member ? NULL : row->info.services[0];
    if (only && !text_equal(service, only))
        return error_set(error, THINGSPACE_USAGE,
                         "the %s API has one listener for an account; its callback service is %s",
                         row->info.name, only);
    return service_check(service, error);
}

thingspace_status api_row_check_credentials(const api_row *row, const char *username,
                                            bool has_password, thingspace_error *error)
{
    if (row->credentials || (text_is_empty(username) && !has_password))
        return THINGSPACE_OK;
    return error_set(error, THINGSPACE_USAGE,
                     "listeners of the %s API have no username and password; leave them out%s%s",
                     row->info.name, row->headers_member ? ", or let a plugin set the member " : "",
                     row->headers_member ? row->headers_member : "");
}

bool api_row_knows_service(const api_row *row, const char *service)
{
    for (const char *const *known = row->info.services; *known; known++)
        if (text_equal(*known, service))
            return true;
    return api_row_is_default(row) && thingspace_service_find(service);
}

bool api_row_doubt_service(char out[API_SERVICE_DOUBT], const api_row *row, const char *service)
{
    const char *const *known = row->info.services;
    if (api_row_check_service(row, service, NULL) != THINGSPACE_OK ||
        api_row_knows_service(row, service))
        return false;
    const char *meant = api_row_is_default(row) ? service_suggest(service) : NULL;
    if (!api_row_is_default(row))
        snprintf(out, API_SERVICE_DOUBT,
                 "callback service '%s' is not known of the %s API; did you mean %s%s%s?", service,
                 row->info.name, known[0], known[1] ? " or " : "", known[1] ? known[1] : "");
    else
        snprintf(out, API_SERVICE_DOUBT, "callback service '%s' is not in the catalogue%s%s%s",
                 service, meant ? "; did you mean " : "; it is sent as it is", meant ? meant : "",
                 meant ? "?" : "");
    return true;
}
