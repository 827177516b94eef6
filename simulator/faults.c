/* SPDX-License-Identifier: MIT */
/* See faults.h. */
#include <config.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/text.h"
#include "faults.h"
#include "limits.h"

void faults_seed(struct faults *faults, unsigned seed)
{
    faults->seed = seed;
    faults->random = seed;
}

static thingspace_status make_room(struct faults *faults)
{
    size_t wanted = faults->count + 1;
    struct fault_entry *entries = realloc(faults->entries, wanted * sizeof(*entries));
    if (!entries)
        return THINGSPACE_MEMORY;
    faults->entries = entries;
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
    faults->entries[faults->count++] = (struct fault_entry){parsed, 0, 0};
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
        fault_rule_release(faults->entries[i].rule);
    free(faults->entries);
    faults->entries = NULL;
    faults->count = 0;
}

/* SplitMix64: its sequence is the same everywhere. */
static uint64_t draw(struct faults *faults)
{
    uint64_t mixed = (faults->random += UINT64_C(0x9e3779b97f4a7c15));
    mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94d049bb133111eb);
    return mixed ^ (mixed >> 31);
}

static bool is_lucky(struct faults *faults, const fault_rule *rule)
{
    return rule->chance < 0 || (long long)(draw(faults) % FAULT_CERTAIN) < rule->chance;
}

/* A match is let through, used, or finds the rule used up. */
static bool use(struct faults *faults, struct fault_entry *entry)
{
    const fault_rule *rule = entry->rule;
    if (rule->times >= 0 && entry->used >= rule->times)
        return false;
    if (++entry->matched <= rule->skip || !is_lucky(faults, rule))
        return false;
    entry->used++;
    return true;
}

fault_rule *faults_take(struct faults *faults, const char *method, const char *path)
{
    for (size_t i = 0; i < faults->count; i++)
        if (fault_rule_matches(faults->entries[i].rule, method, path) &&
            use(faults, &faults->entries[i]))
            return fault_rule_ref(faults->entries[i].rule);
    return NULL;
}

static thingspace_status describe_entries(const struct faults *faults, json *rules, json *uses)
{
    thingspace_status status = THINGSPACE_OK;
    for (size_t i = 0; !status && i < faults->count; i++) {
        status = json_append(rules, json_new_string(faults->entries[i].rule->text));
        if (!status)
            status = json_append(uses, json_new_integer(faults->entries[i].used));
    }
    return status;
}

thingspace_status faults_describe(const struct faults *faults, json *state)
{
    json *rules = json_new_array();
    json *uses = json_new_array();
    thingspace_status status =
        rules && uses ? describe_entries(faults, rules, uses) : THINGSPACE_MEMORY;
    if (status) {
        json_free(rules);
        json_free(uses);
        return status;
    }
    status = json_set(state, "faults", rules);
    thingspace_status second = json_set(state, "faultUses", uses);
    return status ? status : second;
}
