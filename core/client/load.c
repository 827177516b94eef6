/* SPDX-License-Identifier: MIT */
/* See load.h. Nothing is sent and no secret is read but those of the environment. */
#include <config.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "base/error.h"
#include "base/text.h"
#include "client/load.h"
#include "lua/policy_script.h"
#include "lua/runtime.h"

void load_options(thingspace_client_options *out, const thingspace_client_options *given)
{
    if (!given)
        return;
    size_t size = given->size < sizeof(*out) ? given->size : sizeof(*out);
    memcpy(out, given, size);
    out->size = sizeof(*out);
}

static thingspace_status load_policy(policy **out, const thingspace_client_options *options,
                                     const log_target *log, thingspace_error *error)
{
    const policy_script_options script = {
        .settings = options->settings,
        .environment = {.ask = options->ask, .user = options->ask_user},
        .log = log,
    };
    if (options->policy_text)
        return policy_script_load_text(out, options->policy_name ? options->policy_name : "policy",
                                       options->policy_text, options->policy_folder, &script,
                                       error);
    if (options->policy_file)
        return policy_script_load(out, options->policy_file, &script, error);
    cleanup_text char *found = NULL;
    thingspace_status status = environment_policy_file(&found, error);
    if (status != THINGSPACE_OK)
        return status;
    if (found)
        return policy_script_load(out, found, &script, error);
    return environment_policy(out, &script.environment, error);
}

static bool copy_if_given(char **out, const char *text)
{
    *out = text_copy(text);
    return *out || !text;
}

/* A host and port, or a URL. Nothing of it is repeated. */
static thingspace_status check_proxy(const char *proxy, thingspace_error *error)
{
    static const char *const schemes[] = {"http",    "https",  "socks4",
                                          "socks4a", "socks5", "socks5h"};
    const char *end = proxy ? strstr(proxy, "://") : NULL;
    bool known = !end;
    if (proxy && strchr(proxy, '@'))
        return error_set(error, THINGSPACE_USAGE,
                         "the proxy's URL must not hold a user or password: every user of this "
                         "machine could read it in the process list");
    for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]) && !known; i++)
        known = strlen(schemes[i]) == (size_t)(end - proxy) &&
                strncasecmp(schemes[i], proxy, (size_t)(end - proxy)) == 0;
    return known ? THINGSPACE_OK
                 : error_set(error, THINGSPACE_USAGE,
                             "the proxy's URL begins with none of http://, https://, socks4://, "
                             "socks5://: correct it");
}

thingspace_status load_client(thingspace_client *client, const thingspace_client_options *options,
                              thingspace_error *error)
{
    if (options->policy_text && options->policy_file)
        return error_set(error, THINGSPACE_USAGE,
                         "policy_file and policy_text exclude each other: give one");
    thingspace_status status = check_proxy(options->proxy, error);
    if (status == THINGSPACE_OK)
        status = runtime_check_lua(error);
    if (status != THINGSPACE_OK)
        return status;
    client->log = (log_target){options->log, options->log_user, options->log_level};
    client->resolve = options->resolve;
    client->resolve_user = options->resolve_user;
    client->timeout_ms = options->timeout_ms;
    client->no_token_cache = options->flags & THINGSPACE_NO_TOKEN_CACHE;
    client->foreign_loop = options->flags & THINGSPACE_FOREIGN_LOOP;
    if (!copy_if_given(&client->state_dir, options->state_dir) ||
        !copy_if_given(&client->ca_file, options->ca_file) ||
        !copy_if_given(&client->proxy, options->proxy))
        return error_memory(error);
    return load_policy(&client->policy, options, &client->log, error);
}
