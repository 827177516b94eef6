/* SPDX-License-Identifier: MIT */
/*
 * Ten thousand calls through hooks leave nothing behind: neither what the process holds nor
 * what the states of the plugins reach grows by more than a twentieth. Sanitizers have allocators
 * of their own, which are asked then.
 */
#include <config.h>
#include <malloc.h>
#include <stdio.h>
#include <unistd.h>
#include "check.h"
#include "client/client.h"
#include "lua/plugin/plugin_inside.h"
#include "plugged.h"

/* Blocks that the allocator keeps for the next call count as allocated: first they must be there.
 */
#define FEW  3000
#define MANY 10000

size_t __sanitizer_get_current_allocated_bytes(void) __attribute__((weak));

/* What the process has from the system. */
static size_t resident(void)
{
    size_t total = 0, pages = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    if (file && fscanf(file, "%zu %zu", &total, &pages) != 2)
        pages = 0;
    if (file)
        fclose(file);
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

/* Exact where there is a sanitizer: glibc counts as allocated what each thread keeps in its bins.
 */
static size_t allocated(void)
{
    if (__sanitizer_get_current_allocated_bytes)
        return __sanitizer_get_current_allocated_bytes();
    malloc_trim(0); /* else what was freed lately counts, too */
    return resident();
}

/* What the states hold together. */
static size_t held_by_states(const thingspace_client *client)
{
    size_t sum = 0;
    for (size_t i = 0; i < generation_instance_count(client->generation); i++) {
        const plugin_script *script = generation_instance(client->generation, i)->self;
        sum += runtime_memory(script->runtime);
    }
    return sum;
}

/* The most that the states held after any of the calls: garbage comes and goes. */
static thingspace_status call_often(thingspace_client *client, unsigned calls, size_t *most)
{
    const thingspace_request request = plugged_register(0);
    thingspace_status status = THINGSPACE_OK;
    *most = 0;
    for (unsigned i = 0; i < calls && status == THINGSPACE_OK; i++) {
        status = thingspace_perform(client, NULL, &request, NULL);
        size_t held = held_by_states(client);
        *most = held > *most ? held : *most;
    }
    return status;
}

static bool is_steady(size_t before, size_t after)
{
    return after <= before + before / 20;
}

static void ten_thousand_calls_leave_memory_as_it_was(void)
{
    cleanup_service service;
    cleanup_client thingspace_client *client = NULL;
    char rows[4096] = "";
    size_t most_before, most_after;
    CHECK_OK(service_start_alone(&service, NULL));
    plugged_row(rows,
                plugged_script("changes",
                               "request = function(call, request)\n"
                               "  call.vars.team = 'blue'\n"
                               "  request:set_header('X-Account', call.account)\n"
                               "  local body = request:json()\n"
                               "  body.username = call.id\n"
                               "  request:set_json(body)\n"
                               "end,\n"
                               "response = function(call, response)\n"
                               "  thingspace.state:set('last', response:json().accountName)\n"
                               "end"),
                "");
    plugged_row(rows,
                plugged_script("fails", "check = function(call) error('no ' .. call.id) end,\n"
                                        "audit = function(event) return event.changes end"),
                "on_error = 'skip'");
    CHECK_OK(plugged_client(&service, &client, rows, NULL, NULL, NULL));
    CHECK_OK(call_often(client, FEW, &most_before));
    size_t before = allocated() - held_by_states(client);
    CHECK_OK(call_often(client, MANY, &most_after));
    size_t after = allocated() - held_by_states(client);
    printf("# %zu bytes outside of the states, then %zu; in the states %zu, then %zu\n", before,
           after, most_before, most_after);
    CHECK(is_steady(before, after));
    CHECK(is_steady(most_before, most_after));
}

static const check_case cases[] = {CHECK_CASE_ONCE(ten_thousand_calls_leave_memory_as_it_was)};
CHECK_MAIN(cases)
