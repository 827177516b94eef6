/* SPDX-License-Identifier: MIT */
/* See figure.h. */
#include <config.h>
#include <stdio.h>
#include "cli/figure.h"

figure figure_of(long long number)
{
    char digits[32];
    figure out;
    size_t used = 0;
    int length = snprintf(digits, sizeof(digits), "%lld", number);
    for (int i = 0; i < length && used < sizeof(out.text) - 2; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            out.text[used++] = ',';
        out.text[used++] = digits[i];
    }
    out.text[used] = '\0';
    return out;
}

figure figure_of_rate(double a_second)
{
    figure out;
    if (a_second < 9.95) /* tenths; independent of the locale */
        snprintf(out.text, sizeof(out.text), "%d.%d/s", (int)(a_second * 10 + 0.5) / 10,
                 (int)(a_second * 10 + 0.5) % 10);
    else
        snprintf(out.text, sizeof(out.text), "%.30s/s",
                 figure_of((long long)(a_second + 0.5)).text);
    return out;
}

figure figure_of_seconds(long long count)
{
    figure out;
    if (count < 60)
        snprintf(out.text, sizeof(out.text), "%lld s", count);
    else if (count < 60 * 60)
        snprintf(out.text, sizeof(out.text), "%lld min %lld s", count / 60, count % 60);
    else
        snprintf(out.text, sizeof(out.text), "%.24s h %lld min", figure_of(count / 60 / 60).text,
                 count / 60 % 60);
    return out;
}
