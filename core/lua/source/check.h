/* SPDX-License-Identifier: MIT */
/*
 * What is wrong with a Lua plugin, told without running it: it is compiled as the load would, then
 * its text is read. Needs no network, no policy and no grant. Bounded time and memory, whatever the
 * text. Any thread.
 */
#ifndef LUA_SOURCE_CHECK_H
#define LUA_SOURCE_CHECK_H

#include "base/json.h"

/*
 * `*out` is {"file", "name", "version", "capabilities": [...], "hooks": [...], "findings":
 * [{"line", "severity": "error" or "warning", "rule", "message"}, ...]}, findings by line; name and
 * version are null when the text does not tell them. Of NAME_test.lua only the syntax is checked.
 * OK also when there are findings: a script that does not compile has one of rule "syntax". Owned:
 * json_free. Expected: MEMORY, LOCAL (another Lua in this process).
 *
 * The rules: syntax, manifest, duplicate-key, hook-parameters, unknown-option; unknown-global,
 * unknown-member, global-assignment, module-local; verdict-not-returned, verdict-not-allowed;
 * missing-capability, unused-capability, wrong-phase, read-only, not-a-method, dot-for-colon,
 * unknown-operation. An error is what fails at load or in a call, a warning
 * what is probably not meant.
 */
thingspace_status source_check(json **out, const char *name, const char *text, size_t size,
                               thingspace_error *error);

#endif
