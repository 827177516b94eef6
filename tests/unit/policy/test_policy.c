/* SPDX-License-Identifier: MIT */
/* Declared data and decisions, with a back-end of C in place of a script. */
#include <stdio.h>
#include "base/text.h"
#include "check.h"
#include "policy/policy.h"

static thingspace_status add_endpoint(policy *to, const char *name, thingspace_error *error)
{
    const endpoint_options options = {.url = "https://ts.example"};
    endpoint *made;
    thingspace_status status = endpoint_new(&made, name, &options, error);
    return status == THINGSPACE_OK ? policy_add_endpoint(to, made, error) : status;
}

static thingspace_status add_credential(policy *to, const char *name, thingspace_error *error)
{
    credential *made;
    thingspace_status status = credential_new(&made, name, error);
    return status == THINGSPACE_OK ? policy_add_credential(to, made, error) : status;
}

/* A policy with endpoints production and lab, credentials environment and acme. */
static thingspace_status make(policy **out, thingspace_error *error)
{
    thingspace_status status = policy_new(out, "fleet", "fleet.lua", error);
    if (status == THINGSPACE_OK)
        status = add_endpoint(*out, "production", error);
    if (status == THINGSPACE_OK)
        status = add_endpoint(*out, "lab", error);
    if (status == THINGSPACE_OK)
        status = add_credential(*out, "environment", error);
    if (status == THINGSPACE_OK)
        status = add_credential(*out, "acme", error);
    if (status == THINGSPACE_OK)
        policy_set_default_endpoint(*out, policy_endpoint(*out, "production"));
    return status;
}

static thingspace_status make_row(json **out, const char *text, thingspace_error *error)
{
    return json_parse(out, text, strlen(text), error);
}

static void names_are_declared_once(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *p = NULL;
    CHECK_OK(make(&p, &error));
    CHECK_STATUS(add_endpoint(p, "lab", &error), THINGSPACE_POLICY);
    CHECK_TEXT(error.message, "endpoint 'lab' is declared twice: keep one");
    CHECK_STATUS(add_credential(p, "environment", &error), THINGSPACE_POLICY);
    CHECK_TEXT(error.message, "credential 'environment' is built in: take another name");
    CHECK_STATUS(add_credential(p, "", &error), THINGSPACE_POLICY);
    CHECK_STATUS(add_credential(p, "a\nb", &error), THINGSPACE_POLICY);
    CHECK_OK(policy_add_account(p, "a", NULL, &error));
    CHECK_STATUS(policy_add_account(p, "a", NULL, &error), THINGSPACE_POLICY);
    CHECK_TEXT(error.message, "account a is declared twice: keep one");
    CHECK_INT(policy_endpoint_count(p), 2);
    CHECK_INT(policy_credential_count(p), 2);
}

static void accounts_keep_their_order_and_rows(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *p = NULL;
    json *row = NULL;
    CHECK_OK(make(&p, &error));
    CHECK_OK(policy_add_account(p, "0000123456-00002", NULL, &error));
    CHECK_OK(make_row(&row, "{\"account\": \"0000123456-00001\", \"x\": 1}", &error));
    CHECK_OK(policy_add_account(p, "0000123456-00001", row, &error));
    CHECK_INT(policy_account_count(p), 2);
    CHECK_TEXT(policy_account(p, 0), "0000123456-00002");
    CHECK(policy_row(p, "0000123456-00002") == NULL);
    CHECK(json_get(row_tree(policy_row(p, "0000123456-00001")), "x") != NULL);
}

static void rows_of_texts_are_packed_and_decide_as_others_do(void)
{
    static const row_text first[] = {
        {"account", "a"}, {"credential", "acme"}, {"note", ""}, {"timeout_ms", "250"}};
    static const row_text second[] = {{"account", "b"}, {"credential", ""}, {"timeout_ms", ""}};
    static const row_text refused[] = {{"account", "c"}, {"endpoint", "lap"}};
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *p = NULL;
    cleanup_decision decision a = {0}, b = {0};
    row_cursor cursor = {0};
    CHECK_OK(make(&p, &error));
    CHECK_OK(policy_add_account_texts(p, "a", first, 4, &error));
    CHECK_OK(policy_add_account_texts(p, "b", second, 3, &error));
    CHECK_STATUS(policy_add_account_texts(p, "c", refused, 2, &error), THINGSPACE_POLICY);
    CHECK_TEXT(error.message, "account c: endpoint 'lap' is not declared; did you mean 'lab'?; "
                              "declared: production, lab");
    CHECK_STATUS(policy_add_account_texts(p, "a", first, 4, &error), THINGSPACE_POLICY);
    CHECK_OK(policy_resolve(p, &a, "a", &error));
    CHECK_TEXT(a.credential->name, "acme");
    CHECK_INT(a.timeout_ms, 250);
    CHECK_OK(policy_resolve(p, &b, "b", &error));
    CHECK_TEXT(b.credential->name, "environment");
    CHECK_INT(b.timeout_ms, 0);
    for (size_t i = 0; i < 4; i++) {
        CHECK(row_next(policy_row(p, "a"), &cursor));
        CHECK_TEXT(cursor.at.name, first[i].name);
        CHECK_TEXT(cursor.at.text, first[i].text);
    }
    CHECK(!row_next(policy_row(p, "a"), &cursor));
    CHECK_INT(policy_account_count(p), 2);
}

/* One after the other, and by turns; more than one block of them. */
static void rows_keep_their_own_members(void)
{
    static const char *const names[] = {"account", "endpoint1", "1endpoint", "x"};
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *p = NULL;
    char account[16], text[200];
    CHECK_OK(make(&p, &error));
    memset(text, 'x', sizeof(text));
    text[sizeof(text) - 1] = '\0';
    for (int i = 0; i < 900; i++) {
        snprintf(account, sizeof(account), "a-%d", i);
        text[0] = (char)('a' + i % 26);
        const row_text texts[] = {{"account", account}, {names[1 + i % 3], text}};
        CHECK_OK(policy_add_account_texts(p, account, texts, 2, &error));
    }
    for (int i = 0; i < 900; i++) {
        snprintf(account, sizeof(account), "a-%d", i);
        text[0] = (char)('a' + i % 26);
        CHECK_TEXT(policy_account(p, (size_t)i), account);
        CHECK_TEXT(row_get_text(policy_row(p, account), names[1 + i % 3]), text);
        CHECK(row_get_text(policy_row(p, account), names[1 + (i + 1) % 3]) == NULL);
    }
}

static void a_row_that_cannot_decide_is_refused(void)
{
    static const struct {
        const char *row, *message;
    } rows[] = {
        {"{\"endpoint\": \"lap\"}", "account a: endpoint 'lap' is not declared; did you mean "
                                    "'lab'?; declared: production, lab"},
        {"{\"credential\": \"x\"}",
         "account a: credential 'x' is not declared; declared: environment, acme"},
        {"{\"endpoint\": 7}", "account a: endpoint must be a name in quotes"},
        {"{\"timeout_ms\": \"soon\"}",
         "account a: timeout_ms must be a whole number, 1 to 3600000 milliseconds"},
        {"{\"timeout_ms\": 3600001}",
         "account a: timeout_ms must be a whole number, 1 to 3600000 milliseconds"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        thingspace_error error = THINGSPACE_ERROR_INIT;
        cleanup_policy policy *p = NULL;
        json *row = NULL;
        CHECK_OK(make(&p, &error));
        CHECK_OK(make_row(&row, rows[i].row, &error));
        CHECK_STATUS(policy_add_account(p, "a", row, &error), THINGSPACE_POLICY);
        CHECK_TEXT(error.message, rows[i].message);
        CHECK_INT(policy_account_count(p), 0);
    }
}

static thingspace_status answer_names(void *self, decision_names *out, const char *account,
                                      const row *row, thingspace_error *error)
{
    const decision_names *given = self;
    (void)account;
    (void)row;
    *out = *given;
    out->endpoint = text_copy(given->endpoint);
    out->credential = text_copy(given->credential);
    if ((given->endpoint && !out->endpoint) || (given->credential && !out->credential))
        return THINGSPACE_MEMORY;
    (void)error;
    return THINGSPACE_OK;
}

static const policy_backend naming = {.resolve = answer_names};

static void the_answer_beats_the_row_and_the_row_the_default(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *p = NULL;
    json *row = NULL;
    char lab[] = "lab";
    decision_names answer = {.endpoint = lab};
    cleanup_decision decision decided = {0};
    CHECK_OK(make(&p, &error));
    CHECK_OK(make_row(&row,
                      "{\"endpoint\": \"production\", \"credential\": \"acme\","
                      " \"timeout_ms\": 5}",
                      &error));
    CHECK_OK(policy_add_account(p, "a", row, &error));
    policy_set_backend(p, &naming, &answer);
    CHECK_OK(policy_resolve(p, &decided, "a", &error));
    CHECK_TEXT(decided.endpoint->name, "lab");
    CHECK_TEXT(decided.credential->name, "acme");
    CHECK_INT(decided.timeout_ms, 5);
}

static void an_answer_names_only_what_was_declared(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *p = NULL;
    char url[] = "https://user:word@evil.example";
    decision_names answer = {.endpoint = url, .line = 12};
    cleanup_decision decision decided = {0};
    CHECK_OK(make(&p, &error));
    CHECK_OK(policy_add_account(p, "a", NULL, &error));
    policy_set_backend(p, &naming, &answer);
    CHECK_STATUS(policy_resolve(p, &decided, "a", &error), THINGSPACE_POLICY);
    CHECK_TEXT(error.message, "fleet.lua:12: resolve(a): endpoint is a URL where a name belongs: "
                              "name one of: production, lab");
    CHECK_TEXT(error.account, "a");
    CHECK_INT(error.line, 12);
}

static void only_an_open_policy_takes_any_account(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *p = NULL;
    decision_names unknown = {.undeclared = true};
    cleanup_decision decision decided = {0};
    CHECK_OK(make(&p, &error));
    CHECK_STATUS(policy_resolve(p, &decided, "b", &error), THINGSPACE_POLICY);
    policy_set_open(p, true);
    CHECK_OK(policy_resolve(p, &decided, "b", &error));
    CHECK_TEXT(decided.credential->name, "environment");
    policy_set_backend(p, &naming, &unknown);
    CHECK_STATUS(policy_resolve(p, &decided, "b", &error), THINGSPACE_POLICY);
}

static const check_case cases[] = {
    CHECK_CASE(names_are_declared_once),
    CHECK_CASE(accounts_keep_their_order_and_rows),
    CHECK_CASE(rows_of_texts_are_packed_and_decide_as_others_do),
    CHECK_CASE_ONCE(rows_keep_their_own_members),
    CHECK_CASE(a_row_that_cannot_decide_is_refused),
    CHECK_CASE(the_answer_beats_the_row_and_the_row_the_default),
    CHECK_CASE(an_answer_names_only_what_was_declared),
    CHECK_CASE(only_an_open_policy_takes_any_account),
};

CHECK_MAIN(cases)
