/* SPDX-License-Identifier: MIT */
/* The policies that ship: they load, decide and declare as their comments say. */
#include <stdio.h>
#include "base/text.h"
#include "policy_fixture.h"

static thingspace_status load(policy **out, const char *name, const policy_script_options *options,
                              thingspace_error *error)
{
    char path[512];
    const char *source = getenv("srcdir");
    snprintf(path, sizeof(path), "%s/scripts/%s", source ? source : ".", name);
    fixture_clear_environment();
    return policy_script_load(out, path, options, error);
}

static void the_quickstart_declares_one_listener(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *loaded = NULL;
    cleanup_desired_listeners desired_listeners found = {0};
    CHECK_OK(load(&loaded, "quickstart.lua", NULL, &error));
    CHECK_INT(policy_account_count(loaded), 1);
    CHECK_OK(policy_listeners(loaded, &found, "TestAccount-2", &error));
    CHECK_INT(found.count, 1);
    CHECK_TEXT(found.items[0].service, "CarrierService");
    CHECK_TEXT(found.items[0].url, "https://hooks.example.com/TestAccount-2/CarrierService");
    CHECK_TEXT(found.items[0].username, "TestAccount-2");
}

static void each_customer_has_a_credential(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *loaded = NULL;
    cleanup_decision decision north = {0}, acme = {0}, test = {0};
    CHECK_OK(load(&loaded, "multi-tenant.lua", NULL, &error));
    CHECK_INT(policy_account_count(loaded), 3);
    CHECK_OK(policy_resolve(loaded, &north, "0000123456-00001", &error));
    CHECK_TEXT(north.credential->name, "north");
    CHECK_OK(policy_resolve(loaded, &acme, "0000777001-00001", &error));
    CHECK_TEXT(acme.credential->name, "acme");
    CHECK_TEXT(acme.endpoint->name, "production");
    CHECK(north.tenant == NULL);
    CHECK_STATUS(policy_resolve(loaded, &test, "TestAccount-1", &error), THINGSPACE_POLICY);
}

static void a_customer_with_a_script_decides_for_its_accounts(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *loaded = NULL;
    cleanup_decision decision acme = {0}, other = {0};
    CHECK_OK(load(&loaded, "multi-tenant.lua", NULL, &error));
    CHECK_INT(policy_tenant_count(loaded), 1);
    CHECK_TEXT(policy_tenant_at(loaded, 0)->broken.message, "");
    CHECK_OK(policy_resolve(loaded, &acme, "0000777001-00001", &error));
    CHECK_TEXT(acme.tenant->name, "acme");
    CHECK_INT(acme.timeout_ms, 20000);
    CHECK_TEXT(json_get_string(acme.tags, "customer"), "acme");
    CHECK_OK(policy_resolve(loaded, &other, "0000777001-00002", &error));
    CHECK_TEXT(other.tenant->name, "acme");
}

static void test_accounts_go_to_the_simulator(void)
{
    static const char *const settings[] = {"simulator=http://127.0.0.1:8080", NULL};
    const policy_script_options options = {.settings = settings};
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *loaded = NULL;
    cleanup_decision decision decided = {0};
    CHECK_OK(load(&loaded, "multi-tenant.lua", &options, &error));
    CHECK_INT(policy_account_count(loaded), 5);
    CHECK_OK(policy_resolve(loaded, &decided, "TestAccount-1", &error));
    CHECK_TEXT(decided.endpoint->name, "simulator");
    CHECK_TEXT(decided.credential->name, "environment");
    CHECK_TEXT(json_get_string(decided.tags, "kind"), "test");
}

static void count_warning(void *user, const char *service, const char *text)
{
    (void)service;
    (void)text;
    ++*(int *)user;
}

static void listeners_follow_the_template(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *loaded = NULL;
    cleanup_desired_listeners desired_listeners found = {0};
    int warnings = 0;
    CHECK_OK(load(&loaded, "multi-tenant.lua", NULL, &error));
    CHECK_OK(policy_listeners(loaded, &found, "0000777001-00001", &error));
    CHECK_INT(found.count, 2);
    CHECK_TEXT(found.items[1].url, "https://hooks.example.com/0000777001-00001/NiddService");
    CHECK(found.items[1].password != NULL);
    for (size_t i = 0; i < found.count; i++)
        CHECK_OK(desired_listener_check(&found.items[i], NULL, count_warning, &warnings, &error));
    CHECK_INT(warnings, 0);
}

static void the_fleet_has_templates_tags_groups_and_checks(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *loaded = NULL;
    cleanup_decision decision first = {0}, second = {0};
    cleanup_desired_listeners desired_listeners found = {0};
    int warnings = 0;
    CHECK_OK(load(&loaded, "fleet.lua", NULL, &error));
    CHECK_OK(policy_resolve(loaded, &first, "0000123456-00001", &error));
    CHECK_TEXT(first.credential->name, "north");
    CHECK_TEXT(json_get_string(first.tags, "tier"), "gold");
    CHECK_INT(listener_levels_get(&first.checks, "port"), LISTENER_REFUSE);
    CHECK_OK(policy_resolve(loaded, &second, "0000123456-00002", &error));
    CHECK_INT(listener_levels_get(&second.checks, "port"), LISTENER_IGNORE);
    CHECK_OK(policy_listeners(loaded, &found, "0000654321-00001", &error));
    CHECK_INT(found.count, 3);
    CHECK_TEXT(found.items[1].url,
               "https://hooks.example.com/0000654321-00001/DeviceUsage/{token}");
    CHECK_TEXT(found.items[2].url,
               "https://pilot.example.com/NiddService?account=0000654321-00001");
    for (size_t i = 0; i < found.count; i++)
        CHECK_OK(desired_listener_check(&found.items[i], &first.checks, count_warning, &warnings,
                                        &error));
    CHECK_INT(warnings, 0);
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(the_fleet_has_templates_tags_groups_and_checks),
    CHECK_CASE(the_quickstart_declares_one_listener),
    CHECK_CASE_ONCE(each_customer_has_a_credential),
    CHECK_CASE_ONCE(a_customer_with_a_script_decides_for_its_accounts),
    CHECK_CASE_ONCE(test_accounts_go_to_the_simulator),
    CHECK_CASE_ONCE(listeners_follow_the_template),
};

CHECK_MAIN(cases)
