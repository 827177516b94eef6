/* SPDX-License-Identifier: MIT */
/* Header fields of an answer: found, kept in order, bounded. */
#include "check.h"
#include <stdio.h>
#include "base/limits.h"
#include "http/response.h"

#define owned_response __attribute__((cleanup(response_dispose))) response

static thingspace_status add(response *self, const char *name, const char *value)
{
    return response_add_header(self, name, strlen(name), value, strlen(value));
}

static void fields_are_found_without_case_and_kept_in_order(void)
{
    owned_response one;
    response_init(&one);
    CHECK(response_header(&one, "A") == NULL);
    CHECK_OK(add(&one, "First", "1"));
    CHECK_OK(add(&one, "Empty", ""));
    CHECK_OK(add(&one, "first", "2"));
    CHECK_INT(one.header_count, 3);
    CHECK_TEXT(response_header(&one, "FIRST"), "1");
    CHECK_TEXT(response_header(&one, "empty"), "");
    CHECK(response_header(&one, "1") == NULL);
    const char *name, *value;
    response_header_at(&one, 2, &name, &value);
    CHECK_TEXT(name, "first");
    CHECK_TEXT(value, "2");
}

static void fields_with_nul_or_without_name_are_refused(void)
{
    owned_response one;
    response_init(&one);
    CHECK_STATUS(response_add_header(&one, "a\0b", 3, "", 0), THINGSPACE_PROTOCOL);
    CHECK_STATUS(response_add_header(&one, "a", 1, "b\0c", 3), THINGSPACE_PROTOCOL);
    CHECK_STATUS(response_add_header(&one, "", 0, "b", 1), THINGSPACE_PROTOCOL);
    CHECK_INT(one.header_count, 0);
}

static void there_is_a_last_field(void)
{
    owned_response one;
    response_init(&one);
    for (int i = 0; i < LIMIT_RESPONSE_HEADERS; i++)
        CHECK_OK(add(&one, "name", "value"));
    CHECK_STATUS(add(&one, "name", "value"), THINGSPACE_PROTOCOL);
    CHECK_INT(one.header_count, LIMIT_RESPONSE_HEADERS);
}

static void a_field_goes_in_whole_or_not_at_all(void)
{
    static char large[LIMIT_RESPONSE_HEADER_BYTES];
    memset(large, 'x', sizeof(large));
    owned_response one;
    response_init(&one);
    CHECK_OK(add(&one, "a", "b"));
    CHECK_STATUS(response_add_header(&one, "c", 1, large, sizeof(large)), THINGSPACE_PROTOCOL);
    CHECK_INT(one.header_count, 1);
    CHECK_TEXT(response_header(&one, "a"), "b");
    CHECK(response_header(&one, "c") == NULL);
}

static void moving_leaves_nothing_behind(void)
{
    owned_response from;
    owned_response to;
    response_init(&from);
    response_init(&to);
    from.status = 200;
    CHECK_OK(add(&from, "a", "b"));
    CHECK_OK(buffer_append_text(&from.body, "text"));
    response_move(&to, &from);
    CHECK_INT(to.status, 200);
    CHECK_TEXT(response_header(&to, "a"), "b");
    CHECK_TEXT(buffer_text(&to.body), "text");
    CHECK_INT(from.status, 0);
    CHECK_INT(from.header_count, 0);
    CHECK_INT(from.body.size, 0);
    response_clear(&to);
    CHECK(response_header(&to, "a") == NULL);
    CHECK_TEXT(buffer_text(&to.body), "");
}

static void changing_a_field_keeps_its_place_and_can_be_undone(void)
{
    static const char before_bytes[] = "A\0001\0B\0002\0b\0003\0C\0004";
    __attribute__((cleanup(response_head_dispose))) response_head before = {.count = 0};
    owned_response one;
    response_init(&one);
    CHECK_OK(add(&one, "A", "1"));
    CHECK_OK(add(&one, "B", "2"));
    CHECK_OK(add(&one, "b", "3"));
    CHECK_OK(add(&one, "C", "4"));
    CHECK_OK(response_change_header(&one, "b", "9", &before, NULL));
    CHECK_INT(one.header_count, 3);
    CHECK(memcmp(one.head.data, "A\0001\0b\0009\0C\0004", 12) == 0);
    response_swap_head(&one, &before);
    CHECK_INT(one.header_count, 4);
    CHECK(memcmp(one.head.data, before_bytes, sizeof(before_bytes)) == 0);
    response_head_dispose(&before);
    CHECK_OK(response_change_header(&one, "B", NULL, &before, NULL));
    CHECK_INT(one.header_count, 2);
    CHECK(response_header(&one, "b") == NULL);
}

static void a_change_that_cannot_be_is_refused(void)
{
    response_head before;
    owned_response one;
    response_init(&one);
    for (int i = 0; i < LIMIT_RESPONSE_HEADERS; i++)
        CHECK_OK(add(&one, "name", "value"));
    CHECK_STATUS(response_change_header(&one, "a", "1", &before, NULL), THINGSPACE_USAGE);
    CHECK_STATUS(response_change_header(&one, "a b", "1", &before, NULL), THINGSPACE_USAGE);
    CHECK_STATUS(response_change_header(&one, "a", "1\r\n", &before, NULL), THINGSPACE_USAGE);
    CHECK_INT(one.header_count, LIMIT_RESPONSE_HEADERS);
}

static const check_case cases[] = {
    CHECK_CASE(changing_a_field_keeps_its_place_and_can_be_undone),
    CHECK_CASE_ONCE(a_change_that_cannot_be_is_refused),
    CHECK_CASE(fields_are_found_without_case_and_kept_in_order),
    CHECK_CASE(fields_with_nul_or_without_name_are_refused),
    CHECK_CASE(there_is_a_last_field),
    CHECK_CASE(a_field_goes_in_whole_or_not_at_all),
    CHECK_CASE(moving_leaves_nothing_behind),
};
CHECK_MAIN(cases)
