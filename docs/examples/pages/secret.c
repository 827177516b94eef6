/* SPDX-License-Identifier: MIT */
/* The example of thingspace_secret(3). */
#include <stdio.h>
#include <thingspace/thingspace.h>

/* The password of a listener comes from a file that its owner alone can read. */
int main(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_client *client = NULL;
    thingspace_secret *password = NULL;
    thingspace_status status =
        thingspace_secret_from_file(&password, "hook.password", NULL, NULL, &error);
    if (status == THINGSPACE_OK)
        status = thingspace_client_new(&client, NULL, &error);
    if (status == THINGSPACE_OK)
        status = thingspace_register(client, NULL, "0000123456-00001", "CarrierService",
                                     "https://hooks.example.com/a", "hooks", password, &error);
    thingspace_secret_free(password);
    thingspace_client_free(client);
    if (status != THINGSPACE_OK)
        fprintf(stderr, "%s\n", error.message);
    return thingspace_status_exit(status);
}
