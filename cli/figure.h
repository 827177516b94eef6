/* SPDX-License-Identifier: MIT */
/* Numbers and times as people read them. Pure; any thread. */
#ifndef CLI_FIGURE_H
#define CLI_FIGURE_H

/* A short text, by value. */
typedef struct figure {
    char text[40];
} figure;

figure figure_of(long long number);        /* "4,214" */
figure figure_of_rate(double a_second);    /* "0.4/s", "412/s" */
figure figure_of_seconds(long long count); /* "12 s", "3 min 20 s", "1 h 12 min" */

#endif
