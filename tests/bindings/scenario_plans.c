/* SPDX-License-Identifier: MIT */
/* The scenario's runner in C: the steps of desired state. See scenario.h. */
#include "scenario.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM = 8 };

static thingspace_status tell(const scenario *self, cJSON *answer, thingspace_error *error)
{
    thingspace_plan_counts counts = THINGSPACE_PLAN_COUNTS_INIT;
    char *text = NULL;
    thingspace_plan_count(self->plan, &counts);
    cJSON *told = cJSON_AddObjectToObject(answer, "counts");
    set_number(told, "accounts", (double)counts.accounts);
    set_number(told, "unread", (double)counts.unread);
    set_number(told, "add", (double)counts.add);
    set_number(told, "change", (double)counts.change);
    set_number(told, "takeover", (double)counts.takeover);
    set_number(told, "remove", (double)counts.remove);
    set_number(told, "blocked", (double)counts.blocked);
    set_number(told, "unchanged", (double)counts.unchanged);
    set_number(told, "foreign", (double)counts.foreign);
    set_number(told, "failed", (double)counts.failed);
    thingspace_status status = thingspace_plan_json(self->plan, &text, error);
    if (status != THINGSPACE_OK)
        return status;
    cJSON *tree = cJSON_Parse(text);
    cJSON_AddItemToObject(answer, "changes",
                          cJSON_DetachItemFromObjectCaseSensitive(tree, "changes"));
    cJSON_Delete(tree);
    thingspace_text_free(text);
    return THINGSPACE_OK;
}

static void take_plan(scenario *self, thingspace_plan *plan)
{
    thingspace_plan_free(self->plan);
    self->plan = plan;
}

thingspace_status step_plan(scenario *self, const cJSON *step, cJSON *answer,
                            thingspace_error *error)
{
    thingspace_plan_options options = THINGSPACE_PLAN_OPTIONS_INIT;
    const char *accounts[ROOM], *services[ROOM];
    thingspace_plan *plan = NULL;
    options.accounts = texts_of(step, "accounts", accounts, ROOM);
    options.services = texts_of(step, "services", services, ROOM);
    thingspace_status status = thingspace_plan_make(self->client, &plan, &options, error);
    if (status != THINGSPACE_OK)
        return status;
    take_plan(self, plan);
    return tell(self, answer, error);
}

thingspace_status step_check(scenario *self, const cJSON *step, cJSON *answer,
                             thingspace_error *error)
{
    thingspace_apply_options options = THINGSPACE_APPLY_OPTIONS_INIT;
    (void)answer;
    options.expect_id = text_of(step, "expect_id");
    return thingspace_plan_check(self->plan, &options, error);
}

thingspace_status step_save(scenario *self, const cJSON *step, cJSON *answer,
                            thingspace_error *error)
{
    (void)answer;
    return thingspace_plan_save(self->plan, text_of(step, "file"), error);
}

thingspace_status step_load(scenario *self, const cJSON *step, cJSON *answer,
                            thingspace_error *error)
{
    thingspace_plan *plan = NULL;
    thingspace_status status =
        thingspace_plan_load(self->client, &plan, text_of(step, "file"), error);
    if (status != THINGSPACE_OK)
        return status;
    cJSON_AddBoolToObject(answer, "same",
                          strcmp(thingspace_plan_id(plan), thingspace_plan_id(self->plan)) == 0);
    take_plan(self, plan);
    return tell(self, answer, error);
}

static void note_change(void *user, const thingspace_change *change)
{
    char line[512];
    snprintf(line, sizeof(line), "%s %s%s%s %s %s%s%s%s", change->account,
             change->api ? change->api : "", change->api ? "/" : "", change->service,
             change->action, change->result, change->unchanged ? " unchanged" : "",
             change->error ? " " : "",
             change->error ? thingspace_status_name(change->error->kind) : "");
    cJSON_AddItemToArray(user, cJSON_CreateString(line));
}

thingspace_status step_apply(scenario *self, const cJSON *step, cJSON *answer,
                             thingspace_error *error)
{
    thingspace_apply_options options = THINGSPACE_APPLY_OPTIONS_INIT;
    thingspace_apply_counts counts = THINGSPACE_APPLY_COUNTS_INIT;
    options.flags = (number_of(step, "prune") ? THINGSPACE_PRUNE : 0) |
                    (number_of(step, "take_over") ? THINGSPACE_TAKE_OVER : 0);
    options.done = note_change;
    options.done_user = add_list(answer, "changes");
    thingspace_status status = thingspace_apply(self->client, self->plan, &counts, &options, error);
    sort_texts(options.done_user);
    set_number(answer, "done", (double)counts.done);
    set_number(answer, "failed", (double)counts.failed);
    set_number(answer, "skipped", (double)counts.skipped);
    set_number(answer, "unchanged", (double)counts.unchanged);
    return status;
}

thingspace_status step_import(scenario *self, const cJSON *step, cJSON *answer,
                              thingspace_error *error)
{
    thingspace_import_options options = THINGSPACE_IMPORT_OPTIONS_INIT;
    thingspace_import_counts counts = THINGSPACE_IMPORT_COUNTS_INIT;
    char *script = NULL, *data = NULL;
    (void)step;
    options.counts = &counts;
    thingspace_status status = thingspace_import(self->client, &script, &data, &options, error);
    if (status != THINGSPACE_OK)
        return status;
    cJSON *lines = add_list(answer, "script");
    for (char *line = script, *end; line; line = end) {
        end = strchr(line, '\n');
        if (end)
            *end++ = '\0';
        cJSON_AddItemToArray(lines, cJSON_CreateString(line));
    }
    set_number(answer, "accounts", (double)counts.accounts);
    set_number(answer, "listeners", (double)counts.listeners);
    thingspace_text_free(script);
    thingspace_text_free(data);
    return THINGSPACE_OK;
}
