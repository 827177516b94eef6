/* SPDX-License-Identifier: MIT */
/*
 * From what a row names to a file. A name without a slash and without the suffix .lua or .so is
 * looked up on the search path, NAME.lua before NAME.so in each folder; everything else is a file,
 * relative to the row's folder. Any thread.
 */
#ifndef PLUGIN_SEARCH_H
#define PLUGIN_SEARCH_H

#include "plugin/row.h"

/* Folders with colons between; the built-in one when nobody gives another. */
extern const char search_default_path[];

/* Owned text. `path` NULL: the built-in one. Expected: PLUGIN (nothing there: the message lists
 * where it was looked for), MEMORY. */
thingspace_status search_plugin(char **out, const plugin_row *row, const char *path,
                                thingspace_error *error);
/* Whether a row that begins so names a file. */
bool search_is_file(const char *plugin);
/* Whether the file is a compiled plugin (.so). */
bool search_is_compiled(const char *file);

#endif
