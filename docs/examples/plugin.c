/* SPDX-License-Identifier: MIT */
/*
 * A compiled plugin: registrations only to https, and a header field that says who asks.
 *
 *     cc -shared -fPIC -I$(pkg-config --variable=includedir thingspace) -o team.so plugin.c
 *     thingspace --plugin ./team.so,'{"team":"blue"}' register ACCOUNT SERVICE URL
 */
#include <stdlib.h>
#include <string.h>
#include <thingspace/plugin.h>

static const thingspace_plugin_option options[] = {
    {"team", "string", 1, NULL, "value of X-Team"},
    {NULL, NULL, 0, NULL, NULL},
};

static int create(thingspace_hook *hook, void **self)
{
    *self = strdup(thingspace_hook_option_text(hook, "team"));
    return *self ? 0 : thingspace_hook_fail(hook, "out of memory");
}

static int request(void *self, thingspace_hook *hook)
{
    const char *url = thingspace_hook_text(hook, THINGSPACE_FIELD_CALL_URL);
    if (url && strncmp(url, "https://", 8) != 0)
        return thingspace_hook_deny(hook, "https-only", "listeners have https URLs here");
    return thingspace_hook_set_request_header(hook, "X-Team", self);
}

THINGSPACE_PLUGIN(.name = "team", .version = "1.0.0", .capabilities = "request.headers:write",
                  .options = options, .create = create, .destroy = free, .request = request)
