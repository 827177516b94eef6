/* SPDX-License-Identifier: MIT */
/*
 * Keys that stand in a table constructor twice: Lua keeps the last value and says nothing. Each
 * name knows the constructor in which it was seen last, so that the time is that of one pass.
 */
#include <config.h>
#include "lua/source/check_inside.h"

static void check_key(source_checker *checker, const source_node *table, const source_field *field)
{
    source_name *name = field->name;
    if (name->table == table)
        source_report(
            checker, field->line, SOURCE_WARNING, "duplicate-key",
            "'%.80s' stands in this table twice, and the value of line %d is lost: remove "
            "one",
            name->text, name->table_line);
    name->table = table;
    name->table_line = field->line;
}

void source_tables_check(source_checker *checker)
{
    for (const source_node *node = checker->tree->nodes; node; node = node->following)
        if (node->kind == SOURCE_TABLE)
            for (const source_field *field = node->as.table.first; field; field = field->next)
                if (field->name)
                    check_key(checker, node, field);
}
