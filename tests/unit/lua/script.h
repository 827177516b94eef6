/* SPDX-License-Identifier: MIT */
/*
 * Running a script in a test: loads it, calls the function that it returns, keeps the result as
 * text. All is owned by the struct and freed by its cleanup attribute. One thread.
 */
#ifndef TEST_SCRIPT_H
#define TEST_SCRIPT_H

#include <stdio.h>
#include <time.h>
#include "check.h"
#include "lua/runtime/runtime.h"
#if defined(__has_include)
#    if __has_include(<valgrind/valgrind.h>)
#        include <valgrind/valgrind.h>
#    endif
#endif

typedef struct script {
    runtime *runtime;
    thingspace_error error;
    char answer[4096];
} script;

#define SCRIPT_INIT                                                                                \
    {                                                                                              \
        NULL, THINGSPACE_ERROR_INIT, ""                                                            \
    }

static inline void script_dispose(script *script)
{
    runtime_free(script->runtime);
    script->runtime = NULL;
}
#define cleanup_script __attribute__((cleanup(script_dispose)))

/* A runtime_body: calls the script's value when it is a function; the result becomes `answer`. */
static inline int script_call_body(lua_State *L)
{
    script *script = lua_touserdata(L, 1);
    runtime_push_value(L);
    if (lua_isfunction(L, -1))
        lua_call(L, 0, 1);
    snprintf(script->answer, sizeof(script->answer), "%s", runtime_push_text(L, -1));
    return 0;
}

static inline thingspace_status script_call(script *script, const runtime_limits *limits)
{
    return runtime_enter(script->runtime, script_call_body, script, "resolve", limits,
                         &script->error);
}

static inline thingspace_status script_load(script *script, const char *text)
{
    thingspace_status status = THINGSPACE_OK;
    if (!script->runtime)
        status = runtime_new(&script->runtime, "fleet.lua", &script->error);
    if (status == THINGSPACE_OK)
        status =
            runtime_load(script->runtime, text, strlen(text), &limits_policy_load, &script->error);
    return status;
}

/* All of it, from nothing. */
static inline thingspace_status script_run(script *script, const char *text,
                                           const runtime_limits *limits)
{
    script_dispose(script);
    thingspace_status status = script_load(script, text);
    return status == THINGSPACE_OK ? script_call(script, limits) : status;
}

typedef struct expectation {
    const char *expression, *text;
} expectation;

/* Whether the expression, computed in a call, gives the text. */
static inline bool script_gives(const expectation *expected, const runtime_limits *limits,
                                const char *file, int line)
{
    cleanup_script script script = SCRIPT_INIT;
    char text[512];
    snprintf(text, sizeof(text), "return function() return %s end", expected->expression);
    thingspace_status status = script_run(&script, text, limits);
    const char *answer = status == THINGSPACE_OK ? script.answer : script.error.message;
    return check_report(strcmp(answer, expected->text) == 0, file, line,
                        "%s is \"%s\", should be \"%s\"", expected->expression, answer,
                        expected->text);
}

/* Whether it fails with a message that has the text in it. */
static inline bool script_refuses(const expectation *expected, const runtime_limits *limits,
                                  const char *file, int line)
{
    cleanup_script script script = SCRIPT_INIT;
    char text[512];
    snprintf(text, sizeof(text), "return function() local x = %s return x end",
             expected->expression);
    thingspace_status status = script_run(&script, text, limits);
    return check_report(status == THINGSPACE_POLICY && strstr(script.error.message, expected->text),
                        file, line, "%s: \"%s\", should be \"%s\"", expected->expression,
                        status == THINGSPACE_OK ? script.answer : script.error.message,
                        expected->text);
}

/* CPU time of this thread. */
static inline double script_cpu_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* How much slower than the one that the numbers are of this machine is just now, at least 1. */
static inline double script_machine_slowness(void)
{
    double best = 1e9;
    for (int run = 0; run < 3; run++) {
        double begin = script_cpu_ms();
        volatile unsigned number = 1;
        for (int i = 0; i < 100000; i++)
            number = number * 1664525U + 1013904223U;
        double took = script_cpu_ms() - begin;
        best = took < best ? took : best;
    }
    return best > 0.1 ? best / 0.1 : 1;
}

/* How much slower than real a checked program may be. */
static inline double script_slowness(void)
{
#ifdef RUNNING_ON_VALGRIND
    if (RUNNING_ON_VALGRIND)
        return 100;
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return 20 * script_machine_slowness();
#else
    return script_machine_slowness();
#endif
}

#endif
