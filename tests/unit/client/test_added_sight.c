/* SPDX-License-Identifier: MIT */
/* What hooks of the program itself see and change; their place and life are test_added_plugin.c. */
#include <config.h>
#include <stdio.h>
#include "added.h"

static int deny(void *self, thingspace_hook *hook)
{
    (void)self;
    return thingspace_hook_deny(hook, "night", "not before 22:00");
}

static void explain_shows_what_they_do(void)
{
    static const thingspace_plugin denying = ADDED_PLUGIN(.check = deny);
    seen seen = {0};
    cleanup_client thingspace_client *client = NULL;
    cleanup_added_text char *text = NULL;
    CHECK_OK(added_client(&client, NO_ROW));
    CHECK_OK(added_add(client, &added_marking, NULL, 5000, &seen, NULL));
    CHECK_OK(added_add(client, &denying, "nights", 5000, NULL, NULL));
    CHECK_OK(added_explain(client, &text));
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
    static const thingspace_plugin reading = ADDED_PLUGIN(.request = ask_all);
    seen seen = {0};
    cleanup_client thingspace_client *client = NULL;
    cleanup_added_text char *text = NULL;
    thingspace_request request = THINGSPACE_REQUEST_INIT;
    thingspace_secret *password = NULL;
    CHECK_OK(added_client(&client, NO_ROW));
    CHECK_OK(added_add(client, &reading, NULL, 5000, &seen, NULL));
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
    static const thingspace_plugin setting = ADDED_PLUGIN(.request = set_vars);
    static const thingspace_plugin reading = ADDED_PLUGIN(.check = read_all);
    seen seen = {0};
    cleanup_client thingspace_client *client = NULL;
    cleanup_added_text char *text = NULL;
    CHECK_OK(added_client(&client, TAGGED));
    CHECK_OK(added_add(client, &setting, "a", 5000, &seen, NULL));
    CHECK_OK(added_add(client, &reading, "b", 5000, &seen, NULL));
    CHECK_OK(added_explain(client, &text));
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
    static const thingspace_plugin setting = ADDED_PLUGIN(.request = set_secret);
    seen seen = {0};
    cleanup_client thingspace_client *client = NULL;
    cleanup_added_text char *text = NULL;
    CHECK_OK(added_client(&client, NO_ROW));
    CHECK_OK(added_add(client, &setting, NULL, 5000, &seen, NULL));
    CHECK_OK(added_explain(client, &text));
    CHECK(check_allocation_failed() || strstr(text, "\"password\":\"***\""));
    CHECK(!strstr(text, "hidden"));
}

static const check_case cases[] = {
    CHECK_CASE(explain_shows_what_they_do),
    CHECK_CASE(they_see_no_secret),
    CHECK_CASE(variables_and_tags_keep_their_types),
    CHECK_CASE(a_secret_can_be_put_into_the_body),
};
CHECK_MAIN(cases)
