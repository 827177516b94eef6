/* SPDX-License-Identifier: MIT */
/*
 * A cell becomes the same tree as a table, and both are read from it. Rows without these members,
 * which are nearly all, cost one look. Owns nothing.
 */
#include <config.h>
#include <string.h>
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "policy/row_sets.h"

/* ---- cells ---- */

static const char *skip_blanks(const char *text, const char **end)
{
    while (text < *end && *text == ' ')
        text++;
    while (*end > text && (*end)[-1] == ' ')
        --*end;
    return text;
}

/* NAME=VALUE, or NAME alone; empty is nothing. */
static thingspace_status add_pair(json *to, const char *text, const char *end,
                                  thingspace_error *error)
{
    thingspace_status status = THINGSPACE_OK;
    text = skip_blanks(text, &end);
    const char *equals = memchr(text, '=', (size_t)(end - text));
    const char *name_end = equals ? equals : end, *value = equals ? equals + 1 : end;
    if (text == end)
        return THINGSPACE_OK;
    text = skip_blanks(text, &name_end);
    value = skip_blanks(value, &end);
    cleanup_text char *name = text_copy_range(text, (size_t)(name_end - text));
    cleanup_text char *content = text_copy_range(value, (size_t)(end - value));
    if (!name || !content)
        return error_memory(error);
    if (!*name || json_get(to, name))
        return error_set(error, THINGSPACE_POLICY,
                         *name ? "'%.40s' is there twice: keep one"
                               : "a value has no name%s: write "
                                 "name=value;name=value",
                         name);
    json_put(to, name, equals ? json_new_string(content) : json_new_boolean(true), &status);
    return status == THINGSPACE_OK ? status : error_memory(error);
}

static thingspace_status parse_cell(json **out, const char *cell, thingspace_error *error)
{
    cleanup_json json *made = json_new_object();
    thingspace_status status = made ? THINGSPACE_OK : error_memory(error);
    while (status == THINGSPACE_OK && *cell) {
        size_t size = strcspn(cell, ";");
        status = add_pair(made, cell, cell + size, error);
        cell += size + (cell[size] == ';');
    }
    if (status != THINGSPACE_OK)
        return status;
    *out = made;
    made = NULL;
    return THINGSPACE_OK;
}

/* The member as a table, owned; NULL: it is not given. */
static thingspace_status read_table(json **out, const row *row, const char *name,
                                    thingspace_error *error)
{
    const char *cell = row_get_text(row, name);
    const json *node = cell ? NULL : json_get(row_tree(row), name);
    thingspace_status status = THINGSPACE_OK;
    *out = NULL;
    bool empty = json_type_of(node) == JSON_ARRAY && json_count(node) == 0; /* {} of Lua */
    if (cell && *cell)
        status = parse_cell(out, cell, error);
    else if (json_type_of(node) == JSON_OBJECT)
        *out = json_copy(node);
    else if (node && json_type_of(node) != JSON_NULL && !empty)
        return error_set(error, THINGSPACE_POLICY,
                         "%s must be a table of named values, or text: \"name=value;name=value\"",
                         name);
    if (status == THINGSPACE_OK && json_type_of(node) == JSON_OBJECT && !*out)
        return error_memory(error);
    if (status == THINGSPACE_POLICY)
        error_prefix(error, "%s", name);
    return status;
}

/* ---- tags ---- */

thingspace_status row_read_tags(json **out, const row *row, thingspace_error *error)
{
    cleanup_json json *tags = NULL;
    thingspace_status status = read_table(&tags, row, "tags", error);
    *out = NULL;
    if (status != THINGSPACE_OK)
        return status;
    if (row_tree_weight(tags) > LIMIT_TAG_BYTES)
        return error_set(error, THINGSPACE_POLICY, "the tags hold more than %d KiB",
                         LIMIT_TAG_BYTES / 1024);
    *out = tags;
    tags = NULL;
    return THINGSPACE_OK;
}

/* ---- checks ---- */

thingspace_status row_sets_checks(listener_levels *levels, const json *tree,
                                  thingspace_error *error)
{
    thingspace_error why = THINGSPACE_ERROR_INIT;
    bool empty = json_type_of(tree) == JSON_ARRAY && json_count(tree) == 0;
    if (tree && json_type_of(tree) != JSON_OBJECT && !empty)
        return error_set(error, THINGSPACE_POLICY,
                         "checks must be a table: { port = \"refuse\", [\"plain-http\"] = "
                         "\"ignore\" }");
    for (const json *one = json_first(tree); one; one = json_next(one))
        if (listener_levels_set(levels, json_name(one), json_string(one), &why) != THINGSPACE_OK)
            return error_set(error, THINGSPACE_POLICY, "checks: %s", why.message);
    return THINGSPACE_OK;
}

thingspace_status row_read_checks(listener_levels *levels, const row *row, thingspace_error *error)
{
    cleanup_json json *tree = NULL;
    thingspace_status status = read_table(&tree, row, "checks", error);
    return status == THINGSPACE_OK ? row_sets_checks(levels, tree, error) : status;
}

thingspace_status row_check_sets(const row *row, thingspace_error *error)
{
    json *tags = NULL;
    listener_levels ignored = {{0}};
    thingspace_status status = row_read_tags(&tags, row, error);
    json_free(tags);
    return status == THINGSPACE_OK ? row_read_checks(&ignored, row, error) : status;
}
