/* SPDX-License-Identifier: MIT */
/* It calls what nobody has: RTLD_NOW finds that out at once. */
#include <thingspace/plugin.h>

extern int nobody_has_this(void);

static int request(void *self, thingspace_hook *hook)
{
    (void)self;
    (void)hook;
    return nobody_has_this();
}

THINGSPACE_PLUGIN(.name = "missing-symbol", .version = "1", .request = request)
