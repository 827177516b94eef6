/* SPDX-License-Identifier: MIT */
/*
 * Numbers by label for the metrics plugin, and their text in the form that Prometheus reads. At
 * most METRICS_SERIES of one metric: what comes later is counted under "other". One thread.
 */
#ifndef METRICS_TABLE_H
#define METRICS_TABLE_H

#include "../text.h"

/* Four operations times nineteen kinds are 76; codes are the service's, and many. */
#define METRICS_SERIES  128
#define METRICS_LABEL   48
#define METRICS_BUCKETS 10

typedef struct counter {
    char a[METRICS_LABEL], b[METRICS_LABEL]; /* `b`: "" when there is one label */
    unsigned long long value;
} counter;

typedef struct counters {
    const char *name, *help, *label_a, *label_b; /* `label_b` NULL: there is one */
    size_t count;
    counter items[METRICS_SERIES];
} counters;

/* `b` may be NULL. */
void counters_add(counters *counters, const char *a, const char *b, unsigned long long amount);
void counters_write(const counters *counters, text *out);

/* Durations, by upper bounds in milliseconds. */
typedef struct histogram {
    unsigned long long buckets[METRICS_BUCKETS], count, sum_ms;
} histogram;

void histogram_add(histogram *histogram, long long ms);
void histogram_write(const histogram *histogram, const char *name, const char *help, text *out);

#endif
