/* SPDX-License-Identifier: MIT */
/* thingspace policy: what the policy says, without network and without reading a secret. */
#include <config.h>
#include <string.h>
#include "base/error.h"
#include "base/text.h"
#include "cli/commands/commands.h"
#include "cli/commands/policy.h"
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

static const column listener_columns[] = {
    {"SERVICE", "serviceName", COLUMN_SHOWN},
    {"URL", "url", COLUMN_SHOWN},
    {"USERNAME", "username", COLUMN_SHOWN},
    {"PASSWORD", "hasPassword", COLUMN_SHOWN},
    {NULL, NULL, COLUMN_SHOWN},
};

const char *policy_text_of(const json *row, const char *member)
{
    const char *text = json_get_string(row, member);
    const char *number = json_number(json_get(row, member));
    return text ? text : number ? number : "";
}

int policy_refuse_exit_code(session *session)
{
    return session_usage(session, "--exit-code belongs to policy diff");
}

static thingspace_status parse(json **out, const char *text, thingspace_error *error)
{
    return json_parse_own(out, text, strlen(text), error);
}

/* ---- eval ---- */

static void print_member(const char *label, const char *text)
{
    cleanup_text char *line = text_format("%-12s%s", label, text);
    if (line)
        output_line(line);
}

/* Nothing when it is empty. */
static thingspace_status print_object(const char *label, const json *object)
{
    cleanup_buffer buffer text;
    buffer_init(&text, (size_t)1024 * 1024);
    if (json_count(object) == 0)
        return THINGSPACE_OK;
    if (json_write(&text, object, JSON_PLAIN) == THINGSPACE_OK)
        print_member(label, buffer_text(&text));
    return text.status;
}

static thingspace_status print_listeners(session *session, const json *listeners)
{
    rows rows;
    rows_begin(&rows, &session->output, listener_columns);
    for (const json *row = json_first(listeners); row; row = json_next(row)) {
        bool password = json_type_of(json_get(row, "hasPassword")) == JSON_TRUE;
        const cell cells[] = {
            {policy_text_of(row, "serviceName"), NULL},
            {policy_text_of(row, "url"), NULL},
            {policy_text_of(row, "username"), NULL},
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
    print_member("account", policy_text_of(document, "accountName"));
    print_member("endpoint", policy_text_of(document, "endpoint"));
    print_member("credential", policy_text_of(document, "credential"));
    print_member("timeout_ms", policy_text_of(document, "timeout_ms"));
    print_member("script", policy_text_of(document, "script"));
    if (json_get(document, "tenant"))
        print_member("tenant", policy_text_of(document, "tenant"));
    status = print_object("tags", json_get(document, "tags"));
    if (status == THINGSPACE_OK)
        status = print_object("checks", json_get(document, "checks"));
    if (status == THINGSPACE_OK)
        status = print_listeners(session, json_get(document, "listeners"));
    return status == THINGSPACE_OK ? status : error_memory(error);
}

static int run_eval(session *session)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    char *text = NULL;
    if (options_has(&session->options, "exit-code"))
        return policy_refuse_exit_code(session);
    thingspace_status status = session_open_for(session, true, &error);
    if (status == THINGSPACE_OK)
        status = thingspace_policy_eval(session->client, &text, session_word(session, 0), &error);
    if (status == THINGSPACE_OK)
        status = print_eval(session, text, &error);
    thingspace_text_free(text);
    return status == THINGSPACE_OK ? 0 : session_fail(session, &error);
}

static const action actions[] = {
    {"check", "", "load the policy and decide for every account", policy_run_check},
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
        "also every account's decision, and whose script made it, and how many accounts each "
        "tenant decides for; patterns and plugins that a tenant's row gives for nothing are "
        "warnings; what is wrong goes to standard "
        "error: what many accounts fail with alike is one line, with their number and the first "
        "ones, and a tenant whose script or plugins do not load stands for its "
        "accounts; as JSON each account has its error. A script that a limit stopped is asked "
        "again for the next account, up to three times.\n"
        "\n"
        "`policy diff` decides for every account by both policies, the files OLD and NEW, and "
        "prints the accounts that are new (+), gone (-), or decided otherwise (~, a line for each "
        "field that differs; also where the endpoint is), then the same of the instances of "
        "plugins, and their order, of the tenants what their rows grant, and what the policy owns. "
        "Of passwords and tokens only where they come from is compared, and files by their place "
        "in each policy's folder.",
    .json =
        "check: {\"name\", \"script\", \"endpoints\": [NAME], \"credentials\": [NAME], "
        "\"accounts\", \"failed\", \"listeners\", \"tenants\": [{\"tenant\", \"script\", "
        "\"accounts\", \"failed\"}], \"decisions\": [{\"accountName\", \"endpoint\", "
        "\"credential\", "
        "\"script\", \"tenant\", \"listeners\"}], \"warnings\": [{\"accountName\", "
        "\"tenant\", \"serviceName\", \"message\"}], \"errors\": [{\"accountName\", "
        "\"tenant\", \"serviceName\", \"message\", \"after\", \"script\", \"kind\", "
        "\"account\", \"plugin\", \"instance\", \"phase\", \"file\", \"line\"}]}; accounts, "
        "failed and listeners are numbers; after is the account at which the tenant's script was "
        "stopped so often that this one was not asked.\n\n"
        "eval: {\"accountName\", \"endpoint\", \"credential\", \"timeout_ms\", \"tags\", "
        "\"checks\": {NAME: LEVEL}, \"script\", \"tenant\", \"listeners\": "
        "[{\"serviceName\", \"url\", \"username\", \"hasPassword\", \"api\"}]}.\n\n"
        "diff: {\"added\": [ACCOUNT], \"removed\": [ACCOUNT], \"changed\": "
        "[{\"accountName\", \"fields\": [{\"name\", \"from\", \"to\"}]}], \"errors\": "
        "[{\"policy\": \"old\" or \"new\", and the members of check's}], \"plugins\": "
        "{\"added\": [{\"instance\", \"tenant\", \"plugin\"}], \"removed\": [the same], "
        "\"changed\": [{\"instance\", \"tenant\", \"plugin\", \"fields\": [{\"name\", "
        "\"from\", \"to\"}]}], \"order\": [{\"tenant\", \"from\": [INSTANCE], \"to\": "
        "[INSTANCE]}]}, \"tenants\": {\"added\": [TENANT], \"removed\": [TENANT], "
        "\"changed\": [{\"name\", \"fields\": [{\"name\", \"from\", \"to\"}]}]}, \"owns\": "
        "{\"from\": [PATTERN], \"to\": [PATTERN]}}.\n\n"
        "Members that do not apply are left out; a listener without a username has null.",
    .exits = "3 when a policy fails for any account; with --exit-code 6 when something differs.",
    .options = own_options,
    .actions = actions,
    .examples = examples,
};
