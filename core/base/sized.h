/* SPDX-License-Identifier: MIT */
/*
 * Structs of the public headers that begin with a `size`, which says how much of them the other
 * side was compiled with. Pure; any thread.
 */
#ifndef SIZED_H
#define SIZED_H

#include <stddef.h>

/*
 * Takes what a caller gives, NULL or a struct that begins with its size, over into `out`, which has
 * `size` bytes and the defaults. An older caller's is shorter: members that it does not know keep
 * their defaults. A newer one's is longer: members that we do not know are not looked at. One of
 * size 0, which was not initialised, gives nothing. The size in `out` is its own again.
 */
void sized_take(void *out, size_t size, const void *given);

/* The other way: as much of `from`, which has `size` bytes, as the caller's `out` says that it has
 * room for. Its size stays. */
void sized_give(void *out, const void *from, size_t size);

#endif
