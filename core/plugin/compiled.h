/* SPDX-License-Identifier: MIT */
/*
 * Plugins that are shared objects: see <thingspace/plugin.h> for what they are made of. Loaded with
 * RTLD_NOW|RTLD_LOCAL, never unloaded; refused from a file or folder that others can write. They
 * run with the rights of the process: the operator's row is the consent. Functions of this process
 * are made of the same, without a file. The client's thread.
 */
#ifndef PLUGIN_COMPILED_H
#define PLUGIN_COMPILED_H

#include "plugin/instance.h"

struct thingspace_plugin;

/* Expected: PLUGIN (who may write it, wrong API, missing entry, create failed: with the reason),
 * MEMORY. */
thingspace_status compiled_load(instance **out, const plugin_row *row, const char *file,
                                const instance_options *options, thingspace_error *error);
/* The manifest alone, without an instance: for `plugin check`. The file is loaded for it. Expected:
 * PLUGIN, MEMORY. */
thingspace_status compiled_manifest(manifest *out, const char *file, thingspace_error *error);

/*
 * An instance of hooks of this process: it has all capabilities; options and `create` are not
 * looked at. `destroy` is called only after compiled_own. Expected: PLUGIN, MEMORY.
 */
thingspace_status compiled_add(instance **out, const struct thingspace_plugin *entry,
                               const plugin_row *row, const log_target *log,
                               thingspace_error *error);
/* Gives it what its hooks get as `self`. */
void compiled_own(instance *instance, void *self);

#endif
