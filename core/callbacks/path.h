/* SPDX-License-Identifier: MIT */
/* Paths and queries of the callback APIs, by the API's row; account and service are
 * percent-encoded, each one segment or value. Expected: USAGE, MEMORY. Any thread. */
#ifndef PATH_H
#define PATH_H

#include "catalogue/api_table.h"
#include "http/request.h"

/* All listeners of the account: /callbacks/ACCOUNT, or /callbacks?accountName=ACCOUNT */
thingspace_status path_set_callbacks(request *out, const api_row *api, const char *account,
                                     thingspace_error *error);
/* Where a listener is registered: the same, without the account when the body names it. */
thingspace_status path_set_register(request *out, const api_row *api, const char *account,
                                    thingspace_error *error);
/* One listener: /callbacks/ACCOUNT/name/SERVICE, or the service in the query, or not at all. */
thingspace_status path_set_listener(request *out, const api_row *api, const char *account,
                                    const char *service, thingspace_error *error);
/* A path that the caller wrote, perhaps with a query, with {account} expanded.
 * Expected: USAGE (leaves the API base, cannot be sent). */
thingspace_status path_set_free(request *out, const char *path, const char *account,
                                thingspace_error *error);

#endif
