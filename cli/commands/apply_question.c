/* SPDX-License-Identifier: MIT */
/* The one question of `apply`: it says what will happen, and where. */
#include <config.h>
#include <stdlib.h>
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "cli/commands/apply.h"
#include "cli/plan/plan.h"
#include "cli/figure.h"
#include "cli/prompt.h"

typedef struct part {
    size_t count;
    const char *one, *several;
} part;

#define PARTS 5

static void write_parts(part out[PARTS], const thingspace_plan *plan, unsigned flags)
{
    thingspace_plan_counts counts = THINGSPACE_PLAN_COUNTS_INIT;
    thingspace_plan_count(plan, &counts);
    out[0] = (part){counts.add, "addition", "additions"};
    out[1] = (part){counts.change, "change", "changes"};
    out[2] = (part){counts.blocked, "change that was refused before",
                    "changes that were refused before"};
    out[3] = (part){flags & THINGSPACE_TAKE_OVER ? counts.takeover : 0, "takeover", "takeovers"};
    out[4] = (part){flags & THINGSPACE_PRUNE ? counts.remove : 0, "removal", "removals"};
}

size_t apply_question_count(const thingspace_plan *plan, unsigned flags)
{
    part parts[PARTS];
    size_t sum = 0;
    write_parts(parts, plan, flags);
    for (size_t i = 0; i < PARTS; i++)
        sum += parts[i].count;
    return sum;
}

char *apply_question_phrase(const thingspace_plan *plan, unsigned flags)
{
    part parts[PARTS];
    buffer out;
    size_t used = 0, told = 0;
    write_parts(parts, plan, flags);
    for (size_t i = 0; i < PARTS; i++)
        if (parts[i].count > 0)
            parts[used++] = parts[i];
    buffer_init(&out, LIMIT_JSON_TEXT);
    for (; told < used; told++)
        buffer_append_format(&out, "%s%s %s",
                             told == 0         ? ""
                             : told + 1 < used ? ", "
                                               : " and ",
                             figure_of((long long)parts[told].count).text,
                             parts[told].count == 1 ? parts[told].one : parts[told].several);
    return buffer_take(&out);
}

thingspace_status apply_question_ask(const thingspace_plan *plan, const json *document,
                                     unsigned flags, thingspace_error *error)
{
    bool yes;
    cleanup_text char *phrase = apply_question_phrase(plan, flags);
    cleanup_text char *endpoints = plan_describe_endpoints(document);
    cleanup_text char *text =
        phrase && endpoints ? text_format("Apply %s to %s? [y/N] ", phrase, endpoints) : NULL;
    if (!text)
        return error_memory(error);
    thingspace_status status = prompt_confirm(&yes, text, error);
    if (status == THINGSPACE_CANCELLED || (status == THINGSPACE_OK && !yes))
        return error_set(error, THINGSPACE_CANCELLED, "nothing was changed");
    return status;
}
