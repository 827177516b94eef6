/* SPDX-License-Identifier: MIT */
/* A folder of our own that goes when we go. One thread. */
#ifndef CLI_TEMPORARY_H
#define CLI_TEMPORARY_H

#include <thingspace/error.h>

/* In TMPDIR, else /tmp; for its owner alone. Owned: temporary_remove. Expected: LOCAL, MEMORY. */
thingspace_status temporary_make(char **out, thingspace_error *error);
/* Removes it with all that is in it, and frees the name. NULL is allowed. */
void temporary_remove(char *path);

#endif
