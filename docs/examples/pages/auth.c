/* SPDX-License-Identifier: MIT */
/* The example of thingspace_auth(3). */
#include <stdio.h>
#include <thingspace/thingspace.h>

/* After somebody has put the right password in place: forget the failures, then log in. */
int main(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_client *client = NULL;
    unsigned failures = 0;
    thingspace_status status = thingspace_client_new(&client, NULL, &error);
    if (status == THINGSPACE_OK)
        status = thingspace_auth_unlatch(client, "north", &failures, &error);
    if (status == THINGSPACE_OK)
        status = thingspace_auth_login(client, "north", &error);
    if (status == THINGSPACE_OK)
        printf("logged in after %u failures\n", failures);
    else
        fprintf(stderr, "%s\n", error.message);
    thingspace_client_free(client);
    return thingspace_status_exit(status);
}
