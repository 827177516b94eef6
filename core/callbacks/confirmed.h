/* SPDX-License-Identifier: MIT */
/* What register and deregister answer: the account and
 * the service that were changed. The client's thread. */
#ifndef CONFIRMED_H
#define CONFIRMED_H

#include "client/result.h"

/*
 * Reads {"accountName","serviceName"}; the names replace those asked for. After a read-back there
 * is no answer, and those asked for stand. Expected: PROTOCOL (with the HTTP status), MEMORY.
 */
thingspace_status confirmed_decode(thingspace_result *result, const char *operation,
                                   thingspace_error *error);

#endif
