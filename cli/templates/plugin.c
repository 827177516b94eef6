/*
 * @NAME@: what it does, in a line. The guide is thingspace-plugin(7).
 *
 *   cc -shared -fPIC $(pkg-config --cflags thingspace) -o @NAME@.so @NAME@.c
 *   thingspace plugin check ./@NAME@.so
 *   thingspace plugin test ./@NAME@.so
 *   thingspace plugin explain ACCOUNT list --plugin ./@NAME@.so
 */
#include <stdlib.h>
#include <string.h>
#include <thingspace/plugin.h>

/* Once per row; what a hook is given ends with it, so the value is copied. */
static int create(thingspace_hook *hook, void **self)
{
    const char *value = thingspace_hook_option_text(hook, "value");
    size_t size = strlen(value) + 1;
    *self = malloc(size);
    if (!*self)
        return thingspace_hook_fail(hook, "out of memory");
    memcpy(*self, value, size);
    return 0;
}

static int request(void *self, thingspace_hook *hook)
{
    return thingspace_hook_set_request_header(hook, "X-Plugin", self);
}

static const thingspace_plugin_option options[] = {
    {"value", "string", 0, "\"@NAME@\"", "what the header field X-Plugin says"},
    {NULL, NULL, 0, NULL, NULL},
};

THINGSPACE_PLUGIN(.name = "@NAME@", .version = "0.1.0", .capabilities = "request.headers:write",
                  .options = options, .create = create, .destroy = free, .request = request)
