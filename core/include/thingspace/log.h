/* SPDX-License-Identifier: MIT */
/* Messages of the library for people: warnings, what is being done, traces. Never a secret. */
#ifndef THINGSPACE_LOG_H
#define THINGSPACE_LOG_H

#ifdef __cplusplus
extern "C" {
#endif

typedef enum thingspace_log_level {
    THINGSPACE_LOG_ERROR = 0,
    THINGSPACE_LOG_WARNING = 1,
    THINGSPACE_LOG_INFO = 2,
    THINGSPACE_LOG_DEBUG = 3
} thingspace_log_level;

/* `line` is one escaped line without its end, borrowed for the call. On the client's thread. */
typedef void thingspace_log_function(void *user, thingspace_log_level level, const char *line);

#ifdef __cplusplus
}
#endif
#endif
