/* SPDX-License-Identifier: MIT */
/*
 * The schema of a plugin's options, and a row's options against it. Secrets stay in the row: they
 * are handles that only the back-end gives on. One thread at a time.
 */
#include <config.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/limits.h"
#include "base/nearest.h"
#include "base/text.h"
#include "plugin/manifest.h"

/* Its name in a manifest, and what a value of it is in a sentence. */
static const struct {
    const char *name, *noun;
} types[OPTION_TYPE_COUNT] = {
    [OPTION_TYPE_STRING] = {"string", "a string"},
    [OPTION_TYPE_NUMBER] = {"number", "a number"},
    [OPTION_TYPE_INTEGER] = {"integer", "an integer"},
    [OPTION_TYPE_BOOLEAN] = {"boolean", "true or false"},
    [OPTION_TYPE_TABLE] = {"table", "a table"},
    [OPTION_TYPE_SECRET] = {"secret", "a secret"},
};

const char *option_type_name(option_type type)
{
    return types[type].name;
}

static const char *noun_of(const json *value)
{
    switch (json_type_of(value)) {
    case JSON_NULL:
        return "null";
    case JSON_FALSE:
    case JSON_TRUE:
        return "a boolean";
    case JSON_NUMBER:
        return "a number";
    case JSON_STRING:
        return "a string";
    case JSON_SECRET:
        return "a secret";
    default:
        return "a table";
    }
}

/* What it is instead of a value of that type. */
static const char *describe(const json *value, option_type type)
{
    bool number = json_type_of(value) == JSON_NUMBER;
    if (number && type == OPTION_TYPE_INTEGER)
        return "a number with a fraction or too many digits";
    return number && type == OPTION_TYPE_NUMBER ? "one beyond 1.8e308" : noun_of(value);
}

static bool has_type(const json *value, option_type type)
{
    long long unused;
    json_type found = json_type_of(value);
    switch (type) {
    case OPTION_TYPE_STRING:
        return found == JSON_STRING;
    case OPTION_TYPE_NUMBER:
        return found == JSON_NUMBER && isfinite(json_double(value));
    case OPTION_TYPE_INTEGER:
        return found == JSON_NUMBER && json_integer(value, &unused);
    case OPTION_TYPE_BOOLEAN:
        return found == JSON_TRUE || found == JSON_FALSE;
    case OPTION_TYPE_TABLE:
        return found == JSON_ARRAY || found == JSON_OBJECT;
    default:
        return false;
    }
}

static const manifest_option *find_option(const manifest *self, const char *name)
{
    for (size_t i = 0; i < self->option_count; i++)
        if (strcmp(self->options[i].name, name) == 0)
            return &self->options[i];
    return NULL;
}

/* --- the schema --- */

static thingspace_status find_type(option_type *out, const char *option, const char *name,
                                   thingspace_error *error)
{
    for (option_type at = 0; at < OPTION_TYPE_COUNT; at++)
        if (text_equal(types[at].name, name)) {
            *out = at;
            return THINGSPACE_OK;
        }
    return error_set(error, THINGSPACE_PLUGIN,
                     "option '%s': its type must be string, number, integer, boolean, table or "
                     "secret, not '%s'",
                     option, name ? name : "");
}

static thingspace_status check_default(const char *option, option_type type, bool required,
                                       const json *by_default, thingspace_error *error)
{
    if (!by_default)
        return THINGSPACE_OK;
    if (type == OPTION_TYPE_SECRET)
        return error_set(error, THINGSPACE_PLUGIN,
                         "option '%s': a secret has no default: remove it", option);
    if (required)
        return error_set(error, THINGSPACE_PLUGIN,
                         "option '%s': what is required needs no default: remove one of the two",
                         option);
    if (!has_type(by_default, type))
        return error_set(error, THINGSPACE_PLUGIN,
                         "option '%s': its type is %s, but its default is %s", option,
                         types[type].name, describe(by_default, type));
    return THINGSPACE_OK;
}

static thingspace_status check_new_option(const manifest *self, const char *name, const char *doc,
                                          thingspace_error *error)
{
    if (!text_is_name(name, '_', LIMIT_PLUGIN_NAME))
        return error_set(error, THINGSPACE_PLUGIN,
                         "an option's name must be a small letter, then up to %d small letters, "
                         "digits and underscores, not '%s'",
                         LIMIT_PLUGIN_NAME - 1, name ? name : "");
    if (find_option(self, name))
        return error_set(error, THINGSPACE_PLUGIN, "option '%s' stands there twice: remove one",
                         name);
    if (self->option_count >= LIMIT_PLUGIN_OPTIONS)
        return error_set(error, THINGSPACE_PLUGIN,
                         "a plugin has at most %d options: use one of type table",
                         LIMIT_PLUGIN_OPTIONS);
    if (doc && (strlen(doc) > LIMIT_PLUGIN_OPTION_DOC || !text_is_utf8(doc, strlen(doc))))
        return error_set(error, THINGSPACE_PLUGIN,
                         "option '%s': its doc must be UTF-8 of at most %d bytes", name,
                         LIMIT_PLUGIN_OPTION_DOC);
    return THINGSPACE_OK;
}

/* Takes `by_default` when it succeeds. */
static thingspace_status append_option(manifest *self, const char *name, option_type type,
                                       bool required, json *by_default, const char *doc)
{
    manifest_option *grown =
        realloc(self->options, (self->option_count + 1) * sizeof(*self->options));
    if (!grown)
        return THINGSPACE_MEMORY;
    self->options = grown;
    manifest_option made = {.name = text_copy(name), .type = type, .required = required};
    made.doc = text_copy(doc);
    if (!made.name || (doc && !made.doc)) {
        free(made.name);
        free(made.doc);
        return THINGSPACE_MEMORY;
    }
    made.by_default = by_default;
    self->options[self->option_count++] = made;
    return THINGSPACE_OK;
}

thingspace_status manifest_add_option(manifest *self, const char *name, const char *type,
                                      bool required, json *by_default, const char *doc,
                                      thingspace_error *error)
{
    cleanup_json json *owned = by_default;
    option_type found = OPTION_TYPE_STRING;
    thingspace_status status = check_new_option(self, name, doc, error);
    if (status == THINGSPACE_OK)
        status = find_type(&found, name, type, error);
    if (status == THINGSPACE_OK)
        status = check_default(name, found, required, owned, error);
    if (status != THINGSPACE_OK)
        return status;
    if (append_option(self, name, found, required, owned, doc) != THINGSPACE_OK)
        return error_memory(error);
    owned = NULL;
    return THINGSPACE_OK;
}

/* --- a row's options --- */

/* As many of their names as there is room for. */
static void list_options(const manifest *self, char out[300])
{
    size_t size = 0;
    for (size_t i = 0; i < self->option_count; i++) {
        const char *name = self->options[i].name;
        if (size + strlen(name) + 3 > 300)
            break;
        size += (size_t)snprintf(out + size, 300 - size, "%s%s", i > 0 ? ", " : "", name);
    }
}

static thingspace_status refuse_unknown(const manifest *self, const char *name,
                                        thingspace_error *error)
{
    nearest nearest;
    nearest_begin(&nearest, name);
    for (size_t i = 0; i < self->option_count; i++)
        nearest_offer(&nearest, self->options[i].name);
    if (nearest.found)
        return error_set(error, THINGSPACE_PLUGIN, "option '%s' is not known; did you mean '%s'?",
                         name, nearest.found);
    if (self->option_count == 0)
        return error_set(error, THINGSPACE_PLUGIN,
                         "option '%s' is not known: this plugin has none; remove it", name);
    char known[300] = "";
    list_options(self, known);
    return error_set(error, THINGSPACE_PLUGIN, "option '%s' is not known; known are: %s", name,
                     known);
}

static thingspace_status check_value(const manifest *self, const json *value,
                                     thingspace_error *error)
{
    const char *name = json_name(value);
    const manifest_option *option = find_option(self, name);
    if (!option)
        return refuse_unknown(self, name, error);
    if (option->type == OPTION_TYPE_SECRET)
        return error_set(error, THINGSPACE_PLUGIN,
                         "option '%s' must be a secret like thingspace.secret.file(...), not %s",
                         name, noun_of(value));
    if (!has_type(value, option->type))
        return error_set(error, THINGSPACE_PLUGIN, "option '%s' must be %s, not %s", name,
                         types[option->type].noun, describe(value, option->type));
    return THINGSPACE_OK;
}

static thingspace_status check_secret(const manifest *self, const char *name,
                                      thingspace_error *error)
{
    const manifest_option *option = find_option(self, name);
    if (!option)
        return refuse_unknown(self, name, error);
    if (option->type != OPTION_TYPE_SECRET)
        return error_set(error, THINGSPACE_PLUGIN, "option '%s' must be %s, not a secret", name,
                         types[option->type].noun);
    return THINGSPACE_OK;
}

static thingspace_status check_given(const manifest *self, const plugin_row *row,
                                     thingspace_error *error)
{
    thingspace_status status = THINGSPACE_OK;
    if (row->options && json_type_of(row->options) != JSON_OBJECT)
        return error_set(error, THINGSPACE_PLUGIN,
                         "options must be a table of named values, like { name = value }");
    for (const json *at = json_first(row->options); at && status == THINGSPACE_OK;
         at = json_next(at))
        status = check_value(self, at, error);
    for (size_t i = 0; i < map_count(row->secrets) && status == THINGSPACE_OK; i++)
        status = check_secret(self, map_key(row->secrets, i), error);
    return status;
}

static bool is_given(const manifest_option *option, const plugin_row *row)
{
    return option->type == OPTION_TYPE_SECRET ? map_get(row->secrets, option->name) != NULL
                                              : json_get(row->options, option->name) != NULL;
}

static thingspace_status check_required(const manifest *self, const plugin_row *row,
                                        thingspace_error *error)
{
    for (size_t i = 0; i < self->option_count; i++) {
        const manifest_option *option = &self->options[i];
        if (option->required && !is_given(option, row))
            return error_set(error, THINGSPACE_PLUGIN, "option '%s' is required: give %s%s%s",
                             option->name, types[option->type].noun, option->doc ? ", " : "",
                             option->doc ? option->doc : "");
    }
    return THINGSPACE_OK;
}

static thingspace_status add_defaults(const manifest *self, json *options)
{
    thingspace_status status = THINGSPACE_OK;
    for (size_t i = 0; i < self->option_count; i++) {
        const manifest_option *option = &self->options[i];
        if (option->by_default && !json_get(options, option->name))
            json_put(options, option->name, json_copy(option->by_default), &status);
    }
    return status;
}

thingspace_status manifest_fill_options(const manifest *self, const plugin_row *row, json **out,
                                        thingspace_error *error)
{
    *out = NULL;
    thingspace_status status = check_given(self, row, error);
    if (status == THINGSPACE_OK)
        status = check_required(self, row, error);
    if (status != THINGSPACE_OK) {
        error_prefix(error, "%s: %s", row->place, self->name);
        return status;
    }
    cleanup_json json *filled = row->options ? json_copy(row->options) : json_new_object();
    if (!filled || add_defaults(self, filled) != THINGSPACE_OK)
        return error_memory(error);
    *out = filled;
    filled = NULL;
    return THINGSPACE_OK;
}
