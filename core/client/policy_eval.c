/* SPDX-License-Identifier: MIT */
/* What the policy decides for one account, as JSON.
 * No network, no secret; on the client's thread. */
#include <config.h>
#include <thingspace/policy.h>
#include "base/error.h"
#include "catalogue/account.h"
#include "client/client.h"

static json *listener_json(const desired_listener *listener, thingspace_status *status)
{
    json *object = json_new_object();
    json_put(object, "serviceName", json_new_string(listener->service), status);
    json_put(object, "url", json_new_string(listener->url), status);
    json_put(object, "username",
             listener->username ? json_new_string(listener->username) : json_new_null(), status);
    json_put(object, "hasPassword",
             json_new_boolean(listener->password != NULL || listener->password_registered), status);
    json_put_text(object, "api", listener->api, status);
    return object;
}

static json *listeners_json(const desired_listeners *listeners, thingspace_status *status)
{
    json *array = json_new_array();
    for (size_t i = 0; i < listeners->count; i++)
        json_add(array, listener_json(&listeners->items[i], status), status);
    return array;
}

static json *tags_json(const decision *decision)
{
    return decision->tags ? json_copy(decision->tags) : json_new_object();
}

static thingspace_status write_decision(const thingspace_client *client, const policy *policy,
                                        char **out, const char *account, const decision *decision,
                                        const desired_listeners *listeners, thingspace_error *error)
{
    thingspace_status status = THINGSPACE_OK;
    cleanup_json json *document = json_new_object();
    json_put(document, "accountName", json_new_string(account), &status);
    json_put(document, "endpoint", json_new_string(decision->endpoint->name), &status);
    json_put(document, "credential", json_new_string(decision->credential->name), &status);
    json_put(document, "timeout_ms", json_new_integer(client_timeout_ms(client, decision)),
             &status);
    json_put(document, "tags", tags_json(decision), &status);
    json_put(document, "checks", listener_levels_json(&decision->checks), &status);
    json_put(document, "script", json_new_string(policy_script_of(policy, decision)), &status);
    if (decision->tenant)
        json_put(document, "tenant", json_new_string(decision->tenant->name), &status);
    json_put(document, "listeners", listeners_json(listeners, &status), &status);
    if (status == THINGSPACE_OK)
        status = json_write_text(out, document);
    return status == THINGSPACE_OK ? status : error_memory(error);
}

static thingspace_status eval(thingspace_client *client, char **out, const char *account,
                              thingspace_error *error)
{
    cleanup_generation generation *kept = generation_ref(client->generation);
    policy *policy = generation_policy(kept);
    decision decision = {0};
    desired_listeners listeners = {0};
    thingspace_status status = account_check(account, error);
    if (status == THINGSPACE_OK)
        status = client_resolve(kept, &decision, account, error);
    if (status == THINGSPACE_OK)
        status = policy_listeners(policy, &listeners, account, error);
    if (status == THINGSPACE_OK)
        status = write_decision(client, policy, out, account, &decision, &listeners, error);
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
