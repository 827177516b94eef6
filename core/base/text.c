/* SPDX-License-Identifier: MIT */
/*
 * Helpers for UTF-8 text. Nothing looks at the locale: classes of characters are
 * tested by value. Pure functions; what they return belongs to the caller.
 */
#include <config.h>
#include <endian.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/text.h"

char *text_copy_range(const char *text, size_t size)
{
    if (!text || size == SIZE_MAX)
        return NULL;
    char *copy = malloc(size + 1);
    if (!copy)
        return NULL;
    memcpy(copy, text, size);
    copy[size] = '\0';
    return copy;
}

char *text_copy(const char *text)
{
    return text ? text_copy_range(text, strlen(text)) : NULL;
}

char *text_format(const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int size = vsnprintf(NULL, 0, format, arguments);
    char *text = size >= 0 ? malloc((size_t)size + 1) : NULL;
    if (text)
        vsnprintf(text, (size_t)size + 1, format, again);
    va_end(again);
    va_end(arguments);
    return text;
}

bool text_list_copy(char ***out, const char *const *list)
{
    size_t count = 0;
    *out = NULL;
    if (!list)
        return true;
    while (list[count])
        count++;
    *out = calloc(count + 1, sizeof(**out));
    for (size_t i = 0; *out && i < count; i++)
        if (!((*out)[i] = text_copy(list[i])))
            return false;
    return *out != NULL;
}

void text_list_free(char **list)
{
    for (size_t i = 0; list && list[i]; i++)
        free(list[i]);
    free(list);
}

bool text_equal(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool text_same(const char *a, const char *b)
{
    return text_equal(a ? a : "", b ? b : "");
}

bool text_equal_ignoring_case(const char *a, const char *b)
{
    if (!a || !b)
        return a == b;
    for (; *a == *b || lower(*a) == lower(*b); a++, b++)
        if (*a == '\0')
            return true;
    return false;
}

bool text_starts_with(const char *text, const char *prefix)
{
    return text && prefix && strncmp(text, prefix, strlen(prefix)) == 0;
}

bool text_starts_with_ignoring_case(const char *text, const char *prefix)
{
    while (*prefix && lower(*text) == lower(*prefix))
        text++, prefix++;
    return *prefix == '\0';
}

bool text_ends_with(const char *text, const char *end)
{
    size_t size = strlen(text), end_size = strlen(end);
    return size > end_size && strcmp(text + size - end_size, end) == 0;
}

bool text_is_empty(const char *text)
{
    return !text || !*text;
}

bool text_has_control(const char *text)
{
    for (; text && *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            return true;
    return false;
}

static bool is_small(char c)
{
    return c >= 'a' && c <= 'z';
}

bool text_is_name(const char *text, char joiner, size_t most)
{
    size_t size = 0;
    if (!text || !is_small(text[0]))
        return false;
    while (is_small(text[size]) || (text[size] >= '0' && text[size] <= '9') || text[size] == joiner)
        size++;
    return text[size] == '\0' && size <= most;
}

static bool is_plain(unsigned char byte)
{
    return byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
}

#define EIGHT_TIMES(byte) (UINT64_MAX / 0xff * (byte))

/*
 * How many of the eight bytes, from the lowest on, are plain. Below 0x80, a byte gets its high bit
 * by taking away more than it is, by taking 1 from 0, or by adding 1 to 0x7f; what that carries
 * over reaches only the bytes above the first that is not plain.
 */
static size_t count_plain(uint64_t bytes)
{
    uint64_t quotes = bytes ^ EIGHT_TIMES('"'), backslashes = bytes ^ EIGHT_TIMES('\\');
    uint64_t others = bytes | (bytes - EIGHT_TIMES(0x20)) | (bytes + EIGHT_TIMES(1)) |
                      (quotes - EIGHT_TIMES(1)) | (backslashes - EIGHT_TIMES(1));
    others &= EIGHT_TIMES(0x80);
    return others ? (size_t)__builtin_ctzll(others) / 8 : 8;
}

size_t text_plain_length(const char *text, size_t size)
{
    size_t length = 0;
    for (uint64_t bytes; size - length >= sizeof(bytes); length += sizeof(bytes)) {
        memcpy(&bytes, text + length, sizeof(bytes));
        size_t count = count_plain(le64toh(bytes));
        if (count < sizeof(bytes))
            return length + count;
    }
    if (length > 0 && length < size) { /* the rest, with some that were seen */
        uint64_t bytes;
        memcpy(&bytes, text + size - sizeof(bytes), sizeof(bytes));
        if (count_plain(le64toh(bytes)) == sizeof(bytes))
            return size;
    }
    while (length < size && is_plain((unsigned char)text[length]))
        length++;
    return length;
}

/* The length that a lead byte announces, with the smallest code that needs it; 0: no lead byte. */
static size_t announced_length(unsigned char lead, uint32_t *code, uint32_t *smallest)
{
    *code = lead;
    *smallest = 0;
    if (lead < 0x80)
        return 1;
    if (lead < 0xc2 || lead > 0xf4)
        return 0;
    size_t length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    *code = lead & (0x7fU >> length);
    *smallest = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000;
    return length;
}

/* Length of the well-formed character at `text`; 0 when it is not one. `size` is not 0. */
static size_t decode(const char *text, size_t size, uint32_t *code)
{
    uint32_t smallest;
    size_t length = announced_length((unsigned char)text[0], code, &smallest);
    if (length == 0 || length > size)
        return 0;
    for (size_t i = 1; i < length; i++) {
        unsigned char byte = (unsigned char)text[i];
        if ((byte & 0xc0) != 0x80)
            return 0;
        *code = *code << 6 | (byte & 0x3fU);
    }
    bool surrogate = *code >= 0xd800 && *code <= 0xdfff;
    return *code < smallest || *code > 0x10ffff || surrogate ? 0 : length;
}

bool text_is_utf8(const char *text, size_t size)
{
    while (size > 0) {
        uint32_t code;
        size_t length = (unsigned char)*text < 0x80 ? 1 : decode(text, size, &code);
        if (length == 0)
            return false;
        text += length;
        size -= length;
    }
    return true;
}

/* What changes the order or the lines of the characters around it without being seen. */
static bool is_unsafe(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code <= 0x9f) || code == 0x061c || code == 0x200e ||
           code == 0x200f || (code >= 0x2028 && code <= 0x202e) ||
           (code >= 0x2066 && code <= 0x2069);
}

/* The safe form of the next character into `piece`; returns how many bytes of text it took. */
static size_t escape_next(char piece[16], const char *text, size_t size)
{
    uint32_t code;
    size_t length = decode(text, size, &code);
    if (length > 0 && !is_unsafe(code))
        snprintf(piece, 16, "%.*s", (int)length, text);
    else if (length == 1 && (code == '\n' || code == '\t'))
        snprintf(piece, 16, "%s", code == '\n' ? "\\n" : "\\t");
    else if (length > 1)
        snprintf(piece, 16, "\\u{%04x}", (unsigned)code);
    else
        snprintf(piece, 16, "\\x%02x", (unsigned)(unsigned char)*text);
    return length > 0 ? length : 1;
}

void text_escape(char *out, size_t capacity, const char *text, size_t size)
{
    static const char dots[] = "...";
    size_t used = 0, cut = 0; /* `cut`: the last place where the dots still fit */
    if (capacity == 0)
        return;
    while (size > 0) {
        char piece[16];
        size_t room = capacity - used; /* how far to look: the text may be 8 MiB long */
        size_t taken = text_plain_length(text, size < room ? size : room);
        if (taken > 0 && taken + sizeof(dots) <= room) {
            memcpy(out + used, text, taken);
            cut = used += taken;
            text += taken;
            size -= taken;
            continue;
        }
        taken = escape_next(piece, text, size);
        size_t length = strlen(piece);
        if (length >= room) {
            snprintf(out + cut, capacity - cut, "%s", dots);
            return;
        }
        memcpy(out + used, piece, length);
        used += length;
        cut = used + sizeof(dots) <= capacity ? used : cut;
        text += taken;
        size -= taken;
    }
    out[used] = '\0';
}

/* The pattern up to its first star is a prefix, after its
 * last a suffix; between, each part is found leftmost. */
bool text_matches(const char *text, const char *pattern)
{
    if (!text || !pattern)
        return false;
    size_t size = strlen(text), part = strcspn(pattern, "*");
    if (!pattern[part])
        return strcmp(text, pattern) == 0;
    if (strncmp(text, pattern, part) != 0)
        return false;
    text += part;
    size -= part;
    pattern += part + 1;
    while (pattern[part = strcspn(pattern, "*")]) {
        const char *found = memmem(text, size, pattern, part);
        if (!found)
            return false;
        size -= (size_t)(found - text) + part;
        text = found + part;
        pattern += part + 1;
    }
    return part <= size && memcmp(text + size - part, pattern, part) == 0;
}

/* Counts downwards, because LLONG_MIN has no positive counterpart. */
bool text_to_integer(const char *text, long long *out)
{
    if (!text)
        return false;
    bool negative = *text == '-';
    const char *digit = text + negative;
    long long value = 0;
    if (!*digit)
        return false;
    for (; *digit; digit++) {
        if (*digit < '0' || *digit > '9')
            return false;
        int step = *digit - '0';
        if (value < (LLONG_MIN + step) / 10)
            return false;
        value = value * 10 - step;
    }
    if (!negative && value == LLONG_MIN)
        return false;
    *out = negative ? value : -value;
    return true;
}

void text_cleanup(char **text)
{
    free(*text);
    *text = NULL;
}
