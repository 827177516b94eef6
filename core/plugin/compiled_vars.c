/* SPDX-License-Identifier: MIT */
/*
 * The host's functions about the call's tags and the variables that hooks share, as texts and as
 * JSON: a text cannot tell 1 from "1", and hooks in Lua can. The client's thread.
 */
#include <config.h>
#include <stdio.h>
#include <string.h>
#include "base/error.h"
#include "base/text.h"
#include "plugin/compiled_inside.h"

/* --- tags --- */

const char *compiled_tag(thingspace_hook *hook, const char *name)
{
    compiled_hook *self = compiled_hook_of(hook);
    const view *view = compiled_usable(self, FIELD_CALL_TAGS);
    const json *tag = view && name ? json_get(view->tags, name) : NULL;
    const char *text = json_string(tag);
    return text ? text : compiled_keep_json(self, tag);
}

/* --- vars --- */

/* A number as every locale writes it in JSON. */
static void write_number(char *out, size_t size, double number)
{
    snprintf(out, size, "%.17g", number);
    char *point = out + strspn(out, "0123456789-");
    if (*point && !strchr("einIN", *point))
        *point = '.';
}

static const char *scalar_text(compiled_hook *self, const scalar *value)
{
    char text[64];
    switch (value->type) {
    case SCALAR_NIL:
        return NULL;
    case SCALAR_TEXT:
        return compiled_keep(self, value->text);
    case SCALAR_BOOLEAN:
        return value->boolean ? "true" : "false";
    case SCALAR_INTEGER:
        snprintf(text, sizeof(text), "%lld", value->integer);
        break;
    default:
        write_number(text, sizeof(text), value->number);
    }
    return compiled_keep(self, text);
}

const char *compiled_var(thingspace_hook *hook, const char *name)
{
    compiled_hook *self = compiled_hook_of(hook);
    view *view = compiled_usable(self, FIELD_CALL_VARS);
    if (!view || !name)
        return NULL;
    const scalars *vars = view_vars(view);
    if (!vars) {
        self->out_of_memory = true;
        return NULL;
    }
    scalar value;
    scalars_get(vars, name, strlen(name), &value);
    return scalar_text(self, &value);
}

static int set_scalar(compiled_hook *self, const char *name, const scalar *value)
{
    scalars *vars = view_vars(self->view);
    if (!vars)
        return compiled_answer(self, error_memory(&self->error));
    return compiled_answer(self, scalars_set(vars, name, strlen(name), value, &self->error));
}

int compiled_set_var(thingspace_hook *hook, const char *name, const char *value)
{
    compiled_hook *self = compiled_hook_of(hook);
    int refused = compiled_refuse(self, FIELD_CALL_VARS, name);
    const scalar given = {
        .type = value ? SCALAR_TEXT : SCALAR_NIL, .text = value, .size = value ? strlen(value) : 0};
    return refused ? refused : set_scalar(self, name, &given);
}

/* --- as JSON --- */

/* What JSON cannot show (bytes that are no text, no number at all): NULL. */
static bool is_json(const scalar *value)
{
    if (value->type == SCALAR_TEXT)
        return text_is_utf8(value->text, value->size) && !memchr(value->text, 0, value->size);
    return value->type != SCALAR_NIL &&
           (value->type != SCALAR_NUMBER || (value->number - value->number) == 0);
}

static json *scalar_json(const scalar *value)
{
    char text[64];
    switch (value->type) {
    case SCALAR_TEXT:
        return json_new_string(value->text);
    case SCALAR_BOOLEAN:
        return json_new_boolean(value->boolean);
    case SCALAR_INTEGER:
        return json_new_integer(value->integer);
    default:
        write_number(text, sizeof(text), value->number);
        return json_new_number(text);
    }
}

static const char *keep_new(compiled_hook *self, json *made)
{
    cleanup_json json *tree = made;
    self->out_of_memory |= !tree;
    return compiled_keep_json(self, tree);
}

const char *compiled_var_json(thingspace_hook *hook, const char *name)
{
    compiled_hook *self = compiled_hook_of(hook);
    view *view = compiled_usable(self, FIELD_CALL_VARS);
    const scalars *vars = view ? view_vars(view) : NULL;
    scalar value;
    self->out_of_memory |= view && !vars;
    if (!vars || !name)
        return NULL;
    scalars_get(vars, name, strlen(name), &value);
    return is_json(&value) ? keep_new(self, scalar_json(&value)) : NULL;
}

/* `text` is borrowed from the node. */
static thingspace_status read_scalar(scalar *out, const json *node, thingspace_error *error)
{
    *out = (scalar){.type = SCALAR_NIL};
    switch (json_type_of(node)) {
    case JSON_NULL:
        return THINGSPACE_OK;
    case JSON_TRUE:
    case JSON_FALSE:
        out->type = SCALAR_BOOLEAN;
        out->boolean = json_type_of(node) == JSON_TRUE;
        return THINGSPACE_OK;
    case JSON_STRING:
        out->type = SCALAR_TEXT;
        out->text = json_string(node);
        out->size = strlen(out->text);
        return THINGSPACE_OK;
    case JSON_NUMBER:
        out->type = json_integer(node, &out->integer) ? SCALAR_INTEGER : SCALAR_NUMBER;
        out->number = json_double(node);
        return THINGSPACE_OK;
    default:
        return error_set(error, THINGSPACE_PLUGIN,
                         "a variable is a text, a number or a boolean: keep anything else as its "
                         "JSON text");
    }
}

int compiled_set_var_json(thingspace_hook *hook, const char *name, const char *text)
{
    compiled_hook *self = compiled_hook_of(hook);
    cleanup_json json *node = NULL;
    scalar value;
    int refused = compiled_refuse(self, FIELD_CALL_VARS, name);
    if (refused)
        return refused;
    thingspace_status status =
        compiled_parse(&node, text, &self->error, "thingspace_hook_set_var_json, %.80s", name);
    if (status == THINGSPACE_OK)
        status = read_scalar(&value, node, &self->error);
    return status == THINGSPACE_OK ? set_scalar(self, name, &value) : compiled_answer(self, status);
}

/* --- as a whole --- */

typedef struct collection {
    json *object;
    thingspace_status status;
} collection;

static void collect(void *user, const char *key, size_t key_size, const scalar *value)
{
    collection *self = user;
    const scalar name = {.type = SCALAR_TEXT, .text = key, .size = key_size};
    if (!is_json(&name) || !is_json(value))
        return;
    cleanup_text char *copy = text_copy_range(key, key_size);
    if (copy)
        json_put(self->object, copy, scalar_json(value), &self->status);
    else
        self->status = THINGSPACE_MEMORY;
}

static const char *all_vars(compiled_hook *self)
{
    collection all = {json_new_object(), THINGSPACE_OK};
    const scalars *vars = view_vars(self->view);
    scalars_each(vars, collect, &all);
    if (vars && all.status == THINGSPACE_OK)
        return keep_new(self, all.object);
    json_free(all.object);
    self->out_of_memory = true;
    return NULL;
}

const char *compiled_get_json(thingspace_hook *hook, int field)
{
    compiled_hook *self = compiled_hook_of(hook);
    const view *view = NULL;
    if (field == THINGSPACE_FIELD_CALL_TAGS)
        view = compiled_usable(self, FIELD_CALL_TAGS);
    else if (field == THINGSPACE_FIELD_CALL_VARS && compiled_usable(self, FIELD_CALL_VARS))
        return all_vars(self);
    if (!view)
        return NULL;
    return view->tags ? compiled_keep_json(self, view->tags) : "{}";
}
