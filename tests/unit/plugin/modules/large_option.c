/* SPDX-License-Identifier: MIT */
/* A plugin whose options are larger than this library knows them. */
#include <thingspace/plugin.h>

#pragma GCC diagnostic ignored "-Woverride-init"

static const struct {
    thingspace_plugin_option known;
    const char *more;
} options[] = {
    {{"first", "string", 0, NULL, NULL}, "more"},
    {{"second", "integer", 0, "2", NULL}, "more"},
    {{NULL, NULL, 0, NULL, NULL}, NULL},
};

THINGSPACE_PLUGIN(.option_size = sizeof(options[0]), .options = &options[0].known,
                  .name = "large-option", .version = "1")
