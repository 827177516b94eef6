/* SPDX-License-Identifier: MIT */
/* Its manifest is refused. */
#include <thingspace/plugin.h>

THINGSPACE_PLUGIN(.capabilities = "request.headers:write request.hedaers:write", .name = "a",
                  .version = "1")
