/* SPDX-License-Identifier: MIT */
/*
 * Writes JSON trees. Depends on no locale: numbers are written as the text that
 * they hold. Beyond what RFC 8259 asks for, DEL and the C1 control characters are
 * escaped, because results go to terminals. Pure but for the buffer.
 */
#include <config.h>
#include <string.h>
#include "base/json.h"
#include "base/limits.h"
#include "base/text.h"

/* The length of the control, quote or backslash at `text`; 0: it is written as it is. */
static size_t special_length(const char *text, size_t size)
{
    unsigned char byte = (unsigned char)text[0];
    if (byte < 0x20 || byte == 0x7f || byte == '"' || byte == '\\')
        return 1;
    return byte == 0xc2 && size > 1 && (unsigned char)text[1] < 0xa0 ? 2 : 0;
}

static void write_special(buffer *out, const char *text, size_t length)
{
    static const char digits[] = "0123456789abcdef";
    unsigned char code = (unsigned char)text[length - 1];
    if (code == '"' || code == '\\') {
        buffer_append_byte(out, '\\');
        buffer_append_byte(out, text[0]);
        return;
    }
    buffer_append_text(out, "\\u00");
    buffer_append_byte(out, digits[code >> 4]);
    buffer_append_byte(out, digits[code & 0xf]);
}

void json_write_string(buffer *out, const char *text, size_t size)
{
    buffer_append_byte(out, '"');
    size_t start = 0, at = text_plain_length(text, size);
    while (at < size) {
        size_t length = special_length(text + at, size - at);
        if (length > 0) {
            buffer_append(out, text + start, at - start);
            write_special(out, text + at, length);
            start = at + length;
        }
        at += length > 0 ? length : 1;
        at += text_plain_length(text + at, size - at);
    }
    buffer_append(out, text + start, size - start);
    buffer_append_byte(out, '"');
}

/* Failure sticks to the buffer, as that of an append does. */
static void fail(buffer *out, thingspace_status status)
{
    if (out->status == THINGSPACE_OK)
        out->status = status;
}

static void write_secret(buffer *out, const thingspace_secret *secret, unsigned flags)
{
    if (!(flags & JSON_REVEAL))
        buffer_append_text(out, "\"***\"");
    else if (!text_is_utf8(secret_bytes(secret), secret_size(secret)))
        fail(out, THINGSPACE_USAGE);
    else
        json_write_string(out, secret_bytes(secret), secret_size(secret));
}

static void write_line_end(buffer *out, unsigned flags, unsigned level)
{
    if (!(flags & JSON_PRETTY))
        return;
    buffer_append_byte(out, '\n');
    for (unsigned i = 0; i < level; i++)
        buffer_append_text(out, "  ");
}

static void write_node(buffer *out, const json *node, unsigned flags, unsigned level);

static void write_children(buffer *out, const json *node, unsigned flags, unsigned level)
{
    bool named = json_type_of(node) == JSON_OBJECT;
    if (level == LIMIT_JSON_DEPTH)
        fail(out, THINGSPACE_USAGE);
    buffer_append_byte(out, named ? '{' : '[');
    const json *child = json_first(node);
    for (; child && out->status == THINGSPACE_OK; child = json_next(child)) {
        if (child != json_first(node))
            buffer_append_byte(out, ',');
        write_line_end(out, flags, level + 1);
        if (named) {
            json_write_string(out, json_name(child), strlen(json_name(child)));
            buffer_append_text(out, flags & JSON_PRETTY ? ": " : ":");
        }
        write_node(out, child, flags, level + 1);
    }
    if (json_first(node))
        write_line_end(out, flags, level);
    buffer_append_byte(out, named ? '}' : ']');
}

static void write_node(buffer *out, const json *node, unsigned flags, unsigned level)
{
    switch (json_type_of(node)) {
    case JSON_NULL:
        buffer_append_text(out, "null");
        break;
    case JSON_FALSE:
        buffer_append_text(out, "false");
        break;
    case JSON_TRUE:
        buffer_append_text(out, "true");
        break;
    case JSON_NUMBER:
        buffer_append_text(out, json_number(node));
        break;
    case JSON_STRING:
        json_write_string(out, json_string(node), strlen(json_string(node)));
        break;
    case JSON_SECRET:
        write_secret(out, json_secret(node), flags);
        break;
    case JSON_ARRAY:
    case JSON_OBJECT:
        write_children(out, node, flags, level);
        break;
    }
}

thingspace_status json_write(buffer *out, const json *node, unsigned flags)
{
    if (flags & JSON_REVEAL && !out->secret)
        fail(out, THINGSPACE_INTERNAL);
    if (out->status == THINGSPACE_OK)
        write_node(out, node, flags, 0);
    return out->status;
}

thingspace_status json_write_text(char **out, const json *node)
{
    cleanup_buffer buffer text;
    buffer_init(&text, LIMIT_JSON_TEXT);
    thingspace_status status = json_write(&text, node, JSON_PLAIN);
    *out = buffer_take(&text);
    return status;
}
