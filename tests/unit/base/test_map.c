/* SPDX-License-Identifier: MIT */
/* Maps: what was set is found, order is that of insertion, values are freed once. */
#include <config.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/map.h"
#include "base/text.h"
#include "check.h"

static void cleanup(map **self)
{
    map_free(*self);
}

#define OWNED_MAP(name) __attribute__((cleanup(cleanup))) map *name = NULL

static void an_empty_map_answers_null(void)
{
    OWNED_MAP(names);
    CHECK_OK(map_new(&names, NULL));
    CHECK(map_get(names, "a") == NULL);
    CHECK_INT(map_count(names), 0);
    map_free(NULL);
}

static void many_keys_are_found_in_order(void)
{
    OWNED_MAP(names);
    static int values[1000];
    CHECK_OK(map_new(&names, NULL));
    for (int i = 0; i < 1000; i++) {
        char key[32];
        snprintf(key, sizeof(key), "%010d-%05d", i * 7919, i % 3);
        CHECK_OK(map_set(names, key, &values[i]));
    }
    CHECK_INT(map_count(names), 1000);
    for (int i = 0; i < 1000; i++) {
        char key[32];
        snprintf(key, sizeof(key), "%010d-%05d", i * 7919, i % 3);
        CHECK(map_get(names, key) == &values[i]);
        CHECK_TEXT(map_key(names, (size_t)i), key);
        CHECK(map_value(names, (size_t)i) == &values[i]);
    }
    CHECK(map_get(names, "0000000000-00001") == NULL);
}

static void keys_are_copied_and_case_sensitive(void)
{
    OWNED_MAP(names);
    char key[] = "Name";
    int value;
    CHECK_OK(map_new(&names, NULL));
    CHECK_OK(map_set(names, key, &value));
    key[0] = 'X';
    CHECK(map_get(names, "Name") == &value);
    CHECK(map_get(names, "name") == NULL && map_get(names, "Xame") == NULL);
    CHECK_OK(map_set(names, "", &key));
    CHECK(map_get(names, "") == &key);
}

static void a_replaced_value_is_freed_and_keeps_its_place(void)
{
    OWNED_MAP(names);
    static const char *const steps[] = {"a", "b", "a"};
    CHECK_OK(map_new(&names, free));
    for (size_t i = 0; i < 3; i++) {
        cleanup_text char *value = text_format("value %zu", i);
        CHECK_MADE(value);
        CHECK_OK(map_set(names, steps[i], value)); /* on failure it is still ours */
        value = NULL;
    }
    CHECK_INT(map_count(names), 2);
    CHECK_TEXT(map_key(names, 0), "a");
    CHECK_TEXT(map_get(names, "a"), "value 2");
    CHECK_TEXT(map_get(names, "b"), "value 1");
    CHECK_OK(map_set(names, "a", map_get(names, "a")));
    CHECK_TEXT(map_get(names, "a"), "value 2");
}

static const check_case cases[] = {
    CHECK_CASE(an_empty_map_answers_null),
    CHECK_CASE(many_keys_are_found_in_order),
    CHECK_CASE(keys_are_copied_and_case_sensitive),
    CHECK_CASE(a_replaced_value_is_freed_and_keeps_its_place),
};
CHECK_MAIN(cases)
