/* SPDX-License-Identifier: MIT */
/*
 * Applying a plan: results as they come (lines of JSON, or a bar with the failures above it), and
 * at the end a summary, what failed, and what to do next. When standard output fails, nothing more
 * is begun. On the client's thread.
 */
#include <config.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "cli/bar.h"
#include "cli/commands/apply.h"
#include "cli/plan/plan.h"
#include "cli/figure.h"
#include "cli/progress.h"
#include "cli/signals.h"

/* Failures that are told at once; a service that is down fails every change. */
#define TOLD_AT_ONCE 20
/* Failures that are listed at the end. */
#define MOST_LISTED 100000

/* Told at the first Ctrl-C, in place of the bar where there is one. */
#define STOPPING "thingspace: stopping; what is under way is ended first, once more ends at once\n"

/* In place of the bar, before the first change of a saved plan. */
#define LOOKING "looking whether the plan is still true"

/* What is done, by action. */
typedef struct tally {
    const char *action, *label;
    size_t count;
} tally;

static const tally no_tallies[] = {
    {"add", "added", 0},      {"change", "changed", 0},  {"takeover", "taken over", 0},
    {"remove", "removed", 0}, {"repair", "repaired", 0},
};

#define TALLIES (sizeof(no_tallies) / sizeof(no_tallies[0]))

typedef struct run {
    session *session;
    bool lines; /* of JSON, on standard output */
    bool lost;  /* standard output cannot be written */
    progress progress;
    tally done[TALLIES];
    size_t done_count, unchanged, failed, not_begun, unpruned, not_taken;
    size_t unasked; /* changes of the plan that need an option: no work for the bar */
    json *rows;     /* of what failed, as the "errors" of a plan */
    json *errors;   /* the same as error objects */
    long long began_ms;
} run;

static long long now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- one change ---- */

static json *make_line(const thingspace_change *change)
{
    json *line = json_new_object();
    thingspace_status status = THINGSPACE_OK;
    json_put(line, "accountName", json_new_string(change->account), &status);
    json_put(line, "serviceName", json_new_string(change->service), &status);
    json_put_text(line, "api", change->api, &status);
    json_put(line, "action", json_new_string(change->action), &status);
    json_put(line, "result", json_new_string(change->result), &status);
    if (change->unchanged)
        json_put(line, "unchanged", json_new_boolean(true), &status);
    if (change->error)
        json_put(line, "error", output_error_json(change->error), &status);
    if (status == THINGSPACE_OK)
        return line;
    json_free(line);
    return NULL;
}

static void print_line(run *run, const thingspace_change *change)
{
    cleanup_json json *line = make_line(change);
    if (line && output_json(line) == THINGSPACE_OK && output_flush())
        return;
    run->lost = true;
    thingspace_client_interrupt(run->session->client);
}

/* What is left of "ACCOUNT SERVICE has changed": failures that are alike have one text. */
static const char *message_of(const thingspace_change *change)
{
    const char *text = change->error->message;
    size_t account = strlen(change->account), service = strlen(change->service);
    bool named = text_starts_with(text, change->account) && text[account] == ' ' &&
                 text_starts_with(text + account + 1, change->service) &&
                 text[account + 1 + service] == ' ';
    return named ? text + account + service + 2 : text;
}

static json *make_row(const thingspace_change *change)
{
    json *row = json_new_object();
    const thingspace_error *error = change->error;
    thingspace_status status = THINGSPACE_OK;
    json_put(row, "accountName", json_new_string(change->account), &status);
    json_put(row, "serviceName", json_new_string(change->service), &status);
    json_put(row, "kind", json_new_string(thingspace_status_name(error->kind)), &status);
    json_put(row, "message", json_new_string(message_of(change)), &status);
    if (*error->code)
        json_put(row, "code", json_new_string(error->code), &status);
    if (status == THINGSPACE_OK)
        return row;
    json_free(row);
    return NULL;
}

/* Out of memory here loses a line, not the sum. */
static void list_failure(run *run, const thingspace_change *change, const thingspace_error *named)
{
    if (run->failed > MOST_LISTED)
        return;
    (void)json_append(run->rows, make_row(change));
    (void)json_append(run->errors, output_error_json(named));
}

static void note_failure(run *run, const thingspace_change *change)
{
    thingspace_error named = THINGSPACE_ERROR_INIT;
    const output *output = &run->session->output;
    if (change->error->kind == THINGSPACE_CANCELLED) {
        run->not_begun++;
        return;
    }
    error_copy(&named, change->error);
    snprintf(named.message, sizeof(named.message), "%s: %s", change->service, message_of(change));
    error_set_account(&named, change->account);
    if (run->failed++ < TOLD_AT_ONCE)
        output_error(output, &named);
    else if (run->failed == TOLD_AT_ONCE + 1)
        output_note(output, "more have failed: %s",
                    run->lines ? "standard output has them all" : "all are listed at the end");
    list_failure(run, change, &named);
}

static void note(run *run, const thingspace_change *change)
{
    if (text_equal(change->result, "failed")) {
        note_failure(run, change);
    } else if (text_equal(change->result, "skipped")) {
        *(text_equal(change->action, "remove") ? &run->unpruned : &run->not_taken) += 1;
    } else if (change->unchanged) {
        run->unchanged++;
    } else {
        run->done_count++;
        for (size_t i = 0; i < TALLIES; i++)
            run->done[i].count += text_equal(run->done[i].action, change->action);
    }
}

static void on_change(void *user, const thingspace_change *change)
{
    run *run = user;
    note(run, change);
    if (run->lines && !run->lost)
        print_line(run, change);
}

static size_t count_unasked(const thingspace_plan *plan, unsigned flags)
{
    thingspace_plan_counts counts = THINGSPACE_PLAN_COUNTS_INIT;
    thingspace_plan_count(plan, &counts);
    return (flags & THINGSPACE_PRUNE ? 0 : counts.remove) +
           (flags & THINGSPACE_TAKE_OVER ? 0 : counts.takeover);
}

static size_t less(size_t from, size_t part)
{
    return from > part ? from - part : 0;
}

/* The bar counts the changes that were asked about. What an interruption kept from beginning is
 * neither over nor failed. */
static void on_progress(void *user, size_t done, size_t total, size_t failed)
{
    run *run = user;
    size_t no_work = run->not_begun + run->unpruned + run->not_taken;
    (void)failed;
    progress_show(&run->progress, less(done, no_work), less(total, run->unasked), run->failed);
}

/* ---- the summary ---- */

static void append_sum(buffer *out, size_t count, const char *label)
{
    if (count > 0)
        buffer_append_format(out, "%s%s %s", out->size > 0 ? ", " : "",
                             figure_of((long long)count).text, label);
}

static void write_sums(buffer *out, const run *run)
{
    for (size_t i = 0; i < TALLIES; i++)
        append_sum(out, run->done[i].count, run->done[i].label);
    append_sum(out, run->unchanged, "as planned already");
    append_sum(out, run->failed, "failed");
    append_sum(out, run->not_begun, "not begun");
    append_sum(out, run->unpruned, run->unpruned == 1 ? "needs --prune" : "need --prune");
    append_sum(out, run->not_taken, run->not_taken == 1 ? "needs --take-over" : "need --take-over");
}

/* Changes that are as the plan wants them. */
static size_t count_good(const run *run)
{
    return run->done_count + run->unchanged;
}

static size_t count_rest(const run *run)
{
    return run->failed + run->not_begun + run->unpruned + run->not_taken;
}

/* `good`: nothing is left to do. */
static thingspace_status print_summary(const run *run, bool good)
{
    cleanup_buffer buffer text;
    long long tenths = (now_ms() - run->began_ms + 50) / 100;
    buffer_init(&text, LIMIT_JSON_TEXT);
    if (good && run->done_count + count_rest(run) == 0)
        buffer_append_text(&text, "nothing to do any more");
    write_sums(&text, run);
    buffer_append_format(&text, "; %lld.%lld s", tenths / 10, tenths % 10);
    if (text.status == THINGSPACE_OK && run->session->output.terminal)
        output_text("%s", text.data);
    else if (text.status == THINGSPACE_OK)
        output_note(&run->session->output, "%s", text.data);
    return text.status;
}

static thingspace_status print_failures(run *run)
{
    if (!run->session->output.terminal || run->failed == 0)
        return THINGSPACE_OK;
    return plan_text_print_errors(run->session, run->rows);
}

static thingspace_status tell_sums(run *run, bool good)
{
    if (count_good(run) + count_rest(run) == 0)
        return THINGSPACE_OK; /* refused as a whole */
    thingspace_status status = print_summary(run, good);
    return status == THINGSPACE_OK ? print_failures(run) : status;
}

/* ---- the exit status ---- */

static void advise(const run *run)
{
    if (run->failed > 0)
        output_note(&run->session->output, "run it again to try the failed ones");
}

static int end_lost(run *run)
{
    snprintf(run->session->output.lost, sizeof(run->session->output.lost),
             "%zu of %zu changes are done; run it again to do the rest", count_good(run),
             count_good(run) + run->failed + run->not_begun);
    return thingspace_status_exit(THINGSPACE_LOCAL); /* output_end tells it */
}

static int end_interrupted(run *run)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    error_set(&error, THINGSPACE_CANCELLED,
              "interrupted; %zu of %zu changes are done; run it again to do the rest",
              count_good(run), count_good(run) + run->failed + run->not_begun);
    return output_fail(&run->session->output, &error,
                       run->session->output.json ? run->errors : NULL);
}

static void append_problem(buffer *out, size_t count, size_t total, const char *what)
{
    if (count > 0)
        buffer_append_format(out, "%s%s of %s %s", out->size > 0 ? ", " : "",
                             figure_of((long long)count).text, figure_of((long long)total).text,
                             what);
}

/* What the plan could not tell was not done either. */
static void sum_up(const run *run, const thingspace_plan *plan, thingspace_error *error)
{
    cleanup_buffer buffer text;
    thingspace_plan_counts counts = THINGSPACE_PLAN_COUNTS_INIT;
    size_t changes = count_good(run) + run->failed + run->unpruned + run->not_taken;
    thingspace_plan_count(plan, &counts);
    buffer_init(&text, LIMIT_JSON_TEXT);
    append_problem(&text, run->failed, changes, "changes failed");
    append_problem(&text, run->not_taken, changes, "changes need --take-over");
    append_problem(&text, counts.unread, counts.accounts, "accounts cannot be read");
    if (counts.failed > 0)
        buffer_append_format(&text, "%s%zu listener%s cannot be decided", text.size > 0 ? ", " : "",
                             counts.failed, counts.failed == 1 ? "" : "s");
    if (text.status == THINGSPACE_OK && text.size > 0)
        error_set(error, THINGSPACE_PARTIAL, "%s", text.data);
}

static int end(run *run, const thingspace_plan *plan, const json *document, thingspace_error *error)
{
    thingspace_error unknown = THINGSPACE_ERROR_INIT;
    cleanup_json json *errors = plan_session_errors(document, plan, &unknown);
    for (const json *row = json_first(errors); row; row = json_next(row))
        (void)json_append(run->errors, json_copy(row));
    if (error->kind == THINGSPACE_PARTIAL && count_good(run) + run->failed + run->not_taken == 0)
        error_copy(error, &unknown); /* all of them may be unread */
    else if (error->kind == THINGSPACE_PARTIAL)
        sum_up(run, plan, error);
    if (error->kind == THINGSPACE_OK)
        return 0;
    int status =
        output_fail(&run->session->output, error, run->session->output.json ? run->errors : NULL);
    advise(run);
    return status;
}

static int finish(run *run, const thingspace_plan *plan, const json *document,
                  thingspace_error *error)
{
    if (run->lost && ferror(stdout))
        return end_lost(run);
    if (run->lost)
        error_memory(error);
    if (tell_sums(run, error->kind == THINGSPACE_OK) != THINGSPACE_OK)
        error_memory(error);
    if (error->kind == THINGSPACE_CANCELLED)
        return end_interrupted(run);
    return end(run, plan, document, error);
}

/* ---- the beginning ---- */

/* On a terminal the plan has told them. */
static void tell_unknown(const session *session, const thingspace_plan *plan, const json *document)
{
    thingspace_error sum = THINGSPACE_ERROR_INIT;
    cleanup_json json *errors = plan_session_errors(document, plan, &sum);
    if (!session->output.terminal)
        output_errors(&session->output, errors);
}

static thingspace_status apply(run *run, thingspace_plan *plan, unsigned flags,
                               thingspace_error *error)
{
    thingspace_apply_options options = THINGSPACE_APPLY_OPTIONS_INIT;
    options.flags = flags;
    options.expect_id = options_text(&run->session->options, "expect");
    options.done = on_change;
    options.done_user = run;
    options.progress = on_progress;
    options.progress_user = run;
    progress_begin(&run->progress, &run->session->output, "changes");
    if (run->progress.what && session_word(run->session, 0) && bar_width() >= strlen(LOOKING))
        bar_show(LOOKING);
    if (isatty(STDERR_FILENO))
        signals_announce(run->progress.what ? "\r\033[K" STOPPING : "\n" STOPPING);
    thingspace_status status = thingspace_apply(run->session->client, plan, NULL, &options, error);
    signals_announce(NULL);
    progress_end(&run->progress);
    return status;
}

int apply_do(session *session, thingspace_plan *plan, const json *document, unsigned flags)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    run run = {.session = session,
               .lines = !session->output.terminal,
               .rows = json_new_array(),
               .errors = json_new_array(),
               .unasked = count_unasked(plan, flags),
               .began_ms = now_ms()};
    memcpy(run.done, no_tallies, sizeof(run.done));
    tell_unknown(session, plan, document);
    if (run.rows && run.errors)
        (void)apply(&run, plan, flags, &error);
    else
        error_memory(&error);
    int status = finish(&run, plan, document, &error);
    json_free(run.rows);
    json_free(run.errors);
    return status;
}
