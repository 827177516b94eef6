/* SPDX-License-Identifier: MIT */
/* thingspace apply: does what a plan says, a fresh one or a saved one, after asking. */
#include <config.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/error.h"
#include "base/text.h"
#include "cli/commands/apply.h"
#include "cli/commands/commands.h"
#include "cli/plan/plan.h"

static const option own_options[] = {
    {.name = "account",
     .kind = OPTION_TEXT,
     .value = "ACCOUNT",
     .repeats = true,
     .doc = "only that account, or those of a pattern with *; repeatable"},
    PLAN_OPTION_TAG,
    PLAN_OPTION_SERVICE,
    {.name = "yes", .kind = OPTION_FLAG, .doc = "do not ask; needed where there is no terminal"},
    {.name = "prune",
     .kind = OPTION_FLAG,
     .doc = "remove what is the policy's and no longer declared"},
    {.name = "take-over",
     .kind = OPTION_FLAG,
     .doc = "move declared services that go to a stranger's URL"},
    {.name = "force",
     .kind = OPTION_FLAG,
     .doc = "change more than 30 % of 10 or more of the policy's listeners"},
    {.name = "expect",
     .kind = OPTION_TEXT,
     .value = "ID",
     .doc = "only when the plan has that id: the one that was approved"},
    {.name = NULL},
};

static const example examples[] = {
    {"apply", "shows what will change in all accounts of the policy, asks, does it"},
    {"apply --account '0000123456-*' --service NiddService", "some of them"},
    {"apply --yes --prune --reason 'ticket 4711'", "in a script, also what is to be removed"},
    {"apply monday.plan --expect 5f0c7e1b9a3d4c2e8f6071b2c3d4e5f6 --yes",
     "a saved plan, when it is the one that was approved"},
    {NULL, NULL},
};

/* ---- the plan ---- */

static unsigned flags_of(const session *session)
{
    const options *given = &session->options;
    return (options_has(given, "prune") ? THINGSPACE_PRUNE : 0) |
           (options_has(given, "take-over") ? THINGSPACE_TAKE_OVER : 0) |
           (options_has(given, "force") ? THINGSPACE_FORCE : 0);
}

static bool is_declared(const session *session, const char *name)
{
    for (size_t i = 0; i < thingspace_client_account_count(session->client); i++)
        if (text_equal(thingspace_client_account(session->client, i), name))
            return true;
    return false;
}

/* "0000123456-00001", "0000123456-*", and what the policy calls an account. */
static bool is_like_account(const session *session, const char *word)
{
    size_t digits = strspn(word, "0123456789");
    bool numbers = digits > 0 && word[digits] == '-' &&
                   word[digits + 1 + strspn(word + digits + 1, "0123456789")] == '\0';
    return numbers || strchr(word, '*') || is_declared(session, word);
}

static thingspace_status load(session *session, thingspace_plan **out, const char *file,
                              thingspace_error *error)
{
    if (access(file, F_OK) != 0 && errno == ENOENT && is_like_account(session, file))
        return error_set(error, THINGSPACE_USAGE,
                         "there is no saved plan %s; an account is chosen with --account %s", file,
                         file);
    return thingspace_plan_load(session->client, out, file, error);
}

static thingspace_status make(session *session, thingspace_plan **out, thingspace_error *error)
{
    const char **accounts = options_texts(&session->options, "account");
    thingspace_status status = plan_session_make(session, out, accounts, 0, error);
    free(accounts);
    return status;
}

/* ---- before ---- */

static bool is_asking(const session *session)
{
    return session->output.terminal && isatty(STDIN_FILENO) &&
           !options_has(&session->options, "yes");
}

/* On a terminal the plan itself tells. */
static void tell_if_idle(session *session, const thingspace_plan *plan)
{
    thingspace_plan_counts counts = THINGSPACE_PLAN_COUNTS_INIT;
    thingspace_plan_count(plan, &counts);
    size_t changes = counts.add + counts.change + counts.takeover + counts.remove + counts.blocked;
    if (changes == 0 && !session->output.terminal)
        output_note(&session->output, counts.unread + counts.failed == 0
                                          ? "nothing to do"
                                          : "nothing to do where it could be seen");
}

static thingspace_status check(session *session, const thingspace_plan *plan, unsigned flags,
                               thingspace_error *error)
{
    thingspace_apply_options options = THINGSPACE_APPLY_OPTIONS_INIT;
    options.flags = flags;
    options.expect_id = options_text(&session->options, "expect");
    return thingspace_plan_check(plan, &options, error);
}

/* Refusals come first: nobody is asked about what would not be done. */
static thingspace_status prepare(session *session, const thingspace_plan *plan,
                                 const json *document, unsigned flags, thingspace_error *error)
{
    if (session->output.terminal && plan_text_print(session, document) != THINGSPACE_OK)
        return error_memory(error);
    thingspace_status status = check(session, plan, flags, error);
    if (status == THINGSPACE_OK && is_asking(session) && apply_question_count(plan, flags) > 0)
        status = apply_question_ask(plan, document, flags, error);
    return status;
}

static int apply(session *session, thingspace_plan *plan)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_json json *document = NULL;
    unsigned flags = flags_of(session);
    thingspace_status status = plan_session_document(&document, plan, &error);
    if (status == THINGSPACE_OK)
        status = prepare(session, plan, document, flags, &error);
    if (status != THINGSPACE_OK)
        return session_fail(session, &error);
    tell_if_idle(session, plan);
    return apply_do(session, plan, document, flags);
}

/* ---- the command ---- */

static int refuse_options(session *session, const char *file)
{
    const options *given = &session->options;
    if (session_is_dry(session))
        return session_usage(session, "apply has no --dry-run: `thingspace plan` shows what it "
                                      "would do");
    if (file && (options_has(given, "account") || options_has(given, "tag") ||
                 options_has(given, "service")))
        return session_usage(session, "apply: a saved plan is applied as a whole, without "
                                      "--account, --tag and --service");
    if (!options_has(given, "yes") && !is_asking(session))
        return session_usage(session, "apply: --yes is needed where nobody can be asked: standard "
                                      "input and output are no terminal, or --output is json");
    return 0;
}

static int run(session *session)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_plan *plan = NULL;
    const char *file = session_word(session, 0);
    int refused = refuse_options(session, file);
    if (refused)
        return refused;
    thingspace_status status =
        session_open_for(session, options_has(&session->options, "account"), &error);
    if (status != THINGSPACE_OK)
        return session_fail(session, &error);
    if (!file && !options_has(&session->options, "account") &&
        thingspace_client_account_count(session->client) == 0)
        return session_usage(session, "apply: name --account, or declare accounts in a policy");
    status = file ? load(session, &plan, file, &error) : make(session, &plan, &error);
    int exit_status =
        status == THINGSPACE_OK ? apply(session, plan) : session_fail(session, &error);
    thingspace_plan_free(plan);
    return exit_status;
}

const command command_apply = {
    .name = "apply",
    .arguments = "[FILE]",
    .summary = "make what is registered what the policy declares",
    .description =
        "Makes a plan as `thingspace plan` does, of all accounts that the policy declares or of "
        "those chosen, shows it, asks, and does what it says: many changes at once. With FILE it "
        "is a plan that `plan --out` has saved: it is done as it is, or refused when what is "
        "registered, or anything that the policy is read from, has changed since. Where there is "
        "no terminal, --yes stands for the answer.\n"
        "\n"
        "Listeners are added and changed. What is no longer declared is removed with --prune "
        "alone, what goes to a stranger's URL is moved with --take-over alone, and more than 30 % "
        "of 10 or more of the policy's listeners are changed or removed with --force alone. What "
        "is foreign is never touched. Each listener is looked at again just before: for what is as "
        "planned already nothing is sent, which is told and is no failure, and what somebody else "
        "has changed since fails.\n"
        "\n"
        "While an endpoint is not reached, or has too much to do, what is left is tried again for "
        "up to two minutes; a warning tells of an endpoint that nobody reaches.\n"
        "\n"
        "A listener that the service does not overwrite is removed and registered again, behind a "
        "record in the state directory: should the process die in between, the next plan, apply "
        "or register puts it right. One apply runs at a time for a state directory. Signing keys "
        "that answers of location and diagnostics carry are not kept, and a warning counts them: "
        "see `thingspace register --help`.\n"
        "\n"
        "On a terminal a bar counts, and failures stand above it. Ctrl-C ends what is under way "
        "and begins nothing more; a second one ends the process at once. Whatever ended an apply, "
        "the next one does the rest. When standard output cannot be written any more, nothing "
        "more is begun either.\n"
        "\n"
        "For changes that two people approve, for example in CI: one job runs `thingspace plan "
        "--out FILE` and keeps FILE and the id that it tells; somebody reads the plan; another job "
        "runs `thingspace apply FILE --expect ID --yes --reason TEXT` with that id. FILE holds no "
        "secret, a FILE of another id is refused, and so is a plan that is not true any more. Both "
        "jobs need the same policy, which may lie in different folders: the content of its script, "
        "of those of tenants, of csv and json files and of plugins, and the words of --set and "
        "--plugin. Audit plugins are told the id and TEXT with each change.",
    .json = "as on every standard output that is no terminal, a line for each change when it is "
            "over: {\"accountName\", \"serviceName\", \"api\", \"action\": \"add\", \"change\", "
            "\"takeover\", \"remove\" or \"repair\", \"result\": \"done\", \"failed\" or "
            "\"skipped\", \"unchanged\": true of what is done since it was as planned already, "
            "\"error\": {\"kind\", \"message\", \"status\", \"code\", \"account\", \"plugin\", "
            "\"instance\", \"tenant\", \"phase\", \"file\", \"line\"}}; members that do not "
            "apply are left out.",
    .exits = "7 when some changes failed, or accounts could not be read, and others are done; that "
             "of the first one's error when all failed; 8 when the plan is refused: stale, of "
             "a policy that has changed, of another id, beyond 30 %, takeovers alone, or another "
             "apply runs; 130 when it was interrupted, or the answer was not yes.",
    .options = own_options,
    .examples = examples,
    .run = run,
};
