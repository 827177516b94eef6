/* SPDX-License-Identifier: MIT */
/*
 * See callbacks.h. From vendor pages: shapes of request and answers, `name` in and
 * `serviceName` out, an empty body for an empty list, the password in clear, 40
 * characters, no UWS credentials, SOAP registrations unseen but blocking, one
 * listener per service, AccountName for an account of somebody else. Open: what
 * a second POST and a DELETE of nothing do (switches), and the codes of all
 * Callback.* refusals (made up here). URLs and service names are not judged.
 */
#include <config.h>
#include <stddef.h>
#include <string.h>
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "catalogue/api.h"
#include "body.h"
#include "callbacks.h"
#include "limits.h"
#include "registry.h"
#include "sister.h"

thingspace_status callbacks_init(struct callbacks *callbacks)
{
    return map_new(&callbacks->accounts, registry_free);
}

void callbacks_dispose(struct callbacks *callbacks)
{
    map_free(callbacks->accounts);
}

thingspace_status callbacks_reset(struct callbacks *callbacks)
{
    map *fresh;
    thingspace_status status = map_new(&fresh, registry_free);
    if (status)
        return status;
    map_free(callbacks->accounts);
    callbacks->accounts = fresh;
    return THINGSPACE_OK;
}

static thingspace_status confirm(const char *account, const char *service, struct answer *answer)
{
    return answer_strings(answer, 200, "accountName", account, "serviceName", service);
}

/* What a registry is kept under; no account of connectivity begins with a line feed. */
static char *key_of(const char *api, const char *account)
{
    return api ? text_format("\n%s\n%s", api, account) : text_copy(account);
}

thingspace_status callbacks_find(const struct callbacks *callbacks, const char *api,
                                 const char *account, struct registry **out)
{
    cleanup_text char *key = key_of(api, account);
    *out = key ? map_get(callbacks->accounts, key) : NULL;
    return key ? THINGSPACE_OK : THINGSPACE_MEMORY;
}

static thingspace_status make_registry(struct callbacks *callbacks, const char *api,
                                       const char *account, struct registry **out)
{
    if (map_count(callbacks->accounts) >= LIMIT_SIM_ACCOUNTS)
        return THINGSPACE_USAGE;
    cleanup_text char *key = key_of(api, account);
    struct registry *made = registry_new(api, account);
    thingspace_status status =
        key && made ? map_set(callbacks->accounts, key, made) : THINGSPACE_MEMORY;
    if (status)
        registry_free(made);
    else
        *out = made;
    return status;
}

/* Callers of an older header have no such member. */
static const char *api_of(const thingspace_simulator_listener *listener)
{
    bool has = listener->size >= offsetof(thingspace_simulator_listener, api) + sizeof(char *);
    bool other = has && listener->api && !text_equal(listener->api, "connectivity");
    return other ? listener->api : NULL;
}

static thingspace_status store(struct callbacks *callbacks,
                               const thingspace_simulator_listener *listener)
{
    struct registry *registry;
    const char *api = api_of(listener);
    thingspace_status status = callbacks_find(callbacks, api, listener->account, &registry);
    if (!status && !registry)
        status = make_registry(callbacks, api, listener->account, &registry);
    return status ? status : registry_put(registry, listener);
}

static bool is_clean(const thingspace_simulator_listener *listener)
{
    return body_is_clean(listener->service) && body_is_clean(listener->url) &&
           body_is_clean(listener->username) && body_is_clean(listener->password);
}

static size_t count_characters(const char *text)
{
    size_t count = 0;
    for (; text && *text; text++)
        count += (*text & 0xc0) != 0x80;
    return count;
}

/* What is wrong with a listener that a POST brings, as code and message; NULL when nothing is. */
static const char *judge(const struct callbacks *callbacks,
                         const thingspace_simulator_listener *listener,
                         const struct listener *older, const struct user *user,
                         const char **message)
{
    if (count_characters(listener->username) > LIMIT_LISTENER_CREDENTIAL ||
        count_characters(listener->password) > LIMIT_LISTENER_CREDENTIAL) {
        *message = "username and password have 40 characters at most";
        return "INPUT_INVALID.Callback.Credential";
    }
    if (user && (sessions_user_is_known_by(user, listener->username) ||
                 sessions_user_is_known_by(user, listener->password))) {
        *message = "username and password must not be the UWS credentials";
        return "INPUT_INVALID.Callback.Credential";
    }
    *message = "The service is registered through SOAP";
    if (older && older->soap)
        return "REQUEST_FAILED.Callback.RegisteredBySoap";
    *message = "The service is already registered";
    return older && callbacks->refuse_second_post ? "REQUEST_FAILED.Callback.AlreadyRegistered"
                                                  : NULL;
}

thingspace_status callbacks_register(struct callbacks *callbacks,
                                     const thingspace_simulator_listener *listener,
                                     const struct user *user, bool *good, struct answer *answer)
{
    struct registry *registry;
    const char *message;
    *good = false;
    if (!is_clean(listener))
        return body_refuse_characters(answer);
    thingspace_status status =
        callbacks_find(callbacks, api_of(listener), listener->account, &registry);
    if (status)
        return status;
    const char *code =
        judge(callbacks, listener, registry_find(registry, listener->service), user, &message);
    if (code)
        return answer_error(answer, 400, code, message);
    status = store(callbacks, listener);
    if (status == THINGSPACE_USAGE)
        return answer_error(answer, 400, "REQUEST_FAILED.UnexpectedError", "Too many listeners");
    *good = status == THINGSPACE_OK;
    return status;
}

static thingspace_status read_listener(const json *body, thingspace_simulator_listener *listener)
{
    listener->service = json_get_string(body, "name");
    listener->url = json_get_string(body, "url");
    listener->username = json_get_string(body, "username");
    listener->password = json_get_string(body, "password");
    return text_is_empty(listener->service) || text_is_empty(listener->url) ? THINGSPACE_USAGE
                                                                            : THINGSPACE_OK;
}

static thingspace_status post(struct callbacks *callbacks, const struct request *request,
                              const char *account, const struct user *user, struct answer *answer)
{
    cleanup_json json *body = NULL;
    thingspace_simulator_listener listener = THINGSPACE_SIMULATOR_LISTENER_INIT;
    listener.account = account;
    thingspace_status status = body_read(request, &body, answer);
    if (status || !body)
        return status;
    if (read_listener(body, &listener) != THINGSPACE_OK)
        return body_refuse(answer, "name and url are required");
    bool good;
    status = callbacks_register(callbacks, &listener, user, &good, answer);
    return good ? confirm(account, listener.service, answer) : status;
}

static thingspace_status list(const struct callbacks *callbacks, const char *account,
                              struct answer *answer)
{
    const struct registry *registry = map_get(callbacks->accounts, account);
    cleanup_json json *array = json_new_array();
    if (!array)
        return THINGSPACE_MEMORY;
    thingspace_status status = THINGSPACE_OK;
    if (registry)
        status = registry_write(registry, array, false, callbacks->omit_empty_credentials);
    if (status)
        return status;
    return json_count(array) ? answer_json(answer, 200, array) : answer_empty(answer, 200);
}

thingspace_status callbacks_refuse_absent(struct answer *answer)
{
    return answer_error(answer, 400, "REQUEST_FAILED.Callback.NotRegistered",
                        "The service is not registered");
}

static thingspace_status delete (const struct callbacks *callbacks, const char *account,
                                 const char *service, struct answer *answer)
{
    struct registry *registry = map_get(callbacks->accounts, account);
    struct listener *found = registry_find(registry, service);
    if (!body_is_clean(service))
        return body_refuse_characters(answer);
    if (found && !found->soap)
        registry_remove(registry, found);
    else if (!callbacks->confirm_absent_delete)
        return callbacks_refuse_absent(answer);
    return confirm(account, service, answer);
}

/* The sandbox knows TestAccount-1, and API_TEST_ACCOUNT for a POST to /callbacks. */
static bool sandbox_has(const struct request *request, const char *account)
{
    bool second = text_equal(account, API_TEST_ACCOUNT);
    return second || (!request_is(request, "POST") && text_equal(account, "TestAccount-1"));
}

thingspace_status callbacks_check_account(const struct request *request, const char *account,
                                          const struct user *user, bool *good,
                                          struct answer *answer)
{
    *good = false;
    if (account[strspn(account, " ")] == '\0')
        return answer_error(answer, 400, "INPUT_INVALID.Account.NotDefined",
                            "The account name is missing");
    if (!body_is_clean(account))
        return body_refuse_characters(answer);
    *good = user ? sessions_user_has_account(user, account) : sandbox_has(request, account);
    return *good ? THINGSPACE_OK
                 : answer_error(answer, 400, "REQUEST_FAILED.AccountName",
                                "The user is not associated with the account");
}

thingspace_status callbacks_operate(struct callbacks *callbacks, const struct request *request,
                                    const char *account, const char *service,
                                    const struct user *user, struct answer *answer)
{
    bool good;
    thingspace_status status = callbacks_check_account(request, account, user, &good, answer);
    if (!good)
        return status;
    if (service)
        return delete (callbacks, account, service, answer);
    if (request_is(request, "POST"))
        return post(callbacks, request, account, user, answer);
    return list(callbacks, account, answer);
}

thingspace_status callbacks_put(struct callbacks *callbacks,
                                const thingspace_simulator_listener *listener,
                                thingspace_error *error)
{
    if (text_is_empty(listener->account) || text_is_empty(listener->service) ||
        (text_is_empty(listener->url) && !listener->soap))
        return error_set(error, THINGSPACE_USAGE,
                         "a listener needs an account, a service and a url: give all three");
    const char *api = api_of(listener);
    if (api && !sister_find(api))
        return error_set(error, THINGSPACE_USAGE, "the stand-in has no API '%s'", api);
    thingspace_status status = store(callbacks, listener);
    if (status == THINGSPACE_MEMORY)
        return error_memory(error);
    if (status)
        return error_set(error, status, "too many listeners: the stand-in holds %d for an account",
                         LIMIT_SIM_LISTENERS);
    return THINGSPACE_OK;
}

static thingspace_status load_one(struct callbacks *callbacks, const json *object,
                                  thingspace_error *error)
{
    thingspace_simulator_listener listener = THINGSPACE_SIMULATOR_LISTENER_INIT;
    listener.account = json_get_string(object, "accountName");
    listener.service = json_get_string(object, "serviceName");
    listener.url = json_get_string(object, "url");
    listener.username = json_get_string(object, "username");
    listener.password = json_get_string(object, "password");
    listener.soap = json_type_of(json_get(object, "soap")) == JSON_TRUE;
    listener.api = json_get_string(object, "api");
    return callbacks_put(callbacks, &listener, error);
}

thingspace_status callbacks_load(struct callbacks *callbacks, const char *text, size_t size,
                                 thingspace_error *error)
{
    cleanup_json json *document = NULL;
    thingspace_status status = json_parse(&document, text, size, error);
    if (status)
        return status;
    const json *array = json_get(document, "listeners");
    if (!array)
        array = document;
    if (json_type_of(array) != JSON_ARRAY)
        return error_set(error, THINGSPACE_USAGE,
                         "the state has no listeners: give an array, or an object with the member "
                         "\"listeners\"");
    for (const json *item = json_first(array); item && !status; item = json_next(item))
        status = load_one(callbacks, item, error);
    return status;
}

thingspace_status callbacks_describe(const struct callbacks *callbacks, json *state)
{
    json *array = json_new_array();
    thingspace_status status = array ? THINGSPACE_OK : THINGSPACE_MEMORY;
    for (size_t i = 0; !status && i < map_count(callbacks->accounts); i++)
        status = registry_write(map_value(callbacks->accounts, i), array, true, false);
    if (status) {
        json_free(array);
        return status;
    }
    return json_set(state, "listeners", array);
}
