/* SPDX-License-Identifier: MIT */
/*
 * A locale with a decimal comma for tests. Machines of today have none compiled, so it is made of
 * the system's sources by localedef: once for each build folder, in CHECK_LOCALES. Tests that run
 * at once may both make it; a rename decides. Threads: none besides the test's.
 */
#include <config.h>
#include <fcntl.h>
#include <ftw.h>
#include <locale.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include "check.h"

#define NAME    "de_DE.UTF-8"
#define SOURCES "/usr/share/i18n/locales/de_DE"

extern char **environ;

/* Its warnings are about names of languages, and its exit status tells them too. */
static void run_localedef(const char *target)
{
    const char *words[] = {"localedef", "-c", "-i", "de_DE", "-f", "UTF-8", target, NULL};
    pid_t process;
    posix_spawn_file_actions_t quiet;
    posix_spawn_file_actions_init(&quiet);
    posix_spawn_file_actions_addopen(&quiet, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&quiet, STDOUT_FILENO, STDERR_FILENO);
    if (posix_spawnp(&process, words[0], &quiet, NULL, (char *const *)words, environ) == 0)
        waitpid(process, NULL, 0);
    posix_spawn_file_actions_destroy(&quiet);
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status, (void)type, (void)walk;
    return remove(path);
}

static void make(void)
{
    char folder[] = CHECK_LOCALES ".XXXXXX";
    char target[sizeof(folder) + sizeof("/" NAME)];
    if (!mkdtemp(folder))
        return;
    snprintf(target, sizeof(target), "%s/" NAME, folder);
    run_localedef(target);
    if (access(target, R_OK) != 0 || rename(folder, CHECK_LOCALES) != 0) /* another was first */
        nftw(folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

/* All but the language of messages, which tests compare. */
static bool choose(void)
{
    return setlocale(LC_ALL, NAME) && setlocale(LC_MESSAGES, "C") &&
           strcmp(localeconv()->decimal_point, ",") == 0;
}

/* It is made before it is asked for: libc remembers what it did not find. */
bool check_decimal_comma(void)
{
    setenv("LOCPATH", CHECK_LOCALES, 1);
    if (access(CHECK_LOCALES, R_OK) != 0)
        make();
    if (choose())
        return true;
    check_report(access(SOURCES, R_OK) != 0, __FILE__, __LINE__,
                 "localedef makes no " NAME " of " SOURCES);
    printf("# no locale with a decimal comma can be made here: nothing is tested\n");
    return false;
}
