/* SPDX-License-Identifier: MIT */
/*
 * What hooks cost: the protected entry of a limited state, whole hooks of a Lua plugin on the way
 * that calls take (a view of the call, the dispatcher, the journal and its disposal), a phase
 * without hooks, and the memory of a loaded plugin. On one core; CPU time of this process.
 *
 *     hook ROUNDS CALLS     prints "NAME FIGURE UNIT" of each: the median time of a call, a size
 *     hook NAME CALLS       that one only, for a profiler
 */
#define _GNU_SOURCE
#include <config.h>
#include <lua.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <thingspace/thingspace.h>
#include <time.h>
#include "client/phases.h"
#include "lua/plugin/plugin_inside.h"
#include "median.h"
#include "peer.h"

#define MOST_ROUNDS 1000
#define ID_BITS     0x0123456789abcdef /* of views */

static void give_up(const char *what)
{
    fprintf(stderr, "hook: %s\n", what);
    exit(2);
}

/* Made once: clearing one costs half of what an entry does. */
static thingspace_error error = THINGSPACE_ERROR_INIT;

static void check(thingspace_status status)
{
    if (status != THINGSPACE_OK)
        give_up(error.message);
}

/* What is measured: of the members, those that its `open` makes. */
typedef struct subject {
    runtime *runtime;
    int reference; /* of the script's function */
    instance *instance;
    chain *chain;
    request *request;
    phase phase; /* that is run */
} subject;

static void dispose(subject *self)
{
    runtime_free(self->runtime);
    chain_free(self->chain);
    instance_free(self->instance);
    request_free(self->request);
}

/* --- a script's function, in the protected entry --- */

static int make_reference(lua_State *L)
{
    subject *self = lua_touserdata(L, 1);
    runtime_push_value(L);
    self->reference = (int)lua_rawlen(L, LUA_REGISTRYINDEX) + 1;
    lua_rawseti(L, LUA_REGISTRYINDEX, self->reference);
    return 0;
}

static int call_reference(lua_State *L)
{
    const subject *self = lua_touserdata(L, 1);
    lua_rawgeti(L, LUA_REGISTRYINDEX, self->reference);
    lua_call(L, 0, 0);
    return 0;
}

static void enter(subject *self, runtime_body *body)
{
    check(runtime_enter(self->runtime, body, self, "hook", &limits_hook, &error));
}

static void open_entry(subject *self)
{
    static const char text[] = "return function() end";
    check(runtime_new(&self->runtime, "bench.lua", &error));
    check(runtime_load(self->runtime, text, strlen(text), &limits_configure, &error));
    enter(self, make_reference);
}

static void run_entry(subject *self, unsigned calls)
{
    for (unsigned i = 0; i < calls; i++)
        enter(self, call_reference);
}

/* --- the hook of a plugin --- */

#define PLUGIN(hooks)                                                                              \
    "return { name = 'bench', version = '1.0.0', api = 1,\n"                                       \
    "  capabilities = { 'request.headers:write' }, hooks = { " hooks " } }"

static instance *load(const char *text)
{
    plugin_row *row;
    instance *made;
    check(plugin_row_new(&row, "bench", "bench.lua: plugins[1]"));
    row->grant_declared = true;
    check(plugin_script_load_text(&made, row, "bench.lua", text, strlen(text), NULL, &error));
    plugin_row_free(row);
    return made;
}

static void open_plugin(subject *self, const char *text)
{
    self->instance = load(text);
    const instance_list list = {&self->instance, 1};
    check(chain_new(&self->chain, &list, NULL));
    self->phase = PHASE_REQUEST;
    check(request_new(&self->request, "POST", &error));
    check(request_set_path(self->request, "/callbacks/TestAccount-2", &error));
    check(request_set_header(self->request, "Content-Type", "application/json", &error));
}

static void open_empty(subject *self)
{
    open_plugin(self, PLUGIN("request = function(call, request) end"));
}

/* A header is read, another set to what was read of the call. */
static const char changing[] = PLUGIN("request = function(call, request)\n"
                                      "  local account = call.account\n"
                                      "  if request:header('Content-Type') then\n"
                                      "    request:set_header('X-Account', account)\n"
                                      "  end\n"
                                      "end");

static void begin_call(const subject *self, view *view)
{
    view_init(view, ID_BITS);
    view->account = "TestAccount-2";
    view->operation = "register";
    view->request = self->request;
}

static void run_phase(const subject *self, view *view)
{
    verdict verdict;
    dispatch dispatch;
    verdict_init(&verdict);
    dispatch_begin(&dispatch, self->chain, self->phase);
    if (dispatch_run(&dispatch, view, &verdict, NULL, NULL, &error) != DISPATCH_DONE)
        give_up(error.message);
    verdict_dispose(&verdict);
}

/* What a call with one hook does for it, from the view that is made to its disposal. */
static void run_one(const subject *self)
{
    view view;
    begin_call(self, &view);
    run_phase(self, &view);
    view_dispose(&view);
}

/* A hook that changes nothing costs no more in a call that has a view for others. */
static void run_empty(subject *self, unsigned calls)
{
    view view;
    begin_call(self, &view);
    for (unsigned i = 0; i < calls; i++)
        run_phase(self, &view);
    view_dispose(&view);
}

/* One field is made and one freed in each call: that of the call before, which the journal holds;
 * in a call with a request of its own it is freed with that. */
static void run_changing(subject *self, unsigned calls)
{
    for (unsigned i = 0; i < calls; i++)
        run_one(self);
}

static void open_changing(subject *self)
{
    open_plugin(self, changing);
    run_one(self);
    if (!headers_find(request_headers(self->request), "X-Account"))
        give_up("the hook set no header");
}

/* --- a phase without hooks --- */

static void count_step(call *call, thingspace_status status)
{
    call->attempt += status == THINGSPACE_OK;
}

static void run_without(subject *self, unsigned calls)
{
    call call = {.chain = self->chain};
    for (unsigned i = 0; i < calls; i++)
        phases_run(&call, PHASE_REQUEST, count_step);
    if (call.attempt != calls)
        give_up("a step is missing");
}

static void open_nothing(subject *self)
{
    (void)self;
}

/* --- all of them --- */

static const struct measurement {
    const char *name;
    void (*open)(subject *self);
    void (*run)(subject *self, unsigned calls);
} measurements[] = {
    {"entry-empty", open_entry, run_entry},
    {"hook-empty", open_empty, run_empty},
    {"hook-two-reads-one-set", open_changing, run_changing},
    {"phase-without-hooks", open_nothing, run_without},
};

static double cpu_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static void measure(const struct measurement *what, unsigned rounds, unsigned calls)
{
    static double took[MOST_ROUNDS];
    subject subject = {0};
    what->open(&subject);
    what->run(&subject, calls);
    for (unsigned i = 0; i < rounds; i++) {
        double begin = cpu_ns();
        what->run(&subject, calls);
        took[i] = (cpu_ns() - begin) / calls;
    }
    printf("%s %.1f ns\n", what->name, median(took, rounds));
    dispose(&subject);
}

/* The memory of a loaded plugin's Lua state, and all that the plugin keeps, the state included. */
static void measure_state(void)
{
    enum { COUNT = 100 };
    instance *made[COUNT];
    instance_free(load(changing)); /* what is made once in a process */
    size_t before = mallinfo2().uordblks;
    for (int i = 0; i < COUNT; i++)
        made[i] = load(changing);
    size_t used = mallinfo2().uordblks - before;
    const plugin_script *script = made[0]->self;
    printf("state-memory %.2f KB\n", (double)runtime_memory(script->runtime) / 1024);
    for (int i = 0; i < COUNT; i++)
        instance_free(made[i]);
    printf("plugin-memory %.2f KB\n", (double)used / COUNT / 1024);
}

int main(int argc, char **argv)
{
    unsigned calls = argc == 3 ? (unsigned)strtoul(argv[2], NULL, 10) : 0;
    unsigned rounds = argc == 3 ? (unsigned)strtoul(argv[1], NULL, 10) : 0;
    if (calls == 0 || rounds > MOST_ROUNDS) {
        fprintf(stderr, "usage: hook ROUNDS|NAME CALLS\n");
        return 2;
    }
    peer_use_core(0);
    for (size_t i = 0; i < sizeof(measurements) / sizeof(measurements[0]); i++)
        if (rounds > 0 || strcmp(argv[1], measurements[i].name) == 0)
            measure(&measurements[i], rounds > 0 ? rounds : 1, calls);
    if (rounds > 0)
        measure_state();
    return 0;
}
