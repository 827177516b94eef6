/* SPDX-License-Identifier: MIT */
/* The example of thingspace_policy(3). */
#include <stdio.h>
#include <thingspace/thingspace.h>

/* What a reviewer wants to see of a new policy before it takes the place of the old one. */
int main(int count, char **arguments)
{
    thingspace_client_options options = THINGSPACE_CLIENT_OPTIONS_INIT;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_client *old = NULL, *client = NULL;
    char *differences = NULL;
    if (count != 3)
        return thingspace_status_exit(THINGSPACE_USAGE);
    options.policy_file = arguments[1];
    thingspace_status status = thingspace_client_new(&old, &options, &error);
    options.policy_file = arguments[2];
    if (status == THINGSPACE_OK)
        status = thingspace_client_new(&client, &options, &error);
    if (status == THINGSPACE_OK)
        status = thingspace_policy_diff(old, client, &differences, &error);
    if (differences)
        puts(differences);
    if (status != THINGSPACE_OK)
        fprintf(stderr, "%s\n", error.message);
    thingspace_text_free(differences);
    thingspace_client_free(client);
    thingspace_client_free(old);
    return thingspace_status_exit(status);
}
