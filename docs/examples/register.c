/* SPDX-License-Identifier: MIT */
/*
 * The shortest useful program: makes sure that one listener is registered.
 *
 *     cc register.c $(pkg-config --cflags --libs thingspace) -o register
 *     thingspace simulate -- ./register TestAccount-2 CarrierService https://hooks.example.com/cb
 */
#include <stdio.h>
#include <thingspace/thingspace.h>

int main(int count, char **arguments)
{
    if (count != 4) {
        fprintf(stderr, "usage: register ACCOUNT SERVICE URL\n");
        return thingspace_status_exit(THINGSPACE_USAGE);
    }
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_client *client = NULL;
    thingspace_request request = THINGSPACE_REQUEST_INIT;
    request.operation = THINGSPACE_REGISTER;
    request.account = arguments[1];
    request.service = arguments[2];
    request.url = arguments[3];
    thingspace_ensured what = THINGSPACE_ENSURED_UNCHANGED;

    /* No options: the policy and the credentials are found as the command finds them. */
    thingspace_status status = thingspace_client_new(&client, NULL, &error);
    if (status == THINGSPACE_OK)
        status = thingspace_ensure(client, &what, NULL, &request, &error);
    if (status == THINGSPACE_OK)
        printf("%s %s: %s\n", request.account, request.service,
               what == THINGSPACE_ENSURED_UNCHANGED ? "was registered already" : "registered");
    else
        fprintf(stderr, "%s: %s\n", thingspace_status_name(status), error.message);
    thingspace_client_free(client);
    return thingspace_status_exit(status);
}
