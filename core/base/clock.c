/* SPDX-License-Identifier: MIT */
/* Two clocks of the system, and the shift of wall time that tests ask for. Any thread. */
#include <config.h>
#include <stdatomic.h>
#include <time.h>
#include "base/clock.h"

static _Atomic int64_t wall_shift_ms;

static int64_t read_ns(clockid_t clock)
{
    struct timespec now = {0};
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int64_t clock_monotonic_ms(void)
{
    return read_ns(CLOCK_MONOTONIC) / 1000000;
}

int64_t clock_monotonic_ns(void)
{
    return read_ns(CLOCK_MONOTONIC);
}

int64_t clock_wall_ms(void)
{
    return read_ns(CLOCK_REALTIME) / 1000000 + atomic_load(&wall_shift_ms);
}

void clock_shift_wall(int64_t ms)
{
    atomic_fetch_add(&wall_shift_ms, ms);
}
