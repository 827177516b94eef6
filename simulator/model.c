/* SPDX-License-Identifier: MIT */
/* See model.h. */
#include <config.h>
#include <string.h>
#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "control.h"
#include "model.h"
#include "router.h"

static void set_switches(struct model *model, const thingspace_simulator_options *options)
{
    model->latency_ms = options->latency_ms;
    faults_seed(&model->faults, options->seed);
    model->sessions.idle_ms = options->session_idle_seconds * INT64_C(1000);
    model->sessions.lockout_failures = options->lockout_failures;
    model->sessions.dead_status = options->dead_session_status;
    model->sessions.login_ends_older =
        options->second_login == THINGSPACE_SIMULATOR_LOGIN_ENDS_OLDER;
    model->callbacks.refuse_second_post = options->second_post == THINGSPACE_SIMULATOR_POST_REFUSED;
    model->callbacks.confirm_absent_delete =
        options->absent_delete == THINGSPACE_SIMULATOR_DELETE_CONFIRMED;
    model->callbacks.omit_empty_credentials =
        options->empty_credentials == THINGSPACE_SIMULATOR_LIST_OMITS;
}

static thingspace_status init_rooms(struct model *model,
                                    const thingspace_simulator_options *options)
{
    thingspace_status status =
        tokens_init(&model->tokens, options->bearer_seconds * INT64_C(1000), options->test_token);
    if (!status)
        status = sessions_init(&model->sessions);
    if (!status)
        status = callbacks_init(&model->callbacks);
    return status ? status : journal_start(&model->journal);
}

static thingspace_status preload(struct model *model, const thingspace_simulator_options *options,
                                 thingspace_error *error)
{
    thingspace_status status =
        model_add_credential(model, options->key, options->secret, options->username,
                             options->password, options->accounts, error);
    for (size_t i = 0; !status && options->faults && options->faults[i]; i++)
        status = faults_add(&model->faults, options->faults[i], error);
    if (!status && options->state)
        status = callbacks_load(&model->callbacks, options->state, strlen(options->state), error);
    if (status == THINGSPACE_PROTOCOL) /* state that is no JSON is a wrong option */
        status = error_set(error, THINGSPACE_USAGE,
                           "the state is not JSON: give what "
                           "GET /simulator/state answered");
    return status;
}

thingspace_status model_init(struct model *model, const thingspace_simulator_options *options,
                             thingspace_error *error)
{
    memset(model, 0, sizeof(*model));
    pthread_mutex_init(&model->mutex, NULL);
    set_switches(model, options);
    if (init_rooms(model, options) != THINGSPACE_OK)
        return error_memory(error);
    return preload(model, options, error);
}

void model_dispose(struct model *model)
{
    tokens_forget(&model->tokens);
    sessions_dispose(&model->sessions);
    callbacks_dispose(&model->callbacks);
    faults_clear(&model->faults);
    journal_stop(&model->journal);
    pthread_mutex_destroy(&model->mutex);
}

int64_t model_now_ms(const struct model *model)
{
    return clock_monotonic_ms() + model->clock_ms;
}

thingspace_status model_add_credential(struct model *model, const char *key, const char *secret,
                                       const char *username, const char *password,
                                       const char *const *accounts, thingspace_error *error)
{
    thingspace_status status = THINGSPACE_OK;
    if (!key != !secret || !username != !password)
        return error_set(error, THINGSPACE_USAGE,
                         "a credential has key and secret, username and password: give both of "
                         "each pair");
    if (key)
        status = tokens_add(&model->tokens, key, secret);
    if (!status && username)
        status = sessions_add(&model->sessions, username, password, accounts);
    return status ? error_memory(error) : THINGSPACE_OK;
}

static thingspace_status describe_counts(const struct model *model, json *state)
{
    const struct {
        const char *name;
        long long value;
    } counts[] = {
        {"tokenRequests", model->tokens.requests},         {"revokes", model->tokens.revokes},
        {"loginRequests", model->sessions.login_requests}, {"logins", model->sessions.logins},
        {"refusedLogins", model->sessions.refused_logins}, {"seed", model->faults.seed},
    };
    thingspace_status status = THINGSPACE_OK;
    for (size_t i = 0; !status && i < sizeof(counts) / sizeof(counts[0]); i++)
        status = json_set(state, counts[i].name, json_new_integer(counts[i].value));
    return status;
}

thingspace_status model_describe(const struct model *model, buffer *out)
{
    cleanup_json json *state = json_new_object();
    thingspace_status status = state ? describe_counts(model, state) : THINGSPACE_MEMORY;
    if (!status)
        status = sessions_describe(&model->sessions, state);
    if (!status)
        status = faults_describe(&model->faults, state);
    if (!status)
        status = callbacks_describe(&model->callbacks, state);
    if (!status)
        status = journal_describe(&model->journal, state);
    return status ? status : json_write(out, state, JSON_PLAIN);
}

thingspace_status model_arrive(struct model *model, const struct request *request,
                               fault_rule **rule)
{
    *rule = NULL;
    if (control_has(request))
        return THINGSPACE_OK;
    pthread_mutex_lock(&model->mutex);
    journal_enter(&model->journal);
    thingspace_status status = journal_add(&model->journal, request);
    if (!status)
        *rule = faults_take(&model->faults, request->method, request->path);
    pthread_mutex_unlock(&model->mutex);
    return status;
}

void model_depart(struct model *model)
{
    pthread_mutex_lock(&model->mutex);
    journal_leave(&model->journal);
    pthread_mutex_unlock(&model->mutex);
}

void model_expire(struct model *model, const fault_rule *rule, const struct request *request)
{
    pthread_mutex_lock(&model->mutex);
    if (rule->expire_bearer)
        tokens_expire_presented(&model->tokens, request);
    if (rule->expire_session)
        sessions_expire_presented(&model->sessions, request);
    pthread_mutex_unlock(&model->mutex);
}

thingspace_status model_operate(struct model *model, const struct request *request,
                                struct answer *answer)
{
    pthread_mutex_lock(&model->mutex);
    thingspace_status status = control_has(request) ? control_answer(model, request, answer)
                                                    : router_answer(model, request, answer);
    pthread_mutex_unlock(&model->mutex);
    return status;
}
