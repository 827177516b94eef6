/* SPDX-License-Identifier: MIT */
/* Retry-After is within its bounds, blanks around it mean nothing, and time makes it shorter. */
#include <config.h>
#include "fuzz.h"
#include "http/retry.h"

#define NOW_MS 784111777000LL

static void blanks_mean_nothing(const char *value, size_t size, int64_t expected)
{
    char *padded = malloc(size + 3);
    PROMISE(padded);
    snprintf(padded, size + 3, " %s\t", value);
    PROMISE(retry_after_ms(padded, NOW_MS) == expected);
    free(padded);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *value = fuzz_text(data, size);
    int64_t ms = retry_after_ms(value, NOW_MS);
    int64_t later = retry_after_ms(value, NOW_MS + 1000);
    PROMISE(ms >= -1 && ms <= RETRY_AFTER_CAP_MS);
    PROMISE((ms == -1) == (later == -1));
    PROMISE(later <= ms && later >= ms - 1000);
    size_t digits = strspn(value, "0123456789");
    if (digits > 0 && !value[digits])
        PROMISE(ms >= 0 && ms == later);
    blanks_mean_nothing(value, size, ms);
    free(value);
    return 0;
}
