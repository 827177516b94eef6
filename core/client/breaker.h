/* SPDX-License-Identifier: MIT */
/*
 * The circuit breaker of one endpoint, pure: ten failures to reach it in a row open it for a
 * second, then two, up to thirty, each time one trial is let through; any answer closes it. A value
 * of its window; one thread.
 */
#ifndef BREAKER_H
#define BREAKER_H

#include <stdbool.h>
#include <stdint.h>

#define BREAKER_FAILURES 10
#define BREAKER_BASE_MS  1000
#define BREAKER_CAP_MS   30000

typedef struct breaker {
    unsigned failures;  /* in a row */
    unsigned openings;  /* since it was last closed; 0: it is closed */
    int64_t open_to_ms; /* from then on a trial may pass */
    bool trying;        /* one is under way */
} breaker;

/* Nobody may pass before then. */
static inline bool breaker_refuses(const breaker *self, int64_t now_ms)
{
    return self->openings > 0 && !self->trying && now_ms < self->open_to_ms;
}
/* False: refused, or a trial is under way. */
static inline bool breaker_lets_pass(const breaker *self, int64_t now_ms)
{
    return self->openings == 0 || (!self->trying && now_ms >= self->open_to_ms);
}
/* Somebody passes; true: as the trial. */
bool breaker_pass(breaker *self);
/* The trial ended without having tried. */
void breaker_abandon(breaker *self);
void breaker_reached(breaker *self);
/* `trial`: it was the trial's. True: the breaker has opened by this. */
bool breaker_failed(breaker *self, bool trial, int64_t now_ms);

#endif
