/* SPDX-License-Identifier: MIT */
/* thingspace policy: what the policy says, without network and without reading a secret. */
#include <config.h>
#include <string.h>
#include "base/error.h"
#include "base/text.h"
#include "cli/commands/commands.h"
#include "cli/commands/policy_diff.h"
#include "cli/rows.h"
#include "cli/session.h"

static const option own_options[] = {
    {.name = "exit-code", .kind = OPTION_FLAG, .doc = "diff: exit status 6 when something differs"},
    {.name = NULL},
};

static const example examples[] = {
    {"policy check --policy fleet.lua -v", "decide for every account and show it"},
    {"policy eval 0000123456-00001", "what the policy says about one account"},
    {"policy diff /etc/thingspace/policy.lua fleet.lua",
     "which accounts would be decided otherwise, or have other listeners"},
    {NULL, NULL},
};

static const column decision_columns[] = {
    {"ACCOUNT", "accountName", COLUMN_SHOWN},
    {"ENDPOINT", "endpoint", COLUMN_SHOWN},
    {"CREDENTIAL", "credential", COLUMN_SHOWN},
    {"LISTENERS", "listeners", COLUMN_SHOWN},
    {NULL, NULL, COLUMN_SHOWN},
};

/* The same, when there are tenants. */
static const column tenant_columns[] = {
    {"ACCOUNT", "accountName", COLUMN_SHOWN}, {"TENANT", "tenant", COLUMN_SHOWN},
    {"ENDPOINT", "endpoint", COLUMN_SHOWN},   {"CREDENTIAL", "credential", COLUMN_SHOWN},
    {"LISTENERS", "listeners", COLUMN_SHOWN}, {NULL, NULL, COLUMN_SHOWN},
};

static const column listener_columns[] = {
    {"SERVICE", "serviceName", COLUMN_SHOWN},
    {"URL", "url", COLUMN_SHOWN},
    {"USERNAME", "username", COLUMN_SHOWN},
    {"PASSWORD", "hasPassword", COLUMN_SHOWN},
    {NULL, NULL, COLUMN_SHOWN},
};

static const char *text_of(const json *row, const char *member)
{
    const char *text = json_get_string(row, member);
    const char *number = json_number(json_get(row, member));
    return text ? text : number ? number : "";
}

static thingspace_status parse(json **out, const char *text, thingspace_error *error)
{
    return json_parse_own(out, text, strlen(text), error);
}

static int refuse_exit_code(session *session)
{
    return session_usage(session, "--exit-code belongs to policy diff");
}

/* ---- check ---- */

static bool has_tenants(const json *decisions)
{
    for (const json *row = json_first(decisions); row; row = json_next(row))
        if (json_get(row, "tenant"))
            return true;
    return false;
}

static thingspace_status print_decisions(session *session, const json *document)
{
    rows rows;
    const json *decisions = json_get(document, "decisions");
    bool tenants = has_tenants(decisions);
    rows_begin(&rows, &session->output, tenants ? tenant_columns : decision_columns);
    for (const json *row = json_first(decisions); row; row = json_next(row)) {
        cell cells[5];
        size_t count = 0;
        cells[count++] = (cell){text_of(row, "accountName"), NULL};
        if (tenants)
            cells[count++] = (cell){text_of(row, "tenant"), NULL};
        cells[count++] = (cell){text_of(row, "endpoint"), NULL};
        cells[count++] = (cell){text_of(row, "credential"), NULL};
        cells[count++] = (cell){text_of(row, "listeners"), NULL};
        rows_add(&rows, cells);
    }
    return rows_end(&rows, true);
}

static void warn(session *session, const json *document)
{
    for (const json *row = json_first(json_get(document, "warnings")); row; row = json_next(row))
        output_warn(&session->output, "%s %s: %s", text_of(row, "accountName"),
                    text_of(row, "serviceName"), text_of(row, "message"));
}

/* The errors as those of other commands look, for output_fail. */
static json *errors_of(const json *document)
{
    json *errors = json_new_array();
    for (const json *row = json_first(json_get(document, "errors")); row; row = json_next(row)) {
        thingspace_error error = THINGSPACE_ERROR_INIT;
        const char *service = json_get_string(row, "serviceName");
        long long line = 0;
        json_integer(json_get(row, "line"), &line);
        error_set(&error, THINGSPACE_POLICY, "%s%s%s", service ? service : "", service ? ": " : "",
                  text_of(row, "message"));
        error_set_account(&error, text_of(row, "accountName"));
        error_set_place(&error, text_of(json_get(row, "script") ? row : document, "script"),
                        (int)line);
        (void)json_append(errors, output_error_json(&error));
    }
    return errors;
}

static const char *plural(bool one)
{
    return one ? "" : "s";
}

static void print_summary(const json *document)
{
    const char *script = text_of(document, "script");
    const char *accounts = text_of(document, "accounts");
    const char *listeners = text_of(document, "listeners");
    size_t warnings = json_count(json_get(document, "warnings"));
    size_t errors = json_count(json_get(document, "errors"));
    cleanup_text char *line = text_format(
        "%s%s%s%s: %s account%s, %s listener%s, %zu warning%s, %zu error%s",
        text_of(document, "name"), *script ? " (" : "", script, *script ? ")" : "", accounts,
        plural(text_equal(accounts, "1")), listeners, plural(text_equal(listeners, "1")), warnings,
        plural(warnings == 1), errors, plural(errors == 1));
    if (line)
        output_line(line);
}

static thingspace_status print_check(session *session, const json *document, const char *text)
{
    if (session->output.json) {
        output_line(text);
        return THINGSPACE_OK;
    }
    print_summary(document);
    warn(session, document);
    return options_has(&session->options, "verbose") ? print_decisions(session, document)
                                                     : THINGSPACE_OK;
}

static int run_check(session *session)
{
    thingspace_error error = THINGSPACE_ERROR_INIT, trouble = THINGSPACE_ERROR_INIT;
    cleanup_json json *document = NULL;
    cleanup_json json *errors = NULL;
    char *text = NULL;
    if (options_has(&session->options, "exit-code"))
        return refuse_exit_code(session);
    thingspace_status status = session_open(session, &error);
    if (status == THINGSPACE_OK)
        status = thingspace_policy_check(session->client, &text, &error);
    if (text && parse(&document, text, &trouble) == THINGSPACE_OK) {
        errors = errors_of(document);
        if (print_check(session, document, text) != THINGSPACE_OK)
            status = error_memory(&error);
    } else if (text && session->output.json) {
        output_line(text);
    } else if (text && status == THINGSPACE_OK) {
        error = trouble;
        status = trouble.kind;
    }
    thingspace_text_free(text);
    return status == THINGSPACE_OK ? 0 : output_fail(&session->output, &error, errors);
}

/* ---- eval ---- */

static void print_member(const char *label, const char *text)
{
    cleanup_text char *line = text_format("%-12s%s", label, text);
    if (line)
        output_line(line);
}

static thingspace_status print_tags(const json *tags)
{
    cleanup_buffer buffer text;
    buffer_init(&text, (size_t)1024 * 1024);
    if (json_count(tags) == 0)
        return THINGSPACE_OK;
    if (json_write(&text, tags, JSON_PLAIN) == THINGSPACE_OK)
        print_member("tags", buffer_text(&text));
    return text.status;
}

static thingspace_status print_listeners(session *session, const json *listeners)
{
    rows rows;
    rows_begin(&rows, &session->output, listener_columns);
    for (const json *row = json_first(listeners); row; row = json_next(row)) {
        bool password = json_type_of(json_get(row, "hasPassword")) == JSON_TRUE;
        const cell cells[] = {
            {text_of(row, "serviceName"), NULL},
            {text_of(row, "url"), NULL},
            {text_of(row, "username"), NULL},
            {password ? "yes" : "no", NULL},
        };
        rows_add(&rows, cells);
    }
    return rows_end(&rows, true);
}

static thingspace_status print_eval(session *session, const char *text, thingspace_error *error)
{
    cleanup_json json *document = NULL;
    if (session->output.json) {
        output_line(text);
        return THINGSPACE_OK;
    }
    thingspace_status status = parse(&document, text, error);
    if (status != THINGSPACE_OK)
        return status;
    print_member("account", text_of(document, "accountName"));
    print_member("endpoint", text_of(document, "endpoint"));
    print_member("credential", text_of(document, "credential"));
    print_member("timeout_ms", text_of(document, "timeout_ms"));
    print_member("script", text_of(document, "script"));
    if (json_get(document, "tenant"))
        print_member("tenant", text_of(document, "tenant"));
    status = print_tags(json_get(document, "tags"));
    if (status == THINGSPACE_OK)
        status = print_listeners(session, json_get(document, "listeners"));
    return status == THINGSPACE_OK ? status : error_memory(error);
}

static int run_eval(session *session)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    char *text = NULL;
    if (options_has(&session->options, "exit-code"))
        return refuse_exit_code(session);
    thingspace_status status = session_open(session, &error);
    if (status == THINGSPACE_OK)
        status = thingspace_policy_eval(session->client, &text, session_word(session, 0), &error);
    if (status == THINGSPACE_OK)
        status = print_eval(session, text, &error);
    thingspace_text_free(text);
    return status == THINGSPACE_OK ? 0 : session_fail(session, &error);
}

static const action actions[] = {
    {"check", "", "load the policy and decide for every account", run_check},
    {"eval", "ACCOUNT", "print the decision for one account", run_eval},
    {"diff", "OLD NEW", "print what changes when one policy takes the place of another",
     policy_run_diff},
    {NULL, NULL, NULL, NULL},
};

const command command_policy = {
    .name = "policy",
    .summary = "check a policy, ask it, compare two",
    .description =
        "Works without network and reads no secret. `policy check` prints a line of sums, with -v "
        "also every account's decision, and whose script made it; what is wrong goes to standard "
        "error, account by account.\n"
        "\n"
        "`policy diff` decides for every account by both policies, the files OLD and NEW, and "
        "prints the accounts that are new (+), gone (-), or decided otherwise (~, a line for each "
        "field that differs). Of passwords only where they come from is compared.",
    .json = "check: {\"name\", \"script\", \"endpoints\", \"credentials\", \"accounts\", "
            "\"listeners\", \"decisions\", \"warnings\", \"errors\"}; eval: {\"accountName\", "
            "\"endpoint\", \"credential\", \"timeout_ms\", \"tags\", \"script\", \"tenant\", "
            "\"listeners\"}; diff: {\"added\", \"removed\", \"changed\": [{\"accountName\", "
            "\"fields\": [{\"name\", \"from\", \"to\"}]}], \"errors\"}",
    .exits = "3 when a policy fails for any account; with --exit-code 6 when something differs.",
    .options = own_options,
    .actions = actions,
    .examples = examples,
};
