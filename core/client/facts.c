/* SPDX-License-Identifier: MIT */
/* See facts.h. Values are compared as they would be written. */
#include <config.h>
#include <stdlib.h>
#include "base/text.h"
#include "client/facts.h"

static bool is_equal(const json *a, const json *b, thingspace_status *status)
{
    char *first = NULL, *second = NULL;
    if (!a || !b)
        return a == b;
    if (json_write_text(&first, a) != THINGSPACE_OK || json_write_text(&second, b) != THINGSPACE_OK)
        *status = THINGSPACE_MEMORY;
    bool equal = text_equal(first, second);
    free(first);
    free(second);
    return equal;
}

static json *copy_or_null(const json *value)
{
    return value ? json_copy(value) : json_new_null();
}

/* The fields of `facts` that differ; with `missing_only`, those that only it has. */
static void compare(json *fields, const json *facts, const json *old, const json *new,
                    bool missing_only, thingspace_status *status)
{
    for (const json *fact = json_first(facts); fact; fact = json_next(fact)) {
        const char *name = json_name(fact);
        const json *from = json_get(old, name), *to = json_get(new, name);
        if ((missing_only && from) || is_equal(from, to, status))
            continue;
        json *field = json_new_object();
        json_put(field, "name", json_new_string(name), status);
        json_put(field, "from", copy_or_null(from), status);
        json_put(field, "to", copy_or_null(to), status);
        json_add(fields, field, status);
    }
}

void facts_compare(json *fields, const json *old, const json *new, thingspace_status *status)
{
    compare(fields, old, old, new, false, status);
    compare(fields, new, old, new, true, status);
}
