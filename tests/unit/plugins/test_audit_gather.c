/* SPDX-License-Identifier: MIT */
/* The audit plugin with gather_ms: results wait for each other, and for nobody else. */
#include <stdio.h>
#include "compiled_call.h"

static unsigned count_lines(const char *path)
{
    unsigned lines = 0;
    FILE *file = fopen(path, "r");
    for (int byte; file && (byte = getc(file)) != EOF;)
        lines += byte == '\n';
    if (file)
        fclose(file);
    return lines;
}

/* Lines: begin, and what the hooks have written. */
static void results_wait_while_calls_are_under_way(void)
{
    static const struct {
        phase phase;
        unsigned lines;
    } steps[] = {
        {PHASE_CHECK, 2}, {PHASE_AUDIT, 3}, /* nobody else: at once */
        {PHASE_CHECK, 4}, {PHASE_CHECK, 5}, {PHASE_AUDIT, 5}, {PHASE_AUDIT, 7},
    };
    char from[400], module[400], file[400], options[600];
    cleanup_compiled_call compiled_call call;
    cleanup_instance instance *audit = NULL;
    snprintf(from, sizeof(from), "%s/audit.so", PLUGINS);
    snprintf(module, sizeof(module), "%s/audit.so", check_folder());
    snprintf(file, sizeof(file), "%s/audit.jsonl", check_folder());
    snprintf(options, sizeof(options), "{\"file\":\"%s\",\"gather_ms\":3600000}", file);
    compiled_copy(from, module, -1);
    CHECK_OK(compiled_call_init(&call));
    compiled_call_fail(&call);
    CHECK_OK(compiled_load_row(&audit, module, options, NULL, &call.error));
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        CHECK_OK(compiled_call_run(&call, audit, steps[i].phase));
        CHECK_INT(count_lines(file), steps[i].lines);
    }
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(results_wait_while_calls_are_under_way),
};
CHECK_MAIN(cases)
