/* SPDX-License-Identifier: MIT */
/*
 * Plugins written in Lua: a limited state per instance, its manifest read raw and once, its hooks
 * run through reused handles. A state that a limit killed is made again by the next hook; what is
 * in thingspace.state survives that. One thread at a time.
 */
#ifndef LUA_PLUGIN_SCRIPT_H
#define LUA_PLUGIN_SCRIPT_H

#include "plugin/instance.h"

/* Loads and configures. Expected: PLUGIN (with file and line), LOCAL (cannot be read), MEMORY. */
thingspace_status plugin_script_load(instance **out, const plugin_row *row, const char *file,
                                     const instance_options *options, thingspace_error *error);
thingspace_status plugin_script_load_text(instance **out, const plugin_row *row, const char *name,
                                          const char *text, size_t size,
                                          const instance_options *options, thingspace_error *error);

#endif
