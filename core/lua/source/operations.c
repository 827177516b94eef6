/* SPDX-License-Identifier: MIT */
/*
 * The rule about operations: call.operation and event.operation are compared with names that there
 * are, for a comparison with another one is never true, and nobody notices.
 */
#include <config.h>
#include <stdio.h>
#include <string.h>
#include "base/text.h"
#include "lua/source/check_inside.h"
#include "lua/source/lexer.h"

/* The roles of x in x.operation; 0: it is something else. */
static unsigned roles_of_operation(const source_node *node)
{
    node = source_resolve((source_node *)node);
    bool member = node && node->kind == SOURCE_INDEX && node->as.index.key->kind == SOURCE_STRING &&
                  text_equal(node->as.index.key->as.string->text, "operation");
    return member ? source_roles_of(node->as.index.object) : 0;
}

static void report(source_checker *checker, int line, const char *name, const char *near,
                   phase phase)
{
    char known[128] = "";
    for (size_t i = 0; operation_in(phase, i); i++)
        snprintf(known + strlen(known), sizeof(known) - strlen(known), "%s%s", i > 0 ? ", " : "",
                 operation_in(phase, i));
    source_report(checker, line, SOURCE_WARNING, "unknown-operation",
                  near ? "there is no operation '%.80s'; did you mean '%s'?"
                       : "there is no operation '%.80s', so this is always the same; in this phase "
                         "known are: %s",
                  name, near ? near : known);
}

static void check_name(source_checker *checker, int line, unsigned roles, const char *name)
{
    nearest near;
    phase last = PHASE_COUNT;
    nearest_begin(&near, name);
    for (unsigned bit = 0; bit < 2 * PHASE_COUNT; bit++) {
        phase phase = bit / 2;
        handle_kind handle = handle_argument(phase, bit % 2);
        if (!(roles & 1u << bit) || handle == HANDLE_COUNT || !field_find(handle, "operation"))
            continue;
        last = phase;
        for (size_t i = 0; operation_in(phase, i); i++) {
            if (text_equal(operation_in(phase, i), name))
                return;
            nearest_offer(&near, operation_in(phase, i));
        }
    }
    if (last != PHASE_COUNT)
        report(checker, line, name, near.found, last);
}

static void check_sides(source_checker *checker, int line, const source_node *left,
                        const source_node *right)
{
    unsigned roles = roles_of_operation(left);
    const source_name *name = roles ? source_string((source_node *)right) : NULL;
    if (name && source_has_room(checker))
        check_name(checker, line, roles, name->text);
}

void source_operations_check(source_checker *checker)
{
    for (const source_node *node = checker->tree->nodes; node; node = node->following) {
        if (node->kind != SOURCE_OPERATION ||
            (node->as.operation.word != TOKEN_EQUAL && node->as.operation.word != TOKEN_UNEQUAL))
            continue;
        const source_node *left = node->as.operation.left, *right = node->as.operation.right;
        check_sides(checker, node->line, left, right);
        check_sides(checker, node->line, right, left);
    }
}
