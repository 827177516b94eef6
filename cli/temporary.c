/* SPDX-License-Identifier: MIT */
/* See temporary.h. Links inside are removed, not followed. */
#include <config.h>
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/error.h"
#include "base/text.h"
#include "cli/temporary.h"

#define OPEN_FOLDERS 16

thingspace_status temporary_make(char **out, thingspace_error *error)
{
    const char *folder = getenv("TMPDIR");
    cleanup_text char *path =
        text_format("%s/thingspace-XXXXXX", folder && folder[0] == '/' ? folder : "/tmp");
    *out = NULL;
    if (!path)
        return error_memory(error);
    if (!mkdtemp(path))
        return error_errno(error, THINGSPACE_LOCAL, errno, "no folder can be made as %s", path);
    *out = path;
    path = NULL;
    return THINGSPACE_OK;
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    return remove(path);
}

void temporary_remove(char *path)
{
    if (!path)
        return;
    nftw(path, remove_entry, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS);
    free(path);
}
