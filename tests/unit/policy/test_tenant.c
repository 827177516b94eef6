/* SPDX-License-Identifier: MIT */
/* A tenant's rights, and whose account it is, with back-ends of C in place of scripts. */
#include <stdlib.h>
#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "check.h"
#include "policy/policy.h"
#include "policy/tenant_check.h"

static thingspace_status add_all(tenant_list *list, const char *const *texts,
                                 thingspace_error *error)
{
    thingspace_status status = THINGSPACE_OK;
    for (size_t i = 0; texts[i] && status == THINGSPACE_OK; i++)
        status = tenant_list_add(list, texts[i], error);
    return status;
}

/* May use endpoint production and lab, credential acme, URLs of *.acme.example, plugin headers. */
static thingspace_status make_tenant(tenant **out, const char *name, const char *accounts,
                                     thingspace_error *error)
{
    static const char *const endpoints[] = {"production", "lab", NULL};
    static const char *const credentials[] = {"acme", NULL};
    static const char *const urls[] = {"https://*.acme.example/*", NULL};
    if (tenant_new(out, name, "acme.lua") != THINGSPACE_OK)
        return error_memory(error);
    tenant *made = *out;
    thingspace_status status = tenant_list_add(&made->accounts, accounts, error);
    if (status == THINGSPACE_OK)
        status = add_all(&made->endpoints, endpoints, error);
    if (status == THINGSPACE_OK)
        status = add_all(&made->credentials, credentials, error);
    if (status == THINGSPACE_OK)
        status = add_all(&made->urls, urls, error);
    capability_set *rights = status == THINGSPACE_OK ? calloc(1, sizeof(*rights)) : NULL;
    if (!rights || map_new(&made->plugins, free) != THINGSPACE_OK) {
        free(rights);
        return error_memory(error);
    }
    *rights = CAPABILITY_REQUEST_HEADERS_WRITE | CAPABILITY_REQUEST_REPLY;
    if (map_set(made->plugins, "headers", rights) == THINGSPACE_OK)
        return THINGSPACE_OK;
    free(rights);
    return error_memory(error);
}

static void what_is_granted_passes_and_the_rest_is_named(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_tenant tenant *acme = NULL;
    CHECK_OK(make_tenant(&acme, "acme", "1-*", &error));
    CHECK_OK(tenant_check_endpoint(acme, "lab", &error));
    CHECK_STATUS(tenant_check_endpoint(acme, "environment", &error), THINGSPACE_POLICY);
    CHECK_TEXT(error.message, "tenant acme: endpoint 'environment' is not granted: granted are "
                              "production, lab");
    CHECK_OK(tenant_check_credential(acme, "acme", &error));
    CHECK_STATUS(tenant_check_credential(acme, "Acme", &error), THINGSPACE_POLICY);
    CHECK_OK(tenant_check_url(acme, "https://hooks.acme.example/x", &error));
    CHECK_STATUS(
        tenant_check_url(acme, "https://me:s3cret@evil.example:8443/a\n/?k=s3cret", &error),
        THINGSPACE_POLICY);
    CHECK_TEXT(error.message, "tenant acme: the URL https://evil.example:8443/a?/ is not granted: "
                              "granted are https://*.acme.example/*");
    CHECK_STATUS(
        tenant_check_url(acme, "https://evil.example/DKCrTWElAAYFy-N05hVucBEgPbyIN_Dc/x", &error),
        THINGSPACE_POLICY);
    CHECK(strstr(error.message, "the URL https://evil.example/***/x is not") != NULL);
    CHECK_STATUS(tenant_refuse_secret(acme, "blue", &error), THINGSPACE_POLICY);
    CHECK_TEXT(error.message, "secret 'blue' is not granted: nothing is granted");
    CHECK_OK(tenant_check_names(acme, NULL, NULL, &error));
    CHECK_STATUS(tenant_check_names(acme, "production", "x", &error), THINGSPACE_POLICY);
    CHECK(tenant_owns(acme, "1-1") && !tenant_owns(acme, "2-1") && !tenant_owns(acme, "x1-1"));
}

/* A name, and what only looks like it. */
static void names_are_compared_whole(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_tenant tenant *acme = NULL;
    CHECK_OK(make_tenant(&acme, "acme", "1-1", &error));
    CHECK_OK(tenant_check_names(acme, "production", "acme", &error));
    CHECK_STATUS(tenant_check_endpoint(acme, "production-2", &error), THINGSPACE_POLICY);
    CHECK_STATUS(tenant_check_endpoint(acme, "prod", &error), THINGSPACE_POLICY);
    CHECK_STATUS(tenant_check_credential(acme, "acme-2", &error), THINGSPACE_POLICY);
    CHECK_STATUS(tenant_check_credential(acme, "", &error), THINGSPACE_POLICY);
    CHECK(tenant_owns(acme, "1-1"));
    CHECK(!tenant_owns(acme, "1-12") && !tenant_owns(acme, "1-") && !tenant_owns(acme, ""));
}

static void a_list_has_a_longest(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_tenant tenant *acme = NULL;
    CHECK_OK(make_tenant(&acme, "acme", "1-*", &error));
    while (acme->accounts.count < LIMIT_TENANT_LIST)
        CHECK_OK(tenant_list_add(&acme->accounts, "2-*", &error));
    CHECK_STATUS(tenant_list_add(&acme->accounts, "3-*", &error), THINGSPACE_POLICY);
    CHECK(strstr(error.message, "more than 1000 items") != NULL);
}

static void release_request(request **request)
{
    request_free(*request);
}

static void each_url_of_a_body_must_be_granted(void)
{
    static const struct {
        const char *body;
        thingspace_status status;
    } rows[] = {
        {"{\"url\":\"https://hooks.acme.example/x\",\"name\":\"https://evil.example/\"}",
         THINGSPACE_OK},
        {"{\"a\":[{\"callbackURL\":\"https://evil.example/\"}]}", THINGSPACE_POLICY},
        {"{\"endpoint\":\"https://evil.example/\"}", THINGSPACE_POLICY},
    };
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_tenant tenant *acme = NULL;
    CHECK_OK(make_tenant(&acme, "acme", "1-*", &error));
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        __attribute__((cleanup(release_request))) request *request = NULL;
        const char *body = rows[i].body;
        CHECK_OK(request_new(&request, "POST", &error));
        CHECK_OK(request_set_text(request, body, strlen(body), &error));
        CHECK_STATUS(tenant_check_request(acme, request, &error), rows[i].status);
        CHECK_OK(tenant_check_request(NULL, request, &error));
    }
}

static void a_row_of_a_plugin_stays_within_its_grant(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_tenant tenant *acme = NULL;
    cleanup_plugin_row plugin_row *row = NULL;
    CHECK_OK(make_tenant(&acme, "acme", "1-*", &error));
    CHECK_OK(plugin_row_new(&row, "headers", "acme.lua: plugins[1]"));
    CHECK_OK(tenant_check_plugin(acme, row, &error));
    row->grant = CAPABILITY_REQUEST_REPLY;
    CHECK_OK(tenant_check_plugin(acme, row, &error));
    row->grant |= CAPABILITY_ERROR_WRITE;
    CHECK_STATUS(tenant_check_plugin(acme, row, &error), THINGSPACE_POLICY);
    CHECK_TEXT(error.message,
               "tenant acme: capability 'error:write' is not granted for plugin 'headers': the "
               "operator can add it to the tenant's row");
    cleanup_plugin_row plugin_row *file = NULL;
    CHECK_OK(plugin_row_new(&file, "hours.lua", "acme.lua: plugins[2]"));
    CHECK_STATUS(tenant_check_plugin(acme, file, &error), THINGSPACE_POLICY);
    CHECK_TEXT(error.message,
               "tenant acme: plugin 'hours.lua' is not granted: granted are headers; write "
               "[\"hours.lua\"] = { ... } in the tenant's row of plugins");
}

static void a_long_list_is_cut_in_messages(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_tenant tenant *acme = NULL;
    CHECK_OK(make_tenant(&acme, "acme", "1-*", &error));
    for (int i = 0; i < 100; i++) {
        cleanup_text char *name = text_format("endpoint-number-%d", i);
        CHECK_MADE(name);
        CHECK_OK(tenant_list_add(&acme->endpoints, name, &error));
    }
    CHECK_STATUS(tenant_check_endpoint(acme, "x", &error), THINGSPACE_POLICY);
    CHECK(strlen(error.message) < 260);
    CHECK_TEXT(error.message + strlen(error.message) - 5, ", ...");
}

static void what_cannot_be_an_item_is_refused(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_tenant tenant *acme = NULL;
    CHECK_OK(make_tenant(&acme, "acme", "1-*", &error));
    CHECK_STATUS(tenant_list_add(&acme->accounts, "", &error), THINGSPACE_POLICY);
    CHECK_STATUS(tenant_list_add(&acme->accounts, "a\nb", &error), THINGSPACE_POLICY);
    CHECK_STATUS(tenant_list_add(&acme->accounts, "\xff", &error), THINGSPACE_POLICY);
    CHECK_INT(acme->accounts.count, 1);
}

static void an_error_names_its_tenant_once(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_tenant tenant *acme = NULL;
    CHECK_OK(make_tenant(&acme, "acme", "1-*", &error));
    error_set(&error, THINGSPACE_POLICY, "acme.lua:1: tenant acme: no");
    tenant_name_error(acme, &error);
    CHECK_TEXT(error.message, "tenant acme: acme.lua:1: no");
    tenant_name_error(acme, &error);
    CHECK_TEXT(error.message, "tenant acme: acme.lua:1: no");
    tenant_name_error(acme, NULL);
}

/* --- In a policy --- */

static thingspace_status add_names(policy *to, thingspace_error *error)
{
    static const char *const endpoints[] = {"production", "lab"};
    static const char *const credentials[] = {"environment", "acme"};
    const endpoint_options options = {.url = "https://ts.example"};
    thingspace_status status = THINGSPACE_OK;
    for (size_t i = 0; i < 2 && status == THINGSPACE_OK; i++) {
        endpoint *place;
        credential *login;
        status = endpoint_new(&place, endpoints[i], &options, error);
        if (status == THINGSPACE_OK)
            status = policy_add_endpoint(to, place, error);
        if (status == THINGSPACE_OK)
            status = credential_new(&login, credentials[i], error);
        if (status == THINGSPACE_OK)
            status = policy_add_credential(to, login, error);
    }
    policy_set_default_endpoint(to, policy_endpoint(to, "production"));
    return status;
}

/* Accounts 1-1 and 2-1, tenant acme with 1-*. */
static thingspace_status make(policy **out, thingspace_error *error)
{
    tenant *acme = NULL;
    thingspace_status status = policy_new(out, "fleet", "fleet.lua", error);
    if (status == THINGSPACE_OK)
        status = add_names(*out, error);
    if (status == THINGSPACE_OK)
        status = policy_add_account(*out, "1-1", NULL, error);
    if (status == THINGSPACE_OK)
        status = policy_add_account(*out, "2-1", NULL, error);
    if (status != THINGSPACE_OK)
        return status;
    status = make_tenant(&acme, "acme", "1-*", error);
    if (status == THINGSPACE_OK)
        return policy_add_tenant(*out, acme, error);
    tenant_free(acme);
    return status;
}

typedef struct answers {
    const char *endpoint;
    thingspace_status status; /* with what the run fails */
    bool stopped;
} answers;

static thingspace_status answer(void *self, decision_names *out, const char *account,
                                const row *row, thingspace_error *error)
{
    const answers *given = self;
    (void)account;
    (void)row;
    if (given->status != THINGSPACE_OK)
        return error_set(error, given->status, "acme.lua:1: no");
    out->endpoint = text_copy(given->endpoint);
    return !out->endpoint && given->endpoint ? error_memory(error) : THINGSPACE_OK;
}

static bool was_stopped(const void *self)
{
    return ((const answers *)self)->stopped;
}

static const policy_backend answering = {.resolve = answer, .was_stopped = was_stopped};

/* The tenant's own policy, with this back-end. */
static thingspace_status open_tenant(policy *to, answers *given, thingspace_error *error)
{
    tenant *acme = policy_tenant_at(to, 0);
    policy *own = NULL;
    thingspace_status status = policy_new(&own, "acme", "acme.lua", error);
    if (status != THINGSPACE_OK)
        return status;
    policy_set_tenant(own, acme);
    policy_set_inherits(own, true);
    policy_set_backend(own, &answering, given);
    return policy_open_tenant(to, acme, own, error);
}

static void a_tenant_without_a_script_fails_its_accounts_alone(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *p = NULL;
    cleanup_decision decision found = {0};
    CHECK_OK(make(&p, &error));
    CHECK_STATUS(policy_resolve(p, &found, "1-1", &error), THINGSPACE_POLICY);
    CHECK_TEXT(error.message, "tenant acme: its script was not loaded");
    CHECK_TEXT(error.account, "1-1");
    CHECK_OK(policy_resolve(p, &found, "2-1", &error));
}

static void what_its_script_names_must_be_granted(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *p = NULL;
    cleanup_decision decision found = {0};
    answers given = {.endpoint = "lab"};
    CHECK_OK(make(&p, &error));
    CHECK_OK(open_tenant(p, &given, &error));
    CHECK_OK(policy_resolve(p, &found, "1-1", &error));
    CHECK_TEXT(found.endpoint->name, "lab");
    CHECK_TEXT(found.credential->name, "acme");
    CHECK_TEXT(found.tenant->name, "acme");
    CHECK_TEXT(policy_script_of(p, &found), "acme.lua");
    given.endpoint = "environment";
    CHECK_STATUS(policy_resolve(p, &found, "1-1", &error), THINGSPACE_POLICY);
    CHECK_TEXT(error.message, "tenant acme: acme.lua: resolve(1-1): endpoint 'environment' is not "
                              "granted: granted are production, lab");
}

static void a_run_that_a_limit_stopped_makes_it_rest(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *p = NULL;
    cleanup_decision decision found = {0};
    answers given = {.endpoint = "lab", .status = THINGSPACE_POLICY};
    CHECK_OK(make(&p, &error));
    CHECK_OK(open_tenant(p, &given, &error));
    tenant *acme = policy_tenant_at(p, 0);
    CHECK_STATUS(policy_resolve(p, &found, "1-1", &error), THINGSPACE_POLICY);
    CHECK_TEXT(error.message, "tenant acme: acme.lua:1: no");
    CHECK_INT(acme->bad_in_row, 0);
    given.stopped = true;
    CHECK_STATUS(policy_resolve(p, &found, "1-1", &error), THINGSPACE_POLICY);
    CHECK_INT(acme->bad_in_row, 1);
    CHECK_STATUS(policy_resolve(p, &found, "1-1", &error), THINGSPACE_POLICY);
    CHECK_TEXT(error.message, "tenant acme rests for another 1 s after: acme.lua:1: no");
    CHECK_OK(policy_resolve(p, &found, "2-1", &error));
    acme->rests_until_ms = clock_monotonic_ms();
    given = (answers){.endpoint = "lab"};
    CHECK_OK(policy_resolve(p, &found, "1-1", &error));
    CHECK_INT(acme->bad_in_row, 0);
}

static void what_is_not_declared_cannot_be_granted(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *p = NULL;
    tenant *made = NULL;
    CHECK_OK(make(&p, &error));
    thingspace_status status = make_tenant(&made, "other", "2-*", &error);
    if (status == THINGSPACE_OK)
        status = tenant_list_add(&made->credentials, "acne", &error);
    if (status == THINGSPACE_OK)
        status = policy_add_tenant(p, made, &error);
    else
        tenant_free(made);
    CHECK_STATUS(status, THINGSPACE_POLICY);
    CHECK_TEXT(error.message, "credential 'acne' is not declared; did you mean 'acme'?; declared: "
                              "environment, acme");
    CHECK_INT(policy_tenant_count(p), 1);
}

/* Whichever comes first: accounts or tenants. */
static void owners_do_not_depend_on_the_order(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *p = NULL;
    tenant *owner = NULL;
    CHECK_OK(make(&p, &error));
    CHECK_OK(policy_add_account(p, "1-2", NULL, &error));
    CHECK_OK(policy_add_account(p, "2-2", NULL, &error));
    CHECK_INT(policy_account_count(p), 4);
    CHECK_TEXT(policy_account(p, 2), "1-2");
    CHECK_OK(policy_tenant_of(p, "1-2", &owner, &error));
    CHECK(owner == policy_tenant_at(p, 0));
    CHECK_OK(policy_tenant_of(p, "2-2", &owner, &error));
    CHECK(owner == NULL);
    CHECK_OK(policy_tenant_of(p, "1-undeclared", &owner, &error));
    CHECK(owner == policy_tenant_at(p, 0));
}

static const check_case cases[] = {
    CHECK_CASE(what_is_granted_passes_and_the_rest_is_named),
    CHECK_CASE(names_are_compared_whole),
    CHECK_CASE_ONCE(a_list_has_a_longest),
    CHECK_CASE(each_url_of_a_body_must_be_granted),
    CHECK_CASE(a_row_of_a_plugin_stays_within_its_grant),
    CHECK_CASE(a_long_list_is_cut_in_messages),
    CHECK_CASE(what_cannot_be_an_item_is_refused),
    CHECK_CASE(an_error_names_its_tenant_once),
    CHECK_CASE(a_tenant_without_a_script_fails_its_accounts_alone),
    CHECK_CASE(what_its_script_names_must_be_granted),
    CHECK_CASE(a_run_that_a_limit_stopped_makes_it_rest),
    CHECK_CASE(what_is_not_declared_cannot_be_granted),
    CHECK_CASE(owners_do_not_depend_on_the_order),
};

CHECK_MAIN(cases)
