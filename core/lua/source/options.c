/* SPDX-License-Identifier: MIT */
/*
 * The rule about options: configure reads none that the manifest does not have, for no row can give
 * it. Silent when the text does not tell which there are, or when others may add some.
 */
#include <config.h>
#include "base/text.h"
#include "lua/runtime/limits.h"
#include "lua/source/check_inside.h"

/* The table that configure gets, under any name that it keeps. */
static bool is_options(const source_node *node, const source_local *options)
{
    const source_node *value = source_resolve((source_node *)node);
    return value && value->kind == SOURCE_NAME && value->as.name.local == options;
}

/* Whether the call may add members to it. */
static bool may_change(const source_node *call, const source_local *options)
{
    static const char *const readers[] = {
        "pairs",          "ipairs",       "next",        "type",   "tostring",
        "assert",         "rawget",       "rawlen",      "select", "thingspace.json.encode",
        "thingspace.log", "table.concat", "table.unpack"};
    char path[SOURCE_PATH];
    bool handed = false;
    for (const source_node *argument = call->as.call.arguments; argument; argument = argument->next)
        handed |= is_options(argument, options);
    if (!handed)
        return false;
    for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++)
        if (!call->as.call.method && source_path(call->as.call.callee, path) &&
            text_equal(path, readers[i]))
            return false;
    return true;
}

static bool note_assigned(const source_node *node, const source_local *options)
{
    const source_node *key = node->as.index.key;
    if (!node->assigned || !is_options(node->as.index.object, options))
        return true;
    if (key->kind == SOURCE_STRING)
        key->as.string->option = true;
    return key->kind == SOURCE_STRING;
}

/* Marks the names that are there; false: nobody knows all of them. */
static bool note_all(source_checker *checker, const source_node *declared,
                     const source_local *options)
{
    bool told = true;
    for (const source_field *field = declared ? declared->as.table.first : NULL; field;
         field = field->next)
        if (field->name)
            field->name->option = true;
    for (const source_node *node = checker->tree->nodes; node && told; node = node->following)
        if (node->kind == SOURCE_INDEX)
            told = note_assigned(node, options);
        else if (node->kind == SOURCE_CALL)
            told = !may_change(node, options);
    return told;
}

static void check_read(source_checker *checker, const source_node *declared,
                       const source_node *node)
{
    nearest near;
    source_name *name = node->as.index.key->as.string;
    if (name->option || name->option_line == node->line || !source_has_room(checker))
        return;
    name->option_line = node->line;
    nearest_begin(&near, name->text);
    for (const source_field *field = declared ? declared->as.table.first : NULL; field;
         field = field->next)
        if (field->name && checker->lookups++ < SOURCE_LOOKUPS)
            nearest_offer(&near, field->name->text);
    source_report(checker, node->line, SOURCE_WARNING, "unknown-option",
                  near.found
                      ? "the manifest has no option '%.80s'; did you mean '%s'?"
                      : "the manifest has no option '%.80s', so it is always nil: declare it "
                        "in options%s",
                  name->text, near.found ? near.found : "");
}

void source_options_check(source_checker *checker)
{
    const source_local *options = checker->configure ? checker->configure->parameters : NULL;
    source_field *field =
        checker->manifest ? source_field_named(checker, checker->manifest, "options") : NULL;
    const source_node *declared = field ? source_table(checker, field->value) : NULL;
    bool told = field ? declared && !declared->as.table.open
                      : checker->manifest && !checker->manifest->as.table.open;
    if (!options || !told || options->assignments > 0 || !note_all(checker, declared, options))
        return;
    for (const source_node *node = checker->tree->nodes; node; node = node->following)
        if (node->kind == SOURCE_INDEX && !node->assigned &&
            node->as.index.key->kind == SOURCE_STRING && is_options(node->as.index.object, options))
            check_read(checker, declared, node);
}
