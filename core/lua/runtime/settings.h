/* SPDX-License-Identifier: MIT */
/*
 * The settings that scripts find in thingspace.settings: texts "NAME=VALUE", a list that ends with
 * NULL. A script keeps a copy, since its state may have to be made again.
 */
#ifndef LUA_SETTINGS_H
#define LUA_SETTINGS_H

#include "lua/runtime/runtime.h"

/*
 * A checked copy, to be freed with text_list_free also after a failure; no settings stay NULL.
 * Expected: USAGE (no name, no equals sign), MEMORY. Any thread.
 */
thingspace_status settings_copy(char ***out, const char *const *settings, thingspace_error *error);
/* Passes a copy (or NULL) to the script of `to`. Expected: MEMORY. */
thingspace_status settings_pass(runtime *to, char *const *settings, thingspace_error *error);

#endif
