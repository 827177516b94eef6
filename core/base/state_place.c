/* SPDX-License-Identifier: MIT */
/* Where the state directory is by default; see state.h. Reads the environment: one thread. */
#include <config.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/state.h"
#include "base/text.h"

static const char *environment(const char *name)
{
    const char *value = getenv(name);
    return text_is_empty(value) ? NULL : value;
}

static char *below_home(void)
{
    char space[4096];
    struct passwd entry;
    struct passwd *found = NULL;
    const char *home = environment("HOME");
    if (!home && getpwuid_r(geteuid(), &entry, space, sizeof(space), &found) == 0 && found)
        home = found->pw_dir;
    return text_format("%s/.local/state/thingspace", home ? home : "");
}

char *state_default_path(void)
{
    const char *path = environment("THINGSPACE_STATE_DIR");
    if (path)
        return text_copy(path);
    path = environment("STATE_DIRECTORY");
    if (path && path[0] != ':')
        return text_copy_range(path, strcspn(path, ":"));
    if (geteuid() == 0)
        return text_copy("/var/lib/thingspace");
    path = environment("XDG_STATE_HOME");
    /* The XDG rules say that a relative one is to be ignored. */
    if (path && path[0] == '/')
        return text_format("%s/thingspace", path);
    return below_home();
}
