/* SPDX-License-Identifier: MIT */
/*
 * thingspace/policy.h: what the policy says, as JSON. One account, or all of them with
 * everything that is wrong. No network, no secret.
 */
#include <config.h>
#include <thingspace/policy.h>
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "catalogue/account.h"
#include "client/client.h"

/* One account's answers while they are put into JSON; `status` keeps the first failure of a setter.
 */
static void put(json *object, const char *name, json *value, thingspace_status *status)
{
    thingspace_status set = json_set(object, name, value);
    if (*status == THINGSPACE_OK)
        *status = set;
}

static void add(json *array, json *value, thingspace_status *status)
{
    thingspace_status set = json_append(array, value);
    if (*status == THINGSPACE_OK)
        *status = set;
}

static thingspace_status write_text(char **out, const json *document, thingspace_error *error)
{
    cleanup_buffer buffer text;
    buffer_init(&text, 1024u * 1024 * 1024);
    if (json_write(&text, document, JSON_PLAIN) != THINGSPACE_OK || !(*out = buffer_take(&text)))
        return error_memory(error);
    return THINGSPACE_OK;
}

static json *script_of(const thingspace_client *client)
{
    return json_new_string(policy_script(client->policy));
}

/* ---- one account ---- */

static json *listener_json(const desired_listener *listener, thingspace_status *status)
{
    json *object = json_new_object();
    if (!object) {
        *status = THINGSPACE_MEMORY;
        return NULL;
    }
    put(object, "serviceName", json_new_string(listener->service), status);
    put(object, "url", json_new_string(listener->url), status);
    put(object, "username", json_new_string(listener->username ? listener->username : ""), status);
    put(object, "hasPassword",
        json_new_boolean(listener->password != NULL || listener->password_registered), status);
    return object;
}

static json *listeners_json(const desired_listeners *listeners, thingspace_status *status)
{
    json *array = json_new_array();
    for (size_t i = 0; array && i < listeners->count; i++)
        add(array, listener_json(&listeners->items[i], status), status);
    return array;
}

static json *tags_json(const decision *decision)
{
    return decision->tags ? json_copy(decision->tags) : json_new_object();
}

static long long timeout_of(const thingspace_client *client, const decision *decision)
{
    if (client->timeout_ms > 0)
        return client->timeout_ms;
    return decision->timeout_ms > 0 ? decision->timeout_ms : CLIENT_TIMEOUT_MS;
}

static thingspace_status decision_json(thingspace_client *client, json *out, const char *account,
                                       const decision *decision, const desired_listeners *listeners,
                                       thingspace_error *error)
{
    thingspace_status status = THINGSPACE_OK;
    put(out, "accountName", json_new_string(account), &status);
    put(out, "endpoint", json_new_string(decision->endpoint->name), &status);
    put(out, "credential", json_new_string(decision->credential->name), &status);
    put(out, "timeout_ms", json_new_integer(timeout_of(client, decision)), &status);
    put(out, "tags", tags_json(decision), &status);
    put(out, "script", script_of(client), &status);
    put(out, "listeners", listeners_json(listeners, &status), &status);
    return status == THINGSPACE_OK ? status : error_memory(error);
}

static thingspace_status eval(thingspace_client *client, char **out, const char *account,
                              thingspace_error *error)
{
    decision decision = {0};
    desired_listeners listeners = {0};
    cleanup_json json *document = json_new_object();
    thingspace_status status = document ? account_check(account, error) : error_memory(error);
    if (status == THINGSPACE_OK)
        status = client_resolve(client, &decision, account, error);
    if (status == THINGSPACE_OK)
        status = policy_listeners(client->policy, &listeners, account, error);
    if (status == THINGSPACE_OK)
        status = decision_json(client, document, account, &decision, &listeners, error);
    if (status == THINGSPACE_OK)
        status = write_text(out, document, error);
    desired_listeners_dispose(&listeners);
    decision_dispose(&decision);
    return status;
}

thingspace_status thingspace_policy_eval(thingspace_client *client, char **out, const char *account,
                                         thingspace_error *error)
{
    *out = NULL;
    thingspace_status status = client_enter(client, error);
    if (status != THINGSPACE_OK)
        return status;
    status = eval(client, out, account, error);
    if (status != THINGSPACE_OK)
        error_set_account(error, account);
    client_leave(client);
    return status;
}

/* ---- all accounts ---- */

typedef struct check {
    thingspace_client *client;
    json *decisions, *warnings, *errors;
    const char *account, *service; /* what is looked at */
    long long listeners;
    thingspace_status status;
} check;

static json *note(check *check, json *list, const char *message)
{
    json *object = json_new_object();
    if (!object) {
        check->status = THINGSPACE_MEMORY;
        return NULL;
    }
    put(object, "accountName", json_new_string(check->account), &check->status);
    if (check->service)
        put(object, "serviceName", json_new_string(check->service), &check->status);
    put(object, "message", json_new_string(message), &check->status);
    add(list, object, &check->status);
    return check->status == THINGSPACE_OK ? object : NULL;
}

static void warn(void *user, const char *service, const char *text)
{
    check *self = user;
    self->service = service;
    note(self, self->warnings, text);
}

static void fail(check *check, const thingspace_error *error)
{
    json *object = note(check, check->errors, error->message);
    if (object && error->line > 0)
        put(object, "line", json_new_integer(error->line), &check->status);
}

static void check_listener(check *check, const desired_listener *listener)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    check->service = listener->service;
    if (desired_listener_check(listener, warn, check, &error) != THINGSPACE_OK)
        fail(check, &error);
    check->service = NULL;
    check->listeners++;
}

static void note_decision(check *check, const decision *decision, size_t listeners)
{
    json *object = json_new_object();
    if (!object) {
        check->status = THINGSPACE_MEMORY;
        return;
    }
    thingspace_status *status = &check->status;
    put(object, "accountName", json_new_string(check->account), status);
    put(object, "endpoint", json_new_string(decision->endpoint->name), status);
    put(object, "credential", json_new_string(decision->credential->name), status);
    put(object, "script", script_of(check->client), status);
    put(object, "listeners", json_new_integer((long long)listeners), status);
    add(check->decisions, object, status);
}

static void check_account(check *check)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    decision decision = {0};
    desired_listeners listeners = {0};
    thingspace_status status = client_resolve(check->client, &decision, check->account, &error);
    if (status == THINGSPACE_OK)
        status = policy_listeners(check->client->policy, &listeners, check->account, &error);
    for (size_t i = 0; status == THINGSPACE_OK && i < listeners.count; i++)
        check_listener(check, &listeners.items[i]);
    if (status == THINGSPACE_OK)
        note_decision(check, &decision, listeners.count);
    else if (status == THINGSPACE_MEMORY)
        check->status = status;
    else
        fail(check, &error);
    desired_listeners_dispose(&listeners);
    decision_dispose(&decision);
}

static json *endpoint_names(const policy *policy, thingspace_status *status)
{
    json *array = json_new_array();
    for (size_t i = 0; array && i < policy_endpoint_count(policy); i++)
        add(array, json_new_string(policy_endpoint_at(policy, i)->name), status);
    return array;
}

static json *credential_names(const policy *policy, thingspace_status *status)
{
    json *array = json_new_array();
    for (size_t i = 0; array && i < policy_credential_count(policy); i++)
        add(array, json_new_string(policy_credential_at(policy, i)->name), status);
    return array;
}

static void check_all(check *check)
{
    size_t count = policy_account_count(check->client->policy);
    for (size_t i = 0; i < count && check->status == THINGSPACE_OK; i++) {
        check->account = policy_account(check->client->policy, i);
        check_account(check);
    }
}

/* The document takes the three lists. */
static thingspace_status report(check *check, char **out, thingspace_error *error)
{
    const policy *policy = check->client->policy;
    thingspace_status *status = &check->status;
    size_t wrong = json_count(check->errors);
    cleanup_json json *document = json_new_object();
    if (!document)
        *status = THINGSPACE_MEMORY;
    put(document, "name", json_new_string(policy_name(policy)), status);
    put(document, "script", script_of(check->client), status);
    put(document, "endpoints", endpoint_names(policy, status), status);
    put(document, "credentials", credential_names(policy, status), status);
    put(document, "accounts", json_new_integer((long long)policy_account_count(policy)), status);
    put(document, "listeners", json_new_integer(check->listeners), status);
    put(document, "decisions", check->decisions, status);
    put(document, "warnings", check->warnings, status);
    put(document, "errors", check->errors, status);
    if (*status != THINGSPACE_OK)
        return error_memory(error);
    *status = write_text(out, document, error);
    if (*status == THINGSPACE_OK && wrong > 0)
        return error_set(error, THINGSPACE_POLICY, "the policy fails for %zu of its accounts",
                         wrong);
    return *status;
}

thingspace_status thingspace_policy_check(thingspace_client *client, char **out,
                                          thingspace_error *error)
{
    *out = NULL;
    thingspace_status status = client_enter(client, error);
    if (status != THINGSPACE_OK)
        return status;
    check check = {.client = client};
    check.decisions = json_new_array();
    check.warnings = json_new_array();
    check.errors = json_new_array();
    if (!check.decisions || !check.warnings || !check.errors)
        check.status = THINGSPACE_MEMORY;
    else
        check_all(&check);
    status = report(&check, out, error);
    client_leave(client);
    return status;
}
