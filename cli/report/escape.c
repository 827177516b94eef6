/* SPDX-License-Identifier: MIT */
/* See escape.h. */
#include <config.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "cli/report/escape.h"

/* What one byte becomes at worst: "\xNN"; three bytes become "\u{NNNN}". */
#define LONGEST_ESCAPE 4
#define ROOM_AT_END    16

char *escape_visible(const char *text)
{
    size_t size = text ? strlen(text) : 0;
    char *out = text && size < SIZE_MAX / LONGEST_ESCAPE - ROOM_AT_END
                    ? malloc(size * LONGEST_ESCAPE + ROOM_AT_END)
                    : NULL;
    if (out)
        text_escape(out, size * LONGEST_ESCAPE + ROOM_AT_END, text, size);
    return out;
}

/* ---- HTML ---- */

static const char *entity_of(char letter)
{
    switch (letter) {
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '&':
        return "&amp;";
    case '"':
        return "&quot;";
    default:
        return "&#39;";
    }
}

void escape_html(buffer *out, const char *text)
{
    cleanup_text char *visible = escape_visible(text);
    if (text && !visible)
        out->status = THINGSPACE_MEMORY;
    for (const char *rest = visible; rest && *rest;) {
        size_t plain = strcspn(rest, "<>&\"'");
        buffer_append(out, rest, plain);
        rest += plain;
        if (*rest)
            buffer_append_text(out, entity_of(*rest++));
    }
}

/* ---- Markdown ---- */

static bool is_harmless(unsigned char letter)
{
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9') || (letter && strchr(" ,-./=", letter)) ||
           letter >= 0x80;
}

void escape_markdown(buffer *out, const char *text)
{
    cleanup_text char *visible = escape_visible(text);
    if (text && !visible)
        out->status = THINGSPACE_MEMORY;
    for (const char *rest = visible; rest && *rest; rest++) {
        unsigned char letter = (unsigned char)*rest;
        bool links = text_starts_with_ignoring_case(rest, "www."); /* a link without a scheme */
        if (is_harmless(letter) && !links)
            buffer_append_byte(out, *rest);
        else
            buffer_append_format(out, "&#%d;", letter);
    }
}

/* ---- scripts ---- */

/* U+2028 and U+2029 end lines of scripts. */
static bool is_line_end(const char *text)
{
    return strncmp(text, "\xe2\x80\xa8", 3) == 0 || strncmp(text, "\xe2\x80\xa9", 3) == 0;
}

void escape_script(buffer *out, const char *visible)
{
    buffer_append_byte(out, '"');
    while (*visible) {
        unsigned char letter = (unsigned char)*visible;
        bool ends_line = is_line_end(visible);
        if (ends_line)
            buffer_append_format(out, "\\u%04x", 0x2028 + ((unsigned char)visible[2] - 0xa8));
        else if (letter < 0x20 || letter == 0x7f || strchr("\"\\<>&'", letter))
            buffer_append_format(out, "\\u%04x", letter);
        else
            buffer_append_byte(out, (char)letter);
        visible += ends_line ? 3 : 1;
    }
    buffer_append_byte(out, '"');
}
