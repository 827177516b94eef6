/* SPDX-License-Identifier: MIT */
/* See faults.h. */
#include <config.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/text.h"
#include "faults.h"
#include "limits.h"

static thingspace_status make_room(struct faults *faults)
{
    size_t wanted = faults->count + 1;
    fault_rule **rules = realloc(faults->rules, wanted * sizeof(*rules));
    if (!rules)
        return THINGSPACE_MEMORY;
    faults->rules = rules;
    long long *matched = realloc(faults->matched, wanted * sizeof(*matched));
    if (!matched)
        return THINGSPACE_MEMORY;
    faults->matched = matched;
    return THINGSPACE_OK;
}

thingspace_status faults_add(struct faults *faults, const char *rule, thingspace_error *error)
{
    fault_rule *parsed = NULL;
    if (faults->count >= LIMIT_SIM_FAULTS)
        return error_set(error, THINGSPACE_USAGE, "there are %d faults already: remove some",
                         LIMIT_SIM_FAULTS);
    thingspace_status status = fault_rule_parse(&parsed, rule, error);
    if (status)
        return status;
    if (make_room(faults) != THINGSPACE_OK) {
        fault_rule_release(parsed);
        return error_memory(error);
    }
    faults->rules[faults->count] = parsed;
    faults->matched[faults->count++] = 0;
    return THINGSPACE_OK;
}

thingspace_status faults_add_lines(struct faults *faults, const char *lines,
                                   thingspace_error *error)
{
    thingspace_status status = THINGSPACE_OK;
    while (!status && *lines) {
        size_t length = strcspn(lines, "\r\n");
        cleanup_text char *line = text_copy_range(lines, length);
        if (!line)
            return error_memory(error);
        if (line[strspn(line, " \t")])
            status = faults_add(faults, line, error);
        lines += length;
        lines += strspn(lines, "\r\n");
    }
    return status;
}

void faults_clear(struct faults *faults)
{
    for (size_t i = 0; i < faults->count; i++)
        fault_rule_release(faults->rules[i]);
    free(faults->rules);
    free(faults->matched);
    memset(faults, 0, sizeof(*faults));
}

/* A match is let through, used, or finds the rule used up. */
static bool use(const fault_rule *rule, long long *matched)
{
    long long skip = rule->skip > 0 ? rule->skip : 0;
    if (rule->times >= 0 && *matched >= skip + rule->times)
        return false;
    return ++*matched > skip;
}

fault_rule *faults_take(struct faults *faults, const char *method, const char *path)
{
    for (size_t i = 0; i < faults->count; i++)
        if (fault_rule_matches(faults->rules[i], method, path) &&
            use(faults->rules[i], &faults->matched[i]))
            return fault_rule_ref(faults->rules[i]);
    return NULL;
}

thingspace_status faults_describe(const struct faults *faults, json *state)
{
    json *array = json_new_array();
    thingspace_status status = array ? THINGSPACE_OK : THINGSPACE_MEMORY;
    for (size_t i = 0; !status && i < faults->count; i++)
        status = json_append(array, json_new_string(faults->rules[i]->text));
    if (status) {
        json_free(array);
        return status;
    }
    return json_set(state, "faults", array);
}
