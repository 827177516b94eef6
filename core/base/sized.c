/* SPDX-License-Identifier: MIT */
/* See sized.h. */
#include <config.h>
#include <string.h>
#include "base/sized.h"

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

void sized_take(void *out, size_t size, const void *given)
{
    if (given)
        memcpy(out, given, smaller(*(const size_t *)given, size));
    *(size_t *)out = size;
}

void sized_give(void *out, const void *from, size_t size)
{
    size_t room = *(const size_t *)out;
    memcpy(out, from, smaller(room, size));
    *(size_t *)out = room;
}
