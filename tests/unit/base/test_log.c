/* SPDX-License-Identifier: MIT */
/* Log lines: levels, escaping, cutting, silent targets. */
#include <config.h>
#include <stdio.h>
#include "base/limits.h"
#include "base/log.h"
#include "check.h"

typedef struct record {
    int count;
    thingspace_log_level level;
    char line[LIMIT_LOG_LINE * 2];
} record;

static void remember(void *user, thingspace_log_level level, const char *line)
{
    record *self = user;
    self->count++;
    self->level = level;
    snprintf(self->line, sizeof(self->line), "%s", line);
}

static void a_line_reaches_its_target(void)
{
    record seen = {0};
    log_target target = {remember, &seen, THINGSPACE_LOG_INFO};
    log_write(&target, THINGSPACE_LOG_WARNING, "%s is readable by others", "north.secret");
    CHECK_INT(seen.count, 1);
    CHECK_INT(seen.level, THINGSPACE_LOG_WARNING);
    CHECK_TEXT(seen.line, "north.secret is readable by others");
}

static void levels_beyond_the_targets_are_dropped(void)
{
    record seen = {0};
    log_target target = {remember, &seen, THINGSPACE_LOG_WARNING};
    log_write(&target, THINGSPACE_LOG_INFO, "no");
    log_write(&target, THINGSPACE_LOG_DEBUG, "no");
    CHECK_INT(seen.count, 0);
    log_write(&target, THINGSPACE_LOG_ERROR, "yes");
    CHECK_INT(seen.count, 1);
}

static void silent_targets_are_accepted(void)
{
    log_target silent = {NULL, NULL, THINGSPACE_LOG_DEBUG};
    log_write(&silent, THINGSPACE_LOG_ERROR, "nobody");
    log_write(NULL, THINGSPACE_LOG_ERROR, "nobody");
    CHECK(silent.function == NULL);
}

static void a_line_is_one_line_without_control_characters(void)
{
    record seen = {0};
    log_target target = {remember, &seen, THINGSPACE_LOG_DEBUG};
    log_write(&target, THINGSPACE_LOG_INFO, "message: %s", "\x1b]0;x\x07\nfake: line\xc2\x85\xff");
    CHECK_TEXT(seen.line, "message: \\x1b]0;x\\x07\\nfake: line\\u{0085}\\xff");
}

static void long_lines_are_cut(void)
{
    record seen = {0};
    log_target target = {remember, &seen, THINGSPACE_LOG_DEBUG};
    log_write(&target, THINGSPACE_LOG_INFO, "%0*d", 5 * LIMIT_LOG_LINE, 0);
    CHECK_INT(strlen(seen.line), LIMIT_LOG_LINE - 1);
    CHECK_TEXT(seen.line + LIMIT_LOG_LINE - 5, "0...");
}

static const check_case cases[] = {
    CHECK_CASE(a_line_reaches_its_target),
    CHECK_CASE(levels_beyond_the_targets_are_dropped),
    CHECK_CASE(silent_targets_are_accepted),
    CHECK_CASE(a_line_is_one_line_without_control_characters),
    CHECK_CASE(long_lines_are_cut),
};
CHECK_MAIN(cases)
