/* SPDX-License-Identifier: MIT */
/* The inside of a secret; see secret_inside.h for why this is a file of its own. Any thread. */
#include <config.h>
#include "base/secret_inside.h"

const char *secret_bytes(const thingspace_secret *secret)
{
    return secret->bytes;
}

size_t secret_size(const thingspace_secret *secret)
{
    return secret->size;
}
