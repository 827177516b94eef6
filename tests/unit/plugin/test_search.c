/* SPDX-License-Identifier: MIT */
/* Where plugins are found: the path for names, the row's folder for files. */
#include <config.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "check.h"
#include "base/text.h"
#include "plugin/search.h"

static thingspace_status search(char **out, const char *plugin, const char *folder,
                                const char *path, thingspace_error *error)
{
    *out = NULL;
    cleanup_plugin_row plugin_row *row = NULL;
    if (plugin_row_new(&row, plugin, "fleet.lua: plugins[1]") != THINGSPACE_OK)
        return THINGSPACE_MEMORY;
    row->folder = text_copy(folder);
    if (folder && !row->folder)
        return THINGSPACE_MEMORY;
    return search_plugin(out, row, path, error);
}

static void a_name_is_found_on_the_path_lua_first(void)
{
    const char *folder = check_folder();
    check_file("both.lua", "");
    check_file("both.so", "");
    check_file("native.so", "");
    cleanup_text char *path = text_format("/nowhere:%s", folder), *found = NULL, *wanted = NULL;
    CHECK_MADE(path);
    CHECK_OK(search(&found, "both", NULL, path, NULL));
    CHECK_INT(strncmp(found, folder, strlen(folder)), 0);
    CHECK_TEXT(found + strlen(folder), "/both.lua");
    CHECK(!search_is_compiled(found));
    CHECK_OK(search(&wanted, "native", NULL, path, NULL));
    CHECK_TEXT(wanted + strlen(folder), "/native.so");
    CHECK(search_is_compiled(wanted));
}

static void the_current_folder_is_never_searched(void)
{
    const char *folder = check_folder();
    check_file("here.lua", "");
    char before[4096];
    CHECK(getcwd(before, sizeof(before)) && chdir(folder) == 0);
    const char *paths[] = {"", ":", "::", ".", ".:./:", "/nowhere::."};
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        cleanup_text char *found = NULL;
        thingspace_status status = search(&found, "here", NULL, paths[i], NULL);
        if (i + 1 == sizeof(paths) / sizeof(paths[0]) || status != THINGSPACE_PLUGIN)
            CHECK(chdir(before) == 0);
        CHECK_STATUS(status, THINGSPACE_PLUGIN);
    }
}

static void a_plugin_that_was_probably_meant_is_told(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_text char *found = NULL, *path = NULL, *expected = NULL;
    char folder[400];
    snprintf(folder, sizeof(folder), "%s/near", check_folder());
    CHECK(mkdir(folder, 0700) == 0 || errno == EEXIST);
    (void)check_file("near/metrics.so", "");
    (void)check_file("near/metrik.txt", "");
    path = text_format("/nowhere:%s", folder);
    expected = text_format("fleet.lua: plugins[1]: plugin 'metric' was not found as metric.lua or "
                           "metric.so in /nowhere, %s; did you mean 'metrics'?",
                           folder);
    CHECK_MADE(path);
    CHECK_MADE(expected);
    CHECK_STATUS(search(&found, "metric", NULL, path, &error), THINGSPACE_PLUGIN);
    CHECK_TEXT(error.message, expected);
}

static void where_it_was_looked_for_is_told(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_text char *found = NULL;
    CHECK_STATUS(search(&found, "heders", NULL, "/nowhere/a::b:/nowhere/c", &error),
                 THINGSPACE_PLUGIN);
    CHECK_TEXT(error.message, "fleet.lua: plugins[1]: plugin 'heders' was not found as heders.lua "
                              "or heders.so in /nowhere/a, /nowhere/c");
    CHECK_STATUS(search(&found, "heders", NULL, ".", &error), THINGSPACE_PLUGIN);
    CHECK(strstr(error.message, "names no absolute folder") != NULL);
    CHECK_STATUS(search(&found, "", NULL, NULL, &error), THINGSPACE_PLUGIN);
    CHECK(found == NULL);
}

static void a_file_beside_the_policy_is_written_as_a_file(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_text char *found = NULL;
    unlink(check_file("hours.lua", ""));
    check_file("hours.so", "");
    CHECK_STATUS(search(&found, "hours", check_folder(), "/nowhere", &error), THINGSPACE_PLUGIN);
    CHECK(strstr(error.message, "plugin 'hours' was not found by name; for the file /") != NULL);
    CHECK(strstr(error.message, "/hours.so write \"hours.so\"") != NULL);
    check_file("hours.lua", "");
    CHECK_STATUS(search(&found, "hours", check_folder(), "/nowhere", &error), THINGSPACE_PLUGIN);
    CHECK(strstr(error.message, "write \"hours.lua\"") != NULL);
}

static void a_folder_is_no_plugin(void)
{
    const char *folder = check_folder();
    const char *file = check_file("inner.lua", "");
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_text char *found = NULL, *inner = text_format("%s/dir.lua", folder);
    CHECK(file != NULL);
    CHECK_MADE(inner);
    mkdir(inner, 0700);
    CHECK_STATUS(search(&found, "dir", NULL, folder, NULL), THINGSPACE_PLUGIN);
    CHECK_STATUS(search(&found, inner, NULL, NULL, &error), THINGSPACE_PLUGIN);
    CHECK(strstr(error.message, "directory") != NULL);
    CHECK_STATUS(search(&found, "/dev/null", NULL, NULL, &error), THINGSPACE_PLUGIN);
    CHECK(strstr(error.message, "no regular file") != NULL);
}

static void a_file_is_relative_to_the_folder_of_the_row(void)
{
    const char *folder = check_folder();
    const char *file = check_file("mine.lua", "");
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_text char *found = NULL, *dotted = NULL, *absolute = NULL, *none = NULL;
    CHECK_OK(search(&found, "mine.lua", folder, "/nowhere", NULL));
    CHECK_TEXT(found, file);
    CHECK_OK(search(&dotted, "./mine.lua", folder, "/nowhere", NULL));
    CHECK_TEXT(dotted + strlen(folder), "/mine.lua");
    CHECK_OK(search(&absolute, file, "/nowhere", "/nowhere", NULL));
    CHECK_TEXT(absolute, file);
    CHECK_STATUS(search(&none, "other.lua", "/nowhere", folder, &error), THINGSPACE_PLUGIN);
    CHECK(strstr(error.message, "plugin file /nowhere/other.lua: No such file") != NULL);
}

static void the_path_built_in_is_absolute(void)
{
    cleanup_text char *found = NULL;
    CHECK(search_default_path[0] == '/');
    CHECK(strstr(search_default_path, "/thingspace/plugins") != NULL);
    CHECK(strchr(search_default_path, '$') == NULL);
    CHECK_STATUS(search(&found, "there-is-no-such-plugin", NULL, NULL, NULL), THINGSPACE_PLUGIN);
}

static const check_case cases[] = {
    CHECK_CASE(a_name_is_found_on_the_path_lua_first),
    CHECK_CASE(the_current_folder_is_never_searched),
    CHECK_CASE(a_plugin_that_was_probably_meant_is_told),
    CHECK_CASE(where_it_was_looked_for_is_told),
    CHECK_CASE(a_file_beside_the_policy_is_written_as_a_file),
    CHECK_CASE(a_folder_is_no_plugin),
    CHECK_CASE(a_file_is_relative_to_the_folder_of_the_row),
    CHECK_CASE(the_path_built_in_is_absolute),
};
CHECK_MAIN(cases)
