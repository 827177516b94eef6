/* SPDX-License-Identifier: MIT */
/* Hooks that fail: each phase with its status, told once, and what others did stays. */
#include <config.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/text.h"
#include "check.h"
#include "client/phases.h"
#include "plugged.h"

typedef struct failure_case {
    const char *phase, *on_error;
    thingspace_status status;
    unsigned sent;
} failure_case;

/* Where the table of the documentation says "the call fails", only `fail` does. */
static const failure_case failure_cases[] = {
    {"request", "fail", THINGSPACE_PLUGIN, 0},    {"request", "skip", THINGSPACE_OK, 1},
    {"request", "quarantine", THINGSPACE_OK, 1},  {"check", "fail", THINGSPACE_PLUGIN, 0},
    {"check", "skip", THINGSPACE_OK, 1},          {"check", "quarantine", THINGSPACE_OK, 1},
    {"response", "fail", THINGSPACE_PLUGIN, 1},   {"response", "skip", THINGSPACE_OK, 1},
    {"response", "quarantine", THINGSPACE_OK, 1}, {"error", "fail", THINGSPACE_SERVICE, 1},
    {"error", "skip", THINGSPACE_SERVICE, 1},     {"error", "quarantine", THINGSPACE_SERVICE, 1},
    {"audit", "fail", THINGSPACE_OK, 1},          {"audit", "skip", THINGSPACE_OK, 1},
    {"audit", "quarantine", THINGSPACE_OK, 1},
};

static void try_failure(const failure_case *row, unsigned number)
{
    cleanup_service service;
    cleanup_client thingspace_client *client = NULL;
    notes notes;
    outcome outcome = {0};
    char rows[4096] = "", hooks[200], more[100], name[32], told[64];
    snprintf(hooks, sizeof(hooks), "%s = function() error('boom') end", row->phase);
    snprintf(more, sizeof(more), "name = 'bad', on_error = '%s'", row->on_error);
    snprintf(name, sizeof(name), "bad-%u", number);
    snprintf(told, sizeof(told), "audit register %s", thingspace_status_name(row->status));
    CHECK_OK(service_start_alone(&service, NULL));
    if (strcmp(row->phase, "error") == 0)
        CHECK(service_fault(&service, "POST /callbacks/* status=400 body=\"{}\""));
    plugged_row(rows, plugged_script(name, hooks), more);
    plugged_row(rows, plugged_script("watch", PLUGGED_AUDIT), "");
    CHECK_OK(plugged_client(&service, &client, rows, &notes, NULL, NULL));
    const thingspace_request request = plugged_register(0);
    CHECK_OK(thingspace_call_start(client, NULL, &request, plugged_done, &outcome, NULL));
    CHECK_OK(thingspace_client_run(client, -1, NULL));
    CHECK_INT(outcome.done, 1);
    CHECK_STATUS(outcome.status, row->status);
    CHECK_INT(notes_count(&notes, told), 1);
    CHECK_INT(service_count(&service, "POST " PLUGGED_PATH), row->sent);
    if (row->status != THINGSPACE_PLUGIN)
        return;
    CHECK_TEXT(outcome.error.instance, "bad");
    CHECK_TEXT(outcome.error.phase, row->phase);
    CHECK_TEXT(outcome.error.plugin, name);
    CHECK(strstr(outcome.error.message, "boom") != NULL);
}

static void each_phase_fails_as_documented_and_once(void)
{
    for (unsigned i = 0; i < sizeof(failure_cases) / sizeof(failure_cases[0]); i++)
        try_failure(&failure_cases[i], i);
}

static void a_failed_response_hook_says_that_the_service_has_done_it(void)
{
    cleanup_service service;
    cleanup_client thingspace_client *client = NULL;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_OK(service_start_alone(&service, NULL));
    CHECK_OK(plugged_with(&service, &client,
                          "response = function() return thingspace.deny('D', 'no') end", NULL));
    CHECK_STATUS(plugged_perform(client, NULL, &error), THINGSPACE_DENIED);
    const char *end = strstr(error.message, "; the service had accepted the call");
    CHECK(end != NULL);
    CHECK_TEXT(end, "; the service had accepted the call");
    CHECK_INT(service_count(&service, "POST " PLUGGED_PATH), 1);
}

/* Nothing was sent. */
static void after_a_reply_the_service_has_accepted_nothing(void)
{
    cleanup_service service;
    cleanup_client thingspace_client *client = NULL;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_OK(service_start_alone(&service, NULL));
    CHECK_OK(plugged_with(&service, &client,
                          "request = function() return thingspace.reply{ json = {} } end,\n"
                          "response = function() return thingspace.deny('D', 'no') end",
                          NULL));
    CHECK_STATUS(plugged_perform(client, NULL, &error), THINGSPACE_DENIED);
    CHECK(strstr(error.message, "accepted") == NULL);
    CHECK_INT(service_count(&service, "POST " PLUGGED_PATH), 0);
}

#define EDIT(code)                                                                                 \
    "request = function(call, request) local b = request:json() " code " request:set_json(b) end"

static const struct {
    const char *code, *message;
} spoilers[] = {
    {"b.url = 'ht!tp://a.example/'", "bad: request hook: the URL must begin with https://"},
    {"b.url = b.url .. '<'", "bad: request hook: "},
    {"b.name = 'DeviceService'", "bad: request hook: register: a hook has put another service"},
};

/* Others change the same body before and after. */
static void what_a_hook_spoils_is_its_own_failure(void)
{
    for (size_t i = 0; i < sizeof(spoilers) / sizeof(*spoilers); i++) {
        cleanup_service service;
        cleanup_client thingspace_client *client = NULL;
        thingspace_error error = THINGSPACE_ERROR_INIT;
        char rows[4096] = "", name[32], hooks[200];
        snprintf(name, sizeof(name), "spoils-%zu", i);
        snprintf(hooks, sizeof(hooks), EDIT("%s"), spoilers[i].code);
        CHECK_OK(service_start_alone(&service, NULL));
        plugged_row(rows, plugged_script("before", EDIT("b.url = b.url .. 'b'")), "");
        plugged_row(rows, plugged_script(name, hooks), "name = 'bad'");
        plugged_row(rows, plugged_script("after", EDIT("b.username = 'me'")), "");
        CHECK_OK(plugged_client(&service, &client, rows, NULL, NULL, NULL));
        CHECK_STATUS(plugged_perform(client, NULL, &error), THINGSPACE_PLUGIN);
        CHECK(strncmp(error.message, spoilers[i].message, strlen(spoilers[i].message)) == 0);
        CHECK_TEXT(error.instance, "bad");
        CHECK_TEXT(error.plugin, name);
        CHECK_TEXT(error.phase, "request");
        CHECK_TEXT(error.account, PLUGGED_ACCOUNT);
        CHECK_INT(service_count(&service, "POST " PLUGGED_PATH), 0);
    }
}

/* With nobody's change to blame it is as before. */
static void what_was_asked_for_wrongly_is_no_hooks_failure(void)
{
    cleanup_service service;
    cleanup_client thingspace_client *client = NULL;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_request request = plugged_register(0);
    request.url = PLUGGED_URL "<";
    CHECK_OK(service_start_alone(&service, NULL));
    CHECK_OK(plugged_with(&service, &client, EDIT("b.username = 'me'"), NULL));
    CHECK_STATUS(thingspace_perform(client, NULL, &request, &error), THINGSPACE_USAGE);
    CHECK_TEXT(error.instance, "");
}

static void a_long_message_is_cut_between_two_characters(void)
{
    for (size_t shift = 0; shift < 2; shift++) {
        thingspace_error error = THINGSPACE_ERROR_INIT;
        memset(error.message, 'x', shift);
        for (size_t i = shift; i + 2 < sizeof(error.message); i += 2)
            memcpy(error.message + i, "\xc3\xa9", 3);
        phases_add_to_message(&error, "; it is done");
        size_t size = strlen(error.message);
        CHECK(text_is_utf8(error.message, size));
        CHECK_TEXT(error.message + size - strlen("; it is done"), "; it is done");
    }
}

static void a_required_audit_that_fails_fails_the_call(void)
{
    cleanup_service service;
    cleanup_client thingspace_client *client = NULL;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    notes notes;
    char rows[4096] = "";
    CHECK_OK(service_start_alone(&service, NULL));
    plugged_row(rows, plugged_script("book", "audit = function() error('full') end"),
                "required = true");
    plugged_row(rows, plugged_script("watch", PLUGGED_AUDIT), "");
    CHECK_OK(plugged_client(&service, &client, rows, &notes, NULL, NULL));
    CHECK_STATUS(plugged_perform(client, NULL, &error), THINGSPACE_PLUGIN);
    CHECK(strstr(error.message, "full; the call itself was done") != NULL);
    CHECK_TEXT(error.instance, "book");
    CHECK_INT(notes_count(&notes, "audit register ok"), 1);
    CHECK(service_fault(&service, "POST /callbacks/* status=400 body=\"{}\""));
    CHECK_STATUS(plugged_perform(client, NULL, &error), THINGSPACE_SERVICE);
}

static void a_hook_killed_amid_its_changes_leaves_those_of_the_others(void)
{
    cleanup_service service;
    cleanup_client thingspace_client *client = NULL;
    char rows[4096] = "";
    CHECK_OK(service_start_alone(&service, NULL));
    plugged_row(rows,
                plugged_script("first", "request = function(call, request) "
                                        "request:set_header('X-First', 'kept') end"),
                "");
    plugged_row(rows,
                plugged_script("loops", "request = function(call, request)\n"
                                        "  request:set_header('X-First', 'spoilt')\n"
                                        "  request:set_header('X-Second', 'lost')\n"
                                        "  request:set_json({ name = 'x' })\n"
                                        "  while true do end end"),
                "on_error = 'skip'");
    CHECK_OK(plugged_client(&service, &client, rows, NULL, NULL, NULL));
    CHECK_OK(plugged_perform(client, NULL, NULL));
    CHECK_TEXT(plugged_sent_header(&service, "X-First"), "kept");
    CHECK_TEXT(plugged_sent_header(&service, "X-Second"), "");
}

static void what_cannot_be_built_is_told_too(void)
{
    cleanup_service service;
    cleanup_client thingspace_client *client = NULL;
    notes notes;
    CHECK_OK(service_start_alone(&service, NULL));
    CHECK_OK(plugged_with(&service, &client, "error = function() say('error') end, " PLUGGED_AUDIT,
                          &notes));
    CHECK_STATUS(thingspace_register(client, NULL, PLUGGED_ACCOUNT, "CarrierService", "ftp://x",
                                     NULL, NULL, NULL),
                 THINGSPACE_USAGE);
    CHECK_STATUS(thingspace_call(client, NULL, PLUGGED_ACCOUNT, "YELL", "/x", NULL, 0, NULL),
                 THINGSPACE_USAGE);
    CHECK_TEXT(notes.text, "error;audit register usage;error;audit call usage;");
    notes.size = 0;
    CHECK_STATUS(thingspace_list(client, NULL, "Nobody-1", NULL), THINGSPACE_POLICY);
    CHECK_STATUS(thingspace_list(client, NULL, "no name", NULL), THINGSPACE_USAGE);
    CHECK_TEXT(notes.text, "error;audit list policy;");
}

static void what_a_hook_makes_too_long_is_refused(void)
{
    static const char *const hooks[] = {
        "request = function(call, request) for i = 1, 60 do request:set_query('q' .. i, "
        "('x'):rep(200)) end end",
        "request = function(call, request) local t = {} for i = 1, 6 do t[i] = ('x'):rep(200000) "
        "end request:set_json(t) end",
    };
    for (size_t i = 0; i < sizeof(hooks) / sizeof(hooks[0]); i++) {
        cleanup_service service;
        cleanup_client thingspace_client *client = NULL;
        thingspace_error error = THINGSPACE_ERROR_INIT;
        CHECK_OK(service_start_alone(&service, NULL));
        CHECK_OK(plugged_with(&service, &client, hooks[i], NULL));
        thingspace_status status = plugged_perform(client, NULL, &error);
        CHECK(status == THINGSPACE_USAGE || status == THINGSPACE_PLUGIN);
        CHECK(strstr(error.message, "long") != NULL);
        CHECK_INT(service_number(&service, "requestCount"), 0);
    }
}

/* ---- more exchanges than expected ---- */

static void the_list_of_exchanges_ends_with_the_latest(void)
{
    hooks *made = calloc(1, sizeof(*made));
    CHECK_MADE(made);
    call call = {.hooks = made};
    for (int i = 0; i < PHASES_ATTEMPTS; i++)
        phases_note_end(&call, "send", i == 0 ? THINGSPACE_OK : THINGSPACE_NETWORK);
    CHECK_INT(made->attempt_count, PHASES_ATTEMPTS);
    phases_note_end(&call, "read-back", THINGSPACE_NETWORK);
    phases_note_end(&call, "read-back", THINGSPACE_TIMEOUT);
    CHECK_INT(made->attempt_count, PHASES_ATTEMPTS);
    CHECK_STATUS(made->attempts[0].status, THINGSPACE_OK);
    CHECK_TEXT(made->attempts[PHASES_ATTEMPTS - 2].what, "send");
    CHECK_STATUS(made->attempts[PHASES_ATTEMPTS - 1].status, THINGSPACE_TIMEOUT);
    free(made);
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(what_a_hook_spoils_is_its_own_failure),
    CHECK_CASE_ONCE(what_was_asked_for_wrongly_is_no_hooks_failure),
    CHECK_CASE_ONCE(each_phase_fails_as_documented_and_once),
    CHECK_CASE_ONCE(a_failed_response_hook_says_that_the_service_has_done_it),
    CHECK_CASE_ONCE(after_a_reply_the_service_has_accepted_nothing),
    CHECK_CASE_ONCE(a_long_message_is_cut_between_two_characters),
    CHECK_CASE_ONCE(a_required_audit_that_fails_fails_the_call),
    CHECK_CASE_ONCE(a_hook_killed_amid_its_changes_leaves_those_of_the_others),
    CHECK_CASE_ONCE(what_cannot_be_built_is_told_too),
    CHECK_CASE_ONCE(what_a_hook_makes_too_long_is_refused),
    CHECK_CASE(the_list_of_exchanges_ends_with_the_latest),
};
CHECK_MAIN(cases)
