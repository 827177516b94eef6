/* SPDX-License-Identifier: MIT */
/* See added.h. */
#include <config.h>
#include <stdio.h>
#include <stdlib.h>
#include "added.h"

static int mark(void *self, thingspace_hook *hook)
{
    ((seen *)self)->runs++;
    return thingspace_hook_set_request_header(hook, "X-Own", "1");
}

int added_nothing(void *self, thingspace_hook *hook)
{
    (void)hook;
    ((seen *)self)->runs++;
    return 0;
}

void added_destroy(void *self)
{
    ((seen *)self)->destroyed++;
}

const thingspace_plugin added_marking =
    ADDED_PLUGIN(.request = mark, .response = added_nothing, .destroy = added_destroy);

void added_text_cleanup(char **text)
{
    thingspace_text_free(*text);
}

thingspace_status added_add(thingspace_client *client, const thingspace_plugin *plugin,
                            const char *name, unsigned priority, seen *seen,
                            thingspace_error *error)
{
    thingspace_plugin_options options = THINGSPACE_PLUGIN_OPTIONS_INIT;
    options.self = seen;
    options.name = name;
    options.priority = priority;
    return thingspace_client_add_plugin(client, plugin, &options, error);
}

static void write_plain(const char *name)
{
    char file[64], text[300];
    snprintf(file, sizeof(file), "%s.lua", name);
    snprintf(text, sizeof(text),
             "return { name = '%s', version = '1.0.0', api = 1, hooks = {\n"
             "  request = function() end, response = function() end } }",
             name);
    check_file(file, text);
}

thingspace_status added_client(thingspace_client **out, const char *policy)
{
    thingspace_client_options options = THINGSPACE_CLIENT_OPTIONS_INIT;
    setenv("THINGSPACE_URL", "http://127.0.0.1:9", 1);
    setenv("THINGSPACE_KEY", "k", 1);
    unsetenv("THINGSPACE_POLICY");
    write_plain("one");
    options.policy_text = policy;
    options.policy_folder = check_folder();
    options.state_dir = check_folder();
    return thingspace_client_new(out, &options, NULL);
}

thingspace_status added_explain(thingspace_client *client, char **out)
{
    thingspace_request request = THINGSPACE_REQUEST_INIT;
    request.operation = THINGSPACE_REGISTER;
    request.account = "Account-1";
    request.service = "CarrierService";
    request.url = "https://hooks.example.com/a";
    return thingspace_plugin_explain(client, out, &request, NULL);
}
