/* SPDX-License-Identifier: MIT */
/* See load.h. Nothing is sent and no secret is read but those of the environment. */
#include <config.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "base/error.h"
#include "base/text.h"
#include "client/functions.h"
#include "client/load.h"
#include "lua/policy/policy_script.h"
#include "lua/runtime/runtime.h"

/* ---- the copy of the options ---- */

static bool copy_if_given(char **out, const char *text)
{
    *out = text_copy(text);
    return *out || !text;
}

static void free_source(void *source)
{
    secret_source_free(source);
}

static thingspace_status add_secret(map *to, const thingspace_named_secret *given,
                                    thingspace_error *error)
{
    secret_source *source = NULL;
    if (!given->secret)
        return error_set(error, THINGSPACE_USAGE, "the secret '%.64s' is missing", given->name);
    if (map_get(to, given->name))
        return error_set(error, THINGSPACE_USAGE, "the secret '%.64s' is given twice: keep one",
                         given->name);
    cleanup_text char *description = text_format("secret '%.64s' of the program", given->name);
    if (!description)
        return error_memory(error);
    thingspace_status status = secret_source_value(&source, given->secret, description, error);
    if (status == THINGSPACE_OK && map_set(to, given->name, source) != THINGSPACE_OK) {
        secret_source_free(source);
        status = error_memory(error);
    }
    return status;
}

static thingspace_status copy_secrets(map **out, const thingspace_named_secret *secrets,
                                      thingspace_error *error)
{
    if (!secrets)
        return THINGSPACE_OK;
    thingspace_status status =
        map_new(out, free_source) == THINGSPACE_OK ? THINGSPACE_OK : error_memory(error);
    for (; status == THINGSPACE_OK && secrets->name; secrets++)
        status = add_secret(*out, secrets, error);
    return status;
}

static bool copy_source(load_source *out, const thingspace_client_options *options)
{
    out->ask = options->ask;
    out->ask_user = options->ask_user;
    return copy_if_given(&out->policy_file, options->policy_file) &&
           copy_if_given(&out->policy_text, options->policy_text) &&
           copy_if_given(&out->policy_name, options->policy_name) &&
           copy_if_given(&out->policy_folder, options->policy_folder) &&
           copy_if_given(&out->plugin_path, options->plugin_path) &&
           text_list_copy(&out->settings, options->settings) &&
           text_list_copy(&out->plugins, options->plugins);
}

void load_source_dispose(load_source *self)
{
    free(self->policy_file);
    if (self->policy_text) /* may hold a key that should have been a file */
        sodium_memzero(self->policy_text, strlen(self->policy_text));
    free(self->policy_text);
    free(self->policy_name);
    free(self->policy_folder);
    free(self->plugin_path);
    text_list_free(self->settings);
    text_list_free(self->plugins);
    map_free(self->secrets);
    *self = (load_source){0};
}

/* ---- policy and plugins ---- */

static thingspace_status load_policy(policy **out, thingspace_client *client,
                                     thingspace_error *error)
{
    const load_source *source = &client->source;
    const policy_script_options script = {
        .settings = (const char *const *)source->settings,
        .environment = {.ask = source->ask, .user = source->ask_user},
        .log = &client->log,
        .secrets = source->secrets,
        .resolves = client->resolve != NULL,
    };
    if (source->policy_text)
        return policy_script_load_text(out, source->policy_name ? source->policy_name : "policy",
                                       source->policy_text, source->policy_folder, &script, error);
    if (source->policy_file)
        return policy_script_load(out, source->policy_file, &script, error);
    cleanup_text char *found = NULL;
    thingspace_status status = environment_policy_file(&found, error);
    if (status != THINGSPACE_OK)
        return status;
    if (found)
        return policy_script_load(out, found, &script, error);
    return environment_policy(out, &script.environment, error);
}

thingspace_status load_generation(generation **out, thingspace_client *client,
                                  thingspace_error *error)
{
    const load_source *source = &client->source;
    policy *policy = NULL;
    *out = NULL;
    thingspace_status status = load_policy(&policy, client, error);
    if (status != THINGSPACE_OK)
        return status;
    status = functions_set(client, policy, error);
    if (status != THINGSPACE_OK) {
        policy_free(policy);
        return status;
    }
    const generation_options options = {
        .plugins = (const char *const *)source->plugins,
        .instances =
            {
                .search_path = source->plugin_path,
                .settings = (const char *const *)source->settings,
                .log = &client->log,
            },
        .added = {client->added, client->added_count},
    };
    return generation_new(out, policy, &options, error);
}

/* ---- the client ---- */

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
    client->listeners = options->listeners;
    client->listeners_user = options->listeners_user;
    client->timeout_ms = options->timeout_ms;
    client->no_token_cache = options->flags & THINGSPACE_NO_TOKEN_CACHE;
    client->foreign_loop = options->flags & THINGSPACE_FOREIGN_LOOP;
    if (!copy_if_given(&client->state_dir, options->state_dir) ||
        !copy_if_given(&client->ca_file, options->ca_file) ||
        !copy_if_given(&client->proxy, options->proxy) ||
        !copy_if_given(&client->reason, options->reason) || !copy_source(&client->source, options))
        return error_memory(error);
    status = copy_secrets(&client->source.secrets, options->secrets, error);
    if (status != THINGSPACE_OK)
        return status;
    return load_generation(&client->generation, client, error);
}
