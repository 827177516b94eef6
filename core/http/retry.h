/* SPDX-License-Identifier: MIT */
/*
 * The retry rules, pure: which answers are worth another attempt, how long to
 * wait (full jitter), what Retry-After says, and the budget that keeps a broken
 * endpoint from being hammered. Who sends is client/attempt.c and auth/. Any thread.
 */
#ifndef RETRY_H
#define RETRY_H

#include <stdbool.h>
#include <stdint.h>

/* Three in all: more would hammer a service that is down, and cost its users patience. */
#define RETRY_ATTEMPTS 3
#define RETRY_BASE_MS  200
#define RETRY_CAP_MS   5000
/* A Retry-After beyond this is cut to it: nobody waits an hour inside a call. */
#define RETRY_AFTER_CAP_MS (5 * 60 * 1000)

/* 408, 429, 500, 502, 503, 504. */
bool retry_status_is_transient(int http_status);
/* Every 5xx leaves open whether something was done; a 503 that came with Retry-After says
 * that nothing was, which the caller sees. */
bool retry_status_is_unknown(int http_status);

/*
 * Milliseconds that a Retry-After value asks for, seen from `now_wall_ms`: whole seconds (also as
 * `1e9`) or an IMF-fixdate (RFC 9110), cut at RETRY_AFTER_CAP_MS; a date in the past gives 0. -1:
 * absent, negative or unreadable, to be ignored.
 */
int64_t retry_after_ms(const char *value, int64_t now_wall_ms);

/* Wait before attempt `next` (2, 3, ...): uniform in [0, min(cap, base * 2^(next-2))] plus 1.
 * `random` is any 32 random bits. */
int64_t retry_backoff_ms(unsigned next, uint32_t random);

/* A token bucket that first attempts fill (a tenth
 * each, at most 10) and every retry empties by one. */
typedef struct retry_budget {
    int tenths;
} retry_budget;

void retry_budget_init(retry_budget *budget);
void retry_budget_deposit(retry_budget *budget);
bool retry_budget_withdraw(retry_budget *budget); /* false: no retry now */

#endif
