/* SPDX-License-Identifier: MIT */
/*
 * The arena of a source tree: blocks that are freed together, names that are kept once (in a table
 * with a keyed hash, so that a script cannot make it slow), and the lists of what was made.
 */
#include <config.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "lua/runtime/limits.h"
#include "lua/source/tree.h"

#define BLOCK_BYTES  ((size_t)64 * 1024)
#define BUCKET_COUNT 4096 /* a power of two; a script has some hundred names */

typedef struct source_block {
    struct source_block *next;
    size_t used, size;
    max_align_t bytes[];
} source_block;

thingspace_status source_tree_new(source_tree **out, thingspace_error *error)
{
    *out = NULL;
    if (sodium_init() < 0)
        return error_set(error, THINGSPACE_INTERNAL, "libsodium cannot be initialised");
    source_tree *made = calloc(1, sizeof(*made));
    if (!made)
        return error_memory(error);
    made->buckets = calloc(BUCKET_COUNT, sizeof(*made->buckets));
    if (!made->buckets) {
        free(made);
        return error_memory(error);
    }
    randombytes_buf(made->key, sizeof(made->key));
    *out = made;
    return THINGSPACE_OK;
}

void source_tree_free(source_tree *tree)
{
    if (!tree)
        return;
    while (tree->blocks) {
        source_block *block = tree->blocks;
        tree->blocks = block->next;
        free(block);
    }
    free(tree->buckets);
    free(tree);
}

void source_tree_cleanup(source_tree **tree)
{
    source_tree_free(*tree);
}

void source_tree_fail(source_tree *tree, int line, const char *format, ...)
{
    if (tree->status != THINGSPACE_OK)
        return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(tree->message, sizeof(tree->message), format, arguments);
    va_end(arguments);
    tree->line = line;
    tree->status = THINGSPACE_POLICY;
}

static void fail_memory(source_tree *tree)
{
    if (tree->status == THINGSPACE_OK)
        tree->status = THINGSPACE_MEMORY;
}

/* Room for a block of `size` bytes at least. */
static bool add_block(source_tree *tree, size_t size)
{
    size_t wanted = size > BLOCK_BYTES ? size : BLOCK_BYTES;
    if (wanted > SOURCE_MEMORY - tree->used) {
        source_tree_fail(tree, 0, "is too large to be checked; split it");
        return false;
    }
    source_block *block = malloc(sizeof(*block) + wanted);
    if (!block) {
        fail_memory(tree);
        return false;
    }
    *block = (source_block){.next = tree->blocks, .size = wanted};
    tree->blocks = block;
    tree->used += wanted;
    return true;
}

void *source_tree_allocate(source_tree *tree, size_t size)
{
    if (tree->status != THINGSPACE_OK)
        return NULL;
    if (size > SOURCE_MEMORY) {
        source_tree_fail(tree, 0, "is too large to be checked; split it");
        return NULL;
    }
    size_t rounded = (size + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
    if (!tree->blocks || rounded > tree->blocks->size - tree->blocks->used)
        if (!add_block(tree, rounded))
            return NULL;
    unsigned char *made = (unsigned char *)tree->blocks->bytes + tree->blocks->used;
    tree->blocks->used += rounded;
    return memset(made, 0, rounded);
}

static source_name **bucket_of(const source_tree *tree, const char *text, size_t size)
{
    unsigned char digest[crypto_shorthash_BYTES];
    uint64_t hash;
    crypto_shorthash(digest, (const unsigned char *)text, size, tree->key);
    memcpy(&hash, digest, sizeof(hash));
    return &tree->buckets[hash & (BUCKET_COUNT - 1)];
}

source_name *source_tree_name(source_tree *tree, const char *text, size_t size)
{
    source_name **bucket = bucket_of(tree, text, size);
    for (source_name *name = *bucket; name; name = name->next)
        if (name->size == size && memcmp(name->text, text, size) == 0)
            return name;
    source_name *made = source_tree_allocate(tree, sizeof(*made) + size + 1);
    if (!made)
        return NULL;
    char *copy = (char *)(made + 1);
    memcpy(copy, text, size);
    *made = (source_name){.text = copy, .size = size, .next = *bucket};
    *bucket = made;
    return made;
}

source_node *source_tree_node(source_tree *tree, source_kind kind, int line,
                              source_function *function)
{
    source_node *made = source_tree_allocate(tree, sizeof(*made));
    if (!made)
        return NULL;
    made->kind = kind;
    made->line = line;
    made->function = function;
    if (tree->last_node)
        tree->last_node->following = made;
    else
        tree->nodes = made;
    tree->last_node = made;
    return made;
}

source_function *source_tree_function(source_tree *tree, int line, source_function *parent)
{
    source_function *made = source_tree_allocate(tree, sizeof(*made));
    if (!made)
        return NULL;
    made->line = line;
    made->parent = parent;
    if (tree->last_function)
        tree->last_function->following = made;
    else
        tree->script = made;
    tree->last_function = made;
    return made;
}

source_local *source_tree_local(source_tree *tree, source_name *name, int line,
                                source_function *function)
{
    source_local *made = source_tree_allocate(tree, sizeof(*made));
    if (!made)
        return NULL;
    made->name = name;
    made->line = line;
    made->function = function;
    if (tree->last_local)
        tree->last_local->following = made;
    else
        tree->locals = made;
    tree->last_local = made;
    return made;
}
