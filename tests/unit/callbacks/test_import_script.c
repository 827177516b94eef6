/* SPDX-License-Identifier: MIT */
/* An import without a service: what is kept of lists, and how it is written. */
#include <stdio.h>
#include <stdlib.h>
#include "base/limits.h"
#include "base/text.h"
#include "callbacks/import/import_quote.h"
#include "callbacks/import/import_script.h"
#include "callbacks/import/import_template.h"
#include "check.h"
#include "hostile.h"
#include "service.h"

static void free_text(char **text)
{
    thingspace_text_free(*text);
}
#define cleanup_answer __attribute__((cleanup(free_text)))

/* ---- quoting ---- */

static void texts_become_literals_cells_and_comments(void)
{
    static const struct {
        const char *text, *lua, *csv, *comment;
    } rows[] = {
        {"plain", "\"plain\"", "plain", "plain"},
        {"", "\"\"", "", ""},
        {"a\"b\\c", "\"a\\\"b\\\\c\"", "\"a\"\"b\\c\"", NULL},
        {"a\nb", "\"a\\010b\"", "\"a\nb\"", "a\\nb"},
        {"a\r9", "\"a\\0139\"", "\"a\r9\"", "a\\x0d9"},
        {"]]--[[", "\"]]--[[\"", "]]--[[", "]]--[["},
        {"a,b", "\"a,b\"", "\"a,b\"", "a,b"},
        {"\xc3\xa9", "\"\\195\\169\"", "\xc3\xa9", "\xc3\xa9"},
        {"\xff\x7f", "\"\\255\\127\"", "\xff\x7f", NULL},
        {"\xe2\x80\xae", "\"\\226\\128\\174\"", "\xe2\x80\xae", "\\u{202e}"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        cleanup_buffer buffer lua, csv, comment;
        buffer_init(&lua, 1000);
        buffer_init(&csv, 1000);
        buffer_init(&comment, 1000);
        import_quote_lua(&lua, rows[i].text);
        import_quote_csv(&csv, rows[i].text);
        import_quote_comment(&comment, rows[i].text);
        CHECK_OK(lua.status);
        CHECK_OK(csv.status);
        CHECK_OK(comment.status);
        CHECK_TEXT(buffer_text(&lua), rows[i].lua);
        CHECK_TEXT(buffer_text(&csv), rows[i].csv);
        if (rows[i].comment)
            CHECK_TEXT(buffer_text(&comment), rows[i].comment);
    }
}

static void names_in_a_url_become_placeholders(void)
{
    static const struct {
        const char *url, *account, *service, *wanted;
    } rows[] = {
        {"https://h.example.com/0001-1/NiddService", "0001-1", "NiddService",
         "https://h.example.com/{account}/{service}"},
        {"https://h.example.com/a?b=0001-1&c=0001-1", "0001-1", "NiddService",
         "https://h.example.com/a?b={account}&c={account}"},
        {"https://0001-1.example.com/NiddServiceX", "0001-1", "NiddService",
         "https://0001-1.example.com/{service}X"},
        {"https://h.example.com/A/B", "A", "B", "https://h.example.com/A/B"},
        {"https://h.example.com/a%2Bbcd/x", "a+bcd", "Service",
         "https://h.example.com/{account}/x"},
        {"https://h.example.com/a+bcd/x", "a+bcd", "Service", "https://h.example.com/a+bcd/x"},
        {"https://h.example.com", "0001-1", "Service", "https://h.example.com"},
        {"https://h.example.com/Nidd", "Nidd", "Nidd", "https://h.example.com/{account}"},
        {"https://h.example.com/{account}/{}", "0001-1", "account",
         "https://h.example.com/{{{service}}}/{{}}"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        cleanup_buffer buffer out;
        buffer_init(&out, 1000);
        import_template_url(&out, rows[i].url, rows[i].account, rows[i].service);
        CHECK_OK(out.status);
        CHECK_TEXT(buffer_text(&out), rows[i].wanted);
    }
}

static void usernames_have_the_account_as_placeholder(void)
{
    static const struct {
        const char *username, *account, *wanted;
    } rows[] = {
        {"0001-1", "0001-1", "{account}"},
        {"app-0001-1-0001-1", "0001-1", "app-{account}-{account}"},
        {"A", "A", "{account}"},
        {"AB", "A", "AB"},
        {"{account}{{brace}{x}", "0001-1", "{brace}account}{{brace}brace}{x}"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        cleanup_buffer buffer out;
        buffer_init(&out, 1000);
        import_template_username(&out, rows[i].username, rows[i].account);
        CHECK_OK(out.status);
        CHECK_TEXT(buffer_text(&out), rows[i].wanted);
    }
}

/* ---- what is kept of lists ---- */

/* Ends with a row without a service. */
static thingspace_status make_list(thingspace_result **out, const char *account, const char *api,
                                   const listed *rows)
{
    thingspace_status status = result_new(out, account, NULL);
    if (status != THINGSPACE_OK)
        return status;
    while (rows[(*out)->row_count].service)
        (*out)->row_count++;
    (*out)->rows = calloc((*out)->row_count + 1, sizeof(listener_row));
    if (!(*out)->rows)
        return THINGSPACE_MEMORY;
    for (size_t i = 0; rows[i].service; i++)
        (*out)->rows[i] = (listener_row){
            .shown = {.account = account,
                      .service = rows[i].service,
                      .url = rows[i].url,
                      .username = rows[i].username,
                      .has_password = rows[i].password != NULL},
            .password = rows[i].password,
        };
    return api_row_find(&(*out)->api, api, NULL);
}

static thingspace_status add(imported *to, size_t index, const char *api, const listed *rows)
{
    cleanup_result thingspace_result *list = NULL;
    thingspace_status status = make_list(&list, to->accounts[index].name, api, rows);
    return status == THINGSPACE_OK ? imported_add(to, &to->accounts[index], &list, 1, NULL)
                                   : status;
}

static void accounts_that_differ_in_their_names_alone_have_one_set(void)
{
    static const char *const accounts[] = {"0001-1", "0001-2", "0001-1", "0001-3", NULL};
    static const listed first[] = {{"B", "https://h.example.com/0001-1", "0001-1", "p"},
                                   {"A", "https://h.example.com/", NULL, NULL},
                                   {NULL, NULL, NULL, NULL}};
    static const listed second[] = {{"A", "https://h.example.com/", "", NULL},
                                    {"B", "https://h.example.com/0001-2", "0001-2", "other"},
                                    {NULL, NULL, NULL, NULL}};
    static const listed third[] = {{"A", "https://h.example.com/", NULL, NULL},
                                   {"B", "https://h.example.com/0001-3", "0001-3", NULL},
                                   {NULL, NULL, NULL, NULL}};
    cleanup_imported imported imported = {0};
    CHECK_OK(imported_init(&imported, accounts, 4, NULL, NULL));
    CHECK_INT(imported.count, 3);
    CHECK_OK(add(&imported, 0, NULL, first));
    CHECK_OK(add(&imported, 1, NULL, second));
    CHECK_OK(add(&imported, 2, NULL, third));
    CHECK(imported.accounts[0].set == imported.accounts[1].set);
    CHECK(imported.accounts[0].set != imported.accounts[2].set);
    CHECK_INT(imported.accounts[0].set->accounts, 2);
    CHECK_INT(imported.listeners, 6);
    CHECK_INT(map_count(imported.hosts), 1);
    CHECK_TEXT(map_key(imported.hosts, 0), "https://h.example.com/*");
    const import_listener *listener = &imported.accounts[0].set->listeners[1];
    CHECK_TEXT(listener->service, "B");
    CHECK_TEXT(listener->form->url, "https://h.example.com/{account}");
    CHECK_TEXT(listener->form->username, "{account}");
    CHECK(listener->form->has_password);
    CHECK_INT(map_count(imported.forms), 3);
    CHECK_INT(listener->form->accounts, 2);
}

static void what_no_policy_can_declare_is_left_out_and_told(void)
{
    static const char *const accounts[] = {"0001-1", NULL};
    static const listed rows[] = {
        {"Good", "https://h.example.com/", NULL, NULL},
        {"Good", "https://h.example.com/again", NULL, NULL},
        {"NoUrl", NULL, NULL, NULL},
        {"Empty", "", NULL, NULL},
        {"Line", "https://h.example.com/\n", NULL, NULL},
        {"User", "https://h.example.com/", "a\nb", NULL},
        {"Password", "https://h.example.com/", NULL, "a\nb"},
        {"a b", "https://h.example.com/", NULL, NULL},
        {"..", "https://h.example.com/", NULL, NULL},
        {"Ftp", "ftp://h.example.com/", NULL, NULL},
        {NULL, NULL, NULL, NULL},
    };
    cleanup_imported imported imported = {0};
    CHECK_OK(imported_init(&imported, accounts, 1, NULL, NULL));
    CHECK_OK(add(&imported, 0, NULL, rows));
    CHECK_INT(imported.accounts[0].set->count, 1);
    CHECK_INT(imported.skip_count, 9);
    CHECK(!imported.accounts[0].ignores_characters);
    for (size_t i = 0; i < imported.skip_count; i++) {
        CHECK_TEXT(imported.skips[i].account, "0001-1");
        CHECK_TEXT(imported.skips[i].service, rows[i + 1].service);
        CHECK(strstr(imported.skips[i].why, "a\nb") == NULL);
    }
}

static void a_service_of_two_apis_is_kept_for_each(void)
{
    static const char *const accounts[] = {"0001-1", NULL};
    static const listed one[] = {{"Fota", "https://h.example.com/1", "u", "p"}, {0}};
    static const listed two[] = {{"Fota", "https://h.example.com/2", "u", "p"}, {0}};
    cleanup_result thingspace_result *first = NULL;
    cleanup_result thingspace_result *second = NULL;
    cleanup_imported imported imported = {0};
    CHECK_OK(imported_init(&imported, accounts, 1, NULL, NULL));
    CHECK_OK(make_list(&first, "0001-1", "software-v2", two));
    CHECK_OK(make_list(&second, "0001-1", "software-v1", one));
    thingspace_result *lists[] = {first, second};
    CHECK_OK(imported_add(&imported, &imported.accounts[0], lists, 2, NULL));
    const import_set *set = imported.accounts[0].set;
    CHECK_INT(set->count, 2);
    CHECK_TEXT(set->listeners[0].form->api, "software-v1");
    CHECK_TEXT(set->listeners[0].form->username, "u");
    CHECK_TEXT(set->listeners[1].form->api, "software-v2");
    CHECK(!set->listeners[1].form->username); /* that API has none */
    CHECK(!set->listeners[1].form->has_password);
    CHECK_INT(imported.skip_count, 0);
}

/* ---- how it is written ---- */

static endpoint production = {.name = (char *)"production",
                              .api = (char *)"https://t.example.com/api/m2m/v1"};
static endpoint lab = {.name = (char *)"lab \"x\"",
                       .api = (char *)"https://lab.example.com/api/m2m/v1",
                       .root_size = 23,
                       .token = (char *)"https://lab.example.com/api/ts/v1/oauth2/token",
                       .private_allowed = true,
                       .window = 8};
static credential environment = {.name = (char *)"environment"};
static credential north = {.name = (char *)"north"};

static void decide(imported *imported, endpoint *endpoint, credential *credential)
{
    for (size_t i = 0; i < imported->count; i++) {
        imported->accounts[i].endpoint = endpoint;
        imported->accounts[i].credential = credential;
    }
}

static thingspace_status write_script(buffer *out, imported *imported, const char *data_file)
{
    const import_words words = {
        .name = "fleet", .data_file = data_file, .default_endpoint = &production};
    buffer_init(out, LIMIT_SCRIPT);
    return import_script_write(out, imported, &words);
}

/* What the policy declares, as thingspace_policy_eval tells it. */
static thingspace_status eval(const char *script, const char *account, json **out)
{
    cleanup_client thingspace_client *client = NULL;
    cleanup_answer char *text = NULL;
    thingspace_client_options options = THINGSPACE_CLIENT_OPTIONS_INIT;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    options.policy_text = script;
    options.policy_folder = check_folder();
    thingspace_status status = thingspace_client_new(&client, &options, &error);
    if (status == THINGSPACE_OK)
        status = thingspace_policy_eval(client, &text, account, &error);
    if (status == THINGSPACE_OK)
        status = json_parse(out, text, strlen(text), &error);
    if (status != THINGSPACE_OK && status != THINGSPACE_MEMORY)
        printf("# %s\n", error.message);
    return status;
}

static void check_hostile(const json *document)
{
    const json *row = json_first(json_get(document, "listeners"));
    CHECK_INT(json_count(json_get(document, "listeners")), HOSTILE);
    for (; row; row = json_next(row)) {
        size_t i = 0;
        while (hostile[i].service &&
               !text_equal(hostile[i].service, json_get_string(row, "serviceName")))
            i++;
        CHECK(hostile[i].service != NULL);
        CHECK_TEXT(json_get_string(row, "url"), hostile[i].url);
        CHECK_TEXT(json_get_string(row, "username"), hostile[i].username);
        bool has_password = json_type_of(json_get(row, "hasPassword")) == JSON_TRUE;
        CHECK(has_password == (hostile[i].password != NULL));
    }
}

static void hostile_texts_stay_texts(void)
{
    static const char *const accounts[] = {"0001-\"", "x]]=end", NULL};
    cleanup_imported imported imported = {0};
    cleanup_buffer buffer script, tabled, data;
    cleanup_json json *own = NULL;
    cleanup_json json *from_table = NULL;
    buffer_init(&script, 1);
    buffer_init(&tabled, 1);
    buffer_init(&data, LIMIT_POLICY_FILE);
    CHECK_OK(imported_init(&imported, accounts + 1, 1, NULL, NULL));
    CHECK_OK(add(&imported, 0, NULL, hostile));
    CHECK_INT(imported.skip_count, 0);
    decide(&imported, &production, &environment);
    CHECK_OK(write_script(&script, &imported, NULL));
    CHECK_OK(eval(buffer_text(&script), "x]]=end", &own));
    check_hostile(own);
    CHECK_OK(write_script(&tabled, &imported, "hostile.csv"));
    CHECK_OK(import_data_write(&data, &imported));
    check_file("hostile.csv", buffer_text(&data));
    CHECK_OK(eval(buffer_text(&tabled), "x]]=end", &from_table));
    check_hostile(from_table);
}

static void check_both(const json *document)
{
    const json *rows = json_get(document, "listeners");
    CHECK_INT(json_count(rows), 2);
    CHECK_TEXT(json_get_string(json_first(rows), "url"), "https://h.example.com/1");
    CHECK_TEXT(json_get_string(json_first(rows), "api"), "software-v1");
    CHECK_TEXT(json_get_string(json_next(json_first(rows)), "url"), "https://h.example.com/2");
    CHECK_TEXT(json_get_string(json_next(json_first(rows)), "api"), "software-v2");
}

static void a_service_of_two_apis_is_declared_for_each(void)
{
    static const char *const accounts[] = {"0001-1", NULL};
    static const listed one[] = {{"Fota", "https://h.example.com/1", NULL, NULL}, {0}};
    static const listed two[] = {{"Fota", "https://h.example.com/2", NULL, NULL}, {0}};
    cleanup_result thingspace_result *first = NULL;
    cleanup_result thingspace_result *second = NULL;
    cleanup_imported imported imported = {0};
    cleanup_buffer buffer script, tabled, data;
    cleanup_json json *document = NULL;
    cleanup_json json *from_table = NULL;
    buffer_init(&script, 1);
    buffer_init(&tabled, 1);
    buffer_init(&data, LIMIT_POLICY_FILE);
    CHECK_OK(imported_init(&imported, accounts, 1, NULL, NULL));
    CHECK_OK(make_list(&first, "0001-1", "software-v1", one));
    CHECK_OK(make_list(&second, "0001-1", "software-v2", two));
    thingspace_result *lists[] = {first, second};
    CHECK_OK(imported_add(&imported, &imported.accounts[0], lists, 2, NULL));
    decide(&imported, &production, &environment);
    CHECK_OK(write_script(&script, &imported, NULL));
    CHECK_OK(eval(buffer_text(&script), "0001-1", &document));
    check_both(document);
    CHECK_OK(write_script(&tabled, &imported, "both.csv"));
    CHECK_OK(import_data_write(&data, &imported));
    check_file("both.csv", buffer_text(&data));
    CHECK_OK(eval(buffer_text(&tabled), "0001-1", &from_table));
    check_both(from_table);
}

static void what_is_skipped_cannot_leave_its_comment(void)
{
    static const char *const accounts[] = {"0001-1", NULL};
    static const listed rows[] = {{"X\n error('out')\n--", NULL, NULL, NULL}, {0}};
    cleanup_imported imported imported = {0};
    cleanup_buffer buffer script;
    cleanup_json json *document = NULL;
    buffer_init(&script, 1);
    CHECK_OK(imported_init(&imported, accounts, 1, NULL, NULL));
    CHECK_OK(add(&imported, 0, NULL, rows));
    CHECK_INT(imported.skip_count, 1);
    decide(&imported, &production, &environment);
    CHECK_OK(write_script(&script, &imported, NULL));
    CHECK(strstr(buffer_text(&script), "--   0001-1 X\\n error('out')\\n--: ") != NULL);
    CHECK_OK(eval(buffer_text(&script), "0001-1", &document));
    CHECK_INT(json_count(json_get(document, "listeners")), 0);
}

static void what_accounts_share_is_written_once(void)
{
    static const char *const accounts[] = {"0001-1", "0001-2", "0001-3", "0001-4", NULL};
    static const listed rows[] = {{"A", "https://h.example.com:8443/a", NULL, "p"},
                                  {"B", "https://h.example.com:8443/a", NULL, "q"},
                                  {"C", "http://i.example.com/", "u", NULL},
                                  {0}};
    cleanup_imported imported imported = {0};
    cleanup_buffer buffer script, data;
    buffer_init(&script, 1);
    buffer_init(&data, LIMIT_POLICY_FILE);
    CHECK_OK(imported_init(&imported, accounts, 4, NULL, NULL));
    CHECK_OK(add(&imported, 0, NULL, rows));
    CHECK_OK(add(&imported, 1, NULL, rows));
    CHECK_OK(add(&imported, 2, NULL, rows + 2));
    CHECK_OK(add(&imported, 3, NULL, rows + 3));
    decide(&imported, &production, &environment);
    CHECK_OK(write_script(&script, &imported, NULL));
    CHECK(strstr(buffer_text(&script),
                 "local forms = {\n"
                 "  h_example_com_8443 = { url = \"https://h.example.com:8443/a\", "
                 "password = registered },\n"
                 "  i_example_com = { url = \"http://i.example.com/\", username = \"u\" },\n"
                 "}\n"));
    CHECK(strstr(
        buffer_text(&script),
        "  accounts = {\n"
        "    { account = \"0001-1\", h_example_com_8443 = \"A B\", i_example_com = \"C\" },\n"
        "    { account = \"0001-2\", h_example_com_8443 = \"A B\", i_example_com = \"C\" },\n"
        "    { account = \"0001-3\", i_example_com = \"C\" },\n"
        "    { account = \"0001-4\" },\n"
        "  },\n"));
    CHECK(strstr(buffer_text(&script), "  owns = {\n"
                                       "    \"http://i.example.com/*\",\n"
                                       "    \"https://h.example.com:8443/*\",\n"
                                       "  },\n"));
    CHECK_OK(import_data_write(&data, &imported));
    CHECK_TEXT(buffer_text(&data), "account,service,api,url,username,password\n"
                                   "0001-1,A,,https://h.example.com:8443/a,,registered\n"
                                   "0001-1,B,,https://h.example.com:8443/a,,registered\n"
                                   "0001-1,C,,http://i.example.com/,u,\n"
                                   "0001-2,A,,https://h.example.com:8443/a,,registered\n"
                                   "0001-2,B,,https://h.example.com:8443/a,,registered\n"
                                   "0001-2,C,,http://i.example.com/,u,\n"
                                   "0001-3,C,,http://i.example.com/,u,\n"
                                   "0001-4,,,,,\n");
}

/* The odd listener of one account, hosts that would be words of Lua or of rows, two APIs. */
static void forms_have_names_of_their_own(void)
{
    static const char *const accounts[] = {"0001-1", "0001-2", NULL};
    static const char *const names[] = {"region", "odd key", "tags", NULL};
    static const char *const cells[] = {"eu\"]]", "1", "tier=gold", "", NULL, ""};
    static const import_columns columns = {names, cells};
    static const listed rows[] = {
        {"A", "https://end/a", NULL, NULL},      {"B", "https://region/{account}", "user", "p"},
        {"C", "https://10.0.0.1/c", NULL, NULL}, {"D", "https://tags/0001-1", NULL, NULL},
        {"E", "https://tags/0001-1", NULL, "p"}, {0}};
    cleanup_imported imported imported = {0};
    cleanup_buffer buffer script, tabled, data;
    cleanup_json json *document = NULL;
    cleanup_json json *from_table = NULL;
    buffer_init(&script, 1);
    buffer_init(&tabled, 1);
    buffer_init(&data, LIMIT_POLICY_FILE);
    CHECK_OK(imported_init(&imported, accounts, 2, &columns, NULL));
    CHECK_OK(add(&imported, 0, NULL, rows));
    CHECK_OK(add(&imported, 1, NULL, rows));
    imported.accounts[0].ignores_characters = true;
    decide(&imported, &production, &environment);
    CHECK_OK(write_script(&script, &imported, NULL));
    CHECK(strstr(buffer_text(&script), "  end_1 = { url = \"https://end/a\" },\n"));
    CHECK(strstr(buffer_text(&script), "  host_10_0_0_1 = {"));
    CHECK(strstr(buffer_text(&script), "  region_2 = { url = \"https://region/{{account}}\", "
                                       "username = \"user\", password = registered },\n"));
    CHECK(strstr(buffer_text(&script), "{ account = \"0001-1\", checks = \"characters=ignore\", "
                                       "region = \"eu\\\"]]\", [\"odd key\"] = \"1\", "
                                       "tags = \"tier=gold\", end_1 = \"A\", "));
    CHECK_OK(eval(buffer_text(&script), "0001-1", &document));
    CHECK_INT(json_count(json_get(document, "listeners")), 5);
    CHECK_TEXT(json_get_string(json_get(document, "tags"), "tier"), "gold");
    CHECK_OK(write_script(&tabled, &imported, "columns.csv"));
    CHECK_OK(import_data_write(&data, &imported));
    CHECK(strstr(buffer_text(&data), "password,checks,region,odd key,tags\n"));
    check_file("columns.csv", buffer_text(&data));
    CHECK_OK(eval(buffer_text(&tabled), "0001-1", &from_table));
    CHECK_INT(json_count(json_get(from_table, "listeners")), 5);
    CHECK_TEXT(json_get_string(json_get(from_table, "tags"), "tier"), "gold");
}

static void what_one_account_has_alone_is_its_own(void)
{
    static const char *const accounts[] = {"0001-1", "0001-2", NULL};
    static const listed rows[] = {{"A", "https://h.example.com/x", NULL, NULL},
                                  {"B", "https://h.example.com/x", NULL, NULL},
                                  {"C", "https://h.example.com/y", "{account}", NULL},
                                  {0}};
    cleanup_imported imported imported = {0};
    cleanup_buffer buffer script;
    cleanup_json json *document = NULL;
    buffer_init(&script, 1);
    CHECK_OK(imported_init(&imported, accounts, 2, NULL, NULL));
    CHECK_OK(add(&imported, 0, NULL, rows));
    CHECK_OK(add(&imported, 1, NULL, rows + 3));
    decide(&imported, &production, &environment);
    CHECK_OK(write_script(&script, &imported, NULL));
    CHECK(strstr(buffer_text(&script),
                 "local own = {\n"
                 "  [\"0001-1\"] = {\n"
                 "    { services = \"A B\", url = \"https://h.example.com/x\" },\n"
                 "    { services = \"C\", url = \"https://h.example.com/y\", "
                 "username = \"{brace}account}\" },\n"
                 "  },\n"
                 "}\n"));
    CHECK_OK(eval(buffer_text(&script), "0001-1", &document));
    const json *listeners = json_get(document, "listeners");
    CHECK_INT(json_count(listeners), 3);
    CHECK_TEXT(json_get_string(json_next(json_next(json_first(listeners))), "username"),
               "{account}");
}

static void an_account_that_is_listed_twice_has_one_row(void)
{
    static const char *const accounts[] = {"0001-1", "0001-2", "0001-1", NULL};
    static const char *const names[] = {"region", NULL};
    static const char *const same[] = {NULL, "eu", "us"}, *const other[] = {"eu", "eu", "us"};
    static const import_columns columns = {names, same}, differ = {names, other};
    cleanup_imported imported refused = {0};
    cleanup_imported imported imported = {0};
    CHECK_OK(imported_init(&imported, accounts, 3, &columns, NULL));
    CHECK_INT(imported.count, 2);
    CHECK_TEXT(imported_cell(&imported, &imported.accounts[0], "region"), "us");
    CHECK_STATUS(imported_init(&refused, accounts, 3, &differ, NULL), THINGSPACE_USAGE);
}

static void endpoints_and_credentials_are_declared_when_they_are_not_built_in(void)
{
    static const char *const accounts[] = {"0001-1", "0001-2", "0001-3", NULL};
    static const listed rows[] = {{"A", "https://h.example.com/", NULL, NULL}, {0}};
    cleanup_imported imported imported = {0};
    cleanup_buffer buffer script, tabled, data;
    cleanup_json json *first = NULL;
    cleanup_json json *third = NULL;
    cleanup_json json *tables = NULL;
    buffer_init(&script, 1);
    buffer_init(&tabled, 1);
    buffer_init(&data, LIMIT_POLICY_FILE);
    CHECK_OK(imported_init(&imported, accounts, 3, NULL, NULL));
    for (size_t i = 0; i < 3; i++)
        CHECK_OK(add(&imported, i, NULL, rows));
    decide(&imported, &lab, &north);
    imported.accounts[2].endpoint = &production;
    imported.accounts[2].credential = &environment;
    CHECK_OK(write_script(&script, &imported, NULL));
    CHECK(strstr(buffer_text(&script),
                 "    [\"lab \\\"x\\\"\"] = { url = \"https://lab.example.com\", private = true, "
                 "window = 8 },\n"));
    CHECK(strstr(buffer_text(&script), "    [\"north\"] = thingspace.secret.dir(\"north\"),\n"));
    CHECK_INT(import_declared_credentials(&imported), 1);
    CHECK_OK(eval(buffer_text(&script), "0001-1", &first));
    CHECK_TEXT(json_get_string(first, "endpoint"), "lab \"x\"");
    CHECK_TEXT(json_get_string(first, "credential"), "north");
    CHECK_OK(eval(buffer_text(&script), "0001-3", &third));
    CHECK_TEXT(json_get_string(third, "endpoint"), "production");
    CHECK_TEXT(json_get_string(third, "credential"), "environment");
    CHECK_OK(write_script(&tabled, &imported, "decided.csv"));
    CHECK_OK(import_data_write(&data, &imported));
    check_file("decided.csv", buffer_text(&data));
    CHECK_OK(eval(buffer_text(&tabled), "0001-3", &tables));
    CHECK_TEXT(json_get_string(tables, "endpoint"), "production");
}

static thingspace_status add_twenty(imported *to, size_t index)
{
    char urls[20][500], names[20][20];
    listed rows[21] = {{0}};
    for (int k = 0; k < 20; k++) {
        snprintf(names[k], sizeof(names[k]), "Service%02d", k);
        snprintf(urls[k], sizeof(urls[k]), "https://hooks.example.com/callbacks/%s/%s",
                 to->accounts[index].name, names[k]);
        rows[k] = (listed){names[k], urls[k], to->accounts[index].name, "p"};
    }
    return add(to, index, NULL, rows);
}

static void three_hundred_accounts_with_one_template_are_twenty_kilobytes(void)
{
    static char names[300][24];
    const char *accounts[301] = {NULL};
    cleanup_imported imported imported = {0};
    cleanup_buffer buffer script;
    buffer_init(&script, 1);
    for (int i = 0; i < 300; i++) {
        snprintf(names[i], sizeof(names[i]), "0000123456-%05d", i);
        accounts[i] = names[i];
    }
    CHECK_OK(imported_init(&imported, accounts, 300, NULL, NULL));
    for (size_t i = 0; i < 300; i++)
        CHECK_OK(add_twenty(&imported, i));
    decide(&imported, &production, &environment);
    CHECK_INT(map_count(imported.sets), 1);
    CHECK_OK(write_script(&script, &imported, NULL));
    CHECK(script.size < 22000);
    CHECK(strstr(buffer_text(&script), "\", hooks_example_com = all },\n") != NULL);
}

static const check_case cases[] = {
    CHECK_CASE(texts_become_literals_cells_and_comments),
    CHECK_CASE(names_in_a_url_become_placeholders),
    CHECK_CASE(accounts_that_differ_in_their_names_alone_have_one_set),
    CHECK_CASE(what_no_policy_can_declare_is_left_out_and_told),
    CHECK_CASE(a_service_of_two_apis_is_kept_for_each),
    CHECK_CASE(usernames_have_the_account_as_placeholder),
    CHECK_CASE(what_accounts_share_is_written_once),
    CHECK_CASE(an_account_that_is_listed_twice_has_one_row),
    CHECK_CASE_ONCE(forms_have_names_of_their_own),
    CHECK_CASE_ONCE(what_one_account_has_alone_is_its_own),
    CHECK_CASE_ONCE(hostile_texts_stay_texts),
    CHECK_CASE_ONCE(a_service_of_two_apis_is_declared_for_each),
    CHECK_CASE_ONCE(what_is_skipped_cannot_leave_its_comment),
    CHECK_CASE_ONCE(endpoints_and_credentials_are_declared_when_they_are_not_built_in),
    CHECK_CASE_ONCE(three_hundred_accounts_with_one_template_are_twenty_kilobytes),
};

CHECK_MAIN(cases)
