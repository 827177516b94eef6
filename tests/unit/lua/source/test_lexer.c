/* SPDX-License-Identifier: MIT */
/* The words of a script: which they are, on which lines they stand, and what strings hold. */
#include <config.h>
#include <math.h>
#include <stdio.h>
#include "base/buffer.h"
#include "check.h"
#include "lua/source/lexer.h"

/* The words as "line:word", strings as what they hold. */
static void describe(source_lexer *lexer, buffer *out)
{
    char text[64];
    for (source_lexer_next(lexer); lexer->token.word != TOKEN_END; source_lexer_next(lexer)) {
        buffer_append_format(out, "%s%d:", out->size ? " " : "", lexer->token.line);
        if (lexer->token.word == TOKEN_STRING)
            buffer_append(out, lexer->token.text->text, lexer->token.text->size);
        else
            buffer_append_text(out, source_lexer_describe(&lexer->token, text, sizeof(text)));
    }
}

static thingspace_status read_all(buffer *out, source_tree *tree, const char *text, size_t size)
{
    source_lexer lexer;
    source_lexer_begin(&lexer, tree, text, size);
    describe(&lexer, out);
    return out->status == THINGSPACE_OK ? tree->status : out->status;
}

typedef struct expectation {
    const char *text, *words;
} expectation;

static const expectation expectations[] = {
    {"", ""},
    {"local x<const> =a.b", "1:'local' 1:'x' 1:'<' 1:'const' 1:'>' 1:'=' 1:'a' 1:'.' 1:'b'"},
    {"a..b...c", "1:'a' 1:'..' 1:'b' 1:'...' 1:'c'"},
    {"a==b~=c<=d>=e<f>g", "1:'a' 1:'==' 1:'b' 1:'~=' 1:'c' 1:'<=' 1:'d' 1:'>=' 1:'e' 1:'<' 1:'f' "
                          "1:'>' 1:'g'"},
    {"<<>>//::~/", "1:'<<' 1:'>>' 1:'//' 1:'::' 1:'~' 1:'/'"},
    {"a\nb\r\nc\n\rd\re", "1:'a' 2:'b' 3:'c' 4:'d' 5:'e'"},
    {"a--b\nc--[[d\ne]]f--[==[]]\n]==]g", "1:'a' 2:'c' 3:'f' 4:'g'"},
    {"--[=[ a ]] ]=]b", "1:'b'"},
    {"--[= a\nb", "2:'b'"},
    {"'a\"b' \"c'd\"", "1:a\"b 1:c'd"},
    {"'\\a\\b\\f\\r\\t\\v' '\\\\\\'\\\"'", "1:\a\b\f\r\t\v 1:\\'\""},
    {"'\\x41\\x6a' '\\65\\066\\0677' 'a\\\nb' c", "1:Aj 1:ABC7 2:a\nb 2:'c'"},
    {"'a\\z  \n  \t b' 'c\\\r\nd'", "2:ab 3:c\nd"},
    {"'\\u{41}\\u{20AC}\\u{1F600}'", "1:A\xe2\x82\xac\xf0\x9f\x98\x80"},
    {"[[a]] [==[b]]c]=]]==]", "1:a 1:b]]c]=]"},
    {"[[\na\r\nb\n\nc]]", "5:a\nb\n\nc"},
    {"a[b[ [[c]] ]]", "1:'a' 1:'[' 1:'b' 1:'[' 1:c 1:']' 1:']'"},
    {"1 0x1F .5 3. 1e10 0x.8p-1 3..2", "1:a number 1:a number 1:a number 1:a number 1:a number "
                                       "1:a number"},
    {"1 ..2", "1:a number 1:'..' 1:a number"},
    {"\xef\xbb\xbf"
     "a",
     "1:'a'"},
    {"@\x01\xff", "1:'@' 1:character 1 1:character 255"},
    {"and while end goto", "1:'and' 1:'while' 1:'end' 1:'goto'"},
};

static void words_are_those_of_lua(void)
{
    for (size_t i = 0; i < sizeof(expectations) / sizeof(expectations[0]); i++) {
        cleanup_source_tree source_tree *tree = NULL;
        cleanup_buffer buffer out;
        buffer_init(&out, 4096);
        CHECK_OK(source_tree_new(&tree, NULL));
        thingspace_status status =
            read_all(&out, tree, expectations[i].text, strlen(expectations[i].text));
        if (strcmp(expectations[i].text, "1 0x1F .5 3. 1e10 0x.8p-1 3..2") == 0)
            CHECK_STATUS(status, THINGSPACE_POLICY); /* the last word is none */
        else
            CHECK_OK(status);
        CHECK_TEXT(buffer_text(&out), expectations[i].words);
    }
}

static void a_string_may_hold_zero_bytes(void)
{
    static const char text[] = "'a\\0b\0c'";
    source_lexer lexer;
    cleanup_source_tree source_tree *tree = NULL;
    CHECK_OK(source_tree_new(&tree, NULL));
    source_lexer_begin(&lexer, tree, text, sizeof(text) - 1);
    source_lexer_next(&lexer);
    CHECK_OK(tree->status);
    CHECK_INT(lexer.token.text->size, 5);
    CHECK(memcmp(lexer.token.text->text, "a\0b\0c", 6) == 0);
}

static void equal_names_are_one(void)
{
    source_lexer lexer;
    cleanup_source_tree source_tree *tree = NULL;
    CHECK_OK(source_tree_new(&tree, NULL));
    source_lexer_begin(&lexer, tree, "name 'name'", 11);
    source_lexer_next(&lexer);
    const source_name *first = lexer.token.text;
    CHECK_INT(source_lexer_peek(&lexer), tree->status == THINGSPACE_OK ? TOKEN_STRING : TOKEN_END);
    source_lexer_next(&lexer);
    CHECK_OK(tree->status);
    CHECK(first && first == lexer.token.text);
}

static void small_whole_numbers_have_their_value(void)
{
    static const struct {
        const char *text;
        double value; /* NaN: not told */
    } numbers[] = {{"0", 0},     {"1", 1},     {"007", 7},   {"999999999", 999999999},
                   {"1.0", NAN}, {"0x1", NAN}, {"1e1", NAN}, {"9999999999", NAN}};
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        source_lexer lexer;
        cleanup_source_tree source_tree *tree = NULL;
        CHECK_OK(source_tree_new(&tree, NULL));
        source_lexer_begin(&lexer, tree, numbers[i].text, strlen(numbers[i].text));
        source_lexer_next(&lexer);
        CHECK_OK(tree->status);
        CHECK(isnan(numbers[i].value) ? isnan(lexer.token.number)
                                      : lexer.token.number == numbers[i].value);
    }
}

/* Wrong words, with the reason and the line. */
static void wrong_words_are_told(void)
{
    static const struct {
        const char *text, *message;
        int line;
    } wrong[] = {
        {"\n'a\n'", "a string is not finished on its line", 2},
        {"'\\q'", "an unknown escape in a string", 1},
        {"'\\300'", "a decimal escape above \\255 in a string", 1},
        {"'\\xZZ'", "\\x without two hexadecimal digits in a string", 1},
        {"'\\u41'", "\\u without {hexadecimal digits} in a string", 1},
        {"'\\u{80000000}'", "\\u{...} above 7FFFFFFF in a string", 1},
        {"'\\u{41'", "\\u{...} without its } in a string", 1},
        {"'\\", "the end of the text in a string", 1},
        {"[[a\n\n", "the long string of line 1 is not finished", 3},
        {"\n--[[a\n", "the long comment of line 2 is not finished", 3},
        {"[=a", "a long string begins with [, =..., [", 1},
        {"0x", "malformed number '0x'", 1},
        {"3in", "malformed number '3i'", 1},
    };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        cleanup_source_tree source_tree *tree = NULL;
        cleanup_buffer buffer out;
        buffer_init(&out, 4096);
        CHECK_OK(source_tree_new(&tree, NULL));
        CHECK_STATUS(read_all(&out, tree, wrong[i].text, strlen(wrong[i].text)), THINGSPACE_POLICY);
        CHECK_TEXT(tree->message, wrong[i].message);
        CHECK_INT(tree->line, wrong[i].line);
    }
}

static const check_case cases[] = {
    CHECK_CASE(words_are_those_of_lua), CHECK_CASE(a_string_may_hold_zero_bytes),
    CHECK_CASE(equal_names_are_one),    CHECK_CASE(small_whole_numbers_have_their_value),
    CHECK_CASE(wrong_words_are_told),
};

CHECK_MAIN(cases)
