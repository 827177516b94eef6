/* SPDX-License-Identifier: MIT */
/* See text.h. Knows no locale. */
#include "text.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void text_free(text *self)
{
    free(self->data);
    *self = (text)TEXT_INIT;
}

void text_clear(text *self, size_t kept)
{
    if (self->capacity > kept)
        text_free(self);
    self->size = 0;
    self->failed = false;
}

static bool make_room(text *self, size_t more)
{
    size_t wanted = self->size + more + 1;
    if (self->failed || wanted < more)
        return false;
    if (wanted <= self->capacity)
        return true;
    size_t capacity = wanted < 512 ? 512 : wanted * 2;
    char *wider = realloc(self->data, capacity);
    if (!wider) {
        self->failed = true;
        return false;
    }
    self->data = wider;
    self->capacity = capacity;
    return true;
}

void text_append(text *self, const char *bytes, size_t size)
{
    if (!make_room(self, size))
        return;
    memcpy(self->data + self->size, bytes, size);
    self->size += size;
    self->data[self->size] = '\0';
}

void text_print(text *self, const char *format, ...)
{
    char line[512];
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(line, sizeof(line), format, arguments);
    va_end(arguments);
    if (size < 0 || (size_t)size >= sizeof(line))
        self->failed = true;
    else
        text_append(self, line, (size_t)size);
}

/* By its first byte. */
static size_t announced_length(unsigned char first)
{
    if (first < 0x80)
        return 1;
    if (first < 0xc2 || first > 0xf4)
        return 0;
    return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

/* Of the first two bytes: no overlong form, no surrogate, nothing above U+10FFFF. */
static bool is_pair(unsigned char first, unsigned char second)
{
    if (first == 0xe0)
        return second >= 0xa0;
    if (first == 0xed)
        return second < 0xa0;
    if (first == 0xf0)
        return second >= 0x90;
    return first != 0xf4 || second < 0x90;
}

size_t text_character(const char *at)
{
    const unsigned char *bytes = (const unsigned char *)at;
    size_t size = announced_length(bytes[0]);
    for (size_t i = 1; i < size; i++)
        if ((bytes[i] & 0xc0) != 0x80)
            return 0;
    return size < 2 || is_pair(bytes[0], bytes[1]) ? size : 0;
}

static bool is_plain(unsigned char byte)
{
    return byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
}

/* How many bytes need no escape. */
static size_t plain_length(const char *value)
{
    const char *at = value;
    for (;;) {
        while (is_plain((unsigned char)*at))
            at++;
        size_t size = (unsigned char)*at < 0x80 ? 0 : text_character(at);
        if (size == 0)
            return (size_t)(at - value);
        at += size;
    }
}

static void escape_byte(text *self, unsigned char byte)
{
    if (byte >= 0x80)
        text_print(self, "\\\\x%02x", byte);
    else if (byte == '"' || byte == '\\')
        text_print(self, "\\%c", byte);
    else
        text_print(self, "\\u%04x", byte);
}

void text_escape(text *self, const char *value)
{
    for (;;) {
        size_t plain = plain_length(value);
        text_append(self, value, plain);
        value += plain;
        unsigned char byte = (unsigned char)*value;
        if (byte == '\0')
            return;
        escape_byte(self, byte);
        value++;
    }
}

static char *put(char *at, const char *bytes, size_t size)
{
    memcpy(at, bytes, size);
    return at + size;
}

/* Up to where the value begins, with room for `more`. */
static void begin_member(text *self, const char *name, size_t more)
{
    size_t size = strlen(name);
    if (!make_room(self, size + 4 + more))
        return;
    char *at = put(self->data + self->size, ",\"", 2);
    at = put(put(at, name, size), "\":", 2);
    *at = '\0';
    self->size = (size_t)(at - self->data);
}

void text_member(text *self, const char *name, const char *value)
{
    if (!value)
        return;
    size_t plain = plain_length(value);
    begin_member(self, name, plain + 2);
    text_append(self, "\"", 1);
    text_append(self, value, plain);
    if (value[plain])
        text_escape(self, value + plain);
    text_append(self, "\"", 1);
}

void text_member_json(text *self, const char *name, const char *json)
{
    if (!json)
        return;
    size_t size = strlen(json);
    begin_member(self, name, size);
    text_append(self, json, size);
}
