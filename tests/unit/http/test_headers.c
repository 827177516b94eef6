/* SPDX-License-Identifier: MIT */
/* Header fields: order, replacement, what cannot be sent, limits, secrets. */
#include "check.h"
#include <stdio.h>
#include "base/limits.h"
#include "http/headers.h"

#define cleanup_headers __attribute__((cleanup(headers_dispose)))

static void fields_keep_their_order_and_are_replaced_in_place(void)
{
    cleanup_headers headers list;
    headers_init(&list);
    CHECK_OK(headers_set(&list, "Accept", "application/json", NULL));
    CHECK_OK(headers_set(&list, "X-Team", "blue", NULL));
    CHECK_OK(headers_set(&list, "ACCEPT", "text/plain", NULL));
    CHECK_INT(list.count, 2);
    CHECK_TEXT(list.items[0].name, "ACCEPT");
    CHECK_TEXT(list.items[0].value, "text/plain");
    CHECK_TEXT(headers_find(&list, "x-team")->value, "blue");
    CHECK(headers_find(&list, "X-Tea") == NULL);
}

static void removing_closes_the_gap(void)
{
    cleanup_headers headers list;
    headers_init(&list);
    CHECK_OK(headers_set(&list, "A", "1", NULL));
    CHECK_OK(headers_set(&list, "B", "2", NULL));
    CHECK_OK(headers_set(&list, "C", "3", NULL));
    headers_remove(&list, "b");
    headers_remove(&list, "absent");
    CHECK_INT(list.count, 2);
    CHECK_TEXT(list.items[0].name, "A");
    CHECK_TEXT(list.items[1].name, "C");
}

static void names_that_are_no_tokens_are_refused(void)
{
    static const char *const bad[] = {"", "A B", "A:", "A\r\nB", "\xc3\xa4", "A(", "A\x7f"};
    cleanup_headers headers list;
    headers_init(&list);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        CHECK_STATUS(headers_set(&list, bad[i], "x", NULL), THINGSPACE_USAGE);
    CHECK_INT(list.count, 0);
}

static void values_that_would_begin_another_field_are_refused(void)
{
    static const char *const bad[] = {"a\r\nHost: b", "a\nb", "a\r",   " a",
                                      "a ",           "\ta",  "a\x01", "a\x7f"};
    cleanup_headers headers list;
    headers_init(&list);
    CHECK_OK(headers_set(&list, "A", "kept", NULL));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        CHECK_STATUS(headers_set(&list, "A", bad[i], NULL), THINGSPACE_USAGE);
    CHECK_TEXT(headers_find(&list, "A")->value, "kept");
    CHECK_OK(headers_set(&list, "A", "", NULL));
    CHECK_OK(headers_set(&list, "A", "a\tb c", NULL));
}

static void a_secret_stands_behind_its_prefix(void)
{
    cleanup_headers headers list;
    cleanup_secret thingspace_secret *token = NULL;
    headers_init(&list);
    CHECK_OK(thingspace_secret_new(&token, "t0ken", 5, NULL));
    CHECK_OK(headers_set_secret(&list, "Authorization", "Bearer ", token, NULL));
    const header *found = headers_find(&list, "authorization");
    CHECK_TEXT(found->value, "Bearer ");
    CHECK(secret_equal(found->secret, token));
    CHECK_OK(headers_set(&list, "Authorization", "none", NULL));
    CHECK(headers_find(&list, "authorization")->secret == NULL);
}

static void a_secret_with_a_line_break_is_refused_and_not_quoted(void)
{
    static const char *const bad[] = {"hush\r\nX: y", "hush\n", " hush"};
    cleanup_headers headers list;
    headers_init(&list);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        cleanup_secret thingspace_secret *token = NULL;
        thingspace_error error = THINGSPACE_ERROR_INIT;
        CHECK_OK(thingspace_secret_new(&token, bad[i], strlen(bad[i]), NULL));
        CHECK_STATUS(headers_set_secret(&list, "Authorization", "Bearer ", token, &error),
                     THINGSPACE_USAGE);
        CHECK(strstr(error.message, "hush") == NULL);
    }
    cleanup_secret thingspace_secret *nul = NULL;
    CHECK_OK(thingspace_secret_new(&nul, "a\0b", 3, NULL));
    CHECK_STATUS(headers_set_secret(&list, "A", "", nul, NULL), THINGSPACE_USAGE);
    CHECK_INT(list.count, 0);
}

static void the_number_of_fields_is_limited(void)
{
    cleanup_headers headers list;
    headers_init(&list);
    for (int i = 0; i < LIMIT_REQUEST_HEADERS; i++) {
        char name[16];
        snprintf(name, sizeof(name), "X-%d", i);
        CHECK_OK(headers_set(&list, name, "v", NULL));
    }
    CHECK_STATUS(headers_set(&list, "X-More", "v", NULL), THINGSPACE_USAGE);
    CHECK_OK(headers_set(&list, "X-0", "w", NULL));
    CHECK_INT(list.count, LIMIT_REQUEST_HEADERS);
}

static void the_bytes_of_all_fields_are_limited(void)
{
    cleanup_headers headers list;
    static char value[LIMIT_REQUEST_HEADER_BYTES + 1];
    headers_init(&list);
    memset(value, 'v', LIMIT_REQUEST_HEADER_BYTES - 1);
    CHECK_OK(headers_set(&list, "A", value, NULL));
    CHECK_STATUS(headers_set(&list, "B", "", NULL), THINGSPACE_USAGE);
    CHECK_OK(headers_set(&list, "a", value, NULL));
    CHECK_STATUS(headers_set(&list, "AB", value, NULL), THINGSPACE_USAGE);
    CHECK_INT(list.count, 1);
}

static void write_list(char *out, const headers *list)
{
    out[0] = '\0';
    for (size_t i = 0; i < list->count; i++)
        sprintf(out + strlen(out), "%s=%s;", list->items[i].name, list->items[i].value);
}

static void swaps_are_undone_backwards(void)
{
    static const struct {
        const char *name, *value;
    } steps[] = {{"a", "4"}, {"B", NULL}, {"D", "5"}, {"A", NULL}, {"C", NULL},
                 {"B", "6"}, {"X", NULL}, {"d", "7"}, {"D", NULL}};
    enum { COUNT = sizeof(steps) / sizeof(steps[0]) };
    char states[COUNT + 1][256], now[256];
    header_before before[COUNT];
    cleanup_headers headers list;
    headers_init(&list);
    CHECK_OK(headers_add_literal(&list, "A", "1", NULL));
    CHECK_OK(headers_set(&list, "B", "2", NULL));
    CHECK_OK(headers_set(&list, "C", "3", NULL));
    size_t bytes = list.bytes, done = 0;
    thingspace_status status = THINGSPACE_OK;
    while (done < COUNT && !status) {
        write_list(states[done], &list);
        status = headers_swap(&list, steps[done].name, steps[done].value, &before[done], NULL);
        done += !status;
    }
    bool same = true;
    while (done > 0) {
        headers_restore(&list, &before[--done]);
        write_list(now, &list);
        same &= strcmp(now, states[done]) == 0;
    }
    CHECK(same);
    CHECK_INT(list.bytes, bytes);
    CHECK_OK(status);
}

static void a_swap_that_fails_changes_nothing(void)
{
    header_before before;
    cleanup_headers headers list;
    headers_init(&list);
    CHECK_OK(headers_set(&list, "A", "1", NULL));
    CHECK_STATUS(headers_swap(&list, "A", "a\nb", &before, NULL), THINGSPACE_USAGE);
    CHECK(before.item.name == NULL);
    CHECK_OK(headers_swap(&list, "Absent", NULL, &before, NULL));
    CHECK(before.place == HEADER_NOWHERE);
    headers_restore(&list, &before);
    CHECK_INT(list.count, 1);
    CHECK_TEXT(list.items[0].value, "1");
}

static const check_case cases[] = {
    CHECK_CASE(swaps_are_undone_backwards),
    CHECK_CASE(a_swap_that_fails_changes_nothing),
    CHECK_CASE(fields_keep_their_order_and_are_replaced_in_place),
    CHECK_CASE(removing_closes_the_gap),
    CHECK_CASE(names_that_are_no_tokens_are_refused),
    CHECK_CASE(values_that_would_begin_another_field_are_refused),
    CHECK_CASE(a_secret_stands_behind_its_prefix),
    CHECK_CASE(a_secret_with_a_line_break_is_refused_and_not_quoted),
    CHECK_CASE(the_number_of_fields_is_limited),
    CHECK_CASE(the_bytes_of_all_fields_are_limited),
};
CHECK_MAIN(cases)
