/* SPDX-License-Identifier: MIT */
/* The example of thingspace_plan(3). */
#include <stdio.h>
#include <thingspace/thingspace.h>

static void show(void *user, const thingspace_change *change)
{
    (void)user;
    printf("%s %s: %s %s\n", change->account, change->service, change->action, change->result);
    if (change->error)
        printf("    %s\n", change->error->message);
}

/* Adds and changes what some accounts lack, and leaves everything else as it is. */
static thingspace_status bring_about(thingspace_client *client, thingspace_error *error)
{
    const char *accounts[] = {"0000123456-*", NULL};
    thingspace_plan_options which = THINGSPACE_PLAN_OPTIONS_INIT;
    thingspace_apply_options how = THINGSPACE_APPLY_OPTIONS_INIT;
    thingspace_plan_counts counts = THINGSPACE_PLAN_COUNTS_INIT;
    thingspace_plan *plan = NULL;
    which.accounts = accounts;
    how.done = show;
    thingspace_status status = thingspace_plan_make(client, &plan, &which, error);
    if (status == THINGSPACE_OK) {
        thingspace_plan_count(plan, &counts);
        printf("%zu to add, %zu to change\n", counts.add, counts.change);
        status = thingspace_apply(client, plan, NULL, &how, error);
    }
    thingspace_plan_free(plan);
    return status;
}

int main(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_client_options options = THINGSPACE_CLIENT_OPTIONS_INIT;
    thingspace_client *client = NULL;
    options.policy_file = "fleet.lua";
    thingspace_status status = thingspace_client_new(&client, &options, &error);
    if (status == THINGSPACE_OK)
        status = bring_about(client, &error);
    if (status != THINGSPACE_OK)
        fprintf(stderr, "%s\n", error.message);
    thingspace_client_free(client);
    return thingspace_status_exit(status);
}
