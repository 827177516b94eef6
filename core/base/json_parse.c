/* SPDX-License-Identifier: MIT */
/*
 * The strict parser: the grammar of RFC 8259 and nothing beside it, with the
 * limits of base/limits.h. Recursion is bounded by the depth limit. A parser owns
 * one wiped scratch buffer for a string with escapes and a stack with the names of
 * all objects that are open; it lives for one call, on one thread.
 */
#include <config.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/json_node.h"
#include "base/limits.h"
#include "base/text.h"

#define QUOTE(x)  QUOTE_(x)
#define QUOTE_(x) #x

#define NODES_A_LOOK 1000

typedef struct member_name {
    const char *text; /* owned by the member, or by parse_member until there is one */
    size_t offset;
} member_name;

typedef struct parser {
    const char *text;
    size_t size, at;
    size_t nodes, most_nodes;
    json_late_function *is_late; /* NULL: there is time */
    void *user;
    buffer scratch;
    member_name *names;
    size_t name_count, name_capacity;
    const char *reason; /* NULL after a failure: out of memory */
} parser;

/* --- The grammar of numbers --- */

static size_t count_digits(const char *text, size_t size)
{
    size_t count = 0;
    while (count < size && text[count] >= '0' && text[count] <= '9')
        count++;
    return count;
}

/* Length of the fraction or the exponent; 0: there is none; SIZE_MAX: its digits are missing. */
static size_t scan_part(const char *text, size_t size, bool exponent)
{
    bool there = size > 0 && (exponent ? text[0] == 'e' || text[0] == 'E' : text[0] == '.');
    if (!there)
        return 0;
    size_t length = 1;
    if (exponent && size > 1 && (text[1] == '+' || text[1] == '-'))
        length++;
    size_t digits = count_digits(text + length, size - length);
    return digits > 0 ? length + digits : SIZE_MAX;
}

size_t json_node_scan_number(const char *text, size_t size)
{
    size_t length = size > 0 && text[0] == '-' ? 1 : 0;
    size_t digits = count_digits(text + length, size - length);
    if (digits == 0 || (digits > 1 && text[length] == '0'))
        return 0;
    length += digits;
    for (int exponent = 0; exponent < 2; exponent++) {
        size_t part = scan_part(text + length, size - length, exponent);
        if (part == SIZE_MAX)
            return 0;
        length += part;
    }
    return length;
}

/* --- Characters --- */

static bool refuse(parser *p, size_t offset, const char *reason)
{
    p->at = offset;
    p->reason = reason;
    return false;
}

static bool refuse_here(parser *p, const char *reason)
{
    return refuse(p, p->at, p->at < p->size ? reason : "unexpected end");
}

static void skip_blanks(parser *p)
{
    while (p->at < p->size && memchr(" \t\n\r", p->text[p->at], 4))
        p->at++;
}

static bool next_is(const parser *p, char c)
{
    return p->at < p->size && p->text[p->at] == c;
}

static bool take(parser *p, char c)
{
    skip_blanks(p);
    if (!next_is(p, c))
        return false;
    p->at++;
    return true;
}

/* --- Strings: one with escapes is put together in the scratch buffer --- */

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Four digits after a \u. */
static bool take_hex(parser *p, uint32_t *code)
{
    *code = 0;
    for (int i = 0; i < 4; i++, p->at++) {
        int value = p->at < p->size ? hex_value(p->text[p->at]) : -1;
        if (value < 0)
            return refuse_here(p, "malformed \\u escape");
        *code = *code << 4 | (uint32_t)value;
    }
    return true;
}

static void append_utf8(buffer *out, uint32_t code)
{
    if (code < 0x80) {
        buffer_append_byte(out, (char)code);
        return;
    }
    unsigned more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    static const unsigned char leads[] = {0, 0xc0, 0xe0, 0xf0};
    buffer_append_byte(out, (char)(leads[more] | code >> (6 * more)));
    while (more-- > 0)
        buffer_append_byte(out, (char)(0x80 | (code >> (6 * more) & 0x3f)));
}

static bool is_surrogate(uint32_t code, uint32_t first)
{
    return code >= first && code < first + 0x400;
}

static bool parse_unicode_escape(parser *p, size_t start)
{
    uint32_t code, low;
    if (!take_hex(p, &code))
        return false;
    if (code == 0)
        return refuse(p, start, "\\u0000 in a string");
    if (is_surrogate(code, 0xdc00))
        return refuse(p, start, "lone surrogate");
    if (is_surrogate(code, 0xd800)) {
        if (p->size - p->at < 2 || memcmp(p->text + p->at, "\\u", 2) != 0)
            return refuse(p, start, "lone surrogate");
        p->at += 2;
        if (!take_hex(p, &low))
            return false;
        if (!is_surrogate(low, 0xdc00))
            return refuse(p, start, "lone surrogate");
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
    }
    append_utf8(&p->scratch, code);
    return true;
}

static bool parse_escape(parser *p)
{
    static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    size_t start = p->at++;
    if (p->at == p->size)
        return refuse_here(p, "");
    char letter = p->text[p->at++];
    if (letter == 'u')
        return parse_unicode_escape(p, start);
    const char *found = memchr(letters, letter, sizeof(letters) - 1);
    if (!found)
        return refuse(p, start, "unknown escape");
    buffer_append_byte(&p->scratch, meanings[found - letters]);
    return true;
}

/* Over everything up to the next quote or backslash. */
static bool skip_plain(parser *p)
{
    while (true) {
        p->at += text_plain_length(p->text + p->at, p->size - p->at);
        if (p->at == p->size || next_is(p, '"') || next_is(p, '\\'))
            return true;
        unsigned char byte = (unsigned char)p->text[p->at];
        size_t length = byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
        if (byte < 0x20)
            return refuse_here(p, "control character in a string");
        if (length > p->size - p->at || !text_is_utf8(p->text + p->at, length))
            return refuse_here(p, "invalid UTF-8");
        p->at += length;
    }
}

/* buffer_clear would wipe the whole block for every string; once, at the end, is enough. */
static void empty_scratch(parser *p)
{
    p->scratch.size = 0;
    if (p->scratch.data)
        p->scratch.data[0] = '\0';
}

/* A string with escapes: it began at `start`, and all before the first is plain. */
static char *parse_escaped(parser *p, size_t start)
{
    empty_scratch(p);
    while (!next_is(p, '"')) {
        buffer_append(&p->scratch, p->text + start, p->at - start);
        if (p->at == p->size) {
            refuse_here(p, "");
            return NULL;
        }
        if (!parse_escape(p))
            return NULL;
        start = p->at;
        if (!skip_plain(p))
            return NULL;
    }
    buffer_append(&p->scratch, p->text + start, p->at - start);
    if (p->scratch.status != THINGSPACE_OK)
        return NULL;
    return json_node_text(buffer_text(&p->scratch), p->scratch.size);
}

/* For a node, see json_node_text; NULL: refused, or out of memory. */
static char *parse_string(parser *p)
{
    size_t start = ++p->at;
    if (!skip_plain(p))
        return NULL;
    char *text =
        next_is(p, '"') ? json_node_text(p->text + start, p->at - start) : parse_escaped(p, start);
    p->at += text != NULL;
    return text;
}

/* --- Names: sorted when their object closes --- */

static bool push_name(parser *p, const char *text, size_t offset)
{
    if (p->name_count == p->name_capacity) {
        size_t capacity = p->name_capacity ? p->name_capacity * 2 : 16;
        member_name *names = realloc(p->names, capacity * sizeof(*names));
        if (!names)
            return false;
        p->names = names;
        p->name_capacity = capacity;
    }
    p->names[p->name_count++] = (member_name){text, offset};
    return true;
}

static int compare_names(const void *a, const void *b)
{
    const member_name *left = a, *right = b;
    int order = strcmp(left->text, right->text);
    return order != 0 ? order : (left->offset > right->offset) - (left->offset < right->offset);
}

/* Takes the names from `mark` on off the stack. */
static bool check_names(parser *p, size_t mark)
{
    size_t count = p->name_count - mark;
    p->name_count = mark;
    if (count < 2)
        return true; /* also before the stack has memory */
    member_name *names = p->names + mark;
    qsort(names, count, sizeof(*names), compare_names);
    for (size_t i = 1; i < count; i++)
        if (strcmp(names[i - 1].text, names[i].text) == 0)
            return refuse(p, names[i].offset, "duplicate name");
    return true;
}

/* --- Values --- */

static json *parse_value(parser *p, unsigned depth);

static json *parse_member(parser *p, unsigned depth)
{
    skip_blanks(p);
    size_t offset = p->at;
    if (!next_is(p, '"')) {
        refuse_here(p, "a name in quotes is missing");
        return NULL;
    }
    char *name = parse_string(p);
    json *value = NULL;
    if (name && push_name(p, name, offset)) {
        if (take(p, ':'))
            value = parse_value(p, depth);
        else
            refuse_here(p, "a colon is missing");
    }
    if (value)
        value->string = name;
    else
        cJSON_free(name);
    return value;
}

static bool parse_items(parser *p, json *parent, char close, unsigned depth)
{
    if (depth > LIMIT_JSON_DEPTH)
        return refuse_here(p, "more than " QUOTE(LIMIT_JSON_DEPTH) " levels");
    p->at++;
    if (take(p, close))
        return true;
    do {
        json *child = close == '}' ? parse_member(p, depth) : parse_value(p, depth);
        if (!child)
            return false;
        cJSON_AddItemToArray(parent, child);
    } while (take(p, ','));
    return take(p, close) || refuse_here(p, "a comma or the closing bracket is missing");
}

static json *parse_array(parser *p, unsigned depth)
{
    json *array = json_new_array();
    if (array && parse_items(p, array, ']', depth))
        return array;
    json_free(array);
    return NULL;
}

static json *parse_object(parser *p, unsigned depth)
{
    size_t mark = p->name_count;
    json *object = json_new_object();
    if (object && parse_items(p, object, '}', depth) && check_names(p, mark))
        return object;
    json_free(object);
    return NULL;
}

static json *parse_number(parser *p)
{
    size_t length = json_node_scan_number(p->text + p->at, p->size - p->at);
    if (length == 0 || length > LIMIT_JSON_NUMBER) {
        refuse(p, p->at,
               length ? "number of more than " QUOTE(LIMIT_JSON_NUMBER) " characters"
                      : "malformed number");
        return NULL;
    }
    char *text = json_node_text(p->text + p->at, length);
    p->at += length;
    return json_node_take(cJSON_Raw, text);
}

static bool take_word(parser *p, const char *word)
{
    size_t length = strlen(word);
    if (p->size - p->at < length || memcmp(p->text + p->at, word, length) != 0)
        return false;
    p->at += length;
    return true;
}

static json *parse_word(parser *p)
{
    if (take_word(p, "null"))
        return json_new_null();
    if (take_word(p, "true"))
        return json_new_boolean(true);
    if (take_word(p, "false"))
        return json_new_boolean(false);
    refuse_here(p, "unexpected character");
    return NULL;
}

static json *parse_value(parser *p, unsigned depth)
{
    skip_blanks(p);
    if (++p->nodes > p->most_nodes) {
        refuse(p, p->at, "more than " QUOTE(LIMIT_JSON_NODES) " values");
        return NULL;
    }
    if (p->is_late && p->nodes % NODES_A_LOOK == 0 && p->is_late(p->user, p->nodes)) {
        refuse(p, p->at, "no time left");
        return NULL;
    }
    char c = p->at < p->size ? p->text[p->at] : '\0';
    if (c == '{')
        return parse_object(p, depth + 1);
    if (c == '[')
        return parse_array(p, depth + 1);
    if (c == '"')
        return json_node_take(cJSON_String, parse_string(p));
    return c == '-' || (c >= '0' && c <= '9') ? parse_number(p) : parse_word(p);
}

static json *parse_document(parser *p)
{
    if (take_word(p, "\xef\xbb\xbf")) {
        refuse(p, 0, "byte order mark");
        return NULL;
    }
    json *root = parse_value(p, 0);
    if (!root)
        return NULL;
    skip_blanks(p);
    if (p->at == p->size)
        return root;
    refuse_here(p, "text after the end");
    json_free(root);
    return NULL;
}

static thingspace_status parse(json **out, parser *p, thingspace_error *error)
{
    buffer_init_secret(&p->scratch, p->size);
    *out = parse_document(p);
    buffer_dispose(&p->scratch);
    free(p->names);
    if (*out)
        return THINGSPACE_OK;
    if (!p->reason)
        return error_memory(error);
    return error_set(error, THINGSPACE_PROTOCOL, "not valid JSON: %s at offset %zu", p->reason,
                     p->at);
}

thingspace_status json_parse(json **out, const char *text, size_t size, thingspace_error *error)
{
    parser p = {.text = text, .size = size, .most_nodes = LIMIT_JSON_NODES};
    return parse(out, &p, error);
}

thingspace_status json_parse_watched(json **out, const char *text, size_t size,
                                     json_late_function *is_late, void *user,
                                     thingspace_error *error)
{
    parser p = {.text = text,
                .size = size,
                .most_nodes = LIMIT_JSON_NODES,
                .is_late = is_late,
                .user = user};
    return parse(out, &p, error);
}

thingspace_status json_parse_own(json **out, const char *text, size_t size, thingspace_error *error)
{
    parser p = {.text = text, .size = size, .most_nodes = LIMIT_JSON_TEXT};
    return parse(out, &p, error);
}
