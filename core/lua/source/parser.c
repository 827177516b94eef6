/* SPDX-License-Identifier: MIT */
/* The ends of the parser: where it begins, and what its parts ask about the current token. */
#include <config.h>
#include <stdio.h>
#include "base/error.h"
#include "base/limits.h"
#include "lua/runtime/limits.h"
#include "lua/source/parser.h"
#include "lua/source/parser_inside.h"

bool source_failed(const source_parser *parser)
{
    return parser->tree->status != THINGSPACE_OK;
}

void source_unexpected(source_parser *parser, const char *reason)
{
    char text[64];
    const source_token *token = &parser->lexer.token;
    source_tree_fail(parser->tree, token->line, "%s near %s", reason,
                     source_lexer_describe(token, text, sizeof(text)));
    parser->lexer.token.word = TOKEN_END;
}

bool source_accept(source_parser *parser, int word)
{
    if (parser->lexer.token.word != word)
        return false;
    source_lexer_next(&parser->lexer);
    return true;
}

void source_expect_closing(source_parser *parser, int word, int opening, int line)
{
    if (source_failed(parser) || source_accept(parser, word))
        return;
    char reason[96], closing[24], opened[24];
    const source_token end = {.word = word}, begin = {.word = opening};
    source_lexer_describe(&end, closing, sizeof(closing));
    if (line == 0 || line == parser->lexer.token.line)
        snprintf(reason, sizeof(reason), "%s expected", closing);
    else
        snprintf(reason, sizeof(reason), "%s expected (to close %s at line %d)", closing,
                 source_lexer_describe(&begin, opened, sizeof(opened)), line);
    source_unexpected(parser, reason);
}

void source_expect(source_parser *parser, int word)
{
    source_expect_closing(parser, word, 0, 0);
}

source_name *source_expect_name(source_parser *parser)
{
    source_name *name = parser->lexer.token.text;
    if (!source_failed(parser) && parser->lexer.token.word != TOKEN_NAME)
        source_unexpected(parser, "a name expected");
    if (source_failed(parser))
        return NULL;
    source_lexer_next(&parser->lexer);
    return name;
}

void source_level_enter(source_parser *parser)
{
    if (++parser->levels >= SOURCE_LEVELS)
        source_unexpected(parser, "the script is nested too deeply");
}

void source_level_leave(source_parser *parser)
{
    parser->levels--;
}

bool source_at_block_end(const source_parser *parser, bool with_until)
{
    switch (parser->lexer.token.word) {
    case TOKEN_END:
    case TOKEN_ELSE:
    case TOKEN_ELSEIF:
    case TOKEN_BLOCK_END:
        return true;
    case TOKEN_UNTIL:
        return with_until;
    default:
        return false;
    }
}

static void parse(source_parser *parser)
{
    source_scope scope;
    parser->function = source_tree_function(parser->tree, 1, NULL);
    if (!parser->function)
        return;
    parser->function->variadic = true;
    source_scope_enter(parser, &scope, false);
    source_lexer_next(&parser->lexer);
    source_statements(parser);
    if (!source_failed(parser) && parser->lexer.token.word != TOKEN_END)
        source_unexpected(parser, "the end of the text expected");
    source_scope_leave(parser);
}

static thingspace_status report(const source_tree *tree, thingspace_error *error)
{
    if (tree->status == THINGSPACE_MEMORY)
        return error_memory(error);
    error_set(error, tree->status, "%s", tree->message);
    error_set_place(error, NULL, tree->line);
    return tree->status;
}

thingspace_status source_parse(source_tree **out, const char *text, size_t size,
                               thingspace_error *error)
{
    cleanup_source_tree source_tree *made = NULL;
    source_parser parser = {0};
    *out = NULL;
    if (size > LIMIT_SCRIPT)
        return error_set(error, THINGSPACE_POLICY,
                         "the script is longer than %d KiB; read data from a file instead",
                         LIMIT_SCRIPT / 1024);
    thingspace_status status = source_tree_new(&made, error);
    if (status != THINGSPACE_OK)
        return status;
    parser.tree = made;
    source_lexer_begin(&parser.lexer, made, text, size);
    parser.environment = source_tree_name(made, "_ENV", 4);
    parse(&parser);
    if (made->status != THINGSPACE_OK)
        return report(made, error);
    *out = made;
    made = NULL;
    return THINGSPACE_OK;
}
