/* SPDX-License-Identifier: MIT */
/* The table under scalars and buckets: keys are bytes, entries stay where they are. */
#include <config.h>
#include <stdio.h>
#include <stdlib.h>
#include "check.h"
#include "plugin/keyed.h"

typedef struct numbered {
    keyed_entry keyed;
    int number;
} numbered;

static void dispose(keyed *self)
{
    keyed_dispose(self, NULL);
}

/* A status, so that the check evaluates it once. */
static thingspace_status add(keyed *self, const char *key, size_t size)
{
    return keyed_add(self, key, size, sizeof(numbered)) ? THINGSPACE_OK : THINGSPACE_MEMORY;
}

#define OWNED_KEYED(name)                                                                          \
    __attribute__((cleanup(dispose))) keyed name;                                                  \
    CHECK_OK(keyed_init(&name))

static void a_key_may_hold_any_byte(void)
{
    OWNED_KEYED(table);
    CHECK_OK(add(&table, "a\0b", 3));
    CHECK_OK(add(&table, "", 0));
    CHECK(keyed_find(&table, "a", 1) == NULL);
    CHECK(keyed_find(&table, "a\0c", 3) == NULL);
    CHECK(keyed_find(&table, "a\0b", 3) != NULL);
    CHECK(keyed_find(&table, "", 0) != NULL);
    CHECK_INT(table.count, 2);
}

static void many_entries_are_found_and_removed(void)
{
    OWNED_KEYED(table);
    char key[16];
    for (int i = 0; i < 200; i++) {
        numbered *made =
            (numbered *)keyed_add(&table, key, (size_t)sprintf(key, "k%d", i), sizeof(*made));
        CHECK_MADE(made);
        made->number = i;
    }
    CHECK(table.slot_count >= 200);
    for (int i = 0; i < 200; i += 2) {
        keyed_entry *found = keyed_find(&table, key, (size_t)sprintf(key, "k%d", i));
        CHECK(found != NULL);
        keyed_remove(&table, found);
        free(found);
    }
    CHECK_INT(table.count, 100);
    for (int i = 0; i < 200; i++) {
        numbered *found = (numbered *)keyed_find(&table, key, (size_t)sprintf(key, "k%d", i));
        CHECK_INT(found != NULL, i % 2);
        CHECK(!found || found->number == i);
    }
}

static void an_empty_table_finds_nothing(void)
{
    OWNED_KEYED(table);
    CHECK(keyed_find(&table, "a", 1) == NULL);
    CHECK_OK(add(&table, "a", 1));
    dispose(&table);
    CHECK(keyed_find(&table, "a", 1) == NULL);
}

static const check_case cases[] = {
    CHECK_CASE(a_key_may_hold_any_byte),
    CHECK_CASE(many_entries_are_found_and_removed),
    CHECK_CASE(an_empty_table_finds_nothing),
};
CHECK_MAIN(cases)
