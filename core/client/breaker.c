/* SPDX-License-Identifier: MIT */
/* See breaker.h. What those that were already inside meet while it is open changes nothing, unless
 * it is an answer. */
#include <config.h>
#include "client/breaker.h"

bool breaker_pass(breaker *self)
{
    self->trying = self->openings > 0;
    return self->trying;
}

void breaker_abandon(breaker *self)
{
    self->trying = false;
}

void breaker_reached(breaker *self)
{
    *self = (breaker){0};
}

static void open(breaker *self, int64_t now_ms)
{
    int64_t rest = BREAKER_BASE_MS;
    for (unsigned i = 0; i < self->openings && rest < BREAKER_CAP_MS; i++)
        rest *= 2;
    self->open_to_ms = now_ms + (rest < BREAKER_CAP_MS ? rest : BREAKER_CAP_MS);
    self->openings++;
    self->trying = false;
}

bool breaker_failed(breaker *self, bool trial, int64_t now_ms)
{
    bool closed = self->openings == 0;
    self->failures += closed;
    if (closed ? self->failures < BREAKER_FAILURES : !trial)
        return false;
    open(self, now_ms);
    return true;
}
