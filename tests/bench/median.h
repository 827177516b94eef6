/* SPDX-License-Identifier: MIT */
/* The median of some measurements, which it sorts. */
#ifndef MEDIAN_H
#define MEDIAN_H

#include <stdlib.h>

static int median_compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static inline double median(double *values, size_t count)
{
    qsort(values, count, sizeof(*values), median_compare);
    return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

#endif
