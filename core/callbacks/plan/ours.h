/* SPDX-License-Identifier: MIT */
/*
 * Which listeners are ours: their URL has a host that is declared now, or matches `owns`. What a
 * tenant declares makes nothing ours in accounts of others. One thread at a time.
 */
#ifndef OURS_H
#define OURS_H

#include "base/map.h"
#include "policy/policy.h"

typedef struct ours {
    const policy *policy; /* borrowed: its `owns` */
    map *hosts;           /* keys alone: owner and host */
    size_t declared;      /* listeners that plan_read_declared has met */
} ours;

/* Expected: MEMORY. Owned: ours_dispose. */
thingspace_status ours_init(ours *out, const policy *policy);
void ours_dispose(ours *ours);
#define cleanup_ours __attribute__((cleanup(ours_dispose)))

/* `owner` is a tenant's name, NULL the operator's policy; a `url` that cannot be read, and NULL,
 * are nobody's. Expected: MEMORY. */
thingspace_status ours_declare(ours *ours, const char *owner, const char *url);
bool ours_has(const ours *ours, const char *owner, const char *url);

#endif
