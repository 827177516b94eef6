/* SPDX-License-Identifier: MIT */
/*
 * Every change since the last scalars_keep, _undo or _begin is part of the running transaction: an
 * entry that changed keeps its value from before and stands in a list, so that undoing needs no
 * memory and cannot fail. An entry without a value (nil) is one that was removed in the
 * transaction; it leaves the table at its end. One thread at a time.
 */
#include <config.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/limits.h"
#include "plugin/keyed.h"
#include "plugin/scalars.h"

typedef struct entry {
    keyed_entry keyed; /* must be first */
    scalar value;      /* its text is owned; SCALAR_NIL: removed */
    scalar before;     /* the same, when it changed in the transaction */
    bool changed;
    struct entry *next_changed;
} entry;

struct scalars {
    keyed entries;
    entry *changed; /* in the transaction */
    size_t most;
    size_t count; /* entries with a value */
    size_t bytes; /* of their keys and texts */
};

static const scalar nil = {.type = SCALAR_NIL};

thingspace_status scalars_new(scalars **out, size_t most)
{
    *out = NULL;
    scalars *self = calloc(1, sizeof(*self));
    if (!self)
        return THINGSPACE_MEMORY;
    thingspace_status status = keyed_init(&self->entries);
    if (status != THINGSPACE_OK) {
        free(self);
        return status;
    }
    self->most = most;
    *out = self;
    return THINGSPACE_OK;
}

static void free_value(scalar *value)
{
    if (value->type == SCALAR_TEXT)
        free((char *)value->text);
    *value = nil;
}

static void free_entry(keyed_entry *keyed)
{
    entry *self = (entry *)keyed;
    free_value(&self->value);
    free_value(&self->before);
    free(self);
}

void scalars_free(scalars *self)
{
    if (!self)
        return;
    keyed_dispose(&self->entries, free_entry);
    free(self);
}

size_t scalars_count(const scalars *self)
{
    return self ? self->count : 0;
}

void scalars_get(const scalars *self, const char *key, size_t key_size, scalar *out)
{
    const entry *found = self ? (entry *)keyed_find(&self->entries, key, key_size) : NULL;
    *out = found ? found->value : nil;
}

void scalars_each(const scalars *self, scalars_visit *visit, void *user)
{
    for (size_t i = 0; self && i < self->entries.slot_count; i++)
        for (keyed_entry *at = self->entries.slots[i]; at; at = at->next) {
            const entry *found = (entry *)at;
            if (found->value.type != SCALAR_NIL)
                visit(user, at->key, at->key_size, &found->value);
        }
}

/* --- limits --- */

static size_t text_size(const scalar *value)
{
    return value->type == SCALAR_TEXT ? value->size : 0;
}

/* What a value under a key counts. */
static size_t weight(size_t key_size, const scalar *value)
{
    return value->type == SCALAR_NIL ? 0 : key_size + text_size(value);
}

static thingspace_status check_sizes(size_t key_size, const scalar *value, thingspace_error *error)
{
    if (key_size > LIMIT_PLUGIN_KEY)
        return error_set(error, THINGSPACE_PLUGIN, "a key has at most %d bytes, this one has %zu",
                         LIMIT_PLUGIN_KEY, key_size);
    if (text_size(value) > LIMIT_PLUGIN_TEXT)
        return error_set(error, THINGSPACE_PLUGIN,
                         "a text that is kept has at most %d bytes, this one has %zu",
                         LIMIT_PLUGIN_TEXT, value->size);
    return THINGSPACE_OK;
}

/* Whether there is room for `value` in place of `old`. Entries that wait for the end of the
 * transaction are bounded too: a hook that sets and removes ever new keys would grow for ever. */
static thingspace_status check_room(const scalars *self, size_t key_size, const entry *old,
                                    const scalar *value, thingspace_error *error)
{
    if (value->type == SCALAR_NIL)
        return THINGSPACE_OK;
    if ((!old || old->value.type == SCALAR_NIL) && self->count >= self->most)
        return error_set(error, THINGSPACE_PLUGIN,
                         "there are %zu keys already, and no more than that are kept: remove one "
                         "by setting it to nil",
                         self->most);
    if (!old && self->entries.count >= 2 * self->most)
        return error_set(error, THINGSPACE_PLUGIN,
                         "one hook sets and removes at most %zu different keys", self->most);
    size_t others = self->bytes - (old ? weight(key_size, &old->value) : 0);
    if (others + weight(key_size, value) > LIMIT_PLUGIN_TEXT_BYTES)
        return error_set(error, THINGSPACE_PLUGIN,
                         "all keys and texts together have at most %d bytes: remove some by "
                         "setting them to nil",
                         LIMIT_PLUGIN_TEXT_BYTES);
    return THINGSPACE_OK;
}

/* --- changing --- */

/* A text is followed by a NUL that is not counted. */
static thingspace_status copy_value(scalar *out, const scalar *value)
{
    *out = *value;
    if (value->type != SCALAR_TEXT)
        return THINGSPACE_OK;
    char *copy = malloc(value->size + 1);
    if (!copy)
        return THINGSPACE_MEMORY;
    if (value->size > 0)
        memcpy(copy, value->text, value->size);
    copy[value->size] = '\0';
    out->text = copy;
    return THINGSPACE_OK;
}

/* Keeps count and bytes; takes `value`, and hands over the one that was there. */
static scalar exchange(scalars *self, entry *at, scalar value)
{
    scalar old = at->value;
    self->bytes -= weight(at->keyed.key_size, &old);
    self->bytes += weight(at->keyed.key_size, &value);
    self->count -= old.type != SCALAR_NIL;
    self->count += value.type != SCALAR_NIL;
    at->value = value;
    return old;
}

/* The value before the transaction's first change is what undoing brings back. */
static void change(scalars *self, entry *at, scalar value)
{
    scalar old = exchange(self, at, value);
    if (at->changed) {
        free_value(&old);
        return;
    }
    at->before = old;
    at->changed = true;
    at->next_changed = self->changed;
    self->changed = at;
}

thingspace_status scalars_set(scalars *self, const char *key, size_t key_size, const scalar *value,
                              thingspace_error *error)
{
    thingspace_status status = check_sizes(key_size, value, error);
    if (status != THINGSPACE_OK)
        return status;
    entry *at = (entry *)keyed_find(&self->entries, key, key_size);
    if (!at && value->type == SCALAR_NIL)
        return THINGSPACE_OK;
    status = check_room(self, key_size, at, value, error);
    if (status != THINGSPACE_OK)
        return status;
    scalar copy;
    if (copy_value(&copy, value) != THINGSPACE_OK)
        return error_memory(error);
    if (!at)
        at = (entry *)keyed_add(&self->entries, key, key_size, sizeof(*at));
    if (!at) {
        free_value(&copy);
        return error_memory(error);
    }
    change(self, at, copy);
    return THINGSPACE_OK;
}

static bool is_number(const scalar *value)
{
    return value->type == SCALAR_INTEGER || value->type == SCALAR_NUMBER;
}

static double to_double(const scalar *value)
{
    return value->type == SCALAR_INTEGER ? (double)value->integer : value->number;
}

static scalar add(const scalar *a, const scalar *b)
{
    scalar sum = {.type = SCALAR_INTEGER};
    if (a->type == SCALAR_INTEGER && b->type == SCALAR_INTEGER &&
        !__builtin_add_overflow(a->integer, b->integer, &sum.integer))
        return sum;
    return (scalar){.type = SCALAR_NUMBER, .number = to_double(a) + to_double(b)};
}

thingspace_status scalars_add(scalars *self, const char *key, size_t key_size, const scalar *amount,
                              scalar *out, thingspace_error *error)
{
    scalar old;
    scalars_get(self, key, key_size, &old);
    if (old.type == SCALAR_NIL)
        old.type = SCALAR_INTEGER;
    *out = nil;
    if (!is_number(amount))
        return error_set(error, THINGSPACE_PLUGIN, "only a number can be added");
    if (!is_number(&old))
        return error_set(error, THINGSPACE_PLUGIN,
                         "a number can be added to a number alone, and '%.*s' holds something else",
                         key_size < LIMIT_PLUGIN_KEY ? (int)key_size : LIMIT_PLUGIN_KEY, key);
    scalar sum = add(&old, amount);
    if (sum.type == SCALAR_NUMBER && !isfinite(sum.number))
        return error_set(error, THINGSPACE_PLUGIN, "the sum is not a finite number");
    thingspace_status status = scalars_set(self, key, key_size, &sum, error);
    if (status == THINGSPACE_OK)
        *out = sum;
    return status;
}

/* --- the transaction --- */

/* Ends it; each entry's `before` is what is given up. */
static void finish(scalars *self)
{
    while (self->changed) {
        entry *at = self->changed;
        self->changed = at->next_changed;
        at->changed = false;
        free_value(&at->before);
        if (at->value.type == SCALAR_NIL) {
            keyed_remove(&self->entries, &at->keyed);
            free(at);
        }
    }
}

void scalars_begin(scalars *self)
{
    scalars_keep(self);
}

void scalars_keep(scalars *self)
{
    if (self && self->changed)
        finish(self);
}

void scalars_undo(scalars *self)
{
    if (!self || !self->changed)
        return;
    for (entry *at = self->changed; at; at = at->next_changed)
        at->before = exchange(self, at, at->before);
    finish(self);
}
