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

void text_escape(text *self, const char *value)
{
    for (; *value; value++) {
        unsigned char byte = (unsigned char)*value;
        if (byte < 0x20 || byte == 0x7f)
            text_print(self, "\\u%04x", byte);
        else if (byte == '"' || byte == '\\')
            text_print(self, "\\%c", byte);
        else
            text_append(self, value, 1);
    }
}

void text_member(text *self, const char *name, const char *value)
{
    if (!value)
        return;
    text_print(self, ",\"%s\":\"", name);
    text_escape(self, value);
    text_append(self, "\"", 1);
}

void text_member_json(text *self, const char *name, const char *json)
{
    if (!json)
        return;
    text_print(self, ",\"%s\":", name);
    text_append(self, json, strlen(json));
}
