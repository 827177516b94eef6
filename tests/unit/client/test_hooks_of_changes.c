/* SPDX-License-Identifier: MIT */
/*
 * Hooks where one change takes several calls: the probe in front of it, the steps of an update, and
 * what is put back, of which hooks are told without being asked.
 */
#include <config.h>
#include "callbacks/listeners.h"
#include "plugged.h"

/* Tells of each phase. */
#define TELLS                                                                                      \
    "response = function(call) say('response', call.operation) end,\n"                             \
    "error = function(call, failure) say('error', call.operation, failure.kind) end,\n"            \
    "audit = function(event) local t = {} for _, a in ipairs(event.attempts) do\n"                 \
    "  t[#t + 1] = a.what .. ' ' .. (a.status or '-') end\n"                                       \
    "  say('audit', event.operation, event.kind, table.concat(t, ' ')) end"

/* Denies each register from number `first` on. */
#define DENIES(first)                                                                              \
    "request = function(call) say('request', call.operation) end,\n"                               \
    "check = (function() local count = 0 return function(call)\n"                                  \
    "  if call.operation ~= 'register' or call.dry_run then return end\n"                          \
    "  count = count + 1\n"                                                                        \
    "  if count >= " #first " then return thingspace.deny('D', 'no') end end end)(),\n"

/* A service that refuses to overwrite, with the old listener, and a client with hooks. */
static thingspace_status start_with(service *service, thingspace_client **client, const char *hooks,
                                    notes *notes)
{
    thingspace_simulator_options options = THINGSPACE_SIMULATOR_OPTIONS_INIT;
    options.second_post = THINGSPACE_SIMULATOR_POST_REFUSED;
    thingspace_status status = service_start_alone(service, &options);
    if (status == THINGSPACE_OK)
        status = add_old(service, ACCOUNT);
    if (status == THINGSPACE_OK)
        status = plugged_with(service, client, hooks, notes);
    if (status == THINGSPACE_OK) /* the tokens */
        status = thingspace_list(*client, NULL, ACCOUNT, NULL);
    notes->size = 0;
    notes->text[0] = '\0';
    return status;
}

static void a_denial_in_the_middle_of_an_update_loses_no_listener(void)
{
    cleanup_service service;
    cleanup_client thingspace_client *client = NULL;
    notes notes;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_OK(start_with(&service, &client, DENIES(2) TELLS, &notes));
    const thingspace_request request = plugged_register(THINGSPACE_REPLACE);
    CHECK_STATUS(thingspace_ensure(client, NULL, NULL, &request, &error), THINGSPACE_DENIED);
    CHECK(strstr(error.message, "the old listener was put back") != NULL);
    CHECK_TEXT(registered(&service), OLD " p-old");
    CHECK_INT(count_records(&service), 0);
    CHECK_TEXT(notes.text, "request register;" /* the probe */
                           "request list;response list;audit list ok send 200;"
                           "request register;error register service;"
                           "audit register service send 400;"
                           "request deregister;response deregister;"
                           "audit deregister ok send 200;"
                           "request register;error register denied;audit register denied ;"
                           "audit register ok send 200;"); /* put back */
}

/* The hooks of error and audit are told, those that could change or deny it are not asked. */
static void what_cannot_be_put_back_is_told_with_each_exchange(void)
{
    cleanup_service service;
    cleanup_client thingspace_client *client = NULL;
    notes notes;
    CHECK_OK(start_with(&service, &client, DENIES(2) TELLS, &notes));
    CHECK(service_fault(&service, "POST /callbacks/* skip=1 " INVALID));
    const thingspace_request request = plugged_register(THINGSPACE_REPLACE);
    CHECK_STATUS(thingspace_ensure(client, NULL, NULL, &request, NULL), THINGSPACE_DENIED);
    CHECK_INT(count_records(&service), 1);
    const char *denied = strstr(notes.text, "audit register denied ;");
    CHECK(denied != NULL);
    CHECK_TEXT(denied, "audit register denied ;"
                       "error register service;audit register service send 400;"
                       "audit list ok send 200;");
}

static void a_repair_tells_its_hooks_and_asks_none(void)
{
    cleanup_service service;
    cleanup_client thingspace_client *client = NULL;
    notes notes;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_OK(start_with(&service, &client, DENIES(1) TELLS, &notes));
    CHECK_OK(thingspace_deregister(client, NULL, ACCOUNT, "CarrierService", NULL));
    CHECK_OK(leave(&service, NULL, ACCOUNT));
    notes.size = 0;
    CHECK(service_fault(&service, "POST /callbacks/* times=1 " INVALID));
    CHECK_OK(repair_all(client, NULL, NULL, &error));
    CHECK_TEXT(registered(&service), OLD " p-old");
    CHECK_TEXT(notes.text, "audit list ok send 200;"
                           "error register service;audit register service send 400;"
                           "audit register ok send 200;");
}

/* The repaired listener is there, whatever becomes of the note of it. */
static void a_repair_whose_note_fails_is_done(void)
{
    cleanup_service service;
    cleanup_client thingspace_client *client = NULL;
    char rows[4096] = "";
    CHECK_OK(service_start_alone(&service, NULL));
    plugged_row(rows,
                plugged_script("full", "audit = function(event) if event.operation == 'register' "
                                       "then error('full') end end"),
                "required = true");
    CHECK_OK(plugged_client(&service, &client, rows, NULL, NULL, NULL));
    CHECK_OK(leave(&service, NULL, ACCOUNT));
    CHECK_OK(repair_all(client, NULL, NULL, NULL));
    CHECK_TEXT(registered(&service), NEW " p-new");
    CHECK_INT(count_records(&service), 0);
    CHECK_INT(service_count(&service, POST), 1);
}

/* Waits are those of the call that is sent: what is as it should be needs none. */
static void a_probe_does_not_fail_for_a_wait(void)
{
    cleanup_service service;
    cleanup_client thingspace_client *client = NULL;
    notes notes;
    thingspace_ensured ensured = THINGSPACE_ENSURED_ADDED;
    CHECK_OK(start_with(&service, &client,
                        "request = function(call) if call.operation == 'register' then\n"
                        "  return thingspace.wait(30000) end end, " TELLS,
                        &notes));
    thingspace_request request = plugged_register(0);
    request.url = OLD;
    request.username = "u";
    request.timeout_ms = 20000;
    CHECK_OK(thingspace_secret_new(&request.password, "p-old", 5, NULL));
    thingspace_status same = thingspace_ensure(client, &ensured, NULL, &request, NULL);
    request.username = "other";
    thingspace_status changed = thingspace_ensure(client, NULL, NULL, &request, NULL);
    thingspace_secret_free(request.password);
    CHECK_OK(same);
    CHECK_INT(ensured, THINGSPACE_ENSURED_UNCHANGED);
    CHECK_STATUS(changed, THINGSPACE_TIMEOUT);
    CHECK_INT(notes_count(&notes, "audit list ok send 200"), 2);
    CHECK_INT(notes_count(&notes, "audit register timeout "), 1);
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(a_denial_in_the_middle_of_an_update_loses_no_listener),
    CHECK_CASE_ONCE(what_cannot_be_put_back_is_told_with_each_exchange),
    CHECK_CASE_ONCE(a_repair_tells_its_hooks_and_asks_none),
    CHECK_CASE_ONCE(a_repair_whose_note_fails_is_done),
    CHECK_CASE_ONCE(a_probe_does_not_fail_for_a_wait),
};
CHECK_MAIN(cases)
