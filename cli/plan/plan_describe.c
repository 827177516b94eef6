/* SPDX-License-Identifier: MIT */
/* A plan in words, the same on a terminal, in a page and in Markdown: see plan.h. */
#include <config.h>
#include <string.h>
#include "base/limits.h"
#include "base/text.h"
#include "cli/plan/plan.h"
#include "cli/figure.h"

const plan_look plan_looks[PLAN_STATES] = {
    {"add", 'a', '+', OUTPUT_BOLD, "add", "Declared by the policy, and not registered."},
    {"change", 'c', '~', OUTPUT_YELLOW, "change",
     "Registered in another form than the policy declares."},
    {"takeover", 't', '!', OUTPUT_RED, "take over",
     "Declared, but what is registered goes to a URL that is not the policy's. Needs --take-over."},
    {"remove", 'r', '-', OUTPUT_RED, "remove",
     "The policy's own, and no longer declared. Needs --prune."},
    {"blocked", 'b', '#', OUTPUT_RED, "blocked",
     "Not as declared, and the service refused to have it so at the last apply."},
    {"failed", 'f', 'x', OUTPUT_RED, "failed",
     "Declared, and cannot be decided. What is registered is left as it is."},
    {"unread", 'u', 'x', OUTPUT_RED, "unread", "The account cannot be read."},
    {"unchanged", 'k', '.', OUTPUT_PLAIN, "as declared", "Registered as the policy declares it."},
    {"foreign", 'o', 'o', OUTPUT_PLAIN, "foreign",
     "Neither declared nor the policy's own: never touched."},
};

plan_state plan_state_of(const char *name)
{
    for (int i = 0; i < PLAN_STATES; i++)
        if (text_equal(plan_looks[i].name, name))
            return (plan_state)i;
    return PLAN_STATE_CHANGE;
}

/* ---- numbers ---- */

long long plan_describe_count(const json *plan, const char *name)
{
    long long value = 0;
    (void)json_integer(json_get(plan, name), &value);
    return value;
}

/* ---- the run ---- */

char *plan_describe_endpoints(const json *plan)
{
    buffer out;
    const json *endpoints = json_get(plan, "endpoints");
    buffer_init(&out, LIMIT_JSON_TEXT);
    for (const json *row = json_first(endpoints); row; row = json_next(row))
        buffer_append_format(&out, "%s%s", row == json_first(endpoints) ? "" : ", ",
                             json_string(row));
    return json_count(endpoints) > 0 ? buffer_take(&out) : text_copy("");
}

static long long count_listeners(const json *plan)
{
    static const char *const names[] = {"add",    "change",  "takeover",
                                        "remove", "blocked", "unchanged"};
    long long sum = 0;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        sum += plan_describe_count(plan, names[i]);
    return sum;
}

char *plan_describe_read(const json *plan)
{
    long long accounts = plan_describe_count(plan, "accounts");
    long long unread = plan_describe_count(plan, "unread"), listeners = count_listeners(plan);
    long long tenths = (plan_describe_count(plan, "duration_ms") + 50) / 100;
    return text_format("%s%s%s account%s, %s listener%s, %lld.%lld s",
                       unread > 0 ? figure_of(accounts - unread).text : "",
                       unread > 0 ? " of " : "", figure_of(accounts).text, accounts == 1 ? "" : "s",
                       figure_of(listeners).text, listeners == 1 ? "" : "s", tenths / 10,
                       tenths % 10);
}

/* ---- groups ---- */

static char *describe_error(const plan_group *group)
{
    const json *first = group->rows[0];
    const char *credential = json_get_string(first, "credential");
    const char *code = json_get_string(first, "code");
    const char *message = json_get_string(first, "message");
    cleanup_text char *services = plan_phrase_services(group);
    cleanup_text char *accounts = plan_phrase_accounts(group);
    bool has_service = json_get(first, "serviceName") != NULL;
    if (!accounts || !message || (has_service && !services))
        return NULL;
    if (code && strstr(message, code))
        code = NULL;
    return text_format("%s%s%s%s%s%s: %s%s%s%s", has_service ? services : "",
                       has_service ? " on " : "", accounts, credential ? " (" : "",
                       credential ? credential : "", credential ? ")" : "", message,
                       code ? " [" : "", code ? code : "", code ? "]" : "");
}

static bool keeps_listener(const plan_group *group)
{
    return text_equal(group->action, "change") || text_equal(group->action, "blocked");
}

static char *describe_change(const plan_group *group)
{
    const json *first = group->rows[0];
    bool change = keeps_listener(group), takeover = text_equal(group->action, "takeover");
    const char *api = json_get_string(first, "api");
    cleanup_text char *fields = plan_phrase_fields(first);
    cleanup_text char *services = plan_phrase_services(group);
    cleanup_text char *accounts = plan_phrase_accounts(group);
    cleanup_text char *now = plan_phrase_url(group, "from");
    if (!fields || !services || !accounts || !now)
        return NULL;
    return text_format("%s%s%s%s%s%s on %s%s%s", change ? fields : "", change ? ": " : "", services,
                       api ? " (" : "", api ? api : "", api ? ")" : "", accounts,
                       takeover ? ", now " : "", takeover ? now : "");
}

char *plan_describe_group(const plan_group *group)
{
    return json_get(group->rows[0], "action") ? describe_change(group) : describe_error(group);
}

char *plan_describe_urls(const plan_group *group)
{
    cleanup_text char *from = plan_phrase_url(group, "from");
    cleanup_text char *to = plan_phrase_url(group, "to");
    if (!from || !to)
        return NULL;
    if (text_equal(group->action, "remove"))
        return text_copy(from);
    return keeps_listener(group) && *from ? text_format("%s -> %s", from, to) : text_copy(to);
}

/* ---- sums ---- */

static void append_sum(buffer *out, const json *plan, const char *name, const char *what)
{
    long long number = plan_describe_count(plan, name);
    if (number > 0)
        buffer_append_format(out, "%s%s %s", out->size > 0 ? ", " : "", figure_of(number).text,
                             what);
}

char *plan_describe_changes(const json *plan, unsigned needs)
{
    bool takes_over = !(needs & THINGSPACE_TAKE_OVER), prunes = !(needs & THINGSPACE_PRUNE);
    buffer out;
    buffer_init(&out, LIMIT_JSON_TEXT);
    append_sum(&out, plan, "add", "add");
    append_sum(&out, plan, "change", "change");
    append_sum(&out, plan, "takeover", takes_over ? "take over" : "take over (needs --take-over)");
    append_sum(&out, plan, "remove", prunes ? "remove" : "remove (needs --prune)");
    append_sum(&out, plan, "blocked", "blocked");
    bool complete = plan_describe_count(plan, "unread") + plan_describe_count(plan, "failed") == 0;
    if (out.size == 0)
        buffer_append_text(&out,
                           complete ? "nothing to do" : "no difference where it could be seen");
    return buffer_take(&out);
}

char *plan_describe_rest(const json *plan)
{
    buffer out;
    buffer_init(&out, LIMIT_JSON_TEXT);
    append_sum(&out, plan, "unchanged", "as declared");
    append_sum(&out, plan, "foreign", "foreign left alone");
    append_sum(&out, plan, "failed", "failed");
    append_sum(&out, plan, "unread",
               plan_describe_count(plan, "unread") == 1 ? "account unread" : "accounts unread");
    return out.size > 0 || out.status != THINGSPACE_OK ? buffer_take(&out) : text_copy("");
}
