/* SPDX-License-Identifier: MIT */
/*
 * See tokens.h. From vendor pages: Basic credentials, the form, the faults 900901
 * and 900902, invalid_request for a wrong grant_type, a revoke whose answer has
 * no body. Open, so chosen here: invalid_client for wrong credentials, the name
 * of the revoke's header (that of the gateway's own product), the value of scope.
 */
#include <config.h>
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "decode.h"
#include "tokens.h"

struct application {
    char *secret;
    char token[33]; /* "": none */
    int64_t issued_ms;
};

static void free_application(void *value)
{
    struct application *application = value;
    if (!application)
        return;
    free(application->secret);
    free(application);
}

thingspace_status tokens_init(struct tokens *tokens, int64_t life_ms, const char *test_token)
{
    tokens->life_ms = life_ms;
    if (test_token && !(tokens->test_token = text_copy(test_token)))
        return THINGSPACE_MEMORY;
    return map_new(&tokens->applications, free_application);
}

void tokens_forget(struct tokens *tokens)
{
    map_free(tokens->applications);
    free(tokens->test_token);
}

thingspace_status tokens_add(struct tokens *tokens, const char *key, const char *secret)
{
    struct application *added = calloc(1, sizeof(*added));
    if (!added)
        return THINGSPACE_MEMORY;
    added->secret = text_copy(secret);
    thingspace_status status =
        added->secret ? map_set(tokens->applications, key, added) : THINGSPACE_MEMORY;
    if (status)
        free_application(added);
    return status;
}

void tokens_expire(struct tokens *tokens)
{
    for (size_t i = 0; i < map_count(tokens->applications); i++)
        ((struct application *)map_value(tokens->applications, i))->token[0] = '\0';
}

void tokens_expire_presented(struct tokens *tokens, const struct request *request)
{
    const char *bearer = request_authorization(request, "Bearer");
    for (size_t i = 0; bearer && i < map_count(tokens->applications); i++) {
        struct application *application = map_value(tokens->applications, i);
        if (text_equal(bearer, application->token))
            application->token[0] = '\0';
    }
}

static bool is_live(const struct tokens *tokens, const struct application *application,
                    int64_t now_ms)
{
    return application->token[0] && now_ms - application->issued_ms < tokens->life_ms;
}

/* The application that a Basic header names with its secret; NULL when there is none. */
static thingspace_status find_application(const struct tokens *tokens, const char *basic,
                                          struct application **out)
{
    cleanup_text char *pair = NULL;
    *out = NULL;
    thingspace_status status = decode_base64(&pair, basic);
    if (status)
        return status == THINGSPACE_MEMORY ? status : THINGSPACE_OK;
    char *colon = strchr(pair, ':');
    if (!colon)
        return THINGSPACE_OK;
    *colon = '\0';
    struct application *found = map_get(tokens->applications, pair);
    if (found && text_equal(found->secret, colon + 1))
        *out = found;
    return THINGSPACE_OK;
}

static thingspace_status answer_missing(struct answer *answer)
{
    return answer_fault(answer, 401, "900902", "Missing Credentials",
                        "Required OAuth credentials not provided. Make sure your API invocation "
                        "call has a header: \"Authorization\"");
}

/* What both endpoints ask for first; `*out` is NULL when the answer is filled already. */
static thingspace_status authenticate(const struct tokens *tokens, const struct request *request,
                                      struct application **out, struct answer *answer)
{
    const char *basic = request_authorization(request, "Basic");
    *out = NULL;
    if (!basic)
        return answer_missing(answer);
    thingspace_status status = find_application(tokens, basic, out);
    if (status || *out)
        return status;
    return answer_oauth(answer, 401, "invalid_client",
                        "A valid OAuth client could not be found for the given credentials");
}

static thingspace_status check_grant(const struct request *request, bool *good)
{
    cleanup_text char *grant = NULL;
    thingspace_status status = request_form(request, "grant_type", &grant);
    *good = !status && text_equal(grant, "client_credentials");
    return status == THINGSPACE_PROTOCOL ? THINGSPACE_OK : status;
}

static thingspace_status enter(const struct tokens *tokens, const struct request *request,
                               struct application **out, struct answer *answer)
{
    bool good = false;
    thingspace_status status = authenticate(tokens, request, out, answer);
    if (status || !*out)
        return status;
    status = check_grant(request, &good);
    if (status || good)
        return status;
    *out = NULL;
    return answer_oauth(answer, 400, "invalid_request", "Missing or unknown grant_type");
}

static thingspace_status write_token(json *object, const struct tokens *tokens,
                                     const struct application *application, const char *scope,
                                     int64_t now_ms)
{
    int64_t left_ms = tokens->life_ms - (now_ms - application->issued_ms);
    thingspace_status status = answer_set(object, "access_token", application->token);
    if (!status)
        status = answer_set(object, "scope", scope ? scope : "default");
    if (!status)
        status = answer_set(object, "token_type", "Bearer");
    if (!status)
        status = json_set(object, "expires_in", json_new_integer((left_ms + 999) / 1000));
    return status;
}

thingspace_status tokens_issue(struct tokens *tokens, int64_t now_ms, const struct request *request,
                               struct answer *answer)
{
    struct application *application;
    tokens->requests++;
    thingspace_status status = enter(tokens, request, &application, answer);
    if (status || !application)
        return status;
    if (!is_live(tokens, application, now_ms)) {
        decode_random_hex(application->token, 32);
        application->issued_ms = now_ms;
    }
    cleanup_text char *scope = NULL;
    status = request_form(request, "scope", &scope);
    if (status)
        return status == THINGSPACE_PROTOCOL
                   ? answer_oauth(answer, 400, "invalid_scope", "The scope cannot be read")
                   : status;
    cleanup_json json *object = json_new_object();
    if (!object)
        return THINGSPACE_MEMORY;
    status = write_token(object, tokens, application, scope, now_ms);
    return status ? status : answer_json(answer, 200, object);
}

thingspace_status tokens_revoke(struct tokens *tokens, int64_t now_ms,
                                const struct request *request, struct answer *answer)
{
    struct application *application;
    thingspace_status status = enter(tokens, request, &application, answer);
    if (status || !application)
        return status;
    cleanup_text char *token = NULL;
    status = request_form(request, "token", &token);
    if (status == THINGSPACE_MEMORY)
        return status;
    if (text_is_empty(token))
        return answer_oauth(answer, 400, "invalid_request", "Missing token");
    answer_empty(answer, 200);
    if (!is_live(tokens, application, now_ms) || !text_equal(token, application->token))
        return THINGSPACE_OK;
    status = pairs_add(&answer->headers, "RevokedAccessToken", token);
    if (status)
        return status;
    application->token[0] = '\0';
    tokens->revokes++;
    return THINGSPACE_OK;
}

static tokens_verdict judge(const struct tokens *tokens, int64_t now_ms, const char *bearer)
{
    if (tokens->test_token && text_equal(bearer, tokens->test_token))
        return TOKENS_TEST;
    for (size_t i = 0; i < map_count(tokens->applications); i++) {
        const struct application *application = map_value(tokens->applications, i);
        if (is_live(tokens, application, now_ms) && text_equal(bearer, application->token))
            return TOKENS_GOOD;
    }
    return TOKENS_REFUSED;
}

thingspace_status tokens_check(const struct tokens *tokens, int64_t now_ms,
                               const struct request *request, tokens_verdict *verdict,
                               struct answer *answer)
{
    const char *bearer = request_authorization(request, "Bearer");
    *verdict = TOKENS_REFUSED;
    if (!request_header(request, "Authorization"))
        return answer_missing(answer);
    if (!bearer) /* "wrong authentication" of the vendor's table */
        return answer_xml(answer, 403, "403", "Wrong authentication");
    *verdict = judge(tokens, now_ms, bearer);
    if (*verdict != TOKENS_REFUSED)
        return THINGSPACE_OK;
    return answer_fault(answer, 401, "900901", "Invalid Credentials",
                        "Access failure for API: invalid or expired token");
}
