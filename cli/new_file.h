/* SPDX-License-Identifier: MIT */
/*
 * A file that is there as a whole or not at all: written aside, synced, and then put in its place.
 * Whose it is and who may read it follows the umask. One thread.
 */
#ifndef CLI_NEW_FILE_H
#define CLI_NEW_FILE_H

#include <stdbool.h>
#include <thingspace/error.h>

/* Whether it could be made: refused where one is and `replace` is false. Expected: LOCAL. */
thingspace_status new_file_check(const char *path, bool replace, thingspace_error *error);
/* Expected: LOCAL, MEMORY. */
thingspace_status new_file_write(const char *path, const char *text, bool replace,
                                 thingspace_error *error);

#endif
