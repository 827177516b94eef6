/* SPDX-License-Identifier: MIT */
/* See settings.h. */
#include <config.h>
#include <string.h>
#include "base/error.h"
#include "base/text.h"
#include "lua/runtime/settings.h"

thingspace_status settings_copy(char ***out, const char *const *settings, thingspace_error *error)
{
    *out = NULL;
    for (size_t i = 0; settings && settings[i]; i++)
        if (settings[i][0] == '=' || !strchr(settings[i], '='))
            return error_set(error, THINGSPACE_USAGE, "a setting is NAME=VALUE, not '%s'",
                             settings[i]);
    return text_list_copy(out, settings) ? THINGSPACE_OK : error_memory(error);
}

thingspace_status settings_pass(runtime *to, char *const *settings, thingspace_error *error)
{
    thingspace_status status = THINGSPACE_OK;
    for (size_t i = 0; settings && settings[i] && status == THINGSPACE_OK; i++) {
        const char *equals = strchr(settings[i], '=');
        cleanup_text char *name = text_copy_range(settings[i], (size_t)(equals - settings[i]));
        status = name ? runtime_set_setting(to, name, equals + 1, error) : error_memory(error);
    }
    return status;
}
