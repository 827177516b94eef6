/* SPDX-License-Identifier: MIT */
/*
 * Eight threads, each with a client of its own: the same scripts, the same compiled plugin (one
 * shared object, eight instances), the same state directory, the same audit file. It belongs under
 * a thread sanitizer (make check-threads). Checks are made when the threads have ended.
 */
#include <config.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <thingspace/plugins.h>
#include "check.h"
#include "compiled_call.h"
#include "plugged.h"

enum { THREADS = 8, CALLS = 12 };

typedef struct worker {
    service *service;
    const char *rows;
    unsigned good, reloads, lists;
    notes notes;
    thingspace_error error;
    pthread_t thread;
} worker;

static void register_often(worker *self, thingspace_client *client)
{
    for (int i = 0; i < CALLS; i++) {
        self->good += plugged_perform(client, NULL, &self->error) == THINGSPACE_OK;
        if (i == CALLS / 2)
            self->reloads += thingspace_client_reload(client, &self->error) == THINGSPACE_OK;
    }
}

/* Calls that are in flight together, while the other threads do the same. */
static void list_at_once(worker *self, thingspace_client *client)
{
    outcome outcome = {0};
    thingspace_request request = THINGSPACE_REQUEST_INIT;
    request.account = PLUGGED_ACCOUNT;
    for (int i = 0; i < CALLS; i++)
        (void)thingspace_call_start(client, NULL, &request, plugged_done, &outcome, NULL);
    (void)thingspace_client_run(client, -1, NULL);
    self->lists = outcome.good;
}

static void *work(void *user)
{
    worker *self = user;
    cleanup_client thingspace_client *client = NULL;
    if (plugged_client(self->service, &client, self->rows, &self->notes, NULL, &self->error) !=
        THINGSPACE_OK)
        return NULL;
    register_often(self, client);
    list_at_once(self, client);
    return NULL;
}

static void run_all(worker workers[THREADS])
{
    for (int i = 0; i < THREADS; i++)
        if (pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0)
            workers[i].thread = 0;
    for (int i = 0; i < THREADS; i++)
        if (workers[i].thread)
            pthread_join(workers[i].thread, NULL);
}

static const char busy_hooks[] =
    "request = function(call, request)\n"
    "  local body = request:json() if body then body.n = nil request:set_json(body) end\n"
    "  request:set_header('X-Sum', thingspace.sha256(call.id .. thingspace.random(1000)))\n"
    "  thingspace.state:add('n') call.vars.t = ('%.3f'):format(1.5)\n"
    "  if thingspace.take('all', 1e6, 1e6) > 0 then error('late') end end,\n"
    "check = function(call, request) if call.vars.t ~= '1.500' then return\n"
    "  thingspace.deny('mixed', call.vars.t) end end,\n"
    "response = function(call, response) response:set_header('X-Mine', 'y') end,\n"
    "audit = function(event) say(event.operation, event.kind) end";

static const char *make_rows(char rows[4096])
{
    char from[400], audit[400], metrics[400];
    snprintf(from, sizeof(from), "%s/audit.so", PLUGINS);
    snprintf(audit, sizeof(audit), "%s/audit.so", check_folder());
    compiled_copy(from, audit, -1);
    snprintf(from, sizeof(from), "%s/metrics.so", PLUGINS);
    snprintf(metrics, sizeof(metrics), "%s/metrics.so", check_folder());
    compiled_copy(from, metrics, -1);
    rows[0] = '\0';
    plugged_row(rows, plugged_script("busy", busy_hooks), "");
    plugged_row(rows, plugged_script("dies", "request = function() while true do end end"),
                "on_error = 'skip', limits = { instructions = 10000 }");
    snprintf(rows + strlen(rows), 4096 - strlen(rows),
             "{ '%s', options = { file = '%s/audit.jsonl' } },\n"
             "{ '%s', options = { file = '%s/metrics.prom', interval_ms = 0 } },\n",
             audit, check_folder(), metrics, check_folder());
    return rows;
}

static unsigned lines_of(const char *name)
{
    char path[400];
    unsigned lines = 0;
    snprintf(path, sizeof(path), "%s/%s", check_folder(), name);
    FILE *file = fopen(path, "r");
    for (int byte; file && (byte = getc(file)) != EOF;)
        lines += byte == '\n';
    if (file)
        fclose(file);
    return lines;
}

static void line_36_eight_threads_have_eight_clients_with_plugins(void)
{
    cleanup_service service;
    static worker workers[THREADS];
    char rows[4096];
    CHECK_OK(service_start_alone(&service, NULL));
    make_rows(rows);
    for (int i = 0; i < THREADS; i++) {
        workers[i].service = &service;
        workers[i].rows = rows;
        workers[i].error = (thingspace_error)THINGSPACE_ERROR_INIT;
    }
    run_all(workers);
    for (int i = 0; i < THREADS; i++) {
        if (!check_report(workers[i].good == CALLS, __FILE__, __LINE__, "thread %d: %u calls: %s",
                          i, workers[i].good, workers[i].error.message))
            return;
        CHECK_INT(workers[i].lists, CALLS);
        CHECK_INT(workers[i].reloads, 1);
        CHECK_INT(notes_count(&workers[i].notes, "list ok"), CALLS);
    }
    /* One line begins the file; each registration has an intent and a result. */
    CHECK_INT(lines_of("audit.jsonl"), 1 + 2 * THREADS * CALLS);
    CHECK_INT(service_number(&service, "logins"), 1);
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(line_36_eight_threads_have_eight_clients_with_plugins),
};
CHECK_MAIN(cases)
