/* SPDX-License-Identifier: MIT */
/* See failures.h. */
#include <config.h>
#include <string.h>
#include "base/error.h"
#include "cli/failures.h"

void failures_begin(failures *failures)
{
    memset(failures, 0, sizeof(*failures));
    failures->first.size = sizeof(failures->first);
    failures->errors = json_new_array();
}

/* What an interruption ended says nothing about its account: it is told once, by the sum. */
void failures_add(failures *failures, const thingspace_error *error)
{
    if (error->kind == THINGSPACE_CANCELLED) {
        failures->cancelled = true;
        return;
    }
    if (failures->count++ == 0)
        error_copy(&failures->first, error);
    /* Out of memory here loses a line, not the sum. */
    (void)json_append(failures->errors, output_error_json(error));
}

static int show_sum(const failures *failures, output *output, thingspace_status kind,
                    const char *format, const char *what)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    error_set(&error, kind, "%s%zu of %zu %s failed", format, failures->count,
              failures->count + failures->successes, what);
    return output_fail(output, &error, failures->errors);
}

int failures_show(const failures *failures, output *output, const char *what)
{
    if (failures->cancelled && failures->count + failures->successes == 0) {
        thingspace_error error = THINGSPACE_ERROR_INIT;
        error_set(&error, THINGSPACE_CANCELLED, "interrupted");
        return output_fail(output, &error, NULL);
    }
    if (failures->cancelled)
        return show_sum(failures, output, THINGSPACE_CANCELLED, "interrupted; of what was done, ",
                        what);
    if (failures->count == 0)
        return 0;
    if (failures->successes > 0)
        return show_sum(failures, output, THINGSPACE_PARTIAL, "", what);
    return output_fail(output, &failures->first, failures->count > 1 ? failures->errors : NULL);
}

void failures_dispose(failures *failures)
{
    json_free(failures->errors);
    failures->errors = NULL;
}
