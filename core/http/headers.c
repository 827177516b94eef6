/* SPDX-License-Identifier: MIT */
/*
 * A short list in an array: requests have some five fields. Everything is
 * checked and copied before the list changes, so a failure changes nothing. The
 * limit on bytes counts names and plain values; secrets have their own.
 */
#include <config.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "http/headers.h"

#define FIRST_CAPACITY 8

void headers_init(headers *self)
{
    memset(self, 0, sizeof(*self));
}

static void free_item(header *item)
{
    free(item->block);
    thingspace_secret_free(item->secret);
}

void headers_dispose(headers *self)
{
    for (size_t i = 0; i < self->count; i++)
        free_item(&self->items[i]);
    free(self->items);
    headers_init(self);
}

/* The characters of a token, from the blank on: !#$%&'*+-.^_`|~, digits, letters. */
static const bool token_characters[] = {
    0, 1, 0, 1, 1, 1, 1, 1, 0, 0, 1, 1, 0, 1, 1, 0, /* blank to / */
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, /* 0 to ? */
    0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, /* @ to O */
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, /* P to _ */
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, /* ` to o */
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 0, 1, 0, /* p to the last */
};

static bool is_token(const char *name)
{
    const char *c = name;
    for (unsigned at; at = (unsigned)*c - ' ', at < sizeof(token_characters); c++)
        if (!token_characters[at])
            return false;
    return *c == '\0' && c > name;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* No control character but the tab: a line break would begin another field. */
static bool has_only_text(const char *bytes, size_t size)
{
    bool good = true;
    for (size_t i = text_plain_length(bytes, size); i < size; i++) {
        unsigned char c = (unsigned char)bytes[i];
        good &= (c >= 0x20 && c != 0x7f) || c == '\t';
    }
    return good;
}

static bool is_value(const char *bytes, size_t size)
{
    return has_only_text(bytes, size) &&
           (size == 0 || (!is_blank(bytes[0]) && !is_blank(bytes[size - 1])));
}

static thingspace_status check_name(const char *name, thingspace_error *error)
{
    if (!is_token(name))
        return error_set(error, THINGSPACE_USAGE,
                         "a header's name is empty or has a character that cannot be sent; use "
                         "letters, digits and hyphens");
    return THINGSPACE_OK;
}

static thingspace_status refuse_value(const char *name, thingspace_error *error)
{
    return error_set(error, THINGSPACE_USAGE,
                     "the value of header %.64s has a line break, a control character, or a blank "
                     "at its start or end; remove it",
                     name);
}

/* Case is one bit, so most names are told apart by their first letter. */
static bool may_be_equal(const char *a, const char *b)
{
    return ((a[0] ^ b[0]) & ~0x20) == 0;
}

static header *find(const headers *self, const char *name)
{
    for (size_t i = 0; i < self->count; i++)
        if (may_be_equal(self->items[i].name, name) &&
            (strcmp(self->items[i].name, name) == 0 ||
             text_equal_ignoring_case(self->items[i].name, name)))
            return &self->items[i];
    return NULL;
}

const header *headers_find(const headers *self, const char *name)
{
    return find(self, name);
}

static size_t bytes_of(const header *item)
{
    return strlen(item->name) + strlen(item->value);
}

/* `given_up`: the bytes of `old`. */
static thingspace_status check_limits(const headers *self, const header *old, size_t given_up,
                                      size_t bytes, thingspace_error *error)
{
    size_t room = LIMIT_REQUEST_HEADER_BYTES - (self->bytes - given_up);
    if (!old && self->count >= LIMIT_REQUEST_HEADERS)
        return error_set(error, THINGSPACE_USAGE, "more than %d headers; send fewer",
                         LIMIT_REQUEST_HEADERS);
    if (bytes > room)
        return error_set(error, THINGSPACE_USAGE,
                         "the headers are longer than %d bytes together; send less",
                         LIMIT_REQUEST_HEADER_BYTES);
    return THINGSPACE_OK;
}

static bool make_room(headers *self)
{
    if (self->count < self->capacity)
        return true;
    size_t capacity = self->capacity ? self->capacity * 2 : FIRST_CAPACITY;
    header *items = realloc(self->items, capacity * sizeof(*items));
    if (!items)
        return false;
    self->items = items;
    self->capacity = capacity;
    return true;
}

/* The sizes are without the terminating NULs. */
static bool copy_texts(header *item, size_t name_size, size_t value_size)
{
    item->block = malloc(name_size + 1 + value_size + 1);
    if (!item->block)
        return false;
    item->name = memcpy(item->block, item->name, name_size + 1);
    item->value = memcpy(item->block + name_size + 1, item->value, value_size + 1);
    return true;
}

/* Replaces or appends what was found sendable; what was there is the caller's. */
static thingspace_status put(headers *self, header *item, header_before *before,
                             thingspace_error *error)
{
    header *old = find(self, item->name);
    size_t name_size = strlen(item->name), value_size = strlen(item->value);
    size_t bytes = name_size + value_size, given_up = old ? bytes_of(old) : 0;
    thingspace_status status = check_limits(self, old, given_up, bytes, error);
    if (status)
        return status;
    if (!copy_texts(item, name_size, value_size) || (!old && !make_room(self)))
        return error_memory(error);
    before->item = old ? *old : (header){.name = NULL};
    before->bytes = given_up;
    if (!old)
        old = &self->items[self->count++];
    before->place = (size_t)(old - self->items);
    self->bytes += bytes - given_up;
    *old = *item;
    *item = (header){.name = NULL};
    return THINGSPACE_OK;
}

/* For those who never undo. */
static thingspace_status put_for_good(headers *self, header item, thingspace_error *error)
{
    header_before before = {.place = HEADER_NOWHERE};
    thingspace_status status = put(self, &item, &before, error);
    header_before_dispose(&before);
    free_item(&item);
    return status;
}

thingspace_status headers_check(const char *name, const char *value, thingspace_error *error)
{
    thingspace_status status = check_name(name, error);
    if (status)
        return status;
    return is_value(value, strlen(value)) ? THINGSPACE_OK : refuse_value(name, error);
}

thingspace_status headers_set(headers *self, const char *name, const char *value,
                              thingspace_error *error)
{
    thingspace_status status = headers_check(name, value, error);
    return status ? status : put_for_good(self, (header){.name = name, .value = value}, error);
}

thingspace_status headers_set_secret(headers *self, const char *name, const char *prefix,
                                     thingspace_secret *secret, thingspace_error *error)
{
    thingspace_status status = check_name(name, error);
    if (status)
        return status;
    if (!has_only_text(prefix, strlen(prefix)) || is_blank(prefix[0]) ||
        !is_value(secret_bytes(secret), secret_size(secret)))
        return refuse_value(name, error);
    header item = {.name = name, .value = prefix, .secret = thingspace_secret_ref(secret)};
    return put_for_good(self, item, error);
}

thingspace_status headers_add_literal(headers *self, const char *name, const char *value,
                                      thingspace_error *error)
{
    if (!make_room(self))
        return error_memory(error);
    header *added = &self->items[self->count++];
    *added = (header){.name = name, .value = value};
    self->bytes += bytes_of(added);
    return THINGSPACE_OK;
}

/* Takes the field out; it is the caller's. */
static header take(headers *self, size_t place)
{
    header item = self->items[place];
    self->bytes -= bytes_of(&item);
    self->count--;
    memmove(&self->items[place], &self->items[place + 1],
            (self->count - place) * sizeof(*self->items));
    return item;
}

void headers_remove(headers *self, const char *name)
{
    header *item = find(self, name);
    if (!item)
        return;
    header taken = take(self, (size_t)(item - self->items));
    free_item(&taken);
}

/* Undoing. */

void header_before_dispose(header_before *self)
{
    free_item(&self->item);
    *self = (header_before){.place = HEADER_NOWHERE};
}

static void swap_out(headers *self, const char *name, header_before *before)
{
    header *old = find(self, name);
    if (!old)
        return;
    before->place = (size_t)(old - self->items);
    before->bytes = bytes_of(old);
    before->item = take(self, before->place);
    before->removed = true;
}

thingspace_status headers_swap(headers *self, const char *name, const char *value,
                               header_before *before, thingspace_error *error)
{
    *before = (header_before){.place = HEADER_NOWHERE};
    if (!value) {
        swap_out(self, name, before);
        return THINGSPACE_OK;
    }
    thingspace_status status = headers_check(name, value, error);
    if (status)
        return status;
    header item = {.name = name, .value = value};
    status = put(self, &item, before, error);
    free_item(&item);
    return status;
}

static void put_back(headers *self, const header *item, size_t place)
{
    memmove(&self->items[place + 1], &self->items[place],
            (self->count - place) * sizeof(*self->items));
    self->items[place] = *item;
    self->bytes += bytes_of(item);
    self->count++;
}

/* A removed field goes back where there was room for it: swaps are undone backwards, and the
 * capacity never shrinks. */
void headers_restore(headers *self, header_before *before)
{
    size_t place = before->place;
    if (place == HEADER_NOWHERE)
        return;
    if (!before->item.name || !before->removed) {
        header taken = take(self, place);
        free_item(&taken);
    }
    if (before->item.name)
        put_back(self, &before->item, place);
    *before = (header_before){.place = HEADER_NOWHERE};
}
