/* SPDX-License-Identifier: MIT */
/* What the tests of audit chains share: chains that are freed, and a place for one. One thread. */
#ifndef TEST_CHAINS_H
#define TEST_CHAINS_H

#include <stdio.h>
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

#endif
