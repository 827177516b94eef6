/* SPDX-License-Identifier: MIT */
/*
 * See listener_guard.h. To know the UWS credentials, their sources are read, which may run a
 * command each: what was read is kept for a while, in locked memory, for the other listeners of a
 * plan. Owns that, and the warnings that plans have told.
 */
#include <config.h>
#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "client/listener_guard.h"
#include "client/phases.h"

/* A changed password is seen after that long. */
#define KEPT_MS 60000

/* ---- the UWS user ---- */

static void forget_user(listener_guard *self)
{
    secret_source_free(self->username_from);
    secret_source_free(self->password_from);
    thingspace_secret_free(self->username);
    thingspace_secret_free(self->password);
    self->username_from = self->password_from = NULL;
    self->username = self->password = NULL;
}

void listener_guard_dispose(listener_guard *self)
{
    map_free(self->told);
    self->told = NULL;
    forget_user(self);
}

/* A source that fails now fails again when the call logs in, and says so then. */
static void read_part(secret_source *from, secret_source **kept, thingspace_secret **out)
{
    if (!from)
        return;
    *kept = secret_source_ref(from);
    if (!secret_source_asks(from))
        (void)secret_source_resolve(from, out, NULL, NULL);
}

static void read_user(listener_guard *self, const credential *credential, int64_t now_ms)
{
    forget_user(self);
    read_part(credential->username, &self->username_from, &self->username);
    read_part(credential->password, &self->password_from, &self->password);
    self->until_ms = now_ms + KEPT_MS;
}

static bool knows_user(const listener_guard *self, const credential *credential, int64_t now_ms)
{
    return self->username_from == credential->username &&
           self->password_from == credential->password && now_ms < self->until_ms;
}

/* A dry run that is shown asks nobody for a secret. */
static bool wants_user(const call *call, const listener_facts *facts)
{
    bool shown = call->flags & THINGSPACE_DRY_RUN && !(call->flags & (CALL_PROBE | CALL_QUIET));
    bool given = !text_is_empty(facts->username) || facts->password;
    return given && !shown && listener_levels_get(facts->levels, "credentials") != LISTENER_IGNORE;
}

static void add_user(const call *call, listener_facts *facts)
{
    listener_guard *guard = &call->client->guard;
    const credential *credential = call->decision.credential;
    int64_t now = clock_monotonic_ms();
    if (!credential || !wants_user(call, facts))
        return;
    if (!knows_user(guard, credential, now))
        read_user(guard, credential, now);
    facts->uws_username = guard->username;
    facts->uws_password = guard->password;
}

/* ---- warnings ---- */

/* Whether it is the first time; when that cannot be noted, it is told again. */
static bool is_news(listener_guard *guard, const char *text)
{
    if (!guard->told && map_new(&guard->told, NULL) != THINGSPACE_OK)
        return true;
    bool known = map_get(guard->told, text) || map_count(guard->told) >= LIMIT_TOLD_WARNINGS;
    if (!known)
        (void)map_set(guard->told, text, guard);
    return !known;
}

/* Three hundred accounts have the same port: a plan names the first. */
static void warn(void *user, const char *text)
{
    const call *call = user;
    const thingspace_client *client = call->client;
    bool quiet = call->flags & CALL_QUIET;
    if (!quiet) {
        if (!map_get(client->guard.told, text))
            log_write(&client->log, THINGSPACE_LOG_WARNING, "%s", text);
    } else if (is_news(&call->client->guard, text)) {
        log_write(&client->log, THINGSPACE_LOG_WARNING,
                  "%s (%s of %s, perhaps others: `thingspace policy check` lists all)", text,
                  call->result->service, call->result->account);
    }
}

/* Other calls tell it as they begin. */
static void warn_of_service(call *call)
{
    char doubt[API_SERVICE_DOUBT];
    if (call->flags & CALL_QUIET &&
        api_row_doubt_service(doubt, call->result->api, call->result->service))
        warn(call, doubt);
}

/* ---- the check ---- */

static listener_facts facts_of(const call *call, const json *body)
{
    return (listener_facts){
        .url = json_get_string(body, call->result->api->url_member),
        .username = json_get_string(body, "username"),
        .password = json_secret(json_get(body, "password")),
        .levels = &call->decision.checks,
    };
}

static bool is_good(const json *body, void *user)
{
    const call *call = user;
    thingspace_error ignored = THINGSPACE_ERROR_INIT;
    listener_facts facts = facts_of(call, body);
    if (!facts.url)
        return true;
    add_user(call, &facts);
    return listener_check(&facts, NULL, NULL, &ignored) == THINGSPACE_OK;
}

thingspace_status listener_guard_check(call *call)
{
    if (!call->operation->sends_listener)
        return THINGSPACE_OK;
    warn_of_service(call);
    listener_facts facts = facts_of(call, request_json(call->request));
    if (!facts.url) /* a hook took it away, or it became a secret */
        return THINGSPACE_OK;
    add_user(call, &facts);
    thingspace_status status = listener_check(&facts, warn, call, call_error(call));
    if (status == THINGSPACE_OK || !call->hooks)
        return status;
    return phases_blame(call, journal_spoiler(&call->hooks->view, is_good, call));
}
