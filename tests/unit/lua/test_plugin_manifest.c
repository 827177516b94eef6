/* SPDX-License-Identifier: MIT */
/* Loading a plugin: what its table may say, what configure gets, and what refuses the load. */
#include "base/limits.h"
#include "plugin_fixture.h"

#define HEAD "return { name = 'test', version = '1.0.0', api = 1, "

static void a_manifest_is_read(void)
{
    static const char text[] =
        "return { name = 'tag', version = '2.1.0', api = 1,\n"
        "capabilities = { 'request.headers:write', 'error:write' },\n"
        "options = { set = { type = 'table', required = true, doc = 'names and values' },\n"
        "  depth = { type = 'integer', default = 3 }, note = { type = 'string' } },\n"
        "hooks = { request = function() end, audit = function() end } }";
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    CHECK_OK(json_parse(&rig.row->options, "{\"set\":{}}", 10, &rig.error));
    CHECK_OK(rig_load(&rig, text));
    const manifest *made = &rig.instances[0]->manifest;
    CHECK_TEXT(made->name, "tag");
    CHECK_TEXT(made->version, "2.1.0");
    CHECK_INT(made->capabilities, CAPABILITY_REQUEST_HEADERS_WRITE | CAPABILITY_ERROR_WRITE);
    CHECK_INT(made->hooks, PHASE_BIT(PHASE_REQUEST) | PHASE_BIT(PHASE_AUDIT));
    CHECK_INT(made->option_count, 3);
    CHECK_TEXT(rig.instances[0]->name, "tag");
    CHECK_TEXT(rig.instances[0]->file, "p.lua");
}

typedef struct refusal {
    const char *text, *message;
} refusal;

static void what_is_wrong_is_named(void)
{
    static const refusal rows[] = {
        {"return", "p.lua: a plugin returns a table: return { name = "},
        {"return 1", "p.lua: a plugin returns a table"},
        {"error('x')", "p.lua:1: x"},
        {"return {", "p.lua:1: "},
        {"return { nam = 'a' }", "p.lua: unknown member 'nam'; did you mean 'name'?"},
        {"return { 1 }", "p.lua: a member without a name"},
        {"return { version = '1.0.0', api = 1, hooks = {} }", "p.lua: the plugin has no name"},
        {"return { name = 'a', api = 1, hooks = {} }", "p.lua: the plugin has no version"},
        {"return { name = 1, version = '1.0.0', api = 1, hooks = {} }",
         "p.lua: name must be text, not a number"},
        {"return { name = 'A b', version = '1.0.0', api = 1, hooks = {} }", "p.lua: "},
        {"return { name = 'a', version = '1.0.0', hooks = {} }", "write api = 1"},
        {"return { name = 'a', version = '1.0.0', api = '1', hooks = {} }",
         "p.lua: api must be the number 1"},
        {"return { name = 'a', version = '1.0.0', api = 2, hooks = {} }", "p.lua: "},
        {HEAD "}", "p.lua: the plugin has no hooks"},
        {HEAD "hooks = { requst = function() end } }", "p.lua: "},
        {HEAD "hooks = { configure = function() end } }", "p.lua: "},
        {HEAD "hooks = { request = 1 } }", "p.lua: hooks.request must be a function, not a number"},
        {HEAD "hooks = {}, configure = 1 }", "configure must be a function, not a number"},
        {HEAD "hooks = {}, capabilities = 'a' }", "capabilities must be a list of texts"},
        {HEAD "hooks = {}, capabilities = { 1 } }", "capabilities[1] must be text"},
        {HEAD "hooks = {}, capabilities = { 'request.headers:wrte' } }", "request.headers:write"},
        {HEAD "hooks = {}, options = 1 }", "options must be a table of names and options"},
        {HEAD "hooks = {}, options = { a = 1 } }", "options.a: an option is a table"},
        {HEAD "hooks = {}, options = { a = {} } }", "options.a: the option has no type"},
        {HEAD "hooks = {}, options = { a = { type = 'strng' } } }", "options.a: "},
        {HEAD "hooks = {}, options = { a = { typ = 'string' } } }",
         "options.a: unknown member 'typ'; did you mean 'type'?"},
        {HEAD "hooks = {}, options = { a = { type = 'string', required = 1 } } }",
         "options.a: required must be true or false"},
        {HEAD "hooks = {}, options = { a = { type = 'string', default = 1 } } }", "a"},
        {HEAD "hooks = {}, options = { a = { type = 'string', default = function() end } } }",
         "a function cannot be JSON"},
        {HEAD "hooks = {}, options = { a = { type = 'string', required = true } } }", "a"},
        {HEAD "hooks = {}, configure = function() error('no') end }", "p.lua:1: no"},
        {HEAD "hooks = {}, configure = function() return nil, 'no' end }", "p.lua:1: no"},
        {HEAD "hooks = {}, configure = function() return 1 end }",
         "p.lua:1: configure returned a number; return nothing, or nil and a text"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        cleanup_rig rig rig = {0};
        CHECK_OK(rig_begin(&rig));
        CHECK_STATUS(rig_load(&rig, rows[i].text), THINGSPACE_PLUGIN);
        if (!check_report(strstr(rig.error.message, rows[i].message) != NULL, __FILE__, __LINE__,
                          "%s: \"%s\", should have \"%s\"", rows[i].text, rig.error.message,
                          rows[i].message))
            return;
        CHECK_INT(rig.count, 0);
    }
}

static void what_the_row_lacks_or_gives_wrongly_names_the_instance(void)
{
    static const char *const texts[] = {
        HEAD "options = { b = { type = 'string' } }, hooks = {} }",
        HEAD "options = { a = { type = 'string' } }, hooks = {} }",
        HEAD
        "options = { a = { type = 'number' } }, capabilities = { 'error:write' }, hooks = {} }",
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        cleanup_rig rig rig = {0};
        CHECK_OK(rig_begin(&rig));
        rig.row->grant_declared = false;
        rig.row->name = text_copy("mine");
        rig.row->tenant = text_copy("team");
        CHECK_OK(json_parse(&rig.row->options, "{\"a\":1}", 7, &rig.error));
        CHECK_MADE(rig.row->name);
        CHECK_MADE(rig.row->tenant);
        CHECK_STATUS(rig_load(&rig, texts[i]), THINGSPACE_PLUGIN);
        CHECK_TEXT(rig.error.plugin, "test");
        CHECK_TEXT(rig.error.instance, "mine");
        CHECK_TEXT(rig.error.phase, "");
        CHECK_TEXT(rig.error.tenant, "team");
    }
}

static void an_option_of_type_number_is_a_number_of_any_length(void)
{
    static const char options[] = "{\"a\":0.10000000000000000555,\"b\":18446744073709551616,\"c\":"
                                  "7,\"t\":[1.10000000000000000001]}";
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    CHECK_OK(json_parse(&rig.row->options, options, sizeof(options) - 1, &rig.error));
    CHECK_OK(rig_load(&rig, HEAD "options = { a = { type = 'number' }, b = { type = 'number' },\n"
                                 "c = { type = 'number' }, t = { type = 'table' } }, hooks = {},\n"
                                 "configure = function(o) thingspace.log(o.a == 0.1, o.b == 2^64,\n"
                                 "math.type(o.c), type(o.t[1])) end }"));
    CHECK_TEXT(rig.logged, "p.lua: true true integer string\n");
}

static void configure_gets_the_filled_options(void)
{
    static const char text[] =
        HEAD "options = { a = { type = 'string', default = 'x' }, b = { type = 'table' },\n"
             "  c = { type = 'secret' }, d = { type = 'boolean' } }, hooks = {},\n"
             "configure = function(o)\n"
             "  thingspace.log(o.a, o.b[2], o.c, o.d, pcall(function() return o.c .. '' end))\n"
             "  thingspace.log(thingspace.secret.named('c'), thingspace.settings.team) end }";
    static const char *const settings[] = {"team=blue", NULL};
    cleanup_rig rig rig = {0};
    cleanup_secret thingspace_secret *secret = NULL;
    secret_source *source = NULL;
    CHECK_OK(rig_begin(&rig));
    CHECK_OK(json_parse(&rig.row->options, "{\"b\":[1,2]}", 11, &rig.error));
    CHECK_OK(map_new(&rig.row->secrets, (void (*)(void *))secret_source_free));
    CHECK_OK(thingspace_secret_new(&secret, "canary", 6, &rig.error));
    CHECK_OK(secret_source_value(&source, secret, "test", &rig.error));
    thingspace_status status = map_set(rig.row->secrets, "c", source);
    if (status != THINGSPACE_OK)
        secret_source_free(source);
    CHECK_OK(status);
    rig.options.settings = settings;
    CHECK_OK(rig_load(&rig, text));
    CHECK_TEXT(rig.logged, "p.lua: x 2 *** nil false p.lua:4: a secret is a handle: it can be "
                           "passed on, not looked at or changed\np.lua: *** blue\n");
}

static void a_secret_that_the_row_does_not_give_is_refused(void)
{
    static const char text[] = "local s = thingspace.secret.named('hook')\n" HEAD "hooks = {} }";
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    CHECK_STATUS(rig_load(&rig, text), THINGSPACE_PLUGIN);
    CHECK_TEXT(rig.error.message, "p.lua:1: the row gives no secret 'hook'");
}

static void a_capability_that_is_not_granted_refuses_the_load(void)
{
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    rig.row->grant_declared = false;
    CHECK_STATUS(rig_load(&rig, HEAD "capabilities = { 'error:write' }, hooks = {} }"),
                 THINGSPACE_PLUGIN);
    CHECK(strstr(rig.error.message, "error:write") != NULL);
    rig.row->grant = CAPABILITY_ERROR_WRITE;
    CHECK_OK(rig_load(&rig, HEAD "capabilities = { 'error:write' }, hooks = {} }"));
}

static void a_file_is_read_within_its_limit(void)
{
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    CHECK_STATUS(
        plugin_script_load(&rig.instances[0], rig.row, "/nowhere/p.lua", &rig.options, &rig.error),
        THINGSPACE_LOCAL);
    CHECK_TEXT(rig.error.message,
               "plugin /nowhere/p.lua cannot be read: No such file or directory");
    const char *file = check_file("plugin.lua", HEAD "hooks = {} }");
    CHECK_OK(plugin_script_load(&rig.instances[0], rig.row, file, &rig.options, &rig.error));
    rig.count = 1;
    CHECK_TEXT(rig.instances[0]->file, file);
}

static void a_long_file_is_refused(void)
{
    cleanup_rig rig rig = {0};
    cleanup_buffer buffer text;
    instance *made;
    buffer_init(&text, 2 * LIMIT_SCRIPT);
    for (size_t i = 0; i <= LIMIT_SCRIPT / 16; i++)
        buffer_append_text(&text, "-- sixteen bytes");
    CHECK_OK(text.status);
    CHECK_OK(rig_begin(&rig));
    CHECK_STATUS(plugin_script_load(&made, rig.row, check_file("long.lua", buffer_text(&text)),
                                    &rig.options, &rig.error),
                 THINGSPACE_PLUGIN);
    CHECK(strstr(rig.error.message, "long.lua: the script is longer than 256 KiB") != NULL);
    CHECK_STATUS(rig_load(&rig, buffer_text(&text)), THINGSPACE_PLUGIN);
}

static const check_case cases[] = {
    CHECK_CASE(a_manifest_is_read),
    CHECK_CASE_ONCE(what_is_wrong_is_named),
    CHECK_CASE(what_the_row_lacks_or_gives_wrongly_names_the_instance),
    CHECK_CASE(an_option_of_type_number_is_a_number_of_any_length),
    CHECK_CASE(configure_gets_the_filled_options),
    CHECK_CASE(a_secret_that_the_row_does_not_give_is_refused),
    CHECK_CASE(a_capability_that_is_not_granted_refuses_the_load),
    CHECK_CASE(a_file_is_read_within_its_limit),
    CHECK_CASE_ONCE(a_long_file_is_refused),
};

CHECK_MAIN(cases)
