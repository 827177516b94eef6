/* SPDX-License-Identifier: MIT */
/*
 * Bytes that grow. A block is moved by realloc, or, when it holds secrets, by
 * hand: realloc would leave the old bytes behind. Each buffer by one thread.
 */
#include <config.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/buffer.h"

#define FIRST_CAPACITY 256 /* a URL, a body or a path at once: most never grow */

void buffer_init(buffer *self, size_t maximum)
{
    memset(self, 0, sizeof(*self));
    self->maximum = maximum < SIZE_MAX ? maximum : SIZE_MAX - 1;
}

void buffer_init_secret(buffer *self, size_t maximum)
{
    buffer_init(self, maximum);
    self->secret = true;
}

static void give_up_block(buffer *self)
{
    if (self->data && self->secret)
        sodium_memzero(self->data, self->capacity);
    free(self->data);
    self->data = NULL;
    self->size = self->capacity = 0;
}

void buffer_dispose(buffer *self)
{
    give_up_block(self);
    self->status = THINGSPACE_OK;
}

void buffer_clear(buffer *self)
{
    if (self->data && self->secret)
        sodium_memzero(self->data, self->capacity);
    if (self->data)
        self->data[0] = '\0';
    self->size = 0;
    self->status = THINGSPACE_OK;
}

/* Doubles, without passing the maximum and its NUL; `needed` is not above that. */
static size_t next_capacity(const buffer *self, size_t needed)
{
    size_t capacity = self->capacity ? self->capacity : FIRST_CAPACITY;
    while (capacity < needed && capacity <= SIZE_MAX / 2)
        capacity *= 2;
    return capacity < needed || capacity > self->maximum ? self->maximum + 1 : capacity;
}

static char *move_secret(const buffer *self, size_t capacity)
{
    char *data = malloc(capacity);
    if (data && self->data) {
        memcpy(data, self->data, self->size + 1);
        sodium_memzero(self->data, self->capacity);
        free(self->data);
    }
    return data;
}

/* Room for `size` more bytes and the NUL: makes a larger block. */
static thingspace_status grow(buffer *self, size_t size)
{
    if (self->status != THINGSPACE_OK)
        return self->status;
    if (size > self->maximum - self->size)
        return self->status = THINGSPACE_PROTOCOL;
    size_t capacity = next_capacity(self, self->size + size + 1);
    char *data = self->secret ? move_secret(self, capacity) : realloc(self->data, capacity);
    if (!data)
        return self->status = THINGSPACE_MEMORY;
    self->data = data;
    self->capacity = capacity;
    return THINGSPACE_OK;
}

/* Nearly always there is room: only the rest is a call. */
static inline thingspace_status reserve(buffer *self, size_t size)
{
    bool has_room = self->status == THINGSPACE_OK && size < self->capacity - self->size &&
                    self->size + size <= self->maximum;
    return has_room ? THINGSPACE_OK : grow(self, size);
}

thingspace_status buffer_append(buffer *self, const void *bytes, size_t size)
{
    if (size == 0)
        return self->status;
    thingspace_status status = reserve(self, size);
    if (status != THINGSPACE_OK)
        return status;
    memcpy(self->data + self->size, bytes, size);
    self->size += size;
    self->data[self->size] = '\0';
    return THINGSPACE_OK;
}

thingspace_status buffer_append_text(buffer *self, const char *text)
{
    return buffer_append(self, text, strlen(text));
}

char *buffer_extend(buffer *self, size_t size)
{
    if (reserve(self, size) != THINGSPACE_OK)
        return NULL;
    char *place = self->data + self->size;
    self->size += size;
    place[size] = '\0';
    return place;
}

thingspace_status buffer_append_byte(buffer *self, char byte)
{
    thingspace_status status = reserve(self, 1);
    if (status != THINGSPACE_OK)
        return status;
    self->data[self->size++] = byte;
    self->data[self->size] = '\0';
    return THINGSPACE_OK;
}

/* By hand: printf takes a thousand instructions for it. */
thingspace_status buffer_append_integer(buffer *self, long long number)
{
    char digits[24], *at = digits + sizeof(digits);
    unsigned long long left =
        number < 0 ? 0 - (unsigned long long)number : (unsigned long long)number;
    do {
        *--at = (char)('0' + left % 10);
        left /= 10;
    } while (left > 0);
    if (number < 0)
        *--at = '-';
    return buffer_append(self, at, (size_t)(digits + sizeof(digits) - at));
}

/* Measures first, so that the text is written in its place and nowhere else. */
thingspace_status buffer_append_format(buffer *self, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int size = vsnprintf(NULL, 0, format, arguments);
    thingspace_status status =
        size < 0 ? (self->status = THINGSPACE_PROTOCOL) : reserve(self, (size_t)size);
    if (status == THINGSPACE_OK) {
        vsnprintf(self->data + self->size, (size_t)size + 1, format, again);
        self->size += (size_t)size;
    }
    va_end(again);
    va_end(arguments);
    return status;
}

const char *buffer_text(const buffer *self)
{
    return self->data ? self->data : "";
}

char *buffer_take(buffer *self)
{
    char *data = NULL;
    if (self->status == THINGSPACE_OK && self->size > 0) {
        data = self->data;
        self->data = NULL;
    }
    give_up_block(self);
    return data;
}
