/* SPDX-License-Identifier: MIT */
/* See session.h. */
#include <config.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/text.h"
#include "cli/hygiene.h"
#include "cli/prompt.h"
#include "cli/session.h"
#include "cli/signals.h"

/* An empty variable is as good as none. */
static const char *plugin_path(const options *given)
{
    const char *path = options_text(given, "plugin-path");
    if (!path)
        path = getenv("THINGSPACE_PLUGIN_PATH");
    return text_is_empty(path) ? NULL : path;
}

static thingspace_status new_client(session *session, thingspace_client **out, const char *policy,
                                    const char *const *settings, const char *const *plugins,
                                    thingspace_error *error)
{
    const options *given = &session->options;
    thingspace_client_options options = THINGSPACE_CLIENT_OPTIONS_INIT;
    options.flags = options_has(given, "no-token-cache") ? THINGSPACE_NO_TOKEN_CACHE : 0;
    options.policy_file = policy;
    options.state_dir = options_text(given, "state-dir");
    options.ca_file = options_text(given, "ca-file");
    options.proxy = options_text(given, "proxy");
    options.timeout_ms = options_number(given, "timeout", 0);
    options.settings = settings;
    options.plugins = plugins;
    options.plugin_path = plugin_path(given);
    options.reason = options_text(given, "reason");
    options.log = output_log;
    options.log_user = &session->output;
    options.log_level = session->output.level;
    if (prompt_is_possible())
        options.ask = prompt_ask;
    return thingspace_client_new(out, &options, error);
}

static thingspace_status make_client(session *session, thingspace_client **out, const char *policy,
                                     thingspace_error *error)
{
    const char **settings = options_texts(&session->options, "set");
    const char **plugins = options_texts(&session->options, "plugin");
    thingspace_status status = settings && plugins
                                   ? new_client(session, out, policy, settings, plugins, error)
                                   : error_memory(error);
    free(settings);
    free(plugins);
    return status;
}

/* `old` NULL: only the session's client is wanted. */
static thingspace_status open_clients(session *session, thingspace_client **old,
                                      const char *old_policy, const char *policy,
                                      thingspace_error *error)
{
    thingspace_status status = hygiene_prepare_network(error);
    if (status == THINGSPACE_OK && old)
        status = make_client(session, old, old_policy, error);
    if (status == THINGSPACE_OK)
        status = make_client(session, &session->client, policy, error);
    if (status != THINGSPACE_OK)
        return status;
    signals_watch(session->client);
    return hygiene_clear_environment(error);
}

thingspace_status session_open(session *session, thingspace_error *error)
{
    return open_clients(session, NULL, NULL, options_text(&session->options, "policy"), error);
}

static void forget_tenants(session *session)
{
    char *text = NULL;
    cleanup_json json *document = NULL;
    if (thingspace_plugin_list(session->client, &text, NULL) == THINGSPACE_OK)
        (void)json_parse_own(&document, text, strlen(text), NULL);
    thingspace_text_free(text);
    for (const json *row = json_first(json_get(document, "errors")); row; row = json_next(row))
        output_forget(&session->output, json_get_string(row, "message"));
}

thingspace_status session_open_for(session *session, bool named, thingspace_error *error)
{
    if (!named)
        return session_open(session, error);
    output_hold(&session->output);
    thingspace_status status = session_open(session, error);
    if (status == THINGSPACE_OK && output_count(&session->output) > 0)
        forget_tenants(session);
    output_release(&session->output);
    return status;
}

thingspace_status session_open_both(session *session, thingspace_client **old,
                                    const char *old_policy, const char *policy,
                                    thingspace_error *error)
{
    *old = NULL;
    return open_clients(session, old, old_policy, policy, error);
}

void session_close(session *session)
{
    signals_watch(NULL);
    thingspace_client_free(session->client);
    session->client = NULL;
}

int session_fail(session *session, const thingspace_error *error)
{
    return output_fail(&session->output, error, NULL);
}

int session_usage(session *session, const char *format, ...)
{
    char text[256];
    thingspace_error error = THINGSPACE_ERROR_INIT;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    error_set(&error, THINGSPACE_USAGE, "%s; see `thingspace %s --help`", text,
              session->options.command->name);
    return session_fail(session, &error);
}

const char *session_word(const session *session, size_t index)
{
    return index < session->options.word_count ? session->options.words[index] : NULL;
}

bool session_is_dry(const session *session)
{
    return options_has(&session->options, "dry-run");
}
