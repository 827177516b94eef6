/* SPDX-License-Identifier: MIT */
/* The settings of scripts: what is one, and that a state gets all of them. */
#include "base/text.h"
#include "check.h"
#include "lua/runtime/settings.h"
#include "script.h"

static void list_cleanup(char ***list)
{
    text_list_free(*list);
}
#define cleanup_list __attribute__((cleanup(list_cleanup)))

static void without_a_name_or_an_equals_sign_it_is_no_setting(void)
{
    static const char *const bad[] = {"", "=", "=blue", "colour"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        const char *const settings[] = {"good=1", bad[i], NULL};
        thingspace_error error = THINGSPACE_ERROR_INIT;
        cleanup_list char **copy = NULL;
        CHECK_STATUS(settings_copy(&copy, settings, &error), THINGSPACE_USAGE);
        CHECK(strstr(error.message, "a setting is NAME=VALUE"));
    }
}

static void the_first_equals_sign_ends_the_name(void)
{
    static const char *const settings[] = {"colour=blue", "sum=a=b", "nothing=", NULL};
    cleanup_script script script = SCRIPT_INIT;
    cleanup_list char **copy = NULL;
    CHECK_OK(runtime_new(&script.runtime, "fleet.lua", &script.error));
    CHECK_OK(settings_copy(&copy, settings, &script.error));
    CHECK_OK(settings_pass(script.runtime, copy, &script.error));
    CHECK_OK(script_load(&script, "local s = thingspace.settings "
                                  "return s.colour .. '|' .. s.sum .. '|' .. s.nothing"));
    CHECK_OK(script_call(&script, &limits_hook));
    CHECK_TEXT(script.answer, "blue|a=b|");
}

static void no_settings_are_fine(void)
{
    cleanup_list char **copy = NULL;
    cleanup_script script script = SCRIPT_INIT;
    CHECK_OK(runtime_new(&script.runtime, "fleet.lua", &script.error));
    CHECK_OK(settings_copy(&copy, NULL, &script.error));
    CHECK(!copy);
    CHECK_OK(settings_pass(script.runtime, copy, &script.error));
}

static const check_case cases[] = {
    CHECK_CASE(without_a_name_or_an_equals_sign_it_is_no_setting),
    CHECK_CASE(the_first_equals_sign_ends_the_name),
    CHECK_CASE(no_settings_are_fine),
};
CHECK_MAIN(cases)
