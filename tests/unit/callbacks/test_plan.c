/* SPDX-License-Identifier: MIT */
/* A plan over the simulator: what is read, what is told of it, what it leaves alone. */
#include <config.h>
#include <sys/stat.h>
#include "callbacks/fleet.h"

/* Three hundred accounts with a tag each, one listener wanted; `%s` is more of the policy. */
#define DRIFTED                                                                                    \
    "local rows = {}\n"                                                                            \
    "for i = 1, 300 do rows[i] = string.format('T-%%03d', i) end\n"                                \
    "return { name = 'fleet', accounts = rows, owns = { 'https://old.example.com/*' },\n"          \
    "  resolve = function(account) return { tags = { half = account < 'T-151' and 'low' or "       \
    "'high', number = 7 } } end,\n"                                                                \
    "  listeners = function(account) return { CarrierService = { url = "                           \
    "'https://hooks.example.com/' .. account } } end,\n%s }"

#define SMALL "return { name = 'small', accounts = { 'A', 'B' },\n%s }"

/* 100 accounts are as declared, 50 at an old host of ours, 10 at a stranger's, the rest is empty;
 * three have one that is ours and no longer declared, two a foreign one. */
static thingspace_status fill_fleet(service *service)
{
    thingspace_status status = THINGSPACE_OK;
    for (int i = 1; i <= 160 && status == THINGSPACE_OK; i++) {
        char account[16], url[100];
        const char *host = i <= 100   ? "hooks.example.com"
                           : i <= 150 ? "old.example.com"
                                      : "other.example.net";
        snprintf(account, sizeof(account), "T-%03d", i);
        snprintf(url, sizeof(url), "https://%s/%s", host, account);
        status = fleet_add(service, account, "CarrierService", url, NULL);
        if (status == THINGSPACE_OK && i <= 3)
            status =
                fleet_add(service, account, "NiddService", "https://hooks.example.com/n", NULL);
        if (status == THINGSPACE_OK && i <= 2)
            status =
                fleet_add(service, account, "DeviceUsage", "https://far.example.org/", "p-secret");
    }
    return status;
}

static thingspace_status make(service *service, thingspace_plan **out, const char *const *accounts,
                              const char *const *tags, const char *const *services,
                              thingspace_error *error)
{
    thingspace_plan_options options = THINGSPACE_PLAN_OPTIONS_INIT;
    options.accounts = accounts;
    options.tags = tags;
    options.services = services;
    return thingspace_plan_make(service->client, out, &options, error);
}

/* "add 1 change 2 ..." without what is 0. */
static const char *counted(const thingspace_plan *plan)
{
    static char text[300];
    thingspace_plan_counts counts = THINGSPACE_PLAN_COUNTS_INIT;
    thingspace_plan_count(plan, &counts);
    const struct {
        const char *name;
        size_t number;
    } all[] = {{"accounts", counts.accounts}, {"unread", counts.unread},
               {"add", counts.add},           {"change", counts.change},
               {"takeover", counts.takeover}, {"remove", counts.remove},
               {"blocked", counts.blocked},   {"unchanged", counts.unchanged},
               {"foreign", counts.foreign},   {"failed", counts.failed}};
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        if (all[i].number > 0)
            used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s %zu",
                                     used > 0 ? " " : "", all[i].name, all[i].number);
    return text;
}

static void three_hundred_accounts_are_compared(void)
{
    cleanup_service service;
    cleanup_plan thingspace_plan *plan = NULL;
    cleanup_plan thingspace_plan *again = NULL;
    CHECK_OK(fleet_start(&service, NULL, DRIFTED, ""));
    CHECK_OK(fill_fleet(&service));
    CHECK_OK(make(&service, &plan, NULL, NULL, NULL, NULL));
    CHECK_TEXT(counted(plan), "accounts 300 add 140 change 50 takeover 10 remove 3 unchanged 100 "
                              "foreign 2");
    CHECK_INT(plan->cell_count, 0);
    thingspace_plan_options with_cells = THINGSPACE_PLAN_OPTIONS_INIT;
    with_cells.flags = THINGSPACE_PLAN_CELLS;
    CHECK_OK(thingspace_plan_make(service.client, &again, &with_cells, NULL));
    CHECK_TEXT(thingspace_plan_id(again), thingspace_plan_id(plan));
    CHECK_INT(again->cell_count, 102);
    CHECK_INT(service_number(&service, "logins"), 1);
    char *text = NULL;
    CHECK_OK(thingspace_plan_json(plan, &text, NULL));
    bool secret = strstr(text, "p-secret") != NULL;
    thingspace_text_free(text);
    CHECK(!secret);
}

static void accounts_are_chosen_by_names_patterns_and_tags(void)
{
    cleanup_service service;
    CHECK_OK(fleet_start(&service, NULL, DRIFTED, ""));
    CHECK_OK(fill_fleet(&service));
    static const struct {
        const char *accounts[3], *tags[3], *services[3];
        const char *counts;
    } rows[] = {
        {{"T-001", "T-1?"}, {NULL}, {NULL}, NULL},
        {{"T-001", "T-10*"}, {NULL}, {NULL}, "accounts 11 change 9 remove 1 unchanged 2 foreign 1"},
        {{NULL}, {"half=low"}, {NULL}, "accounts 150 change 50 remove 3 unchanged 100 foreign 2"},
        {{NULL},
         {"half", "number=7"},
         {NULL},
         "accounts 300 add 140 change 50 takeover 10 remove 3 unchanged 100 foreign 2"},
        {{NULL}, {"half=none"}, {NULL}, NULL},
        {{NULL}, {"hal"}, {NULL}, NULL},
        {{"T-001"}, {NULL}, {"NiddService"}, "accounts 1 remove 1"},
        {{"T-001"}, {NULL}, {"C*", "Device*"}, "accounts 1 unchanged 1 foreign 1"},
        {{"X-*"}, {NULL}, {NULL}, NULL},
        {{"T-001", "T-001"}, {NULL}, {"C*"}, "accounts 1 unchanged 1"},
        {{"T-1*"}, {"half=low"}, {NULL}, "accounts 51 change 50 unchanged 1"},
        {{"T-001", "X"}, {NULL}, {NULL}, NULL},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        cleanup_plan thingspace_plan *plan = NULL;
        thingspace_status status =
            make(&service, &plan, rows[i].accounts, rows[i].tags, rows[i].services, NULL);
        CHECK(rows[i].counts ? status == THINGSPACE_OK : status != THINGSPACE_OK);
        if (rows[i].counts)
            CHECK_TEXT(counted(plan), rows[i].counts);
    }
}

static void an_account_that_cannot_be_read_is_told_of_and_the_others_are_read(void)
{
    cleanup_service service;
    cleanup_plan thingspace_plan *plan = NULL;
    CHECK_OK(fleet_start(&service, NULL, SMALL,
                         "listeners = function(account) if account == 'B' then error('no') end "
                         "return { CarrierService = { url = 'https://a.example.com/' } } end"));
    CHECK_OK(make(&service, &plan, NULL, NULL, NULL, NULL));
    CHECK_TEXT(counted(plan), "accounts 2 unread 1 add 1");
    CHECK_TEXT(plan->failures[0].account, "B");
    CHECK_INT(plan->failures[0].kind, THINGSPACE_POLICY);
    CHECK_INT(service_count(&service, "GET /api/m2m/v1/callbacks/B"), 0);
    CHECK(service_fault(&service, "GET /callbacks/A status=400 body=\"{"
                                  "\\\"errorCode\\\":\\\"REQUEST_FAILED.AccountName\\\"}\""));
    cleanup_plan thingspace_plan *none = NULL;
    CHECK_OK(make(&service, &none, NULL, NULL, NULL, NULL));
    CHECK_TEXT(counted(none), "accounts 2 unread 2");
    CHECK_TEXT(none->failures[0].code, "REQUEST_FAILED.AccountName");
}

#define DENIER                                                                                     \
    "listeners = function() return { CarrierService = { url = 'https://a.example.com/' },\n"       \
    "    NiddService = { url = 'https://a.example.com/' } } end,\n"                                \
    "plugins = { { '%s', grant = { 'request.body:write' } } }"

static void what_hooks_make_of_a_listener_is_what_is_wanted(void)
{
    cleanup_service service;
    cleanup_plan thingspace_plan *plan = NULL;
    const char *file = check_file(
        "denier.lua", "return { name = 'denier', version = '1.0.0', api = 1,\n"
                      "  capabilities = { 'request.body:write' },\n"
                      "  hooks = { request = function(call, request)\n"
                      "    if call.operation == 'register' and call.dry_run then\n"
                      "      request:set_json({ url = 'https://b.example.com/' .. call.account })\n"
                      "    end\n"
                      "  end,\n"
                      "  check = function(call)\n"
                      "    if call.service == 'NiddService' then return thingspace.deny('D', 'no') "
                      "end\n"
                      "  end } }");
    cleanup_text char *denier = text_format(DENIER, file);
    CHECK_MADE(denier);
    CHECK_OK(fleet_start(&service, NULL, SMALL, denier));
    CHECK_OK(fleet_add(&service, "A", "CarrierService", "https://b.example.com/A", NULL));
    CHECK_OK(fleet_add(&service, "A", "NiddService", "https://a.example.com/", NULL));
    CHECK_OK(fleet_add(&service, "B", "DeviceUsage", "https://b.example.com/x", NULL));
    CHECK_OK(make(&service, &plan, NULL, NULL, NULL, NULL));
    CHECK_TEXT(counted(plan), "accounts 2 add 1 remove 1 unchanged 1 failed 2");
    CHECK_TEXT(plan->failures[0].service, "NiddService");
    CHECK_INT(plan->failures[0].kind, THINGSPACE_DENIED);
    CHECK_TEXT(plan->changes[0].fields[PLAN_URL].to, "https://b.example.com/B");
}

static void a_registered_password_is_whatever_is_there(void)
{
    cleanup_service service;
    cleanup_plan thingspace_plan *plan = NULL;
    CHECK_OK(fleet_start(&service, NULL, SMALL,
                         "listeners = function(account) return { CarrierService = {\n"
                         "  url = 'https://a.example.com/', password = "
                         "thingspace.secret.registered } } end"));
    CHECK_OK(fleet_add(&service, "A", "CarrierService", "https://a.example.com/", "p-1"));
    CHECK_OK(make(&service, &plan, NULL, NULL, NULL, NULL));
    CHECK_TEXT(counted(plan), "accounts 2 add 1 unchanged 1");
    CHECK(!plan->changes[0].fields[PLAN_PASSWORD].differs);
}

static void listeners_of_other_apis_are_read_where_they_are_declared(void)
{
    cleanup_service service;
    cleanup_plan thingspace_plan *plan = NULL;
    const char *location = thingspace_api_at(1)->name, *name = thingspace_api_at(1)->services[0];
    cleanup_text char *more = text_format(
        "listeners = function(account) return { %s = { url = 'https://a.example.com/', api = "
        "'%s' } } end",
        name, location);
    CHECK_MADE(more);
    CHECK_OK(fleet_start(&service, NULL, SMALL, more));
    thingspace_simulator_listener listener = THINGSPACE_SIMULATOR_LISTENER_INIT;
    listener.account = "A";
    listener.service = name;
    listener.url = "https://a.example.com/";
    listener.api = location;
    CHECK_OK(thingspace_simulator_add_listener(service.simulator, &listener, NULL));
    CHECK_OK(make(&service, &plan, NULL, NULL, NULL, NULL));
    CHECK_TEXT(counted(plan), "accounts 2 add 1 unchanged 1");
    CHECK_TEXT(plan->changes[0].api, location);
}

static void one_service_of_two_apis_is_compared_with_each(void)
{
    cleanup_service service;
    cleanup_plan thingspace_plan *plan = NULL;
    CHECK_OK(fleet_start(&service, NULL, SMALL,
                         "listeners = function(account) return { Fota = {"
                         "  { url = 'https://a.example.com/1', api = 'software-v1' },"
                         "  { url = 'https://a.example.com/2', api = 'software-v2' } } } end"));
    thingspace_simulator_listener listener = THINGSPACE_SIMULATOR_LISTENER_INIT;
    listener.account = "A";
    listener.service = "Fota";
    listener.url = "https://a.example.com/2";
    listener.api = "software-v2";
    CHECK_OK(thingspace_simulator_add_listener(service.simulator, &listener, NULL));
    CHECK_OK(make(&service, &plan, NULL, NULL, NULL, NULL));
    CHECK_TEXT(counted(plan), "accounts 2 add 3 unchanged 1");
    CHECK_TEXT(plan->changes[0].account, "A");
    CHECK_TEXT(plan->changes[0].api, "software-v1");
    CHECK_TEXT(plan->changes[0].fields[PLAN_URL].to, "https://a.example.com/1");
}

static void a_saved_plan_is_loaded_for_its_policy_alone(void)
{
    cleanup_service service, other;
    cleanup_plan thingspace_plan *plan = NULL;
    cleanup_plan thingspace_plan *loaded = NULL;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    struct stat status;
    memset(&other, 0, sizeof(other));
    CHECK_OK(fleet_start(&service, NULL, DRIFTED, ""));
    CHECK_OK(fill_fleet(&service));
    CHECK_OK(make(&service, &plan, NULL, NULL, NULL, NULL));
    const char *file = check_file("saved.plan", "old");
    CHECK_OK(thingspace_plan_save(plan, file, NULL));
    CHECK(stat(file, &status) == 0 && (status.st_mode & 0777) == 0600);
    CHECK_OK(thingspace_plan_load(service.client, &loaded, file, NULL));
    CHECK_TEXT(thingspace_plan_id(loaded), thingspace_plan_id(plan));
    CHECK_TEXT(counted(loaded), counted(plan));
    CHECK(loaded->was_loaded && !plan->was_loaded);
    CHECK_OK(fleet_start(&other, NULL, SMALL, ""));
    cleanup_plan thingspace_plan *foreign = NULL;
    CHECK_STATUS(thingspace_plan_load(other.client, &foreign, file, &error), THINGSPACE_USAGE);
    CHECK(strstr(error.message, "fleet") != NULL);
    CHECK_STATUS(thingspace_plan_load(other.client, &foreign, "/nowhere/x", &error),
                 THINGSPACE_LOCAL);
    CHECK_STATUS(thingspace_plan_save(plan, "/nowhere/x", &error), THINGSPACE_LOCAL);
    CHECK_STATUS(thingspace_plan_save(plan, "/dev/../dev", &error), THINGSPACE_LOCAL);
    CHECK(strstr(error.message, "it is no file") != NULL);
}

/* A policy that reads what it can, `%s` is its tail. */
#define READS                                                                                      \
    "local rows = thingspace.csv('rows.csv'); thingspace.json_file('hosts.json')\n"                \
    "return { name = 'reads', accounts = { 'A' },\n"                                               \
    "  tenants = { t = { script = 't.lua', accounts = { 'T-*' } } } }%s"

static void write_read_files(void)
{
    check_file("rows.csv", "account\nA\n");
    check_file("hosts.json", "{}");
    check_file("t.lua", "return { accounts = { 'T-1' } }");
    check_file("p.lua", "return { name = 'p', version = '1', api = 1, hooks = {} }");
}

/* The digest of READS with these. */
static const char *digest_of(service *service, const char *tail, const char *setting,
                             const char *plugin)
{
    static char texts[16][DIGEST_TEXT_SIZE];
    static size_t next;
    char *out = texts[next++ % 16];
    cleanup_text char *policy = text_format(READS, tail);
    cleanup_client thingspace_client *client = NULL;
    const char *const settings[] = {setting, NULL};
    const char *const plugins[] = {plugin, NULL};
    thingspace_client_options options = THINGSPACE_CLIENT_OPTIONS_INIT;
    options.policy_text = policy;
    options.policy_folder = check_folder();
    options.settings = settings;
    options.plugins = plugins;
    strcpy(out, "none");
    if (policy && service_client(service, &client, &options) == THINGSPACE_OK)
        digest_write(generation_digest(client->generation), out);
    return out;
}

static void all_that_a_policy_is_read_from_is_in_its_digest(void)
{
    cleanup_service service;
    char plugin[400], with_options[420];
    write_read_files();
    snprintf(plugin, sizeof(plugin), "%s/p.lua", check_folder());
    snprintf(with_options, sizeof(with_options), "%s,{}", plugin);
    CHECK_OK(service_start_alone(&service, NULL));
    const char *plain = digest_of(&service, "", NULL, NULL);
    CHECK_INT(strlen(plain), 32);
    CHECK_TEXT(digest_of(&service, "", NULL, NULL), plain);
    CHECK(strcmp(digest_of(&service, " ", NULL, NULL), plain) != 0);
    CHECK(strcmp(digest_of(&service, "", "a=1", NULL), plain) != 0);
    const char *plugged = digest_of(&service, "", NULL, plugin);
    CHECK(strcmp(plugged, "none") != 0 && strcmp(plugged, plain) != 0);
    CHECK(strcmp(digest_of(&service, "", NULL, with_options), plugged) != 0);
    check_file("p.lua", "return { name = 'p', version = '1', api = 1, hooks = {} } ");
    CHECK(strcmp(digest_of(&service, "", NULL, plugin), plugged) != 0);
    static const char *const changed[] = {"rows.csv", "hosts.json", "t.lua"};
    for (size_t i = 0; i < sizeof(changed) / sizeof(changed[0]); i++) {
        write_read_files();
        CHECK_TEXT(digest_of(&service, "", NULL, NULL), plain);
        check_file(changed[i], i == 0 ? "account\nB\n" : i == 1 ? "{ }" : "return {}");
        const char *other = digest_of(&service, "", NULL, NULL);
        CHECK(strcmp(other, "none") != 0 && strcmp(other, plain) != 0);
    }
}

static void interrupt_at_ten(void *user, size_t done, size_t total, size_t failed)
{
    (void)total;
    (void)failed;
    if (done == 10)
        thingspace_client_interrupt(user);
}

static void an_interruption_ends_it(void)
{
    cleanup_service service;
    cleanup_plan thingspace_plan *plan = NULL;
    thingspace_plan_options options = THINGSPACE_PLAN_OPTIONS_INIT;
    CHECK_OK(fleet_start(&service, NULL, DRIFTED, ""));
    options.progress = interrupt_at_ten;
    options.progress_user = service.client;
    CHECK_STATUS(thingspace_plan_make(service.client, &plan, &options, NULL), THINGSPACE_CANCELLED);
    CHECK(plan == NULL);
    CHECK_INT(thingspace_client_pending(service.client), 0);
    thingspace_client_resume(service.client);
    CHECK_OK(thingspace_plan_make(service.client, &plan, NULL, NULL));
    CHECK_TEXT(counted(plan), "accounts 300 add 300");
}

/* 300 listeners written as one; a second plan computes the same tokens and finds them as declared.
 */
static void a_template_is_registered_with_its_token(void)
{
    static const char more[] = "listeners = function() return { CarrierService = { token = "
                               "thingspace.secret.file('url.key'),\n  url = "
                               "'https://hooks.example.com/{account}/{token}' } } end";
    cleanup_service service;
    thingspace_plan *plan = NULL, *again = NULL;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    check_file("url.key", "0123456789abcdef0123456789abcdef\n");
    CHECK_OK(fleet_start(&service, NULL, SMALL, more));
    CHECK_OK(make(&service, &plan, NULL, NULL, NULL, &error));
    CHECK_INT(plan->change_count, 2);
    const char *url = plan->changes[0].fields[PLAN_URL].to;
    CHECK(url && strncmp(url, "https://hooks.example.com/A/", 28) == 0);
    CHECK_INT(strlen(url), 28 + 32);
    CHECK_OK(fleet_add(&service, "A", "CarrierService", url, NULL));
    CHECK_OK(make(&service, &again, NULL, NULL, NULL, &error));
    CHECK_INT(again->change_count, 1);
    CHECK_TEXT(again->changes[0].account, "B");
    thingspace_plan_free(plan);
    thingspace_plan_free(again);
}

static void services_are_chosen_by_groups(void)
{
    static const char more[] = "groups = { usage = { 'DeviceUsage', 'CarrierService' } }, "
                               "listeners = function() return {\n"
                               "  ['@usage'] = { url = 'https://hooks.example.com/{service}' },\n"
                               "  NiddService = { url = 'https://hooks.example.com/' } } end";
    static const char *const group[] = {"@usage", NULL}, *const all[] = {"@all", NULL};
    static const char *const unknown[] = {"@usge", NULL};
    cleanup_service service;
    thingspace_plan *plan = NULL;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_OK(fleet_start(&service, NULL, SMALL, more));
    CHECK_OK(make(&service, &plan, NULL, NULL, group, &error));
    CHECK_TEXT(counted(plan), "accounts 2 add 4");
    thingspace_plan_free(plan);
    CHECK_OK(make(&service, &plan, NULL, NULL, all, &error));
    CHECK_TEXT(counted(plan), "accounts 2 add 6");
    thingspace_plan_free(plan);
    plan = NULL;
    CHECK_STATUS(make(&service, &plan, NULL, NULL, unknown, &error), THINGSPACE_USAGE);
    CHECK_TEXT(error.message,
               "group 'usge' is not declared; did you mean 'usage'?; declared: usage");
}

static void no_plan_is_told_of(void)
{
    cleanup_service service;
    thingspace_plan *plan = NULL;
    thingspace_plan_counts counts = THINGSPACE_PLAN_COUNTS_INIT;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    char *text = NULL;
    CHECK_OK(fleet_start(&service, NULL, SMALL, ""));
    CHECK_STATUS(thingspace_plan_check(NULL, NULL, &error), THINGSPACE_USAGE);
    CHECK_TEXT(error.message, "no plan was given");
    CHECK_STATUS(thingspace_plan_json(NULL, &text, &error), THINGSPACE_USAGE);
    CHECK_STATUS(thingspace_plan_save(NULL, "x.plan", &error), THINGSPACE_USAGE);
    CHECK_STATUS(thingspace_plan_load(service.client, &plan, NULL, &error), THINGSPACE_USAGE);
    CHECK_STATUS(thingspace_apply(service.client, NULL, NULL, NULL, &error), THINGSPACE_USAGE);
    CHECK_TEXT(thingspace_plan_id(NULL), "");
    thingspace_plan_count(NULL, &counts);
    CHECK_INT(counts.accounts, 0);
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(no_plan_is_told_of),
    CHECK_CASE_ONCE(services_are_chosen_by_groups),
    CHECK_CASE_ONCE(a_template_is_registered_with_its_token),
    CHECK_CASE_ONCE(three_hundred_accounts_are_compared),
    CHECK_CASE_ONCE(accounts_are_chosen_by_names_patterns_and_tags),
    CHECK_CASE_ONCE(an_account_that_cannot_be_read_is_told_of_and_the_others_are_read),
    CHECK_CASE_ONCE(what_hooks_make_of_a_listener_is_what_is_wanted),
    CHECK_CASE_ONCE(a_registered_password_is_whatever_is_there),
    CHECK_CASE_ONCE(listeners_of_other_apis_are_read_where_they_are_declared),
    CHECK_CASE_ONCE(one_service_of_two_apis_is_compared_with_each),
    CHECK_CASE_ONCE(a_saved_plan_is_loaded_for_its_policy_alone),
    CHECK_CASE_ONCE(all_that_a_policy_is_read_from_is_in_its_digest),
    CHECK_CASE_ONCE(an_interruption_ends_it),
};

CHECK_MAIN(cases)
