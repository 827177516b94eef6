/* SPDX-License-Identifier: MIT */
/* See control.h. */
#include <config.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/text.h"
#include "control.h"
#include "decode.h"
#include "limits.h"

#define BASE "/simulator/"

bool control_has(const struct request *request)
{
    return text_starts_with(request->path, BASE);
}

/* The answer to a change: 204, or 400 with the error's message. */
static thingspace_status report(thingspace_status status, const thingspace_error *error,
                                struct answer *answer)
{
    if (status == THINGSPACE_OK)
        return answer_empty(answer, 204);
    return status == THINGSPACE_MEMORY ? status : answer_text(answer, 400, error->message);
}

static thingspace_status show_state(struct model *model, const struct request *request,
                                    struct answer *answer)
{
    (void)request;
    answer_empty(answer, 200);
    answer->content_type = "application/json";
    return model_describe(model, &answer->body);
}

static thingspace_status show_listeners(struct model *model, const struct request *request,
                                        struct answer *answer)
{
    (void)request;
    cleanup_json json *object = json_new_object();
    thingspace_status status =
        object ? callbacks_describe(&model->callbacks, object) : THINGSPACE_MEMORY;
    return status ? status : answer_json(answer, 200, object);
}

static thingspace_status add_faults(struct model *model, const struct request *request,
                                    struct answer *answer)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    return report(faults_add_lines(&model->faults, buffer_text(&request->body), &error), &error,
                  answer);
}

static thingspace_status remove_faults(struct model *model, const struct request *request,
                                       struct answer *answer)
{
    (void)request;
    faults_clear(&model->faults);
    return answer_empty(answer, 204);
}

static thingspace_status add_listeners(struct model *model, const struct request *request,
                                       struct answer *answer)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_status status =
        callbacks_load(&model->callbacks, buffer_text(&request->body), request->body.size, &error);
    return report(status, &error, answer);
}

/* The texts of an array, NULL last; `*out` NULL when there is none. Expected: MEMORY. */
static thingspace_status take_patterns(const char ***out, const json *array)
{
    size_t count = 0;
    *out = NULL;
    if (!array)
        return THINGSPACE_OK;
    const char **patterns = calloc(json_count(array) + 1, sizeof(*patterns));
    if (!patterns)
        return THINGSPACE_MEMORY;
    for (const json *item = json_first(array); item; item = json_next(item))
        if (json_string(item))
            patterns[count++] = json_string(item);
    *out = patterns;
    return THINGSPACE_OK;
}

static thingspace_status add_credential(struct model *model, const json *object,
                                        thingspace_error *error)
{
    const char **accounts;
    if (take_patterns(&accounts, json_get(object, "accounts")) != THINGSPACE_OK)
        return error_memory(error);
    thingspace_status status = model_add_credential(
        model, json_get_string(object, "key"), json_get_string(object, "secret"),
        json_get_string(object, "username"), json_get_string(object, "password"), accounts, error);
    free(accounts);
    return status;
}

static thingspace_status add_credentials(struct model *model, const struct request *request,
                                         struct answer *answer)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_json json *array = NULL;
    thingspace_status status =
        json_parse(&array, buffer_text(&request->body), request->body.size, &error);
    if (!status && json_type_of(array) != JSON_ARRAY)
        return answer_text(answer, 400, "give an array of {key, secret, username, password}");
    for (const json *item = json_first(array); item && !status; item = json_next(item))
        status = add_credential(model, item, &error);
    return report(status, &error, answer);
}

static thingspace_status expire(struct model *model, const struct request *request,
                                struct answer *answer)
{
    cleanup_text char *what = NULL;
    thingspace_status status = decode_field(&what, request->query, "what");
    if (status == THINGSPACE_MEMORY)
        return status;
    bool all = text_equal(what, "all");
    bool bearer = all || text_equal(what, "bearer");
    bool session = all || text_equal(what, "session");
    if (!bearer && !session)
        return answer_text(answer, 400, "what is to expire: ?what=bearer, session or all");
    if (bearer)
        tokens_expire(&model->tokens);
    if (session)
        sessions_expire(&model->sessions);
    return answer_empty(answer, 204);
}

static thingspace_status advance(struct model *model, const struct request *request,
                                 struct answer *answer)
{
    cleanup_text char *text = NULL;
    long long seconds;
    thingspace_status status = decode_field(&text, request->query, "seconds");
    if (status == THINGSPACE_MEMORY)
        return status;
    if (!text || !text_to_integer(text, &seconds) || seconds < 0 ||
        seconds > LIMIT_SIM_DELAY_MS / 1000)
        return answer_text(answer, 400, "how far: ?seconds=N, at most a day");
    model->clock_ms += seconds * 1000;
    return answer_empty(answer, 204);
}

static thingspace_status reset(struct model *model, const struct request *request,
                               struct answer *answer)
{
    (void)request;
    tokens_expire(&model->tokens);
    model->tokens.requests = model->tokens.revokes = 0;
    faults_clear(&model->faults);
    faults_seed(&model->faults, model->faults.seed);
    thingspace_status status = sessions_reset(&model->sessions);
    if (!status)
        status = callbacks_reset(&model->callbacks);
    if (!status)
        status = journal_reset(&model->journal);
    return status ? status : answer_empty(answer, 204);
}

static const struct {
    const char *method;
    const char *name;
    thingspace_status (*run)(struct model *model, const struct request *request,
                             struct answer *answer);
} controls[] = {
    {"GET", "state", show_state},
    {"GET", "listeners", show_listeners},
    {"POST", "credentials", add_credentials},
    {"POST", "faults", add_faults},
    {"DELETE", "faults", remove_faults},
    {"POST", "listeners", add_listeners},
    {"POST", "expire", expire},
    {"POST", "advance", advance},
    {"POST", "reset", reset},
};

thingspace_status control_answer(struct model *model, const struct request *request,
                                 struct answer *answer)
{
    const char *name = request->path + strlen(BASE);
    for (size_t i = 0; i < sizeof(controls) / sizeof(controls[0]); i++)
        if (request_is(request, controls[i].method) && text_equal(name, controls[i].name))
            return controls[i].run(model, request, answer);
    return answer_text(answer, 404,
                       "GET state, listeners; POST credentials, faults, listeners, expire, "
                       "advance, reset; DELETE faults");
}
