/* SPDX-License-Identifier: MIT */
/* Buffers: growth up to the maximum, failure that sticks, handing over. */
#include <config.h>
#include <stdint.h>
#include <stdlib.h>
#include "base/buffer.h"
#include "base/text.h"
#include "check.h"

static void an_empty_buffer_is_empty_text(void)
{
    cleanup_buffer buffer out;
    buffer_init(&out, 10);
    CHECK_TEXT(buffer_text(&out), "");
    CHECK_OK(buffer_append(&out, NULL, 0));
    CHECK(buffer_take(&out) == NULL);
}

static void appended_pieces_follow_each_other(void)
{
    cleanup_buffer buffer out;
    buffer_init(&out, 1000);
    CHECK_OK(buffer_append_text(&out, "one"));
    CHECK_OK(buffer_append_byte(&out, ','));
    CHECK_OK(buffer_append_format(&out, "%d,%s", 2, "three"));
    CHECK_OK(buffer_append(&out, "\0x", 2));
    CHECK_INT(out.size, 13);
    CHECK(memcmp(out.data, "one,2,three\0x", 14) == 0);
}

static void many_appends_keep_every_byte(void)
{
    cleanup_buffer buffer out;
    buffer_init_secret(&out, 5000);
    for (int i = 0; i < 1000; i++)
        CHECK_OK(buffer_append_format(&out, "%04d ", i));
    CHECK_INT(out.size, 5000);
    for (int i = 0; i < 1000; i++)
        CHECK_INT(atoi(out.data + 5 * i), i);
    CHECK_STATUS(buffer_append_byte(&out, 'x'), THINGSPACE_PROTOCOL);
}

static void the_maximum_is_reached_exactly_and_never_passed(void)
{
    cleanup_buffer buffer out;
    buffer_init(&out, 5);
    CHECK_OK(buffer_append_text(&out, "abcde"));
    CHECK_STATUS(buffer_append_byte(&out, 'f'), THINGSPACE_PROTOCOL);
    CHECK_TEXT(buffer_text(&out), "abcde");
}

static void a_failed_append_adds_nothing_and_sticks(void)
{
    cleanup_buffer buffer out;
    buffer_init(&out, 5);
    CHECK_OK(buffer_append_text(&out, "abc"));
    CHECK_STATUS(buffer_append_format(&out, "%s", "def"), THINGSPACE_PROTOCOL);
    CHECK_STATUS(buffer_append_byte(&out, 'd'), THINGSPACE_PROTOCOL);
    CHECK_STATUS(buffer_append(&out, NULL, 0), THINGSPACE_PROTOCOL);
    CHECK_TEXT(buffer_text(&out), "abc");
    CHECK(buffer_take(&out) == NULL);
    CHECK_STATUS(out.status, THINGSPACE_PROTOCOL);
    buffer_clear(&out);
    CHECK_OK(buffer_append_byte(&out, 'd'));
    CHECK_TEXT(buffer_text(&out), "d");
}

static void a_size_that_overflows_is_refused(void)
{
    cleanup_buffer buffer out;
    buffer_init(&out, SIZE_MAX);
    CHECK_OK(buffer_append_text(&out, "abc"));
    CHECK_STATUS(buffer_append(&out, "x", SIZE_MAX - 2), THINGSPACE_PROTOCOL);
    CHECK_TEXT(buffer_text(&out), "abc");
}

static void taken_bytes_belong_to_the_taker(void)
{
    cleanup_buffer buffer out;
    buffer_init(&out, 100);
    CHECK_OK(buffer_append_text(&out, "mine"));
    cleanup_text char *taken = buffer_take(&out);
    CHECK_TEXT(taken, "mine");
    CHECK_INT(out.size, 0);
    CHECK_OK(buffer_append_text(&out, "next"));
    CHECK_TEXT(buffer_text(&out), "next");
    CHECK_TEXT(taken, "mine");
}

static void clearing_a_secret_buffer_wipes_its_block(void)
{
    cleanup_buffer buffer out;
    buffer_init_secret(&out, 100);
    CHECK_OK(buffer_append_text(&out, "hunter2"));
    buffer_clear(&out);
    for (size_t i = 0; i < out.capacity; i++)
        CHECK_INT(out.data[i], 0);
    CHECK_TEXT(buffer_text(&out), "");
}

static void a_disposed_buffer_is_usable_again(void)
{
    cleanup_buffer buffer out;
    buffer_init_secret(&out, 4);
    CHECK_OK(buffer_append_text(&out, "abcd"));
    buffer_dispose(&out);
    CHECK_OK(buffer_append_text(&out, "efgh"));
    CHECK_TEXT(buffer_text(&out), "efgh");
    CHECK(out.secret);
    CHECK_STATUS(buffer_append_byte(&out, 'i'), THINGSPACE_PROTOCOL);
}

static void an_extension_is_filled_in_its_place(void)
{
    cleanup_buffer buffer out;
    buffer_init(&out, 5);
    CHECK_OK(buffer_append(&out, "ab", 2));
    char *place = buffer_extend(&out, 3);
    CHECK_MADE(place);
    memcpy(place, "cde", 3);
    CHECK_TEXT(buffer_text(&out), "abcde");
    CHECK(buffer_extend(&out, 1) == NULL);
    CHECK_INT(out.status, THINGSPACE_PROTOCOL);
    CHECK_INT(out.size, 5);
}

static void integers_are_written_in_decimal(void)
{
    cleanup_buffer buffer out;
    buffer_init(&out, 100);
    CHECK_OK(buffer_append_integer(&out, 0));
    CHECK_OK(buffer_append_byte(&out, ' '));
    CHECK_OK(buffer_append_integer(&out, -10));
    CHECK_OK(buffer_append_byte(&out, ' '));
    CHECK_OK(buffer_append_integer(&out, INT64_MAX));
    CHECK_OK(buffer_append_byte(&out, ' '));
    CHECK_OK(buffer_append_integer(&out, INT64_MIN));
    CHECK_TEXT(buffer_text(&out), "0 -10 9223372036854775807 -9223372036854775808");
}

static const check_case cases[] = {
    CHECK_CASE(an_empty_buffer_is_empty_text),
    CHECK_CASE(appended_pieces_follow_each_other),
    CHECK_CASE(many_appends_keep_every_byte),
    CHECK_CASE(the_maximum_is_reached_exactly_and_never_passed),
    CHECK_CASE(an_extension_is_filled_in_its_place),
    CHECK_CASE(integers_are_written_in_decimal),
    CHECK_CASE(a_failed_append_adds_nothing_and_sticks),
    CHECK_CASE(a_size_that_overflows_is_refused),
    CHECK_CASE(taken_bytes_belong_to_the_taker),
    CHECK_CASE(clearing_a_secret_buffer_wipes_its_block),
    CHECK_CASE(a_disposed_buffer_is_usable_again),
};
CHECK_MAIN(cases)
