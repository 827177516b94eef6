/* SPDX-License-Identifier: MIT */
/*
 * See same_listener.h. Where the path names account and service, no hook can change them; in the
 * query and in the body it could, and so reach another account that the credential opens. A plan
 * asks hooks with `call.dry_run`: what they answer then and what they make of the call that is sent
 * must be the same listener. Owns nothing.
 */
#include <config.h>
#include "base/error.h"
#include "base/text.h"
#include "client/same_listener.h"

/* ---- whose it is ---- */

static bool is_query(const call *call, const char *name, const char *wanted)
{
    return !name || text_equal(request_query(call->request, name), wanted);
}

/* One that is gone names no other. */
static bool is_member(const call *call, const char *name, const char *wanted)
{
    const json *found = name ? json_get(request_json(call->request), name) : NULL;
    return !found || text_equal(json_string(found), wanted);
}

static bool keeps_account(const call *call, const api_row *api)
{
    const char *account = call->result->account;
    if (call->operation->sends_listener && api->account_member)
        return is_member(call, api->account_member, account);
    return is_query(call, api->account_query, account);
}

/* A list is of all of them. */
static bool keeps_service(const call *call, const api_row *api)
{
    const char *service = call->result->service;
    if (call->operation->sends_listener)
        return is_member(call, api->service_member, service);
    return !service || is_query(call, api->service_query, service);
}

static thingspace_status check_names(call *call)
{
    const api_row *api = call->result->api;
    bool account = keeps_account(call, api);
    if (account && keeps_service(call, api))
        return THINGSPACE_OK;
    return error_set(
        call_error(call), THINGSPACE_PLUGIN,
        "%s: a hook has put another %s into the request, so nothing was sent; mend the "
        "plugin, or ask for that %s",
        call->operation->name, account ? "service" : "account", account ? "service" : "account");
}

/* ---- what was planned ---- */

/* An absent element and an empty one are the same to the service. */
static bool same_member(const call *call, const char *name)
{
    const json *sent = json_get(request_json(call->request), name);
    const json *planned = json_get(request_json(call->planned), name);
    bool secret = json_type_of(sent) == JSON_SECRET;
    if (secret || json_type_of(planned) == JSON_SECRET)
        return secret_equal(json_secret(sent), json_secret(planned));
    const char *a = json_string(sent), *b = json_string(planned);
    return text_equal(a ? a : "", b ? b : "");
}

static thingspace_status check_planned(call *call)
{
    const api_row *api = call->result->api;
    const char *differs = !same_member(call, api->url_member) ? "URL"
                          : !api->credentials                 ? NULL
                          : !same_member(call, "username")    ? "username"
                          : !same_member(call, "password")    ? "password"
                                                              : NULL;
    if (!differs)
        return THINGSPACE_OK;
    return error_set(call_error(call), THINGSPACE_PLUGIN,
                     "%s: hooks make another %s of it than of what was planned, so nothing was "
                     "sent; a hook must do the same with call.dry_run and without",
                     call->operation->name, differs);
}

thingspace_status same_listener_check(call *call)
{
    if (call->operation->any_path)
        return THINGSPACE_OK;
    thingspace_status status = check_names(call);
    return status == THINGSPACE_OK && call->planned ? check_planned(call) : status;
}
