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

/* How many bytes need no escape. */
static size_t plain_length(const char *value)
{
    size_t size = 0;
    for (unsigned char byte; (byte = (unsigned char)value[size]) >= 0x20; size++)
        if (byte == 0x7f || byte == '"' || byte == '\\')
            break;
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

static void begin_member(text *self, const char *name)
{
    text_append(self, ",\"", 2);
    text_append(self, name, strlen(name));
    text_append(self, "\":", 2);
}

void text_member(text *self, const char *name, const char *value)
{
    if (!value)
        return;
    begin_member(self, name);
    text_append(self, "\"", 1);
    text_escape(self, value);
    text_append(self, "\"", 1);
}

void text_member_json(text *self, const char *name, const char *json)
{
    if (!json)
        return;
    begin_member(self, name);
    text_append(self, json, strlen(json));
}
