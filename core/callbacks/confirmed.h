/* SPDX-License-Identifier: MIT */
/* What register and deregister answer: the account and
 * the service that were changed. The client's thread. */
#ifndef CONFIRMED_H
#define CONFIRMED_H

#include "catalogue/api_table.h"
#include "client/result.h"

/*
 * Reads {"accountName","serviceName"}, or what else that shape may be; names replace those asked
 * for. Where none come, after a read-back above all, those asked for stand. Expected: PROTOCOL,
 * SERVICE ({"success": false}), both with the HTTP status; MEMORY.
 */
thingspace_status confirmed_decode(thingspace_result *result, const char *operation,
                                   api_reply shape, thingspace_error *error);

#endif
