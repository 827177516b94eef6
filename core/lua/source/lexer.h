/* SPDX-License-Identifier: MIT */
/*
 * The words of a script, as Lua 5.4 reads them: names, numbers, strings with all their escapes,
 * comments. A wrong one is the tree's failure, and from any failure on there is only the end. The
 * text is borrowed; names and strings belong to the tree. One thread at a time.
 */
#ifndef LUA_SOURCE_LEXER_H
#define LUA_SOURCE_LEXER_H

#include "lua/source/tree.h"

/* Single characters are their own tokens. */
typedef enum source_word {
    TOKEN_END = 256,
    TOKEN_NAME,
    TOKEN_STRING,
    TOKEN_NUMBER,
    TOKEN_CONCAT,        /* .. */
    TOKEN_DOTS,          /* ... */
    TOKEN_EQUAL,         /* == */
    TOKEN_UNEQUAL,       /* ~= */
    TOKEN_LESS_EQUAL,    /* <= */
    TOKEN_GREATER_EQUAL, /* >= */
    TOKEN_SHIFT_LEFT,    /* << */
    TOKEN_SHIFT_RIGHT,   /* >> */
    TOKEN_DIVIDE,        /* // */
    TOKEN_LABEL,         /* :: */
    TOKEN_AND,           /* from here on the reserved words, by alphabet */
    TOKEN_BREAK,
    TOKEN_DO,
    TOKEN_ELSE,
    TOKEN_ELSEIF,
    TOKEN_BLOCK_END, /* end */
    TOKEN_FALSE,
    TOKEN_FOR,
    TOKEN_FUNCTION,
    TOKEN_GOTO,
    TOKEN_IF,
    TOKEN_IN,
    TOKEN_LOCAL,
    TOKEN_NIL,
    TOKEN_NOT,
    TOKEN_OR,
    TOKEN_REPEAT,
    TOKEN_RETURN,
    TOKEN_THEN,
    TOKEN_TRUE,
    TOKEN_UNTIL,
    TOKEN_WHILE,
} source_word;

typedef struct source_token {
    int word;
    int line;
    source_name *text; /* of a name or string */
    double number;
} source_token;

typedef struct source_lexer {
    const char *text;
    size_t size, at;
    int line;
    char *scratch; /* a decoded string: never longer than its text */
    source_tree *tree;
    source_token token; /* the current one */
    source_token ahead;
    bool has_ahead;
} source_lexer;

/* Ready to be asked for the first token. A byte order mark before the text is skipped. */
void source_lexer_begin(source_lexer *lexer, source_tree *tree, const char *text, size_t size);
/* The next token becomes the current one. */
void source_lexer_next(source_lexer *lexer);
/* The word of the token after the current one. */
int source_lexer_peek(source_lexer *lexer);
/* How a message shows the word; `name` is for names. Valid until the next call. */
const char *source_lexer_describe(const source_token *token, char *out, size_t size);

#endif
