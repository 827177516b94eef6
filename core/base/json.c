/* SPDX-License-Identifier: MIT */
/*
 * JSON trees made of cJSON nodes, and the strict parser and the writer around
 * them (json_parse.c, json_write.c); cJSON's own are not used. A number is a raw
 * node that holds its text. A secret is a null node with SECRET_TAG whose
 * `valuestring` is a counted reference, marked so that cJSON never takes it for
 * its own memory. Owns its nodes; one thread at a time.
 */
#include <config.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/json_node.h"
#include "base/limits.h"
#include "base/text.h"

#define SECRET_TAG (1 << 16)
#define TYPE_BYTE  0xff

/* --- Reading nodes --- */

json_type json_type_of(const json *node)
{
    if (!node || node->type & SECRET_TAG)
        return node ? JSON_SECRET : JSON_NULL;
    switch (node->type & TYPE_BYTE) {
    case cJSON_False:
        return JSON_FALSE;
    case cJSON_True:
        return JSON_TRUE;
    case cJSON_Raw:
        return JSON_NUMBER;
    case cJSON_String:
        return JSON_STRING;
    case cJSON_Array:
        return JSON_ARRAY;
    case cJSON_Object:
        return JSON_OBJECT;
    default:
        return JSON_NULL;
    }
}

const char *json_string(const json *node)
{
    return json_type_of(node) == JSON_STRING ? node->valuestring : NULL;
}

const char *json_number(const json *node)
{
    return json_type_of(node) == JSON_NUMBER ? node->valuestring : NULL;
}

bool json_integer(const json *node, long long *out)
{
    return text_to_integer(json_number(node), out);
}

/* strtod reads what the locale calls a number: its decimal point takes the place of ours. */
double json_double(const json *node)
{
    char point[16], text[LIMIT_JSON_NUMBER + sizeof(point)];
    const char *number = json_number(node);
    const char *dot = number ? strchr(number, '.') : NULL;
    if (!dot)
        return number ? strtod(number, NULL) : 0;
    snprintf(point, sizeof(point), "%.1f", 0.5); /* "0,5" */
    snprintf(text, sizeof(text), "%.*s%.*s%s", (int)(dot - number), number, (int)strlen(point) - 2,
             point + 1, dot + 1);
    return strtod(text, NULL);
}

thingspace_secret *json_secret(const json *node)
{
    return json_type_of(node) == JSON_SECRET ? (thingspace_secret *)(void *)node->valuestring
                                             : NULL;
}

const json *json_first(const json *node)
{
    return node ? node->child : NULL;
}

const json *json_next(const json *node)
{
    return node ? node->next : NULL;
}

const char *json_name(const json *child)
{
    return child ? child->string : NULL;
}

size_t json_count(const json *node)
{
    size_t count = 0;
    for (const json *child = json_first(node); child; child = child->next)
        count++;
    return count;
}

static json *find(const json *object, const char *name)
{
    if (json_type_of(object) != JSON_OBJECT || !name)
        return NULL;
    for (json *child = object->child; child; child = child->next)
        if (strcmp(child->string, name) == 0)
            return child;
    return NULL;
}

const json *json_get(const json *object, const char *name)
{
    return find(object, name);
}

const char *json_get_string(const json *object, const char *name)
{
    return json_string(json_get(object, name));
}

/* --- Making and freeing nodes --- */

json *json_new_null(void)
{
    return cJSON_CreateNull();
}

json *json_new_boolean(bool value)
{
    return cJSON_CreateBool(value);
}

char *json_node_text(const char *text, size_t size)
{
    char *copy = cJSON_malloc(size + 1);
    if (copy) {
        memcpy(copy, text, size);
        copy[size] = '\0';
    }
    return copy;
}

json *json_node_take(int type, char *text)
{
    json *node = text ? cJSON_CreateNull() : NULL;
    if (node) {
        node->type = type;
        node->valuestring = text;
    } else if (text) {
        sodium_memzero(text, strlen(text));
        cJSON_free(text);
    }
    return node;
}

json *json_node_number(const char *text)
{
    return cJSON_CreateRaw(text);
}

thingspace_status json_become_number(json *node, const json *number)
{
    const char *text = json_number(number);
    if (!text || (!json_string(node) && !json_number(node)))
        return THINGSPACE_USAGE;
    size_t size = strlen(text) + 1;
    char *copy = cJSON_malloc(size);
    if (!copy)
        return THINGSPACE_MEMORY;
    memcpy(copy, text, size);
    sodium_memzero(node->valuestring, strlen(node->valuestring));
    cJSON_free(node->valuestring);
    node->valuestring = copy;
    node->type = (node->type & ~TYPE_BYTE) | cJSON_Raw;
    return THINGSPACE_OK;
}

json *json_new_number(const char *text)
{
    size_t size = text ? strlen(text) : 0;
    if (size == 0 || size > LIMIT_JSON_NUMBER || json_node_scan_number(text, size) != size)
        return NULL;
    return json_node_number(text);
}

json *json_new_integer(long long value)
{
    char text[32];
    snprintf(text, sizeof(text), "%lld", value);
    return json_node_number(text);
}

json *json_new_string(const char *text)
{
    if (!text)
        return json_new_null();
    return text_is_utf8(text, strlen(text)) ? cJSON_CreateString(text) : NULL;
}

json *json_new_secret(thingspace_secret *secret)
{
    json *node = secret ? cJSON_CreateNull() : NULL;
    if (node) {
        node->type |= SECRET_TAG | cJSON_IsReference;
        node->valuestring = (char *)(void *)thingspace_secret_ref(secret);
    }
    return node;
}

thingspace_status json_become_secret(json *node)
{
    const char *text = json_string(node);
    cleanup_secret thingspace_secret *secret = NULL;
    thingspace_status status =
        text ? thingspace_secret_new(&secret, text, strlen(text), NULL) : THINGSPACE_USAGE;
    if (status != THINGSPACE_OK)
        return status;
    sodium_memzero(node->valuestring, strlen(node->valuestring));
    cJSON_free(node->valuestring);
    node->type = (node->type & ~TYPE_BYTE) | cJSON_NULL | SECRET_TAG | cJSON_IsReference;
    node->valuestring = (char *)(void *)thingspace_secret_ref(secret);
    return THINGSPACE_OK;
}

json *json_new_array(void)
{
    return cJSON_CreateArray();
}

json *json_new_object(void)
{
    return cJSON_CreateObject();
}

static void free_one(json *node)
{
    thingspace_secret *secret = json_secret(node);
    if (secret)
        thingspace_secret_free(secret);
    else if (node->valuestring)
        sodium_memzero(node->valuestring, strlen(node->valuestring));
    cJSON_Delete(node);
}

/*
 * Without recursion, for trees of any depth: children are put between their
 * parent and its next sibling. cJSON keeps a list's last node in its first's `prev`.
 */
void json_free(json *node)
{
    while (node) {
        json *next = node->next;
        if (node->child) {
            node->child->prev->next = next;
            next = node->child;
        }
        node->next = node->child = NULL;
        free_one(node);
        node = next;
    }
}

void json_cleanup(json **node)
{
    json_free(*node);
    *node = NULL;
}

static char *copy_name(const char *name)
{
    return json_node_text(name, strlen(name));
}

/* Adds a child under a name that nobody else has; takes both, also when it fails. */
static bool attach(json *object, char *name, json *child)
{
    if (name && child) {
        child->string = name;
        name = NULL;
        if (cJSON_AddItemToArray(object, child))
            return true;
    }
    cJSON_free(name);
    json_free(child);
    return false;
}

/* Linked by hand: cJSON_InsertItemInArray of 1.7.15+deb12u4 and of 1.7.17 refuses every place but
 * the first and the last. The first node's `prev` is the last one. */
static void replace(json *object, json *old, json *child)
{
    child->string = old->string;
    child->next = old->next;
    child->prev = old->prev;
    if (object->child == old)
        object->child = child;
    else
        child->prev->next = child;
    if (child->next)
        child->next->prev = child;
    else
        object->child->prev = child;
    old->string = NULL;
    old->next = old->prev = NULL;
    json_free(old);
}

thingspace_status json_set(json *object, const char *name, json *child)
{
    if (!child)
        return THINGSPACE_MEMORY;
    if (json_type_of(object) != JSON_OBJECT || !name || !text_is_utf8(name, strlen(name))) {
        json_free(child);
        return THINGSPACE_USAGE;
    }
    json *old = find(object, name);
    if (old)
        replace(object, old, child);
    else if (!attach(object, copy_name(name), child))
        return THINGSPACE_MEMORY;
    return THINGSPACE_OK;
}

thingspace_status json_append(json *array, json *child)
{
    if (!child)
        return THINGSPACE_MEMORY;
    if (json_type_of(array) == JSON_ARRAY && cJSON_AddItemToArray(array, child))
        return THINGSPACE_OK;
    json_free(child);
    return THINGSPACE_USAGE;
}

static void keep_first(thingspace_status *status, thingspace_status next)
{
    if (*status == THINGSPACE_OK)
        *status = next;
}

void json_put(json *object, const char *name, json *child, thingspace_status *status)
{
    thingspace_status set = json_set(object, name, child);
    keep_first(status, object ? set : THINGSPACE_MEMORY);
}

void json_put_text(json *object, const char *name, const char *text, thingspace_status *status)
{
    if (text)
        json_put(object, name, json_new_string(text), status);
}

void json_add(json *array, json *child, thingspace_status *status)
{
    thingspace_status appended = json_append(array, child);
    keep_first(status, array ? appended : THINGSPACE_MEMORY);
}

void json_remove(json *object, const char *name)
{
    json *child = find(object, name);
    if (child)
        json_free(cJSON_DetachItemViaPointer(object, child));
}

static json *copy_node(const json *node, unsigned depth);

static json *copy_children(json *out, const json *node, unsigned depth)
{
    bool named = json_type_of(node) == JSON_OBJECT;
    for (const json *child = out ? node->child : NULL; child; child = child->next) {
        json *copy = depth < LIMIT_JSON_DEPTH ? copy_node(child, depth + 1) : NULL;
        if (named ? !attach(out, copy_name(child->string), copy) : json_append(out, copy)) {
            json_free(out);
            return NULL;
        }
    }
    return out;
}

static json *copy_node(const json *node, unsigned depth)
{
    switch (json_type_of(node)) {
    case JSON_FALSE:
    case JSON_TRUE:
        return json_new_boolean(json_type_of(node) == JSON_TRUE);
    case JSON_NUMBER:
        return json_node_number(node->valuestring);
    case JSON_STRING:
        return cJSON_CreateString(node->valuestring);
    case JSON_SECRET:
        return json_new_secret(json_secret(node));
    case JSON_ARRAY:
        return copy_children(json_new_array(), node, depth);
    case JSON_OBJECT:
        return copy_children(json_new_object(), node, depth);
    default:
        return json_new_null();
    }
}

json *json_copy(const json *node)
{
    return copy_node(node, 0);
}
