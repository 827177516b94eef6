/* SPDX-License-Identifier: MIT */
/* Instances: what a row gives and grants, state of their own, rest after failures. */
#include "fake.h"
#include "base/limits.h"
#include "base/text.h"

static thingspace_status make_manifest(manifest *manifest)
{
    manifest_init(manifest);
    thingspace_status status = manifest_set_name(manifest, "headers", "1.2.0", NULL);
    if (!status)
        status = manifest_add_capability(manifest, "request.headers:write", NULL);
    if (!status)
        status = manifest_add_hook(manifest, "request", NULL);
    json *blue = status ? NULL : json_new_string("blue");
    if (!blue)
        return status ? status : THINGSPACE_MEMORY;
    return manifest_add_option(manifest, "team", "string", false, blue, NULL, NULL);
}

static thingspace_status make_row(plugin_row **row)
{
    return plugin_row_new(row, "headers", "fleet.lua: plugins[1]");
}

static void a_row_names_grants_and_gives_options(void)
{
    cleanup_manifest manifest manifest = {.name = NULL};
    cleanup_plugin_row plugin_row *row = NULL;
    cleanup_instance instance *made = NULL;
    cleanup_json json *options = NULL;
    CHECK_OK(make_manifest(&manifest));
    CHECK_OK(make_row(&row));
    row->grant = CAPABILITY_REQUEST_HEADERS_WRITE | CAPABILITY_ERROR_WRITE;
    row->name = text_copy("tag");
    row->tenant = text_copy("south");
    CHECK_MADE(row->name);
    CHECK_MADE(row->tenant);
    row->priority = 7;
    row->on_error = ON_ERROR_QUARANTINE;
    row->required = true;
    CHECK_OK(instance_new(&made, &manifest, row, "/etc/headers.lua", &options, NULL));
    CHECK_TEXT(made->manifest.name, "headers");
    CHECK(manifest.name == NULL);
    CHECK_TEXT(made->name, "tag");
    CHECK_TEXT(made->tenant, "south");
    CHECK_TEXT(made->file, "/etc/headers.lua");
    CHECK_TEXT(made->place, "fleet.lua: plugins[1]");
    CHECK_INT(made->priority, 7);
    CHECK_INT(made->on_error, ON_ERROR_QUARANTINE);
    CHECK(made->required);
    CHECK_INT(made->granted, CAPABILITY_REQUEST_HEADERS_WRITE);
    CHECK_TEXT(json_get_string(options, "team"), "blue");
}

static void an_instance_without_a_name_has_that_of_its_plugin(void)
{
    cleanup_manifest manifest manifest = {.name = NULL};
    cleanup_plugin_row plugin_row *row = NULL;
    cleanup_instance instance *made = NULL;
    cleanup_json json *options = NULL;
    CHECK_OK(make_manifest(&manifest));
    CHECK_OK(make_row(&row));
    row->grant_declared = true;
    CHECK_OK(instance_new(&made, &manifest, row, NULL, &options, NULL));
    CHECK_TEXT(made->name, "headers");
    CHECK(made->file == NULL);
    CHECK(made->tenant == NULL);
}

static void what_is_declared_and_not_granted_is_refused(void)
{
    cleanup_manifest manifest manifest = {.name = NULL};
    cleanup_plugin_row plugin_row *row = NULL;
    cleanup_instance instance *made = NULL;
    cleanup_json json *options = NULL;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_OK(make_manifest(&manifest));
    CHECK_OK(make_row(&row));
    CHECK_STATUS(instance_new(&made, &manifest, row, NULL, &options, &error), THINGSPACE_PLUGIN);
    CHECK(strstr(error.message, "request.headers:write"));
    CHECK(made == NULL);
    CHECK(options == NULL);
}

static void an_unknown_option_is_refused(void)
{
    cleanup_manifest manifest manifest = {.name = NULL};
    cleanup_plugin_row plugin_row *row = NULL;
    cleanup_instance instance *made = NULL;
    cleanup_json json *options = NULL;
    CHECK_OK(make_manifest(&manifest));
    CHECK_OK(make_row(&row));
    row->grant_declared = true;
    row->options = json_new_object();
    CHECK_MADE(row->options);
    CHECK_OK(json_set(row->options, "teem", json_new_string("red")));
    CHECK_STATUS(instance_new(&made, &manifest, row, NULL, &options, NULL), THINGSPACE_PLUGIN);
}

static unsigned freed;

static void count_free(void *self)
{
    (void)self;
    freed++;
}

static void the_back_end_is_freed_with_its_instance(void)
{
    static const instance_backend backend = {NULL, count_free};
    static const fake_plugin plugin = {.name = "a"};
    instance *made = NULL;
    CHECK_OK(fake_instance(&made, &plugin, 0));
    freed = 0;
    instance_set_backend(made, &backend, &freed);
    instance_free(made);
    CHECK_INT(freed, 1);
    instance_free(NULL);
}

static void each_instance_has_a_state_of_its_own(void)
{
    static const fake_plugin plugin = {.name = "a"};
    const scalar value = {.type = SCALAR_INTEGER, .integer = 1};
    cleanup_instance instance *one = NULL, *two = NULL;
    CHECK_OK(fake_instance(&one, &plugin, 0));
    CHECK_OK(fake_instance(&two, &plugin, 1));
    CHECK(one->state == NULL);
    CHECK_MADE(instance_state(one));
    CHECK(instance_state(one) == one->state);
    CHECK_OK(scalars_set(one->state, "n", 1, &value, NULL));
    CHECK_MADE(instance_state(two));
    CHECK_INT(scalars_count(two->state), 0);
    CHECK_MADE(instance_buckets(one));
    CHECK(instance_buckets(one) == one->buckets);
}

static void the_rest_doubles_up_to_five_minutes(void)
{
    static const struct {
        unsigned bad;
        int64_t ms;
    } rows[] = {{0, 0},      {1, 1000},    {2, 2000},    {3, 4000},
                {9, 256000}, {10, 300000}, {11, 300000}, {4000000000U, 300000}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        CHECK_INT(instance_rest_ms(rows[i].bad), rows[i].ms);
}

static void a_good_run_ends_the_rest(void)
{
    static const fake_plugin plugin = {.name = "a"};
    cleanup_instance instance *made = NULL;
    CHECK_OK(fake_instance(&made, &plugin, 0));
    CHECK(!instance_rests(made, 0));
    instance_note(made, false, 5000);
    CHECK(instance_rests(made, 5999));
    CHECK(!instance_rests(made, 6000));
    instance_note(made, false, 6000);
    CHECK(instance_rests(made, 7999));
    instance_note(made, true, 8000);
    CHECK(!instance_rests(made, 8000));
    instance_note(made, false, 9000);
    CHECK(!instance_rests(made, 10000));
}

static void an_error_becomes_one_of_the_plugin(void)
{
    static const struct {
        thingspace_status kind, expected;
    } rows[] = {{THINGSPACE_USAGE, THINGSPACE_PLUGIN},
                {THINGSPACE_PROTOCOL, THINGSPACE_PLUGIN},
                {THINGSPACE_MEMORY, THINGSPACE_MEMORY},
                {THINGSPACE_LOCAL, THINGSPACE_LOCAL},
                {THINGSPACE_DENIED, THINGSPACE_DENIED}};
    static const fake_plugin plugin = {.name = "a"};
    cleanup_instance instance *made = NULL;
    CHECK_OK(fake_instance(&made, &plugin, 0));
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        thingspace_error error = THINGSPACE_ERROR_INIT;
        error_set(&error, rows[i].kind, "why");
        instance_name_error(made, PHASE_CHECK, &error);
        CHECK_INT(error.kind, rows[i].expected);
        CHECK_TEXT(error.message, "why");
        CHECK_TEXT(error.instance, "a");
        CHECK_TEXT(error.phase, "check");
    }
    instance_name_error(made, PHASE_CHECK, NULL);
}

static const check_case cases[] = {
    CHECK_CASE(a_row_names_grants_and_gives_options),
    CHECK_CASE(an_instance_without_a_name_has_that_of_its_plugin),
    CHECK_CASE(what_is_declared_and_not_granted_is_refused),
    CHECK_CASE(an_unknown_option_is_refused),
    CHECK_CASE(the_back_end_is_freed_with_its_instance),
    CHECK_CASE(each_instance_has_a_state_of_its_own),
    CHECK_CASE(the_rest_doubles_up_to_five_minutes),
    CHECK_CASE(a_good_run_ends_the_rest),
    CHECK_CASE(an_error_becomes_one_of_the_plugin),
};
CHECK_MAIN(cases)
