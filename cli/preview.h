/* SPDX-License-Identifier: MIT */
/* What a dry run would send: one object, or with --output json one array when there are several. */
#ifndef CLI_PREVIEW_H
#define CLI_PREVIEW_H

#include "cli/session.h"

/* Carries out `count` requests as dry runs and prints them; stops at the first that cannot be sent.
 * Returns the exit status. */
int preview_requests(session *session, const thingspace_request *requests, size_t count);

#endif
