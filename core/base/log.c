/* SPDX-License-Identifier: MIT */
/*
 * One line of log: formatted, escaped and cut on the stack, then handed to the
 * target. Nothing is allocated, so that out of memory can be logged too.
 */
#include <config.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "base/limits.h"
#include "base/log.h"
#include "base/text.h"

void log_write(const log_target *log, thingspace_log_level level, const char *format, ...)
{
    /* Longer than a line, so that what vsnprintf cuts is cut again, visibly. */
    char raw[LIMIT_LOG_LINE + 16], line[LIMIT_LOG_LINE];
    if (!log || !log->function || level > log->level)
        return;
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(raw, sizeof(raw), format, arguments);
    va_end(arguments);
    if (size < 0)
        snprintf(raw, sizeof(raw), "%s", format);
    text_escape(line, sizeof(line), raw, strlen(raw));
    log->function(log->user, level, line);
}
