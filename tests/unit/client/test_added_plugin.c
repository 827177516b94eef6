/* SPDX-License-Identifier: MIT */
/* Hooks of the program itself: their place among those of the policy, and their life. What they see
 * is test_added_sight.c. */
#include <config.h>
#include <stdio.h>
#include "added.h"

/* ---- without a network ---- */

static thingspace_status list_plugins(thingspace_client *client, json **out)
{
    cleanup_added_text char *text = NULL;
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
    CHECK_OK(added_client(&client, ONE_ROW));
    CHECK_OK(added_add(client, &added_marking, NULL, 5000, &seen, NULL));
    CHECK_OK(added_add(client, &added_marking, "early", 10, &seen, NULL));
    CHECK_OK(added_add(client, &added_marking, "last", 5000, &seen, NULL));
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
    CHECK_OK(added_client(&client, ONE_ROW));
    CHECK_OK(added_add(client, &added_marking, NULL, 5000, &seen, NULL));
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
        CHECK_OK(added_client(&client, NO_ROW));
        CHECK_OK(added_add(client, &added_marking, "a", 5000, &seen, NULL));
        CHECK_OK(added_add(client, &added_marking, "b", 5000, &seen, NULL));
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
                                            .destroy = added_destroy};
    static const thingspace_plugin nameless = {.size = sizeof(nameless),
                                               .major = THINGSPACE_PLUGIN_MAJOR,
                                               .name = "Not A Name",
                                               .version = "1",
                                               .destroy = added_destroy};
    seen seen = {0};
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_client thingspace_client *client = NULL;
    CHECK_OK(added_client(&client, ONE_ROW));
    CHECK_STATUS(added_add(client, &added_marking, "one", 5000, &seen, &error), THINGSPACE_PLUGIN);
    CHECK(strstr(error.message, "plugins[1] and this program: two instances are called 'one'"));
    CHECK_STATUS(added_add(client, &newer, NULL, 5000, &seen, &error), THINGSPACE_PLUGIN);
    CHECK_STATUS(added_add(client, &nameless, NULL, 5000, &seen, &error), THINGSPACE_PLUGIN);
    CHECK_STATUS(added_add(client, &added_marking, "A", 5000, &seen, &error), THINGSPACE_USAGE);
    CHECK_STATUS(added_add(client, &added_marking, NULL, 10001, &seen, &error), THINGSPACE_USAGE);
    CHECK_STATUS(added_add(client, NULL, NULL, 5000, &seen, &error), THINGSPACE_USAGE);
    CHECK_STATUS(added_add(NULL, &added_marking, NULL, 5000, &seen, &error), THINGSPACE_USAGE);
    CHECK_INT(seen.destroyed, 0);
    thingspace_plugin_options options = THINGSPACE_PLUGIN_OPTIONS_INIT;
    options.on_error = "panic";
    CHECK_STATUS(thingspace_client_add_plugin(client, &added_marking, &options, &error),
                 THINGSPACE_USAGE);
}

static void removing_leaves_the_others_in_their_order(void)
{
    seen seen = {0}, other = {0};
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_client thingspace_client *client = NULL;
    cleanup_json json *list = NULL;
    CHECK_OK(added_client(&client, ONE_ROW));
    CHECK_OK(added_add(client, &added_marking, "a", 5000, &seen, NULL));
    CHECK_OK(added_add(client, &added_marking, "b", 5000, &other, NULL));
    CHECK_OK(added_add(client, &added_marking, "c", 5000, &other, NULL));
    CHECK_OK(thingspace_client_remove_plugin(client, "a", NULL));
    CHECK_INT(seen.destroyed, 1);
    CHECK_INT(other.destroyed, 0);
    CHECK_STATUS(thingspace_client_remove_plugin(client, "a", &error), THINGSPACE_USAGE);
    CHECK_STATUS(thingspace_client_remove_plugin(client, "one", &error), THINGSPACE_USAGE);
    CHECK_STATUS(thingspace_client_remove_plugin(client, NULL, &error), THINGSPACE_USAGE);
    CHECK_OK(added_add(client, &added_marking, "a", 5000, &other, NULL));
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
    CHECK_OK(added_client(&client, ONE_ROW));
    CHECK_OK(added_add(client, &added_marking, "a", 5000, &seen, NULL));
    CHECK_OK(added_add(client, &added_marking, "b", 5000, &seen, NULL));
    CHECK_OK(added_add(client, &added_marking, "c", 5000, &seen, NULL));
    thingspace_status status = thingspace_client_remove_plugin(client, "a", NULL);
    CHECK(status == THINGSPACE_OK || status == THINGSPACE_MEMORY);
    CHECK_OK(list_plugins(client, &list));
    bool removed = status == THINGSPACE_OK;
    CHECK_TEXT(places_of(list), removed ? "one1 b2 c3" : "one1 a2 b3 c4");
    CHECK_TEXT(order_of(list, "request"), removed ? "one b c" : "one a b c");
}

static int misuse(void *self, thingspace_hook *hook)
{
    seen *seen = self;
    (void)hook;
    seen->inside[0] = thingspace_client_add_plugin(seen->client, &added_marking, NULL, NULL);
    seen->inside[1] = thingspace_client_remove_plugin(seen->client, "own", NULL);
    seen->inside[2] = thingspace_client_reload(seen->client, NULL);
    return 0;
}

static void inside_a_hook_nothing_is_added_or_removed(void)
{
    static const thingspace_plugin misusing = ADDED_PLUGIN(.request = misuse);
    seen seen = {0};
    cleanup_client thingspace_client *client = NULL;
    cleanup_added_text char *text = NULL;
    CHECK_OK(added_client(&client, NO_ROW));
    seen.client = client;
    CHECK_OK(added_add(client, &misusing, NULL, 5000, &seen, NULL));
    CHECK_OK(added_explain(client, &text));
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
    static const thingspace_plugin trying =
        ADDED_PLUGIN(.request = added_nothing, .destroy = try_client);
    seen seen = {0};
    {
        cleanup_client thingspace_client *client = NULL;
        CHECK_OK(added_client(&client, NO_ROW));
        seen.client = client;
        CHECK_OK(added_add(client, &trying, "a", 5000, &seen, NULL));
        CHECK_OK(added_add(client, &trying, "b", 5000, &seen, NULL));
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
    CHECK_OK(added_add(client, &added_marking, NULL, 5000, &seen, NULL));
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
    static const thingspace_plugin replying = ADDED_PLUGIN(.request = reply);
    cleanup_service service;
    cleanup_client thingspace_client *client = NULL;
    cleanup_result thingspace_result *result = NULL;
    CHECK_OK(service_start_alone(&service, NULL));
    CHECK_OK(service_client(&service, &client, NULL));
    CHECK_OK(added_add(client, &replying, NULL, 5000, NULL, NULL));
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
        self->status = added_add(self->client, &added_marking, NULL, 5000, self->seen, NULL);
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
    CHECK_OK(added_add(client, &added_marking, NULL, 5000, &seen, NULL));
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
    static const thingspace_plugin failing = ADDED_PLUGIN(.request = fail);
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
    CHECK_CASE(inside_a_hook_nothing_is_added_or_removed),
    CHECK_CASE(destroy_cannot_use_the_client),
    CHECK_CASE_ONCE(lua_and_own_hooks_change_one_request),
    CHECK_CASE_ONCE(a_reply_carries_its_header_fields),
    CHECK_CASE_ONCE(calls_in_flight_go_on_with_the_hooks_they_began_with),
    CHECK_CASE_ONCE(they_come_and_go_inside_done),
    CHECK_CASE_ONCE(a_failure_is_what_on_error_says),
};
CHECK_MAIN(cases)
