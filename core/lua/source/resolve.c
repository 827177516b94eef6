/* SPDX-License-Identifier: MIT */
/*
 * What an expression is, as far as the text tells. Locals count when they keep the value that they
 * begin with, or get their only one later. Every walk has a bound: SOURCE_ALIASES, SOURCE_LOOKUPS.
 */
#include <config.h>
#include <stdio.h>
#include <string.h>
#include "base/text.h"
#include "lua/runtime/limits.h"
#include "lua/source/check_inside.h"

#define PATH_MEMBERS 4

static source_node *value_of(const source_local *local)
{
    bool begins = local->value && local->value->kind != SOURCE_NIL;
    if (local->parameter)
        return NULL;
    if (local->assignments == 0)
        return local->value;
    return local->assignments == 1 && !begins ? local->stored : NULL;
}

source_node *source_resolve(source_node *node)
{
    for (int i = 0; node && i < SOURCE_ALIASES; i++) {
        source_node *next = NULL;
        if (node->kind == SOURCE_PARENTHESES)
            next = node->as.inner;
        else if (node->kind == SOURCE_NAME && node->as.name.local)
            next = value_of(node->as.name.local);
        if (!next)
            return node;
        node = next;
    }
    return node;
}

/* Writes "first.member.member", the members given last to first. */
static bool write_path(char *out, const source_name *first, source_name *const *members,
                       size_t count)
{
    int length = snprintf(out, SOURCE_PATH, "%s", first->text);
    while (count > 0 && length >= 0 && length < SOURCE_PATH)
        length +=
            snprintf(out + length, SOURCE_PATH - (size_t)length, ".%s", members[--count]->text);
    return length >= 0 && length < SOURCE_PATH;
}

bool source_path(source_node *node, char out[SOURCE_PATH])
{
    source_name *members[PATH_MEMBERS];
    size_t count = 0;
    node = source_resolve(node);
    while (node && node->kind == SOURCE_INDEX && count < PATH_MEMBERS) {
        if (node->as.index.key->kind != SOURCE_STRING)
            return false;
        members[count++] = node->as.index.key->as.string;
        node = source_resolve(node->as.index.object);
    }
    if (!node || node->kind != SOURCE_NAME || node->as.name.local || node->as.name.environment)
        return false;
    const source_name *first = node->as.name.name;
    if (count > 0 && text_equal(first->text, "_G"))
        first = members[--count];
    return write_path(out, first, members, count);
}

source_field *source_field_named(source_checker *checker, const source_node *table,
                                 const char *name)
{
    source_field *found = NULL;
    for (source_field *field = table->as.table.first; field; field = field->next) {
        if (++checker->lookups > SOURCE_LOOKUPS)
            return NULL;
        if (field->name && text_equal(field->name->text, name))
            found = field;
    }
    return found;
}

/* a.b: the value of the field b in the constructor that a is. */
static source_node *member_of(source_checker *checker, source_node *node)
{
    source_node *keys[PATH_MEMBERS];
    size_t count = 0;
    for (; node && node->kind == SOURCE_INDEX; node = source_resolve(node->as.index.object)) {
        if (count == PATH_MEMBERS || node->as.index.key->kind != SOURCE_STRING)
            return NULL;
        keys[count++] = node->as.index.key;
    }
    while (count > 0 && node && node->kind == SOURCE_TABLE) {
        const source_field *field =
            source_field_named(checker, node, keys[--count]->as.string->text);
        node = field ? source_resolve(field->value) : NULL;
    }
    return count == 0 ? node : NULL;
}

static source_node *value(source_checker *checker, source_node *node)
{
    node = source_resolve(node);
    return node && node->kind == SOURCE_INDEX ? member_of(checker, node) : node;
}

source_node *source_table(source_checker *checker, source_node *node)
{
    node = value(checker, node);
    return node && node->kind == SOURCE_TABLE ? node : NULL;
}

source_function *source_function_of(source_checker *checker, source_node *node)
{
    node = value(checker, node);
    return node && node->kind == SOURCE_FUNCTION ? node->as.body : NULL;
}

source_name *source_string(source_node *node)
{
    node = source_resolve(node);
    return node && node->kind == SOURCE_STRING ? node->as.string : NULL;
}

source_local *source_root(const source_node *node)
{
    while (node->kind == SOURCE_INDEX || node->kind == SOURCE_PARENTHESES)
        node = node->kind == SOURCE_INDEX ? node->as.index.object : node->as.inner;
    return node->kind == SOURCE_NAME ? node->as.name.local : NULL;
}
