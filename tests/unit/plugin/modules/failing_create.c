/* SPDX-License-Identifier: MIT */
/* Its create fails: with a reason, without one, with a result of hooks, or by asking for what is
 * not there. `destroy` must never run. */
#include <stdlib.h>
#include <string.h>
#include <thingspace/plugin.h>

static int create(thingspace_hook *hook, void **self)
{
    const char *how = thingspace_hook_option_text(hook, "how");
    *self = (void *)(size_t) "destroy gets nothing of this";
    if (strcmp(how, "reason") == 0)
        return thingspace_hook_fail(hook, "the file is missing");
    if (strcmp(how, "verdict") == 0)
        return thingspace_hook_deny(hook, "a", "b");
    if (strcmp(how, "number") == 0)
        return 3;
    return THINGSPACE_HOOK_FAIL;
}

static void destroy(void *self)
{
    (void)self;
    abort();
}

static const thingspace_plugin_option options[] = {
    {"how", "string", 1, NULL, NULL},
    {NULL, NULL, 0, NULL, NULL},
};

THINGSPACE_PLUGIN(.name = "failing-create", .version = "1", .options = options, .create = create,
                  .destroy = destroy)
