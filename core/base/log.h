/* SPDX-License-Identifier: MIT */
/* Where messages for people go. A target without a function
 * is silent. Lines are escaped and cut. Any thread. */
#ifndef LOG_H
#define LOG_H

#include <thingspace/log.h>

typedef struct log_target {
    thingspace_log_function *function;
    void *user;
    thingspace_log_level level; /* the most talkative level that is passed on */
} log_target;

/* `log` may be NULL. */
void log_write(const log_target *log, thingspace_log_level level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
