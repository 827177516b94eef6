/* SPDX-License-Identifier: MIT */
/* Scalars: what is set is there, a failed hook leaves no trace, and nothing grows for ever. */
#include <config.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include "check.h"
#include "base/limits.h"
#include "plugin/scalars.h"

static void cleanup(scalars **self)
{
    scalars_free(*self);
}

#define OWNED_SCALARS(name, most)                                                                  \
    __attribute__((cleanup(cleanup))) scalars *name = NULL;                                        \
    CHECK_OK(scalars_new(&name, most))

static scalar integer(long long value)
{
    return (scalar){.type = SCALAR_INTEGER, .integer = value};
}

static scalar number(double value)
{
    return (scalar){.type = SCALAR_NUMBER, .number = value};
}

static scalar text(const char *value)
{
    return (scalar){.type = SCALAR_TEXT, .text = value, .size = strlen(value)};
}

static thingspace_status set(scalars *self, const char *key, scalar value)
{
    return scalars_set(self, key, strlen(key), &value, NULL);
}

static scalar get(const scalars *self, const char *key)
{
    scalar out;
    scalars_get(self, key, strlen(key), &out);
    return out;
}

static thingspace_status remove_key(scalars *self, const char *key)
{
    return set(self, key, (scalar){.type = SCALAR_NIL});
}

static void what_is_set_is_there(void)
{
    OWNED_SCALARS(kept, 8);
    CHECK_OK(set(kept, "n", integer(LLONG_MIN)));
    CHECK_OK(set(kept, "d", number(0.5)));
    CHECK_OK(set(kept, "b", (scalar){.type = SCALAR_BOOLEAN, .boolean = true}));
    CHECK_OK(set(kept, "t", (scalar){.type = SCALAR_TEXT, .text = "a\0b", .size = 3}));
    CHECK(get(kept, "n").integer == LLONG_MIN);
    CHECK(get(kept, "d").number == 0.5);
    CHECK(get(kept, "b").boolean);
    CHECK_INT(get(kept, "t").size, 3);
    CHECK(memcmp(get(kept, "t").text, "a\0b", 4) == 0);
    CHECK_INT(get(kept, "x").type, SCALAR_NIL);
    CHECK_INT(scalars_count(kept), 4);
}

static void a_text_may_be_set_to_itself(void)
{
    OWNED_SCALARS(kept, 8);
    CHECK_OK(set(kept, "a", text("long enough")));
    CHECK_OK(set(kept, "a", get(kept, "a")));
    CHECK_TEXT(get(kept, "a").text, "long enough");
}

static void nil_removes(void)
{
    OWNED_SCALARS(kept, 8);
    CHECK_OK(set(kept, "a", text("x")));
    CHECK_OK(remove_key(kept, "a"));
    CHECK_OK(remove_key(kept, "never there"));
    CHECK_INT(get(kept, "a").type, SCALAR_NIL);
    CHECK_INT(scalars_count(kept), 0);
}

static void undo_brings_back_what_was_there_before(void)
{
    OWNED_SCALARS(kept, 8);
    CHECK_OK(set(kept, "changed", text("before")));
    CHECK_OK(set(kept, "removed", integer(7)));
    scalars_begin(kept);
    CHECK_OK(set(kept, "changed", text("first")));
    CHECK_OK(set(kept, "changed", number(2)));
    CHECK_OK(remove_key(kept, "removed"));
    CHECK_OK(set(kept, "new", text("new")));
    CHECK_OK(set(kept, "brief", text("brief")));
    CHECK_OK(remove_key(kept, "brief"));
    scalars_undo(kept);
    CHECK_TEXT(get(kept, "changed").text, "before");
    CHECK_INT(get(kept, "removed").integer, 7);
    CHECK_INT(get(kept, "new").type, SCALAR_NIL);
    CHECK_INT(get(kept, "brief").type, SCALAR_NIL);
    CHECK_INT(scalars_count(kept), 2);
}

static void what_is_kept_cannot_be_undone(void)
{
    OWNED_SCALARS(kept, 8);
    scalars_begin(kept);
    CHECK_OK(set(kept, "a", integer(1)));
    CHECK_OK(set(kept, "b", integer(2)));
    scalars_keep(kept);
    scalars_undo(kept);
    CHECK_INT(get(kept, "a").integer, 1);
    scalars_begin(kept);
    CHECK_OK(remove_key(kept, "a"));
    scalars_keep(kept);
    scalars_undo(kept);
    CHECK_INT(get(kept, "a").type, SCALAR_NIL);
    CHECK_INT(scalars_count(kept), 1);
}

static void those_made_in_the_middle_of_a_hook_are_undone(void)
{
    OWNED_SCALARS(kept, 8);
    CHECK_OK(set(kept, "a", integer(1)));
    scalars_undo(kept);
    CHECK_INT(scalars_count(kept), 0);
}

static void nobody_needs_to_have_any(void)
{
    scalar out = integer(1);
    scalars_begin(NULL);
    scalars_keep(NULL);
    scalars_undo(NULL);
    scalars_free(NULL);
    scalars_get(NULL, "a", 1, &out);
    CHECK_INT(out.type, SCALAR_NIL);
    CHECK_INT(scalars_count(NULL), 0);
}

static void no_more_keys_than_said(void)
{
    OWNED_SCALARS(kept, 2);
    CHECK_OK(set(kept, "a", integer(1)));
    CHECK_OK(set(kept, "b", integer(1)));
    CHECK_STATUS(set(kept, "c", integer(1)), THINGSPACE_PLUGIN);
    CHECK_OK(set(kept, "b", integer(2)));
    CHECK_OK(remove_key(kept, "a"));
    CHECK_OK(set(kept, "c", integer(1)));
    CHECK_INT(scalars_count(kept), 2);
}

static void ever_new_keys_in_one_hook_are_refused_at_last(void)
{
    OWNED_SCALARS(kept, 4);
    thingspace_status status = THINGSPACE_OK;
    char key[16];
    int done = 0;
    for (; done < 100 && status == THINGSPACE_OK; done++) {
        snprintf(key, sizeof(key), "k%d", done);
        status = set(kept, key, integer(1));
        if (status == THINGSPACE_OK)
            status = remove_key(kept, key);
    }
    CHECK_STATUS(status, THINGSPACE_PLUGIN);
    CHECK_INT(done, 9);
    scalars_begin(kept);
    CHECK_OK(set(kept, key, integer(1)));
}

static void a_key_and_a_text_have_a_longest(void)
{
    OWNED_SCALARS(kept, 8);
    static char bytes[LIMIT_PLUGIN_TEXT + 1];
    memset(bytes, 'x', sizeof(bytes));
    scalar value = {.type = SCALAR_TEXT, .text = bytes, .size = LIMIT_PLUGIN_TEXT};
    CHECK_OK(scalars_set(kept, bytes, LIMIT_PLUGIN_KEY, &value, NULL));
    CHECK_STATUS(scalars_set(kept, bytes, LIMIT_PLUGIN_KEY + 1, &value, NULL), THINGSPACE_PLUGIN);
    value.size++;
    CHECK_STATUS(scalars_set(kept, "a", 1, &value, NULL), THINGSPACE_PLUGIN);
    CHECK_INT(scalars_count(kept), 1);
}

static void all_together_have_a_most(void)
{
    OWNED_SCALARS(kept, 100);
    static char bytes[LIMIT_PLUGIN_TEXT];
    scalar value = {.type = SCALAR_TEXT, .text = bytes, .size = sizeof(bytes)};
    int done = 0;
    char key[16];
    for (thingspace_status status = THINGSPACE_OK; status == THINGSPACE_OK; done++) {
        snprintf(key, sizeof(key), "k%02d", done);
        status = scalars_set(kept, key, 3, &value, NULL);
        CHECK(done < 100);
        if (status == THINGSPACE_MEMORY)
            CHECK_OK(status);
    }
    CHECK_INT(done, 64);
    CHECK_OK(scalars_set(kept, "k00", 3, &value, NULL));
    CHECK_OK(remove_key(kept, "k00"));
    CHECK_OK(scalars_set(kept, "kkk", 3, &value, NULL));
    scalars_undo(kept);
    CHECK_OK(scalars_set(kept, "k00", 3, &value, NULL));
}

static void sums_stay_integers_while_they_fit(void)
{
    OWNED_SCALARS(kept, 8);
    scalar out, one = integer(1);
    CHECK_OK(scalars_add(kept, "n", 1, &one, &out, NULL));
    CHECK_INT(out.type, SCALAR_INTEGER);
    CHECK_INT(out.integer, 1);
    CHECK_OK(set(kept, "n", integer(LLONG_MAX)));
    CHECK_OK(scalars_add(kept, "n", 1, &one, &out, NULL));
    CHECK_INT(out.type, SCALAR_NUMBER);
    CHECK(out.number == 9223372036854775808.0);
    scalar half = number(0.5);
    CHECK_OK(scalars_add(kept, "d", 1, &half, &out, NULL));
    CHECK(out.number == 0.5 && get(kept, "d").number == 0.5);
}

static void only_numbers_are_added(void)
{
    OWNED_SCALARS(kept, 8);
    thingspace_error error = THINGSPACE_ERROR_INIT;
    scalar out, one = integer(1), word = text("1"), huge = number(1e308), none = number(NAN);
    CHECK_OK(set(kept, "t", word));
    CHECK_STATUS(scalars_add(kept, "t", 1, &one, &out, &error), THINGSPACE_PLUGIN);
    CHECK_TEXT(error.message,
               "a number can be added to a number alone, and 't' holds something else");
    CHECK_STATUS(scalars_add(kept, "n", 1, &word, &out, NULL), THINGSPACE_PLUGIN);
    CHECK_OK(set(kept, "n", huge));
    CHECK_STATUS(scalars_add(kept, "n", 1, &huge, &out, NULL), THINGSPACE_PLUGIN);
    CHECK_STATUS(scalars_add(kept, "n", 1, &none, &out, NULL), THINGSPACE_PLUGIN);
    CHECK_INT(out.type, SCALAR_NIL);
    CHECK(get(kept, "n").number == 1e308);
}

static const check_case cases[] = {
    CHECK_CASE(what_is_set_is_there),
    CHECK_CASE(a_text_may_be_set_to_itself),
    CHECK_CASE(nil_removes),
    CHECK_CASE(undo_brings_back_what_was_there_before),
    CHECK_CASE(what_is_kept_cannot_be_undone),
    CHECK_CASE(those_made_in_the_middle_of_a_hook_are_undone),
    CHECK_CASE(nobody_needs_to_have_any),
    CHECK_CASE(no_more_keys_than_said),
    CHECK_CASE(ever_new_keys_in_one_hook_are_refused_at_last),
    CHECK_CASE(a_key_and_a_text_have_a_longest),
    CHECK_CASE(all_together_have_a_most),
    CHECK_CASE(sums_stay_integers_while_they_fit),
    CHECK_CASE(only_numbers_are_added),
};
CHECK_MAIN(cases)
