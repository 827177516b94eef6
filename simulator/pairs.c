/* SPDX-License-Identifier: MIT */
/* See pairs.h. */
#include <config.h>
#include <stdlib.h>
#include "base/text.h"
#include "limits.h"
#include "pairs.h"

thingspace_status pairs_add(struct pairs *pairs, const char *name, const char *value)
{
    if (pairs->count >= LIMIT_SIM_HEADERS)
        return THINGSPACE_PROTOCOL;
    struct pair *items = realloc(pairs->items, (pairs->count + 1) * sizeof(*items));
    if (!items)
        return THINGSPACE_MEMORY;
    pairs->items = items;
    struct pair added = {text_copy(name), text_copy(value)};
    if (!added.name || !added.value) {
        free(added.name);
        free(added.value);
        return THINGSPACE_MEMORY;
    }
    items[pairs->count++] = added;
    return THINGSPACE_OK;
}

const char *pairs_get(const struct pairs *pairs, const char *name)
{
    for (size_t i = 0; i < pairs->count; i++)
        if (text_equal_ignoring_case(pairs->items[i].name, name))
            return pairs->items[i].value;
    return NULL;
}

void pairs_forget(struct pairs *pairs)
{
    for (size_t i = 0; i < pairs->count; i++) {
        free(pairs->items[i].name);
        free(pairs->items[i].value);
    }
    free(pairs->items);
    pairs->items = NULL;
    pairs->count = 0;
}
