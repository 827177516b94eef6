/* SPDX-License-Identifier: MIT */
/* See options.h. */
#include <config.h>
#include <string.h>
#include "base/error.h"
#include "decode.h"
#include "limits.h"
#include "options.h"

#define MOST_SECONDS (10 * 365 * 24 * 3600)

static thingspace_status complete_number(int *value, int standard, int most, const char *name,
                                         thingspace_error *error)
{
    if (*value < 0 || *value > most)
        return error_set(error, THINGSPACE_USAGE, "%s is %d: give 0 to %d", name, *value, most);
    if (*value == 0)
        *value = standard;
    return THINGSPACE_OK;
}

static thingspace_status complete_numbers(thingspace_simulator_options *options,
                                          thingspace_error *error)
{
    const struct {
        int *value;
        int standard;
        int most;
        const char *name;
    } numbers[] = {
        {&options->port, 0, 65535, "port"},
        {&options->bearer_seconds, 3600, MOST_SECONDS, "bearer_seconds"},
        {&options->session_idle_seconds, 1200, MOST_SECONDS, "session_idle_seconds"},
        {&options->lockout_failures, 5, 1000000, "lockout_failures"},
        {&options->latency_ms, 0, LIMIT_SIM_DELAY_MS, "latency_ms"},
        {&options->dead_session_status, 400, 599, "dead_session_status"},
    };
    thingspace_status status = THINGSPACE_OK;
    for (size_t i = 0; !status && i < sizeof(numbers) / sizeof(numbers[0]); i++)
        status = complete_number(numbers[i].value, numbers[i].standard, numbers[i].most,
                                 numbers[i].name, error);
    if (!status && options->dead_session_status < 400)
        status = error_set(error, THINGSPACE_USAGE, "dead_session_status is %d: give 400 or 401",
                           options->dead_session_status);
    return status;
}

static void complete_credential(thingspace_simulator_options *options)
{
    if (options->key || options->secret || options->username || options->password)
        return;
    options->key = THINGSPACE_SIMULATOR_KEY;
    options->secret = THINGSPACE_SIMULATOR_SECRET;
    options->username = THINGSPACE_SIMULATOR_USERNAME;
    options->password = THINGSPACE_SIMULATOR_PASSWORD;
}

thingspace_status options_complete(thingspace_simulator_options *out,
                                   const thingspace_simulator_options *given,
                                   thingspace_error *error)
{
    *out = (thingspace_simulator_options)THINGSPACE_SIMULATOR_OPTIONS_INIT;
    if (given && given->size < sizeof(given->size))
        return error_set(error, THINGSPACE_USAGE,
                         "the options have no size: begin with "
                         "THINGSPACE_SIMULATOR_OPTIONS_INIT");
    if (given)
        memcpy(out, given, given->size < sizeof(*out) ? given->size : sizeof(*out));
    out->size = sizeof(*out);
    if (!out->host)
        out->host = "127.0.0.1";
    if (out->seed == 0)
        decode_random_bytes(&out->seed, sizeof(out->seed));
    complete_credential(out);
    return complete_numbers(out, error);
}
