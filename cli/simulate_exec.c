/* SPDX-License-Identifier: MIT */
/*
 * The process becomes thingspace-simulate with the words it was given. That program is looked for
 * beside this one (in a build tree), then where `make install` puts it.
 */
#include <config.h>
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>
#include "base/error.h"
#include "base/text.h"
#include "cli/hygiene.h"
#include "cli/simulate.h"

#define PROGRAM "thingspace-simulate"

/* The folder of this program, "" when it cannot be told. */
static void own_folder(char folder[PATH_MAX])
{
    ssize_t size = readlink("/proc/self/exe", folder, PATH_MAX - 1);
    folder[size > 0 ? size : 0] = '\0';
    char *slash = strrchr(folder, '/');
    if (slash)
        *slash = '\0';
}

/* Returns only when there is no such program. */
static void try_program(const char *folder, const char *below, char **argv)
{
    cleanup_text char *path = text_format("%s/%s" PROGRAM, folder, below);
    if (path && access(path, X_OK) == 0)
        execv(path, argv);
}

int simulate_run(session *session)
{
    char folder[PATH_MAX];
    own_folder(folder);
    hygiene_release();
    if (folder[0]) {
        try_program(folder, "../", session->argv); /* libtool runs us from .libs */
        try_program(folder, "", session->argv);
    }
    try_program(PKGLIBEXECDIR, "", session->argv);
    thingspace_error error = THINGSPACE_ERROR_INIT;
    error_errno(&error, THINGSPACE_LOCAL, errno,
                PKGLIBEXECDIR "/" PROGRAM " cannot be run; install the simulator");
    return session_fail(session, &error);
}
