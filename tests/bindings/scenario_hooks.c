/* SPDX-License-Identifier: MIT */
/* The scenario's runner in C: the steps that make clients and hooks. See scenario.h. */
#include "scenario.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM = 8 };

/* --- clients --- */

static size_t read_secrets(const cJSON *given, thingspace_named_secret out[ROOM])
{
    const cJSON *item;
    size_t count = 0;
    cJSON_ArrayForEach(item, given)
    {
        const char *text = expanded(item->valuestring);
        out[count].name = item->string;
        if (thingspace_secret_new(&out[count++].secret, text, strlen(text), NULL) != THINGSPACE_OK)
            abort();
    }
    return count;
}

/* "NAME=VALUE", to be freed. */
static size_t read_settings(const cJSON *given, char *out[ROOM])
{
    const cJSON *item;
    size_t count = 0;
    cJSON_ArrayForEach(item, given)
    {
        const char *value = expanded(item->valuestring);
        out[count] = malloc(strlen(item->string) + strlen(value) + 2);
        if (!out[count])
            abort();
        strcpy(out[count], item->string);
        strcat(out[count], "=");
        strcat(out[count++], value);
    }
    return count;
}

thingspace_status step_client(scenario *self, const cJSON *step, cJSON *answer,
                              thingspace_error *error)
{
    thingspace_client_options options = THINGSPACE_CLIENT_OPTIONS_INIT;
    thingspace_named_secret secrets[ROOM] = {{NULL, NULL}};
    char *settings[ROOM] = {NULL};
    const char *plugins[ROOM];
    size_t secret_count = read_secrets(member_of(step, "secrets"), secrets);
    size_t setting_count = read_settings(member_of(step, "settings"), settings);
    (void)answer;
    options.policy_file = text_of(step, "policy_file");
    options.policy_text = text_of(step, "policy_text");
    options.policy_name = text_of(step, "policy_name");
    options.state_dir = text_of(step, "state_dir");
    options.plugins = texts_of(step, "plugins", plugins, ROOM);
    options.settings = (const char *const *)settings;
    options.secrets = secrets;
    thingspace_client *fresh = NULL;
    thingspace_status status = thingspace_client_new(&fresh, &options, error);
    while (secret_count > 0)
        thingspace_secret_free(secrets[--secret_count].secret);
    while (setting_count > 0)
        free(settings[--setting_count]);
    if (status != THINGSPACE_OK)
        return status;
    thingspace_client_free(self->client);
    self->client = fresh;
    return THINGSPACE_OK;
}

/* --- hooks --- */

typedef struct told_hook {
    const cJSON *step;
    scenario *owner;
} told_hook;

static void note(const told_hook *self, const char *text)
{
    cJSON_AddItemToArray(self->owner->trace, cJSON_CreateString(text));
}

static int is_meant(const cJSON *step, const char *name, const char *value)
{
    const char *wanted = text_of(step, name);
    return !wanted || (value && strcmp(wanted, value) == 0);
}

static int set_members(const cJSON *step, thingspace_hook *hook)
{
    const cJSON *header = member_of(step, "header"), *url = member_of(step, "url");
    const cJSON *body = member_of(step, "body");
    const char *message = text_of(step, "message");
    char *json = cJSON_PrintUnformatted(url ? url : body);
    int result = 0;
    if (url)
        result = thingspace_hook_set_request_member(hook, "/url", json);
    if (body)
        result = thingspace_hook_set_response_member(hook, "", json);
    cJSON_free(json);
    if (result == 0 && header)
        result = thingspace_hook_set_request_header(hook, header->child->valuestring,
                                                    header->child->next->valuestring);
    if (result == 0 && message)
        result = thingspace_hook_set_failure_message(hook, message);
    if (result == 0 && message)
        result = thingspace_hook_set_failure_code(hook, text_of(step, "code"));
    return result;
}

static int reply(thingspace_hook *hook, const cJSON *what)
{
    char *json = cJSON_PrintUnformatted(member_of(what, "json"));
    int result = thingspace_hook_reply(hook, number_of(what, "status"), json);
    cJSON_free(json);
    return result;
}

static int run_hook(void *self, thingspace_hook *hook)
{
    const told_hook *told = self;
    const cJSON *step = told->step, *deny = member_of(step, "deny");
    if (!is_meant(step, "on", thingspace_hook_text(hook, THINGSPACE_FIELD_CALL_OPERATION)) ||
        !is_meant(step, "account", thingspace_hook_text(hook, THINGSPACE_FIELD_CALL_ACCOUNT)))
        return 0;
    note(told, text_of(step, "name"));
    if (member_of(step, "fail"))
        return thingspace_hook_fail(hook, text_of(step, "fail"));
    int result = set_members(step, hook);
    if (result != 0)
        return result;
    if (deny)
        return thingspace_hook_deny(hook, deny->child->valuestring, deny->child->next->valuestring);
    if (member_of(step, "reply"))
        return reply(hook, member_of(step, "reply"));
    if (member_of(step, "wait"))
        return thingspace_hook_wait(hook, number_of(step, "wait"));
    return member_of(step, "stop") ? thingspace_hook_stop(hook) : 0;
}

static int run_audit(void *self, thingspace_hook *hook)
{
    const told_hook *told = self;
    char line[256];
    snprintf(line, sizeof(line), "%s %s %s %d", text_of(told->step, "name"),
             thingspace_hook_text(hook, THINGSPACE_FIELD_EVENT_OPERATION),
             thingspace_hook_text(hook, THINGSPACE_FIELD_EVENT_KIND),
             (int)thingspace_hook_number(hook, THINGSPACE_FIELD_EVENT_STATUS));
    note(told, line);
    return 0;
}

static void set_phase(thingspace_plugin *plugin, const char *phase)
{
    const struct {
        const char *name;
        thingspace_hook_function **place, *hook;
    } phases[] = {
        {"request", &plugin->request, run_hook},   {"check", &plugin->check, run_hook},
        {"response", &plugin->response, run_hook}, {"error", &plugin->error, run_hook},
        {"audit", &plugin->audit, run_audit},
    };
    for (size_t i = 0; i < sizeof(phases) / sizeof(phases[0]); i++)
        if (strcmp(phases[i].name, phase) == 0)
            *phases[i].place = phases[i].hook;
}

thingspace_status step_hook(scenario *self, const cJSON *step, cJSON *answer,
                            thingspace_error *error)
{
    thingspace_plugin_options options = THINGSPACE_PLUGIN_OPTIONS_INIT;
    thingspace_plugin plugin = {.size = sizeof(plugin),
                                .major = THINGSPACE_PLUGIN_MAJOR,
                                .minor = THINGSPACE_PLUGIN_MINOR,
                                .option_size = sizeof(thingspace_plugin_option),
                                .version = "1.0.0",
                                .destroy = free};
    told_hook *told = malloc(sizeof(*told));
    (void)answer;
    if (!told)
        abort();
    *told = (told_hook){step, self};
    plugin.name = options.name = text_of(step, "name");
    set_phase(&plugin, text_of(step, "phase"));
    if (member_of(step, "priority"))
        options.priority = (unsigned)number_of(step, "priority");
    options.on_error = text_of(step, "on_error");
    options.self = told;
    thingspace_status status = thingspace_client_add_plugin(self->client, &plugin, &options, error);
    if (status != THINGSPACE_OK)
        free(told);
    return status;
}

thingspace_status step_unhook(scenario *self, const cJSON *step, cJSON *answer,
                              thingspace_error *error)
{
    (void)answer;
    return thingspace_client_remove_plugin(self->client, text_of(step, "name"), error);
}
