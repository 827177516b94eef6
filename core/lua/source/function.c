/* SPDX-License-Identifier: MIT */
/* Functions: their parameters, and their body in a scope of its own. */
#include <config.h>
#include "lua/source/parser_inside.h"

static int current_line(const source_parser *parser)
{
    return parser->lexer.token.line;
}

static void parameter(source_parser *parser, source_name *name, int line)
{
    source_local *local = source_scope_declare(parser, name, line);
    if (!local)
        return;
    local->parameter = true;
    if (parser->function->last_parameter)
        parser->function->last_parameter->next = local;
    else
        parser->function->parameters = local;
    parser->function->last_parameter = local;
}

static void parameters(source_parser *parser)
{
    source_expect(parser, '(');
    while (parser->lexer.token.word != ')' && !source_failed(parser)) {
        int line = current_line(parser);
        if (source_accept(parser, TOKEN_DOTS)) {
            parser->function->variadic = true;
            break;
        }
        parameter(parser, source_expect_name(parser), line);
        if (!source_accept(parser, ','))
            break;
        if (parser->lexer.token.word == ')')
            source_unexpected(parser, "a name expected");
    }
    source_expect(parser, ')');
}

static source_node *finish_function(source_parser *parser, source_function *body, int line)
{
    source_node *node = source_tree_node(parser->tree, SOURCE_FUNCTION, line, parser->function);
    if (node) {
        node->as.body = body;
        node->returned = parser->returning;
    }
    return node;
}

source_node *source_function_body(source_parser *parser, bool method, int line)
{
    source_function *outer = parser->function;
    source_scope *outer_scope = parser->scope, scope;
    bool returning = parser->returning;
    source_function *body = source_tree_function(parser->tree, line, outer);
    if (!body)
        return NULL;
    parser->function = body;
    parser->scope = NULL;
    parser->returning = false;
    source_scope_enter(parser, &scope, false);
    if (method)
        parameter(parser, source_tree_name(parser->tree, "self", 4), line);
    parameters(parser);
    source_statements(parser);
    source_expect_closing(parser, TOKEN_BLOCK_END, TOKEN_FUNCTION, line);
    source_scope_leave(parser);
    parser->function = outer;
    parser->scope = outer_scope;
    parser->returning = returning;
    return finish_function(parser, body, line);
}
