/* SPDX-License-Identifier: MIT */
/* What is listed against what is wanted: each difference, whose it is, and nothing of a password.
 */
#include <stdio.h>
#include "base/error.h"
#include "base/text.h"
#include "callbacks/plan/plan_compare.h"
#include "callbacks/plan/plan_json.h"
#include "check.h"

#define HERE    "https://hooks.example.com/a"
#define OWNED   "https://old.example.com/a"
#define FOREIGN "https://other.example.net/a"

/* One listener; a NULL url: it is not listed, or not wanted. */
typedef struct side {
    const char *url, *username, *password;
} side;

typedef struct comparison {
    const char *what;
    side listed, wanted;
    bool undecided;
    const char *blocked;
    const char *change; /* "ACTION FIELD FROM TO, ..."; NULL: none */
    size_t unchanged, foreign;
} comparison;

static const comparison comparisons[] = {
    {.what = "missing", .wanted = {HERE, NULL, NULL}, .change = "add url - " HERE},
    {.what = "missing, with all",
     .wanted = {HERE, "u", "p"},
     .change = "add url - " HERE ", username - u, password - ***"},
    {.what = "the same", .listed = {HERE, "u", "p"}, .wanted = {HERE, "u", "p"}, .unchanged = 1},
    {.what = "empty is as good as absent",
     .listed = {HERE, "", ""},
     .wanted = {HERE, NULL, NULL},
     .unchanged = 1},
    {.what = "another path",
     .listed = {HERE, NULL, NULL},
     .wanted = {HERE "/b", NULL, NULL},
     .change = "change url " HERE " " HERE "/b"},
    {.what = "another username",
     .listed = {HERE, "u", NULL},
     .wanted = {HERE, "v", NULL},
     .change = "change username u v"},
    {.what = "another password",
     .listed = {HERE, "u", "p"},
     .wanted = {HERE, "u", "q"},
     .change = "change password *** ***"},
    {.what = "no password means none wanted",
     .listed = {HERE, "u", "p"},
     .wanted = {HERE, "u", NULL},
     .change = "change password *** -"},
    {.what = "a host that `owns` has",
     .listed = {OWNED, NULL, NULL},
     .wanted = {HERE, NULL, NULL},
     .change = "change url " OWNED " " HERE},
    {.what = "a stranger's URL",
     .listed = {FOREIGN, NULL, NULL},
     .wanted = {HERE, NULL, NULL},
     .change = "takeover url " FOREIGN " " HERE},
    {.what = "no URL is a stranger's",
     .listed = {"", NULL, NULL},
     .wanted = {HERE, NULL, NULL},
     .change = "takeover url - " HERE},
    {.what = "no longer declared",
     .listed = {HERE, "u", "p"},
     .change = "remove url " HERE " -, username u -, password *** -"},
    {.what = "no longer declared, at a host that `owns` has",
     .listed = {OWNED, NULL, NULL},
     .change = "remove url " OWNED " -"},
    {.what = "neither declared nor ours", .listed = {FOREIGN, "u", "p"}, .foreign = 1},
    {.what = "not decided", .listed = {OWNED, NULL, NULL}, .undecided = true},
    {.what = "blocked",
     .listed = {HERE, "u", NULL},
     .wanted = {HERE, "v", NULL},
     .blocked = "E: no",
     .change = "blocked username u v"},
    {.what = "blocked, and not there",
     .wanted = {HERE, NULL, NULL},
     .blocked = "E: no",
     .change = "blocked url - " HERE},
    {.what = "blocked, and it would move within what is ours",
     .listed = {OWNED, NULL, NULL},
     .wanted = {HERE, NULL, NULL},
     .blocked = "E: no",
     .change = "blocked url " OWNED " " HERE},
    {.what = "blocked, and a stranger's URL all the same",
     .listed = {FOREIGN, NULL, NULL},
     .wanted = {HERE, NULL, NULL},
     .blocked = "E: no",
     .change = "takeover url " FOREIGN " " HERE},
    {.what = "blocked, and listed without a URL",
     .listed = {"", NULL, NULL},
     .wanted = {HERE, NULL, NULL},
     .blocked = "E: no",
     .change = "takeover url - " HERE},
    {.what = "blocked, and it came true",
     .listed = {HERE, "v", NULL},
     .wanted = {HERE, "v", NULL},
     .blocked = "E: no",
     .unchanged = 1},
};

#define COUNT (sizeof(comparisons) / sizeof(comparisons[0]))

static thingspace_status make_body(json **out, const side *wanted)
{
    cleanup_secret thingspace_secret *password = NULL;
    thingspace_status status = THINGSPACE_OK;
    *out = json_new_object();
    json_put(*out, "url", json_new_string(wanted->url), &status);
    if (wanted->username)
        json_put(*out, "username", json_new_string(wanted->username), &status);
    if (wanted->password && status == THINGSPACE_OK)
        status = thingspace_secret_new(&password, wanted->password, strlen(wanted->password), NULL);
    if (password)
        json_put(*out, "password", json_new_secret(password), &status);
    return status;
}

static const char *shown(const char *text)
{
    return text ? text : "-";
}

/* All changes as in `comparison.change`; "" without one. */
static const char *write_changes(const thingspace_plan *plan)
{
    static char text[1000];
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < plan->change_count; i++) {
        const plan_change *change = &plan->changes[i];
        const char *before = " ";
        used += (size_t)snprintf(text + used, sizeof(text) - used, "%s",
                                 plan_action_name(change->action));
        for (size_t k = 0; k < PLAN_MEMBERS; k++) {
            const plan_field *field = &change->fields[k];
            if (!field->differs)
                continue;
            used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s %s %s", before,
                                     plan_member_name(k), shown(field->from), shown(field->to));
            before = ", ";
        }
    }
    return text;
}

static thingspace_status prepare(policy **policy, ours *ours)
{
    thingspace_status status = policy_new(policy, "test", NULL, NULL);
    if (status == THINGSPACE_OK)
        status = policy_add_owned(*policy, "https://old.example.com/*", NULL);
    if (status == THINGSPACE_OK)
        status = ours_init(ours, *policy);
    if (status == THINGSPACE_OK)
        status = ours_declare(ours, NULL, HERE);
    return status;
}

static thingspace_status compare_one(thingspace_plan *plan, const comparison *comparison,
                                     const selection *selection)
{
    cleanup_json json *body = NULL;
    const api_row *api;
    const side *listed = &comparison->listed;
    const listener_row row = {
        .shown = {"A", "S", listed->url && *listed->url ? listed->url : NULL, listed->username, 0},
        .password = listed->password,
    };
    thingspace_status status = api_row_find(&api, NULL, NULL);
    if (status == THINGSPACE_OK && comparison->wanted.url)
        status = make_body(&body, &comparison->wanted);
    const plan_wanted wanted = {"S", body, comparison->blocked};
    const plan_account account = {
        .name = "A",
        .api = api,
        .rows = &row,
        .row_count = listed->url != NULL,
        .wanted = &wanted,
        .wanted_count = comparison->wanted.url || comparison->undecided,
        .selection = selection,
    };
    return status == THINGSPACE_OK ? plan_compare(plan, &account) : status;
}

static void each_difference_is_found_and_is_somebodys(void)
{
    cleanup_policy policy *policy = NULL;
    cleanup_ours ours ours = {0};
    CHECK_OK(prepare(&policy, &ours));
    for (size_t i = 0; i < COUNT; i++) {
        const comparison *comparison = &comparisons[i];
        cleanup_plan thingspace_plan *plan = NULL;
        CHECK_OK(plan_new(&plan, "test", NULL));
        CHECK_OK(compare_one(plan, comparison, NULL));
        CHECK_OK(plan_compare_settle(plan, &ours));
        plan_finish(plan);
        if (!text_equal(write_changes(plan), comparison->change ? comparison->change : ""))
            printf("# %s\n", comparison->what);
        CHECK_TEXT(write_changes(plan), comparison->change ? comparison->change : "");
        CHECK_INT(plan->counts.unchanged, comparison->unchanged);
        CHECK_INT(plan->counts.foreign, comparison->foreign);
        CHECK_INT(plan->cell_count, 0);
    }
}

static void what_a_tenant_declares_is_not_ours_elsewhere(void)
{
    cleanup_policy policy *policy = NULL;
    cleanup_ours ours ours = {0};
    CHECK_OK(prepare(&policy, &ours));
    CHECK_OK(ours_declare(&ours, "acme", FOREIGN));
    CHECK(ours_has(&ours, "acme", FOREIGN));
    CHECK(!ours_has(&ours, NULL, FOREIGN));
    CHECK(!ours_has(&ours, "acme", HERE));
    CHECK(ours_has(&ours, NULL, "https://HOOKS.example.com:444/other"));
    CHECK(!ours_has(&ours, NULL, "no URL"));
    CHECK(!ours_has(&ours, NULL, NULL));
}

static void services_outside_of_the_selection_are_not_looked_at(void)
{
    cleanup_policy policy *policy = NULL;
    cleanup_ours ours ours = {0};
    cleanup_plan thingspace_plan *plan = NULL;
    const comparison removed = {.listed = {HERE, NULL, NULL}};
    const char *const others[] = {"T*", NULL};
    const selection selection = {.services = others};
    CHECK_OK(prepare(&policy, &ours));
    CHECK_OK(plan_new(&plan, "test", NULL));
    CHECK_OK(compare_one(plan, &removed, &selection));
    CHECK_OK(plan_compare_settle(plan, &ours));
    plan_finish(plan);
    CHECK_INT(plan->counts.remove + plan->counts.foreign, 0);
}

/* The id of a plan with one change. */
static thingspace_status id_of(char out[2 * PLAN_ID_BYTES + 1], const char *policy,
                               const comparison *comparison)
{
    cleanup_plan thingspace_plan *plan = NULL;
    thingspace_status status = plan_new(&plan, policy, NULL);
    if (status == THINGSPACE_OK)
        status = compare_one(plan, comparison, NULL);
    if (status != THINGSPACE_OK)
        return status;
    plan_finish(plan);
    memcpy(out, plan->id, sizeof(plan->id));
    return THINGSPACE_OK;
}

static void the_id_is_that_of_changes_and_policy_and_not_of_passwords(void)
{
    char first[2 * PLAN_ID_BYTES + 1], other[2 * PLAN_ID_BYTES + 1];
    const comparison change = {.wanted = {HERE, "u", "p"}};
    const comparison secret = {.wanted = {HERE, "u", "q"}};
    const comparison url = {.wanted = {HERE "/b", "u", "p"}};
    CHECK_OK(id_of(first, "test", &change));
    CHECK_INT(strlen(first), 32);
    CHECK_OK(id_of(other, "test", &secret));
    CHECK_TEXT(other, first);
    CHECK_OK(id_of(other, "test", &url));
    CHECK(!text_equal(other, first));
    CHECK_OK(id_of(other, "else", &change));
    CHECK(!text_equal(other, first));
}

static thingspace_status write_and_read(thingspace_plan **out, const thingspace_plan *plan,
                                        const char *from, const char *to, thingspace_error *error)
{
    cleanup_text char *text = NULL;
    cleanup_json json *document = NULL;
    thingspace_status status = plan_json_write(plan, true, &text);
    char *place = status == THINGSPACE_OK && from ? strstr(text, from) : NULL;
    if (place)
        memcpy(place, to, strlen(to));
    if (status == THINGSPACE_OK)
        status = json_parse_own(&document, text, strlen(text), error);
    return status == THINGSPACE_OK ? plan_json_read(out, document, error) : status;
}

static void a_plan_is_read_as_it_was_written_or_not_at_all(void)
{
    cleanup_plan thingspace_plan *plan = NULL;
    cleanup_plan thingspace_plan *copy = NULL;
    cleanup_plan thingspace_plan *altered = NULL;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    const plan_failure unread = {.account = "B",
                                 .credential = "south",
                                 .kind = THINGSPACE_SERVICE,
                                 .message = "no",
                                 .code = "X.Y"};
    CHECK_OK(plan_new(&plan, "test", "/p.lua"));
    CHECK_OK(plan_add_endpoint(plan, "production"));
    CHECK_OK(compare_one(plan, &comparisons[1], NULL));
    CHECK_OK(plan_add_failure(plan, &unread));
    plan_finish(plan);
    CHECK_OK(write_and_read(&copy, plan, NULL, NULL, NULL));
    CHECK_TEXT(copy->id, plan->id);
    CHECK_TEXT(write_changes(copy), comparisons[1].change);
    CHECK_INT(copy->counts.unread, 1);
    CHECK_TEXT(copy->failures[0].code, "X.Y");
    CHECK(!copy->changes[0].note);
    CHECK_STATUS(write_and_read(&altered, plan, "hooks.example", "looks.example", &error),
                 THINGSPACE_USAGE);
    CHECK(strstr(error.message, "altered") != NULL);
    CHECK_STATUS(write_and_read(&altered, plan, "\"changes\"", "\"Changes\"", &error),
                 THINGSPACE_USAGE);
    CHECK(strstr(error.message, "not a saved plan") != NULL);
}

/* The comparison of each row, in a plan that keeps cells. */
static thingspace_status compare_all(thingspace_plan **out, const ours *ours)
{
    thingspace_status status = plan_new(out, "test", NULL);
    if (status == THINGSPACE_OK)
        (*out)->keeps_cells = true;
    for (size_t i = 0; i < COUNT && status == THINGSPACE_OK; i++)
        status = compare_one(*out, &comparisons[i], NULL);
    if (status == THINGSPACE_OK)
        status = plan_compare_settle(*out, ours);
    if (status == THINGSPACE_OK)
        plan_finish(*out);
    return status;
}

static void what_is_as_declared_and_what_is_foreign_may_be_kept_as_cells(void)
{
    cleanup_policy policy *policy = NULL;
    cleanup_ours ours ours = {0};
    cleanup_plan thingspace_plan *plan = NULL;
    cleanup_plan thingspace_plan *copy = NULL;
    size_t foreign = 0;
    CHECK_OK(prepare(&policy, &ours));
    CHECK_OK(compare_all(&plan, &ours));
    CHECK_INT(plan->counts.unchanged, 3);
    CHECK_INT(plan->counts.foreign, 1);
    CHECK_INT(plan->cell_count, 4);
    for (size_t i = 0; i < plan->cell_count; i++)
        if (plan->cells[i].action == PLAN_FOREIGN)
            foreign++;
        else
            CHECK_INT(plan->cells[i].action, PLAN_UNCHANGED);
    CHECK_INT(foreign, 1);
    CHECK_OK(write_and_read(&copy, plan, NULL, NULL, NULL));
    CHECK_TEXT(copy->id, plan->id);
    CHECK_INT(copy->cell_count, 0);
}

static void the_json_of_cells_tells_what_is_listed_and_no_password(void)
{
    cleanup_plan thingspace_plan *plan = NULL;
    cleanup_text char *with = NULL;
    cleanup_text char *without = NULL;
    const comparison same = {.listed = {HERE, "u", "planted"}, .wanted = {HERE, "u", "planted"}};
    CHECK_OK(plan_new(&plan, "test", NULL));
    plan->keeps_cells = true;
    CHECK_OK(compare_one(plan, &same, NULL));
    CHECK_OK(plan_add_empty(plan, "C"));
    CHECK_OK(plan_add_empty(plan, "B"));
    plan_finish(plan);
    CHECK_OK(plan_json_write(plan, true, &with));
    CHECK_OK(plan_json_write(plan, false, &without));
    CHECK(strstr(with, ",\"cells\":[{\"accountName\":\"A\",\"serviceName\":\"S\","
                       "\"state\":\"unchanged\",\"url\":\"" HERE "\",\"username\":\"u\","
                       "\"hasPassword\":true}],\"empty\":[\"B\",\"C\"]}") != NULL);
    CHECK(!strstr(with, "planted"));
    CHECK(!strstr(without, "cells") && !strstr(without, "empty"));
}

static void a_note_is_read_back_and_is_no_part_of_the_id(void)
{
    cleanup_plan thingspace_plan *plan = NULL;
    cleanup_plan thingspace_plan *copy = NULL;
    char first[2 * PLAN_ID_BYTES + 1], other[2 * PLAN_ID_BYTES + 1];
    comparison blocked = {.wanted = {HERE, NULL, NULL}, .blocked = "E: no"};
    CHECK_OK(plan_new(&plan, "test", NULL));
    CHECK_OK(compare_one(plan, &blocked, NULL));
    plan_finish(plan);
    CHECK_OK(write_and_read(&copy, plan, NULL, NULL, NULL));
    CHECK_INT(copy->changes[0].action, PLAN_BLOCKED);
    CHECK_TEXT(copy->changes[0].note, "E: no");
    CHECK_OK(id_of(first, "test", &blocked));
    blocked.blocked = "E: never";
    CHECK_OK(id_of(other, "test", &blocked));
    CHECK_TEXT(other, first);
}

static const check_case cases[] = {
    CHECK_CASE(each_difference_is_found_and_is_somebodys),
    CHECK_CASE(what_a_tenant_declares_is_not_ours_elsewhere),
    CHECK_CASE(services_outside_of_the_selection_are_not_looked_at),
    CHECK_CASE(the_id_is_that_of_changes_and_policy_and_not_of_passwords),
    CHECK_CASE(what_is_as_declared_and_what_is_foreign_may_be_kept_as_cells),
    CHECK_CASE(the_json_of_cells_tells_what_is_listed_and_no_password),
    CHECK_CASE(a_note_is_read_back_and_is_no_part_of_the_id),
    CHECK_CASE(a_plan_is_read_as_it_was_written_or_not_at_all),
};

CHECK_MAIN(cases)
