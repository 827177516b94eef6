/* SPDX-License-Identifier: MIT */
/* Expressions: operators by precedence, members, calls, table constructors. */
#include <config.h>
#include "lua/source/parser_inside.h"

#define UNARY_STRENGTH 12

void source_list_add(source_list *list, source_node *node)
{
    if (!node)
        return;
    if (list->last)
        list->last->next = node;
    else
        list->first = node;
    list->last = node;
    list->count++;
}

void source_consume(source_node *node)
{
    if (node)
        node->consumed = true;
}

static int current_line(const source_parser *parser)
{
    return parser->lexer.token.line;
}

static source_node *make(source_parser *parser, source_kind kind, int line)
{
    source_node *node = source_tree_node(parser->tree, kind, line, parser->function);
    if (node)
        node->returned = parser->returning;
    return node;
}

static source_node *make_string(source_parser *parser, source_name *text, int line)
{
    source_node *node = make(parser, SOURCE_STRING, line);
    if (node)
        node->as.string = text;
    return node;
}

source_node *source_expression_name(source_parser *parser, source_name *name, int line)
{
    source_node *node = make(parser, SOURCE_NAME, line);
    if (!node || !name)
        return NULL;
    node->as.name.name = name;
    node->as.name.local = name->local;
    node->as.name.environment =
        name == parser->environment || (!name->local && parser->environment->local);
    return node;
}

static source_node *make_index(source_parser *parser, source_node *object, source_node *key,
                               int line)
{
    source_node *node = make(parser, SOURCE_INDEX, line);
    if (!node || !object || !key)
        return NULL;
    source_consume(object);
    node->as.index.object = object;
    node->as.index.key = key;
    return node;
}

source_node *source_expression_member(source_parser *parser, source_node *object, source_name *name,
                                      int line)
{
    return make_index(parser, object, name ? make_string(parser, name, line) : NULL, line);
}

source_list source_expressions(source_parser *parser)
{
    source_list list = {0};
    do
        source_list_add(&list, source_expression(parser));
    while (source_accept(parser, ','));
    return list;
}

/* --- Tables --- */

static void add_field(source_parser *parser, source_node *table, source_name *name,
                      source_node *value)
{
    source_field *field = source_tree_allocate(parser->tree, sizeof(*field));
    if (!field || !table || !value)
        return;
    *field = (source_field){.name = name, .value = value, .line = value->line};
    if (table->as.table.last)
        table->as.table.last->next = field;
    else
        table->as.table.first = field;
    table->as.table.last = field;
}

static void computed_field(source_parser *parser, source_node *table)
{
    source_expect(parser, '[');
    source_node *key = source_expression(parser);
    source_expect(parser, ']');
    source_expect(parser, '=');
    source_node *value = source_expression(parser);
    if (!key || !table)
        return;
    source_consume(key);
    bool told = key->kind == SOURCE_STRING;
    if (!told)
        table->as.table.open = true;
    add_field(parser, table, told ? key->as.string : NULL, value);
}

static void table_field(source_parser *parser, source_node *table)
{
    source_name *name = NULL;
    if (parser->lexer.token.word == '[') {
        computed_field(parser, table);
        return;
    }
    int line = current_line(parser);
    if (parser->lexer.token.word == TOKEN_NAME && source_lexer_peek(&parser->lexer) == '=') {
        name = source_expect_name(parser);
        source_expect(parser, '=');
    }
    add_field(parser, table, name, source_expression(parser));
    if (table && table->as.table.last)
        table->as.table.last->line = line;
}

static source_node *table_constructor(source_parser *parser)
{
    int line = current_line(parser);
    source_node *table = make(parser, SOURCE_TABLE, line);
    source_expect(parser, '{');
    while (parser->lexer.token.word != '}' && !source_failed(parser)) {
        table_field(parser, table);
        if (!source_accept(parser, ',') && !source_accept(parser, ';'))
            break;
    }
    source_expect_closing(parser, '}', '{', line);
    return table;
}

/* --- Calls --- */

static source_list arguments(source_parser *parser)
{
    source_list list = {0};
    int line = current_line(parser);
    int word = parser->lexer.token.word;
    if (word == TOKEN_STRING) {
        source_list_add(&list, make_string(parser, parser->lexer.token.text, line));
        source_lexer_next(&parser->lexer);
    } else if (word == '{') {
        source_list_add(&list, table_constructor(parser));
    } else if (source_accept(parser, '(')) {
        if (parser->lexer.token.word != ')')
            list = source_expressions(parser);
        source_expect_closing(parser, ')', '(', line);
    } else {
        source_unexpected(parser, "arguments of a call expected");
    }
    return list;
}

static source_node *call(source_parser *parser, source_node *callee, source_name *method, int line)
{
    source_list list = arguments(parser);
    source_node *node = make(parser, SOURCE_CALL, line);
    if (!node || !callee)
        return NULL;
    source_consume(callee);
    node->as.call.callee = callee;
    node->as.call.method = method;
    node->as.call.arguments = list.first;
    return node;
}

static source_node *parenthesised(source_parser *parser)
{
    int line = current_line(parser);
    source_expect(parser, '(');
    source_node *inner = source_expression(parser);
    source_expect_closing(parser, ')', '(', line);
    source_node *node = make(parser, SOURCE_PARENTHESES, line);
    if (node)
        node->as.inner = inner;
    return inner ? node : NULL;
}

static source_node *primary(source_parser *parser)
{
    int line = current_line(parser);
    if (parser->lexer.token.word == '(')
        return parenthesised(parser);
    if (parser->lexer.token.word == TOKEN_NAME)
        return source_expression_name(parser, source_expect_name(parser), line);
    if (!source_failed(parser))
        source_unexpected(parser, "unexpected symbol");
    return NULL;
}

static source_node *computed_member(source_parser *parser, source_node *object, int line)
{
    source_expect(parser, '[');
    source_node *key = source_expression(parser);
    source_expect_closing(parser, ']', '[', line);
    source_consume(key);
    return make_index(parser, object, key, line);
}

static source_node *method_call(source_parser *parser, source_node *object)
{
    source_expect(parser, ':');
    int line = current_line(parser);
    source_name *name = source_expect_name(parser);
    return call(parser, object, name, line);
}

source_node *source_expression_suffixed(source_parser *parser)
{
    source_node *node = primary(parser);
    while (!source_failed(parser)) {
        int line = current_line(parser);
        switch (parser->lexer.token.word) {
        case '.':
            source_lexer_next(&parser->lexer);
            line = current_line(parser);
            node = source_expression_member(parser, node, source_expect_name(parser), line);
            break;
        case '[':
            node = computed_member(parser, node, line);
            break;
        case ':':
            node = method_call(parser, node);
            break;
        case '(':
        case '{':
        case TOKEN_STRING:
            node = call(parser, node, NULL, node ? node->line : line);
            break;
        default:
            return node;
        }
    }
    return NULL;
}

/* --- Operators --- */

typedef struct strength {
    int word;
    unsigned char left, right; /* right is weaker where a chain groups from the right */
} strength;

static const strength strengths[] = {
    {TOKEN_OR, 1, 1},
    {TOKEN_AND, 2, 2},
    {'<', 3, 3},
    {'>', 3, 3},
    {TOKEN_LESS_EQUAL, 3, 3},
    {TOKEN_GREATER_EQUAL, 3, 3},
    {TOKEN_UNEQUAL, 3, 3},
    {TOKEN_EQUAL, 3, 3},
    {'|', 4, 4},
    {'~', 5, 5},
    {'&', 6, 6},
    {TOKEN_SHIFT_LEFT, 7, 7},
    {TOKEN_SHIFT_RIGHT, 7, 7},
    {TOKEN_CONCAT, 9, 8},
    {'+', 10, 10},
    {'-', 10, 10},
    {'*', 11, 11},
    {'/', 11, 11},
    {TOKEN_DIVIDE, 11, 11},
    {'%', 11, 11},
    {'^', 14, 13},
};

static const strength *strength_of(int word)
{
    for (size_t i = 0; i < sizeof(strengths) / sizeof(strengths[0]); i++)
        if (strengths[i].word == word)
            return &strengths[i];
    return NULL;
}

static source_node *constant(source_parser *parser, source_kind kind)
{
    source_node *node = make(parser, kind, current_line(parser));
    const source_token *token = &parser->lexer.token;
    if (node && kind == SOURCE_NUMBER)
        node->as.number = token->number;
    if (node && kind == SOURCE_STRING)
        node->as.string = token->text;
    if (node && kind == SOURCE_BOOLEAN)
        node->as.boolean = token->word == TOKEN_TRUE;
    source_lexer_next(&parser->lexer);
    return node;
}

static source_node *variadic(source_parser *parser)
{
    if (!parser->function->variadic)
        source_unexpected(parser, "cannot use '...' outside of a function with '...'");
    return constant(parser, SOURCE_VARARG);
}

static source_node *simple(source_parser *parser)
{
    int line = current_line(parser);
    switch (parser->lexer.token.word) {
    case TOKEN_NUMBER:
        return constant(parser, SOURCE_NUMBER);
    case TOKEN_STRING:
        return constant(parser, SOURCE_STRING);
    case TOKEN_NIL:
        return constant(parser, SOURCE_NIL);
    case TOKEN_TRUE:
    case TOKEN_FALSE:
        return constant(parser, SOURCE_BOOLEAN);
    case TOKEN_DOTS:
        return variadic(parser);
    case '{':
        return table_constructor(parser);
    case TOKEN_FUNCTION:
        source_lexer_next(&parser->lexer);
        return source_function_body(parser, false, line);
    default:
        return source_expression_suffixed(parser);
    }
}

static source_node *operation(source_parser *parser, int word, source_node *left,
                              source_node *right, int line)
{
    bool logical = word == TOKEN_AND || word == TOKEN_OR;
    source_node *node = make(parser, logical ? SOURCE_LOGICAL : SOURCE_OPERATION, line);
    if (!node)
        return NULL;
    if (!logical) {
        source_consume(left);
        source_consume(right);
    }
    node->as.operation.left = left;
    node->as.operation.right = right;
    node->as.operation.word = word;
    return node;
}

static bool is_unary(int word)
{
    return word == TOKEN_NOT || word == '-' || word == '~' || word == '#';
}

/* Operators that bind stronger than `limit`. */
static source_node *operators(source_parser *parser, unsigned limit)
{
    source_node *node;
    source_level_enter(parser);
    int line = current_line(parser), word = parser->lexer.token.word;
    if (is_unary(word)) {
        source_lexer_next(&parser->lexer);
        node = operation(parser, word, operators(parser, UNARY_STRENGTH), NULL, line);
    } else {
        node = simple(parser);
    }
    const strength *strength = strength_of(parser->lexer.token.word);
    while (strength && strength->left > limit) {
        line = current_line(parser);
        source_lexer_next(&parser->lexer);
        source_node *right = operators(parser, strength->right);
        node = operation(parser, strength->word, node, right, line);
        strength = strength_of(parser->lexer.token.word);
    }
    source_level_leave(parser);
    return node;
}

source_node *source_expression(source_parser *parser)
{
    return operators(parser, 0);
}
