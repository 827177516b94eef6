/* SPDX-License-Identifier: MIT */
/* `plugins` of a policy: rows as C data, and what is refused in them. */
#include "policy_fixture.h"

#define ROWS "return { name = 'fleet', accounts = {}, plugins = "

static void a_row_becomes_data(void)
{
    static const char text[] =
        ROWS "{\n"
             "  { 'audit', options = { file = 'audit.jsonl' }, required = true },\n"
             "  { './headers.lua', name = 'tag', priority = 100, on_error = 'skip',\n"
             "    options = { set = { ['X-Team'] = 'blue' }, list = { 1, 2 } },\n"
             "    grant = { 'request.headers:write', 'request:reply' },\n"
             "    limits = { deadline_ms = 10, instructions = 1000, memory_bytes = 65536,\n"
             "               allocation_bytes = 4096, log_lines = 5 } } } }";
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *loaded = NULL;
    CHECK_OK(fixture_load(&loaded, text, &error));
    CHECK_INT(policy_plugin_count(loaded), 2);
    const plugin_row *audit = policy_plugin_at(loaded, 0);
    CHECK_TEXT(audit->plugin, "audit");
    CHECK_TEXT(audit->place, "p.lua: plugins[1]");
    CHECK_TEXT(audit->folder, check_folder());
    CHECK(!audit->name && !audit->tenant && audit->required && !audit->secrets);
    CHECK_INT(audit->priority, PLUGIN_PRIORITY_DEFAULT);
    CHECK_INT(audit->on_error, ON_ERROR_FAIL);
    CHECK_INT(audit->grant, 0);
    CHECK_TEXT(json_get_string(audit->options, "file"), "audit.jsonl");
    const plugin_row *tag = policy_plugin_at(loaded, 1);
    CHECK_TEXT(tag->name, "tag");
    CHECK_INT(tag->priority, 100);
    CHECK_INT(tag->on_error, ON_ERROR_SKIP);
    CHECK_INT(tag->grant, CAPABILITY_REQUEST_HEADERS_WRITE | CAPABILITY_REQUEST_REPLY);
    CHECK_TEXT(json_get_string(json_get(tag->options, "set"), "X-Team"), "blue");
    CHECK_INT(json_count(json_get(tag->options, "list")), 2);
    CHECK_INT(tag->limits.deadline_ms, 10);
    CHECK_INT(tag->limits.instructions, 1000);
    CHECK_INT(tag->limits.memory_bytes, 65536);
    CHECK_INT(tag->limits.allocation_bytes, 4096);
    CHECK_INT(tag->limits.log_lines, 5);
}

static void a_secret_option_is_a_source_and_never_json(void)
{
    static const char text[] =
        ROWS "{ { 'guard', options = { token = thingspace.secret.file('t'), mode = 'on' } } } }";
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *loaded = NULL;
    CHECK_OK(fixture_load(&loaded, text, &error));
    const plugin_row *row = policy_plugin_at(loaded, 0);
    CHECK_INT(map_count(row->secrets), 1);
    CHECK(map_get(row->secrets, "token") != NULL);
    CHECK(json_get(row->options, "token") == NULL);
    CHECK_TEXT(json_get_string(row->options, "mode"), "on");
}

static void empty_options_are_an_object(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *loaded = NULL;
    CHECK_OK(fixture_load(&loaded, ROWS "{ { 'audit', options = {} } } }", &error));
    CHECK_INT(json_type_of(policy_plugin_at(loaded, 0)->options), JSON_OBJECT);
}

static void a_wrong_row_is_refused_by_name(void)
{
    static const fixture_refusal rows[] = {
        {ROWS "{ audit = {} } }",
         "p.lua: plugins must be a list of rows: { { \"NAME\", options = { ... } }, ... }"},
        {ROWS "{ 'audit' } }",
         "p.lua: plugins[1]: a row is a table: { \"NAME\", options = { ... } }"},
        {ROWS "{ { 'a' }, { options = {} } } }",
         "p.lua: plugins[2]: a row begins with the plugin's name or file: { \"NAME\", ... }"},
        {ROWS "{ { 'a', 'b' } } }",
         "p.lua: plugins[1]: a member without a name: write name = value (found number 2)"},
        {ROWS "{ { 'a', option = {} } } }",
         "p.lua: plugins[1]: unknown member 'option'; did you mean 'options'?"},
        {ROWS "{ { 'a', name = 7 } } }", "p.lua: plugins[1]: name must be text, not a number"},
        {ROWS "{ { 'a', name = 'x\\ny' } } }",
         "p.lua: plugins[1]: name must be one line of at most 120 bytes"},
        {ROWS "{ { 'a', priority = 10001 } } }",
         "p.lua: plugins[1]: priority must be a whole number from 0 to 10000"},
        {ROWS "{ { 'a', priority = -1 } } }",
         "p.lua: plugins[1]: priority must be a whole number from 0 to 10000"},
        {ROWS "{ { 'a', priority = 0/0 } } }",
         "p.lua: plugins[1]: priority must be a whole number from 0 to 10000"},
        {ROWS "{ { 'a', priority = '7' } } }",
         "p.lua: plugins[1]: priority must be a whole number from 0 to 10000"},
        {ROWS "{ { 'a', on_error = 'ignore' } } }",
         "p.lua: plugins[1]: on_error must be \"fail\", \"skip\" or \"quarantine\", not 'ignore'"},
        {ROWS "{ { 'a', required = 1 } } }", "p.lua: plugins[1]: required must be true or false"},
        {ROWS "{ { 'a', grant = 'request:reply' } } }",
         "p.lua: plugins[1]: grant must be a list of texts, without holes"},
        {ROWS "{ { 'a', grant = { 7 } } } }",
         "p.lua: plugins[1]: grant[1]: a text belongs here, not a number"},
        {ROWS "{ { 'a', limits = { deadline = 7 } } } }",
         "p.lua: plugins[1]: limits: unknown member 'deadline'; did you mean 'deadline_ms'?"},
        {ROWS "{ { 'a', limits = { deadline_ms = 0 } } } }",
         "p.lua: plugins[1]: limits: deadline_ms must be a whole number from 1 to 60000"},
        {ROWS "{ { 'a', limits = { memory_bytes = 2^40 } } } }",
         "p.lua: plugins[1]: limits: memory_bytes must be a whole number from 1 to 1073741824"},
        {ROWS "{ { 'a', limits = 7 } } }",
         "p.lua: plugins[1]: limits: write { deadline_ms = 10 }, not a number"},
        {ROWS "{ { 'a', options = { set = function() end } } } }",
         "p.lua: plugins[1]: options: set: a function cannot be an option: give text, numbers, "
         "tables or a secret"},
        {ROWS "{ { 'a', options = { rate = 1/0 } } } }",
         "p.lua: plugins[1]: options: rate: a number that is infinite or not a number cannot be "
         "JSON"},
        {ROWS "{ { 'a', options = { t = { 'a\\0' } } } } }",
         "p.lua: plugins[1]: options: t: a text with a NUL cannot be JSON"},
        {ROWS "{ { 'a', options = 7 } } }",
         "p.lua: plugins[1]: options must be a table, not a number"},
        {ROWS "{ { 'a', options = { 'x' } } } }",
         "p.lua: plugins[1]: options: a member without a name: write name = value (found number "
         "1)"},
        {ROWS "{ { 'a', options = { deep = { { k = thingspace.secret.file('t') } } } } } }",
         "p.lua: plugins[1]: options: deep: a secret inside of a table: give it as an option of "
         "its own"},
        {ROWS "{ { 'a', options = { k = thingspace.secret.registered } } } }",
         "p.lua: plugins[1]: options: k: secret.registered is for listeners alone"},
    };
    CHECK_REFUSED(rows)
}

static void an_unknown_capability_is_refused_with_the_nearest(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *loaded = NULL;
    CHECK_STATUS(
        fixture_load(&loaded, ROWS "{ { 'a', grant = { 'request.header:write' } } } }", &error),
        THINGSPACE_POLICY);
    CHECK(strstr(error.message, "p.lua: plugins[1]: grant[1]: ") == error.message);
    CHECK(strstr(error.message, "'request.headers:write'") != NULL);
}

/* What cannot be JSON, or holds more than JSON may. */
static void options_that_are_no_data_are_refused(void)
{
    static const char *const texts[] = {
        ROWS "{ { 'a', options = { f = tostring } } } }",
        ROWS "{ { 'a', options = { f = function() end } } } }",
        "local t = {} t.t = t " ROWS "{ { 'a', options = t } } }",
        ROWS "{ { 'a', options = { n = 0/0 } } } }",
        "local t = {} for i = 1, 200000 do t[i] = i end " ROWS "{ { 'a', options = { t = t } } } }",
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        thingspace_error error = THINGSPACE_ERROR_INIT;
        cleanup_policy policy *loaded = NULL;
        thingspace_status status = fixture_load(&loaded, texts[i], &error);
        if (!check_report(status == THINGSPACE_POLICY, __FILE__, __LINE__, "%s", texts[i]))
            return;
    }
}

static void rows_have_a_maximum(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *loaded = NULL;
    CHECK_STATUS(fixture_load(&loaded,
                              "local t = {} for i = 1, 257 do t[i] = { 'a' } end " ROWS "t }",
                              &error),
                 THINGSPACE_POLICY);
    CHECK_TEXT(error.message, "p.lua: plugins[257]: more than 256 rows of plugins: remove some");
}

static const check_case cases[] = {
    CHECK_CASE(a_row_becomes_data),
    CHECK_CASE(a_secret_option_is_a_source_and_never_json),
    CHECK_CASE(empty_options_are_an_object),
    CHECK_CASE_ONCE(a_wrong_row_is_refused_by_name),
    CHECK_CASE(an_unknown_capability_is_refused_with_the_nearest),
    CHECK_CASE_ONCE(options_that_are_no_data_are_refused),
    CHECK_CASE_ONCE(rows_have_a_maximum),
};

CHECK_MAIN(cases)
