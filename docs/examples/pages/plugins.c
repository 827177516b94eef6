/* SPDX-License-Identifier: MIT */
/* The example of thingspace_plugins(3). */
#include <stdio.h>
#include <string.h>
#include <thingspace/plugin.h>
#include <thingspace/thingspace.h>

/* A hook of this program: `self` is the account that nobody may change. */
static int guard(void *self, thingspace_hook *hook)
{
    const char *account = thingspace_hook_text(hook, THINGSPACE_FIELD_CALL_ACCOUNT);
    const char *operation = thingspace_hook_text(hook, THINGSPACE_FIELD_CALL_OPERATION);
    if (strcmp(account, self) == 0 && strcmp(operation, "list") != 0)
        return thingspace_hook_deny(hook, "frozen", "this account is frozen");
    return THINGSPACE_HOOK_CONTINUE;
}

int main(void)
{
    char frozen[] = "0000123456-00002";
    thingspace_plugin plugin = {.size = sizeof(plugin),
                                .major = THINGSPACE_PLUGIN_MAJOR,
                                .minor = THINGSPACE_PLUGIN_MINOR,
                                .option_size = sizeof(thingspace_plugin_option),
                                .name = "guard",
                                .version = "1.0.0",
                                .request = guard};
    thingspace_plugin_options options = THINGSPACE_PLUGIN_OPTIONS_INIT;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_client *client = NULL;
    options.self = frozen;
    thingspace_status status = thingspace_client_new(&client, NULL, &error);
    if (status == THINGSPACE_OK)
        status = thingspace_client_add_plugin(client, &plugin, &options, &error);
    if (status == THINGSPACE_OK)
        status = thingspace_deregister(client, NULL, frozen, "CarrierService", &error);
    if (status == THINGSPACE_DENIED)
        printf("denied: %s\n", error.code);
    thingspace_client_free(client);
    return thingspace_status_exit(status);
}
