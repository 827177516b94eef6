/* SPDX-License-Identifier: MIT */
/*
 * See router.h. The order is that of a gateway: is there such a resource, is the
 * bearer good, is the session good, then the operation. From vendor pages: 900906
 * for an unknown resource or version (HTTP 400), XML with 404 outside the API,
 * both tokens for all but the login. Seen on the wire: clients that send no
 * Content-Type with GET and DELETE. Open: the answer to a wrong method (405 here).
 * Operations that are not callbacks or sessions are all confirmed with a requestId.
 */
#include <config.h>
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "catalogue/api.h"
#include "decode.h"
#include "router.h"
#include "sister.h"

#define API_BASE   "/api/m2m/v1"
#define OAUTH_BASE "/api/ts/v1/oauth2"

/* The decoded parts of /callbacks/{account}/name/{service}. */
struct place {
    const struct sister *sister; /* NULL: of connectivity */
    char *account;
    char *service;
};

static void place_cleanup(struct place *place)
{
    free(place->account);
    free(place->service);
}

static thingspace_status answer_no_resource(struct answer *answer, int status)
{
    return answer_fault(answer, status, "900906", "No matching resource found in the API",
                        "No matching resource found in the API for the given request");
}

/* Expected: MEMORY, PROTOCOL (not the shape of a callbacks path, or badly encoded). */
static thingspace_status read_place(struct place *place, const char *path)
{
    size_t account = strcspn(path, "/");
    const char *rest = path + account;
    thingspace_status status = decode_percent(&place->account, path, account, false);
    if (status || *rest == '\0')
        return status;
    if (!text_starts_with(rest, "/name/"))
        return THINGSPACE_PROTOCOL;
    rest += strlen("/name/");
    if (*rest == '\0' || strchr(rest, '/'))
        return THINGSPACE_PROTOCOL;
    return decode_percent(&place->service, rest, strlen(rest), false);
}

static bool has_method(const struct request *request, const struct place *place)
{
    if (place->sister)
        return sister_has_method(place->sister, request, place->service);
    if (place->service)
        return request_is(request, "DELETE");
    return request_is(request, "GET") || request_is(request, "POST");
}

/* `*user` stays NULL when the answer is filled, and
 * for the sandbox, whose session may be anything. */
static thingspace_status check_session(struct model *model, const struct request *request,
                                       bool sandbox, struct user **user, bool *good,
                                       struct answer *answer)
{
    *user = NULL;
    *good = sandbox && !text_is_empty(request_header(request, "VZ-M2M-Token"));
    if (*good)
        return THINGSPACE_OK;
    thingspace_status status =
        sessions_check(&model->sessions, model_now_ms(model), request, user, answer);
    *good = *user != NULL;
    return status;
}

static thingspace_status confirm_request(struct answer *answer)
{
    char id[37];
    decode_random_uuid(id);
    return answer_strings(answer, 200, "requestId", id, NULL, NULL);
}

static thingspace_status operate(struct model *model, const struct request *request,
                                 const char *path, const struct place *place, struct user *user,
                                 struct answer *answer)
{
    if (place->sister)
        return sister_operate(&model->callbacks, place->sister, request, place->account,
                              place->service, user, answer);
    if (place->account)
        return callbacks_operate(&model->callbacks, request, place->account, place->service, user,
                                 answer);
    if (request_is(request, "POST") && text_equal(path, API_LOGOUT_PATH))
        return sessions_logout(&model->sessions, request, answer);
    if (request_is(request, "PUT") && text_equal(path, "/session/password/actions/reset"))
        return sessions_reset_password(user, request, answer);
    return confirm_request(answer);
}

static thingspace_status authorise(struct model *model, const struct request *request,
                                   const char *path, const struct place *place,
                                   struct answer *answer)
{
    tokens_verdict verdict;
    struct user *user;
    bool good;
    thingspace_status status =
        tokens_check(&model->tokens, model_now_ms(model), request, &verdict, answer);
    if (status || verdict == TOKENS_REFUSED)
        return status;
    bool sandbox = verdict == TOKENS_TEST;
    if (request_is(request, "POST") && text_equal(path, API_LOGIN_PATH))
        return sessions_login(&model->sessions, model_now_ms(model), request, sandbox, answer);
    status = check_session(model, request, sandbox, &user, &good, answer);
    if (status || !good)
        return status;
    return operate(model, request, path, place, user, answer);
}

static thingspace_status answer_api(struct model *model, const struct request *request,
                                    const char *path, struct answer *answer)
{
    __attribute__((cleanup(place_cleanup))) struct place place = {NULL, NULL, NULL};
    if (text_equal(path, "/callbacks"))
        return answer_no_resource(answer, 400);
    if (text_starts_with(path, "/callbacks/")) {
        thingspace_status status = read_place(&place, path + strlen("/callbacks/"));
        if (status == THINGSPACE_PROTOCOL)
            return answer_no_resource(answer, 400);
        if (status)
            return status;
        if (!has_method(request, &place))
            return answer_no_resource(answer, 405);
    }
    return authorise(model, request, path, &place, answer);
}

static thingspace_status read_sister_place(struct place *place, const struct request *request,
                                           const char *path)
{
    if (!sister_has_query(place->sister))
        return text_starts_with(path, "/callbacks/")
                   ? read_place(place, path + strlen("/callbacks/"))
                   : THINGSPACE_PROTOCOL;
    if (!text_equal(path, "/callbacks"))
        return THINGSPACE_PROTOCOL;
    return sister_read_query(place->sister, request, &place->account, &place->service);
}

/* Any path of an API that is not callbacks is unknown here. */
static thingspace_status answer_sister(struct model *model, const struct request *request,
                                       struct answer *answer)
{
    __attribute__((cleanup(place_cleanup))) struct place place = {NULL, NULL, NULL};
    const char *path = request->path + sister_base_size(request->path);
    place.sister = sister_of_path(request->path);
    thingspace_status status = read_sister_place(&place, request, path);
    if (status == THINGSPACE_PROTOCOL)
        return answer_no_resource(answer, 400);
    if (status)
        return status;
    if (!has_method(request, &place))
        return answer_no_resource(answer, 405);
    return authorise(model, request, path, &place, answer);
}

static thingspace_status answer_oauth_path(struct model *model, const struct request *request,
                                           const char *path, struct answer *answer)
{
    int64_t now_ms = model_now_ms(model);
    bool issue = text_equal(path, "/token");
    if (!issue && !text_equal(path, "/revoke"))
        return answer_no_resource(answer, 400);
    if (!request_is(request, "POST"))
        return answer_no_resource(answer, 405);
    return issue ? tokens_issue(&model->tokens, now_ms, request, answer)
                 : tokens_revoke(&model->tokens, now_ms, request, answer);
}

thingspace_status router_answer(struct model *model, const struct request *request,
                                struct answer *answer)
{
    const char *path = request->path;
    if (text_starts_with(path, API_BASE "/"))
        return answer_api(model, request, path + strlen(API_BASE), answer);
    if (text_starts_with(path, OAUTH_BASE "/"))
        return answer_oauth_path(model, request, path + strlen(OAUTH_BASE), answer);
    if (sister_of_path(path))
        return answer_sister(model, request, answer);
    if (text_starts_with(path, "/api/"))
        return answer_no_resource(answer, 400);
    return answer_xml(answer, 404, "404", "No matching resource found for the given request");
}
