/* SPDX-License-Identifier: MIT */
/*
 * Whether what failed is tried again, and when. Failures of what the service got are counted. While
 * nobody reaches the endpoint they are not: an outage lasts from the first account that cannot be
 * read to the next one that can, and all wait for its end. On the client's thread.
 */
#include <config.h>
#include <sodium.h>
#include <stdlib.h>
#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "callbacks/apply/apply_inside.h"

#define FIRST_WAIT_MS 500
#define MOST_DOUBLED  5 /* 16 s */

/* Of one endpoint. */
typedef struct outage {
    int64_t since_ms; /* monotonic; 0: it is reached */
    bool told;
} outage;

static const char *name_endpoint(const place *place)
{
    const decision *decision = account_read_decision(place->read);
    return decision && decision->endpoint ? decision->endpoint->name : "";
}

/* NULL: nobody has missed the endpoint yet. */
static outage *find_outage(const place *place)
{
    return place->run->outages ? map_get(place->run->outages, name_endpoint(place)) : NULL;
}

/* Of the service as it is for a moment, or of tokens that end in use, not of what was asked for. A
 * login that was refused is no such failure. */
static bool will_pass(const thingspace_error *error)
{
    return error->retriable && (error->kind == THINGSPACE_NETWORK || error->http_status == 429 ||
                                error->http_status == 503 || account_read_lost_tokens(error));
}

static bool is_unreached(const thingspace_error *error)
{
    return error->retriable && error->http_status == 0 &&
           (error->kind == THINGSPACE_NETWORK || error->kind == THINGSPACE_TIMEOUT);
}

void apply_wait_reached(place *place)
{
    outage *outage = find_outage(place);
    if (outage)
        outage->since_ms = 0;
}

static outage *make_outage(place *place)
{
    run *run = place->run;
    outage *made = calloc(1, sizeof(*made));
    bool good = made && (run->outages || map_new(&run->outages, free) == THINGSPACE_OK);
    if (good && map_set(run->outages, name_endpoint(place), made) == THINGSPACE_OK)
        return made;
    free(made);
    apply_run_stop(run, THINGSPACE_MEMORY, NULL);
    return NULL;
}

static outage *note_unreached(place *place)
{
    outage *outage = find_outage(place);
    if (!outage)
        outage = make_outage(place);
    if (!outage || outage->since_ms != 0)
        return outage;
    outage->since_ms = clock_monotonic_ms();
    outage->told = false;
    return outage;
}

/* Why nothing moves, once. */
static void tell(const place *place, outage *outage, const thingspace_error *error)
{
    if (outage->told)
        return;
    outage->told = true;
    log_write(&place->run->apply->client->log, THINGSPACE_LOG_WARNING,
              "endpoint %s is not reached; trying again for up to %d minutes (%s)",
              name_endpoint(place), LIMIT_APPLY_AGAIN_MS / 60000, error->message);
}

/* Those that ended each other's tokens do not come back together. */
static int64_t next_wait(const place *place, const thingspace_error *error)
{
    unsigned doubled = place->rounds < MOST_DOUBLED ? place->rounds : MOST_DOUBLED;
    int64_t wait = (int64_t)FIRST_WAIT_MS << doubled;
    if (account_read_lost_tokens(error))
        wait += randombytes_uniform(2 * (uint32_t)wait);
    return error->retry_after_ms > wait ? error->retry_after_ms : wait;
}

/* The last try is at the very end. */
static int64_t wait_for_outage(place *place, const outage *outage, const thingspace_error *error)
{
    int64_t wait = next_wait(place, error);
    int64_t left = outage->since_ms + LIMIT_APPLY_AGAIN_MS - clock_monotonic_ms();
    place->failing_since_ms = 0; /* what the service has to say later is another matter */
    return left <= 0 ? 0 : left < wait ? left : wait;
}

static int64_t wait_for_service(place *place, const thingspace_error *error)
{
    int64_t now = clock_monotonic_ms(), wait = next_wait(place, error);
    if (place->failing_since_ms == 0)
        place->failing_since_ms = now;
    bool late = now + wait - place->failing_since_ms > LIMIT_APPLY_AGAIN_MS;
    place->counts = true;
    return late || place->tries + 1 >= LIMIT_APPLY_TRIES ? 0 : wait;
}

static bool put_back(place *place, int64_t wait)
{
    if (wait > place->wait_ms)
        place->wait_ms = wait;
    return wait > 0;
}

bool apply_wait_after_change(place *place, const thingspace_error *error)
{
    bool goes_on = will_pass(error) && place->run->status == THINGSPACE_OK;
    return goes_on && put_back(place, wait_for_service(place, error));
}

/* An outage that the account has met before goes on: nobody has reached the endpoint since. */
bool apply_wait_after_read(place *place, const thingspace_error *error)
{
    outage *outage = is_unreached(error) ? note_unreached(place) : NULL;
    bool goes_on = outage || will_pass(error);
    if (!goes_on || place->run->status != THINGSPACE_OK)
        return false;
    if (!outage || place->outage_ms != outage->since_ms) {
        place->outage_ms = outage ? outage->since_ms : 0;
        return put_back(place, wait_for_service(place, error));
    }
    tell(place, outage, error);
    return put_back(place, wait_for_outage(place, outage, error));
}
