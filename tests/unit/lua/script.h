/* SPDX-License-Identifier: MIT */
/*
 * Running a script in a test: loads it, calls the function that it returns, keeps the result as
 * text. All is owned by the struct and freed by its cleanup attribute. One thread.
 */
#ifndef TEST_SCRIPT_H
#define TEST_SCRIPT_H

#include <stdio.h>
#include "check.h"
#include "lua/runtime.h"

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

#endif
