/* SPDX-License-Identifier: MIT */
/* Hooks of the program itself: their place among those of the policy, what they see, their life. */
#include <config.h>
#include <stdio.h>
#include <stdlib.h>
#include <thingspace/plugin.h>
#include <thingspace/plugins.h>
#include "check.h"
#include "plugged.h"

/* What hooks of a test write down. */
typedef struct seen {
    unsigned runs, destroyed;
    thingspace_client *client; /* to be misused inside a hook */
    thingspace_status inside[3];
    char text[600];
} seen;

#define PLUGIN(...)                                                                                \
    {                                                                                              \
        .size = sizeof(thingspace_plugin), .major = THINGSPACE_PLUGIN_MAJOR,                       \
        .minor = THINGSPACE_PLUGIN_MINOR, .name = "own", .version = "1.0.0", __VA_ARGS__           \
    }

static int mark(void *self, thingspace_hook *hook)
{
    ((seen *)self)->runs++;
    return thingspace_hook_set_request_header(hook, "X-Own", "1");
}

static int nothing(void *self, thingspace_hook *hook)
{
    (void)hook;
    ((seen *)self)->runs++;
    return 0;
}

static void destroy(void *self)
{
    ((seen *)self)->destroyed++;
}

static const thingspace_plugin marking =
    PLUGIN(.request = mark, .response = nothing, .destroy = destroy);

static void release_text(char **text)
{
    thingspace_text_free(*text);
}

#define cleanup_api_text __attribute__((cleanup(release_text)))

static thingspace_status add(thingspace_client *client, const thingspace_plugin *plugin,
                             const char *name, unsigned priority, seen *seen,
                             thingspace_error *error)
{
    thingspace_plugin_options options = THINGSPACE_PLUGIN_OPTIONS_INIT;
    options.self = seen;
    options.name = name;
    options.priority = priority;
    return thingspace_client_add_plugin(client, plugin, &options, error);
}

/* ---- without a network ---- */

static void write_plain(const char *name)
{
    char file[64], text[300];
    snprintf(file, sizeof(file), "%s.lua", name);
    snprintf(text, sizeof(text),
             "return { name = '%s', version = '1.0.0', api = 1, hooks = {\n"
             "  request = function() end, response = function() end } }",
             name);
    check_file(file, text);
}

static thingspace_status make(thingspace_client **out, const char *policy)
{
    thingspace_client_options options = THINGSPACE_CLIENT_OPTIONS_INIT;
    setenv("THINGSPACE_URL", "http://127.0.0.1:9", 1);
    setenv("THINGSPACE_KEY", "k", 1);
    unsetenv("THINGSPACE_POLICY");
    write_plain("one");
    options.policy_text = policy;
    options.policy_folder = check_folder();
    options.state_dir = check_folder();
    return thingspace_client_new(out, &options, NULL);
}

#define ONE_ROW "return { name = 'p', accounts = { 'Account-1' }, plugins = { { './one.lua' } } }"
#define NO_ROW  "return { name = 'p', accounts = { 'Account-1' } }"

static thingspace_status list_plugins(thingspace_client *client, json **out)
{
    cleanup_api_text char *text = NULL;
    thingspace_status status = thingspace_plugin_list(client, &text, NULL);
    return status == THINGSPACE_OK ? json_parse(out, text, strlen(text), NULL) : status;
}

/* "a b c": the operator's instances of a phase in the order of their hooks. */
static const char *order_of(const json *list, const char *phase)
{
    static char text[300];
    text[0] = '\0';
    for (const json *row = json_first(json_get(list, "order")); row; row = json_next(row)) {
        if (json_get(row, "tenant") || strcmp(json_get_string(row, "phase"), phase) != 0)
            continue;
        const json *place = json_first(json_get(row, "instances"));
        for (; place; place = json_next(place))
            snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s", text[0] ? " " : "",
                     json_get_string(place, "instance"));
    }
    return text;
}

static void they_run_by_priority_and_after_the_rows_of_the_same(void)
{
    seen seen = {0};
    cleanup_client thingspace_client *client = NULL;
    cleanup_json json *list = NULL;
    CHECK_OK(make(&client, ONE_ROW));
    CHECK_OK(add(client, &marking, NULL, 5000, &seen, NULL));
    CHECK_OK(add(client, &marking, "early", 10, &seen, NULL));
    CHECK_OK(add(client, &marking, "last", 5000, &seen, NULL));
    CHECK_OK(list_plugins(client, &list));
    CHECK_TEXT(order_of(list, "request"), "early one own last");
    CHECK_TEXT(order_of(list, "response"), "last own one early");
    const json *own = json_next(json_first(json_get(list, "instances")));
    CHECK_TEXT(json_get_string(own, "instance"), "own");
    CHECK(!json_get(own, "file"));
    CHECK_INT(json_count(json_get(own, "capabilities")), 9);
}

static void a_reload_keeps_them_after_all_rows(void)
{
    seen seen = {0};
    cleanup_client thingspace_client *client = NULL;
    cleanup_json json *list = NULL;
    CHECK_OK(make(&client, ONE_ROW));
    CHECK_OK(add(client, &marking, NULL, 5000, &seen, NULL));
    CHECK_OK(thingspace_client_reload(client, NULL));
    CHECK_OK(list_plugins(client, &list));
    CHECK_TEXT(order_of(list, "request"), "one own");
    CHECK_INT(seen.destroyed, 0);
}

static void freeing_the_client_destroys_each_once(void)
{
    seen seen = {0};
    {
        cleanup_client thingspace_client *client = NULL;
        CHECK_OK(make(&client, NO_ROW));
        CHECK_OK(add(client, &marking, "a", 5000, &seen, NULL));
        CHECK_OK(add(client, &marking, "b", 5000, &seen, NULL));
        CHECK_INT(seen.destroyed, 0);
    }
    CHECK_INT(seen.destroyed, 2);
}

static void what_is_refused_stays_the_callers(void)
{
    static const thingspace_plugin newer = {.size = sizeof(newer),
                                            .major = THINGSPACE_PLUGIN_MAJOR + 1,
                                            .name = "own",
                                            .version = "1",
                                            .destroy = destroy};
    static const thingspace_plugin nameless = {.size = sizeof(nameless),
                                               .major = THINGSPACE_PLUGIN_MAJOR,
                                               .name = "Not A Name",
                                               .version = "1",
                                               .destroy = destroy};
    seen seen = {0};
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_client thingspace_client *client = NULL;
    CHECK_OK(make(&client, ONE_ROW));
    CHECK_STATUS(add(client, &marking, "one", 5000, &seen, &error), THINGSPACE_PLUGIN);
    CHECK(strstr(error.message, "plugins[1] and this program: two instances are called 'one'"));
    CHECK_STATUS(add(client, &newer, NULL, 5000, &seen, &error), THINGSPACE_PLUGIN);
    CHECK_STATUS(add(client, &nameless, NULL, 5000, &seen, &error), THINGSPACE_PLUGIN);
    CHECK_STATUS(add(client, &marking, "A", 5000, &seen, &error), THINGSPACE_USAGE);
    CHECK_STATUS(add(client, &marking, NULL, 10001, &seen, &error), THINGSPACE_USAGE);
    CHECK_STATUS(add(client, NULL, NULL, 5000, &seen, &error), THINGSPACE_USAGE);
    CHECK_STATUS(add(NULL, &marking, NULL, 5000, &seen, &error), THINGSPACE_USAGE);
    CHECK_INT(seen.destroyed, 0);
    thingspace_plugin_options options = THINGSPACE_PLUGIN_OPTIONS_INIT;
    options.on_error = "panic";
    CHECK_STATUS(thingspace_client_add_plugin(client, &marking, &options, &error),
                 THINGSPACE_USAGE);
}

static void removing_leaves_the_others_in_their_order(void)
{
    seen seen = {0}, other = {0};
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_client thingspace_client *client = NULL;
    cleanup_json json *list = NULL;
    CHECK_OK(make(&client, ONE_ROW));
    CHECK_OK(add(client, &marking, "a", 5000, &seen, NULL));
    CHECK_OK(add(client, &marking, "b", 5000, &other, NULL));
    CHECK_OK(add(client, &marking, "c", 5000, &other, NULL));
    CHECK_OK(thingspace_client_remove_plugin(client, "a", NULL));
    CHECK_INT(seen.destroyed, 1);
    CHECK_INT(other.destroyed, 0);
    CHECK_STATUS(thingspace_client_remove_plugin(client, "a", &error), THINGSPACE_USAGE);
    CHECK_STATUS(thingspace_client_remove_plugin(client, "one", &error), THINGSPACE_USAGE);
    CHECK_STATUS(thingspace_client_remove_plugin(client, NULL, &error), THINGSPACE_USAGE);
    CHECK_OK(add(client, &marking, "a", 5000, &other, NULL));
    CHECK_OK(list_plugins(client, &list));
    CHECK_TEXT(order_of(list, "request"), "one b c a");
}

/* "a1 b2 c3": the instances and their places. */
static const char *places_of(const json *list)
{
    static char text[300];
    text[0] = '\0';
    for (const json *row = json_first(json_get(list, "instances")); row; row = json_next(row))
        snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s%s", text[0] ? " " : "",
                 json_get_string(row, "instance"), json_number(json_get(row, "row")));
    return text;
}

/* The instances are shared by the generation that was to be and the one that stays. */
static void a_removal_that_fails_changes_nothing(void)
{
    seen seen = {0};
    cleanup_client thingspace_client *client = NULL;
    cleanup_json json *list = NULL;
    CHECK_OK(make(&client, ONE_ROW));
    CHECK_OK(add(client, &marking, "a", 5000, &seen, NULL));
    CHECK_OK(add(client, &marking, "b", 5000, &seen, NULL));
    CHECK_OK(add(client, &marking, "c", 5000, &seen, NULL));
    thingspace_status status = thingspace_client_remove_plugin(client, "a", NULL);
    CHECK(status == THINGSPACE_OK || status == THINGSPACE_MEMORY);
    CHECK_OK(list_plugins(client, &list));
    bool removed = status == THINGSPACE_OK;
    CHECK_TEXT(places_of(list), removed ? "one1 b2 c3" : "one1 a2 b3 c4");
    CHECK_TEXT(order_of(list, "request"), removed ? "one b c" : "one a b c");
}

static int deny(void *self, thingspace_hook *hook)
{
    (void)self;
    return thingspace_hook_deny(hook, "night", "not before 22:00");
}

static thingspace_status explain(thingspace_client *client, char **out)
{
    thingspace_request request = THINGSPACE_REQUEST_INIT;
    request.operation = THINGSPACE_REGISTER;
    request.account = "Account-1";
    request.service = "CarrierService";
    request.url = "https://hooks.example.com/a";
    return thingspace_plugin_explain(client, out, &request, NULL);
}

static void explain_shows_what_they_do(void)
{
    static const thingspace_plugin denying = PLUGIN(.check = deny);
    seen seen = {0};
    cleanup_client thingspace_client *client = NULL;
    cleanup_api_text char *text = NULL;
    CHECK_OK(make(&client, NO_ROW));
    CHECK_OK(add(client, &marking, NULL, 5000, &seen, NULL));
    CHECK_OK(add(client, &denying, "nights", 5000, NULL, NULL));
    CHECK_OK(explain(client, &text));
    CHECK(strstr(text, "\"instance\":\"own\""));
    CHECK(strstr(text, "X-Own"));
    CHECK(strstr(text, "\"code\":\"night\""));
}

static int ask_all(void *self, thingspace_hook *hook)
{
    seen *seen = self;
    const char *json = thingspace_hook_request_member(hook, "");
    snprintf(seen->text, sizeof(seen->text), "%s", json ? json : "");
    return 0;
}

static void they_see_no_secret(void)
{
    static const thingspace_plugin reading = PLUGIN(.request = ask_all);
    seen seen = {0};
    cleanup_client thingspace_client *client = NULL;
    cleanup_api_text char *text = NULL;
    thingspace_request request = THINGSPACE_REQUEST_INIT;
    thingspace_secret *password = NULL;
    CHECK_OK(make(&client, NO_ROW));
    CHECK_OK(add(client, &reading, NULL, 5000, &seen, NULL));
    CHECK_OK(thingspace_secret_new(&password, "hush", 4, NULL));
    request.operation = THINGSPACE_REGISTER;
    request.account = "Account-1";
    request.service = "CarrierService";
    request.url = "https://hooks.example.com/a";
    request.username = "u";
    request.password = password;
    thingspace_status status = thingspace_plugin_explain(client, &text, &request, NULL);
    thingspace_secret_free(password);
    CHECK_OK(status);
    if (check_allocation_failed())
        return;
    CHECK(strstr(seen.text, "\"***\""));
    CHECK(!strstr(seen.text, "hush"));
}

/* ---- what other languages need ---- */

static int want(seen *seen, const char *got, const char *expected)
{
    snprintf(seen->text, sizeof(seen->text), "%s", got ? got : "nothing");
    return got && strcmp(got, expected) == 0 ? 0 : THINGSPACE_HOOK_FAIL;
}

#define WANT(got, expected)                                                                        \
    do {                                                                                           \
        int wanted = want(self, (got), (expected));                                                \
        if (wanted != 0)                                                                           \
            return thingspace_hook_fail(hook, ((struct seen *)self)->text);                        \
    } while (0)

static int set_vars(void *self, thingspace_hook *hook)
{
    static const char *const values[] = {"1", "\"1\"", "true", "1.5"};
    static const char *const names[] = {"a", "b", "c", "d"};
    for (size_t i = 0; i < 4; i++) {
        int failed = thingspace_hook_set_var_json(hook, names[i], values[i]);
        if (failed)
            return failed;
        WANT(thingspace_hook_var_json(hook, names[i]), values[i]);
    }
    WANT(thingspace_hook_var(hook, "b"), "1");
    if (thingspace_hook_reason(hook) || thingspace_hook_set_var_json(hook, "e", "[1]") == 0)
        return thingspace_hook_fail(hook, "a list was taken");
    WANT(thingspace_hook_reason(hook),
         "a variable is a text, a number or a boolean: keep anything else as its JSON text");
    if (thingspace_hook_reason(hook))
        return thingspace_hook_fail(hook, "the reason was told twice");
    return thingspace_hook_set_var_json(hook, "c", NULL);
}

static int read_all(void *self, thingspace_hook *hook)
{
    const char *vars = thingspace_hook_json(hook, THINGSPACE_FIELD_CALL_VARS);
    WANT(thingspace_hook_json(hook, THINGSPACE_FIELD_CALL_TAGS), "{\"size\":3,\"team\":\"blue\"}");
    if (!vars || !strstr(vars, "\"a\":1") || !strstr(vars, "\"b\":\"1\"") || strstr(vars, "\"c\""))
        return thingspace_hook_fail(hook, vars ? vars : "no vars");
    return 0;
}

#define TAGGED                                                                                     \
    "return { name = 'p', accounts = { 'Account-1' }, resolve = function() return { tags = { "     \
    "team = 'blue', size = 3 } } end }"

static void variables_and_tags_keep_their_types(void)
{
    static const thingspace_plugin setting = PLUGIN(.request = set_vars);
    static const thingspace_plugin reading = PLUGIN(.check = read_all);
    seen seen = {0};
    cleanup_client thingspace_client *client = NULL;
    cleanup_api_text char *text = NULL;
    CHECK_OK(make(&client, TAGGED));
    CHECK_OK(add(client, &setting, "a", 5000, &seen, NULL));
    CHECK_OK(add(client, &reading, "b", 5000, &seen, NULL));
    CHECK_OK(explain(client, &text));
    CHECK(check_allocation_failed() || !strstr(text, "\"error\""));
}

static int set_secret(void *self, thingspace_hook *hook)
{
    thingspace_secret *secret = NULL;
    thingspace_status status = thingspace_secret_new(&secret, "hidden", 6, NULL);
    if (status != THINGSPACE_OK)
        return thingspace_hook_fail(hook, "no memory");
    int result = thingspace_hook_set_request_secret(hook, "/password", secret);
    thingspace_secret_free(secret);
    WANT(thingspace_hook_request_member(hook, "/password"), "\"***\"");
    return result;
}

static void a_secret_can_be_put_into_the_body(void)
{
    static const thingspace_plugin setting = PLUGIN(.request = set_secret);
    seen seen = {0};
    cleanup_client thingspace_client *client = NULL;
    cleanup_api_text char *text = NULL;
    CHECK_OK(make(&client, NO_ROW));
    CHECK_OK(add(client, &setting, NULL, 5000, &seen, NULL));
    CHECK_OK(explain(client, &text));
    CHECK(check_allocation_failed() || strstr(text, "\"password\":\"***\""));
    CHECK(!strstr(text, "hidden"));
}

static int misuse(void *self, thingspace_hook *hook)
{
    seen *seen = self;
    (void)hook;
    seen->inside[0] = thingspace_client_add_plugin(seen->client, &marking, NULL, NULL);
    seen->inside[1] = thingspace_client_remove_plugin(seen->client, "own", NULL);
    seen->inside[2] = thingspace_client_reload(seen->client, NULL);
    return 0;
}

static void inside_a_hook_nothing_is_added_or_removed(void)
{
    static const thingspace_plugin misusing = PLUGIN(.request = misuse);
    seen seen = {0};
    cleanup_client thingspace_client *client = NULL;
    cleanup_api_text char *text = NULL;
    CHECK_OK(make(&client, NO_ROW));
    seen.client = client;
    CHECK_OK(add(client, &misusing, NULL, 5000, &seen, NULL));
    CHECK_OK(explain(client, &text));
    for (size_t i = 0; i < 3; i++)
        CHECK_STATUS(seen.inside[i], THINGSPACE_USAGE);
}

static void try_client(void *self)
{
    seen *seen = self;
    seen->destroyed++;
    seen->inside[0] = thingspace_client_run(seen->client, 0, NULL);
}

static void destroy_cannot_use_the_client(void)
{
    static const thingspace_plugin trying = PLUGIN(.request = nothing, .destroy = try_client);
    seen seen = {0};
    {
        cleanup_client thingspace_client *client = NULL;
        CHECK_OK(make(&client, NO_ROW));
        seen.client = client;
        CHECK_OK(add(client, &trying, "a", 5000, &seen, NULL));
        CHECK_OK(add(client, &trying, "b", 5000, &seen, NULL));
        CHECK_OK(thingspace_client_remove_plugin(client, "a", NULL));
        CHECK_INT(seen.destroyed, 1);
        CHECK_STATUS(seen.inside[0], THINGSPACE_USAGE);
    }
    CHECK_INT(seen.destroyed, 2);
    CHECK_STATUS(seen.inside[0], THINGSPACE_USAGE);
}

/* ---- with calls ---- */

static void lua_and_own_hooks_change_one_request(void)
{
    cleanup_service service;
    seen seen = {0};
    cleanup_client thingspace_client *client = NULL;
    CHECK_OK(service_start_alone(&service, NULL));
    CHECK_OK(
        plugged_with(&service, &client,
                     "request = function(_, request) request:set_header('X-Lua', 'l') end, check = "
                     "function(_, request) say(request:header('X-Own')) end",
                     NULL));
    CHECK_OK(add(client, &marking, NULL, 5000, &seen, NULL));
    CHECK_OK(plugged_perform(client, NULL, NULL));
    CHECK_INT(seen.runs, 2);
    CHECK_TEXT(plugged_sent_header(&service, "X-Own"), "1");
    CHECK_TEXT(plugged_sent_header(&service, "X-Lua"), "l");
}

static int reply(void *self, thingspace_hook *hook)
{
    (void)self;
    if (thingspace_hook_reply_header(hook, "X-Early", "1") == 0)
        return thingspace_hook_fail(hook, "there was no reply yet");
    int result = thingspace_hook_reply(hook, 200, "[]");
    if (thingspace_hook_reply_header(hook, "X-Bad", "a\nb") == 0)
        return thingspace_hook_fail(hook, "a line break was taken");
    return thingspace_hook_reply_header(hook, "X-By", "own") == 0 ? result : THINGSPACE_HOOK_FAIL;
}

static void a_reply_carries_its_header_fields(void)
{
    static const thingspace_plugin replying = PLUGIN(.request = reply);
    cleanup_service service;
    cleanup_client thingspace_client *client = NULL;
    cleanup_result thingspace_result *result = NULL;
    CHECK_OK(service_start_alone(&service, NULL));
    CHECK_OK(service_client(&service, &client, NULL));
    CHECK_OK(add(client, &replying, NULL, 5000, NULL, NULL));
    CHECK_OK(thingspace_list(client, &result, PLUGGED_ACCOUNT, NULL));
    CHECK_TEXT(thingspace_result_header(result, "x-by"), "own");
    CHECK(!thingspace_result_header(result, "X-Bad"));
    CHECK_INT(service_number(&service, "requestCount"), 0);
}

/* Adds at its first end, removes at its second. */
typedef struct changer {
    thingspace_client *client;
    seen *seen;
    unsigned done;
    thingspace_status status;
} changer;

static void change(thingspace_result *result, void *user)
{
    changer *self = user;
    thingspace_result_free(result);
    if (self->done++ == 0)
        self->status = add(self->client, &marking, NULL, 5000, self->seen, NULL);
    else
        self->status = thingspace_client_remove_plugin(self->client, "own", NULL);
}

static void calls_in_flight_go_on_with_the_hooks_they_began_with(void)
{
    cleanup_service service;
    seen seen = {0};
    outcome outcome = {0};
    cleanup_client thingspace_client *client = NULL;
    CHECK_OK(service_start_alone(&service, NULL));
    CHECK_OK(service_client(&service, &client, NULL));
    thingspace_request request = THINGSPACE_REQUEST_INIT;
    request.account = PLUGGED_ACCOUNT;
    for (unsigned i = 0; i < 50; i++)
        CHECK_OK(thingspace_call_start(client, NULL, &request, plugged_done, &outcome, NULL));
    CHECK_OK(add(client, &marking, NULL, 5000, &seen, NULL));
    for (unsigned i = 0; i < 50; i++)
        CHECK_OK(thingspace_call_start(client, NULL, &request, plugged_done, &outcome, NULL));
    CHECK_OK(thingspace_client_remove_plugin(client, "own", NULL));
    CHECK_INT(seen.destroyed, 0);
    CHECK_OK(thingspace_client_run(client, -1, NULL));
    CHECK_INT(outcome.good, 100);
    CHECK_INT(seen.runs, 100); /* request and response of the fifty that began with it */
    CHECK_INT(seen.destroyed, 1);
}

static void they_come_and_go_inside_done(void)
{
    cleanup_service service;
    seen seen = {0};
    cleanup_client thingspace_client *client = NULL;
    CHECK_OK(service_start_alone(&service, NULL));
    CHECK_OK(service_client(&service, &client, NULL));
    changer changer = {.client = client, .seen = &seen};
    thingspace_request request = THINGSPACE_REQUEST_INIT;
    request.account = PLUGGED_ACCOUNT;
    for (unsigned i = 0; i < 2; i++) {
        CHECK_OK(thingspace_call_start(client, NULL, &request, change, &changer, NULL));
        CHECK_OK(thingspace_client_run(client, -1, NULL));
        CHECK_OK(changer.status);
    }
    CHECK_INT(changer.done, 2);
    CHECK_INT(seen.runs, 2);
    CHECK_INT(seen.destroyed, 1);
}

static int fail(void *self, thingspace_hook *hook)
{
    ((seen *)self)->runs++;
    return thingspace_hook_fail(hook, "out of order");
}

static void a_failure_is_what_on_error_says(void)
{
    static const thingspace_plugin failing = PLUGIN(.request = fail);
    cleanup_service service;
    seen seen = {0};
    cleanup_client thingspace_client *client = NULL;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_plugin_options options = THINGSPACE_PLUGIN_OPTIONS_INIT;
    CHECK_OK(service_start_alone(&service, NULL));
    CHECK_OK(service_client(&service, &client, NULL));
    options.self = &seen;
    options.on_error = "skip";
    CHECK_OK(thingspace_client_add_plugin(client, &failing, &options, NULL));
    CHECK_OK(thingspace_list(client, NULL, PLUGGED_ACCOUNT, &error));
    CHECK_OK(thingspace_client_remove_plugin(client, "own", NULL));
    options.on_error = NULL;
    CHECK_OK(thingspace_client_add_plugin(client, &failing, &options, NULL));
    CHECK_STATUS(thingspace_list(client, NULL, PLUGGED_ACCOUNT, &error), THINGSPACE_PLUGIN);
    CHECK_TEXT(error.message, "own: request hook: out of order");
    CHECK_TEXT(error.instance, "own");
    CHECK_INT(seen.runs, 2);
}

static const check_case cases[] = {
    CHECK_CASE(they_run_by_priority_and_after_the_rows_of_the_same),
    CHECK_CASE(a_reload_keeps_them_after_all_rows),
    CHECK_CASE(freeing_the_client_destroys_each_once),
    CHECK_CASE(what_is_refused_stays_the_callers),
    CHECK_CASE(removing_leaves_the_others_in_their_order),
    CHECK_CASE(a_removal_that_fails_changes_nothing),
    CHECK_CASE(explain_shows_what_they_do),
    CHECK_CASE(they_see_no_secret),
    CHECK_CASE(variables_and_tags_keep_their_types),
    CHECK_CASE(a_secret_can_be_put_into_the_body),
    CHECK_CASE(inside_a_hook_nothing_is_added_or_removed),
    CHECK_CASE(destroy_cannot_use_the_client),
    CHECK_CASE_ONCE(lua_and_own_hooks_change_one_request),
    CHECK_CASE_ONCE(a_reply_carries_its_header_fields),
    CHECK_CASE_ONCE(calls_in_flight_go_on_with_the_hooks_they_began_with),
    CHECK_CASE_ONCE(they_come_and_go_inside_done),
    CHECK_CASE_ONCE(a_failure_is_what_on_error_says),
};
CHECK_MAIN(cases)
