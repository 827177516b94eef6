/* SPDX-License-Identifier: MIT */
/*
 * What the tests of Lua plugins share: a call that goes nowhere, with a request, an answer, and up
 * to four plugins whose hooks run through the dispatcher. All is owned by the struct and freed by
 * its cleanup attribute. One thread.
 */
#ifndef PLUGIN_FIXTURE_H
#define PLUGIN_FIXTURE_H

#include <stdio.h>
#include <stdlib.h>
#include "base/error.h"
#include "base/text.h"
#include "check.h"
#include "lua/plugin/plugin_script.h"
#include "plugin/dispatch.h"

#define RIG_MOST 4

typedef struct rig {
    plugin_row *row; /* of the plugin that is loaded next; made by rig_begin */
    instance *instances[RIG_MOST];
    size_t count;
    chain *chain;
    request *request;
    response response;
    view view;
    verdict verdict;
    thingspace_error failure, error;
    event event;
    event_attempt attempt;
    instance_options options;
    log_target log;
    char logged[4096];
    char number[16];
} rig;

static inline void rig_dispose(rig *rig)
{
    view_dispose(&rig->view);
    verdict_dispose(&rig->verdict);
    chain_free(rig->chain);
    for (size_t i = 0; i < rig->count; i++)
        instance_free(rig->instances[i]);
    plugin_row_free(rig->row);
    request_free(rig->request);
    response_dispose(&rig->response);
}
#define cleanup_rig __attribute__((cleanup(rig_dispose)))

static inline void rig_log(void *user, thingspace_log_level level, const char *text)
{
    rig *rig = user;
    (void)level;
    size_t used = strlen(rig->logged);
    snprintf(rig->logged + used, sizeof(rig->logged) - used, "%s\n", text);
}

static inline thingspace_status rig_fill_call(rig *rig)
{
    static const char text[] = "{\"name\":\"CarrierService\",\"list\":[]}";
    json *body = NULL;
    thingspace_status status = request_new(&rig->request, "POST", &rig->error);
    if (status == THINGSPACE_OK)
        status = request_set_path(rig->request, "/callbacks/a-1", &rig->error);
    if (status == THINGSPACE_OK)
        status = request_set_query(rig->request, "page", "2", &rig->error);
    if (status == THINGSPACE_OK)
        status = json_parse(&body, text, sizeof(text) - 1, &rig->error);
    if (status == THINGSPACE_OK)
        status = request_set_json(rig->request, body, &rig->error);
    return status;
}

/* Makes the call, and a row for a plugin, which is granted what it declares. */
static inline thingspace_status rig_begin(rig *rig)
{
    static const char answer[] = "{\"url\":\"https://a.example/\",\"n\":1}";
    memset(rig, 0, sizeof(*rig));
    response_init(&rig->response);
    verdict_init(&rig->verdict);
    view_init(&rig->view, 0x0123456789abcdef);
    rig->error = (thingspace_error)THINGSPACE_ERROR_INIT;
    rig->failure = rig->error;
    error_set(&rig->failure, THINGSPACE_SERVICE, "the service said no");
    rig->response.status = 201;
    rig->log = (log_target){rig_log, rig, THINGSPACE_LOG_INFO};
    rig->options.log = &rig->log;
    thingspace_status status = buffer_append_text(&rig->response.body, answer);
    if (status == THINGSPACE_OK)
        status = response_add_header(&rig->response, "X-Kind", 6, "test", 4);
    if (status == THINGSPACE_OK)
        status = response_add_header(&rig->response, "Set-Cookie", 10, "canary", 6);
    if (status == THINGSPACE_OK)
        status = rig_fill_call(rig);
    if (status == THINGSPACE_OK)
        status = plugin_row_new(&rig->row, "test", "fleet.lua: plugins[1]");
    if (status != THINGSPACE_OK)
        return status;
    rig->row->grant_declared = true;
    rig->view.account = "a-1";
    rig->view.operation = "register";
    rig->view.service = "CarrierService";
    rig->view.reason = "because";
    rig->view.request = rig->request;
    rig->view.response = &rig->response;
    rig->view.failure = &rig->failure;
    rig->attempt = (event_attempt){"send", 201, THINGSPACE_OK, 12};
    rig->event = (event){.view = &rig->view,
                         .time_ms = 1700000000000,
                         .duration_ms = 34,
                         .http_status = 201,
                         .attempts = &rig->attempt,
                         .attempt_count = 1};
    rig->view.event = &rig->event;
    return THINGSPACE_OK;
}

/* Adds a plugin with the row as it is now. */
static inline thingspace_status rig_load(rig *rig, const char *text)
{
    instance *made;
    if (!rig->row) {
        thingspace_status status = rig_begin(rig);
        if (status != THINGSPACE_OK)
            return status;
    }
    thingspace_status status = plugin_script_load_text(&made, rig->row, "p.lua", text, strlen(text),
                                                       &rig->options, &rig->error);
    if (status != THINGSPACE_OK)
        return status;
    rig->instances[rig->count++] = made;
    chain_free(rig->chain);
    rig->chain = NULL;
    instance_list list = {rig->instances, rig->count};
    return chain_new(&rig->chain, &list, NULL);
}

static inline unsigned long long rig_failures(const rig *rig)
{
    unsigned long long sum = 0;
    for (size_t i = 0; i < rig->count; i++)
        sum += rig->instances[i]->failures;
    return sum;
}

/* The outcome as a status: OK for all but failures, whose message is in rig->error; MEMORY also for
 * a failure that was skipped because an allocation was made to fail. */
static inline thingspace_status rig_run(rig *rig, phase phase)
{
    dispatch dispatch;
    unsigned long long failures = rig_failures(rig);
    error_clear(&rig->error);
    dispatch_begin(&dispatch, rig->chain, phase);
    dispatch_outcome outcome =
        dispatch_run(&dispatch, &rig->view, &rig->verdict, NULL, &rig->log, &rig->error);
    if (outcome == DISPATCH_FAILED)
        return rig->error.kind;
    bool starved = rig_failures(rig) > failures && check_allocation_failed();
    return starved ? THINGSPACE_MEMORY : THINGSPACE_OK;
}

#define RIG_ALL                                                                                    \
    "'request.headers:write', 'request.query:write', 'request.body:read', 'request.body:write',"   \
    "'request:reply', 'response.headers:write', 'response.body:read', 'response.body:write',"      \
    "'error:write'"
/* A plugin with all capabilities, two lines before its hooks; it ends with RIG_END. */
#define RIG_PLUGIN                                                                                 \
    "return { name = 'test', version = '1.0.0', api = 1, capabilities = {" RIG_ALL "},\n hooks = " \
    "{"
#define RIG_END           "} }"
#define RIG_REQUEST(code) RIG_PLUGIN "request = function(call, request) " code " end" RIG_END

/* Loads a plugin with this code in its request hook, and runs it. */
static inline thingspace_status rig_request(rig *rig, const char *code)
{
    char text[4096];
    snprintf(text, sizeof(text), RIG_PLUGIN "request = function(call, request) %s end" RIG_END,
             code);
    thingspace_status status = rig_load(rig, text);
    return status == THINGSPACE_OK ? rig_run(rig, PHASE_REQUEST) : status;
}

static inline const char *rig_header(const rig *rig, const char *name)
{
    const header *found = headers_find(request_headers(rig->request), name);
    return found ? found->value : NULL;
}

/* Code of a hook, and what it gives: the text that its failure has in it, or what the expression
 * is as text. */
typedef struct rig_case {
    const char *code, *text;
} rig_case;

/* Loads one plugin whose hook runs the case that call.service names by number. */
static inline thingspace_status rig_load_cases(rig *rig, const char *hook, const char *before,
                                               const rig_case *rows, size_t count,
                                               const char *after)
{
    cleanup_buffer buffer text;
    buffer_init(&text, 64 * 1024);
    buffer_append_text(&text, "local cases = {\n");
    for (size_t i = 0; i < count; i++)
        buffer_append_format(&text, "function(call, request) %s %s %s end,\n", before, rows[i].code,
                             after);
    buffer_append_format(&text,
                         "}\n" RIG_PLUGIN "%s = function(call, it)\n"
                         "return cases[tonumber(call.service)](call, it) end" RIG_END,
                         hook);
    if (text.status != THINGSPACE_OK)
        return text.status;
    return rig_load(rig, buffer_text(&text));
}

static inline const char *rig_pick(rig *rig, size_t row)
{
    snprintf(rig->number, sizeof(rig->number), "%zu", row + 1);
    rig->view.service = rig->number;
    rig->logged[0] = '\0';
    return rig->number;
}

#define CHECK_FAILURES(rows)                                                                       \
    do {                                                                                           \
        cleanup_rig rig rig = {0};                                                                 \
        size_t count = sizeof(rows) / sizeof(*(rows));                                             \
        CHECK_OK(rig_begin(&rig));                                                                 \
        CHECK_OK(rig_load_cases(&rig, "request", "", rows, count, ""));                            \
        for (size_t row = 0; row < count; row++) {                                                 \
            rig_pick(&rig, row);                                                                   \
            thingspace_status status = rig_run(&rig, PHASE_REQUEST);                               \
            if (status == THINGSPACE_MEMORY && check_allocation_failed())                          \
                return;                                                                            \
            if (!check_report(status == THINGSPACE_PLUGIN &&                                       \
                                  strstr(rig.error.message, (rows)[row].text),                     \
                              __FILE__, __LINE__, "%s: \"%s\", should have \"%s\"",                \
                              (rows)[row].code, rig.error.message, (rows)[row].text))              \
                return;                                                                            \
        }                                                                                          \
    } while (0)

/* In the hook of that name the second argument is `request`, whatever it is. */
#define CHECK_SIGHTS(rows, hook, phase)                                                            \
    do {                                                                                           \
        cleanup_rig rig rig = {0};                                                                 \
        char line[512];                                                                            \
        size_t count = sizeof(rows) / sizeof(*(rows));                                             \
        CHECK_OK(rig_begin(&rig));                                                                 \
        CHECK_OK(rig_load_cases(&rig, hook, "thingspace.log(", rows, count, ")"));                 \
        for (size_t row = 0; row < count; row++) {                                                 \
            rig_pick(&rig, row);                                                                   \
            CHECK_OK(rig_run(&rig, phase));                                                        \
            snprintf(line, sizeof(line), "p.lua: %s\n", (rows)[row].text);                         \
            if (!check_report(strcmp(rig.logged, line) == 0, __FILE__, __LINE__,                   \
                              "%s: \"%s\", should be \"%s\"", (rows)[row].code, rig.logged, line)) \
                return;                                                                            \
        }                                                                                          \
    } while (0)

#endif
