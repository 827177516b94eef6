/* SPDX-License-Identifier: MIT */
/* See facts.h. Values are compared as they would be written. */
#include <config.h>
#include <stdlib.h>
#include <string.h>
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

/* ---- places ---- */

#define FILE_WORD "file "

/* Whether the fact names a file; `start` becomes where its path begins. */
static bool names_file(const char *name, const char *value, size_t *start)
{
    bool secret = value && text_starts_with(value, FILE_WORD);
    bool script = value && text_equal(name, "script");
    *start = script ? 0 : strlen(FILE_WORD);
    return script || secret;
}

/* The path without the folder before it. */
static const char *skip_folder(const char *path, const char *folder)
{
    size_t length = folder ? strlen(folder) : 0;
    if (length == 0 || strncmp(path, folder, length) != 0 || path[length] != '/')
        return path;
    path += length;
    return path + strspn(path, "/");
}

/* The value as it is told; other facts stay. */
static json *placed(const json *field, const char *member, const char *folder)
{
    const json *value = json_get(field, member);
    const char *name = json_get_string(field, "name"), *text = json_string(value);
    size_t start;
    if (!names_file(name, text, &start))
        return json_copy(value);
    cleanup_text char *shown =
        text_format("%.*s%s", (int)start, text, skip_folder(text + start, folder));
    return shown ? json_new_string(shown) : NULL;
}

void facts_compare_places(json *fields, const json *old, const json *new,
                          const facts_folders *folders, thingspace_status *status)
{
    cleanup_json json *differing = json_new_array();
    facts_compare(differing, old, new, status);
    for (const json *at = json_first(differing); at; at = json_next(at)) {
        cleanup_json json *from = placed(at, "from", folders->old);
        cleanup_json json *to = placed(at, "to", folders->new);
        if (is_equal(from, to, status))
            continue;
        json *field = json_new_object();
        json_put(field, "name", json_copy(json_get(at, "name")), status);
        json_put(field, "from", from, status);
        json_put(field, "to", to, status);
        from = to = NULL;
        json_add(fields, field, status);
    }
}
