/* SPDX-License-Identifier: MIT */
/* An import over the simulator: the plan of what it writes has nothing to do. */
#include <stdio.h>
#include "callbacks/plan/plan.h"
#include "check.h"
#include "hostile.h"
#include "service.h"

static void free_text(char **text)
{
    thingspace_text_free(*text);
}
#define cleanup_answer __attribute__((cleanup(free_text)))

static thingspace_status register_one(service *service, const char *account, const char *name,
                                      const char *url, const char *username, const char *password,
                                      const char *api)
{
    thingspace_simulator_listener listener = THINGSPACE_SIMULATOR_LISTENER_INIT;
    listener.account = account;
    listener.service = name;
    listener.url = url;
    listener.username = username;
    listener.password = password;
    listener.api = api;
    return thingspace_simulator_add_listener(service->simulator, &listener, NULL);
}

/* Of every tenth account one listener goes elsewhere, every seventh has none. */
static thingspace_status register_fleet(service *service, char names[][24], int count, bool unique)
{
    thingspace_status status = THINGSPACE_OK;
    for (int i = 0; i < count && status == THINGSPACE_OK; i++) {
        snprintf(names[i], sizeof(names[i]), "0000123456-%05d", i);
        for (int k = 0; i % 7 != 0 && k < 10 && status == THINGSPACE_OK; k++) {
            char url[200], name[20];
            snprintf(name, sizeof(name), "Service%02d", k);
            snprintf(url, sizeof(url), "https://%s.example.com/%s/%s%.0d",
                     i % 10 == 0 && k == 3 ? "odd" : "hooks", names[i], name,
                     unique ? i * 100 + k + 1 : 0);
            status = register_one(service, names[i], name, url, k == 0 ? names[i] : NULL,
                                  k == 1 ? "p-secret" : NULL, NULL);
        }
    }
    return status;
}

/* Braces, characters that the checks refuse, a service of two APIs. */
#define ODD 6
static thingspace_status register_odd(service *service, const char *account)
{
    static const struct {
        const char *service, *url, *username, *password, *api;
    } rows[ODD] = {
        {"Braces", "https://odd.example.com/{account}/{}}/{{token}}", NULL, NULL, NULL},
        {"Quote", "https://odd.example.com/'<", NULL, NULL, NULL},
        {"User", "https://odd.example.com/", "it's", NULL, NULL},
        {"Password", "https://odd.example.com/", NULL, "a<b\\", NULL},
        {"Fota", "https://odd.example.com/1", NULL, NULL, "software-v1"},
        {"Fota", "https://odd.example.com/2", NULL, NULL, "software-v2"},
    };
    thingspace_status status = THINGSPACE_OK;
    for (size_t i = 0; i < ODD && status == THINGSPACE_OK; i++)
        status = register_one(service, account, rows[i].service, rows[i].url, rows[i].username,
                              rows[i].password, rows[i].api);
    return status;
}

/* A client with that policy, which has nothing to do. */
static thingspace_status plan_text(service *service, const char *script,
                                   thingspace_plan_counts *counts)
{
    cleanup_client thingspace_client *client = NULL;
    cleanup_plan thingspace_plan *plan = NULL;
    thingspace_client_options options = THINGSPACE_CLIENT_OPTIONS_INIT;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    options.policy_text = script;
    options.policy_folder = check_folder();
    thingspace_status status = service_client(service, &client, &options);
    if (status == THINGSPACE_OK)
        status = thingspace_plan_make(client, &plan, NULL, &error);
    if (status == THINGSPACE_OK)
        thingspace_plan_count(plan, counts);
    else
        printf("# %s\n", error.message);
    return status;
}

static void the_first_plan_has_nothing_to_do(void)
{
    static char names[300][24];
    const char *accounts[301] = {NULL};
    static const char *const apis[] = {"location", "software-v1", "software-v2", NULL};
    cleanup_service service;
    cleanup_answer char *script = NULL;
    cleanup_answer char *data = NULL;
    thingspace_import_options options = THINGSPACE_IMPORT_OPTIONS_INIT;
    thingspace_import_counts imported = THINGSPACE_IMPORT_COUNTS_INIT;
    thingspace_plan_counts counts = THINGSPACE_PLAN_COUNTS_INIT;
    CHECK_OK(service_start(&service, NULL));
    CHECK_OK(register_fleet(&service, names, 300, false));
    CHECK_OK(register_one(&service, names[0], "Location", "https://loc.example.com/", NULL, NULL,
                          "location"));
    CHECK_OK(register_odd(&service, names[2]));
    for (size_t i = 0; i < HOSTILE; i++)
        CHECK_OK(register_one(&service, names[1], hostile[i].service, hostile[i].url,
                              hostile[i].username, hostile[i].password, NULL));
    for (int i = 0; i < 300; i++)
        accounts[i] = names[i];
    options.accounts = accounts;
    options.apis = apis;
    options.counts = &imported;
    CHECK_OK(thingspace_import(service.client, &script, &data, &options, NULL));
    CHECK(data == NULL);
    CHECK_INT(imported.accounts, 300);
    CHECK_INT(imported.listeners, 257 * 10 + 1 + HOSTILE + ODD);
    CHECK_INT(imported.unread + imported.skipped + imported.credentials, 0);
    CHECK(strstr(script, "p-secret") == NULL);
    CHECK(strstr(script, "checks = \"characters=ignore\"") != NULL);
    CHECK_OK(plan_text(&service, script, &counts));
    CHECK_INT(counts.unchanged, imported.listeners);
    CHECK_INT(counts.add + counts.change + counts.takeover + counts.remove + counts.foreign +
                  counts.unread + counts.failed,
              0);
}

static void a_script_that_is_too_long_reads_a_table(void)
{
    static char names[600][24];
    const char *accounts[601] = {NULL};
    cleanup_service service;
    cleanup_answer char *script = NULL;
    cleanup_answer char *data = NULL;
    static const char *const apis[] = {"software-v1", "software-v2", NULL};
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_import_options options = THINGSPACE_IMPORT_OPTIONS_INIT;
    thingspace_plan_counts counts = THINGSPACE_PLAN_COUNTS_INIT;
    CHECK_OK(service_start(&service, NULL));
    CHECK_OK(register_fleet(&service, names, 600, true));
    CHECK_OK(register_odd(&service, names[1]));
    for (int i = 0; i < 600; i++)
        accounts[i] = names[i];
    options.accounts = accounts;
    options.apis = apis;
    CHECK_STATUS(thingspace_import(service.client, &script, &data, &options, &error),
                 THINGSPACE_USAGE);
    CHECK(strstr(error.message, "256 KiB") != NULL);
    CHECK(script == NULL);
    options.data_file = "fleet \"1\".csv";
    CHECK_OK(thingspace_import(service.client, &script, &data, &options, &error));
    CHECK(strlen(script) < 4000);
    check_file(options.data_file, data);
    CHECK_OK(plan_text(&service, script, &counts));
    CHECK_INT(counts.accounts, 600);
    CHECK_INT(counts.unchanged, 514 * 10 + ODD);
    CHECK_INT(counts.add + counts.change + counts.remove + counts.foreign + counts.failed, 0);
}

static void count_unread(void *user, const char *account, const thingspace_error *error)
{
    (void)account;
    (void)error;
    ++*(int *)user;
}

static void accounts_that_cannot_be_read_are_told_and_left_out(void)
{
    static const char *const accounts[] = {"0000123456-00001", "bad/name", "0000123456-00002",
                                           NULL};
    cleanup_service service;
    cleanup_answer char *script = NULL;
    cleanup_answer char *none = NULL;
    cleanup_answer char *data = NULL;
    int unread = 0;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_import_options options = THINGSPACE_IMPORT_OPTIONS_INIT;
    CHECK_OK(service_start(&service, NULL));
    CHECK_OK(register_one(&service, accounts[0], "A", "https://h.example.com/", NULL, NULL, NULL));
    CHECK(service_fault(&service, "GET /callbacks/*-00002 status=400 body=\"{"
                                  "\\\"errorCode\\\":\\\"REQUEST_FAILED.AccountName\\\"}\""));
    options.accounts = accounts;
    options.unread = count_unread;
    options.unread_user = &unread;
    CHECK_STATUS(thingspace_import(service.client, &script, &data, &options, &error),
                 THINGSPACE_PARTIAL);
    CHECK_INT(unread, 2);
    CHECK(script && strstr(script, "\n-- 2 more could not be read and are not here.\n"));
    CHECK(!strstr(script, "00002"));
    options.accounts = accounts + 2;
    CHECK_STATUS(thingspace_import(service.client, &none, &data, &options, &error),
                 THINGSPACE_SERVICE);
    CHECK(none == NULL);
}

static void what_makes_no_sense_is_refused(void)
{
    static const char *const accounts[] = {"0000123456-00001", NULL};
    static const char *const apis[] = {"locations", NULL};
    cleanup_service service;
    char *script = NULL, *data = NULL;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_import_options options = THINGSPACE_IMPORT_OPTIONS_INIT;
    CHECK_OK(service_start(&service, NULL));
    CHECK_STATUS(thingspace_import(service.client, &script, &data, NULL, &error), THINGSPACE_USAGE);
    options.accounts = accounts;
    options.apis = apis;
    CHECK_STATUS(thingspace_import(service.client, &script, &data, &options, &error),
                 THINGSPACE_USAGE);
    options.apis = NULL;
    options.name = "two\nlines";
    CHECK_STATUS(thingspace_import(service.client, &script, &data, &options, &error),
                 THINGSPACE_USAGE);
    options.name = NULL;
    options.data_file = "/etc/x.csv";
    CHECK_STATUS(thingspace_import(service.client, &script, &data, &options, &error),
                 THINGSPACE_USAGE);
    CHECK_INT(service_count(&service, "GET /api/m2m/v1/callbacks/0000123456-00001"), 0);
}

static void interrupt_at_ten(void *user, size_t done, size_t total, size_t failed)
{
    (void)total;
    (void)failed;
    if (done == 10)
        thingspace_client_interrupt(user);
}

static void an_interruption_ends_it(void)
{
    static char names[300][24];
    const char *accounts[301] = {NULL};
    cleanup_service service;
    char *script = NULL, *data = NULL;
    thingspace_import_options options = THINGSPACE_IMPORT_OPTIONS_INIT;
    CHECK_OK(service_start(&service, NULL));
    CHECK_OK(register_fleet(&service, names, 300, false));
    for (int i = 0; i < 300; i++)
        accounts[i] = names[i];
    options.accounts = accounts;
    options.progress = interrupt_at_ten;
    options.progress_user = service.client;
    CHECK_STATUS(thingspace_import(service.client, &script, &data, &options, NULL),
                 THINGSPACE_CANCELLED);
    CHECK(script == NULL);
    CHECK_INT(thingspace_client_pending(service.client), 0);
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(the_first_plan_has_nothing_to_do),
    CHECK_CASE_ONCE(a_script_that_is_too_long_reads_a_table),
    CHECK_CASE_ONCE(accounts_that_cannot_be_read_are_told_and_left_out),
    CHECK_CASE_ONCE(what_makes_no_sense_is_refused),
    CHECK_CASE_ONCE(an_interruption_ends_it),
};

CHECK_MAIN(cases)
