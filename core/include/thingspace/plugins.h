/* SPDX-License-Identifier: MIT */
/*
 * Plugins from the outside: which ones a client has, what they would do to a call, and the tools of
 * those who write them. Answers are JSON texts, freed with thingspace_text_free. Writing a compiled
 * plugin takes thingspace/plugin.h alone.
 */
#ifndef THINGSPACE_PLUGINS_H
#define THINGSPACE_PLUGINS_H

#include <thingspace/callbacks.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Builds policy and plugins anew from the options that the client was made with. What fails leaves
 * the old generation at work; calls in flight end with the one they began with. Expected: POLICY,
 * PLUGIN, LOCAL, MEMORY, USAGE (another thread).
 */
THINGSPACE_API thingspace_status thingspace_client_reload(thingspace_client *client,
                                                          thingspace_error *error);

/*
 * Every instance and the order of hooks:
 * {"instances":[{"plugin","instance","version","file","tenant"?,"row","priority","onError","required",
 * "capabilities":[...],"hooks":[...],"runs","failures","skipped","restsMs"?}],
 * "order":[{"tenant"?,"phase","instances":[{"instance","tenant"?,"priority","why"}]}]}.
 */
THINGSPACE_API thingspace_status thingspace_plugin_list(thingspace_client *client, char **out,
                                                        thingspace_error *error);

/*
 * A dry run of the request:
 * {"accountName","operation","api"?,"tenant"?,"method"?,"url"?,"headers"?,"body"?,
 * "hooks":[{"plugin","instance","tenant"?,"phase","verdict","wait_ms"?,"us","note"?,
 * "changes":[{"field","before","after"}]}],"error"?}, redacted. Nothing is sent and no login is
 * made. Hooks of request and check run; a denial is an answer ("error"), not a failure. Expected:
 * USAGE, POLICY, MEMORY.
 */
THINGSPACE_API thingspace_status thingspace_plugin_explain(thingspace_client *client, char **out,
                                                           const thingspace_request *request,
                                                           thingspace_error *error);

/*
 * Reads a plugin without running it:
 * {"file","name","version","capabilities":[...],"hooks":[...],"findings":[{"line","severity","rule",
 * "message"}]}. PLUGIN when a finding is an error; `*out` is set then too. A compiled plugin is
 * loaded for its manifest. Expected: PLUGIN, LOCAL, MEMORY. Any thread.
 */
THINGSPACE_API thingspace_status thingspace_plugin_check(char **out, const char *file,
                                                         thingspace_error *error);

/*
 * Runs the tests of a plugin, a script NAME_test.lua beside NAME.lua or NAME.so (either name will
 * do), in the sandbox and under the limits that hooks have:
 * {"file","plugin","tests":[{"name","ok","message"?,"line"?,"ms"}]}. PLUGIN when one fails; `*out`
 * is set then too. Expected: PLUGIN, LOCAL, MEMORY. Any thread.
 */
THINGSPACE_API thingspace_status thingspace_plugin_test(char **out, const char *file,
                                                        thingspace_error *error);

#ifdef __cplusplus
}
#endif
#endif
