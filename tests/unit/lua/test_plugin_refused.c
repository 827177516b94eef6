/* SPDX-License-Identifier: MIT */
/*
 * Texts that are no plugins, fields that nobody may set, and what is returned or raised outside of
 * what is allowed, in every phase. The numbers are those of the list of attacks that the plugin
 * host must survive.
 */
#include <lauxlib.h>
#include <unistd.h>
#include "base/limits.h"
#include "plugin_fixture.h"
#include "script.h"

static thingspace_status load_bytes(rig *rig, const char *bytes, size_t size)
{
    instance *made = NULL;
    error_clear(&rig->error);
    thingspace_status status =
        plugin_script_load_text(&made, rig->row, "p.lua", bytes, size, &rig->options, &rig->error);
    instance_free(made);
    return status;
}

/* --- 13: the text --- */

static int keep_bytes(lua_State *L, const void *bytes, size_t size, void *out)
{
    (void)L;
    return buffer_append(out, bytes, size) == THINGSPACE_OK ? 0 : 1;
}

static void line_13_bytecode_is_no_plugin(void)
{
    cleanup_rig rig rig = {0};
    cleanup_buffer buffer code = {0};
    buffer_init(&code, 65536);
    lua_State *stock = luaL_newstate();
    CHECK(stock != NULL);
    luaL_loadstring(stock, "return { name = 'test', version = '1.0.0', api = 1, hooks = {} }");
    int failed = lua_dump(stock, keep_bytes, &code, 0);
    lua_close(stock);
    CHECK_INT(failed, 0);
    CHECK_OK(rig_begin(&rig));
    CHECK_STATUS(load_bytes(&rig, code.data, code.size), THINGSPACE_PLUGIN);
    CHECK(strstr(rig.error.message, "is bytecode") != NULL);
    CHECK_STATUS(load_bytes(&rig, "\033Lua", 4), THINGSPACE_PLUGIN);
    CHECK_STATUS(load_bytes(&rig, "\xef\xbb\xbf\033Lua", 7), THINGSPACE_PLUGIN);
    CHECK_STATUS(load_bytes(&rig, "#!x\n\033Lua", 8), THINGSPACE_PLUGIN);
}

static void line_13_fifty_megabytes_are_refused_unread(void)
{
    cleanup_rig rig rig = {0};
    instance *made = NULL;
    CHECK_OK(rig_begin(&rig));
    const char *file = check_file("huge.lua", "return {}");
    CHECK_INT(truncate(file, 50 << 20), 0);
    double begin = script_cpu_ms();
    CHECK_STATUS(plugin_script_load(&made, rig.row, file, &rig.options, &rig.error),
                 THINGSPACE_PLUGIN);
    CHECK(script_cpu_ms() - begin < 50 * script_slowness());
    CHECK(strstr(rig.error.message, "huge.lua") != NULL);
    CHECK(strstr(rig.error.message, "256 KiB") != NULL);
}

/* `before`, the piece `count` times, `after`. */
static const struct {
    const char *before, *piece, *after;
    int count;
} texts[] = {
    {"return ", "(", "1", 200},
    {"return ", "(", "1", 100000},
    {"", "local a\n", "", 30000},
    {"return ", "{", "", 100000},
    {"", "function f() ", "", 15000},
    {"return ", "- ", "1", 100000},
    {"return ", "'a' .. ", "1", 30000},
    {"", "goto a ", "", 30000},
    {"", "do ", "", 80000},
    {"return \"", "a", "", 200000},
    {"x = { ", "1,", "}", 120000},
};

/* 100,000 locals are 600 KB of text at least. */
static void line_13_texts_that_are_hard_to_compile_end_soon(void)
{
    cleanup_rig rig rig = {0};
    CHECK_OK(rig_begin(&rig));
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        cleanup_buffer buffer text = {0};
        buffer_init(&text, LIMIT_SCRIPT);
        buffer_append_text(&text, texts[i].before);
        for (int n = 0; n < texts[i].count; n++)
            buffer_append_text(&text, texts[i].piece);
        CHECK_OK(buffer_append_text(&text, texts[i].after));
        double begin = script_cpu_ms();
        CHECK_STATUS(load_bytes(&rig, text.data, text.size), THINGSPACE_PLUGIN);
        double took = script_cpu_ms() - begin;
        if (!check_report(took < 150 * script_slowness(), __FILE__, __LINE__, "%s...: %.1f ms",
                          texts[i].piece, took))
            return;
        CHECK(text_starts_with(rig.error.message, "p.lua"));
    }
}

static void line_13_a_hundred_thousand_locals_are_too_long_a_text(void)
{
    cleanup_rig rig rig = {0};
    cleanup_buffer buffer text = {0};
    buffer_init(&text, 4 << 20);
    for (int n = 0; n < 100000; n++)
        buffer_append_format(&text, "local a%d\n", n);
    CHECK_OK(text.status);
    CHECK_OK(rig_begin(&rig));
    CHECK_STATUS(load_bytes(&rig, text.data, text.size), THINGSPACE_PLUGIN);
    CHECK(strstr(rig.error.message, "256 KiB") != NULL);
}

/* --- 20: fields that are the library's --- */

static const char *const reserved[] = {"Host",          "Content-Length", "Transfer-Encoding",
                                       "Authorization", "VZ-M2M-Token",   "vz-m2m-TOKEN"};

static void line_20_what_frames_or_authorises_cannot_be_removed_either(void)
{
    for (size_t i = 0; i < sizeof(reserved) / sizeof(*reserved); i++) {
        cleanup_rig rig rig = {0};
        char code[200];
        CHECK_OK(rig_begin(&rig));
        CHECK_OK(request_set_header(rig.request, "X-Kept", "y", NULL));
        snprintf(code, sizeof(code),
                 "request:set_header('X-Kept', 'n') request:remove_header('%s')", reserved[i]);
        CHECK_STATUS(rig_request(&rig, code), THINGSPACE_PLUGIN);
        CHECK_TEXT(rig_header(&rig, "X-Kept"), "y");
        CHECK(strstr(rig.error.message, "p.lua:2: ") != NULL);
    }
}

static void line_20_no_capability_grants_them(void)
{
    capability_set set = 0;
    for (size_t i = 0; i < sizeof(reserved) / sizeof(*reserved); i++) {
        char name[64];
        thingspace_error error = THINGSPACE_ERROR_INIT;
        snprintf(name, sizeof(name), "request.headers.%s:write", reserved[i]);
        CHECK_STATUS(capability_add(&set, name, &error), THINGSPACE_PLUGIN);
    }
    CHECK_INT(set, 0);
}

/* --- 25, 26: in every phase --- */

static const struct {
    const char *hook;
    phase phase;
} hooks[] = {
    {"request", PHASE_REQUEST}, {"check", PHASE_CHECK},     {"response", PHASE_RESPONSE},
    {"error", PHASE_ERROR},     {"audit", PHASE_AUDIT},     {"accept", PHASE_ACCEPT},
    {"message", PHASE_MESSAGE}, {"deliver", PHASE_DELIVER},
};

/* What the hook of this code says when it fails; error hooks are skipped and logged. */
static bool fails_with(size_t hook, const char *code, const char *wanted)
{
    cleanup_rig rig rig = {0};
    char text[1024];
    snprintf(text, sizeof(text), RIG_PLUGIN "%s = function(call, it) %s end" RIG_END,
             hooks[hook].hook, code);
    if (rig_begin(&rig) != THINGSPACE_OK || rig_load(&rig, text) != THINGSPACE_OK)
        return check_allocation_failed();
    rig.instances[0]->required = true;
    thingspace_status status = rig_run(&rig, hooks[hook].phase);
    if (status == THINGSPACE_MEMORY && check_allocation_failed())
        return true;
    const char *told = status == THINGSPACE_OK ? rig.logged : rig.error.message;
    return check_report(rig_failures(&rig) == 1 && strstr(told, wanted), __FILE__, __LINE__,
                        "%s: %s: \"%s\"", hooks[hook].hook, code, told);
}

static void line_25_no_phase_takes_a_return_outside_of_the_set(void)
{
    static const char *const returns[][2] = {
        {"return {}", "hook returned a table"},
        {"return 'deny'", "hook returned a string"},
        {"return false", "hook returned a boolean"},
        {"return nil, 'out of ports'", "out of ports"},
        {"return it or call", "hook returned a userdata"},
    };
    for (size_t i = 0; i < sizeof(returns) / sizeof(*returns); i++)
        for (size_t hook = 0; hook < sizeof(hooks) / sizeof(*hooks); hook++)
            if (!fails_with(hook, returns[i][0], returns[i][1]))
                return;
}

#define LOOPING "setmetatable({}, { __tostring = function() while true do end end })"

static void line_26_every_phase_makes_text_of_error_values(void)
{
    static const char *const raised[][2] = {
        {"error()", "the error value is a nil, not a text"},
        {"error(" LOOPING ")", "the error value is a table, not a text"},
        {"error(it or call)", "the error value is a userdata, not a text"},
        {"error('a\\r\\nb')", "a\\x0d\\nb"},
    };
    for (size_t i = 0; i < sizeof(raised) / sizeof(*raised); i++)
        for (size_t hook = 0; hook < sizeof(hooks) / sizeof(*hooks); hook++)
            if (!fails_with(hook, raised[i][0], raised[i][1]))
                return;
}

static void line_26_load_and_configure_do_too(void)
{
    static const char *const scripts[] = {
        "error(" LOOPING ")",
        "return { name = 'test', version = '1.0.0', api = 1, hooks = {},\n"
        "  configure = function() error(" LOOPING ") end }",
    };
    for (size_t i = 0; i < sizeof(scripts) / sizeof(*scripts); i++) {
        cleanup_rig rig rig = {0};
        CHECK_OK(rig_begin(&rig));
        CHECK_STATUS(load_bytes(&rig, scripts[i], strlen(scripts[i])), THINGSPACE_PLUGIN);
        CHECK(strstr(rig.error.message, "the error value is a table, not a text") != NULL);
    }
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(line_13_bytecode_is_no_plugin),
    CHECK_CASE_ONCE(line_13_fifty_megabytes_are_refused_unread),
    CHECK_CASE_ONCE(line_13_texts_that_are_hard_to_compile_end_soon),
    CHECK_CASE_ONCE(line_13_a_hundred_thousand_locals_are_too_long_a_text),
    CHECK_CASE(line_20_what_frames_or_authorises_cannot_be_removed_either),
    CHECK_CASE(line_20_no_capability_grants_them),
    CHECK_CASE_ONCE(line_25_no_phase_takes_a_return_outside_of_the_set),
    CHECK_CASE_ONCE(line_26_every_phase_makes_text_of_error_values),
    CHECK_CASE(line_26_load_and_configure_do_too),
};

CHECK_MAIN(cases)
