/* SPDX-License-Identifier: MIT */
/* The strict parser: what it refuses, with the offset, and what it keeps to the letter. */
#include <config.h>
#include <stdlib.h>
#include "base/json.h"
#include "base/limits.h"
#include "check.h"

static thingspace_error error;

static thingspace_status parse(json **out, const char *text)
{
    error = (thingspace_error)THINGSPACE_ERROR_INIT;
    return json_parse(out, text, strlen(text), &error);
}

/* The text of a value, as JSON. */
static thingspace_status write_plain(buffer *out, const json *node)
{
    buffer_init(out, 4096);
    return json_write(out, node, JSON_PLAIN);
}

#define CHECK_WRITTEN(node, expected)                                                              \
    do {                                                                                           \
        cleanup_buffer buffer check_out;                                                           \
        CHECK_OK(write_plain(&check_out, (node)));                                                 \
        CHECK_TEXT(buffer_text(&check_out), (expected));                                           \
    } while (0)

#define CHECK_KEPT(text)                                                                           \
    do {                                                                                           \
        cleanup_json json *check_root = NULL;                                                      \
        CHECK_OK(parse(&check_root, (text)));                                                      \
        CHECK_WRITTEN(check_root, (text));                                                         \
    } while (0)

#define CHECK_REFUSED(text, expected)                                                              \
    do {                                                                                           \
        cleanup_json json *check_root = NULL;                                                      \
        CHECK_STATUS(parse(&check_root, (text)), THINGSPACE_PROTOCOL);                             \
        CHECK(check_root == NULL);                                                                 \
        CHECK_TEXT(error.message, "not valid JSON: " expected);                                    \
    } while (0)

static void every_kind_of_value_is_read(void)
{
    cleanup_json json *root = NULL;
    CHECK_OK(
        parse(&root, " { \"a\" : [ null , true , false , -1.5e+3 , \"x\" , { } , [ ] ] }\r\n\t"));
    const json *item = json_first(json_get(root, "a"));
    static const json_type types[] = {JSON_NULL,   JSON_TRUE,   JSON_FALSE, JSON_NUMBER,
                                      JSON_STRING, JSON_OBJECT, JSON_ARRAY};
    for (size_t i = 0; i < 7; i++, item = json_next(item))
        CHECK_INT(json_type_of(item), types[i]);
    CHECK(item == NULL);
    CHECK_WRITTEN(root, "{\"a\":[null,true,false,-1.5e+3,\"x\",{},[]]}");
}

static void scalars_are_documents_too(void)
{
    CHECK_KEPT("null");
    CHECK_KEPT("\"\"");
    CHECK_KEPT("-0");
}

static void depth_10001_is_refused(void)
{
    static char text[10002];
    memset(text, '[', 10001);
    CHECK_REFUSED(text, "more than 64 levels at offset 64");
}

static void depth_up_to_the_limit_is_kept(void)
{
    char text[2 * LIMIT_JSON_DEPTH + 1] = "";
    memset(text, '[', LIMIT_JSON_DEPTH);
    memset(text + LIMIT_JSON_DEPTH, ']', LIMIT_JSON_DEPTH);
    CHECK_KEPT(text);
}

static void duplicate_names_are_refused(void)
{
    CHECK_REFUSED("{\"a\":1,\"b\":2,\"a\":3}", "duplicate name at offset 13");
    CHECK_REFUSED("{\"x\":{\"a\":1,\"\\u0061\":2}}", "duplicate name at offset 12");
    CHECK_REFUSED("[{\"\":1,\"\":1}]", "duplicate name at offset 7");
}

static void equal_names_in_different_objects_are_fine(void)
{
    CHECK_KEPT("{\"a\":{\"a\":{\"a\":1}},\"b\":[{\"a\":1},{\"a\":1}],\"A\":1}");
}

static void leading_zeros_are_refused(void)
{
    CHECK_REFUSED("0123", "malformed number at offset 0");
    CHECK_REFUSED("[-01]", "malformed number at offset 1");
}

static void malformed_numbers_are_refused(void)
{
    CHECK_REFUSED("[1,-]", "malformed number at offset 3");
    CHECK_REFUSED("1.", "malformed number at offset 0");
    CHECK_REFUSED("1.e5", "malformed number at offset 0");
    CHECK_REFUSED("1e", "malformed number at offset 0");
    CHECK_REFUSED("1e+", "malformed number at offset 0");
    CHECK_REFUSED(".5", "unexpected character at offset 0");
    CHECK_REFUSED("+1", "unexpected character at offset 0");
    CHECK_REFUSED("0x10", "text after the end at offset 1");
}

static void a_number_beyond_double_keeps_its_text(void)
{
    CHECK_KEPT("1e400");
    CHECK_KEPT("[-1E-9999,0.10,1.000000000000000000000000000001]");
}

static void twenty_digits_keep_their_text(void)
{
    CHECK_KEPT("{\"iccid\":89148000000012345678}");
    CHECK_KEPT("9007199254740993");
    cleanup_json json *root = NULL;
    CHECK_OK(parse(&root, "89148000000012345678"));
    CHECK_TEXT(json_number(root), "89148000000012345678");
}

static void numbers_of_any_allowed_length_keep_their_text(void)
{
    char text[LIMIT_JSON_NUMBER + 2] = "";
    memset(text, '7', LIMIT_JSON_NUMBER);
    CHECK_KEPT(text);
    text[LIMIT_JSON_NUMBER] = '7';
    CHECK_REFUSED(text, "number of more than 1024 characters at offset 0");
}

static void nul_escapes_are_refused(void)
{
    CHECK_REFUSED("[\"a plain beginning\\u0000\"]", "\\u0000 in a string at offset 19");
    CHECK_REFUSED("[\"ab\\u0000\"]", "\\u0000 in a string at offset 4");
    CHECK_REFUSED("{\"\\u0000\":1}", "\\u0000 in a string at offset 2");
}

static void nul_bytes_are_refused(void)
{
    cleanup_json json *root = NULL;
    error = (thingspace_error)THINGSPACE_ERROR_INIT;
    CHECK_STATUS(json_parse(&root, "\"a\0b\"", 5, &error), THINGSPACE_PROTOCOL);
    CHECK_TEXT(error.message, "not valid JSON: control character in a string at offset 2");
    CHECK_STATUS(json_parse(&root, "1\0", 2, &error), THINGSPACE_PROTOCOL);
    CHECK_TEXT(error.message, "not valid JSON: text after the end at offset 1");
}

static void invalid_utf8_is_refused(void)
{
    CHECK_REFUSED("\"a\xff\"", "invalid UTF-8 at offset 2");
    CHECK_REFUSED("\"\xc0\x80\"", "invalid UTF-8 at offset 1");
    CHECK_REFUSED("\"\xed\xa0\x80\"", "invalid UTF-8 at offset 1");
    CHECK_REFUSED("\"\xe2\x82\"", "invalid UTF-8 at offset 1");
    CHECK_REFUSED("\"\xe2\x82", "invalid UTF-8 at offset 1");
    CHECK_REFUSED("\xc3\xa9", "unexpected character at offset 0");
}

static void lone_surrogates_are_refused(void)
{
    CHECK_REFUSED("\"\\ud800\"", "lone surrogate at offset 1");
    CHECK_REFUSED("\"\\udc00\"", "lone surrogate at offset 1");
    CHECK_REFUSED("\"\\ud800\\ud800\"", "lone surrogate at offset 1");
    CHECK_REFUSED("\"\\ud800x\\udc00\"", "lone surrogate at offset 1");
    CHECK_REFUSED("\"\\ud83d\\u12\"", "malformed \\u escape at offset 11");
}

static void escapes_become_their_characters(void)
{
    cleanup_json json *root = NULL;
    CHECK_OK(parse(&root, "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9\\u20AC\\ud83d\\ude00\""));
    CHECK_TEXT(json_string(root), "\"\\/\b\f\n\r\tA\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
    CHECK_REFUSED("\"\\x41\"", "unknown escape at offset 1");
    CHECK_REFUSED("\"\\", "unexpected end at offset 2");
}

static void a_byte_order_mark_is_refused(void)
{
    CHECK_REFUSED("\xef\xbb\xbf{}", "byte order mark at offset 0");
}

static void trailing_text_is_refused(void)
{
    CHECK_REFUSED("{} x", "text after the end at offset 3");
    CHECK_REFUSED("1 2", "text after the end at offset 2");
    CHECK_REFUSED("[]]", "text after the end at offset 2");
}

static void nan_and_infinity_are_refused(void)
{
    CHECK_REFUSED("NaN", "unexpected character at offset 0");
    CHECK_REFUSED("[1,Infinity]", "unexpected character at offset 3");
    CHECK_REFUSED("-Infinity", "malformed number at offset 0");
}

static void comments_are_refused(void)
{
    CHECK_REFUSED("/* a */ 1", "unexpected character at offset 0");
    CHECK_REFUSED("1 // a", "text after the end at offset 2");
    CHECK_REFUSED("[1,#\n2]", "unexpected character at offset 3");
}

static void other_breaks_of_the_grammar_are_refused(void)
{
    CHECK_REFUSED("", "unexpected end at offset 0");
    CHECK_REFUSED("  ", "unexpected end at offset 2");
    CHECK_REFUSED("[1,]", "unexpected character at offset 3");
    CHECK_REFUSED("[1 2]", "a comma or the closing bracket is missing at offset 3");
    CHECK_REFUSED("[1", "unexpected end at offset 2");
    CHECK_REFUSED("[1}", "a comma or the closing bracket is missing at offset 2");
    CHECK_REFUSED("{\"a\":1,}", "a name in quotes is missing at offset 7");
    CHECK_REFUSED("{a:1}", "a name in quotes is missing at offset 1");
    CHECK_REFUSED("{\"a\" 1}", "a colon is missing at offset 5");
    CHECK_REFUSED("{\"a\":}", "unexpected character at offset 5");
    CHECK_REFUSED("'a'", "unexpected character at offset 0");
    CHECK_REFUSED("\"abc", "unexpected end at offset 4");
    CHECK_REFUSED("\"a\nb\"", "control character in a string at offset 2");
    CHECK_REFUSED("nul", "unexpected character at offset 0");
    CHECK_REFUSED("True", "unexpected character at offset 0");
    CHECK_REFUSED("\f1", "unexpected character at offset 0");
    CHECK_REFUSED("<html>", "unexpected character at offset 0");
}

static void a_message_never_quotes_the_text(void)
{
    cleanup_json json *root = NULL;
    CHECK_STATUS(parse(&root, "{\"password\":\"hunter2\" oops"), THINGSPACE_PROTOCOL);
    CHECK(!strstr(error.message, "hunter2") && !strstr(error.message, "oops"));
    CHECK_STATUS(json_parse(&root, "x", 1, NULL), THINGSPACE_PROTOCOL);
}

/* Parses "[0,0,...]" of `count` nulls. */
static thingspace_status parse_many(json **out, size_t count)
{
    size_t size = 2 * count + 1;
    char *text = malloc(size + 1);
    if (!text)
        return THINGSPACE_MEMORY;
    for (size_t i = 0; i < size; i++)
        text[i] = i % 2 ? '0' : ',';
    text[0] = '[';
    text[size - 1] = ']';
    error = (thingspace_error)THINGSPACE_ERROR_INIT;
    thingspace_status status = json_parse(out, text, size, &error);
    free(text);
    return status;
}

static void nodes_are_counted(void)
{
    cleanup_json json *most = NULL, *more = NULL;
    CHECK_OK(parse_many(&most, LIMIT_JSON_NODES - 1));
    CHECK_INT(json_count(most), LIMIT_JSON_NODES - 1);
    CHECK_STATUS(parse_many(&more, LIMIT_JSON_NODES), THINGSPACE_PROTOCOL);
    CHECK(strstr(error.message, "more than 100000 values") != NULL);
}

/* Compared pairwise this would be five billion comparisons. */
static void an_object_of_very_many_names_is_read_at_once(void)
{
    cleanup_buffer buffer text;
    buffer_init(&text, LIMIT_RESPONSE_BODY);
    for (int i = 0; i < LIMIT_JSON_NODES - 1; i++)
        buffer_append_format(&text, "%c\"name%d\":0", i ? ',' : '{', i);
    CHECK_OK(buffer_append_byte(&text, '}'));
    cleanup_json json *root = NULL;
    CHECK_OK(json_parse(&root, text.data, text.size, &error));
    CHECK_INT(json_count(root), LIMIT_JSON_NODES - 1);
}

static const check_case cases[] = {
    CHECK_CASE(every_kind_of_value_is_read),
    CHECK_CASE(scalars_are_documents_too),
    CHECK_CASE(depth_10001_is_refused),
    CHECK_CASE(depth_up_to_the_limit_is_kept),
    CHECK_CASE(duplicate_names_are_refused),
    CHECK_CASE(equal_names_in_different_objects_are_fine),
    CHECK_CASE(leading_zeros_are_refused),
    CHECK_CASE(malformed_numbers_are_refused),
    CHECK_CASE(a_number_beyond_double_keeps_its_text),
    CHECK_CASE(twenty_digits_keep_their_text),
    CHECK_CASE(numbers_of_any_allowed_length_keep_their_text),
    CHECK_CASE(nul_escapes_are_refused),
    CHECK_CASE(nul_bytes_are_refused),
    CHECK_CASE(invalid_utf8_is_refused),
    CHECK_CASE(lone_surrogates_are_refused),
    CHECK_CASE(escapes_become_their_characters),
    CHECK_CASE(a_byte_order_mark_is_refused),
    CHECK_CASE(trailing_text_is_refused),
    CHECK_CASE(nan_and_infinity_are_refused),
    CHECK_CASE(comments_are_refused),
    CHECK_CASE(other_breaks_of_the_grammar_are_refused),
    CHECK_CASE(a_message_never_quotes_the_text),
    CHECK_CASE_ONCE(nodes_are_counted),
    CHECK_CASE_ONCE(an_object_of_very_many_names_is_read_at_once),
};
CHECK_MAIN(cases)
