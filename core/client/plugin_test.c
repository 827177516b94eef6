/* SPDX-License-Identifier: MIT */
/*
 * thingspace_plugin_test: the outcome of a plugin's tests as JSON, and in one line when one fails.
 * Neither network nor policy; any thread.
 */
#include <config.h>
#include <thingspace/plugins.h>
#include "base/error.h"
#include "base/text.h"
#include "lua/test/plugin_test.h"

/* PLUGIN with the first test that failed. */
static thingspace_status tell_failure(const json *report, size_t failed, const char *file,
                                      thingspace_error *error)
{
    long long line = 0;
    const json *tests = json_get(report, "tests");
    const json *first = json_first(tests);
    while (json_type_of(json_get(first, "ok")) == JSON_TRUE)
        first = json_next(first);
    json_integer(json_get(first, "line"), &line);
    error_set(error, THINGSPACE_PLUGIN, "%s: %zu of %zu tests failed, the first: %s: %s", file,
              failed, json_count(tests), json_get_string(first, "name"),
              json_get_string(first, "message"));
    error_set_place(error, file, (int)line);
    return THINGSPACE_PLUGIN;
}

thingspace_status thingspace_plugin_test(char **out, const char *file, thingspace_error *error)
{
    size_t failed;
    cleanup_json json *report = NULL;
    *out = NULL;
    if (text_is_empty(file))
        return error_set(error, THINGSPACE_LOCAL, "no file was named");
    thingspace_status status = plugin_test_run(&report, &failed, file, error);
    if (status != THINGSPACE_OK)
        return status;
    if (json_write_text(out, report) != THINGSPACE_OK)
        return error_memory(error);
    return failed == 0 ? THINGSPACE_OK : tell_failure(report, failed, file, error);
}
