/* SPDX-License-Identifier: MIT */
/*
 * The host's functions about options, in `create` alone. They know no locale. They have no way to
 * answer a failure: a name or a type that is wrong is noted, and `create` or the hook fails,
 * whatever it returns. What is answered then can be used without harm. The client's thread.
 */
#include <config.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/limits.h"
#include "base/nearest.h"
#include "plugin/compiled_inside.h"

#define TYPE_BIT(type) (1u << (type))
#define ANY_TYPE       (~0u)

/* The first mistake is the one that is told. */
static bool misuse(compiled_hook *self, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static bool misuse(compiled_hook *self, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    if (!self->misuse[0])
        vsnprintf(self->misuse, sizeof(self->misuse), format, arguments);
    va_end(arguments);
    return false;
}

static bool misuse_name(compiled_hook *self, const manifest *manifest, const char *name)
{
    nearest nearest;
    nearest_begin(&nearest, name);
    for (size_t i = 0; i < manifest->option_count; i++)
        nearest_offer(&nearest, manifest->options[i].name);
    return misuse(self, "create reads the option '%.80s', which is not among its options%s%s%s",
                  name ? name : "", nearest.found ? "; did you mean '" : "",
                  nearest.found ? nearest.found : "", nearest.found ? "'?" : "");
}

static const char *reader_of(option_type type)
{
    static const char *const readers[] = {"text", "number", "integer", "flag"};
    return (size_t)type < sizeof(readers) / sizeof(readers[0]) ? readers[type] : "json";
}

static bool may_read(compiled_hook *self, const char *name, unsigned types)
{
    const manifest *manifest = &self->instance->manifest;
    for (size_t i = 0; i < manifest->option_count; i++) {
        option_type type = manifest->options[i].type;
        if (!name || strcmp(manifest->options[i].name, name) != 0)
            continue;
        return (types & TYPE_BIT(type)) != 0 ||
               misuse(self,
                      "the option '%.80s' is of type %s: read it with "
                      "thingspace_hook_option_%s",
                      name, option_type_name(type), reader_of(type));
    }
    return misuse_name(self, manifest, name);
}

static bool is_in_create(compiled_hook *self)
{
    return self->options ||
           misuse(self, "options and folder are read in create: keep what hooks need in `self`");
}

/* False: it must not be read so. `*out`: the value, NULL when it is absent. */
static bool find(const json **out, const thingspace_hook *hook, const char *name, unsigned types)
{
    compiled_hook *self = compiled_hook_of(hook);
    *out = NULL;
    if (!is_in_create(self) || !may_read(self, name, types))
        return false;
    *out = json_get(self->options, name);
    return true;
}

const char *compiled_option_text(const thingspace_hook *hook, const char *name)
{
    const json *value;
    return find(&value, hook, name, TYPE_BIT(OPTION_TYPE_STRING)) ? json_string(value) : "";
}

long long compiled_option_integer(const thingspace_hook *hook, const char *name)
{
    const json *value;
    long long integer;
    (void)find(&value, hook, name, TYPE_BIT(OPTION_TYPE_INTEGER));
    return json_integer(value, &integer) ? integer : 0;
}

double compiled_option_number(const thingspace_hook *hook, const char *name)
{
    const json *value;
    (void)find(&value, hook, name, TYPE_BIT(OPTION_TYPE_NUMBER) | TYPE_BIT(OPTION_TYPE_INTEGER));
    return json_double(value);
}

int compiled_option_flag(const thingspace_hook *hook, const char *name)
{
    const json *value;
    (void)find(&value, hook, name, TYPE_BIT(OPTION_TYPE_BOOLEAN));
    return json_type_of(value) == JSON_TRUE;
}

const char *compiled_option_json(thingspace_hook *hook, const char *name)
{
    const json *value;
    return find(&value, hook, name, ANY_TYPE) ? compiled_keep_json(compiled_hook_of(hook), value)
                                              : "null";
}

const char *compiled_folder(const thingspace_hook *hook)
{
    compiled_hook *self = compiled_hook_of(hook);
    (void)is_in_create(self);
    return self->folder;
}
