/* SPDX-License-Identifier: MIT */
/* Which files of a kind are in the state directory; see state.h. Any thread. */
#include <config.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "base/error.h"
#include "base/limits.h"
#include "base/state_inside.h"
#include "base/text.h"

typedef struct names {
    char **items; /* ends with NULL once there is one */
    size_t count, capacity;
} names;

static bool add(names *self, const char *name)
{
    if (self->count + 2 > self->capacity) {
        size_t capacity = self->capacity ? 2 * self->capacity : 8;
        char **grown = realloc(self->items, capacity * sizeof(*grown));
        if (!grown)
            return false;
        self->items = grown;
        self->capacity = capacity;
    }
    self->items[self->count] = text_copy(name);
    if (!self->items[self->count])
        return false;
    self->items[++self->count] = NULL;
    return true;
}

static bool is_named(const char *name, const char *prefix, const char *suffix)
{
    size_t length = strlen(name), end = strlen(suffix);
    return text_starts_with(name, prefix) && length >= end &&
           strcmp(name + length - end, suffix) == 0;
}

static bool collect(names *self, DIR *listing, const char *prefix, const char *suffix)
{
    struct dirent *entry;
    while (self->count < LIMIT_STATE_NAMES && (entry = readdir(listing)))
        if (is_named(entry->d_name, prefix, suffix) && !add(self, entry->d_name))
            return false;
    return true;
}

thingspace_status state_names(state *self, char ***out, const char *prefix, const char *suffix,
                              thingspace_error *error)
{
    *out = NULL;
    cleanup_descriptor int descriptor =
        openat(self->directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *listing = descriptor < 0 ? NULL : fdopendir(descriptor);
    if (!listing)
        return error_errno(error, THINGSPACE_LOCAL, errno, "state directory %s", self->path);
    descriptor = -1; /* the listing's from here on */
    names found = {0};
    bool good = collect(&found, listing, prefix, suffix);
    closedir(listing);
    if (!good) {
        for (size_t i = 0; i < found.count; i++)
            free(found.items[i]);
        free(found.items);
        return error_memory(error);
    }
    *out = found.items;
    return THINGSPACE_OK;
}

int64_t state_changed_ns(const state *self)
{
    struct stat status;
    if (fstat(self->directory, &status) != 0)
        return 0;
    return (int64_t)status.st_mtim.tv_sec * 1000000000 + status.st_mtim.tv_nsec;
}
