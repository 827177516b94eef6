/* SPDX-License-Identifier: MIT */
/* What the tests of Lua policies share: loading a text, and one line for its error. */
#ifndef POLICY_FIXTURE_H
#define POLICY_FIXTURE_H

#include <stdlib.h>
#include "check.h"
#include "lua/policy/policy_script.h"

/* Variables of the person who runs the tests must not decide. */
static inline void fixture_clear_environment(void)
{
    static const char *const names[] = {
        "THINGSPACE_URL",         "THINGSPACE_API_URL",       "THINGSPACE_TOKEN_URL",
        "THINGSPACE_KEY",         "THINGSPACE_KEY_FILE",      "THINGSPACE_SECRET",
        "THINGSPACE_SECRET_FILE", "THINGSPACE_USERNAME",      "THINGSPACE_USERNAME_FILE",
        "THINGSPACE_PASSWORD",    "THINGSPACE_PASSWORD_FILE", "THINGSPACE_POLICY"};
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        unsetenv(names[i]);
}

static inline thingspace_status fixture_load(policy **out, const char *text,
                                             thingspace_error *error)
{
    fixture_clear_environment();
    return policy_script_load_text(out, "p.lua", text, check_folder(), NULL, error);
}

/* A script whose load must fail, and the message it must fail with. */
typedef struct fixture_refusal {
    const char *text;
    const char *message;
} fixture_refusal;

#define CHECK_REFUSED(rows)                                                                        \
    for (size_t row = 0; row < sizeof(rows) / sizeof(*(rows)); row++) {                            \
        thingspace_error error = THINGSPACE_ERROR_INIT;                                            \
        cleanup_policy policy *loaded = NULL;                                                      \
        CHECK_STATUS(fixture_load(&loaded, (rows)[row].text, &error), THINGSPACE_POLICY);          \
        CHECK_TEXT(error.message, (rows)[row].message);                                            \
        CHECK(loaded == NULL);                                                                     \
    }

#endif
