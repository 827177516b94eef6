/* SPDX-License-Identifier: MIT */
/* Rows: their defaults, names that instances may have, and what --plugin is given. */
#include <config.h>
#include "check.h"
#include "plugin/row.h"

static void a_new_row_has_the_defaults(void)
{
    cleanup_plugin_row plugin_row *row = NULL;
    CHECK_OK(plugin_row_new(&row, "headers", "fleet.lua: plugins[1]"));
    CHECK_TEXT(row->plugin, "headers");
    CHECK_TEXT(row->place, "fleet.lua: plugins[1]");
    CHECK_INT(row->priority, 5000);
    CHECK_INT(row->on_error, ON_ERROR_FAIL);
    CHECK(!row->name && !row->tenant && !row->options && !row->secrets && !row->required);
    CHECK(row->grant == 0 && !row->grant_declared);
    plugin_row_free(NULL);
}

static void failure_policies_are_found_by_name(void)
{
    for (on_error at = ON_ERROR_FAIL; at < ON_ERROR_COUNT; at++)
        CHECK_INT(on_error_find(on_error_name(at)), at);
    CHECK_INT(on_error_find("quarantine"), ON_ERROR_QUARANTINE);
    CHECK_INT(on_error_find("ignore"), ON_ERROR_COUNT);
    CHECK_INT(on_error_find(NULL), ON_ERROR_COUNT);
}

#define TEN   "abcdefghij"
#define SIXTY TEN TEN TEN TEN TEN TEN

static void names_are_small_letters_digits_and_hyphens(void)
{
    const char *good[] = {"a", "rate-limit", "x9", "a-", SIXTY "abc"};
    const char *bad[] = {"", "A", "9a", "-a", "a_b", "a.b", "a/b", "a b", "\xc3\xa4", SIXTY "abcd"};
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        CHECK(plugin_row_name_is_usable(good[i]));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        CHECK(!plugin_row_name_is_usable(bad[i]));
    CHECK(!plugin_row_name_is_usable(NULL));
}

static void a_file_alone_has_no_options(void)
{
    cleanup_plugin_row plugin_row *row = NULL;
    CHECK_OK(plugin_row_parse(&row, "./a,b.lua", NULL));
    CHECK_TEXT(row->plugin, "./a,b.lua");
    CHECK_TEXT(row->place, "--plugin ./a,b.lua");
    CHECK(row->grant_declared && !row->options && !row->folder);
}

static void a_comma_and_a_brace_begin_the_options(void)
{
    cleanup_plugin_row plugin_row *row = NULL;
    CHECK_OK(plugin_row_parse(&row, "headers,{\"set\":{\"X-A\":\"b,{c\"}}", NULL));
    CHECK_TEXT(row->plugin, "headers");
    CHECK_TEXT(row->place, "--plugin headers");
    CHECK_TEXT(json_get_string(json_get(row->options, "set"), "X-A"), "b,{c");
}

static void options_that_are_no_json_are_refused(void)
{
    cleanup_plugin_row plugin_row *row = NULL;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_STATUS(plugin_row_parse(&row, "headers,{set}", &error), THINGSPACE_USAGE);
    CHECK(row == NULL);
    CHECK(
        strstr(error.message, "--plugin headers: the options after the comma are not valid JSON"));
    CHECK(strstr(error.message, "offset") != NULL);
    CHECK_STATUS(plugin_row_parse(&row, "headers,{} x", NULL), THINGSPACE_USAGE);
}

static void options_that_are_no_object_are_refused(void)
{
    static const char *const wrong[] = {"hours,[\"team\"]", "./hours.lua,team=b", "hours,team=b",
                                        "./hours.so,{",     "/a/hours.lua,b=/c",  "hours,"};
    static const char *const files[] = {"./a,b.lua", "a,b.so", "./a,b/hours", "./a,b/hours.lua"};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        cleanup_plugin_row plugin_row *row = NULL;
        thingspace_error error = THINGSPACE_ERROR_INIT;
        CHECK_STATUS(plugin_row_parse(&row, wrong[i], &error), THINGSPACE_USAGE);
        CHECK(strstr(error.message,
                     strchr(wrong[i], '{') ? "not valid JSON" : "a JSON object, as in") != NULL);
    }
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        cleanup_plugin_row plugin_row *row = NULL;
        CHECK_OK(plugin_row_parse(&row, files[i], NULL));
        CHECK_TEXT(row->plugin, files[i]);
    }
}

static void a_plugin_must_be_named(void)
{
    cleanup_plugin_row plugin_row *row = NULL;
    CHECK_STATUS(plugin_row_parse(&row, "", NULL), THINGSPACE_USAGE);
    CHECK_STATUS(plugin_row_parse(&row, ",{}", NULL), THINGSPACE_USAGE);
    CHECK(row == NULL);
}

static const check_case cases[] = {
    CHECK_CASE(a_new_row_has_the_defaults),
    CHECK_CASE(failure_policies_are_found_by_name),
    CHECK_CASE(names_are_small_letters_digits_and_hyphens),
    CHECK_CASE(a_file_alone_has_no_options),
    CHECK_CASE(a_comma_and_a_brace_begin_the_options),
    CHECK_CASE(options_that_are_no_object_are_refused),
    CHECK_CASE(options_that_are_no_json_are_refused),
    CHECK_CASE(a_plugin_must_be_named),
};
CHECK_MAIN(cases)
