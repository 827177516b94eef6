/* SPDX-License-Identifier: MIT */
/*
 * Ensure: what a run that died left undone, then read, then do the least that makes the listener
 * as asked (update.h); what counts as asked is what the hooks make of it, and what they deny is
 * denied before anything is read.
 */
#include <config.h>
#include <string.h>
#include "base/error.h"
#include "base/secret.h"
#include "base/text.h"
#include "callbacks/repair.h"
#include "callbacks/start.h"
#include "callbacks/update.h"
#include "client/call.h"

/* A member of the body that would be sent. An absent element and an empty one are the same to the
 * service. */
static bool is_listed(const json *body, const char *name, const char *listed)
{
    const json *wanted = json_get(body, name);
    if (json_type_of(wanted) == JSON_SECRET)
        return secret_equal_text(json_secret(wanted), listed);
    return text_same(json_string(wanted), listed);
}

static bool is_just_so(const listener_row *row, const json *body, const api_row *api)
{
    if (!is_listed(body, api->url_member, row->shown.url))
        return false;
    return !api->credentials || (is_listed(body, "username", row->shown.username) &&
                                 is_listed(body, "password", row->password));
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

/* ---- an update, waited for ---- */

typedef struct waiting {
    thingspace_status status;
    thingspace_result *result;
    thingspace_error *error;
    bool done;
} waiting;

static void keep_outcome(thingspace_status status, thingspace_result *result,
                         const thingspace_error *error, void *user)
{
    waiting *waiting = user;
    waiting->status = status;
    waiting->result = result;
    waiting->done = true;
    if (error)
        error_copy(waiting->error, error);
    else
        error_clear(waiting->error);
}

static thingspace_status make_so(thingspace_client *client, thingspace_result **result,
                                 const thingspace_request *request, const listener_row *old,
                                 const struct request *planned, const thingspace_result *listed,
                                 thingspace_error *error)
{
    waiting waiting = {.error = error};
    update *update;
    thingspace_request wanted = *request;
    wanted.operation = THINGSPACE_REGISTER;
    thingspace_status status =
        update_start(client, &update, &wanted, old, keep_outcome, &waiting, error);
    if (status != THINGSPACE_OK)
        return status;
    update_bind(update, planned, listed);
    status = client_run_until(client, &waiting.done, error);
    if (!waiting.done)
        update_abandon(update);
    if (result)
        *result = waiting.result;
    else
        thingspace_result_free(waiting.result);
    return waiting.status != THINGSPACE_OK ? waiting.status : status;
}

static thingspace_status refuse(const listener_row *row, const thingspace_request *request,
                                thingspace_error *error)
{
    return error_set(error, THINGSPACE_REFUSED, "%s %s goes to %s", request->account,
                     request->service, row->shown.url ? row->shown.url : "an address not shown");
}

static thingspace_status ensure(thingspace_client *client, thingspace_ensured *out,
                                thingspace_result **result, const thingspace_result *listed,
                                const thingspace_request *request, const struct request *planned,
                                thingspace_error *error)
{
    const json *body = request_json(planned);
    const listener_row *row = result_find(listed, request->service);
    if (!row) {
        *out = THINGSPACE_ENSURED_ADDED;
        return make_so(client, result, request, NULL, planned, listed, error);
    }
    *out = THINGSPACE_ENSURED_UNCHANGED;
    if (is_just_so(row, body, listed->api))
        return THINGSPACE_OK;
    bool moved = !is_listed(body, listed->api->url_member, row->shown.url);
    if (moved && !(request->flags & THINGSPACE_REPLACE))
        return refuse(row, request, error);
    *out = moved ? THINGSPACE_ENSURED_REPLACED : THINGSPACE_ENSURED_UPDATED;
    return make_so(client, result, request, row, planned, listed, error);
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
    thingspace_status status = client_check_blocking(client, error);
    if (status == THINGSPACE_OK)
        status = repair_all(client, NULL, NULL, error);
    if (status == THINGSPACE_OK)
        status = probe(client, &probed, request, error);
    if (status == THINGSPACE_OK)
        status = perform(client, &listed, request, THINGSPACE_LIST, 0, error);
    if (status == THINGSPACE_OK)
        status = ensure(client, out, result, listed, request, probed->request, error);
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
