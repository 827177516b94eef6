/* SPDX-License-Identifier: MIT */
/*
 * From a file to the entry of a plugin. What others can write or exchange is not loaded, and
 * neither is a file that is of another machine or not whole: the loader maps it, and touching what
 * is missing would kill the process. The handle is never closed: code of a plugin may be anywhere
 * (threads, atexit, thread-local destructors), and two instances share it. Any thread.
 */
#include <config.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/error.h"
#include "base/sized.h"
#include "base/text.h"
#include "plugin/compiled_inside.h"

#define ENTRY_NAME "thingspace_plugin_entry"
/* The struct of version 1.0 ends where 1.1 begins. */
#define LEAST_SIZE offsetof(thingspace_plugin, accept)
/* No version of the struct will be as large: what says so is something else. */
#define MOST_SIZE (64 * 1024)

/* --- the file --- */

/* Who may change the folder does; one as /tmp is everybody's on purpose. */
static const char *advice_on(const struct stat *folder)
{
    return folder->st_uid == geteuid() && !(folder->st_mode & S_ISVTX)
               ? "run `chmod go-w` on it"
               : "move the plugin into a folder of your own";
}

static thingspace_status check_owner(const char *what, const char *path, const struct stat *found,
                                     thingspace_error *error)
{
    if (found->st_uid != 0 && found->st_uid != geteuid())
        return error_set(error, THINGSPACE_PLUGIN,
                         "the %s %s belongs to user %ld: a compiled plugin is loaded only from "
                         "root or from the user who runs it",
                         what, path, (long)found->st_uid);
    if (found->st_mode & (S_IWGRP | S_IWOTH))
        return error_set(error, THINGSPACE_PLUGIN, "the %s %s can be written by others: %s", what,
                         path,
                         S_ISDIR(found->st_mode) ? advice_on(found) : "run `chmod go-w` on it");
    return THINGSPACE_OK;
}

static thingspace_status check_file(const char *path, thingspace_error *error)
{
    struct stat found;
    if (stat(path, &found) != 0)
        return error_errno(error, THINGSPACE_PLUGIN, errno, "%s", path);
    if (!S_ISREG(found.st_mode))
        return error_set(error, THINGSPACE_PLUGIN, "%s is not a regular file", path);
    return check_owner("file", path, &found, error);
}

/* Who can write a folder further up can put another one in the place of what was checked. A sticky
 * one, as /tmp, leaves everybody's folders alone. Ends with the root. */
static thingspace_status check_above(char *folder, thingspace_error *error)
{
    struct stat found;
    while (strcmp(folder, "/") != 0) {
        folder = dirname(folder);
        if (stat(folder, &found) != 0)
            return error_errno(error, THINGSPACE_PLUGIN, errno, "%s", folder);
        if ((found.st_mode & (S_IWGRP | S_IWOTH)) && !(found.st_mode & S_ISVTX))
            return error_set(error, THINGSPACE_PLUGIN,
                             "the folder %s can be written by others, who can exchange what is in "
                             "it: %s",
                             folder, advice_on(&found));
    }
    return THINGSPACE_OK;
}

static thingspace_status check_folder(const char *path, thingspace_error *error)
{
    cleanup_text char *copy = text_copy(path);
    struct stat found;
    if (!copy)
        return error_memory(error);
    char *folder = dirname(copy);
    if (stat(folder, &found) != 0)
        return error_errno(error, THINGSPACE_PLUGIN, errno, "%s", folder);
    thingspace_status status = check_owner("folder", folder, &found, error);
    return status == THINGSPACE_OK ? check_above(folder, error) : status;
}

/* Whether `count` rows of `size` bytes at `offset` lie inside the file. */
static bool fits(off_t file_size, uint64_t offset, uint64_t count, uint64_t size)
{
    uint64_t whole = (uint64_t)file_size;
    return offset <= whole && (size == 0 || count <= (whole - offset) / size);
}

static bool segments_fit(int descriptor, const ElfW(Ehdr) * head, off_t file_size)
{
    for (size_t i = 0; i < head->e_phnum; i++) {
        ElfW(Phdr) segment;
        off_t at = (off_t)(head->e_phoff + i * head->e_phentsize);
        if (pread(descriptor, &segment, sizeof(segment), at) != (ssize_t)sizeof(segment) ||
            !fits(file_size, segment.p_offset, 1, segment.p_filesz))
            return false;
    }
    return true;
}

static bool read_head(int descriptor, ElfW(Ehdr) * out)
{
    return pread(descriptor, out, sizeof(*out), 0) == (ssize_t)sizeof(*out) &&
           memcmp(out->e_ident, ELFMAG, SELFMAG) == 0;
}

/* This library's own head, which the loader has in memory, says what is this machine's. */
static bool is_of_this_machine(const ElfW(Ehdr) * head)
{
    Dl_info here;
    if (!dladdr(&compiled_host, &here))
        return true;
    const ElfW(Ehdr) *own = here.dli_fbase;
    return memcmp(own->e_ident, ELFMAG, SELFMAG) != 0 ||
           (own->e_ident[EI_CLASS] == head->e_ident[EI_CLASS] &&
            own->e_ident[EI_DATA] == head->e_ident[EI_DATA] && own->e_machine == head->e_machine);
}

static bool is_whole(int descriptor, const ElfW(Ehdr) * head)
{
    struct stat found;
    if (fstat(descriptor, &found) != 0 ||
        (head->e_phnum > 0 && head->e_phentsize < sizeof(ElfW(Phdr))))
        return false;
    return fits(found.st_size, head->e_phoff, head->e_phnum, head->e_phentsize) &&
           fits(found.st_size, head->e_shoff, head->e_shnum, head->e_shentsize) &&
           segments_fit(descriptor, head, found.st_size);
}

static thingspace_status check_content(const char *path, thingspace_error *error)
{
    ElfW(Ehdr) head;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return error_errno(error, THINGSPACE_PLUGIN, errno, "%s", path);
    bool is_object = read_head(descriptor, &head);
    bool is_ours = is_object && is_of_this_machine(&head);
    bool whole = is_ours && is_whole(descriptor, &head);
    close(descriptor);
    if (whole)
        return THINGSPACE_OK;
    if (is_object && !is_ours)
        return error_set(error, THINGSPACE_PLUGIN,
                         "%s is built for another machine: build it for this one", path);
    return error_set(error, THINGSPACE_PLUGIN,
                     "%s is not a whole shared object: build or copy it again", path);
}

static thingspace_status check_path(const char *path, thingspace_error *error)
{
    thingspace_status status = check_file(path, error);
    if (status == THINGSPACE_OK)
        status = check_folder(path, error);
    return status == THINGSPACE_OK ? check_content(path, error) : status;
}

/* --- the entry --- */

/* The loader looks into dependencies too; a plugin's entry is its own. */
static bool is_inside(const void *address, const char *path)
{
    Dl_info where;
    struct stat a, b;
    return dladdr(address, &where) && where.dli_fname && stat(where.dli_fname, &a) == 0 &&
           stat(path, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

static thingspace_status find_entry(const thingspace_plugin **out, const char *path,
                                    thingspace_error *error)
{
    void *object = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!object) {
        const char *reason = dlerror();
        return error_set(error, THINGSPACE_PLUGIN, "cannot be loaded: %s",
                         reason ? reason : "no reason given");
    }
    *out = dlsym(object, ENTRY_NAME);
    if (!*out)
        return error_set(error, THINGSPACE_PLUGIN,
                         "no symbol " ENTRY_NAME " in it: define the plugin with "
                         "THINGSPACE_PLUGIN(...)");
    if (!is_inside(*out, path))
        return error_set(error, THINGSPACE_PLUGIN,
                         "its " ENTRY_NAME " is that of a library it is linked to: define one in "
                         "the plugin itself");
    return THINGSPACE_OK;
}

static thingspace_status check_version(const thingspace_plugin *entry, thingspace_error *error)
{
    if (entry->size < offsetof(thingspace_plugin, option_size) || entry->size > MOST_SIZE)
        return error_set(error, THINGSPACE_PLUGIN,
                         "its " ENTRY_NAME " is not a thingspace_plugin: define it with "
                         "THINGSPACE_PLUGIN(...)");
    if (entry->major != THINGSPACE_PLUGIN_MAJOR || entry->minor > THINGSPACE_PLUGIN_MINOR)
        return error_set(error, THINGSPACE_PLUGIN,
                         "built with version %u.%u of thingspace/plugin.h, and this library has "
                         "%d.%d: build the plugin with the library's header",
                         entry->major, entry->minor, THINGSPACE_PLUGIN_MAJOR,
                         THINGSPACE_PLUGIN_MINOR);
    if (entry->size < LEAST_SIZE)
        return error_set(error, THINGSPACE_PLUGIN,
                         "its thingspace_plugin has %zu bytes, and that of version 1.0 has %zu: "
                         "define it with THINGSPACE_PLUGIN(...)",
                         entry->size, LEAST_SIZE);
    return THINGSPACE_OK;
}

thingspace_status compiled_copy_entry(thingspace_plugin *out, const thingspace_plugin *entry,
                                      thingspace_error *error)
{
    thingspace_status status = check_version(entry, error);
    if (status != THINGSPACE_OK)
        return status;
    memset(out, 0, sizeof(*out));
    sized_take(out, sizeof(*out), entry);
    return THINGSPACE_OK;
}

thingspace_status compiled_open(thingspace_plugin *out, const char *file, thingspace_error *error)
{
    const thingspace_plugin *entry = NULL;
    cleanup_text char *path = realpath(file, NULL);
    if (!path)
        return errno == ENOMEM ? error_memory(error)
                               : error_errno(error, THINGSPACE_PLUGIN, errno, "%s", file);
    thingspace_status status = check_path(path, error);
    if (status == THINGSPACE_OK)
        status = find_entry(&entry, path, error);
    return status == THINGSPACE_OK ? compiled_copy_entry(out, entry, error) : status;
}
