/* SPDX-License-Identifier: MIT */
/* See json_pointer.h. Tokens are compared in their escaped form and copied only to add a member. */
#include <config.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/json_node.h"
#include "base/json_pointer.h"
#include "base/limits.h"
#include "base/text.h"

typedef struct token {
    const char *text; /* escaped */
    size_t size;
} token;

/* Takes the next token off the pointer, which begins with a slash. */
static token take_token(const char **pointer)
{
    const char *text = *pointer + 1;
    token token = {text, strcspn(text, "/")};
    *pointer = text + token.size;
    return token;
}

static bool is_pointer(const char *pointer)
{
    if (!pointer || (*pointer && *pointer != '/'))
        return false;
    for (const char *at = pointer; (at = strchr(at, '~')); at++)
        if (at[1] != '0' && at[1] != '1')
            return false;
    return true;
}

/* The byte that an escaped text shows at `*at`, which moves past it. */
static char take_byte(const char **at)
{
    char byte = *(*at)++;
    if (byte != '~')
        return byte;
    return *(*at)++ == '0' ? '~' : '/';
}

static bool token_is(token token, const char *name)
{
    const char *at = token.text, *end = token.text + token.size;
    while (at < end)
        if (take_byte(&at) != *name++)
            return false;
    return *name == '\0';
}

/* The member's name, freed with free(). */
static char *token_name(token token)
{
    char *name = text_copy_range(token.text, token.size), *out = name;
    const char *at = token.text, *end = token.text + token.size;
    if (!name)
        return NULL;
    while (at < end)
        *out++ = take_byte(&at);
    *out = '\0';
    return name;
}

/* False when it is no index, or one with leading zeros. */
static bool token_index(token token, size_t *out)
{
    size_t index = 0;
    if (token.size == 0 || token.size > 9 || (token.text[0] == '0' && token.size > 1))
        return false;
    for (size_t i = 0; i < token.size; i++) {
        if (token.text[i] < '0' || token.text[i] > '9')
            return false;
        index = index * 10 + (size_t)(token.text[i] - '0');
    }
    *out = index;
    return true;
}

static json *find_member(const json *object, token token)
{
    for (json *child = object->child; child; child = child->next)
        if (token_is(token, child->string))
            return child;
    return NULL;
}

static json *find_element(const json *array, token token)
{
    size_t index;
    if (!token_index(token, &index))
        return NULL;
    json *child = array->child;
    for (; child && index > 0; index--)
        child = child->next;
    return child;
}

static json *find_child(const json *parent, token token)
{
    json_type type = json_type_of(parent);
    if (type == JSON_OBJECT)
        return find_member(parent, token);
    return type == JSON_ARRAY ? find_element(parent, token) : NULL;
}

const json *json_pointer_get(const json *root, const char *pointer)
{
    if (!is_pointer(pointer))
        return NULL;
    while (root && *pointer)
        root = find_child(root, take_token(&pointer));
    return root;
}

/* --- changing --- */

/* Puts `value` in the place of `child`; takes it. The contents change places, for
 * cJSON_InsertItemInArray of some versions refuses what was in no list before. */
static void replace_child(json *child, json *value)
{
    const json old = *child, new = *value;
    *child = new;
    child->next = old.next;
    child->prev = old.prev;
    child->string = old.string;
    child->type = (new.type & ~cJSON_StringIsConst) | (old.type & cJSON_StringIsConst);
    *value = old;
    value->next = value->prev = NULL;
    value->string = new.string;
    value->type = (old.type & ~cJSON_StringIsConst) | (new.type &cJSON_StringIsConst);
    json_free(value);
}

static thingspace_status refuse(json *value, const char *pointer, thingspace_error *error)
{
    json_free(value);
    return error_set(error, THINGSPACE_USAGE,
                     "nothing at %s can be set: its parent must be an object, or an array that has "
                     "that index or one less",
                     pointer);
}

/* The value is not NULL. */
static thingspace_status add_child(json *parent, token token, json *value, const char *pointer,
                                   thingspace_error *error)
{
    size_t index;
    if (json_type_of(parent) == JSON_OBJECT) {
        cleanup_text char *name = token_name(token);
        if (name)
            return json_set(parent, name, value);
        json_free(value);
        return THINGSPACE_MEMORY;
    }
    bool at_end = (token.size == 1 && token.text[0] == '-') ||
                  (token_index(token, &index) && index == json_count(parent));
    if (json_type_of(parent) == JSON_ARRAY && at_end)
        return json_append(parent, value);
    return refuse(value, pointer, error);
}

static thingspace_status set_child(json *parent, token token, json *value, const char *pointer,
                                   thingspace_error *error)
{
    json *old = find_child(parent, token);
    if (old && value)
        replace_child(old, value);
    else if (old)
        json_free(cJSON_DetachItemViaPointer(parent, old));
    else if (value)
        return add_child(parent, token, value, pointer, error);
    return THINGSPACE_OK;
}

thingspace_status json_pointer_set(json **root, const char *pointer, json *value,
                                   thingspace_error *error)
{
    if (!is_pointer(pointer)) {
        json_free(value);
        return error_set(error, THINGSPACE_USAGE,
                         "not a JSON Pointer: it begins with a slash, and ~0 and ~1 are the only "
                         "escapes");
    }
    if (!*pointer) {
        json_free(*root);
        *root = value;
        return THINGSPACE_OK;
    }
    const char *rest = pointer;
    json *parent = *root;
    token last = take_token(&rest);
    for (; parent && *rest; last = take_token(&rest))
        parent = find_child(parent, last);
    if (parent || !value)
        return parent ? set_child(parent, last, value, pointer, error) : THINGSPACE_OK;
    return refuse(value, pointer, error);
}

/* --- secrets that come back --- */

static bool is_redacted(const json *node)
{
    return text_equal(json_string(node), "***");
}

static thingspace_status keep_children(json *tree, const json *old, unsigned depth);

static thingspace_status keep_child(json *child, const json *old, unsigned depth)
{
    if (json_type_of(old) != JSON_SECRET || !is_redacted(child))
        return keep_children(child, old, depth + 1);
    json *secret = json_new_secret(json_secret(old));
    if (!secret)
        return THINGSPACE_MEMORY;
    replace_child(child, secret);
    return THINGSPACE_OK;
}

static thingspace_status keep_children(json *tree, const json *old, unsigned depth)
{
    if (!old || depth > LIMIT_JSON_DEPTH || json_type_of(tree) != json_type_of(old))
        return THINGSPACE_OK;
    const json *beside = old->child;
    for (json *child = tree->child, *next; child; child = next) {
        next = child->next;
        /* The usual case first: nothing but values was changed. */
        bool same_place = beside && text_equal(beside->string, child->string);
        const json *other = same_place || !child->string ? beside : json_get(old, child->string);
        thingspace_status status = other ? keep_child(child, other, depth) : THINGSPACE_OK;
        if (status != THINGSPACE_OK)
            return status;
        beside = beside ? beside->next : NULL;
    }
    return THINGSPACE_OK;
}

thingspace_status json_keep_secrets(json **tree, const json *old)
{
    if (json_type_of(old) != JSON_SECRET || !is_redacted(*tree))
        return keep_children(*tree, old, 0);
    json *secret = json_new_secret(json_secret(old));
    if (!secret)
        return THINGSPACE_MEMORY;
    json_free(*tree);
    *tree = secret;
    return THINGSPACE_OK;
}
