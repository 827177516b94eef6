/* SPDX-License-Identifier: MIT */
/* Statements. */
#include <config.h>
#include <lua.h>
#include "base/text.h"
#include "lua/source/parser_inside.h"

/* Locals that the language makes for each kind of loop, and whether its first one is a constant. */
#if LUA_VERSION_NUM >= 505
#    define FOR_NUMBERS_HIDDEN 2
#    define FOR_VALUES_HIDDEN  3
#    define FOR_FIXED          true
#else
#    define FOR_NUMBERS_HIDDEN 3
#    define FOR_VALUES_HIDDEN  4
#    define FOR_FIXED          false
#endif

static int current_line(const source_parser *parser)
{
    return parser->lexer.token.line;
}

static void block(source_parser *parser)
{
    source_scope scope;
    source_scope_enter(parser, &scope, false);
    source_statements(parser);
    source_scope_leave(parser);
}

/* --- Assignments --- */

static bool is_multiple(const source_node *node)
{
    return node->kind == SOURCE_CALL || node->kind == SOURCE_VARARG;
}

/* A local of the target's name is changed from now on. */
static void note_assignment(source_parser *parser, source_node *target, source_node *value)
{
    source_local *local = target->kind == SOURCE_NAME ? target->as.name.local : NULL;
    target->assigned = true;
    if (!local)
        return;
    if (local->fixed)
        source_tree_fail(parser->tree, target->line, "assignment to the constant '%.40s'",
                         local->name->text);
    local->assignments++;
    local->stored = value;
}

static void assign(source_parser *parser, source_node *targets, source_list values, int line)
{
    source_node *value = values.first;
    for (source_node *target = targets; target; target = target->next) {
        note_assignment(parser, target, value);
        value = value ? value->next : NULL;
    }
    source_node *node = source_tree_node(parser->tree, SOURCE_ASSIGNMENT, line, parser->function);
    if (!node)
        return;
    node->as.assignment.targets = targets;
    node->as.assignment.values = values.first;
    node->outermost = !parser->scope->outer;
}

static bool is_target(const source_node *node)
{
    return node && (node->kind == SOURCE_NAME || node->kind == SOURCE_INDEX);
}

static void more_targets(source_parser *parser, source_list *targets)
{
    unsigned levels = parser->levels;
    while (source_accept(parser, ',')) {
        source_node *target = source_expression_suffixed(parser);
        if (!source_failed(parser) && !is_target(target))
            source_unexpected(parser, "syntax error");
        source_list_add(targets, target);
        source_level_enter(parser); /* as Lua does, for each target */
    }
    parser->levels = levels;
}

static void expression_statement(source_parser *parser)
{
    source_list targets = {0};
    int line = current_line(parser);
    source_node *first = source_expression_suffixed(parser);
    if (!first || source_failed(parser))
        return;
    int word = parser->lexer.token.word;
    if (word != '=' && word != ',') {
        if (first->kind != SOURCE_CALL)
            source_unexpected(parser, "syntax error");
        first->statement = true;
        return;
    }
    if (!is_target(first))
        source_unexpected(parser, "syntax error");
    source_list_add(&targets, first);
    more_targets(parser, &targets);
    source_expect(parser, '=');
    source_list values = source_expressions(parser);
    if (!source_failed(parser))
        assign(parser, targets.first, values, line);
}

static void function_statement(source_parser *parser)
{
    int line = current_line(parser);
    bool method = false;
    source_lexer_next(&parser->lexer);
    source_node *target = source_expression_name(parser, source_expect_name(parser), line);
    while (!source_failed(parser) && !method &&
           (parser->lexer.token.word == '.' || parser->lexer.token.word == ':')) {
        method = parser->lexer.token.word == ':';
        source_lexer_next(&parser->lexer);
        target = source_expression_member(parser, target, source_expect_name(parser), line);
    }
    source_list values = {0};
    source_list_add(&values, source_function_body(parser, method, line));
    if (!source_failed(parser))
        assign(parser, target, values, line);
}

/* --- Locals --- */

static void local_function(source_parser *parser, int line)
{
    source_local *local = source_scope_declare(parser, source_expect_name(parser), line);
    source_node *value = source_function_body(parser, false, line);
    if (local)
        local->value = value;
}

/* `<const>` or `<close>` behind the name, if any. */
static void attribute(source_parser *parser, source_local *local, bool *closing)
{
    if (!source_accept(parser, '<'))
        return;
    source_name *name = source_expect_name(parser);
    source_expect(parser, '>');
    if (!name || !local)
        return;
    bool close = text_equal(name->text, "close");
    if (!close && !text_equal(name->text, "const"))
        source_tree_fail(parser->tree, local->line,
                         "unknown attribute '%.40s'; there are const and close", name->text);
    if (close && *closing)
        source_tree_fail(parser->tree, local->line, "only one <close> in a list of locals");
    *closing |= close;
    local->fixed = true;
}

/* Locals that are not visible yet: linked by `next`, newest first. */
static source_local *local_names(source_parser *parser)
{
    source_local *newest = NULL;
    bool closing = false;
    do {
        int line = current_line(parser);
        source_name *name = source_expect_name(parser);
        source_local *local = source_tree_local(parser->tree, name, line, parser->function);
        attribute(parser, local, &closing);
        if (!local || !name)
            return NULL;
        local->next = newest;
        newest = local;
    } while (source_accept(parser, ','));
    return newest;
}

static source_local *reverse(source_local *local)
{
    source_local *first = NULL;
    while (local) {
        source_local *next = local->next;
        local->next = first;
        first = local;
        local = next;
    }
    return first;
}

static void local_statement(source_parser *parser)
{
    source_list values = {0};
    source_local *local = reverse(local_names(parser));
    if (source_accept(parser, '='))
        values = source_expressions(parser);
    source_node *value = values.first;
    bool more = values.last && is_multiple(values.last);
    while (local && !source_failed(parser)) {
        source_local *next = local->next;
        local->next = NULL;
        local->value = value;
        if (!value && more)
            local->assignments = 2; /* something that the text does not tell */
        value = value ? value->next : NULL;
        source_scope_show(parser, local);
        local = next;
    }
}

/* --- Blocks --- */

static void condition(source_parser *parser)
{
    source_consume(source_expression(parser));
}

static void if_statement(source_parser *parser)
{
    int line = current_line(parser);
    do {
        source_lexer_next(&parser->lexer);
        condition(parser);
        source_expect(parser, TOKEN_THEN);
        block(parser);
    } while (parser->lexer.token.word == TOKEN_ELSEIF);
    if (source_accept(parser, TOKEN_ELSE))
        block(parser);
    source_expect_closing(parser, TOKEN_BLOCK_END, TOKEN_IF, line);
}

static void loop_body(source_parser *parser, int opening, int line)
{
    source_expect(parser, TOKEN_DO);
    block(parser);
    source_expect_closing(parser, TOKEN_BLOCK_END, opening, line);
}

static void while_statement(source_parser *parser)
{
    int line = current_line(parser);
    source_scope loop;
    source_lexer_next(&parser->lexer);
    condition(parser);
    source_scope_enter(parser, &loop, true);
    loop_body(parser, TOKEN_WHILE, line);
    source_scope_leave(parser);
}

static void repeat_statement(source_parser *parser)
{
    int line = current_line(parser);
    source_scope loop, inner;
    source_lexer_next(&parser->lexer);
    source_scope_enter(parser, &loop, true);
    source_scope_enter(parser, &inner, false);
    source_statements(parser);
    source_expect_closing(parser, TOKEN_UNTIL, TOKEN_REPEAT, line);
    condition(parser); /* sees the locals of the block */
    source_scope_leave(parser);
    source_scope_leave(parser);
}

static void hidden_locals(source_parser *parser, int count)
{
    for (int i = 0; i < count; i++)
        source_scope_declare(parser, NULL, current_line(parser));
}

/* The names are visible in the body alone. */
static void for_body(source_parser *parser, source_local *local, int line)
{
    source_scope scope;
    source_expect(parser, TOKEN_DO);
    source_scope_enter(parser, &scope, false);
    while (local && !source_failed(parser)) {
        source_local *next = local->next;
        local->next = NULL;
        local->assignments = 2; /* another value in each round */
        source_scope_show(parser, local);
        local = next;
    }
    block(parser);
    source_scope_leave(parser);
    source_expect_closing(parser, TOKEN_BLOCK_END, TOKEN_FOR, line);
}

static source_local *for_numbers(source_parser *parser, source_local *local)
{
    source_expect(parser, '=');
    source_list values = source_expressions(parser);
    for (source_node *value = values.first; value; value = value->next)
        source_consume(value);
    if (!source_failed(parser) && (values.count < 2 || values.count > 3))
        source_unexpected(parser, "a loop takes two or three numbers");
    hidden_locals(parser, FOR_NUMBERS_HIDDEN);
    return local;
}

static source_local *for_values(source_parser *parser, source_local *first)
{
    source_local *newest = first;
    while (source_accept(parser, ',')) {
        int line = current_line(parser);
        source_name *name = source_expect_name(parser);
        source_local *local = source_tree_local(parser->tree, name, line, parser->function);
        if (!local || !name)
            return NULL;
        local->next = newest;
        newest = local;
    }
    source_expect(parser, TOKEN_IN);
    source_expressions(parser);
    hidden_locals(parser, FOR_VALUES_HIDDEN);
    return reverse(newest);
}

static void for_statement(source_parser *parser)
{
    source_scope loop;
    int line = current_line(parser);
    source_lexer_next(&parser->lexer);
    source_scope_enter(parser, &loop, true);
    source_name *name = source_expect_name(parser);
    source_local *local = source_tree_local(parser->tree, name, line, parser->function);
    if (local)
        local->fixed = FOR_FIXED;
    if (parser->lexer.token.word == '=')
        local = for_numbers(parser, local);
    else
        local = for_values(parser, local);
    for_body(parser, local, line);
    source_scope_leave(parser);
}

static void do_statement(source_parser *parser)
{
    int line = current_line(parser);
    source_lexer_next(&parser->lexer);
    block(parser);
    source_expect_closing(parser, TOKEN_BLOCK_END, TOKEN_DO, line);
}

/* --- Jumps --- */

static void return_statement(source_parser *parser)
{
    source_list values = {0};
    int line = current_line(parser);
    source_lexer_next(&parser->lexer);
    if (!source_at_block_end(parser, true) && parser->lexer.token.word != ';') {
        parser->returning = true;
        values = source_expressions(parser);
        parser->returning = false;
    }
    source_accept(parser, ';');
    source_node *node = source_tree_node(parser->tree, SOURCE_RETURN, line, parser->function);
    if (!node)
        return;
    node->as.values = values.first;
    node->outermost = !parser->scope->outer;
}

static void statement(source_parser *parser);

static void label_statement(source_parser *parser)
{
    int line = current_line(parser);
    source_lexer_next(&parser->lexer);
    source_name *name = source_expect_name(parser);
    source_expect(parser, TOKEN_LABEL);
    while (parser->lexer.token.word == ';' || parser->lexer.token.word == TOKEN_LABEL)
        statement(parser); /* what does nothing does not count as a statement behind a label */
    source_scope_check_label(parser, name, line);
    source_scope_label(parser, name, source_at_block_end(parser, false));
}

static void goto_statement(source_parser *parser)
{
    int line = current_line(parser);
    source_lexer_next(&parser->lexer);
    source_scope_goto(parser, source_expect_name(parser), line);
}

static void break_statement(source_parser *parser)
{
    if (!source_scope_in_loop(parser))
        source_unexpected(parser, "break outside of a loop");
    source_lexer_next(&parser->lexer);
}

static void local_or_function(source_parser *parser)
{
    int line = current_line(parser);
    source_lexer_next(&parser->lexer);
    if (source_accept(parser, TOKEN_FUNCTION))
        local_function(parser, line);
    else
        local_statement(parser);
}

static void statement_of(source_parser *parser)
{
    switch (parser->lexer.token.word) {
    case ';':
        source_lexer_next(&parser->lexer);
        return;
    case TOKEN_IF:
        if_statement(parser);
        return;
    case TOKEN_WHILE:
        while_statement(parser);
        return;
    case TOKEN_DO:
        do_statement(parser);
        return;
    case TOKEN_FOR:
        for_statement(parser);
        return;
    case TOKEN_REPEAT:
        repeat_statement(parser);
        return;
    case TOKEN_FUNCTION:
        function_statement(parser);
        return;
    case TOKEN_LOCAL:
        local_or_function(parser);
        return;
    case TOKEN_LABEL:
        label_statement(parser);
        return;
    case TOKEN_RETURN:
        return_statement(parser);
        return;
    case TOKEN_BREAK:
        break_statement(parser);
        return;
    case TOKEN_GOTO:
        goto_statement(parser);
        return;
    default:
        expression_statement(parser);
    }
}

static void statement(source_parser *parser)
{
    source_level_enter(parser);
    statement_of(parser);
    source_level_leave(parser);
}

void source_statements(source_parser *parser)
{
    bool last = false;
    while (!last && !source_failed(parser) && !source_at_block_end(parser, true)) {
        last = parser->lexer.token.word == TOKEN_RETURN;
        statement(parser);
    }
}
