/* SPDX-License-Identifier: MIT */
/* Manifests: usable, or refused with what is wrong; and what a row must grant. */
#include <config.h>
#include "check.h"
#include "base/text.h"
#include "plugin/manifest.h"

#define OWNED_MANIFEST(name)                                                                       \
    cleanup_manifest manifest name;                                                                \
    manifest_init(&name)

static void name_and_version_are_copied(void)
{
    OWNED_MANIFEST(made);
    char name[] = "headers";
    CHECK_OK(manifest_set_name(&made, name, "1.0.0", NULL));
    name[0] = 'x';
    CHECK_TEXT(made.name, "headers");
    CHECK_TEXT(made.version, "1.0.0");
    CHECK_OK(manifest_set_name(&made, "other", "2", NULL));
    CHECK_TEXT(made.name, "other");
}

static void names_and_versions_that_are_none_are_refused(void)
{
    OWNED_MANIFEST(made);
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_STATUS(manifest_set_name(&made, "My Plugin", "1", &error), THINGSPACE_PLUGIN);
    CHECK(strstr(error.message, "not 'My Plugin'") != NULL);
    CHECK_STATUS(manifest_set_name(&made, NULL, "1", NULL), THINGSPACE_PLUGIN);
    const char *bad[] = {NULL, "", "1\n2", "123456789012345678901234567890123", "\xff"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        CHECK_STATUS(manifest_set_name(&made, "a", bad[i], NULL), THINGSPACE_PLUGIN);
    CHECK(made.name == NULL);
    CHECK_OK(manifest_set_name(&made, "a", "12345678901234567890123456789012", NULL));
}

static void another_api_is_refused(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_OK(manifest_check_api(1, NULL));
    CHECK_STATUS(manifest_check_api(2, &error), THINGSPACE_PLUGIN);
    CHECK(strstr(error.message, "written for api 2") != NULL);
    CHECK_STATUS(manifest_check_api(0, NULL), THINGSPACE_PLUGIN);
}

static void hooks_are_phases_by_name(void)
{
    OWNED_MANIFEST(made);
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_OK(manifest_add_hook(&made, "request", NULL));
    CHECK_OK(manifest_add_hook(&made, "audit", NULL));
    CHECK_INT(made.hooks, PHASE_BIT(PHASE_REQUEST) | PHASE_BIT(PHASE_AUDIT));
    CHECK_STATUS(manifest_add_hook(&made, "reqest", &error), THINGSPACE_PLUGIN);
    CHECK_TEXT(error.message, "hook 'reqest' is not known; did you mean 'request'?");
    CHECK_STATUS(manifest_add_hook(&made, "configure", &error), THINGSPACE_PLUGIN);
    CHECK(strstr(error.message, "stands beside hooks") != NULL);
    CHECK_STATUS(manifest_add_hook(&made, "resolve", NULL), THINGSPACE_PLUGIN);
    CHECK_STATUS(manifest_add_hook(&made, NULL, NULL), THINGSPACE_PLUGIN);
    CHECK_INT(made.hooks, PHASE_BIT(PHASE_REQUEST) | PHASE_BIT(PHASE_AUDIT));
}

static void a_capability_can_be_optional(void)
{
    OWNED_MANIFEST(made);
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_OK(manifest_add_capability(&made, "error:write?", NULL));
    CHECK_INT(made.capabilities, CAPABILITY_ERROR_WRITE);
    CHECK_INT(made.optional, CAPABILITY_ERROR_WRITE);
    CHECK_OK(manifest_add_capability(&made, "error:write", NULL));
    CHECK_INT(made.optional, 0);
    CHECK_OK(manifest_add_capability(&made, "error:write?", NULL));
    CHECK_INT(made.optional, 0);
    const char *bad[] = {"error:writ?", "error:write??", "?", "", NULL};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        CHECK_STATUS(manifest_add_capability(&made, bad[i], &error), THINGSPACE_PLUGIN);
    CHECK_INT(made.capabilities, CAPABILITY_ERROR_WRITE);
}

static thingspace_status check_grant(capability_set grant, bool declared, const char *tenant,
                                     thingspace_error *error)
{
    OWNED_MANIFEST(made);
    cleanup_plugin_row plugin_row *row = NULL;
    thingspace_status status = manifest_set_name(&made, "headers", "1", error);
    if (status == THINGSPACE_OK)
        status = manifest_add_capability(&made, "request.headers:write", error);
    if (status == THINGSPACE_OK)
        status = manifest_add_capability(&made, "request:reply?", error);
    if (status == THINGSPACE_OK)
        status = plugin_row_new(&row, "headers", "fleet.lua: plugins[2]");
    if (status != THINGSPACE_OK)
        return status;
    row->grant = grant;
    row->grant_declared = declared;
    row->tenant = text_copy(tenant);
    if (tenant && !row->tenant)
        return THINGSPACE_MEMORY;
    return manifest_check_grant(&made, row, error);
}

static void what_is_declared_must_be_granted(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_OK(check_grant(CAPABILITY_REQUEST_HEADERS_WRITE, false, NULL, NULL));
    CHECK_OK(check_grant(0, true, NULL, NULL));
    CHECK_STATUS(check_grant(CAPABILITY_ERROR_WRITE, false, NULL, &error), THINGSPACE_PLUGIN);
    CHECK_TEXT(error.message, "fleet.lua: plugins[2]: headers: the plugin needs "
                              "'request.headers:write': add it to the row's grant if it may have "
                              "it");
    CHECK_STATUS(check_grant(0, false, "acme", &error), THINGSPACE_PLUGIN);
    CHECK(strstr(error.message, "which tenant 'acme' may not give it") != NULL);
}

static const check_case cases[] = {
    CHECK_CASE(name_and_version_are_copied),
    CHECK_CASE(names_and_versions_that_are_none_are_refused),
    CHECK_CASE(another_api_is_refused),
    CHECK_CASE(hooks_are_phases_by_name),
    CHECK_CASE(a_capability_can_be_optional),
    CHECK_CASE(what_is_declared_must_be_granted),
};
CHECK_MAIN(cases)
