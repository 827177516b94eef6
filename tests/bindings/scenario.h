/* SPDX-License-Identifier: MIT */
/*
 * What the parts of the scenario's runner in C share: a step is an object of scenario.json, an
 * answer one that is printed. It ends the process when memory runs out.
 */
#ifndef SCENARIO_H
#define SCENARIO_H

#include <cjson/cJSON.h>
#include <thingspace/plugin.h>
#include <thingspace/thingspace.h>

typedef struct scenario {
    thingspace_client *client;
    thingspace_plan *plan;
    cJSON *trace; /* what hooks tell during a step */
} scenario;

/* A step of one name: fills the answer, or fails. */
typedef thingspace_status step_function(scenario *self, const cJSON *step, cJSON *answer,
                                        thingspace_error *error);

/* --- members; NULL or 0 when absent --- */

const char *text_of(const cJSON *object, const char *name);
int number_of(const cJSON *object, const char *name);
const cJSON *member_of(const cJSON *object, const char *name);
/* "$NAME": what the environment says. */
const char *expanded(const char *text);
/* A list of texts that ends with NULL, in `out`. NULL when there is no such member. */
const char *const *texts_of(const cJSON *object, const char *name, const char **out, size_t room);

/* NULL is left out. */
void set_text(cJSON *answer, const char *name, const char *text);
void set_number(cJSON *answer, const char *name, double number);
void set_error(cJSON *answer, const thingspace_error *error, int vague);
cJSON *add_list(cJSON *answer, const char *name);
/* Objects by their names, lists of texts by their texts. */
int by_text(const void *a, const void *b);
void sort_texts(cJSON *list);
/* One line, members by name. */
void print_line(cJSON *answer);

/* --- steps --- */

step_function step_client, step_hook, step_unhook, step_plugins, step_explain;
step_function step_auth_status, step_auth_login, step_auth_logout, step_auth_unlatch;
step_function step_eval, step_policy_check, step_policy_diff, step_reload;
step_function step_plugin_check, step_plugin_test;
step_function step_plan, step_check, step_save, step_load, step_apply, step_import;
void fill_request(thingspace_request *request, const cJSON *step);

#endif
