/* SPDX-License-Identifier: MIT */
/* An apply whose hooks, plan file or service say one thing first and another afterwards. */
#include <config.h>
#include "callbacks/fleet.h"

static hearing told;

/* A policy of A and B with one plugin, which is granted what it asks for. */
static thingspace_status start(service *service, const char *options, const char *hook)
{
    cleanup_text char *plugin = text_format(
        "local given\n"
        "return { name = 'odd', version = '1.0.0', api = 1,\n"
        "  capabilities = { 'request.body:read', 'request.body:write', 'request.query:write',\n"
        "                   'request:reply' },\n"
        "  options = { password = { type = 'secret', doc = 'of listeners' } },\n"
        "  configure = function(options) given = options end,\n"
        "  hooks = { request = function(call, request)\n%s\nend } }",
        hook);
    const char *file = plugin ? check_file("odd.lua", plugin) : NULL;
    cleanup_text char *more = text_format(
        "plugins = { { '%s', options = { %s }, grant = { 'request.body:read',\n"
        "  'request.body:write', 'request.query:write', 'request:reply' } } },\n" WANTS_ONE,
        file ? file : "", options);
    return more ? fleet_start(service, NULL, PAIR, more) : THINGSPACE_MEMORY;
}

static void what_hooks_send_is_what_was_planned(void)
{
    static const char *const members[] = {"url = '" OURS "other'", "username = 'other'",
                                          "password = 'other'"};
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        cleanup_service service;
        cleanup_text char *hook =
            text_format("if call.operation ~= 'register' or call.dry_run then return end\n"
                        "local body = request:json()\nbody.%s\nrequest:set_json(body)",
                        members[i]);
        CHECK_OK(start(&service, "", hook));
        CHECK_STATUS(fleet_run(&service, 0, &told, NULL), THINGSPACE_PLUGIN);
        CHECK_INT(told.count, 2);
        CHECK(strstr(told.last, "than of what was planned") != NULL);
        CHECK_TEXT(fleet_registered(&service), "");
        CHECK_INT(service_count(&service, "POST /api/m2m/v1/callbacks/A"), 0);
    }
}

static void a_hook_cannot_send_a_change_elsewhere(void)
{
    static const char *const hooks[] = {
        "if call.operation == 'register' then local body = request:json() body.name = "
        "'NiddService' "
        "request:set_json(body) end",
        "if call.operation == 'register' then local body = request:json() body.name = 7 "
        "request:set_json(body) end",
    };
    for (size_t i = 0; i < sizeof(hooks) / sizeof(hooks[0]); i++) {
        cleanup_service service;
        thingspace_error error = THINGSPACE_ERROR_INIT;
        CHECK_OK(start(&service, "", hooks[i]));
        (void)fleet_run(&service, 0, &told, &error);
        CHECK_INT(told.count, 0); /* the plan has it as what cannot be decided */
        CHECK_TEXT(fleet_registered(&service), "");
    }
}

static void a_hook_cannot_remove_what_another_account_has(void)
{
    cleanup_service service;
    thingspace_request request = THINGSPACE_REQUEST_INIT;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_OK(start(&service, "",
                   "if call.operation == 'deregister' then\n"
                   "  for _, name in ipairs{ 'accountNumber', 'accountName' } do\n"
                   "    if request:query(name) then request:set_query(name, 'B') end\n"
                   "  end\nend"));
    request.operation = THINGSPACE_DEREGISTER;
    request.account = "A";
    request.service = "BullseyeReporting";
    request.api = "hyper-precise";
    CHECK_STATUS(thingspace_perform(service.client, NULL, &request, &error), THINGSPACE_PLUGIN);
    CHECK(strstr(error.message, "another account") != NULL);
}

/* A mock that answers lists too stands for the service: test_apply_memory.c has one. */
static void what_a_hook_answers_to_an_update_removes_nothing(void)
{
    cleanup_service service;
    CHECK_OK(start(&service, "",
                   "if call.operation == 'register' and not call.dry_run then\n"
                   "  return thingspace.reply{ status = 409, json = {} }\nend"));
    CHECK_OK(fleet_add(&service, "A", "CarrierService", OLD "a", "p-1"));
    CHECK(fleet_run(&service, 0, &told, NULL) != THINGSPACE_OK);
    CHECK_TEXT(fleet_registered(&service), "A CarrierService " OLD "a p-1;");
    CHECK_INT(service_count(&service, "DELETE /api/m2m/v1/callbacks/A/name/CarrierService"), 0);
}

static void a_password_that_a_hook_puts_in_is_compared(void)
{
    cleanup_service service;
    (void)check_file("hook.password", "p-hook\n");
    CHECK_OK(start(&service, "password = thingspace.secret.file('hook.password')",
                   "if call.operation ~= 'register' then return end\n"
                   "local body = request:json()\nbody.password = given.password\n"
                   "request:set_json(body)"));
    CHECK_OK(fleet_run(&service, 0, &told, NULL));
    CHECK_TEXT(fleet_registered(&service),
               "A CarrierService " OURS "A p-hook;B CarrierService " OURS "B p-hook;");
    CHECK_OK(fleet_run(&service, 0, &told, NULL));
    CHECK_INT(told.count, 0);
}

static void a_list_that_can_be_read_in_two_ways_changes_nothing(void)
{
    static const char *const lists[] = {
        "[{\"aname\":\"A\",\"name\":\"NiddService\",\"url\":\"" OLD "n\"},"
        "{\"aname\":\"A\",\"name\":\"NiddService\",\"url\":\"" STRANGER "n\"}]",
        "[{\"aname\":\"B\",\"name\":\"NiddService\",\"url\":\"" OLD "n\"}]",
    };
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        cleanup_service service;
        CHECK_OK(fleet_start(&service, NULL, PAIR, WANTS_ONE));
        char rule[1000] = "GET /callbacks/A status=200 body=\"";
        for (const char *at = lists[i]; *at; at++)
            snprintf(rule + strlen(rule), sizeof(rule) - strlen(rule), *at == '"' ? "\\%c" : "%c",
                     *at);
        snprintf(rule + strlen(rule), sizeof(rule) - strlen(rule), "\"");
        CHECK(service_fault(&service, rule));
        CHECK_STATUS(fleet_run(&service, THINGSPACE_PRUNE, &told, NULL), THINGSPACE_PARTIAL);
        CHECK_TEXT(told.text, "B CarrierService add done;");
        CHECK_INT(service_count(&service, "DELETE /api/m2m/v1/callbacks/A/name/NiddService"), 0);
    }
}

/* ---- plan files ---- */

static void a_saved_plan_of_an_account_that_is_not_declared_changes_nothing(void)
{
    cleanup_service service;
    cleanup_plan thingspace_plan *plan = NULL;
    cleanup_client thingspace_client *other = NULL;
    CHECK_OK(fleet_start(&service, NULL, PAIR, WANTS_ONE));
    CHECK_OK(thingspace_plan_make(service.client, &plan, NULL, NULL));
    plan->was_loaded = true;
    CHECK_OK(fleet_client(&service, &other,
                          "return { name = 'pair', accounts = { 'A' }, " WANTS_ONE " }"));
    fleet_adopt(plan, other);
    CHECK_STATUS(fleet_apply(other, plan, 0, &told, NULL), THINGSPACE_REFUSED);
    CHECK_TEXT(fleet_registered(&service), "");
}

/* The id does not cover it. */
static void what_a_saved_plan_says_is_unchanged_does_not_lift_the_threshold(void)
{
    cleanup_service service;
    cleanup_plan thingspace_plan *plan = NULL;
    CHECK_OK(fleet_start_many(&service, 12));
    for (int i = 1; i <= 12; i++) {
        char account[20];
        snprintf(account, sizeof(account), "T-%04d", i);
        CHECK_OK(fleet_add(&service, account, "CarrierService", OLD "x", NULL));
    }
    CHECK_OK(thingspace_plan_make(service.client, &plan, NULL, NULL));
    plan->was_loaded = true;
    plan->counts.unchanged = 1000000;
    CHECK_STATUS(fleet_apply(service.client, plan, 0, &told, NULL), THINGSPACE_REFUSED);
    CHECK_INT(told.count, 0);
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(what_hooks_send_is_what_was_planned),
    CHECK_CASE_ONCE(a_hook_cannot_send_a_change_elsewhere),
    CHECK_CASE_ONCE(a_hook_cannot_remove_what_another_account_has),
    CHECK_CASE_ONCE(what_a_hook_answers_to_an_update_removes_nothing),
    CHECK_CASE_ONCE(a_password_that_a_hook_puts_in_is_compared),
    CHECK_CASE_ONCE(a_list_that_can_be_read_in_two_ways_changes_nothing),
    CHECK_CASE_ONCE(a_saved_plan_of_an_account_that_is_not_declared_changes_nothing),
    CHECK_CASE_ONCE(what_a_saved_plan_says_is_unchanged_does_not_lift_the_threshold),
};

CHECK_MAIN(cases)
