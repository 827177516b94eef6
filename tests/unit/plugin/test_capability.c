/* SPDX-License-Identifier: MIT */
/* Capabilities: found by their text, compared as sets. */
#include <config.h>
#include <stdlib.h>
#include "check.h"
#include "base/text.h"
#include "plugin/capability.h"

static void each_capability_is_found_by_its_text(void)
{
    for (size_t i = 0; i < CAPABILITY_COUNT; i++) {
        CHECK_INT(capability_find(capability_text(i)), 1u << i);
        CHECK(capability_doc(i)[0] != '\0');
    }
    CHECK_INT(capability_find("error:write"), CAPABILITY_ERROR_WRITE);
    CHECK_INT(capability_find("error"), 0);
    CHECK_INT(capability_find(NULL), 0);
}

static void sets_are_built_by_text(void)
{
    capability_set set = 0;
    CHECK_OK(capability_add(&set, "request:reply", NULL));
    CHECK_OK(capability_add(&set, "error:write", NULL));
    CHECK_OK(capability_add(&set, "error:write", NULL));
    CHECK_INT(set, CAPABILITY_REQUEST_REPLY | CAPABILITY_ERROR_WRITE);
}

static void an_unknown_one_is_refused_with_the_nearest(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    capability_set set = CAPABILITY_ERROR_WRITE;
    CHECK_STATUS(capability_add(&set, "request.header:write", &error), THINGSPACE_PLUGIN);
    CHECK_TEXT(error.message, "capability 'request.header:write' is not known; did you mean "
                              "'request.headers:write'?");
    CHECK_STATUS(capability_add(&set, "everything", &error), THINGSPACE_PLUGIN);
    CHECK(strstr(error.message, "thingspace-plugin(7)") != NULL);
    CHECK_STATUS(capability_add(&set, NULL, &error), THINGSPACE_PLUGIN);
    CHECK_INT(set, CAPABILITY_ERROR_WRITE);
}

static void the_first_missing_one_is_named(void)
{
    capability_set wanted = CAPABILITY_REQUEST_BODY_READ | CAPABILITY_ERROR_WRITE;
    CHECK_TEXT(capability_missing(wanted, 0), "request.body:read");
    CHECK_TEXT(capability_missing(wanted, CAPABILITY_REQUEST_BODY_READ), "error:write");
    CHECK(capability_missing(wanted, CAPABILITY_ALL) == NULL);
    CHECK(capability_missing(0, 0) == NULL);
}

static void a_set_is_written_in_the_order_of_the_table(void)
{
    cleanup_json json *list = capability_json(CAPABILITY_ERROR_WRITE | CAPABILITY_REQUEST_REPLY);
    cleanup_text char *text = NULL;
    CHECK_MADE(list);
    CHECK_OK(json_write_text(&text, list));
    CHECK_TEXT(text, "[\"request:reply\",\"error:write\"]");
}

static void the_empty_set_is_an_empty_list(void)
{
    cleanup_json json *list = capability_json(0);
    CHECK_MADE(list);
    CHECK_INT(json_count(list), 0);
}

static const check_case cases[] = {
    CHECK_CASE(each_capability_is_found_by_its_text),
    CHECK_CASE(sets_are_built_by_text),
    CHECK_CASE(an_unknown_one_is_refused_with_the_nearest),
    CHECK_CASE(the_first_missing_one_is_named),
    CHECK_CASE(a_set_is_written_in_the_order_of_the_table),
    CHECK_CASE(the_empty_set_is_an_empty_list),
};
CHECK_MAIN(cases)
