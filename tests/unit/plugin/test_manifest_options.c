/* SPDX-License-Identifier: MIT */
/* Options: the schema of a plugin, and what a row gives against it. */
#include <config.h>
#include <stdio.h>
#include <stdlib.h>
#include "check.h"
#include "base/limits.h"
#include "base/text.h"
#include "plugin/manifest.h"

#define OWNED_MANIFEST(name)                                                                       \
    cleanup_manifest manifest name;                                                                \
    manifest_init(&name)

static thingspace_status parse(json **out, const char *text)
{
    *out = NULL;
    return text ? json_parse(out, text, strlen(text), NULL) : THINGSPACE_OK;
}

/* `by_default` as JSON text, or NULL. */
static thingspace_status add(manifest *self, const char *name, const char *type, bool required,
                             const char *by_default, thingspace_error *error)
{
    json *value;
    thingspace_status status = parse(&value, by_default);
    return status == THINGSPACE_OK
               ? manifest_add_option(self, name, type, required, value, "what it is", error)
               : status;
}

/* One option of each type, named by its first letter. */
static thingspace_status add_all(manifest *self)
{
    thingspace_status status = manifest_set_name(self, "headers", "1", NULL);
    const char *types[] = {"string", "number", "integer", "boolean", "table", "secret"};
    for (size_t i = 0; i < 6 && status == THINGSPACE_OK; i++)
        status = add(self, (const char[]){types[i][0], i == 5 ? 'e' : '\0', '\0'}, types[i], false,
                     NULL, NULL);
    return status;
}

static void free_source(void *source)
{
    secret_source_free(source);
}

static thingspace_status add_secret(plugin_row *row, const char *name)
{
    secret_source *source = NULL;
    thingspace_status status = THINGSPACE_OK;
    if (!row->secrets)
        status = map_new(&row->secrets, free_source);
    if (status == THINGSPACE_OK)
        status = secret_source_file(&source, NULL, "hook.secret", NULL);
    if (status == THINGSPACE_OK)
        status = map_set(row->secrets, name, source);
    if (status != THINGSPACE_OK)
        secret_source_free(source);
    return status;
}

/* Fills from a row with these options and, unless NULL, a secret of that name. */
static thingspace_status fill(const manifest *self, const char *options, const char *secret,
                              char **out, thingspace_error *error)
{
    cleanup_plugin_row plugin_row *row = NULL;
    cleanup_json json *filled = NULL;
    thingspace_status status = plugin_row_new(&row, "headers", "fleet.lua: plugins[2]");
    if (status == THINGSPACE_OK)
        status = parse(&row->options, options);
    if (status == THINGSPACE_OK && secret)
        status = add_secret(row, secret);
    if (status == THINGSPACE_OK)
        status = manifest_fill_options(self, row, &filled, error);
    return status == THINGSPACE_OK && out ? json_write_text(out, filled) : status;
}

static void each_type_has_its_name(void)
{
    CHECK_TEXT(option_type_name(OPTION_TYPE_STRING), "string");
    CHECK_TEXT(option_type_name(OPTION_TYPE_TABLE), "table");
    CHECK_TEXT(option_type_name(OPTION_TYPE_SECRET), "secret");
}

static void an_option_is_kept_as_it_was_declared(void)
{
    OWNED_MANIFEST(made);
    CHECK_OK(add(&made, "rate_1", "number", false, "2.5", NULL));
    CHECK_INT(made.option_count, 1);
    CHECK_TEXT(made.options[0].name, "rate_1");
    CHECK_INT(made.options[0].type, OPTION_TYPE_NUMBER);
    CHECK_TEXT(made.options[0].doc, "what it is");
    CHECK_TEXT(json_number(made.options[0].by_default), "2.5");
}

static void a_schema_that_cannot_be_met_is_refused(void)
{
    static const struct {
        const char *name, *type;
        bool required;
        const char *by_default, *message;
    } bad[] = {
        {"Set", "table", false, NULL, "an option's name must be"},
        {"a-b", "table", false, NULL, "an option's name must be"},
        {"", "table", false, NULL, "an option's name must be"},
        {"a", "text", false, NULL, "not 'text'"},
        {"a", NULL, false, NULL, "its type must be"},
        {"a", "string", false, "1", "its type is string, but its default is a number"},
        {"a", "integer", false, "1.5", "its type is integer"},
        {"a", "table", false, "true", "its default is a boolean"},
        {"a", "secret", false, "\"x\"", "a secret has no default"},
        {"a", "string", true, "\"x\"", "what is required needs no default"},
        {"there", "string", false, NULL, "option 'there' stands there twice"},
    };
    OWNED_MANIFEST(made);
    CHECK_OK(add(&made, "there", "string", false, NULL, NULL));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        thingspace_error error = THINGSPACE_ERROR_INIT;
        CHECK_STATUS(
            add(&made, bad[i].name, bad[i].type, bad[i].required, bad[i].by_default, &error),
            THINGSPACE_PLUGIN);
        CHECK(strstr(error.message, bad[i].message) != NULL);
    }
    CHECK_INT(made.option_count, 1);
}

static void there_are_no_more_options_than_the_limit(void)
{
    OWNED_MANIFEST(made);
    char name[16];
    for (int i = 0; i < LIMIT_PLUGIN_OPTIONS; i++) {
        snprintf(name, sizeof(name), "o%d", i);
        CHECK_OK(manifest_add_option(&made, name, "string", false, NULL, NULL, NULL));
    }
    CHECK_STATUS(manifest_add_option(&made, "more", "string", false, NULL, NULL, NULL),
                 THINGSPACE_PLUGIN);
    static char doc[LIMIT_PLUGIN_OPTION_DOC + 2];
    memset(doc, 'x', sizeof(doc) - 1);
    CHECK_STATUS(manifest_add_option(&made, "o", "string", false, NULL, doc, NULL),
                 THINGSPACE_PLUGIN);
}

static void values_of_the_right_type_are_taken(void)
{
    OWNED_MANIFEST(made);
    cleanup_text char *text = NULL;
    CHECK_OK(add_all(&made));
    const char *options = "{\"s\":\"x\",\"n\":0.5,\"i\":-3,\"b\":false,\"t\":{\"X\":[1]}}";
    CHECK_OK(fill(&made, options, "se", &text, NULL));
    CHECK_TEXT(text, options);
    CHECK_OK(fill(&made, "{\"t\":[],\"n\":1}", NULL, NULL, NULL));
}

static void a_row_without_options_gives_an_empty_object(void)
{
    OWNED_MANIFEST(made);
    cleanup_text char *text = NULL;
    CHECK_OK(add_all(&made));
    CHECK_OK(fill(&made, NULL, NULL, &text, NULL));
    CHECK_TEXT(text, "{}");
}

#define PLACE "fleet.lua: plugins[2]: headers: "

static void what_does_not_fit_is_refused_by_name(void)
{
    static const struct {
        const char *options, *secret, *message;
    } bad[] = {
        {"{\"s\":1}", NULL, PLACE "option 's' must be a string, not a number"},
        {"{\"s\":null}", NULL, PLACE "option 's' must be a string, not null"},
        {"{\"n\":1.5e400}", NULL, PLACE "option 'n' must be a number, not one beyond 1.8e308"},
        {"{\"n\":\"1\"}", NULL, PLACE "option 'n' must be a number, not a string"},
        {"{\"i\":1.5}", NULL,
         PLACE "option 'i' must be an integer, not a number with a fraction or too many digits"},
        {"{\"b\":1}", NULL, PLACE "option 'b' must be true or false, not a number"},
        {"{\"t\":\"x\"}", NULL, PLACE "option 't' must be a table, not a string"},
        {"{\"se\":\"hunter2\"}", NULL,
         PLACE "option 'se' must be a secret like thingspace.secret.file(...), not a string"},
        {NULL, "s", PLACE "option 's' must be a string, not a secret"},
        {NULL, "zz", PLACE "option 'zz' is not known; known are: s, n, i, b, t, se"},
        {"[1]", NULL, PLACE "options must be a table of named values, like { name = value }"},
    };
    OWNED_MANIFEST(made);
    CHECK_OK(add_all(&made));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        thingspace_error error = THINGSPACE_ERROR_INIT;
        CHECK_STATUS(fill(&made, bad[i].options, bad[i].secret, NULL, &error), THINGSPACE_PLUGIN);
        CHECK_TEXT(error.message, bad[i].message);
    }
}

static void an_unknown_option_is_refused_with_the_nearest(void)
{
    OWNED_MANIFEST(made);
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_OK(manifest_set_name(&made, "headers", "1", NULL));
    CHECK_STATUS(fill(&made, "{\"sett\":1}", NULL, NULL, &error), THINGSPACE_PLUGIN);
    CHECK_TEXT(error.message, PLACE "option 'sett' is not known: this plugin has none; remove it");
    CHECK_OK(add(&made, "set", "table", false, NULL, NULL));
    CHECK_STATUS(fill(&made, "{\"sett\":{}}", NULL, NULL, &error), THINGSPACE_PLUGIN);
    CHECK_TEXT(error.message, PLACE "option 'sett' is not known; did you mean 'set'?");
}

static void what_is_required_must_be_given(void)
{
    OWNED_MANIFEST(made);
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_OK(manifest_set_name(&made, "headers", "1", NULL));
    CHECK_OK(add(&made, "set", "table", true, NULL, NULL));
    CHECK_OK(add(&made, "key", "secret", true, NULL, NULL));
    CHECK_STATUS(fill(&made, NULL, "key", NULL, &error), THINGSPACE_PLUGIN);
    CHECK_TEXT(error.message, PLACE "option 'set' is required: give a table, what it is");
    CHECK_STATUS(fill(&made, "{\"set\":{}}", NULL, NULL, &error), THINGSPACE_PLUGIN);
    CHECK_TEXT(error.message, PLACE "option 'key' is required: give a secret, what it is");
    CHECK_OK(fill(&made, "{\"set\":{}}", "key", NULL, NULL));
}

static void defaults_are_filled_in(void)
{
    OWNED_MANIFEST(made);
    cleanup_text char *text = NULL;
    CHECK_OK(manifest_set_name(&made, "headers", "1", NULL));
    CHECK_OK(add(&made, "rate", "number", false, "5", NULL));
    CHECK_OK(add(&made, "set", "table", false, "{\"a\":[1]}", NULL));
    CHECK_OK(fill(&made, "{\"rate\":9}", NULL, &text, NULL));
    CHECK_TEXT(text, "{\"rate\":9,\"set\":{\"a\":[1]}}");
    CHECK_TEXT(json_number(made.options[0].by_default), "5");
}

static const check_case cases[] = {
    CHECK_CASE(each_type_has_its_name),
    CHECK_CASE(an_option_is_kept_as_it_was_declared),
    CHECK_CASE(a_schema_that_cannot_be_met_is_refused),
    CHECK_CASE(there_are_no_more_options_than_the_limit),
    CHECK_CASE(values_of_the_right_type_are_taken),
    CHECK_CASE(a_row_without_options_gives_an_empty_object),
    CHECK_CASE(what_does_not_fit_is_refused_by_name),
    CHECK_CASE(an_unknown_option_is_refused_with_the_nearest),
    CHECK_CASE(what_is_required_must_be_given),
    CHECK_CASE(defaults_are_filled_in),
};
CHECK_MAIN(cases)
