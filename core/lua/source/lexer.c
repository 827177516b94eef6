/* SPDX-License-Identifier: MIT */
/* See lexer.h. Letters and digits are those of ASCII, whatever the locale. */
#include <config.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "lua/source/lexer.h"

#define NOTHING (-1) /* behind the last character */

static const char *const keywords[] = {
    "and",      "break",  "do",   "else", "elseif", "end",   "false", "for",
    "function", "goto",   "if",   "in",   "local",  "nil",   "not",   "or",
    "repeat",   "return", "then", "true", "until",  "while",
};

/* --- Characters --- */

static int look(const source_lexer *lexer, size_t distance)
{
    size_t left = lexer->size - lexer->at;
    return distance < left ? (unsigned char)lexer->text[lexer->at + distance] : NOTHING;
}

static bool is_digit(int c)
{
    return c >= '0' && c <= '9';
}

static int hex_digit(int c)
{
    if (is_digit(c))
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool is_letter(int c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_line_end(int c)
{
    return c == '\n' || c == '\r';
}

static bool is_blank(int c)
{
    return c == ' ' || c == '\t' || c == '\f' || c == '\v';
}

/* Two different line ends behind each other are one. */
static void skip_line_end(source_lexer *lexer)
{
    int first = look(lexer, 0), second = look(lexer, 1);
    lexer->at += is_line_end(second) && second != first ? 2 : 1;
    lexer->line++;
}

/* --- Strings and comments --- */

/* How many `=` a long bracket has that begins or ends here with `c`; -1: it is none. */
static int bracket_level(const source_lexer *lexer, int c)
{
    size_t length = 1;
    if (look(lexer, 0) != c)
        return -1;
    while (look(lexer, length) == '=')
        length++;
    return look(lexer, length) == c ? (int)length - 1 : -1;
}

/* The content of a long bracket goes to the scratch; `*size` is its length. */
static void read_long(source_lexer *lexer, int level, const char *what, size_t *size)
{
    int line = lexer->line;
    *size = 0;
    lexer->at += (size_t)level + 2;
    if (is_line_end(look(lexer, 0)))
        skip_line_end(lexer);
    while (look(lexer, 0) != NOTHING) {
        if (look(lexer, 0) == ']' && bracket_level(lexer, ']') == level) {
            lexer->at += (size_t)level + 2;
            return;
        }
        lexer->scratch[(*size)++] = is_line_end(look(lexer, 0)) ? '\n' : lexer->text[lexer->at];
        if (is_line_end(look(lexer, 0)))
            skip_line_end(lexer);
        else
            lexer->at++;
    }
    source_tree_fail(lexer->tree, lexer->line, "the long %s of line %d is not finished", what,
                     line);
}

static void skip_comment(source_lexer *lexer)
{
    size_t size;
    lexer->at += 2;
    int level = bracket_level(lexer, '[');
    if (level >= 0) {
        read_long(lexer, level, "comment", &size);
        return;
    }
    while (look(lexer, 0) != NOTHING && !is_line_end(look(lexer, 0)))
        lexer->at++;
}

static size_t put_utf8(char *out, uint32_t code)
{
    char reversed[8];
    size_t length = 0;
    uint32_t most = 0x3f; /* what fits in the first byte */
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    do {
        reversed[length++] = (char)(0x80 | (code & 0x3f));
        code >>= 6;
        most >>= 1;
    } while (code > most);
    reversed[length++] = (char)((~most << 1) | code);
    for (size_t i = 0; i < length; i++)
        out[i] = reversed[length - 1 - i];
    return length;
}

static size_t fail_escape(source_lexer *lexer, const char *reason)
{
    source_tree_fail(lexer->tree, lexer->line, "%s in a string", reason);
    return 0;
}

/* Behind "\u". */
static size_t read_code_point(source_lexer *lexer, char *out)
{
    uint32_t code = 0;
    if (look(lexer, 0) != '{' || hex_digit(look(lexer, 1)) < 0)
        return fail_escape(lexer, "\\u without {hexadecimal digits}");
    for (lexer->at++; hex_digit(look(lexer, 0)) >= 0; lexer->at++) {
        if (code > 0x7ffffff)
            return fail_escape(lexer, "\\u{...} above 7FFFFFFF");
        code = code * 16 + (uint32_t)hex_digit(look(lexer, 0));
    }
    if (look(lexer, 0) != '}')
        return fail_escape(lexer, "\\u{...} without its }");
    lexer->at++;
    return put_utf8(out, code);
}

/* Behind "\x". */
static size_t read_hex(source_lexer *lexer, char *out)
{
    int high = hex_digit(look(lexer, 0)), low = hex_digit(look(lexer, 1));
    if (high < 0 || low < 0)
        return fail_escape(lexer, "\\x without two hexadecimal digits");
    *out = (char)(high * 16 + low);
    lexer->at += 2;
    return 1;
}

static size_t read_decimal(source_lexer *lexer, char *out)
{
    int value = 0;
    for (int i = 0; i < 3 && is_digit(look(lexer, 0)); i++)
        value = value * 10 + (lexer->text[lexer->at++] - '0');
    if (value > 255)
        return fail_escape(lexer, "a decimal escape above \\255");
    *out = (char)value;
    return 1;
}

static size_t skip_blanks(source_lexer *lexer)
{
    while (is_blank(look(lexer, 0)) || is_line_end(look(lexer, 0)))
        if (is_line_end(look(lexer, 0)))
            skip_line_end(lexer);
        else
            lexer->at++;
    return 0;
}

/* At a backslash; the number of bytes that it stands for. */
static size_t read_escape(source_lexer *lexer, char *out)
{
    static const char letters[] = "abfnrtv\\\"'", values[] = "\a\b\f\n\r\t\v\\\"'";
    int c = look(lexer, 1);
    const char *letter = c > 0 ? strchr(letters, c) : NULL;
    lexer->at++;
    if (is_line_end(c)) {
        skip_line_end(lexer);
        *out = '\n';
        return 1;
    }
    if (is_digit(c))
        return read_decimal(lexer, out);
    if (!letter && c != 'x' && c != 'u' && c != 'z')
        return fail_escape(lexer, c == NOTHING ? "the end of the text" : "an unknown escape");
    lexer->at++;
    if (letter) {
        *out = values[letter - letters];
        return 1;
    }
    return c == 'x'   ? read_hex(lexer, out)
           : c == 'u' ? read_code_point(lexer, out)
                      : skip_blanks(lexer);
}

static int string_token(source_lexer *lexer, source_token *token, size_t size)
{
    token->text = source_tree_name(lexer->tree, lexer->scratch, size);
    return TOKEN_STRING;
}

static int read_string(source_lexer *lexer, source_token *token)
{
    int quote = look(lexer, 0);
    size_t size = 0;
    lexer->at++;
    while (look(lexer, 0) != quote && lexer->tree->status == THINGSPACE_OK) {
        if (look(lexer, 0) == NOTHING || is_line_end(look(lexer, 0)))
            source_tree_fail(lexer->tree, lexer->line, "a string is not finished on its line");
        else if (look(lexer, 0) == '\\')
            size += read_escape(lexer, lexer->scratch + size);
        else
            lexer->scratch[size++] = lexer->text[lexer->at++];
    }
    if (lexer->tree->status == THINGSPACE_OK)
        lexer->at++;
    return string_token(lexer, token, size);
}

/* --- Numbers and names --- */

static const char *skip_digits(const char *at, const char *end, bool hex, size_t *count)
{
    const char *first = at;
    while (at < end && (hex ? hex_digit((unsigned char)*at) >= 0 : is_digit((unsigned char)*at)))
        at++;
    *count += (size_t)(at - first);
    return at;
}

/* Whether all of it is one numeral. */
static bool is_numeral(const char *at, const char *end)
{
    size_t digits = 0, exponent = 0;
    bool hex = end - at >= 2 && at[0] == '0' && (at[1] == 'x' || at[1] == 'X');
    at = skip_digits(at + (hex ? 2 : 0), end, hex, &digits);
    if (at < end && *at == '.')
        at = skip_digits(at + 1, end, hex, &digits);
    if (digits == 0)
        return false;
    if (at == end || (*at | 0x20) != (hex ? 'p' : 'e'))
        return at == end;
    at++;
    if (at < end && (*at == '+' || *at == '-'))
        at++;
    at = skip_digits(at, end, false, &exponent);
    return exponent > 0 && at == end;
}

/* The only numeral whose value a check asks for is a small whole one; others stay NaN. */
static double small_value(const char *at, const char *end)
{
    double value = 0;
    size_t digits = 0;
    if (skip_digits(at, end, false, &digits) != end || digits > 9)
        return NAN;
    for (; at < end; at++)
        value = value * 10 + (*at - '0');
    return value;
}

static int read_number(source_lexer *lexer, source_token *token)
{
    const char *first = lexer->text + lexer->at;
    int marker = 'e';
    if (look(lexer, 0) == '0' && (look(lexer, 1) | 0x20) == 'x') {
        marker = 'p';
        lexer->at += 2;
    }
    for (;;) {
        int c = look(lexer, 0), sign = look(lexer, 1);
        if (c != NOTHING && (c | 0x20) == marker)
            lexer->at += sign == '+' || sign == '-' ? 2 : 1;
        else if (hex_digit(c) >= 0 || c == '.')
            lexer->at++;
        else
            break;
    }
    if (is_letter(look(lexer, 0)))
        lexer->at++; /* a numeral that touches a letter is malformed */
    const char *end = lexer->text + lexer->at;
    if (!is_numeral(first, end))
        source_tree_fail(lexer->tree, lexer->line, "malformed number '%.*s'",
                         end - first > 40 ? 40 : (int)(end - first), first);
    token->number = small_value(first, end);
    return TOKEN_NUMBER;
}

static int read_name(source_lexer *lexer, source_token *token)
{
    size_t length = 1;
    while (is_letter(look(lexer, length)) || is_digit(look(lexer, length)))
        length++;
    token->text = source_tree_name(lexer->tree, lexer->text + lexer->at, length);
    lexer->at += length;
    return token->text && token->text->keyword ? token->text->keyword : TOKEN_NAME;
}

/* --- Words --- */

static int read_bracket(source_lexer *lexer, source_token *token)
{
    int level = bracket_level(lexer, '[');
    size_t size = 0;
    if (level >= 0) {
        read_long(lexer, level, "string", &size);
        return string_token(lexer, token, size);
    }
    if (look(lexer, 1) == '=')
        source_tree_fail(lexer->tree, lexer->line, "a long string begins with [, =..., [");
    lexer->at++;
    return '[';
}

static int read_dots(source_lexer *lexer, source_token *token)
{
    if (is_digit(look(lexer, 1)))
        return read_number(lexer, token);
    size_t length = look(lexer, 1) != '.' ? 1 : look(lexer, 2) != '.' ? 2 : 3;
    lexer->at += length;
    return length == 1 ? '.' : length == 2 ? TOKEN_CONCAT : TOKEN_DOTS;
}

static int read_operator(source_lexer *lexer)
{
    static const struct {
        char text[3];
        int word;
    } pairs[] = {
        {"==", TOKEN_EQUAL},         {"~=", TOKEN_UNEQUAL},    {"<=", TOKEN_LESS_EQUAL},
        {">=", TOKEN_GREATER_EQUAL}, {"<<", TOKEN_SHIFT_LEFT}, {">>", TOKEN_SHIFT_RIGHT},
        {"//", TOKEN_DIVIDE},        {"::", TOKEN_LABEL},
    };
    int first = look(lexer, 0), second = look(lexer, 1);
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
        if (first == pairs[i].text[0] && second == pairs[i].text[1]) {
            lexer->at += 2;
            return pairs[i].word;
        }
    lexer->at++;
    return first;
}

/* Skips what is between words; the first character of the next one, or NOTHING. */
static int skip_between(source_lexer *lexer)
{
    for (;;) {
        skip_blanks(lexer);
        if (look(lexer, 0) != '-' || look(lexer, 1) != '-')
            return look(lexer, 0);
        skip_comment(lexer);
    }
}

static int read_word(source_lexer *lexer, source_token *token, int c)
{
    if (is_letter(c))
        return read_name(lexer, token);
    if (is_digit(c))
        return read_number(lexer, token);
    if (c == '"' || c == '\'')
        return read_string(lexer, token);
    if (c == '[')
        return read_bracket(lexer, token);
    return c == '.' ? read_dots(lexer, token) : read_operator(lexer);
}

static void read_token(source_lexer *lexer, source_token *token)
{
    int c = lexer->tree->status == THINGSPACE_OK ? skip_between(lexer) : NOTHING;
    *token = (source_token){.word = TOKEN_END};
    if (c != NOTHING && lexer->tree->status == THINGSPACE_OK)
        token->word = read_word(lexer, token, c);
    token->line = lexer->line; /* a long string counts where it ends, as in Lua */
    if (lexer->tree->status != THINGSPACE_OK)
        token->word = TOKEN_END;
}

void source_lexer_begin(source_lexer *lexer, source_tree *tree, const char *text, size_t size)
{
    bool mark = size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0;
    *lexer = (source_lexer){.text = text, .size = size, .at = mark ? 3 : 0, .line = 1};
    lexer->tree = tree;
    lexer->scratch = source_tree_allocate(tree, size + 1);
    for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++) {
        source_name *name = source_tree_name(tree, keywords[i], strlen(keywords[i]));
        if (name)
            name->keyword = TOKEN_AND + (int)i;
    }
}

void source_lexer_next(source_lexer *lexer)
{
    if (lexer->has_ahead && lexer->tree->status == THINGSPACE_OK)
        lexer->token = lexer->ahead;
    else
        read_token(lexer, &lexer->token);
    lexer->has_ahead = false;
}

int source_lexer_peek(source_lexer *lexer)
{
    if (!lexer->has_ahead)
        read_token(lexer, &lexer->ahead);
    lexer->has_ahead = true;
    return lexer->ahead.word;
}

const char *source_lexer_describe(const source_token *token, char *out, size_t size)
{
    static const char *const operators[] = {
        "..", "...", "==", "~=", "<=", ">=", "<<", ">>", "//", "::"};
    if (token->word == TOKEN_END)
        return "the end of the text";
    if (token->word == TOKEN_NUMBER)
        return "a number";
    if (token->word == TOKEN_STRING)
        return "a string";
    if (token->word == TOKEN_NAME && token->text)
        snprintf(out, size, "'%.40s'", token->text->text);
    else if (token->word >= TOKEN_AND)
        snprintf(out, size, "'%s'", keywords[token->word - TOKEN_AND]);
    else if (token->word >= TOKEN_CONCAT)
        snprintf(out, size, "'%s'", operators[token->word - TOKEN_CONCAT]);
    else
        snprintf(out, size, token->word > ' ' && token->word < 127 ? "'%c'" : "character %d",
                 token->word);
    return out;
}
