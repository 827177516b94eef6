/* SPDX-License-Identifier: MIT */
/*
 * THINGSPACE_* variables as an endpoint and a credential. Variables that are set to
 * nothing count as not set. A part that no variable gives is asked for when it is
 * used, once: the answer is kept as long as the policy. One thread at a time.
 */
#include <config.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "base/error.h"
#include "base/text.h"
#include "catalogue/api.h"
#include "policy/environment.h"

#define SYSTEM_POLICY "/etc/thingspace/policy.lua"

static const char *read_variable(const char *name)
{
    const char *value = getenv(name);
    return text_is_empty(value) ? NULL : value;
}

/* --- Endpoints --- */

static thingspace_status refuse_variables(thingspace_error *error)
{
    return error_set(error, THINGSPACE_USAGE,
                     "set THINGSPACE_URL, or both THINGSPACE_API_URL and THINGSPACE_TOKEN_URL, "
                     "and unset the rest");
}

/* Leaves `url` at production when no variable is set, and says so. */
static thingspace_status read_urls(endpoint_options *out, bool *given, thingspace_error *error)
{
    const char *url = read_variable("THINGSPACE_URL");
    out->api = read_variable("THINGSPACE_API_URL");
    out->token = read_variable("THINGSPACE_TOKEN_URL");
    if (!out->api != !out->token || (url && out->api))
        return refuse_variables(error);
    *given = url || out->api;
    if (!out->api)
        out->url = url ? url : API_PRODUCTION;
    return THINGSPACE_OK;
}

static thingspace_status add_endpoint(policy *to, const char *name, const endpoint_options *options,
                                      thingspace_error *error)
{
    endpoint *made;
    thingspace_status status = endpoint_new(&made, name, options, error);
    if (status == THINGSPACE_OK)
        status = policy_add_endpoint(to, made, error);
    return status;
}

/* Where the variables lead; production is the same everywhere. */
static void tell_urls(policy *to, const endpoint_options *options)
{
    const char *const urls[] = {options->url, options->api, options->token};
    for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++)
        policy_add_read(to, "URL of the environment", urls[i], urls[i] ? strlen(urls[i]) + 1 : 0);
}

static thingspace_status add_endpoints(policy *to, thingspace_error *error)
{
    const endpoint_options production = {.url = API_PRODUCTION};
    endpoint_options options = {0};
    bool given = false;
    thingspace_status status = read_urls(&options, &given, error);
    if (status == THINGSPACE_OK)
        status = add_endpoint(to, "production", &production, error);
    if (status == THINGSPACE_OK)
        status = add_endpoint(to, "environment", &options, error);
    if (given)
        tell_urls(to, &options);
    if (status == THINGSPACE_OK)
        policy_set_default_endpoint(to, policy_endpoint(to, given ? "environment" : "production"));
    return status;
}

/* --- The credential --- */

typedef struct question {
    environment_options options;
    const char *part;
    thingspace_secret *answer; /* NULL until asked */
} question;

static void free_question(void *memory)
{
    question *self = memory;
    thingspace_secret_free(self->answer);
    free(self);
}

static thingspace_status answer_question(void *user, thingspace_secret **out,
                                         thingspace_error *error)
{
    question *self = user;
    thingspace_status status = THINGSPACE_OK;
    *out = NULL;
    if (!self->answer)
        status = self->options.ask(self->options.user, self->part, &self->answer, error);
    if (status == THINGSPACE_OK && !self->answer)
        status = error_set(error, THINGSPACE_AUTH, "no %s was given for credential environment",
                           self->part);
    if (status == THINGSPACE_OK)
        *out = thingspace_secret_ref(self->answer);
    return status;
}

static thingspace_status make_question(secret_source **out, policy *owner, const char *part,
                                       const environment_options *options, thingspace_error *error)
{
    char description[32];
    question *made = malloc(sizeof(*made));
    if (!made)
        return error_memory(error);
    *made = (question){*options, part, NULL};
    thingspace_status status = policy_keep(owner, made, free_question, error);
    if (status != THINGSPACE_OK)
        return status;
    snprintf(description, sizeof(description), "answer for %s", part);
    return secret_source_function(out, answer_question, made, description, error);
}

typedef struct part_variables {
    const char *name, *variable, *file_variable;
    size_t offset; /* of its source in a credential */
} part_variables;

static const part_variables parts[] = {
    {"key", "THINGSPACE_KEY", "THINGSPACE_KEY_FILE", offsetof(credential, key)},
    {"secret", "THINGSPACE_SECRET", "THINGSPACE_SECRET_FILE", offsetof(credential, secret)},
    {"username", "THINGSPACE_USERNAME", "THINGSPACE_USERNAME_FILE", offsetof(credential, username)},
    {"password", "THINGSPACE_PASSWORD", "THINGSPACE_PASSWORD_FILE", offsetof(credential, password)},
};

static thingspace_status make_part(secret_source **out, policy *owner, const part_variables *part,
                                   const environment_options *options, thingspace_error *error)
{
    const char *file = read_variable(part->file_variable);
    bool value = read_variable(part->variable) != NULL;
    if (value && file)
        return error_set(error, THINGSPACE_USAGE, "%s and %s are both set: unset one",
                         part->variable, part->file_variable);
    if (value)
        return secret_source_env(out, part->variable, error);
    if (file)
        return secret_source_file(out, NULL, file, error);
    if (options && options->ask)
        return make_question(out, owner, part->name, options, error);
    return THINGSPACE_OK; /* missing until it is needed */
}

static thingspace_status add_credential(policy *to, const environment_options *options,
                                        thingspace_error *error)
{
    credential *made;
    thingspace_status status = credential_new(&made, "environment", error);
    if (status != THINGSPACE_OK)
        return status;
    for (size_t i = 0; i < sizeof(parts) / sizeof(*parts) && status == THINGSPACE_OK; i++) {
        secret_source **place = (secret_source **)(void *)((char *)made + parts[i].offset);
        status = make_part(place, to, &parts[i], options, error);
    }
    if (status == THINGSPACE_OK)
        return policy_add_credential(to, made, error);
    credential_free(made);
    return status;
}

thingspace_status environment_add(policy *to, const environment_options *options,
                                  thingspace_error *error)
{
    thingspace_status status = add_endpoints(to, error);
    if (status == THINGSPACE_OK)
        status = add_credential(to, options, error);
    return status;
}

thingspace_status environment_policy(policy **out, const environment_options *options,
                                     thingspace_error *error)
{
    cleanup_policy policy *made = NULL;
    *out = NULL;
    thingspace_status status = policy_new(&made, "environment", NULL, error);
    if (status == THINGSPACE_OK)
        status = environment_add(made, options, error);
    if (status != THINGSPACE_OK)
        return status;
    policy_set_open(made, true);
    *out = made;
    made = NULL;
    return THINGSPACE_OK;
}

/* --- Which policy file --- */

/* What cannot be looked at counts as there: opening it will tell why. */
static bool is_there(const char *path)
{
    struct stat found;
    return stat(path, &found) == 0 || (errno != ENOENT && errno != ENOTDIR);
}

/* A relative folder would mean the current one: it counts as not set. */
static const char *read_folder(const char *name)
{
    const char *folder = getenv(name);
    return folder && folder[0] == '/' ? folder : NULL;
}

static thingspace_status user_policy(char **out, thingspace_error *error)
{
    const char *settings = read_folder("XDG_CONFIG_HOME");
    const char *home = read_folder("HOME");
    if (!settings && !home)
        return THINGSPACE_OK;
    *out = settings ? text_format("%s/thingspace/policy.lua", settings)
                    : text_format("%s/.config/thingspace/policy.lua", home);
    if (!*out)
        return error_memory(error);
    if (!is_there(*out)) {
        free(*out);
        *out = NULL;
    }
    return THINGSPACE_OK;
}

static thingspace_status copy_path(char **out, const char *path, thingspace_error *error)
{
    *out = text_copy(path);
    return *out ? THINGSPACE_OK : error_memory(error);
}

thingspace_status environment_policy_file(char **out, thingspace_error *error)
{
    const char *named = read_variable("THINGSPACE_POLICY");
    *out = NULL;
    if (named)
        return copy_path(out, named, error);
    if (read_variable("THINGSPACE_KEY") || read_variable("THINGSPACE_KEY_FILE"))
        return THINGSPACE_OK;
    thingspace_status status = user_policy(out, error);
    if (status == THINGSPACE_OK && !*out && is_there(SYSTEM_POLICY))
        status = copy_path(out, SYSTEM_POLICY, error);
    return status;
}
