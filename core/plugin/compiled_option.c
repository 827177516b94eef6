/* SPDX-License-Identifier: MIT */
/* The host's functions about options, in `create` alone. They know no locale. The client's thread.
 */
#include <config.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/limits.h"
#include "plugin/compiled_inside.h"

static const json *find(const thingspace_hook *hook, const char *name)
{
    return json_get(compiled_hook_of(hook)->options, name);
}

const char *compiled_option_text(const thingspace_hook *hook, const char *name)
{
    return json_string(find(hook, name));
}

long long compiled_option_integer(const thingspace_hook *hook, const char *name)
{
    long long value;
    return json_integer(find(hook, name), &value) ? value : 0;
}

/* strtod reads what the locale calls a number: its decimal point takes the place of ours. */
double compiled_to_double(const char *number)
{
    char point[16], text[LIMIT_JSON_NUMBER + sizeof(point)];
    snprintf(point, sizeof(point), "%.1f", 0.5); /* "0,5" */
    const char *dot = strchr(number, '.');
    if (!dot)
        return strtod(number, NULL);
    snprintf(text, sizeof(text), "%.*s%.*s%s", (int)(dot - number), number, (int)strlen(point) - 2,
             point + 1, dot + 1);
    return strtod(text, NULL);
}

double compiled_option_number(const thingspace_hook *hook, const char *name)
{
    const char *number = json_number(find(hook, name));
    return number ? compiled_to_double(number) : 0;
}

int compiled_option_flag(const thingspace_hook *hook, const char *name)
{
    return json_type_of(find(hook, name)) == JSON_TRUE;
}

const char *compiled_option_json(thingspace_hook *hook, const char *name)
{
    return compiled_keep_json(compiled_hook_of(hook), find(hook, name));
}

const char *compiled_folder(const thingspace_hook *hook)
{
    return compiled_hook_of(hook)->folder;
}
