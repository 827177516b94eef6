/* SPDX-License-Identifier: MIT */
/* Built with the header of version 1.0, which is kept in tests/abi: it must go on working. */
#include <string.h>
#include <thingspace/plugin.h>

#if THINGSPACE_PLUGIN_MINOR != 0
#    error "this is not the previous header"
#endif

static const thingspace_plugin_option options[] = {
    {"team", "string", 0, "\"blue\"", "value of X-Team"},
    {NULL, NULL, 0, NULL, NULL},
};

static char team[64];

static int create(thingspace_hook *hook, void **self)
{
    strncpy(team, thingspace_hook_option_text(hook, "team"), sizeof(team) - 1);
    *self = team;
    return 0;
}

static int request(void *self, thingspace_hook *hook)
{
    if (thingspace_hook_request_header(hook, "X-Stop"))
        return thingspace_hook_stop(hook);
    return thingspace_hook_set_request_header(hook, "X-Team", self);
}

static int audit(void *self, thingspace_hook *hook)
{
    (void)self;
    const char *event = thingspace_hook_event_json(hook);
    return event ? 0 : thingspace_hook_fail(hook, "no event");
}

THINGSPACE_PLUGIN(.name = "previous", .version = "1.0.0", .capabilities = "request.headers:write",
                  .options = options, .create = create, .request = request, .audit = audit)
