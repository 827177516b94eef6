/* SPDX-License-Identifier: MIT */
/* The example of thingspace_callbacks(3). */
#include <stdio.h>
#include <thingspace/thingspace.h>

/* Registers one listener of an API other than connectivity, then shows what is there. */
static thingspace_status register_and_show(thingspace_client *client, thingspace_error *error)
{
    thingspace_request request = THINGSPACE_REQUEST_INIT;
    thingspace_result *result = NULL;
    request.operation = THINGSPACE_REGISTER;
    request.account = "0000123456-00001";
    request.service = "Location";
    request.url = "https://hooks.example.com/location";
    request.api = "location";
    request.timeout_ms = 10000;
    thingspace_status status = thingspace_perform(client, NULL, &request, error);
    if (status == THINGSPACE_OK) {
        request.operation = THINGSPACE_LIST;
        status = thingspace_perform(client, &result, &request, error);
    }
    for (size_t i = 0; i < thingspace_result_count(result); i++) {
        const thingspace_listener *listener = thingspace_result_listener(result, i);
        printf("%s %s\n", listener->service, listener->url);
    }
    thingspace_result_free(result);
    return status;
}

int main(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_client *client = NULL;
    thingspace_status status = thingspace_client_new(&client, NULL, &error);
    if (status == THINGSPACE_OK)
        status = register_and_show(client, &error);
    if (status != THINGSPACE_OK)
        fprintf(stderr, "%s: %s\n", thingspace_status_name(status), error.message);
    thingspace_client_free(client);
    return thingspace_status_exit(status);
}
