/* SPDX-License-Identifier: MIT */
/* Endpoint and credential of the environment, and which policy file applies. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include "base/text.h"
#include "check.h"
#include "policy/environment.h"

static void clear(void)
{
    static const char *const names[] = {"THINGSPACE_URL",           "THINGSPACE_API_URL",
                                        "THINGSPACE_TOKEN_URL",     "THINGSPACE_KEY",
                                        "THINGSPACE_KEY_FILE",      "THINGSPACE_SECRET",
                                        "THINGSPACE_SECRET_FILE",   "THINGSPACE_USERNAME",
                                        "THINGSPACE_USERNAME_FILE", "THINGSPACE_PASSWORD",
                                        "THINGSPACE_PASSWORD_FILE", "THINGSPACE_POLICY",
                                        "XDG_CONFIG_HOME",          "HOME"};
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        unsetenv(names[i]);
}

static void without_variables_it_is_production_without_secrets(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *p = NULL;
    cleanup_decision decision decided = {0};
    clear();
    CHECK_OK(environment_policy(&p, NULL, &error));
    CHECK_OK(policy_resolve(p, &decided, "any-account", &error));
    CHECK_TEXT(decided.endpoint->name, "production");
    CHECK_TEXT(decided.endpoint->api, "https://thingspace.verizon.com/api/m2m/v1");
    CHECK_TEXT(decided.credential->name, "environment");
    CHECK(decided.credential->key == NULL && decided.credential->password == NULL);
    CHECK(policy_endpoint(p, "environment") != NULL);
    CHECK(policy_script(p) == NULL);
}

static void a_missing_part_names_its_variables(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *p = NULL;
    cleanup_secret thingspace_secret *key = NULL;
    clear();
    CHECK_OK(environment_policy(&p, NULL, &error));
    const credential *found = policy_credential(p, "environment");
    CHECK_STATUS(credential_resolve(found, found->key, "key", &key, NULL, &error), THINGSPACE_AUTH);
    CHECK_TEXT(error.message, "credential environment has no key: set THINGSPACE_KEY or "
                              "THINGSPACE_KEY_FILE; missing too: secret, username, password");
}

static void a_url_makes_the_environment_the_default(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *one = NULL, *both = NULL;
    clear();
    setenv("THINGSPACE_URL", "http://127.0.0.1:8080", 1);
    CHECK_OK(environment_policy(&one, NULL, &error));
    CHECK_TEXT(policy_default_endpoint(one)->name, "environment");
    CHECK_TEXT(policy_default_endpoint(one)->api, "http://127.0.0.1:8080/api/m2m/v1");
    CHECK(!policy_default_endpoint(one)->insecure);
    CHECK(!policy_default_endpoint(one)->private_allowed);
    clear();
    setenv("THINGSPACE_API_URL", "https://a.example/m2m", 1);
    setenv("THINGSPACE_TOKEN_URL", "https://b.example/oauth2/token", 1);
    CHECK_OK(environment_policy(&both, NULL, &error));
    CHECK_TEXT(policy_default_endpoint(both)->api, "https://a.example/m2m");
    CHECK(memcmp(policy_digest(one), policy_digest(both), sizeof(digest)) != 0);
}

static void contradicting_variables_are_refused(void)
{
    static const char *const rows[][2] = {
        {"THINGSPACE_API_URL", NULL},
        {"THINGSPACE_TOKEN_URL", NULL},
        {"THINGSPACE_KEY", "THINGSPACE_KEY_FILE"},
        {"THINGSPACE_PASSWORD", "THINGSPACE_PASSWORD_FILE"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        thingspace_error error = THINGSPACE_ERROR_INIT;
        cleanup_policy policy *p = NULL;
        clear();
        for (size_t j = 0; j < 2 && rows[i][j]; j++)
            setenv(rows[i][j], "https://x.example", 1);
        CHECK_STATUS(environment_policy(&p, NULL, &error), THINGSPACE_USAGE);
        CHECK(strstr(error.message, rows[i][0]) != NULL);
    }
}

static void an_unusable_url_is_refused(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *p = NULL;
    clear();
    setenv("THINGSPACE_URL", "http://10.0.0.1", 1);
    CHECK_STATUS(environment_policy(&p, NULL, &error), THINGSPACE_USAGE);
}

static thingspace_status read_part(secret_source *part, const char *expected, bool *same,
                                   thingspace_error *error)
{
    cleanup_secret thingspace_secret *value = NULL;
    thingspace_status status = secret_source_resolve(part, &value, NULL, error);
    *same = status == THINGSPACE_OK && strcmp(secret_bytes(value), expected) == 0;
    return status;
}

static void secrets_come_from_variables_and_files(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *p = NULL;
    bool same = false;
    clear();
    setenv("THINGSPACE_KEY", "k", 1);
    setenv("THINGSPACE_SECRET_FILE", check_file("secret", "from a file\n"), 1);
    CHECK_OK(environment_policy(&p, NULL, &error));
    clear();
    const credential *found = policy_credential(p, "environment");
    CHECK_OK(read_part(found->key, "k", &same, &error));
    CHECK(same);
    CHECK_OK(read_part(found->secret, "from a file", &same, &error));
    CHECK(same);
    CHECK(found->username == NULL);
}

static thingspace_status answer(void *user, const char *part, thingspace_secret **out,
                                thingspace_error *error)
{
    ++*(int *)user;
    return thingspace_secret_new(out, part, strlen(part), error);
}

static void what_is_missing_is_asked_for_once(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *p = NULL;
    int asked = 0;
    bool same = false;
    const environment_options options = {answer, &asked};
    clear();
    setenv("THINGSPACE_KEY", "k", 1);
    CHECK_OK(environment_policy(&p, &options, &error));
    const credential *found = policy_credential(p, "environment");
    CHECK_OK(read_part(found->key, "k", &same, &error));
    CHECK(same);
    CHECK_INT(asked, 0);
    CHECK_OK(read_part(found->password, "password", &same, &error));
    CHECK(same);
    CHECK_OK(read_part(found->password, "password", &same, &error));
    CHECK_INT(asked, 1);
}

static void a_named_policy_comes_first(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_text char *path = NULL, *none = NULL;
    clear();
    setenv("THINGSPACE_KEY", "k", 1);
    setenv("THINGSPACE_POLICY", "fleet.lua", 1);
    CHECK_OK(environment_policy_file(&path, &error));
    CHECK_TEXT(path, "fleet.lua");
    unsetenv("THINGSPACE_POLICY");
    CHECK_OK(environment_policy_file(&none, &error));
    CHECK(none == NULL);
}

static void the_users_policy_comes_before_the_systems(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_text char *settings = NULL, *home = NULL, *folder = NULL, *expected = NULL;
    clear();
    folder = text_format("%s/thingspace", check_folder());
    CHECK_MADE(folder);
    mkdir(folder, 0700);
    check_file("thingspace/policy.lua", "return {}");
    setenv("XDG_CONFIG_HOME", check_folder(), 1);
    CHECK_OK(environment_policy_file(&settings, &error));
    expected = text_format("%s/thingspace/policy.lua", check_folder());
    CHECK_MADE(expected);
    CHECK_TEXT(settings, expected);
    clear();
    setenv("HOME", "relative", 1);
    CHECK_OK(environment_policy_file(&home, &error));
    CHECK(home == NULL || text_equal(home, "/etc/thingspace/policy.lua"));
}

static void without_home_the_systems_policy_is_left(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_text char *path = NULL;
    clear();
    CHECK_OK(environment_policy_file(&path, &error));
    CHECK(path == NULL || text_equal(path, "/etc/thingspace/policy.lua"));
}

static const check_case cases[] = {
    CHECK_CASE(without_variables_it_is_production_without_secrets),
    CHECK_CASE(a_missing_part_names_its_variables),
    CHECK_CASE(a_url_makes_the_environment_the_default),
    CHECK_CASE(contradicting_variables_are_refused),
    CHECK_CASE(an_unusable_url_is_refused),
    CHECK_CASE(secrets_come_from_variables_and_files),
    CHECK_CASE(what_is_missing_is_asked_for_once),
    CHECK_CASE(a_named_policy_comes_first),
    CHECK_CASE(the_users_policy_comes_before_the_systems),
    CHECK_CASE(without_home_the_systems_policy_is_left),
};

CHECK_MAIN(cases)
