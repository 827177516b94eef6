/* SPDX-License-Identifier: MIT */
/* The example of thingspace_simulator(3). */
#include <stdio.h>
#include <stdlib.h>
#include <thingspace/simulator.h>
#include <thingspace/thingspace.h>

/* A test: the first answer gets lost, and the listener is registered once all the same. */
static thingspace_status try_it(const thingspace_simulator *simulator, thingspace_error *error)
{
    thingspace_client *client = NULL;
    setenv("THINGSPACE_URL", thingspace_simulator_url(simulator), 1);
    setenv("THINGSPACE_KEY", THINGSPACE_SIMULATOR_KEY, 1);
    setenv("THINGSPACE_SECRET", THINGSPACE_SIMULATOR_SECRET, 1);
    setenv("THINGSPACE_USERNAME", THINGSPACE_SIMULATOR_USERNAME, 1);
    setenv("THINGSPACE_PASSWORD", THINGSPACE_SIMULATOR_PASSWORD, 1);
    thingspace_status status = thingspace_client_new(&client, NULL, error);
    if (status == THINGSPACE_OK)
        status = thingspace_register(client, NULL, "0000123456-00001", "CarrierService",
                                     "https://hooks.example.com/a", NULL, NULL, error);
    thingspace_client_free(client);
    return status;
}

int main(void)
{
    const char *faults[] = {"POST /callbacks/* close after times=1", NULL};
    thingspace_simulator_options options = THINGSPACE_SIMULATOR_OPTIONS_INIT;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_simulator *simulator = NULL;
    options.faults = faults;
    thingspace_status status = thingspace_simulator_start(&simulator, &options, &error);
    if (status == THINGSPACE_OK)
        status = try_it(simulator, &error);
    thingspace_simulator_stop(simulator);
    puts(status == THINGSPACE_OK ? "registered" : error.message);
    return thingspace_status_exit(status);
}
