/* SPDX-License-Identifier: MIT */
/*
 * Runs a scenario through the public headers: one line of JSON for each step. See scenario.json;
 * scenario.py and scenario.lua do the same. One thread.
 */
#include "scenario.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* --- calls --- */

void fill_request(thingspace_request *request, const cJSON *step)
{
    const char *password = text_of(step, "password");
    request->account = text_of(step, "account");
    request->service = text_of(step, "service");
    request->url = text_of(step, "url");
    request->username = text_of(step, "username");
    request->method = text_of(step, "method");
    request->path = text_of(step, "path");
    request->data = text_of(step, "data");
    request->data_size = request->data ? strlen(request->data) : 0;
    request->timeout_ms = number_of(step, "timeout_ms");
    request->api = text_of(step, "api");
    request->flags = number_of(step, "replace") ? THINGSPACE_REPLACE : 0;
    if (password && thingspace_secret_new(&request->password, password, strlen(password), NULL) !=
                        THINGSPACE_OK)
        abort();
}

static void set_listener(cJSON *answer, const thingspace_result *result)
{
    set_text(answer, "accountName", thingspace_result_account(result));
    set_text(answer, "serviceName", thingspace_result_service(result));
    set_text(answer, "url", thingspace_result_url(result));
}

static void set_listeners(cJSON *answer, const thingspace_result *result)
{
    cJSON *list = add_list(answer, "listeners");
    for (size_t i = 0; i < thingspace_result_count(result); i++) {
        const thingspace_listener *listener = thingspace_result_listener(result, i);
        cJSON *row = cJSON_CreateObject();
        cJSON_AddItemToArray(list, row);
        set_text(row, "accountName", listener->account);
        set_text(row, "serviceName", listener->service);
        set_text(row, "url", listener->url);
        set_text(row, "username", listener->username);
        cJSON_AddBoolToObject(row, "hasPassword", listener->has_password);
    }
    sort_texts(list);
}

static void set_reply(cJSON *answer, const thingspace_result *result)
{
    set_number(answer, "status", thingspace_result_http_status(result));
    set_text(answer, "body", thingspace_result_body(result, NULL));
    set_number(answer, "attempts", thingspace_result_attempts(result));
}

static void set_preview(cJSON *answer, const thingspace_result *result)
{
    cJSON *seen = cJSON_Parse(thingspace_result_preview(result));
    set_text(answer, "method", text_of(seen, "method"));
    set_text(answer, "url", text_of(seen, "url"));
    cJSON_AddItemToObject(answer, "body", cJSON_DetachItemFromObject(seen, "body"));
    cJSON_Delete(seen);
}

static thingspace_status perform(scenario *self, const cJSON *step, cJSON *answer,
                                 thingspace_error *error, thingspace_operation operation,
                                 unsigned flags,
                                 void (*set)(cJSON *answer, const thingspace_result *result))
{
    thingspace_request request = THINGSPACE_REQUEST_INIT;
    thingspace_result *result = NULL;
    fill_request(&request, step);
    request.operation = operation;
    request.flags |= flags;
    thingspace_status status = thingspace_perform(self->client, &result, &request, error);
    if (status == THINGSPACE_OK)
        set(answer, result);
    thingspace_result_free(result);
    thingspace_secret_free(request.password);
    return status;
}

#define STEP(name)                                                                                 \
    static thingspace_status step_##name(scenario *self, const cJSON *step, cJSON *answer,         \
                                         thingspace_error *error)

STEP(register)
{
    return perform(self, step, answer, error, THINGSPACE_REGISTER, 0, set_listener);
}

STEP(list)
{
    return perform(self, step, answer, error, THINGSPACE_LIST, 0, set_listeners);
}

STEP(deregister)
{
    return perform(self, step, answer, error, THINGSPACE_DEREGISTER, 0, set_listener);
}

STEP(call)
{
    return perform(self, step, answer, error, THINGSPACE_CALL, 0, set_reply);
}

STEP(preview)
{
    return perform(self, step, answer, error, THINGSPACE_REGISTER, THINGSPACE_DRY_RUN, set_preview);
}

STEP(ensure)
{
    static const char *const names[] = {NULL, "added", "unchanged", "updated", "replaced"};
    thingspace_request request = THINGSPACE_REQUEST_INIT;
    thingspace_result *result = NULL;
    thingspace_ensured how = THINGSPACE_ENSURED_ADDED;
    fill_request(&request, step);
    request.operation = THINGSPACE_REGISTER;
    thingspace_status status = thingspace_ensure(self->client, &how, &result, &request, error);
    if (status == THINGSPACE_OK) {
        set_listener(answer, result);
        set_text(answer, "how", names[how]);
    }
    thingspace_secret_free(request.password);
    thingspace_result_free(result);
    return status;
}

/* --- calls in flight --- */

typedef struct outcome {
    thingspace_result *result;
    thingspace_pending *pending;
} outcome;

static void keep(thingspace_result *result, void *user)
{
    ((outcome *)user)->result = result;
}

STEP(cancel)
{
    thingspace_request request = THINGSPACE_REQUEST_INIT;
    outcome over = {NULL, NULL};
    fill_request(&request, step);
    thingspace_status status =
        thingspace_call_start(self->client, &over.pending, &request, keep, &over, error);
    if (status == THINGSPACE_OK)
        status = thingspace_client_run(self->client, 50, error);
    if (status != THINGSPACE_OK)
        return status;
    cJSON *pending = add_list(answer, "pending");
    cJSON_AddItemToArray(pending,
                         cJSON_CreateNumber((double)thingspace_client_pending(self->client)));
    thingspace_call_cancel(over.pending);
    cJSON_AddItemToArray(pending,
                         cJSON_CreateNumber((double)thingspace_client_pending(self->client)));
    set_error(answer, thingspace_result_error(over.result), 1);
    thingspace_result_free(over.result);
    return THINGSPACE_OK;
}

static void tell_outcome(cJSON *list, thingspace_result *result)
{
    cJSON *told = cJSON_CreateObject();
    cJSON_AddItemToArray(list, told);
    if (thingspace_result_status(result) != THINGSPACE_OK) {
        set_error(told, thingspace_result_error(result), 0);
    } else {
        set_text(told, "accountName", thingspace_result_account(result));
        set_text(told, "url", thingspace_result_url(result));
    }
    thingspace_result_free(result);
}

STEP(bulk)
{
    outcome over[16] = {{NULL, NULL}};
    size_t count = 0;
    const cJSON *row;
    cJSON_ArrayForEach(row, member_of(step, "rows"))
    {
        thingspace_request request = THINGSPACE_REQUEST_INIT;
        request.operation = THINGSPACE_REGISTER;
        request.account = row->child->valuestring;
        request.service = row->child->next->valuestring;
        request.url = row->child->next->next->valuestring;
        if (thingspace_call_start(self->client, NULL, &request, keep, &over[count++], error) !=
            THINGSPACE_OK)
            return error->kind;
    }
    thingspace_status status = thingspace_client_run(self->client, -1, error);
    cJSON *results = add_list(answer, "results");
    for (size_t i = 0; i < count; i++)
        tell_outcome(results, over[i].result);
    sort_texts(self->trace);
    return status;
}

STEP(interrupt)
{
    (void)step, (void)answer, (void)error;
    thingspace_client_interrupt(self->client);
    return THINGSPACE_OK;
}

STEP(resume)
{
    (void)step, (void)answer, (void)error;
    thingspace_client_resume(self->client);
    return THINGSPACE_OK;
}

/* --- the rest --- */

STEP(run)
{
    (void)self, (void)answer, (void)error;
    int status = 1;
    pid_t child = fork();
    if (child == 0) {
        execl(getenv("SCENARIO_SHELL"), "shell", text_of(step, "command"), (char *)NULL);
        _exit(127);
    }
    if (child < 0 || waitpid(child, &status, 0) < 0 || status != 0)
        abort();
    return THINGSPACE_OK;
}

STEP(accounts)
{
    (void)step, (void)error;
    cJSON *list = add_list(answer, "accounts");
    for (size_t i = 0; i < thingspace_client_account_count(self->client); i++)
        cJSON_AddItemToArray(list, cJSON_CreateString(thingspace_client_account(self->client, i)));
    return THINGSPACE_OK;
}

STEP(row)
{
    char *text = NULL;
    thingspace_status status =
        thingspace_client_row(self->client, &text, text_of(step, "account"), error);
    if (text)
        cJSON_AddItemToObject(answer, "row", cJSON_Parse(text));
    thingspace_text_free(text);
    return status;
}

static step_function *find(const char *name)
{
    static const struct {
        const char *name;
        step_function *run;
    } steps[] = {
        {"accounts", step_accounts},
        {"apply", step_apply},
        {"auth_login", step_auth_login},
        {"auth_logout", step_auth_logout},
        {"auth_status", step_auth_status},
        {"auth_unlatch", step_auth_unlatch},
        {"bulk", step_bulk},
        {"call", step_call},
        {"cancel", step_cancel},
        {"check", step_check},
        {"client", step_client},
        {"deregister", step_deregister},
        {"ensure", step_ensure},
        {"eval", step_eval},
        {"explain", step_explain},
        {"hook", step_hook},
        {"import", step_import},
        {"interrupt", step_interrupt},
        {"list", step_list},
        {"load", step_load},
        {"plan", step_plan},
        {"plugin_check", step_plugin_check},
        {"plugin_test", step_plugin_test},
        {"plugins", step_plugins},
        {"policy_check", step_policy_check},
        {"policy_diff", step_policy_diff},
        {"preview", step_preview},
        {"register", step_register},
        {"reload", step_reload},
        {"resume", step_resume},
        {"row", step_row},
        {"run", step_run},
        {"save", step_save},
        {"unhook", step_unhook},
    };
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
        if (strcmp(steps[i].name, name) == 0)
            return steps[i].run;
    fprintf(stderr, "there is no step %s\n", name);
    exit(2);
}

static void run_step(scenario *self, const cJSON *step, int number)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cJSON *answer = cJSON_CreateObject();
    self->trace = cJSON_CreateArray();
    if (!answer || !self->trace)
        abort();
    set_number(answer, "step", number);
    set_text(answer, "do", text_of(step, "do"));
    if (find(text_of(step, "do"))(self, step, answer, &error) != THINGSPACE_OK)
        set_error(answer, &error, number_of(step, "vague"));
    if (cJSON_GetArraySize(self->trace) > 0)
        cJSON_AddItemToObject(answer, "hooks", self->trace);
    else
        cJSON_Delete(self->trace);
    print_line(answer);
    cJSON_Delete(answer);
}

/* The steps of the file; hooks go on pointing into them. */
static cJSON *read_steps(const char *path)
{
    static char text[1 << 16];
    FILE *file = fopen(path, "r");
    size_t size = file ? fread(text, 1, sizeof(text) - 1, file) : 0;
    if (file)
        fclose(file);
    return size > 0 ? cJSON_Parse(text) : NULL;
}

int main(int count, char **arguments)
{
    cJSON *tree = count == 2 ? read_steps(arguments[1]) : NULL;
    const cJSON *steps = member_of(tree, "steps"), *step;
    scenario self = {NULL, NULL, NULL};
    int number = 0;
    if (!steps) {
        fprintf(stderr, "usage: scenario FILE\n");
        return 2;
    }
    cJSON_ArrayForEach(step, steps) run_step(&self, step, ++number);
    thingspace_plan_free(self.plan);
    thingspace_client_free(self.client);
    cJSON_Delete(tree);
    return 0;
}
