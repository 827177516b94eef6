/* SPDX-License-Identifier: MIT */
/* The known name that somebody probably meant. Pure functions; any thread. */
#ifndef NEAREST_H
#define NEAREST_H

#include <stddef.h>

/* The one of `known` with the fewest edits, when most of it stays; NULL when nothing is near. */
const char *nearest_name(const char *name, const char *const *known, size_t count);

#endif
