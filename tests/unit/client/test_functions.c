/* SPDX-License-Identifier: MIT */
/* Policies that are functions of the program: what they decide, declare and may ask. */
#include <config.h>
#include <stdio.h>
#include <stdlib.h>
#include <thingspace/plan.h>
#include <thingspace/policy.h>
#include "check.h"
#include "service.h"

#define DECLARED                                                                                   \
    "return { name = 'p', endpoints = { lab = { url = 'http://127.0.0.1:9' }, south = { url = "    \
    "'http://127.0.0.1:8' } }, credentials = { one = { key = thingspace.secret.named('key'), "     \
    "secret = thingspace.secret.named('key') } }, "                                                \
    "groups = { pair = { 'CarrierService', 'DeviceUsage' } }, "                                    \
    "accounts = { { account = 'Account-1', endpoint = 'south', credential = 'one', site = 7 }, "   \
    "'Account-2' } }"

static void release_text(char **text)
{
    thingspace_text_free(*text);
}

#define cleanup_api_text __attribute__((cleanup(release_text)))

/* What the functions of a test say and saw. */
typedef struct answers {
    thingspace_client *client;
    const char *endpoint, *tags;
    long long timeout_ms;
    int undeclared;
    const thingspace_desired *declared; /* ends with a service that is NULL */
    bool careless;                      /* does not look at what adding answers */
    char row[200];
    thingspace_status inside;
} answers;

static thingspace_status note_row(answers *self, const char *account)
{
    cleanup_api_text char *text = NULL;
    if (!self->client)
        return THINGSPACE_OK;
    thingspace_status status = thingspace_client_row(self->client, &text, account, NULL);
    snprintf(self->row, sizeof(self->row), "%s", text ? text : "nothing");
    self->inside = thingspace_client_reload(self->client, NULL);
    return status;
}

static thingspace_status decide(void *user, const char *account, thingspace_decision *out,
                                thingspace_error *error)
{
    answers *self = user;
    (void)error;
    out->endpoint = self->endpoint;
    out->tags = self->tags;
    out->timeout_ms = self->timeout_ms;
    out->undeclared = self->undeclared;
    return note_row(self, account);
}

static thingspace_status declare(void *user, const char *account, thingspace_desired_list *out,
                                 thingspace_error *error)
{
    answers *self = user;
    thingspace_status status = note_row(self, account);
    for (const thingspace_desired *at = self->declared; at && at->service; at++) {
        thingspace_status added = thingspace_desired_add(out, at, error);
        if (status == THINGSPACE_OK && (!self->careless || added == THINGSPACE_MEMORY))
            status = added;
    }
    return status;
}

static thingspace_status make(thingspace_client **out, const char *policy, answers *answers,
                              thingspace_error *error)
{
    thingspace_client_options options = THINGSPACE_CLIENT_OPTIONS_INIT;
    thingspace_secret *key = NULL;
    thingspace_status status = thingspace_secret_new(&key, "hush", 4, error);
    if (status != THINGSPACE_OK)
        return status;
    const thingspace_named_secret secrets[] = {{"key", key}, {NULL, NULL}};
    unsetenv("THINGSPACE_POLICY");
    options.policy_text = policy;
    options.state_dir = check_folder();
    options.secrets = secrets;
    options.resolve = decide;
    options.resolve_user = answers;
    options.listeners = declare;
    options.listeners_user = answers;
    status = thingspace_client_new(out, &options, error);
    thingspace_secret_free(key);
    return status;
}

static thingspace_status eval(thingspace_client *client, json **out, const char *account,
                              thingspace_error *error)
{
    cleanup_api_text char *text = NULL;
    thingspace_status status = thingspace_policy_eval(client, &text, account, error);
    return status == THINGSPACE_OK ? json_parse(out, text, strlen(text), error) : status;
}

static void they_answer_names_of_what_the_text_declares(void)
{
    answers answers = {.endpoint = "lab", .tags = "{\"team\":\"blue\"}", .timeout_ms = 1500};
    cleanup_client thingspace_client *client = NULL;
    cleanup_json json *said = NULL;
    CHECK_OK(make(&client, DECLARED, &answers, NULL));
    CHECK_OK(eval(client, &said, "Account-1", NULL));
    CHECK_TEXT(json_get_string(said, "endpoint"), "lab");
    CHECK_TEXT(json_get_string(said, "credential"), "one");
    CHECK_TEXT(json_get_string(json_get(said, "tags"), "team"), "blue");
    CHECK_TEXT(json_number(json_get(said, "timeout_ms")), "1500");
}

static void what_they_leave_open_the_row_decides(void)
{
    answers answers = {.undeclared = 1};
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_client thingspace_client *client = NULL;
    cleanup_json json *said = NULL;
    CHECK_OK(make(&client, DECLARED, &answers, NULL));
    CHECK_OK(eval(client, &said, "Account-1", NULL));
    CHECK_TEXT(json_get_string(said, "endpoint"), "south");
    CHECK_STATUS(eval(client, &said, "Account-9", &error), THINGSPACE_POLICY);
    CHECK(strstr(error.message, "does not declare account Account-9"));
}

static void without_declared_accounts_they_know_them(void)
{
    static const char text[] = "return { name = 'p', endpoints = { lab = { url = "
                               "'http://127.0.0.1:9' } }, credentials = { one = { key = "
                               "thingspace.secret.named('key'), secret = "
                               "thingspace.secret.named('key') } } }";
    answers answers = {.endpoint = "lab"};
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_client thingspace_client *client = NULL;
    cleanup_json json *said = NULL;
    CHECK_OK(make(&client, text, &answers, &error));
    CHECK_STATUS(eval(client, &said, "Account-9", &error), THINGSPACE_OK);
    CHECK_TEXT(json_get_string(said, "endpoint"), "lab");
    answers.undeclared = 1;
    CHECK_STATUS(eval(client, &said, "Account-9", &error), THINGSPACE_POLICY);
}

static void bad_answers_are_refused(void)
{
    static const struct {
        answers answers;
        const char *says;
    } cases[] = {
        {{.endpoint = "south-lab"}, "endpoint 'south-lab' is not declared"},
        {{.tags = "[1]"}, "tags must be a JSON object"},
        {{.tags = "{"}, "tags must be a JSON object"},
        {{.timeout_ms = -5}, "timeout_ms must be 1 to 3600000 milliseconds"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        answers answers = cases[i].answers;
        thingspace_error error = THINGSPACE_ERROR_INIT;
        cleanup_client thingspace_client *client = NULL;
        cleanup_json json *said = NULL;
        CHECK_OK(make(&client, DECLARED, &answers, NULL));
        CHECK_STATUS(eval(client, &said, "Account-1", &error), THINGSPACE_POLICY);
        if (!strstr(error.message, cases[i].says))
            CHECK_TEXT(error.message, cases[i].says);
        CHECK_TEXT(error.account, "Account-1");
    }
}

/* "SERVICE URL|..." of what is declared. */
static const char *listeners_of(const json *said)
{
    static char text[600];
    text[0] = '\0';
    const json *row = json_first(json_get(said, "listeners"));
    for (; row; row = json_next(row))
        snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s %s|",
                 json_get_string(row, "serviceName"), json_get_string(row, "url"));
    return text;
}

static void listeners_take_the_place_of_the_scripts(void)
{
    const thingspace_desired declared[] = {
        {.size = sizeof(declared[0]), .service = "@pair", .url = "https://h.example.com/{service}"},
        {.size = sizeof(declared[0]),
         .service = "DeviceUsage",
         .url = "https://h.example.com/{account}",
         .username = "u",
         .password_registered = 1},
        {.size = 0}};
    answers answers = {.declared = declared};
    cleanup_client thingspace_client *client = NULL;
    cleanup_json json *said = NULL;
    CHECK_OK(make(&client, DECLARED, &answers, NULL));
    CHECK_OK(eval(client, &said, "Account-1", NULL));
    CHECK_TEXT(listeners_of(said), "CarrierService https://h.example.com/CarrierService|"
                                   "DeviceUsage https://h.example.com/Account-1|");
}

static void a_listener_that_was_refused_is_not_forgotten(void)
{
    static const struct {
        thingspace_desired desired;
        const char *says;
    } cases[] = {
        {{.size = sizeof(thingspace_desired), .service = "CarrierService", .url = "ftp://x"},
         "CarrierService: "},
        {{.size = sizeof(thingspace_desired), .service = "CarrierService"},
         "CarrierService: a listener has a service and a url"},
        {{.size = sizeof(thingspace_desired), .service = "@none", .url = "https://h.example.com"},
         "@none: "},
        {{.size = sizeof(thingspace_desired),
          .service = "CarrierService",
          .url = "https://h.example.com",
          .api = "none"},
         "CarrierService: "},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const thingspace_desired declared[] = {cases[i].desired, {.size = 0}};
        answers answers = {.declared = declared, .careless = true};
        thingspace_error error = THINGSPACE_ERROR_INIT;
        cleanup_client thingspace_client *client = NULL;
        cleanup_json json *said = NULL;
        CHECK_OK(make(&client, DECLARED, &answers, NULL));
        CHECK_STATUS(eval(client, &said, "Account-1", &error), THINGSPACE_POLICY);
        CHECK(strstr(error.message, "Account-1: the policy function failed: "));
        if (!strstr(error.message, cases[i].says))
            CHECK_TEXT(error.message, cases[i].says);
    }
    CHECK_STATUS(thingspace_desired_add(NULL, &cases[0].desired, NULL), THINGSPACE_USAGE);
}

static void a_row_can_be_asked_for_and_nothing_else(void)
{
    answers answers = {0};
    cleanup_client thingspace_client *client = NULL;
    cleanup_json json *said = NULL, *other = NULL;
    cleanup_api_text char *text = NULL;
    CHECK_OK(make(&client, DECLARED, &answers, NULL));
    answers.client = client;
    CHECK_OK(eval(client, &said, "Account-1", NULL));
    CHECK(strstr(answers.row, "\"site\":7"));
    CHECK_STATUS(answers.inside, THINGSPACE_USAGE);
    CHECK_OK(thingspace_client_row(client, &text, "Account-1", NULL));
    CHECK(strstr(text, "\"endpoint\":\"south\""));
    CHECK_OK(eval(client, &other, "Account-2", NULL));
    CHECK_TEXT(answers.row, "nothing");
}

static void a_secret_nobody_gave_is_named(void)
{
    static const char text[] =
        "return { name = 'p', accounts = { 'A' }, credentials = { one = { "
        "key = thingspace.secret.named('other'), secret = thingspace.secret.env('X') } } }";
    answers answers = {0};
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_client thingspace_client *client = NULL;
    CHECK_STATUS(make(&client, text, &answers, &error), THINGSPACE_POLICY);
    CHECK(strstr(error.message, "the program gives no secret 'other'"));
}

static void a_plan_asks_them(void)
{
    const thingspace_desired declared[] = {{.size = sizeof(declared[0]),
                                            .service = "CarrierService",
                                            .url = "https://h.example.com/{account}"},
                                           {.size = 0}};
    answers answers = {.declared = declared};
    cleanup_service service;
    thingspace_plan *plan = NULL;
    thingspace_apply_counts counts = THINGSPACE_APPLY_COUNTS_INIT;
    thingspace_client_options options = THINGSPACE_CLIENT_OPTIONS_INIT;
    CHECK_OK(service_start_alone(&service, NULL));
    options.policy_text = "return { name = 'p', accounts = { 'TestAccount-2' } }";
    options.resolve = decide;
    options.resolve_user = &answers;
    options.listeners = declare;
    options.listeners_user = &answers;
    CHECK_OK(service_client(&service, &service.client, &options));
    CHECK_OK(thingspace_plan_make(service.client, &plan, NULL, NULL));
    thingspace_status status = thingspace_apply(service.client, plan, &counts, NULL, NULL);
    thingspace_plan_free(plan);
    CHECK_OK(status);
    CHECK_INT(counts.done, 1);
}

static const check_case cases[] = {
    CHECK_CASE(they_answer_names_of_what_the_text_declares),
    CHECK_CASE(what_they_leave_open_the_row_decides),
    CHECK_CASE(without_declared_accounts_they_know_them),
    CHECK_CASE(bad_answers_are_refused),
    CHECK_CASE(listeners_take_the_place_of_the_scripts),
    CHECK_CASE(a_listener_that_was_refused_is_not_forgotten),
    CHECK_CASE(a_row_can_be_asked_for_and_nothing_else),
    CHECK_CASE(a_secret_nobody_gave_is_named),
    CHECK_CASE_ONCE(a_plan_asks_them),
};
CHECK_MAIN(cases)
