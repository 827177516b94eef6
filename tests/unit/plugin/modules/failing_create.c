/* SPDX-License-Identifier: MIT */
/* Its create fails: with a reason, without one, with a result of hooks, or by asking for options
 * that are not there or of another type. What it made is destroyed when it returned 0. */
#include <string.h>
#include <thingspace/plugin.h>

extern THINGSPACE_PLUGIN_EXPORT int failing_create_destroyed;
int failing_create_destroyed;

static int fail_after_all(thingspace_hook *hook)
{
    return thingspace_hook_fail(hook, "hwo is empty");
}

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
    if (strcmp(how, "misspelt") == 0)
        return strlen(thingspace_hook_option_text(hook, "hwo")) > 0 ? 3 : fail_after_all(hook);
    if (strcmp(how, "unknown") == 0)
        return strcmp(thingspace_hook_option_json(hook, "elsewhere"), "null");
    if (strcmp(how, "number-as-text") == 0)
        return strlen(thingspace_hook_option_text(hook, "size")) > 0;
    if (strcmp(how, "text-as-number") == 0)
        return (int)thingspace_hook_option_integer(hook, "how");
    if (strcmp(how, "number-as-integer") == 0)
        return (int)thingspace_hook_option_integer(hook, "size");
    if (strcmp(how, "text-as-flag") == 0)
        return thingspace_hook_option_flag(hook, "how");
    return THINGSPACE_HOOK_FAIL;
}

static void destroy(void *self)
{
    (void)self;
    failing_create_destroyed++;
}

static const thingspace_plugin_option options[] = {
    {"how", "string", 1, NULL, NULL},
    {"size", "number", 0, "0.5", NULL},
    {NULL, NULL, 0, NULL, NULL},
};

THINGSPACE_PLUGIN(.name = "failing-create", .version = "1", .options = options, .create = create,
                  .destroy = destroy)
