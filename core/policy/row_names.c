/* SPDX-License-Identifier: MIT */
/* See row_names.h. Rows may have members of the policy's own: what is further away is one. */
#include <config.h>
#include <string.h>
#include "base/nearest.h"
#include "policy/row_names.h"

static const char *const deciding[] = {"account",    "endpoint", "credential",
                                       "timeout_ms", "tags",     "checks"};
#define COUNT (sizeof(deciding) / sizeof(deciding[0]))

/* Lengths first: a file may have a hundred thousand rows. */
static void check_name(const char *name, row_names_function *tell, void *user)
{
    size_t size = strlen(name);
    nearest nearest;
    nearest_begin(&nearest, name);
    for (size_t i = 0; i < COUNT; i++) {
        size_t length = strlen(deciding[i]);
        if (strcmp(name, deciding[i]) == 0)
            return;
        if (size <= length + 1 && length <= size + 1)
            nearest_offer(&nearest, deciding[i]);
    }
    if (nearest.found && nearest.edits <= 1)
        tell(user, name, nearest.found);
}

void row_names_check(const row *row, row_names_function *tell, void *user)
{
    row_cursor cursor = {0};
    const json *member = json_first(row_tree(row));
    for (; member; member = json_next(member))
        check_name(json_name(member), tell, user);
    while (row_next(row, &cursor))
        check_name(cursor.at.name, tell, user);
}
