/* SPDX-License-Identifier: MIT */
/*
 * Opening the state directory: which directories are taken, what is cleaned up, and
 * where it is when nobody says.
 */
#include <config.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/state.h"
#include "base/text.h"
#include "check.h"

#define NOBODY 65534

static void close_state(state **opened)
{
    state_close(*opened);
}

#define cleanup_state __attribute__((cleanup(close_state)))

/* A path below the test's folder that nothing has used yet. */
static const char *new_path(void)
{
    static char path[400];
    static unsigned number;
    snprintf(path, sizeof(path), "%s/state%u", check_folder(), ++number);
    return path;
}

static const char *entry_path(const state *opened, const char *name)
{
    static char path[600];
    snprintf(path, sizeof(path), "%s/%s", state_path(opened), name);
    return path;
}

static int mode_of(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 ? (int)(status.st_mode & 07777) : -1;
}

/* Runs it in a process of its own; its answer, or -1 when it was killed. */
static int run_apart(int (*function)(const char *path), const char *path)
{
    int status = 0;
    pid_t child = fork();
    if (child == 0)
        _exit(function(path));
    if (waitpid(child, &status, 0) != child || !WIFEXITED(status))
        return -1;
    return WEXITSTATUS(status);
}

static void the_directory_is_made_with_its_parents(void)
{
    char path[600], parent[500];
    cleanup_state state *opened = NULL;
    snprintf(parent, sizeof(parent), "%s/a", new_path());
    snprintf(path, sizeof(path), "%s/b", parent);
    mode_t old = umask(022);
    thingspace_status status = state_open(&opened, path, NULL);
    umask(old);
    CHECK_OK(status);
    CHECK_INT(mode_of(path), 0700);
    CHECK_INT(mode_of(parent), 0755);
    CHECK_TEXT(state_path(opened), path);
}

static void a_final_slash_makes_no_difference(void)
{
    char path[500];
    cleanup_state state *opened = NULL;
    snprintf(path, sizeof(path), "%s//", new_path());
    CHECK_OK(state_open(&opened, path, NULL));
    CHECK_INT(mode_of(path), 0700);
}

static void an_empty_name_is_refused(void)
{
    cleanup_state state *opened = NULL;
    CHECK_STATUS(state_open(&opened, "", NULL), THINGSPACE_LOCAL);
    CHECK(opened == NULL);
}

static void a_file_is_no_directory(void)
{
    cleanup_state state *opened = NULL;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_STATUS(state_open(&opened, check_file("plain", "x"), &error), THINGSPACE_LOCAL);
    CHECK(strstr(error.message, "Not a directory") != NULL);
}

static void a_directory_that_others_can_write_is_refused(void)
{
    static const mode_t modes[] = {0720, 0702, 01777};
    for (size_t i = 0; i < 3; i++) {
        cleanup_state state *opened = NULL;
        thingspace_error error = THINGSPACE_ERROR_INIT;
        const char *path = new_path();
        CHECK_INT(mkdir(path, 0700), 0);
        CHECK_INT(chmod(path, modes[i]), 0);
        CHECK_STATUS(state_open(&opened, path, &error), THINGSPACE_LOCAL);
        CHECK(strstr(error.message, "chmod go-w /") != NULL);
    }
}

static void a_directory_of_another_user_is_refused(void)
{
    cleanup_state state *opened = NULL;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    const char *path = "/"; /* root's */
    if (geteuid() == 0) {
        path = new_path();
        CHECK_INT(mkdir(path, 0700), 0);
        CHECK_INT(chown(path, NOBODY, NOBODY), 0);
    }
    CHECK_STATUS(state_open(&opened, path, &error), THINGSPACE_LOCAL);
    CHECK(strstr(error.message, "belongs to user") != NULL);
    CHECK(strstr(error.message, "--state-dir") != NULL);
}

static void an_own_link_is_followed(void)
{
    char link[500];
    cleanup_state state *opened = NULL;
    const char *path = new_path();
    CHECK_INT(mkdir(path, 0700), 0);
    snprintf(link, sizeof(link), "%s-link", path);
    CHECK_INT(symlink(path, link), 0);
    CHECK_OK(state_open(&opened, link, NULL));
}

static void a_link_of_another_user_is_refused(void)
{
    char link[500];
    cleanup_state state *opened = NULL;
    const char *path = new_path();
    if (geteuid() != 0)
        return; /* only root can make one */
    CHECK_INT(mkdir(path, 0700), 0);
    snprintf(link, sizeof(link), "%s-link", path);
    CHECK_INT(symlink(path, link), 0);
    CHECK_INT(lchown(link, NOBODY, NOBODY), 0);
    CHECK_STATUS(state_open(&opened, link, NULL), THINGSPACE_LOCAL);
}

/* Root writes everywhere: becomes nobody first, in a directory of nobody's. */
static int open_read_only(const char *path)
{
    (void)path;
    char own[] = "/tmp/thingspace-test-XXXXXX";
    state *opened = NULL;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    if (geteuid() == 0 && (setgid(NOBODY) != 0 || setuid(NOBODY) != 0))
        return 2;
    if (!mkdtemp(own) || chmod(own, 0500) != 0)
        return 3;
    thingspace_status status = state_open(&opened, own, &error);
    rmdir(own);
    if (status != THINGSPACE_LOCAL || !strstr(error.message, "cannot be written: Permission"))
        return 4;
    return strstr(error.message, "set --state-dir or THINGSPACE_STATE_DIR") ? 0 : 5;
}

static void a_directory_that_cannot_be_written_is_refused(void)
{
    CHECK_INT(run_apart(open_read_only, NULL), 0);
}

static void memory_file_systems_do_not_persist(void)
{
    struct statfs shm;
    char path[] = "/dev/shm/thingspace-test-XXXXXX";
    cleanup_state state *opened = NULL;
    if (statfs("/dev/shm", &shm) != 0 || shm.f_type != TMPFS_MAGIC || !mkdtemp(path))
        return; /* nowhere to try */
    thingspace_status status = state_open(&opened, path, NULL);
    rmdir(path);
    CHECK_OK(status);
    CHECK(!state_persists(opened));
}

static void other_file_systems_persist(void)
{
    struct statfs folder;
    cleanup_state state *opened = NULL;
    CHECK_INT(statfs(check_folder(), &folder), 0);
    CHECK_OK(state_open(&opened, new_path(), NULL));
    CHECK_INT(state_persists(opened), folder.f_type != TMPFS_MAGIC && folder.f_type != RAMFS_MAGIC);
}

static void old_leftovers_of_dead_processes_are_removed(void)
{
    static const char *const names[] = {".new-old", ".new-fresh", "kept"};
    cleanup_state state *opened = NULL;
    const char *path = new_path();
    const struct timespec long_ago[2] = {{.tv_sec = 1000}, {.tv_sec = 1000}};
    CHECK_INT(mkdir(path, 0700), 0);
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    for (size_t i = 0; i < 3; i++) {
        close(openat(folder, names[i], O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
        if (strcmp(names[i], ".new-fresh") != 0)
            utimensat(folder, names[i], long_ago, 0);
    }
    close(folder);
    CHECK_OK(state_open(&opened, path, NULL));
    CHECK_INT(access(entry_path(opened, ".new-old"), F_OK), -1);
    CHECK_INT(access(entry_path(opened, ".new-fresh"), F_OK), 0);
    CHECK_INT(access(entry_path(opened, "kept"), F_OK), 0);
}

/* ---- where it is by default ---- */

static void forget_environment(void)
{
    unsetenv("THINGSPACE_STATE_DIR");
    unsetenv("STATE_DIRECTORY");
    unsetenv("XDG_STATE_HOME");
    setenv("HOME", "/home/someone", 1);
}

static void the_default_place_follows_the_environment(void)
{
    static const struct {
        const char *variable, *value, *path;
    } rows[] = {
        {"STATE_DIRECTORY", "/var/lib/one:/var/lib/two", "/var/lib/one"},
        {"STATE_DIRECTORY", "/var/lib/one", "/var/lib/one"},
        {"THINGSPACE_STATE_DIR", "/somewhere", "/somewhere"}, /* beats the one before */
    };
    forget_environment();
    for (size_t i = 0; i < 3; i++) {
        setenv(rows[i].variable, rows[i].value, 1);
        cleanup_text char *path = state_default_path();
        CHECK_MADE(path);
        CHECK_TEXT(path, rows[i].path);
    }
}

static int find_as_nobody(const char *unused)
{
    (void)unused;
    forget_environment();
    if (geteuid() == 0 && setuid(NOBODY) != 0)
        return 2;
    cleanup_text char *home = state_default_path();
    setenv("XDG_STATE_HOME", "relative", 1);
    cleanup_text char *ignored = state_default_path();
    setenv("XDG_STATE_HOME", "/xdg", 1);
    cleanup_text char *xdg = state_default_path();
    if (!text_equal(home, "/home/someone/.local/state/thingspace") || !text_equal(home, ignored))
        return 3;
    return text_equal(xdg, "/xdg/thingspace") ? 0 : 4;
}

static void the_default_place_of_a_user_is_below_home(void)
{
    CHECK_INT(run_apart(find_as_nobody, NULL), 0);
}

static void the_default_place_of_root_is_below_var(void)
{
    if (geteuid() != 0)
        return;
    forget_environment();
    setenv("XDG_STATE_HOME", "/xdg", 1);
    cleanup_text char *path = state_default_path();
    CHECK_MADE(path);
    CHECK_TEXT(path, "/var/lib/thingspace");
}

static const check_case cases[] = {
    CHECK_CASE(the_directory_is_made_with_its_parents),
    CHECK_CASE(a_final_slash_makes_no_difference),
    CHECK_CASE(an_empty_name_is_refused),
    CHECK_CASE(a_file_is_no_directory),
    CHECK_CASE(a_directory_that_others_can_write_is_refused),
    CHECK_CASE(a_directory_of_another_user_is_refused),
    CHECK_CASE(an_own_link_is_followed),
    CHECK_CASE(a_link_of_another_user_is_refused),
    CHECK_CASE_ONCE(a_directory_that_cannot_be_written_is_refused),
    CHECK_CASE(memory_file_systems_do_not_persist),
    CHECK_CASE(other_file_systems_persist),
    CHECK_CASE(old_leftovers_of_dead_processes_are_removed),
    CHECK_CASE(the_default_place_follows_the_environment),
    CHECK_CASE_ONCE(the_default_place_of_a_user_is_below_home),
    CHECK_CASE(the_default_place_of_root_is_below_var),
};

CHECK_MAIN(cases)
