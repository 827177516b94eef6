/* SPDX-License-Identifier: MIT */
/*
 * The tests of a plugin, written in Lua by whoever writes the plugin: NAME_test.lua beside NAME.lua
 * or NAME.so. Each test runs in a state of its own, the plugin in another one, with the limits and
 * through the dispatcher of real calls. Nothing is sent. Any thread.
 */
#ifndef LUA_PLUGIN_TEST_H
#define LUA_PLUGIN_TEST_H

#include "base/json.h"

/*
 * `file` is the test, or the plugin that it is beside. Runs all tests:
 * {"file","plugin","tests":[{"name","ok","message"?,"line"?,"ms"}]}, in the order of the file.
 * `*failed`: how many are not ok. Expected: PLUGIN (the file is no test, or there is no plugin
 * beside it), LOCAL (cannot be read), MEMORY.
 */
thingspace_status plugin_test_run(json **out, size_t *failed, const char *file,
                                  thingspace_error *error);

#endif
