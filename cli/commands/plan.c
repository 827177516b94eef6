/* SPDX-License-Identifier: MIT */
/* thingspace plan: what is registered against what the policy declares. Changes nothing. */
#include <config.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "cli/commands/commands.h"
#include "cli/plan/plan.h"
#include "cli/report/report.h"

#define OF_APPLY "it belongs to apply; a plan shows all that would change"

static const option own_options[] = {
    PLAN_OPTION_TAG,
    PLAN_OPTION_SERVICE,
    {.name = "out", .kind = OPTION_FILE, .value = "FILE", .doc = "save the plan"},
    {.name = "report",
     .kind = OPTION_FILE,
     .value = "FILE",
     .repeats = true,
     .doc = "write a page to look at (.html) or a comment (.md); repeatable"},
    {.name = "markdown",
     .kind = OPTION_FLAG,
     .doc = "print Markdown, for a comment on a change of the policy"},
    {.name = "exit-code",
     .kind = OPTION_FLAG,
     .doc = "exit status 6 when something differs from what is declared"},
    {.name = "prune", .kind = OPTION_REFUSED, .doc = OF_APPLY},
    {.name = "take-over", .kind = OPTION_REFUSED, .doc = OF_APPLY},
    {.name = "force", .kind = OPTION_REFUSED, .doc = OF_APPLY},
    {.name = NULL},
};

static const example examples[] = {
    {"plan", "what would change in all accounts of the policy"},
    {"plan '0000123456-*' --service NiddService -v", "some of them, row by row"},
    {"plan --tag region=eu --exit-code --quiet", "for a timer: status 6 is drift"},
    {"plan --out monday.plan", "save it for a review"},
    {"plan --report monday.html", "a page with all accounts and services"},
    {"plan --markdown --quiet > comment.md", "a comment for a pull request"},
    {NULL, NULL},
};

/* ---- reports ---- */

/* 0 when all words make sense together. */
static int check_reports(session *session)
{
    const options *options = &session->options;
    if (options_has(options, "markdown") && session->output.json)
        return session_usage(session, "--markdown and --output json exclude each other");
    for (size_t i = 0; i < options->given_count; i++) {
        const given_option *given = &options->given[i];
        if (text_equal(given->option->name, "report") &&
            report_format_of(given->value) == REPORT_NONE)
            return session_usage(session, "--report writes FILE.html or FILE.md, and %s is neither",
                                 given->value);
    }
    return 0;
}

static bool has_page(const options *options)
{
    for (size_t i = 0; i < options->given_count; i++)
        if (text_equal(options->given[i].option->name, "report") &&
            report_format_of(options->given[i].value) == REPORT_HTML)
            return true;
    return false;
}

static thingspace_status save_reports(session *session, const json *document,
                                      thingspace_error *error)
{
    const options *options = &session->options;
    thingspace_status status = THINGSPACE_OK;
    for (size_t i = 0; i < options->given_count && status == THINGSPACE_OK; i++) {
        const char *file = options->given[i].value;
        if (!text_equal(options->given[i].option->name, "report"))
            continue;
        status = report_save(document, file, error);
        if (status == THINGSPACE_OK)
            output_note(&session->output, "report written to %s", file);
    }
    return status;
}

static thingspace_status print_markdown(const json *document)
{
    cleanup_buffer buffer text;
    buffer_init(&text, LIMIT_JSON_TEXT);
    report_markdown(&text, document);
    if (text.status == THINGSPACE_OK)
        output_bytes(text.data, text.size);
    return text.status;
}

/* ---- making ---- */

static thingspace_status make_plan(session *session, thingspace_plan **out, thingspace_error *error)
{
    size_t count = session->options.word_count;
    unsigned flags = has_page(&session->options) ? THINGSPACE_PLAN_CELLS : 0;
    const char **accounts = calloc(count + 1, sizeof(*accounts));
    for (size_t i = 0; i < count && accounts; i++)
        accounts[i] = session_word(session, i);
    thingspace_status status = plan_session_make(session, out, accounts, flags, error);
    free(accounts);
    return status;
}

/* ---- telling ---- */

static thingspace_status print(session *session, const json *document, const char *text)
{
    if (session->output.json) {
        output_line(text);
        return THINGSPACE_OK;
    }
    return options_has(&session->options, "markdown") ? print_markdown(document)
                                                      : plan_text_print(session, document);
}

static thingspace_status save(session *session, const thingspace_plan *plan,
                              thingspace_error *error)
{
    const char *file = options_text(&session->options, "out");
    if (!file)
        return THINGSPACE_OK;
    thingspace_status status = thingspace_plan_save(plan, file, error);
    if (status == THINGSPACE_OK)
        output_note(&session->output, "saved as %s, plan %s", file, thingspace_plan_id(plan));
    return status;
}

/* ---- the exit status ---- */

static int finish(session *session, const thingspace_plan *plan, const json *document)
{
    thingspace_plan_counts counts = THINGSPACE_PLAN_COUNTS_INIT;
    thingspace_plan_count(plan, &counts);
    if (counts.unread + counts.failed > 0)
        return plan_session_fail(session, plan, document);
    bool drift = counts.add + counts.change + counts.takeover + counts.remove + counts.blocked > 0;
    bool asked = options_has(&session->options, "exit-code");
    return asked && drift ? thingspace_status_exit(THINGSPACE_DRIFT) : 0;
}

static bool has_failed(const thingspace_plan *plan)
{
    thingspace_plan_counts counts = THINGSPACE_PLAN_COUNTS_INIT;
    thingspace_plan_count(plan, &counts);
    return counts.unread + counts.failed > 0;
}

/* A program reads the text itself: only errors are looked for in it. */
static int tell(session *session, const thingspace_plan *plan)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_json json *document = NULL;
    char *text = NULL;
    thingspace_status status = thingspace_plan_json(plan, &text, &error);
    bool looks = !session->output.json || options_has(&session->options, "report");
    if (status == THINGSPACE_OK && (looks || has_failed(plan)))
        status = json_parse_own(&document, text, strlen(text), &error);
    if (status == THINGSPACE_OK && print(session, document, text) != THINGSPACE_OK)
        status = error_memory(&error);
    if (status == THINGSPACE_OK)
        status = save(session, plan, &error);
    if (status == THINGSPACE_OK)
        status = save_reports(session, document, &error);
    thingspace_text_free(text);
    return status == THINGSPACE_OK ? finish(session, plan, document)
                                   : session_fail(session, &error);
}

static int run(session *session)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_plan *plan = NULL;
    if (session_is_dry(session))
        return session_usage(session, "plan changes nothing, and has no --dry-run");
    int wrong = check_reports(session);
    if (wrong != 0)
        return wrong;
    thingspace_status status = session_open_for(session, session->options.word_count > 0, &error);
    if (status != THINGSPACE_OK)
        return session_fail(session, &error);
    if (session->options.word_count == 0 && thingspace_client_account_count(session->client) == 0)
        return session_usage(session, "plan: name an ACCOUNT, or declare accounts in a policy");
    status = make_plan(session, &plan, &error);
    int exit_status = status == THINGSPACE_OK ? tell(session, plan) : session_fail(session, &error);
    thingspace_plan_free(plan);
    return exit_status;
}

const command command_plan = {
    .name = "plan",
    .arguments = "[ACCOUNT...]",
    .summary = "compare what is registered with the policy",
    .description =
        "Reads the listeners of each ACCOUNT (a name, or a pattern with *), or of all accounts "
        "that the policy declares, and compares them with what the policy's listeners function "
        "declares, as the request and check hooks of plugins leave it. Nothing is changed.\n"
        "\n"
        "A listener is added when it is declared and not there, and changed when it is there in "
        "another form. It is taken over when what is there goes to a URL that is not the policy's, "
        "and removed when it is the policy's and no longer declared. The policy's are URLs with a "
        "host that it declares for any account now, and those that its owns matches. All else is "
        "foreign and left alone. What the service refused to have so at the last apply is blocked, "
        "with its reason, and tried again by the next one.\n"
        "\n"
        "Changes that are alike are one line; with -v every listener follows. Passwords are "
        "compared and never shown. A password that is thingspace.secret.registered is as declared "
        "whatever it is; no password means that there should be none. Where a hook denies a "
        "listener, or its password cannot be read, that listener has failed, and what is "
        "registered counts as neither declared nor foreign. A removal meets its hooks when it is "
        "applied, not before: what one denies then fails by itself, and `thingspace plugin explain "
        "ACCOUNT deregister SERVICE` tells now.\n"
        "\n"
        "With --report FILE.html the plan is one page that needs no network and nothing beside it: "
        "sums, groups of changes that are alike, and the matrix of accounts and services with the "
        "difference behind each cell. FILE.md, and --markdown on standard output, are for a "
        "comment on a change of the policy. All of them hold accounts and URLs, and no password.",
    .json = "{\"id\", \"policy\", \"policyDigest\", \"script\", \"endpoints\": [NAME], "
            "\"duration_ms\", "
            "\"accounts\", \"add\", \"change\", \"takeover\", \"remove\", \"blocked\", "
            "\"unchanged\", \"foreign\", \"unread\", \"failed\", "
            "\"changes\": [{\"accountName\", \"serviceName\", \"api\", \"action\", "
            "\"fields\": [{\"name\", \"from\", \"to\"}], \"note\"}], "
            "\"errors\": [{\"accountName\", \"serviceName\", \"credential\", \"kind\", "
            "\"message\", \"status\", \"code\", \"plugin\", \"instance\", \"tenant\", "
            "\"phase\"}], "
            "\"cells\": [{\"accountName\", \"serviceName\", \"api\", \"state\", \"url\", "
            "\"username\", \"hasPassword\"}], \"empty\": [ACCOUNT]}; cells and empty with "
            "--report FILE.html alone",
    .exits = "7 when some accounts could not be read, some listeners not be decided, or a tenant's "
             "script does not load, also with --exit-code; when no account could be read, that of "
             "the first one's error.",
    .options = own_options,
    .examples = examples,
    .run = run,
};
