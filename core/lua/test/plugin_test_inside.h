/* SPDX-License-Identifier: MIT */
/*
 * What the files of the test runner share: the test that runs with the instances that it made, and
 * a call that goes nowhere. What C holds while Lua may leave it hangs on the test. One thread.
 */
#ifndef LUA_PLUGIN_TEST_INSIDE_H
#define LUA_PLUGIN_TEST_INSIDE_H

#include "lua/test/plugin_test.h"
#include "lua/runtime/runtime.h"
#include "plugin/dispatch.h"

/* An instance of the plugin, and the options that it was made with. */
typedef struct test_instance {
    buffer options; /* as JSON; secret */
    instance *instance;
} test_instance;

typedef struct plugin_test {
    const char *file, *plugin; /* borrowed */
    const char *text;          /* of the test script; borrowed */
    size_t size;
    test_instance instances[TEST_INSTANCES];
    size_t instance_count;
    log_target log;               /* of the instances */
    int64_t time_ms;              /* what they take for the time; negative: the clock's */
    json *lines;                  /* what the plugin logs; NULL: nobody listens */
    thingspace_status log_status; /* whether all lines could be kept */
    /* Until Lua has it. */
    json *result;
    char *written;
    thingspace_secret *secret;
    thingspace_error error; /* room for what is raised */
} plugin_test;

/* --- plugin_test_tools.c --- */
/* Pushes the table `t`. Raises. */
void plugin_test_push_tools(lua_State *L);

/* --- plugin_test_instance.c --- */
/* The instance for the options (object or NULL), made when there is none. Expected: PLUGIN, LOCAL,
 * MEMORY. */
thingspace_status plugin_test_instance(plugin_test *self, instance **out, const json *options,
                                       thingspace_error *error);
/* Forgets all instances, and the state that they kept. */
void plugin_test_fresh(plugin_test *self);

/* --- plugin_test_call.c --- */
#define TEST_ATTEMPTS 8

/* Borrows from the description that it was made of. */
typedef struct test_call {
    view view;
    request *request;
    response response;
    thingspace_error failure;
    event event;
    event_attempt attempts[TEST_ATTEMPTS];
    trace trace;
    verdict verdict;
    thingspace_error error; /* of the dispatcher */
} test_call;

void test_call_init(test_call *call);
void test_call_dispose(test_call *call);
#define cleanup_test_call __attribute__((cleanup(test_call_dispose)))
/* As described, see thingspace-plugin(7); `*time_ms` is -1 when it says nothing of it. Expected:
 * USAGE (what is wrong with it), MEMORY. */
thingspace_status test_call_fill(test_call *call, int64_t *time_ms, phase phase,
                                 const json *description, thingspace_error *error);

/* --- plugin_test_result.c --- */
/* What came of the hook: {"verdict", ...}. Owned; NULL when out of memory. */
json *test_result_json(const plugin_test *self, test_call *call);
/* The same for a plugin that could not be loaded. */
json *test_result_failed(const plugin_test *self, const char *message);

#endif
