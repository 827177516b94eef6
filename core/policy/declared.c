/* SPDX-License-Identifier: MIT */
/*
 * The check behind "a script cannot invent a host": names only, and only those
 * that were declared. Owns nothing; any thread.
 */
#include <config.h>
#include <stdio.h>
#include <string.h>
#include "base/error.h"
#include "base/nearest.h"
#include "policy/declared.h"

/* Names that a message shows and that are searched for a near one. */
#define MOST_SHOWN    8
#define MOST_SEARCHED 64
/* Of a name in a message. */
#define SHOWN_BYTES 40

static void list_names(char *out, size_t capacity, const map *declared)
{
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < map_count(declared) && i < MOST_SHOWN && used < capacity; i++)
        used += (size_t)snprintf(out + used, capacity - used, "%s%.*s", i ? ", " : "", SHOWN_BYTES,
                                 map_key(declared, i));
    if (map_count(declared) > MOST_SHOWN && used < capacity)
        snprintf(out + used, capacity - used, ", ...");
}

static const char *find_near(const map *declared, const char *name)
{
    nearest nearest;
    nearest_begin(&nearest, name);
    for (size_t i = 0; i < map_count(declared) && i < MOST_SEARCHED; i++)
        nearest_offer(&nearest, map_key(declared, i));
    return nearest.found;
}

static void describe_missing(const map *declared, const char *kind, const char *name,
                             thingspace_error *error)
{
    char names[MOST_SHOWN * (SHOWN_BYTES + 2) + 8];
    list_names(names, sizeof(names), declared);
    if (strstr(name, "://")) {
        error_set(error, THINGSPACE_POLICY, "%s is a URL where a name belongs: name one of: %s",
                  kind, names);
        return;
    }
    const char *near = find_near(declared, name);
    error_set(error, THINGSPACE_POLICY, "%s '%.*s' is not declared%s%.*s%s; declared: %s", kind,
              SHOWN_BYTES, name, near ? "; did you mean '" : "", near ? SHOWN_BYTES : 0,
              near ? near : "", near ? "'?" : "", names);
}

void *declared_find(const map *declared, const char *kind, const char *name,
                    thingspace_error *error)
{
    void *found = map_get(declared, name);
    if (!found)
        describe_missing(declared, kind, name, error);
    return found;
}
