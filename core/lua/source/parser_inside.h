/* SPDX-License-Identifier: MIT */
/* What the files of the parser share: the state, scopes, expressions, statements. One thread. */
#ifndef LUA_SOURCE_PARSER_INSIDE_H
#define LUA_SOURCE_PARSER_INSIDE_H

#include "lua/source/lexer.h"

typedef struct source_scope {
    struct source_scope *outer; /* of the same function; NULL: its own block */
    source_local *newest;       /* what was visible when it began */
    source_label *labels;       /* the same */
    unsigned active;            /* locals of the function when it began */
    size_t gotos;               /* pending ones made before it */
    bool loop;
} source_scope;

struct source_label {
    source_name *name;
    source_function *function;
    source_label *outer;   /* of the name */
    source_label *beneath; /* of the scope */
};

struct source_goto {
    source_name *name;
    source_goto *older; /* of the name */
    source_goto *before;
    size_t index;
    unsigned active; /* locals that are visible where it may still jump from */
    int line;
    bool solved;
};

typedef struct source_parser {
    source_lexer lexer;
    source_tree *tree;
    source_function *function;
    source_scope *scope;
    source_local *newest; /* the local that became visible last */
    source_label *labels;
    source_goto *gotos; /* the latest; solved ones stay until their function ends */
    size_t goto_count;
    source_name *environment; /* _ENV */
    unsigned levels;
    bool returning; /* inside of the values of a return */
} source_parser;

/* A list of expressions in their order. */
typedef struct source_list {
    source_node *first, *last;
    size_t count;
} source_list;

/* --- scope.c --- */
void source_scope_enter(source_parser *parser, source_scope *scope, bool loop);
void source_scope_leave(source_parser *parser);
/* A local that is visible from here on; NULL name: one that the language makes. */
source_local *source_scope_declare(source_parser *parser, source_name *name, int line);
/* The same for one that was made before. */
void source_scope_show(source_parser *parser, source_local *local);
void source_scope_label(source_parser *parser, source_name *name, bool last);
void source_scope_check_label(source_parser *parser, source_name *name, int line);
void source_scope_goto(source_parser *parser, source_name *name, int line);
bool source_scope_in_loop(const source_parser *parser);

/* --- expression.c: NULL after a failure --- */
source_node *source_expression(source_parser *parser);
source_list source_expressions(source_parser *parser);
/* What a statement may begin with: a name or (expression), then members and calls. */
source_node *source_expression_suffixed(source_parser *parser);
source_node *source_expression_name(source_parser *parser, source_name *name, int line);
source_node *source_expression_member(source_parser *parser, source_node *object, source_name *name,
                                      int line);
void source_list_add(source_list *list, source_node *node);
/* Marks an expression whose value goes no further: an operand, a condition. */
void source_consume(source_node *node);

/* --- function.c --- */
/* From the parameters to `end`; the current token is "(". */
source_node *source_function_body(source_parser *parser, bool method, int line);

/* --- statement.c --- */
/* The statements up to the end of a block. */
void source_statements(source_parser *parser);

/* --- parser.c --- */
bool source_failed(const source_parser *parser);
/* Fails at the current token: "REASON near TOKEN". */
void source_unexpected(source_parser *parser, const char *reason);
/* Whether the current token is the word, which is then left behind. */
bool source_accept(source_parser *parser, int word);
void source_expect(source_parser *parser, int word);
/* The same for the end of what began with `opening` at `line`. */
void source_expect_closing(source_parser *parser, int word, int opening, int line);
/* Never NULL unless it failed. */
source_name *source_expect_name(source_parser *parser);
/* Depth of recursion, bounded as in Lua. Leave is called in any case. */
void source_level_enter(source_parser *parser);
void source_level_leave(source_parser *parser);
/* Whether a block ends at the current token; `until` ends only that of repeat. */
bool source_at_block_end(const source_parser *parser, bool with_until);

#endif
