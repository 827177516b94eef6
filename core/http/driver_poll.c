/* SPDX-License-Identifier: MIT */
/*
 * Our own loop: curl_multi_perform and curl_multi_poll. Both cost with every
 * exchange in flight, so each is called no more than a turn needs.
 */
#include <config.h>
#include <limits.h>
#include "base/clock.h"
#include "base/error.h"
#include "http/transport_internal.h"

static thingspace_status report(CURLMcode code, thingspace_error *error)
{
    if (code == CURLM_OUT_OF_MEMORY)
        return error_memory(error);
    return error_set(error, THINGSPACE_INTERNAL, "libcurl's loop failed: %s",
                     curl_multi_strerror(code));
}

static thingspace_status perform(transport *owner, bool *some, thingspace_error *error)
{
    int running;
    owner->fresh = 0;
    CURLMcode code = curl_multi_perform(owner->multi, &running);
    if (code != CURLM_OK)
        return report(code, error);
    if ((size_t)running < owner->active_count)
        *some = transport_collect(owner);
    return THINGSPACE_OK;
}

static int time_to_wait(transport *owner, int64_t wait_ms)
{
    int64_t due = timers_next_due(&owner->timers);
    if (due >= 0) {
        int64_t rest = due - clock_monotonic_ms();
        wait_ms = rest < wait_ms ? rest : wait_ms;
    }
    if (wait_ms < 0)
        return 0;
    return wait_ms > INT_MAX ? INT_MAX : (int)wait_ms;
}

thingspace_status driver_poll_run(transport *owner, int64_t wait_ms, thingspace_error *error)
{
    bool some = false;
    thingspace_status status = THINGSPACE_OK;
    /* When nothing is on its way yet there is nothing to poll for. */
    if (owner->fresh > 0 && owner->fresh == owner->active_count)
        status = perform(owner, &some, error);
    if (some || status != THINGSPACE_OK || transport_fire_timers(owner))
        return status;
    CURLMcode code = curl_multi_poll(owner->multi, NULL, 0, time_to_wait(owner, wait_ms), NULL);
    if (code != CURLM_OK)
        return report(code, error);
    if (owner->active_count > 0)
        status = perform(owner, &some, error);
    transport_fire_timers(owner);
    return status;
}
