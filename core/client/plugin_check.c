/* SPDX-License-Identifier: MIT */
/*
 * What is wrong with a plugin, told without running it, as JSON (thingspace_plugin_check). A script
 * is read, a compiled plugin loaded for its manifest. Neither network nor policy; any thread.
 */
#include <config.h>
#include <errno.h>
#include <thingspace/plugins.h>
#include <unistd.h>
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "lua/runtime/script_file.h"
#include "lua/source/check.h"
#include "plugin/compiled.h"
#include "plugin/search.h"

/* ---- scripts ---- */

static thingspace_status check_script(json **out, const char *file, thingspace_error *error)
{
    cleanup_buffer buffer text;
    buffer_init(&text, LIMIT_SCRIPT);
    thingspace_status status =
        script_file_read(&text, file, "plugin", THINGSPACE_PLUGIN, NULL, error);
    return status == THINGSPACE_OK ? source_check(out, file, buffer_text(&text), text.size, error)
                                   : status;
}

/* ---- compiled plugins ---- */

static json *text_json(const char *text)
{
    return text ? json_new_string(text) : json_new_null();
}

/* Why it cannot be loaded, as the one finding; `reason` NULL: it can. */
static json *findings_json(const char *reason, thingspace_status *status)
{
    json *array = json_new_array();
    if (!reason)
        return array;
    json *finding = json_new_object();
    json_put(finding, "line", json_new_integer(0), status);
    json_put(finding, "severity", json_new_string("error"), status);
    json_put(finding, "rule", json_new_string("load"), status);
    json_put(finding, "message", json_new_string(reason), status);
    json_add(array, finding, status);
    return array;
}

static thingspace_status tell_compiled(json **out, const manifest *manifest, const char *file,
                                       const char *reason)
{
    thingspace_status status = THINGSPACE_OK;
    cleanup_json json *made = json_new_object();
    json_put(made, "file", json_new_string(file), &status);
    json_put(made, "name", text_json(manifest->name), &status);
    json_put(made, "version", text_json(manifest->version), &status);
    json_put(made, "capabilities", capability_json(manifest->capabilities), &status);
    json_put(made, "hooks", phase_set_json(manifest->hooks), &status);
    json_put(made, "findings", findings_json(reason, &status), &status);
    if (status == THINGSPACE_OK) {
        *out = made;
        made = NULL;
    }
    return status;
}

static thingspace_status check_compiled(json **out, const char *file, thingspace_error *error)
{
    thingspace_error failure = THINGSPACE_ERROR_INIT;
    cleanup_manifest manifest manifest;
    manifest_init(&manifest);
    if (access(file, R_OK) != 0)
        return error_errno(error, THINGSPACE_LOCAL, errno, "plugin %s cannot be read", file);
    thingspace_status status = compiled_manifest(&manifest, file, &failure);
    if (status == THINGSPACE_OK)
        status = tell_compiled(out, &manifest, file, NULL);
    else if (status == THINGSPACE_PLUGIN)
        status = tell_compiled(out, &manifest, file, failure.message);
    return status == THINGSPACE_OK ? status : error_memory(error);
}

/* ---- what came of it ---- */

/* PLUGIN with the first finding that is an error, if there is one. */
static thingspace_status judge(const json *report, const char *file, thingspace_error *error)
{
    const json *first = NULL;
    size_t count = 0;
    for (const json *row = json_first(json_get(report, "findings")); row; row = json_next(row))
        if (text_equal(json_get_string(row, "severity"), "error") && count++ == 0)
            first = row;
    if (!first)
        return THINGSPACE_OK;
    long long line = 0;
    json_integer(json_get(first, "line"), &line);
    error_set(error, THINGSPACE_PLUGIN, "%s: %zu error%s, the first: %s", file, count,
              count == 1 ? "" : "s", json_get_string(first, "message"));
    error_set_place(error, file, (int)line);
    return THINGSPACE_PLUGIN;
}

thingspace_status thingspace_plugin_check(char **out, const char *file, thingspace_error *error)
{
    cleanup_json json *report = NULL;
    *out = NULL;
    if (text_is_empty(file))
        return error_set(error, THINGSPACE_LOCAL, "no file was named");
    if (text_ends_with(file, ".c"))
        return error_set(error, THINGSPACE_PLUGIN,
                         "%s is to be compiled first: its comment tells how; then check the .so",
                         file);
    thingspace_status status = search_is_compiled(file) ? check_compiled(&report, file, error)
                                                        : check_script(&report, file, error);
    if (status != THINGSPACE_OK)
        return status;
    if (json_write_text(out, report) != THINGSPACE_OK)
        return error_memory(error);
    return judge(report, file, error);
}
