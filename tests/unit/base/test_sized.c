/* SPDX-License-Identifier: MIT */
/* Structs of callers that were compiled with another version of the headers. */
#include <stddef.h>
#include "check.h"
#include "base/sized.h"

typedef struct now {
    size_t size;
    const char *old;
    int added;
} now;

typedef struct later {
    now known;
    int unknown;
} later;

static void what_the_caller_does_not_know_keeps_its_default(void)
{
    now out = {sizeof(out), "default", 7};
    sized_take(&out, sizeof(out), NULL);
    CHECK_TEXT(out.old, "default");
    const now older = {offsetof(now, added), "given", 9};
    sized_take(&out, sizeof(out), &older);
    CHECK_TEXT(out.old, "given");
    CHECK_INT(out.added, 7);
    CHECK_INT(out.size, sizeof(out));
}

static void what_was_not_initialised_gives_nothing(void)
{
    now out = {sizeof(out), "default", 7};
    const now none = {0, "given", 9};
    sized_take(&out, sizeof(out), &none);
    CHECK_TEXT(out.old, "default");
    CHECK_INT(out.size, sizeof(out));
}

static void what_a_newer_caller_knows_is_not_looked_at(void)
{
    now out[2] = {{sizeof(out[0]), "default", 7}, {0, "behind", 0}};
    const later newer = {{sizeof(newer), "given", 9}, 1};
    sized_take(&out[0], sizeof(out[0]), &newer);
    CHECK_INT(out[0].added, 9);
    CHECK_INT(out[0].size, sizeof(out[0]));
    CHECK_TEXT(out[1].old, "behind");
}

static void as_much_is_given_as_there_is_room_for(void)
{
    const now from = {sizeof(from), "given", 9};
    now older = {offsetof(now, added), NULL, 7};
    later newer = {{sizeof(newer), NULL, 0}, 5};
    now none = {0, NULL, 7};
    sized_give(&older, &from, sizeof(from));
    CHECK_TEXT(older.old, "given");
    CHECK_INT(older.added, 7);
    CHECK_INT(older.size, offsetof(now, added));
    sized_give(&newer, &from, sizeof(from));
    CHECK_INT(newer.known.added, 9);
    CHECK_INT(newer.unknown, 5);
    CHECK_INT(newer.known.size, sizeof(newer));
    sized_give(&none, &from, sizeof(from));
    CHECK(!none.old && none.size == 0);
}

static const check_case cases[] = {
    CHECK_CASE(what_the_caller_does_not_know_keeps_its_default),
    CHECK_CASE(what_was_not_initialised_gives_nothing),
    CHECK_CASE(what_a_newer_caller_knows_is_not_looked_at),
    CHECK_CASE(as_much_is_given_as_there_is_room_for),
};
CHECK_MAIN(cases)
