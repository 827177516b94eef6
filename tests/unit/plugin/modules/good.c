/* SPDX-License-Identifier: MIT */
/*
 * A plugin that does everything right: options of every type, something of its own, and hooks whose
 * log lines show what they were given.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <thingspace/plugin.h>

/* Read by the test through the loader: how many exist now. */
extern THINGSPACE_PLUGIN_EXPORT int good_living;
int good_living;

static const thingspace_plugin_option options[] = {
    {"text", "string", 1, NULL, "a text"},        {"integer", "integer", 0, "7", "a whole number"},
    {"number", "number", 0, "1.5", "a number"},   {"flag", "boolean", 0, "true", "yes or no"},
    {"table", "table", 0, "{\"a\":[1,2]}", NULL}, {NULL, NULL, 0, NULL, NULL},
};

static int create(thingspace_hook *hook, void **self)
{
    char line[256];
    const char *folder = thingspace_hook_folder(hook);
    const char *table = thingspace_hook_option_json(hook, "table");
    if (!table)
        return thingspace_hook_fail(hook, "no table");
    *self = strdup(thingspace_hook_option_text(hook, "text"));
    if (!*self)
        return thingspace_hook_fail(hook, "out of memory");
    snprintf(line, sizeof(line), "%s: %s %lld %d %d %s %s", hook->phase, (char *)*self,
             thingspace_hook_option_integer(hook, "integer"),
             (int)(thingspace_hook_option_number(hook, "number") * 1000),
             thingspace_hook_option_flag(hook, "flag"), table, folder ? folder : "-");
    thingspace_hook_log(hook, line);
    good_living++;
    return 0;
}

static void destroy(void *self)
{
    good_living--;
    free(self);
}

static int show(void *self, thingspace_hook *hook)
{
    char line[1000];
    int size = snprintf(line, sizeof(line), "%s %s:", hook->phase, (char *)self);
    for (int i = 1; i <= 27; i++) {
        const char *text = thingspace_hook_text(hook, (thingspace_hook_text_field)i);
        if (text)
            size += snprintf(line + size, sizeof(line) - (size_t)size, " %d=%s", i, text);
    }
    for (int i = 1; i <= 7; i++) {
        long long number = thingspace_hook_number(hook, (thingspace_hook_number_field)i);
        if (number)
            size += snprintf(line + size, sizeof(line) - (size_t)size, " #%d=%lld", i, number);
    }
    thingspace_hook_log(hook, line);
    return 0;
}

THINGSPACE_PLUGIN(.name = "good", .version = "1.2.3",
                  .capabilities = "request.headers:write  error:write request.body:read?",
                  .options = options, .create = create, .destroy = destroy, .request = show,
                  .check = show, .response = show, .error = show, .audit = show, .accept = show,
                  .message = show, .deliver = show)
