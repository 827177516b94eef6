/* SPDX-License-Identifier: MIT */
/*
 * How a secret lies in its slab: for secret*.c alone. What only looks inside (secret_view.c)
 * stands apart from the arena (secret.c), so that a program that links libbase.la beside the
 * library gets no second arena.
 */
#ifndef SECRET_INSIDE_H
#define SECRET_INSIDE_H

#include <stdatomic.h>
#include "base/secret.h"

struct thingspace_secret {
    struct slab *slab;
    size_t units;
    size_t size;
    atomic_uint references;
    char bytes[];
};

#endif
