/* SPDX-License-Identifier: MIT */
/*
 * Secrets from a place of our own, and a policy that is this program: the library asks for what the
 * environment's credential lacks, the script gets the listeners' password by its name, and a
 * function declares the listeners. The key store is a folder here, with a file for each secret.
 *
 *     cc secrets.c $(pkg-config --cflags --libs thingspace) -o secrets
 *     ./secrets FOLDER TestAccount-2 https://hooks.example.com/cb
 */
#include <stdio.h>
#include <thingspace/thingspace.h>

typedef struct store {
    const char *folder, *url;
    thingspace_secret *password; /* of listeners */
} store;

/* Reads one secret. The library takes what we answer, keeps it in locked memory and wipes it. */
static thingspace_status look_up(void *user, const char *name, thingspace_secret **out,
                                 thingspace_error *error)
{
    const store *self = user;
    char path[512];
    snprintf(path, sizeof(path), "%s/%s", self->folder, name);
    return thingspace_secret_from_file(out, path, NULL, NULL, error);
}

static thingspace_status declare(void *user, const char *account, thingspace_desired_list *out,
                                 thingspace_error *error)
{
    const store *self = user;
    thingspace_desired desired = THINGSPACE_DESIRED_INIT;
    (void)account; /* the same for each account */
    desired.service = "CarrierService";
    desired.url = self->url;
    desired.username = "hooks";
    desired.password = self->password;
    return thingspace_desired_add(out, &desired, error);
}

static void show(void *user, const thingspace_change *change)
{
    (void)user;
    printf("%s %s: %s %s\n", change->account, change->service, change->action, change->result);
}

static thingspace_status bring_about(thingspace_client *client, thingspace_error *error)
{
    thingspace_apply_options options = THINGSPACE_APPLY_OPTIONS_INIT;
    thingspace_plan *plan = NULL;
    options.done = show;
    thingspace_status status = thingspace_plan_make(client, &plan, NULL, error);
    if (status == THINGSPACE_OK)
        status = thingspace_apply(client, plan, NULL, &options, error);
    thingspace_plan_free(plan);
    return status;
}

int main(int count, char **arguments)
{
    if (count != 4) {
        fprintf(stderr, "usage: secrets FOLDER ACCOUNT URL\n");
        return thingspace_status_exit(THINGSPACE_USAGE);
    }
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_client *client = NULL;
    store self = {arguments[1], arguments[3], NULL};
    char setting[256];
    snprintf(setting, sizeof(setting), "account=%s", arguments[2]);
    const char *settings[] = {setting, NULL};

    thingspace_client_options options = THINGSPACE_CLIENT_OPTIONS_INIT;
    options.policy_text = "return { name = 'secrets', accounts = { thingspace.settings.account } }";
    options.settings = settings;
    options.ask = look_up;
    options.ask_user = &self;
    options.listeners = declare;
    options.listeners_user = &self;

    thingspace_status status = look_up(&self, "listener", &self.password, &error);
    if (status == THINGSPACE_OK)
        status = thingspace_client_new(&client, &options, &error);
    if (status == THINGSPACE_OK)
        status = bring_about(client, &error);
    if (status != THINGSPACE_OK)
        fprintf(stderr, "%s: %s\n", thingspace_status_name(status), error.message);
    thingspace_client_free(client);
    thingspace_secret_free(self.password);
    return thingspace_status_exit(status);
}
