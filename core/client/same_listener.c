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
#include "client/phases.h"
#include "client/same_listener.h"

/* ---- whose it is ---- */

/* One that is gone names no other. */
static bool is_member(const json *body, const char *name, const char *wanted)
{
    const json *found = name ? json_get(body, name) : NULL;
    return !found || text_equal(json_string(found), wanted);
}

static bool names_account(const json *body, void *user)
{
    const call *call = user;
    return is_member(body, call->result->api->account_member, call->result->account);
}

static bool names_service(const json *body, void *user)
{
    const call *call = user;
    return is_member(body, call->result->api->service_member, call->result->service);
}

static thingspace_status refuse_other(call *call, const char *what, journal_author author)
{
    error_set(call_error(call), THINGSPACE_PLUGIN,
              "%s: a hook has put another %s into the request, so nothing was sent; mend the "
              "plugin, or ask for that %s",
              call->operation->name, what, what);
    return phases_blame(call, author);
}

static thingspace_status check_member(call *call, const char *what,
                                      bool (*names)(const json *body, void *user))
{
    if (names(request_json(call->request), call))
        return THINGSPACE_OK;
    return refuse_other(call, what, journal_spoiler(&call->hooks->view, names, call));
}

static thingspace_status check_query(call *call, const char *what, const char *name,
                                     const char *wanted)
{
    if (!name || text_equal(request_query(call->request, name), wanted))
        return THINGSPACE_OK;
    return refuse_other(call, what, journal_query_author(&call->hooks->view, name));
}

static thingspace_status check_names(call *call)
{
    const api_row *api = call->result->api;
    const char *account = call->result->account, *service = call->result->service;
    bool sends = call->operation->sends_listener;
    thingspace_status status = sends && api->account_member
                                   ? check_member(call, "account", names_account)
                                   : check_query(call, "account", api->account_query, account);
    if (status != THINGSPACE_OK)
        return status;
    if (sends)
        return check_member(call, "service", names_service);
    /* A list is of all services, also where one is looked for in it. */
    return call->operation->names_service
               ? check_query(call, "service", api->service_query, service)
               : THINGSPACE_OK;
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
