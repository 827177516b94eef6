/* SPDX-License-Identifier: MIT */
/* The public functions: see <thingspace/simulator.h>. */
#include <config.h>
#include <thingspace/simulator.h>
#include <stdlib.h>
#include "base/error.h"
#include "limits.h"
#include "model.h"
#include "options.h"
#include "server.h"

struct thingspace_simulator {
    struct model model;
    struct server server;
};

static thingspace_status start(thingspace_simulator *simulator,
                               const thingspace_simulator_options *options, thingspace_error *error)
{
    thingspace_status status = model_init(&simulator->model, options, error);
    if (status)
        return status;
    return server_start(&simulator->server, &simulator->model, options->host, options->port,
                        options->allow_remote != 0, error);
}

thingspace_status thingspace_simulator_start(thingspace_simulator **out,
                                             const thingspace_simulator_options *options,
                                             thingspace_error *error)
{
    thingspace_simulator_options complete;
    thingspace_status status = options_complete(&complete, options, error);
    if (status)
        return status;
    thingspace_simulator *simulator = calloc(1, sizeof(*simulator));
    if (!simulator)
        return error_memory(error);
    status = start(simulator, &complete, error);
    if (status)
        thingspace_simulator_stop(simulator);
    else
        *out = simulator;
    return status;
}

void thingspace_simulator_stop(thingspace_simulator *simulator)
{
    if (!simulator)
        return;
    server_stop(&simulator->server);
    model_dispose(&simulator->model);
    free(simulator);
}

const char *thingspace_simulator_url(const thingspace_simulator *simulator)
{
    return simulator->server.url;
}

thingspace_status thingspace_simulator_add_credential(thingspace_simulator *simulator,
                                                      const char *key, const char *secret,
                                                      const char *username, const char *password,
                                                      const char *const *accounts,
                                                      thingspace_error *error)
{
    pthread_mutex_lock(&simulator->model.mutex);
    thingspace_status status =
        model_add_credential(&simulator->model, key, secret, username, password, accounts, error);
    pthread_mutex_unlock(&simulator->model.mutex);
    return status;
}

thingspace_status thingspace_simulator_add_fault(thingspace_simulator *simulator, const char *rule,
                                                 thingspace_error *error)
{
    pthread_mutex_lock(&simulator->model.mutex);
    thingspace_status status = faults_add(&simulator->model.faults, rule, error);
    pthread_mutex_unlock(&simulator->model.mutex);
    return status;
}

thingspace_status thingspace_simulator_add_listener(thingspace_simulator *simulator,
                                                    const thingspace_simulator_listener *listener,
                                                    thingspace_error *error)
{
    pthread_mutex_lock(&simulator->model.mutex);
    thingspace_status status = callbacks_put(&simulator->model.callbacks, listener, error);
    pthread_mutex_unlock(&simulator->model.mutex);
    return status;
}

thingspace_status thingspace_simulator_state(thingspace_simulator *simulator, char **out,
                                             thingspace_error *error)
{
    buffer text;
    buffer_init(&text, LIMIT_SIM_ANSWER);
    pthread_mutex_lock(&simulator->model.mutex);
    thingspace_status status = model_describe(&simulator->model, &text);
    pthread_mutex_unlock(&simulator->model.mutex);
    char *taken = status ? NULL : buffer_take(&text);
    buffer_dispose(&text);
    if (!taken)
        return error_memory(error);
    *out = taken;
    return THINGSPACE_OK;
}
