/* SPDX-License-Identifier: MIT */
/*
 * An apply with the n-th allocation failing, against a service that is a plugin: nothing else
 * allocates meanwhile. It refuses to overwrite, so that every step of an update is taken.
 */
#include <config.h>
#include "allocations.h"
#include "callbacks/fleet.h"

#define MOST 20000

static const char stand_in[] =
    "return { name = 'stand-in', version = '1.0.0', api = 1, capabilities = { 'request:reply' },\n"
    "hooks = { request = function(call)\n"
    "  if call.dry_run then return end\n"
    "  local state, key = thingspace.state, call.account .. (call.service or '')\n"
    "  local function answer(status, json)\n"
    "    return thingspace.reply{ status = status, json = json }\n"
    "  end\n"
    "  local names = { aname = call.account, name = call.service }\n"
    "  if call.operation == 'list' then\n"
    "    local rows = thingspace.json.array({})\n"
    "    for name, old in pairs{ CarrierService = '" OLD "', NiddService = '" OLD "' } do\n"
    "      local url = state:get(call.account .. name) or old\n"
    "      if url ~= 'none' then\n"
    "        rows[#rows + 1] = { aname = call.account, name = name, url = url }\n"
    "      end\n"
    "    end\n"
    "    return answer(200, rows)\n"
    "  elseif call.operation == 'deregister' then\n"
    "    state:set(key, 'none')\n"
    "  elseif state:get(key) ~= 'none' then\n"
    "    return answer(400, { errorCode = 'REQUEST_FAILED.AlreadyExists' })\n"
    "  else\n"
    "    state:set(key, '" OURS "' .. call.account)\n"
    "  end\n"
    "  return answer(200, names)\n"
    "end } }";

static thingspace_status make_client(thingspace_client **out, const char *policy,
                                     thingspace_error *error)
{
    static unsigned next;
    thingspace_client_options options = THINGSPACE_CLIENT_OPTIONS_INIT;
    cleanup_text char *folder = text_format("%s/state-%u", check_folder(), ++next);
    options.policy_text = policy;
    options.policy_folder = check_folder();
    options.state_dir = folder;
    return thingspace_client_new(out, &options, error);
}

/* No plugin answers in place of the service when a repair is sent. */
static bool is_all_done(thingspace_client *client, thingspace_plan *plan, hearing *told)
{
    thingspace_status status =
        fleet_apply(client, plan, THINGSPACE_PRUNE | THINGSPACE_FORCE, told, NULL);
    bool repairs = strstr(told->text, "repair failed auth;") != NULL;
    return (status == THINGSPACE_OK || repairs) && !strstr(told->text, "add failed") &&
           !strstr(told->text, "change failed") && !strstr(told->text, "remove failed");
}

/* False: it went wrong. `*reached`: an allocation has failed. */
static bool survives(const char *policy, size_t n, bool *reached)
{
    static hearing told, after;
    cleanup_client thingspace_client *client = NULL;
    cleanup_plan thingspace_plan *plan = NULL;
    cleanup_plan thingspace_plan *rest = NULL;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    if (make_client(&client, policy, &error) != THINGSPACE_OK ||
        thingspace_plan_make(client, &plan, NULL, &error) != THINGSPACE_OK) {
        printf("# %s\n", error.message);
        return false;
    }
    plan->was_loaded = true;
    allocations_fail_at(n);
    thingspace_status status =
        fleet_apply(client, plan, THINGSPACE_PRUNE | THINGSPACE_FORCE, &told, NULL);
    *reached = allocations_failed();
    allocations_fail_at(0);
    bool told_once = told.count == 0 || told.count == 4;
    bool good = *reached ? told_once : status == THINGSPACE_OK && told.count == 4;
    bool resumed = thingspace_plan_make(client, &rest, NULL, &error) == THINGSPACE_OK &&
                   is_all_done(client, rest, &after) &&
                   (status != THINGSPACE_OK || after.count == 0);
    if (!good || !resumed)
        printf("# allocation %zu: %d, %zu told: %s; then %s %s\n", n, (int)status, told.count,
               told.text, after.text, error.message);
    return good && resumed;
}

static void each_allocation_may_fail_and_a_repeated_run_resumes(void)
{
    const char *file = check_file("stand_in.lua", stand_in);
    cleanup_text char *policy =
        text_format("return { name = 'memory', accounts = { 'A', 'B' }, owns = { '" OLD "*' },\n"
                    "plugins = { { '%s', grant = { 'request:reply' } } }, " WANTS_ONE " }",
                    file);
    bool reached = true;
    CHECK(policy != NULL);
    for (size_t n = 1; reached && n < MOST; n++)
        CHECK(survives(policy, n, &reached));
    CHECK(!reached);
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(each_allocation_may_fail_and_a_repeated_run_resumes),
};

CHECK_MAIN(cases)
