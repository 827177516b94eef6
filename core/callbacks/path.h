/* SPDX-License-Identifier: MIT */
/* Paths of the callbacks API; account and service are percent-encoded,
 * each one segment. Expected: USAGE, MEMORY. Any thread. */
#ifndef PATH_H
#define PATH_H

#include "http/request.h"

/* /callbacks/ACCOUNT */
thingspace_status path_set_callbacks(request *out, const char *account, thingspace_error *error);
/* /callbacks/ACCOUNT/name/SERVICE */
thingspace_status path_set_listener(request *out, const char *account, const char *service,
                                    thingspace_error *error);
/* A path that the caller wrote, perhaps with a query, with {account} expanded.
 * Expected: USAGE (leaves the API base, cannot be sent). */
thingspace_status path_set_free(request *out, const char *path, const char *account,
                                thingspace_error *error);

#endif
