/* SPDX-License-Identifier: MIT */
/* What the tests of audit chains share: a place for one, its end, and whether it fits. One thread.
 */
#ifndef TEST_CHAINS_H
#define TEST_CHAINS_H

#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "check.h"
#include "plugins/audit/chain.h"

static inline void free_chain(audit_chain **chain)
{
    audit_chain_free(*chain);
}
#define cleanup_chain  __attribute__((cleanup(free_chain)))
#define cleanup_report __attribute__((cleanup(audit_report_dispose)))

/* A path of its own where nothing is yet. */
static inline const char *fresh_path(void)
{
    static char path[512];
    snprintf(path, sizeof(path), "%s/audit.jsonl", check_folder());
    unlink(path);
    return path;
}

/* `expected`: a hash that must be in it; NULL: none. */
static inline audit_verdict verify_expecting(const char *path, const char *expected,
                                             audit_report *out)
{
    FILE *file = fopen(path, "r");
    memset(out, 0, sizeof(*out));
    audit_verdict verdict = file ? audit_chain_verify(file, expected, out) : AUDIT_UNREADABLE;
    if (file)
        fclose(file);
    return verdict;
}

static inline audit_verdict verify(const char *path, audit_report *out)
{
    return verify_expecting(path, NULL, out);
}

/* That the file does not fit from this line on, for a reason with these words. */
#define CHECK_BAD(path, line, words)                                                               \
    do {                                                                                           \
        cleanup_report audit_report bad;                                                           \
        CHECK_INT(verify(path, &bad), AUDIT_DOES_NOT_FIT);                                         \
        CHECK_INT(bad.bad_line, line);                                                             \
        if (!strstr(bad.why, words))                                                               \
            CHECK_TEXT(bad.why, words);                                                            \
    } while (0)

#endif
