/* SPDX-License-Identifier: MIT */
/*
 * Whatever the JSON, it becomes Lua values and JSON again, and from then on nothing changes: a
 * plugin that sets the body it has read sends the same every time.
 */
#include <config.h>
#include "base/limits.h"
#include "fuzz.h"
#include "lua/runtime/runtime.h"

typedef struct trip {
    const json *from;
    json *to;
} trip;

/* may raise */
static int travel(lua_State *L)
{
    trip *trip = lua_touserdata(L, 1);
    runtime_push_json(L, trip->from);
    runtime_to_body(L, -1, true);
    trip->to = runtime_take_json(L, -1);
    return 0;
}

/* NULL when the limits refuse it. */
static json *there_and_back(const json *from)
{
    runtime *runtime;
    trip trip = {from, NULL};
    PROMISE(runtime_new(&runtime, "x.lua", NULL) == THINGSPACE_OK);
    thingspace_status status =
        runtime_enter(runtime, travel, &trip, NULL, &limits_policy_load, NULL);
    PROMISE(status == THINGSPACE_OK || status == THINGSPACE_POLICY);
    PROMISE((status == THINGSPACE_OK) == (trip.to != NULL));
    runtime_free(runtime);
    return trip.to;
}

static char *written(const json *tree)
{
    char *text = NULL;
    PROMISE(json_write_text(&text, tree) == THINGSPACE_OK);
    return text;
}

static void check_trips(const json *from)
{
    json *once = there_and_back(from);
    if (!once)
        return;
    json *twice = there_and_back(once);
    PROMISE(twice);
    char *first = written(once), *second = written(twice);
    PROMISE(strcmp(first, second) == 0);
    free(first);
    free(second);
    json_free(once);
    json_free(twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    json *tree = NULL;
    char *text = fuzz_text(data, size);
    if (json_parse(&tree, text, size, NULL) == THINGSPACE_OK)
        check_trips(tree);
    json_free(tree);
    free(text);
    return 0;
}
