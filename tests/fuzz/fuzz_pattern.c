/* SPDX-License-Identifier: MIT */
/*
 * Whatever the pattern (the first line) and the text (the rest), searching ends within its budget,
 * and all matches and captures lie inside the text.
 */
#include <config.h>
#include "fuzz.h"
#include "lua/runtime/limits.h"
#include "lua/runtime/pattern.h"

/* A tenth of what scripts get: more inputs in the same time. */
#define BUDGET (RUNTIME_PATTERN_STEPS / 10)

static void check_match(pattern *found)
{
    pattern_capture capture;
    PROMISE(found->start >= found->subject && found->start <= found->end);
    PROMISE(found->end <= found->subject_end);
    PROMISE(found->count <= PATTERN_CAPTURES);
    for (unsigned i = 0; i < (found->count ? found->count : 1); i++) {
        if (!pattern_get(found, i, &capture))
            continue;
        PROMISE(capture.start >= found->subject && capture.start <= found->subject_end);
        PROMISE(capture.size >= 0 || capture.size == PATTERN_POSITION);
        PROMISE(capture.size < 0 || capture.size <= found->subject_end - capture.start);
    }
    PROMISE(!pattern_get(found, found->count + 1, &capture));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    pattern pattern;
    const uint8_t *end = size > 0 ? memchr(data, '\n', size) : NULL;
    size_t pattern_size = end ? (size_t)(end - data) : size;
    size_t rest = end ? size - pattern_size - 1 : 0;
    char *text = fuzz_text(data, pattern_size), *subject = fuzz_text(end ? end + 1 : data, rest);
    pattern_init(&pattern, subject, rest, text, pattern_size, true);
    pattern.budget = BUDGET;
    pattern_result result;
    size_t matches = 0;
    while ((result = pattern_next(&pattern)) == PATTERN_FOUND) {
        check_match(&pattern);
        PROMISE(pattern.budget <= BUDGET && ++matches <= 2 * rest + 2);
    }
    PROMISE((result == PATTERN_FAILED) == (pattern.error != NULL));
    free(text);
    free(subject);
    return 0;
}
