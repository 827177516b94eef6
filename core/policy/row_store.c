/* SPDX-License-Identifier: MIT */
/*
 * See row_store.h. Names are found by a text that is made of them; rows of one file come one after
 * the other, so that the names of the last row are looked at first. Rows with trees are linked, to
 * be freed.
 */
#include <config.h>
#include <stdlib.h>
#include <string.h>
#include "base/buffer.h"
#include "base/limits.h"
#include "base/map.h"
#include "base/text.h"
#include "policy/row_store.h"

/* Room for a thousand rows. */
#define BLOCK_BYTES ((size_t)64 * 1024)
#define ALIGNMENT   sizeof(void *)

/* The names of the members of many rows, sorted. */
typedef struct row_names {
    size_t count;
    const char *items[];
} row_names;

struct row {
    const row_names *names; /* NULL: this is a tree_row */
};

/* Behind its `names`, as many texts. */
typedef struct text_row {
    row row;
    char texts[];
} text_row;

typedef struct tree_row {
    row row;
    json *tree;
    struct tree_row *next;
} tree_row;

typedef struct row_block {
    struct row_block *next;
    size_t used, size;
    char bytes[];
} row_block;

struct row_store {
    row_block *blocks; /* the newest first */
    map *names;        /* what they are -> row_names */
    const row_names *last;
    tree_row *trees;
};

/* ---- rows ---- */

const json *row_tree(const row *self)
{
    return self && !self->names ? ((const tree_row *)self)->tree : NULL;
}

size_t row_count(const row *self)
{
    return self && self->names ? self->names->count : 0;
}

bool row_next(const row *self, row_cursor *cursor)
{
    const row_names *names = self ? self->names : NULL;
    if (!names || cursor->count == names->count)
        return false;
    const char *before = cursor->at.text;
    const char *text = before ? before + strlen(before) + 1 : ((const text_row *)self)->texts;
    cursor->at = (row_text){names->items[cursor->count++], text};
    return true;
}

const char *row_get_text(const row *self, const char *name)
{
    row_cursor cursor = {0};
    while (row_next(self, &cursor))
        if (strcmp(cursor.at.name, name) == 0)
            return cursor.at.text;
    return json_get_string(row_tree(self), name);
}

/* ---- the store ---- */

thingspace_status row_store_new(row_store **out)
{
    row_store *made = calloc(1, sizeof(*made));
    *out = NULL;
    if (!made || map_new(&made->names, free) != THINGSPACE_OK) {
        free(made);
        return THINGSPACE_MEMORY;
    }
    *out = made;
    return THINGSPACE_OK;
}

void row_store_free(row_store *self)
{
    if (!self)
        return;
    for (tree_row *row = self->trees; row; row = row->next)
        json_free(row->tree);
    while (self->blocks) {
        row_block *block = self->blocks;
        self->blocks = block->next;
        free(block);
    }
    map_free(self->names);
    free(self);
}

static bool add_block(row_store *self, size_t least)
{
    size_t size = least > BLOCK_BYTES ? least : BLOCK_BYTES;
    row_block *made = malloc(sizeof(*made) + size);
    if (!made)
        return false;
    made->next = self->blocks;
    made->used = 0;
    made->size = size;
    self->blocks = made;
    return true;
}

/* Aligned. `size` is far below what could overflow: it lies in memory already. */
static void *take(row_store *self, size_t size)
{
    size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    bool room = self->blocks && self->blocks->size - self->blocks->used >= size;
    if (!room && !add_block(self, size))
        return NULL;
    void *taken = self->blocks->bytes + self->blocks->used;
    self->blocks->used += size;
    return taken;
}

const char *row_store_text(row_store *self, const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = take(self, size);
    return copy ? memcpy(copy, text, size) : NULL;
}

/* ---- names ---- */

static bool has_names(const row_names *names, const row_text *texts, size_t count)
{
    if (!names || names->count != count)
        return false;
    for (size_t i = 0; i < count; i++)
        if (strcmp(names->items[i], texts[i].name) != 0)
            return false;
    return true;
}

/* "7:account8:endpoint": no two lists of names are the same text. */
static thingspace_status append_key(buffer *out, const row_text *texts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        buffer_append_format(out, "%zu:%s", strlen(texts[i].name), texts[i].name);
    return buffer_append_byte(out, '\0');
}

static row_names *copy_names(row_store *self, const row_text *texts, size_t count)
{
    row_names *made = malloc(sizeof(*made) + count * sizeof(made->items[0]));
    if (!made)
        return NULL;
    made->count = count;
    for (size_t i = 0; i < count; i++) {
        made->items[i] = row_store_text(self, texts[i].name);
        if (!made->items[i]) {
            free(made);
            return NULL;
        }
    }
    return made;
}

static row_names *add_names(row_store *self, const char *key, const row_text *texts, size_t count)
{
    row_names *made = copy_names(self, texts, count);
    if (made && map_set(self->names, key, made) != THINGSPACE_OK) {
        free(made);
        made = NULL;
    }
    return made;
}

static const row_names *find_names(row_store *self, const row_text *texts, size_t count)
{
    cleanup_buffer buffer key;
    buffer_init(&key, LIMIT_POLICY_FILE);
    if (has_names(self->last, texts, count))
        return self->last;
    if (append_key(&key, texts, count) != THINGSPACE_OK)
        return NULL;
    const row_names *names = map_get(self->names, key.data);
    self->last = names ? names : add_names(self, key.data, texts, count);
    return self->last;
}

/* ---- adding ---- */

thingspace_status row_store_add_texts(row_store *self, const row **out, const row_text *texts,
                                      size_t count)
{
    const row_names *names = find_names(self, texts, count);
    size_t size = sizeof(text_row);
    *out = NULL;
    for (size_t i = 0; i < count; i++)
        size += strlen(texts[i].text) + 1;
    text_row *made = names ? take(self, size) : NULL;
    if (!made)
        return THINGSPACE_MEMORY;
    made->row.names = names;
    char *end = made->texts;
    for (size_t i = 0; i < count; i++)
        end = stpcpy(end, texts[i].text) + 1;
    *out = &made->row;
    return THINGSPACE_OK;
}

thingspace_status row_store_add_tree(row_store *self, const row **out, json *tree)
{
    tree_row *made = tree ? take(self, sizeof(*made)) : NULL;
    *out = NULL;
    if (!made) {
        json_free(tree);
        return THINGSPACE_MEMORY;
    }
    *made = (tree_row){.tree = tree, .next = self->trees};
    self->trees = made;
    *out = &made->row;
    return THINGSPACE_OK;
}
