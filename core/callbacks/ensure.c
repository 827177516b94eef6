/* SPDX-License-Identifier: MIT */
/*
 * Ensure: read first, then do the least that makes the listener as asked; what counts as asked is
 * what the hooks make of it, and what they deny is denied before anything is read. Where the
 * service refuses to overwrite, the old listener is removed and the new one registered; whatever
 * happens in between, interruption included, one of the two is put there again.
 */
#include <config.h>
#include <string.h>
#include "base/error.h"
#include "base/secret.h"
#include "base/text.h"
#include "callbacks/start.h"
#include "client/call.h"

/* An absent element and an empty one are the same to the service. */
static bool same_text(const char *a, const char *b)
{
    return text_equal(a ? a : "", b ? b : "");
}

/* A member of the body that would be sent. */
static bool is_listed(const json *body, const char *name, const char *listed)
{
    const json *wanted = json_get(body, name);
    if (json_type_of(wanted) == JSON_SECRET)
        return secret_equal_text(json_secret(wanted), listed);
    return same_text(json_string(wanted), listed);
}

static bool is_just_so(const listener_row *row, const json *body)
{
    return is_listed(body, "url", row->shown.url) &&
           is_listed(body, "username", row->shown.username) &&
           is_listed(body, "password", row->password);
}

static thingspace_status perform(thingspace_client *client, thingspace_result **out,
                                 const thingspace_request *like, thingspace_operation operation,
                                 unsigned flags, thingspace_error *error)
{
    thingspace_request request = *like;
    request.operation = operation;
    if (out)
        *out = NULL;
    return start_perform(client, out, &request, flags, error);
}

/* The service has done it, and a hook failed the call afterwards. */
static bool is_done_all_the_same(thingspace_status status, const thingspace_result *result)
{
    return status != THINGSPACE_OK && result && result->accepted;
}

/* For the second half of a change: an interruption is put off until it is done. */
static thingspace_status perform_despite_interrupt(thingspace_client *client,
                                                   thingspace_result **out,
                                                   const thingspace_request *request,
                                                   unsigned flags, thingspace_error *error)
{
    thingspace_status status = perform(client, out, request, THINGSPACE_REGISTER, flags, error);
    if (status != THINGSPACE_CANCELLED || is_done_all_the_same(status, *out))
        return status;
    thingspace_result_free(*out);
    *out = NULL;
    thingspace_client_resume(client);
    status = perform(client, out, request, THINGSPACE_REGISTER, flags, error);
    thingspace_client_interrupt(client);
    return status;
}

/* What was there goes back as it was: hooks are told of it, but change nothing. */
static thingspace_status put_back(thingspace_client *client, const listener_row *old,
                                  const thingspace_request *request)
{
    thingspace_request restored = *request;
    cleanup_secret thingspace_secret *password = NULL;
    restored.url = old->shown.url;
    restored.username = old->shown.username;
    restored.password = NULL;
    if (old->shown.has_password) {
        thingspace_status status =
            thingspace_secret_new(&password, old->password, strlen(old->password), NULL);
        if (status != THINGSPACE_OK)
            return status;
        restored.password = password;
    }
    thingspace_result *result = NULL;
    thingspace_status status =
        perform_despite_interrupt(client, &result, &restored, CALL_REPAIR, NULL);
    if (is_done_all_the_same(status, result))
        status = THINGSPACE_OK;
    thingspace_result_free(result);
    return status;
}

static bool is_in_doubt(thingspace_status status, const thingspace_result *result)
{
    bool unanswered = status == THINGSPACE_CANCELLED || status == THINGSPACE_NETWORK ||
                      status == THINGSPACE_TIMEOUT || status == THINGSPACE_PROTOCOL;
    return unanswered && thingspace_result_attempts(result) > 0;
}

/* After a removal in doubt. Where the listener still is, the service refuses as it did before. */
static void put_back_in_doubt(thingspace_client *client, const listener_row *old,
                              const thingspace_request *request, thingspace_error *error)
{
    bool interrupted = error->kind == THINGSPACE_CANCELLED;
    if (interrupted)
        thingspace_client_resume(client);
    thingspace_status status = put_back(client, old, request);
    if (interrupted)
        thingspace_client_interrupt(client);
    if (status == THINGSPACE_OK)
        error_prefix(error, "the old listener was put back");
    else if (status != THINGSPACE_SERVICE)
        error_prefix(error, "%s %s may have NO listener now: the old one (%s) may be removed",
                     request->account, request->service, old->shown.url);
}

static thingspace_status remove_old(thingspace_client *client, const listener_row *old,
                                    const thingspace_request *request, thingspace_error *error)
{
    thingspace_result *removed = NULL;
    thingspace_status status = perform(client, &removed, request, THINGSPACE_DEREGISTER, 0, error);
    if (is_in_doubt(status, removed) || is_done_all_the_same(status, removed))
        put_back_in_doubt(client, old, request, error);
    thingspace_result_free(removed);
    return status;
}

static thingspace_status remove_and_register(thingspace_client *client, thingspace_result **result,
                                             const listener_row *old,
                                             const thingspace_request *request,
                                             thingspace_error *error)
{
    thingspace_status status = remove_old(client, old, request, error);
    if (status != THINGSPACE_OK)
        return status;
    thingspace_result *made = NULL;
    status = perform_despite_interrupt(client, &made, request, 0, error);
    bool done = status == THINGSPACE_OK || is_done_all_the_same(status, made);
    if (result)
        *result = made;
    else
        thingspace_result_free(made);
    if (done)
        return status;
    if (put_back(client, old, request) == THINGSPACE_OK)
        error_prefix(error, "the old listener was put back, because the new one failed");
    else
        error_prefix(error, "%s %s has NO listener now: the old one (%s) could not be put back",
                     request->account, request->service, old->shown.url);
    return status;
}

static thingspace_status overwrite(thingspace_client *client, thingspace_result **result,
                                   const listener_row *old, const thingspace_request *request,
                                   thingspace_error *error)
{
    thingspace_status status = perform(client, result, request, THINGSPACE_REGISTER, 0, error);
    if (status != THINGSPACE_SERVICE || (error && error->retriable))
        return status;
    if (result) {
        thingspace_result_free(*result);
        *result = NULL;
    }
    return remove_and_register(client, result, old, request, error);
}

static thingspace_status refuse(const listener_row *row, const thingspace_request *request,
                                thingspace_error *error)
{
    return error_set(error, THINGSPACE_REFUSED, "%s %s goes to %s", request->account,
                     request->service, row->shown.url ? row->shown.url : "an address not shown");
}

static thingspace_status ensure(thingspace_client *client, thingspace_ensured *out,
                                thingspace_result **result, const thingspace_result *listed,
                                const thingspace_request *request, const json *body,
                                thingspace_error *error)
{
    const listener_row *row = result_find(listed, request->service);
    if (!row) {
        *out = THINGSPACE_ENSURED_ADDED;
        return perform(client, result, request, THINGSPACE_REGISTER, 0, error);
    }
    *out = THINGSPACE_ENSURED_UNCHANGED;
    if (is_just_so(row, body))
        return THINGSPACE_OK;
    bool moved = !is_listed(body, "url", row->shown.url);
    if (moved && !(request->flags & THINGSPACE_REPLACE))
        return refuse(row, request, error);
    *out = moved ? THINGSPACE_ENSURED_REPLACED : THINGSPACE_ENSURED_UPDATED;
    return overwrite(client, result, row, request, error);
}

/* What cannot be sent, or is denied, is refused before anything is read: a dry run builds the
 * request, as the hooks leave it, and sends none. */
static thingspace_status probe(thingspace_client *client, thingspace_result **out,
                               const thingspace_request *request, thingspace_error *error)
{
    return perform(client, out, request, THINGSPACE_REGISTER, THINGSPACE_DRY_RUN | CALL_PROBE,
                   error);
}

static thingspace_status read_and_ensure(thingspace_client *client, thingspace_ensured *out,
                                         thingspace_result **result,
                                         const thingspace_request *request, thingspace_error *error)
{
    thingspace_result *probed = NULL, *listed = NULL;
    thingspace_status status = probe(client, &probed, request, error);
    if (status == THINGSPACE_OK)
        status = perform(client, &listed, request, THINGSPACE_LIST, 0, error);
    if (status == THINGSPACE_OK)
        status = ensure(client, out, result, listed, request, request_json(probed->request), error);
    if (status == THINGSPACE_OK && *out == THINGSPACE_ENSURED_UNCHANGED && result) {
        *result = probed;
        probed = NULL;
    }
    thingspace_result_free(probed);
    thingspace_result_free(listed);
    return status;
}

thingspace_status thingspace_ensure(thingspace_client *client, thingspace_ensured *out,
                                    thingspace_result **result, const thingspace_request *given,
                                    thingspace_error *error)
{
    thingspace_ensured ignored;
    thingspace_error local = THINGSPACE_ERROR_INIT;
    error = error ? error : &local;
    if (result)
        *result = NULL;
    if (!given)
        return error_set(error, THINGSPACE_USAGE, "no request was given");
    thingspace_request request;
    start_copy_request(&request, given);
    thingspace_status status = client_enter(client, error);
    if (status != THINGSPACE_OK)
        return status;
    status = read_and_ensure(client, out ? out : &ignored, result, &request, error);
    if (status != THINGSPACE_OK)
        error_set_account(error, given->account);
    client_leave(client);
    return status;
}
