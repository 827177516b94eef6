/* SPDX-License-Identifier: MIT */
/* thingspace audit verify: whether an audit file is the chain that the audit plugin wrote. */
#include <config.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "base/error.h"
#include "base/text.h"
#include "cli/commands/commands.h"
#include "cli/session.h"
#include "plugins/audit/chain.h"

/* In text; JSON has them all. */
#define MOST_SHOWN 20

static const option own_options[] = {
    {.name = "expect",
     .kind = OPTION_TEXT,
     .value = "HASH",
     .doc = "a hash that an earlier verify printed and that must be in the chain: shows that no "
            "last lines are missing"},
    {.name = NULL},
};

static const example examples[] = {
    {"audit verify /var/log/thingspace/audit.jsonl",
     "whether anybody changed the file, and which calls have no result"},
    {"audit verify audit.jsonl --output json | jq -r .hash > noted",
     "note the last line's hash, at another place"},
    {"audit verify audit.jsonl --expect \"$(cat noted)\"",
     "later: whether what was there then is still there"},
    {NULL, NULL},
};

#define cleanup_report __attribute__((cleanup(audit_report_dispose)))

static json *unfinished_json(const audit_report *report)
{
    json *list = json_new_array();
    thingspace_status status = THINGSPACE_OK;
    for (size_t i = 0; i < report->unfinished_count; i++) {
        char id[17];
        snprintf(id, sizeof(id), "%016" PRIx64, report->unfinished[i]);
        json_add(list, json_new_string(id), &status);
    }
    if (status == THINGSPACE_OK)
        return list;
    json_free(list);
    return NULL;
}

static thingspace_status print_json(const char *file, const audit_report *report)
{
    cleanup_json json *out = json_new_object();
    thingspace_status status = THINGSPACE_OK;
    json_put(out, "file", json_new_string(file), &status);
    json_put(out, "lines", json_new_integer((long long)report->lines), &status);
    json_put(out, "intents", json_new_integer((long long)report->intents), &status);
    json_put(out, "results", json_new_integer((long long)report->results), &status);
    json_put(out, "torn", json_new_integer((long long)report->torn), &status);
    json_put(out, "unfinished", unfinished_json(report), &status);
    json_put(out, "hash", json_new_string(report->hash), &status);
    json_put(out, "ok", json_new_boolean(true), &status);
    return status == THINGSPACE_OK ? output_json(out) : status;
}

static thingspace_status print_text(const char *file, const audit_report *report)
{
    char name[512];
    text_escape(name, sizeof(name), file, strlen(file));
    output_text("%s: the chain fits", name);
    output_text("lines: %llu, intents: %llu, results: %llu, torn: %llu", report->lines,
                report->intents, report->results, report->torn);
    output_text("hash: %s", report->hash);
    for (size_t i = 0; i < report->unfinished_count && i < MOST_SHOWN; i++)
        output_text("without result: %016" PRIx64, report->unfinished[i]);
    if (report->unfinished_count > MOST_SHOWN)
        output_text("without result: %zu more", report->unfinished_count - MOST_SHOWN);
    return THINGSPACE_OK;
}

static thingspace_status verify(const char *path, const char *expected, audit_report *report,
                                thingspace_error *error)
{
    FILE *file = fopen(path, "re");
    if (!file)
        return error_errno(error, THINGSPACE_LOCAL, errno, "%s", path);
    audit_verdict verdict = audit_chain_verify(file, expected, report);
    int reason = errno;
    fclose(file);
    if (verdict == AUDIT_DOES_NOT_FIT) {
        error_set(error, THINGSPACE_REFUSED, "%s: line %llu: %s", path, report->bad_line,
                  report->why);
        error_set_place(error, path, (int)report->bad_line);
        return THINGSPACE_REFUSED;
    }
    if (verdict == AUDIT_UNREADABLE)
        return reason ? error_errno(error, THINGSPACE_LOCAL, reason, "%s", path)
                      : error_memory(error);
    return THINGSPACE_OK;
}

static bool is_hash(const char *text)
{
    return strlen(text) == AUDIT_CHAIN_HASH && strspn(text, "0123456789abcdef") == AUDIT_CHAIN_HASH;
}

static int run_verify(session *session)
{
    const char *path = session_word(session, 0);
    const char *expected = options_text(&session->options, "expect");
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_report audit_report report = {.lines = 0};
    if (expected && !is_hash(expected))
        return session_usage(session, "--expect takes the %d hexadecimal digits of a hash",
                             AUDIT_CHAIN_HASH);
    thingspace_status status = verify(path, expected, &report, &error);
    if (status == THINGSPACE_OK) {
        status = session->output.json ? print_json(path, &report) : print_text(path, &report);
        if (status == THINGSPACE_MEMORY)
            error_memory(&error);
    }
    return status == THINGSPACE_OK ? 0 : session_fail(session, &error);
}

static const action actions[] = {
    {"verify", "FILE", "check the chain of an audit file", run_verify},
    {NULL, NULL, NULL, NULL},
};

const command command_audit = {
    .name = "audit",
    .summary = "check what the audit plugin wrote",
    .description =
        "verify reads a file that the audit plugin wrote, from its first line to its last. Each "
        "line carries the hash of the one before: a line that was changed, removed, inserted or "
        "moved is named. Calls of which an intent was written and no result are listed: they "
        "are under way, or their process ended in between.\n"
        "\n"
        "The chain has no key. Who may write the file can write it anew as a whole, or cut off its "
        "last lines: note the hash that verify prints at another place, and give it to --expect.\n"
        "\n"
        "A file that was rotated is a chain of its own that nothing ties to the next one, and its "
        "hashes are not in the new file: verify it once more with the hash noted last, note the "
        "hash of its end, and keep both with it.",
    .json = "{\"file\", \"lines\", \"intents\", \"results\", \"torn\", \"unfinished\": [ids], "
            "\"hash\", \"ok\": true}",
    .exits = "8 when the chain does not fit; 9 when the file cannot be read.",
    .options = own_options,
    .actions = actions,
    .examples = examples,
};
