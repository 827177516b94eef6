/* SPDX-License-Identifier: MIT */
/*
 * Secrets and plugins in real calls: what hooks are shown of tokens, passwords and answers, and
 * what of them reaches errors, logs, explain and results. The numbers are those of the list of
 * attacks that the plugin host must survive.
 */
#include <config.h>
#include <stdio.h>
#include <stdlib.h>
#include <thingspace/plugins.h>
#include "base/secret.h"
#include "check.h"
#include "plugged.h"

#define CANARY "canary-of-a-listener"

/* Everything that was said, whoever said it, and the secrets that must not be in it. */
typedef struct transcript {
    char text[512 * 1024];
    size_t size;
} transcript;

static transcript said;

static void note_all(void *user, thingspace_log_level level, const char *line)
{
    (void)user;
    (void)level;
    size_t size = strlen(line);
    if (said.size + size + 2 > sizeof(said.text))
        return;
    memcpy(said.text + said.size, line, size);
    said.size += size;
    said.text[said.size++] = '\n';
    said.text[said.size] = '\0';
}

static void note_text(const char *text)
{
    note_all(NULL, THINGSPACE_LOG_INFO, text ? text : "");
}

static void note_error(const thingspace_error *error)
{
    note_text(error->message);
    note_text(error->code);
}

/* The tokens of the last request that the service got. */
static bool says_no_secret(service *service)
{
    static const char *const names[] = {"Authorization", "VZ-M2M-Token"};
    static const char *const fixed[] = {CANARY, THINGSPACE_SIMULATOR_SECRET,
                                        THINGSPACE_SIMULATOR_PASSWORD};
    bool good = true;
    for (size_t i = 0; i < 2; i++) {
        const char *token = plugged_sent_header(service, names[i]);
        token += strncmp(token, "Bearer ", 7) == 0 ? 7 : 0;
        good = check_report(strlen(token) > 8 && !strstr(said.text, token), __FILE__, __LINE__,
                            "%s: %s", names[i], said.text) &&
               good;
    }
    for (size_t i = 0; i < 3; i++)
        good = check_report(!strstr(said.text, fixed[i]), __FILE__, __LINE__, "%s: %s", fixed[i],
                            said.text) &&
               good;
    return good;
}

static thingspace_status make(service *service, thingspace_client **out, const char *hooks)
{
    static unsigned next;
    char rows[4096] = "", name[32];
    thingspace_client_options options = THINGSPACE_CLIENT_OPTIONS_INIT;
    said.size = 0;
    said.text[0] = '\0';
    options.log = note_all;
    options.log_level = THINGSPACE_LOG_DEBUG;
    thingspace_status status = service_start_alone(service, NULL);
    snprintf(name, sizeof(name), "secrets-%u", ++next);
    plugged_row(rows, plugged_script(name, hooks), "name = 'only', limits = { log_lines = 1000 }");
    return status == THINGSPACE_OK ? plugged_client(service, out, rows, NULL, &options, NULL)
                                   : status;
}

/* Registers with a password. */
static thingspace_status enter(thingspace_client *client, thingspace_result **out, unsigned flags,
                               thingspace_error *error)
{
    thingspace_request request = plugged_register(flags);
    request.username = "me";
    thingspace_status status =
        thingspace_secret_new(&request.password, CANARY, strlen(CANARY), error);
    if (status == THINGSPACE_OK)
        status = thingspace_perform(client, out, &request, error);
    thingspace_secret_free(request.password);
    return status;
}

/* Hooks that try to see all there is, and to give it away. */
#define SEE                                                                                        \
    "local function show(...) local t = { ... } for i = 1, select('#', ...) do\n"                  \
    "  t[i] = tostring(t[i]) end say(table.concat(t, ' ')) end\n"                                  \
    "local function try(f, ...) show(pcall(f, ...)) end\n"                                         \
    "local function spread(it) if type(it) == 'table' then for k, v in pairs(it) do spread(v)\n"   \
    "  end else try(tostring, it) try(string.format, '%s', it) try(error, it)\n"                   \
    "  try(function() return it .. '' end) try(function() return #it end)\n"                       \
    "  try(function() return it == '" CANARY "' end) end end\n"
#define HOOKS                                                                                      \
    "request = function(call, request) " SEE                                                       \
    "  for _, n in ipairs{ 'Authorization', 'VZ-M2M-Token', 'Cookie' } do show(n,\n"               \
    "    request:header(n)) end\n"                                                                 \
    "  local body = request:json() if body then spread(body) show(request:text())\n"               \
    "  try(request.set_header, request, 'X-A', body.password)\n"                                   \
    "  try(request.set_query, request, 'a', body.password)\n"                                      \
    "  request:set_header('X-Seen', request:text())\n"                                             \
    "  request:set_json(body) show(request:text()) body.copy = body.password\n"                    \
    "  try(request.set_json, request, body) end\n"                                                 \
    "end,\n"                                                                                       \
    "check = function(call, request) " SEE "show(request:text()) spread(request:json()) end,\n"    \
    "response = function(call, response) " SEE "show(response:text()) spread(response:json())\n"   \
    "  for _, n in ipairs{ 'Set-Cookie', 'VZ-M2M-Token', 'Authorization' } do show(n,\n"           \
    "    response:header(n)) end end,\n"                                                           \
    "error = function(call, failure) " SEE "show(failure.message, failure.code) end,\n"            \
    "audit = function(event) " SEE "spread(event.changes) spread(event.attempts)\n"                \
    "  show(event.message, event.path, event.code) end"

static void line_27_hooks_of_a_real_call_see_stars(void)
{
    cleanup_service service;
    cleanup_client thingspace_client *client = NULL;
    cleanup_result thingspace_result *result = NULL;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_OK(make(&service, &client, HOOKS));
    thingspace_status status = enter(client, &result, 0, &error);
    CHECK(check_report(status == THINGSPACE_OK, __FILE__, __LINE__, "%s", error.message));
    CHECK(strstr(said.text, "\"password\":\"***\"") != NULL);
    CHECK(says_no_secret(&service));
    CHECK(strstr(plugged_sent_header(&service, "X-Seen"), "\"password\":\"***\"") != NULL);
}

static void line_28_a_list_shows_hooks_no_password(void)
{
    cleanup_service service;
    cleanup_client thingspace_client *client = NULL;
    cleanup_result thingspace_result *result = NULL;
    CHECK_OK(make(&service, &client, HOOKS));
    CHECK_OK(enter(client, NULL, 0, NULL));
    said.size = 0;
    CHECK_OK(thingspace_list(client, &result, PLUGGED_ACCOUNT, NULL));
    CHECK_INT(thingspace_result_count(result), 1);
    CHECK(strstr(said.text, "\"password\":\"***\"") != NULL);
    CHECK(says_no_secret(&service));
}

#define REGISTERS "if call.operation ~= 'register' then return end "

/* The service repeats what it was sent, and a hook makes a failure of it. */
static void line_28_errors_and_their_hooks_repeat_no_secret(void)
{
    static const char *const hooks[] = {
        HOOKS,
        "response = function(call, response) " REGISTERS "error(response:text()) end",
        "request = function(call, request) " REGISTERS "error(request:json().password) end",
        "request = function(call, request) " REGISTERS "error(request:text()) end",
        "request = function(call, request) " REGISTERS
        "return thingspace.deny('D', request:text()) end",
        "request = function(call, request) " REGISTERS "return nil, request:text() end",
        "error = function(call, failure) failure:set_message(failure.message .. '!') end",
        "audit = function(event) error(event.message or event.path) end",
    };
    for (size_t i = 0; i < sizeof(hooks) / sizeof(*hooks); i++) {
        cleanup_service service;
        cleanup_client thingspace_client *client = NULL;
        thingspace_error error = THINGSPACE_ERROR_INIT;
        CHECK_OK(make(&service, &client, hooks[i]));
        CHECK_OK(thingspace_list(client, NULL, PLUGGED_ACCOUNT, NULL)); /* has the tokens */
        CHECK(service_fault(&service,
                            "POST /callbacks/* status=400 "
                            "body=\"{\\\"errorCode\\\":\\\"X\\\",\\\"errorMessage\\\":\\\"" CANARY
                            " is taken\\\",\\\"password\\\":\\\"" CANARY "\\\"}\""));
        CHECK(enter(client, NULL, 0, &error) != THINGSPACE_OK);
        note_error(&error);
        CHECK(says_no_secret(&service));
    }
}

/* Hidden before the text is cut: half a password is one, too. */
static void line_28_an_error_that_is_cut_in_the_middle_of_a_secret_shows_none_of_it(void)
{
    cleanup_service service;
    cleanup_client thingspace_client *client = NULL;
    CHECK_OK(make(&service, &client, HOOKS));
    CHECK_OK(thingspace_list(client, NULL, PLUGGED_ACCOUNT, NULL)); /* has the tokens */
    for (int size = 485; size < 512; size++) {
        char rule[800];
        thingspace_error error = THINGSPACE_ERROR_INIT;
        snprintf(rule, sizeof(rule),
                 "POST /callbacks/* times=1 status=400 body=\"{\\\"errorCode\\\":\\\"X\\\","
                 "\\\"errorMessage\\\":\\\"%0*d" CANARY "\\\"}\"",
                 size, 0);
        CHECK(service_fault(&service, rule));
        CHECK_STATUS(enter(client, NULL, 0, &error), THINGSPACE_SERVICE);
        note_error(&error);
        CHECK(!strstr(error.message, "0ca"));
        CHECK(service_faultless(&service));
    }
    CHECK(!strstr(said.text, "0ca"));
    CHECK(says_no_secret(&service));
}

/* It is refused; the error, audit and explain say so without it. */
static void line_28_a_password_in_a_url_is_told_to_nobody(void)
{
    static const char *const urls[][2] = {
        {"https://u:" CANARY "@hooks.example.com/a@b", "https://***@hooks.example.com/a@b"},
        {"https://" CANARY "@hooks.example.com", "https://***@hooks.example.com"},
        {"https://u:@" CANARY "@hooks.example.com?q", "https://***@hooks.example.com?q"},
        {"u:" CANARY "@hooks.example.com", "***@hooks.example.com"},
        {"https://u@hooks.example.com/", "https://*@hooks.example.com/"},
        {"ftp://hooks.example.com/a@b", "ftp://hooks.example.com/a@b"},
    };
    for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
        cleanup_service service;
        cleanup_client thingspace_client *client = NULL;
        thingspace_error error = THINGSPACE_ERROR_INIT;
        thingspace_request request = plugged_register(0);
        CHECK_OK(make(&service, &client,
                      "error = function(call) " SEE "show(call.url) end,\n"
                      "audit = function(event) " SEE
                      "show('[' .. tostring(event.url) .. ']') end"));
        CHECK_OK(thingspace_list(client, NULL, PLUGGED_ACCOUNT, NULL)); /* has the tokens */
        request.url = urls[i][0];
        said.size = 0;
        CHECK_STATUS(thingspace_perform(client, NULL, &request, &error), THINGSPACE_USAGE);
        note_error(&error);
        char shown[100];
        snprintf(shown, sizeof(shown), "[%s]", urls[i][1]);
        CHECK(strstr(said.text, shown) != NULL);
        CHECK(says_no_secret(&service));
    }
}

/* Of the caller, or of a hook: known by the names alone. */
static void line_28_a_query_shows_no_parameter_that_carries_a_secret(void)
{
    cleanup_service service;
    cleanup_client thingspace_client *client = NULL;
    cleanup_result thingspace_result *result = NULL;
    thingspace_request request = THINGSPACE_REQUEST_INIT;
    CHECK_OK(make(&service, &client,
                  "request = function(call, request) " SEE "show(request:query('access_token'))\n"
                  "  request:set_query('password', '" CANARY "')\n"
                  "  request:set_query('x-token', '" CANARY "') request:set_query('a', 'b') end,\n"
                  "audit = function(event) " SEE "spread(event.changes) end"));
    request.operation = THINGSPACE_CALL;
    request.account = PLUGGED_ACCOUNT;
    request.method = "GET";
    request.path = "/callbacks/{account}?access_token=" CANARY;
    CHECK_OK(thingspace_perform(client, NULL, &request, NULL)); /* has the tokens */
    CHECK(says_no_secret(&service));
    request.flags = THINGSPACE_DRY_RUN;
    CHECK_OK(thingspace_perform(client, &result, &request, NULL));
    note_text(thingspace_result_preview(result));
    CHECK(strstr(said.text, "?access_token=***&password=***&x-token=***&a=b\"") != NULL);
    CHECK(says_no_secret(&service));
}

static void line_28_explain_and_a_dry_run_show_stars(void)
{
    cleanup_service service;
    cleanup_client thingspace_client *client = NULL;
    cleanup_result thingspace_result *result = NULL;
    char *text = NULL;
    CHECK_OK(make(&service, &client, HOOKS));
    CHECK_OK(enter(client, NULL, 0, NULL));
    CHECK_OK(enter(client, &result, THINGSPACE_DRY_RUN, NULL));
    note_text(thingspace_result_preview(result));
    thingspace_request request = plugged_register(0);
    request.username = "me";
    CHECK_OK(thingspace_secret_new(&request.password, CANARY, strlen(CANARY), NULL));
    thingspace_status status = thingspace_plugin_explain(client, &text, &request, NULL);
    thingspace_secret_free(request.password);
    note_text(text);
    bool starred = text && strstr(text, "\"***\"");
    thingspace_text_free(text);
    CHECK_OK(status);
    CHECK(starred);
    CHECK(says_no_secret(&service));
}

/* What a hook found for itself: the library knows it by the names of the fields alone. */
static void line_28_a_dry_run_shows_no_field_that_carries_a_secret(void)
{
    cleanup_service service;
    cleanup_client thingspace_client *client = NULL;
    cleanup_result thingspace_result *result = NULL;
    cleanup_json json *preview = NULL;
    CHECK_OK(make(&service, &client,
                  "request = function(call, request) request:set_header('Cookie', 'id=" CANARY
                  "') request:set_header('X-Api-Key', '" CANARY
                  "') request:set_header('X-Team', 'blue') end"));
    CHECK_OK(enter(client, NULL, 0, NULL)); /* has the tokens */
    CHECK_OK(enter(client, &result, THINGSPACE_DRY_RUN, NULL));
    const char *text = thingspace_result_preview(result);
    note_text(text);
    CHECK_OK(json_parse(&preview, text, strlen(text), NULL));
    const json *headers = json_get(preview, "headers");
    CHECK_TEXT(json_get_string(headers, "Cookie"), "***");
    CHECK_TEXT(json_get_string(headers, "X-Api-Key"), "***");
    CHECK_TEXT(json_get_string(headers, "X-Team"), "blue");
    CHECK(says_no_secret(&service));
}

static void line_29_fields_of_answers_that_carry_secrets_are_stars(void)
{
    cleanup_service service;
    cleanup_client thingspace_client *client = NULL;
    CHECK_OK(make(&service, &client, HOOKS));
    CHECK(service_fault(&service, "GET /callbacks/* status=200 header=\"Set-Cookie:" CANARY
                                  "\" header=\"VZ-M2M-Token:" CANARY
                                  "\" body=\"[{\\\"sessionToken\\\":\\\"" CANARY
                                  "\\\",\\\"accessToken\\\":[\\\"" CANARY "\\\"]}]\""));
    CHECK_OK(thingspace_call(client, NULL, PLUGGED_ACCOUNT, "GET", "/callbacks/{account}", NULL, 0,
                             NULL));
    CHECK(strstr(said.text, "\"sessionToken\":\"***\",\"accessToken\":[\"***\"]") != NULL);
    CHECK(says_no_secret(&service));
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(line_27_hooks_of_a_real_call_see_stars),
    CHECK_CASE_ONCE(line_28_a_list_shows_hooks_no_password),
    CHECK_CASE_ONCE(line_28_errors_and_their_hooks_repeat_no_secret),
    CHECK_CASE_ONCE(line_28_an_error_that_is_cut_in_the_middle_of_a_secret_shows_none_of_it),
    CHECK_CASE_ONCE(line_28_a_password_in_a_url_is_told_to_nobody),
    CHECK_CASE_ONCE(line_28_a_query_shows_no_parameter_that_carries_a_secret),
    CHECK_CASE_ONCE(line_28_explain_and_a_dry_run_show_stars),
    CHECK_CASE_ONCE(line_28_a_dry_run_shows_no_field_that_carries_a_secret),
    CHECK_CASE_ONCE(line_29_fields_of_answers_that_carry_secrets_are_stars),
};
CHECK_MAIN(cases)
