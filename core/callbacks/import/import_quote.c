/* SPDX-License-Identifier: MIT */
/* See import_quote.h. */
#include <config.h>
#include <string.h>
#include "base/text.h"
#include "callbacks/import/import_quote.h"

/* The longest comment that is worth reading. */
#define COMMENT_BYTES 400

void import_quote_lua(buffer *out, const char *text)
{
    size_t size = strlen(text);
    buffer_append_byte(out, '"');
    while (size > 0) {
        size_t plain = text_plain_length(text, size);
        buffer_append(out, text, plain);
        text += plain;
        size -= plain;
        if (size == 0)
            break;
        if (*text == '"' || *text == '\\')
            buffer_append_format(out, "\\%c", *text);
        else
            buffer_append_format(out, "\\%03u", (unsigned)(unsigned char)*text);
        text++;
        size--;
    }
    buffer_append_byte(out, '"');
}

void import_quote_member(buffer *out, const char *name, const char *text)
{
    buffer_append_format(out, "%s = ", name);
    import_quote_lua(out, text);
}

bool import_quote_is_keyword(const char *name)
{
    static const char *const words[] = {
        "and",      "break",  "do",   "else", "elseif", "end",   "false",  "for",
        "function", "goto",   "if",   "in",   "local",  "nil",   "not",    "or",
        "repeat",   "return", "then", "true", "until",  "while", "global",
    };
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (text_equal(words[i], name))
            return true;
    return false;
}

static bool is_name(const char *text)
{
    bool plain = (*text < '0' || *text > '9') && *text;
    for (const char *at = text; *at && plain; at++)
        plain = *at == '_' || (*at >= '0' && *at <= '9') || (*at >= 'a' && *at <= 'z') ||
                (*at >= 'A' && *at <= 'Z');
    return plain && !import_quote_is_keyword(text);
}

void import_quote_key(buffer *out, const char *name)
{
    if (is_name(name)) {
        buffer_append_text(out, name);
        return;
    }
    buffer_append_byte(out, '[');
    import_quote_lua(out, name);
    buffer_append_byte(out, ']');
}

void import_quote_csv(buffer *out, const char *text)
{
    if (!text)
        return;
    if (!strpbrk(text, ",\"\r\n")) {
        buffer_append_text(out, text);
        return;
    }
    buffer_append_byte(out, '"');
    for (; *text; text++) {
        if (*text == '"')
            buffer_append_byte(out, '"');
        buffer_append_byte(out, *text);
    }
    buffer_append_byte(out, '"');
}

void import_quote_comment(buffer *out, const char *text)
{
    char line[COMMENT_BYTES];
    text_escape(line, sizeof(line), text, strlen(text));
    buffer_append_text(out, line);
}
