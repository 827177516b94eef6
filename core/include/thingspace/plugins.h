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
 * the old generation at work; calls in flight end with the one they began with. Of the policy's
 * plugins nothing is kept: state, buckets and quarantine begin anew. Expected: POLICY, PLUGIN,
 * LOCAL, MEMORY, USAGE (another thread, inside a hook).
 */
THINGSPACE_API thingspace_status thingspace_client_reload(thingspace_client *client,
                                                          thingspace_error *error);

/*
 * Every instance and the order of hooks:
 * {"instances":[{"plugin","instance","version","file"?,"tenant"?,"row","priority","onError","required",
 * "capabilities":[...],"hooks":[...],"runs","failures","skipped","restsMs"?}],
 * "order":[{"tenant"?,"phase","instances":[{"instance","tenant"?,"priority","why"}]}],
 * "errors":[{"tenant","message","script","line"?}]}; errors are those of tenants whose script or
 * plugins do not load, so that no instance of theirs is listed.
 */
THINGSPACE_API thingspace_status thingspace_plugin_list(thingspace_client *client, char **out,
                                                        thingspace_error *error);

/*
 * A dry run of the request:
 * {"accountName","operation","api"?,"tenant"?,"method"?,"url"?,"headers"?,"body"?,
 * "hooks":[{"plugin","instance","tenant"?,"phase","verdict","wait_ms"?,"us","note"?,
 * "changes":[{"field","before","after"}]}],"notRun":[{"plugin","instance","tenant"?,"phase"}],
 * "error"?}, redacted. Nothing is sent and no login is made. Hooks of request and check run, those
 * of "notRun" would with an answer or at the end; nobody waits, but waits that together go beyond
 * the call's deadline fail it. A denial or failure is an answer ("error"). Expected: USAGE, POLICY,
 * MEMORY.
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

/* --- hooks of this program --- */

struct thingspace_plugin; /* see thingspace/plugin.h */

typedef struct thingspace_plugin_options {
    size_t size; /* sizeof(thingspace_plugin_options), set by THINGSPACE_PLUGIN_OPTIONS_INIT */
    void *self;  /* what hooks, and `destroy`, get */
    unsigned priority;    /* 0 to 10000 */
    const char *on_error; /* "fail", "skip" or "quarantine"; NULL: "fail" */
    int required;         /* a failed audit hook fails the call */
    const char *name;     /* of the instance; NULL: the plugin's */
} thingspace_plugin_options;

#define THINGSPACE_PLUGIN_OPTIONS_INIT                                                             \
    {                                                                                              \
        sizeof(thingspace_plugin_options), NULL, 5000, NULL, 0, NULL                               \
    }

/*
 * Adds hooks of this program to those of the policy: one plan with Lua and compiled plugins, in
 * order of priority, after all rows of the same. `plugin` is what a compiled plugin exports; it is
 * copied, texts too. It has all capabilities; `create` and `options` are not looked at. `destroy`
 * (may be NULL) is called once with options->self: when the client is freed, or after
 * thingspace_client_remove_plugin when the last call ends that began before; it cannot use the
 * client. Calls in flight go on with the hooks they began with. A reload keeps it, and is refused
 * when its new policy has an instance of that name. `options` may be NULL. When this fails,
 * options->self stays the caller's. Expected: USAGE (inside a hook, another thread, options),
 * PLUGIN (a name in use, another version of thingspace/plugin.h), MEMORY.
 */
THINGSPACE_API thingspace_status
thingspace_client_add_plugin(thingspace_client *client, const struct thingspace_plugin *plugin,
                             const thingspace_plugin_options *options, thingspace_error *error);
/* Takes away what was added under that name. Expected: USAGE (nothing was; inside a hook, another
 * thread), MEMORY. */
THINGSPACE_API thingspace_status thingspace_client_remove_plugin(thingspace_client *client,
                                                                 const char *name,
                                                                 thingspace_error *error);

#ifdef __cplusplus
}
#endif
#endif
