/* SPDX-License-Identifier: MIT */
/*
 * The file that takes a signing key: made (0600, never over another file) before the call is sent,
 * so that a bad path fails early, and gone again when no key came. One thread.
 */
#ifndef CLI_KEY_FILE_H
#define CLI_KEY_FILE_H

#include <thingspace/secret.h>

typedef struct key_file {
    const char *path; /* borrowed */
    int descriptor;   /* -1: none is open */
} key_file;

#define KEY_FILE_INIT                                                                              \
    {                                                                                              \
        NULL, -1                                                                                   \
    }

/* Expected: LOCAL. */
thingspace_status key_file_open(key_file *file, const char *path, thingspace_error *error);
/* Writes, syncs and closes. Expected: LOCAL; the file is then gone, and the key lost. */
thingspace_status key_file_write(key_file *file, const thingspace_secret *key,
                                 thingspace_error *error);
/* Removes it when nothing was written; does nothing when none is open. */
void key_file_discard(key_file *file);

#endif
