/* SPDX-License-Identifier: MIT */
/* Time: a monotonic clock for deadlines, wall time for what outlives the process. Any thread. */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdint.h>

int64_t clock_monotonic_ms(void);
/* For what is measured, or is over sooner than a millisecond. */
int64_t clock_monotonic_ns(void);
int64_t clock_wall_ms(void);

/* Tests only: moves the wall clock by `ms`, as an administrator or NTP would. */
void clock_shift_wall(int64_t ms);

#endif
