/* SPDX-License-Identifier: MIT */
/* What `plan` and `apply` share: making a plan as the options say, and its failures. One thread. */
#include <config.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/text.h"
#include "cli/plan/plan.h"
#include "cli/progress.h"

/* ---- making ---- */

static void show_progress(void *user, size_t done, size_t total, size_t failed)
{
    progress_show(user, done, total, failed);
}

/* A service may have any name, so that one that is misspelt is only seen to have no listener. */
static void warn_of_services(session *session, const thingspace_plan *plan)
{
    thingspace_plan_counts counts = THINGSPACE_PLAN_COUNTS_INIT;
    thingspace_plan_count(plan, &counts);
    bool none = counts.unread + counts.add + counts.change + counts.takeover + counts.remove +
                    counts.blocked + counts.unchanged + counts.foreign + counts.failed ==
                0;
    if (none && options_has(&session->options, "service"))
        output_warn(&session->output, "no listener of what --service names is declared or "
                                      "registered; `thingspace services` lists the names");
}

thingspace_status plan_session_make(session *session, thingspace_plan **out,
                                    const char *const *accounts, unsigned flags,
                                    thingspace_error *error)
{
    progress progress;
    thingspace_plan_options options = THINGSPACE_PLAN_OPTIONS_INIT;
    const char **tags = options_texts(&session->options, "tag");
    const char **services = options_texts(&session->options, "service");
    options.accounts = accounts;
    options.tags = tags;
    options.services = services;
    options.flags = flags;
    options.progress = show_progress;
    options.progress_user = &progress;
    progress_begin(&progress, &session->output, "accounts");
    thingspace_status status = accounts && tags && services
                                   ? thingspace_plan_make(session->client, out, &options, error)
                                   : error_memory(error);
    progress_end(&progress);
    if (status == THINGSPACE_OK)
        warn_of_services(session, *out);
    free(tags);
    free(services);
    return status;
}

thingspace_status plan_session_document(json **out, const thingspace_plan *plan,
                                        thingspace_error *error)
{
    char *text = NULL;
    thingspace_status status = thingspace_plan_json(plan, &text, error);
    if (status == THINGSPACE_OK)
        status = json_parse_own(out, text, strlen(text), error);
    thingspace_text_free(text);
    return status;
}

/* ---- failures ---- */

static void sum_up(thingspace_error *sum, const thingspace_plan *plan)
{
    thingspace_plan_counts counts = THINGSPACE_PLAN_COUNTS_INIT;
    thingspace_plan_count(plan, &counts);
    if (counts.unread == 0 && counts.failed > 0)
        error_set(sum, THINGSPACE_PARTIAL, "%zu listener%s cannot be decided", counts.failed,
                  counts.failed == 1 ? "" : "s");
    else if (counts.unread > 0 && counts.unread < counts.accounts)
        error_set(sum, THINGSPACE_PARTIAL, "%zu of %zu accounts cannot be read", counts.unread,
                  counts.accounts);
}

/* As they are in the document: what it leaves out stays empty. */
static void read_details(thingspace_error *error, const json *row)
{
    long long http_status;
    error_set_account(error, json_get_string(row, "accountName"));
    error_set_code(error, json_get_string(row, "code"));
    error_set_hook(error, json_get_string(row, "plugin"), json_get_string(row, "instance"),
                   json_get_string(row, "phase"));
    error_set_tenant(error, json_get_string(row, "tenant"));
    if (json_integer(json_get(row, "status"), &http_status))
        error_set_http(error, (int)http_status);
}

json *plan_session_errors(const json *document, const thingspace_plan *plan, thingspace_error *sum)
{
    json *errors = json_new_array();
    for (const json *row = json_first(json_get(document, "errors")); row; row = json_next(row)) {
        thingspace_error error = THINGSPACE_ERROR_INIT;
        const char *service = json_get_string(row, "serviceName");
        error_set(&error, output_kind(json_get_string(row, "kind")), "%s%s%s",
                  service ? service : "", service ? ": " : "", json_get_string(row, "message"));
        read_details(&error, row);
        if (sum->kind == THINGSPACE_OK && !service)
            error_copy(sum, &error);
        (void)json_append(errors, output_error_json(&error));
    }
    sum_up(sum, plan);
    return errors;
}

int plan_session_fail(session *session, const thingspace_plan *plan, const json *document)
{
    thingspace_error sum = THINGSPACE_ERROR_INIT;
    cleanup_json json *errors = plan_session_errors(document, plan, &sum);
    return output_fail(&session->output, &sum, session->output.json ? errors : NULL);
}
