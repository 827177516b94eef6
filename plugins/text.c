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

static bool is_plain(unsigned char byte)
{
    return byte >= 0x20 && byte != 0x7f && byte != '"' && byte != '\\';
}

/* How many bytes need no escape. */
static size_t plain_length(const char *value)
{
    size_t size = 0;
    while (is_plain((unsigned char)value[size]))
        size++;
    return size;
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
        text_print(self, byte == '"' || byte == '\\' ? "\\%c" : "\\u%04x", byte);
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
