/* SPDX-License-Identifier: MIT */
/*
 * See hygiene.h. The only file of the command that knows libcurl: its allocator belongs to the
 * process, so a library must not set it, and here we are the process.
 */
#include <config.h>
#include <curl/curl.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>
#include "base/error.h"
#include "base/text.h"
#include "cli/hygiene.h"

extern char **environ;

static rlim_t core_limit_before;

/* ---- begin ---- */

static void forbid_core_files(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_CORE, &limit) == 0) {
        core_limit_before = limit.rlim_cur;
        limit.rlim_cur = 0;
        setrlimit(RLIMIT_CORE, &limit);
    }
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

/*
 * A closed standard descriptor would be given to the next file that is opened, and results would be
 * written into it. It is filled the wrong way round, so that using it fails as it should.
 */
static void fill_descriptors(void)
{
    for (int descriptor = 0; descriptor <= 2; descriptor++)
        if (fcntl(descriptor, F_GETFD) < 0)
            (void)open("/dev/null", descriptor == STDOUT_FILENO ? O_RDONLY : O_WRONLY);
}

void hygiene_begin(void)
{
    forbid_core_files();
    fill_descriptors();
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a file beyond the limit is an error to tell, not the end */
}

void hygiene_release(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_CORE, &limit) == 0) {
        limit.rlim_cur = core_limit_before;
        setrlimit(RLIMIT_CORE, &limit);
    }
    signal(SIGPIPE, SIG_DFL);
    signal(SIGXFSZ, SIG_DFL);
}

/* ---- libcurl's memory ---- */

/* Before every block; as large as the strictest alignment, so that the block keeps it. */
typedef union block_header {
    size_t size;
    max_align_t alignment;
} block_header;

static void *wiping_malloc(size_t size)
{
    if (size > SIZE_MAX - sizeof(block_header))
        return NULL;
    block_header *header = malloc(sizeof(*header) + size);
    if (!header)
        return NULL;
    header->size = size;
    return header + 1;
}

static void wiping_free(void *block)
{
    if (!block)
        return;
    block_header *header = (block_header *)block - 1;
    explicit_bzero(block, header->size);
    free(header);
}

static void *wiping_realloc(void *block, size_t size)
{
    void *moved = wiping_malloc(size);
    if (!moved || !block)
        return moved;
    size_t old = ((block_header *)block - 1)->size;
    memcpy(moved, block, old < size ? old : size);
    wiping_free(block);
    return moved;
}

static void *wiping_calloc(size_t count, size_t size)
{
    if (size > 0 && count > SIZE_MAX / size)
        return NULL;
    void *block = wiping_malloc(count * size);
    if (block)
        memset(block, 0, count * size);
    return block;
}

static char *wiping_strdup(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = wiping_malloc(size);
    if (copy)
        memcpy(copy, text, size);
    return copy;
}

thingspace_status hygiene_prepare_network(thingspace_error *error)
{
    /* TLS keys in a file: what curl would do with this variable is not ours to offer. */
    unsetenv("SSLKEYLOGFILE");
    CURLcode code = curl_global_init_mem(CURL_GLOBAL_DEFAULT, wiping_malloc, wiping_free,
                                         wiping_realloc, wiping_strdup, wiping_calloc);
    if (code == CURLE_OK)
        return THINGSPACE_OK;
    return error_set(error, THINGSPACE_INTERNAL, "libcurl cannot be started: %s",
                     curl_easy_strerror(code));
}

/* ---- the environment ---- */

/* What is read later than the policy, none of it a secret. A star stands for any ending. */
static const char *const kept[] = {
    "PATH=*",
    "HOME=*",
    "TERM=*",
    "LANG=*",
    "LC_*",
    "TZ=*",
    "TMPDIR=*",
    "XDG_*",
    "USER=*",
    "LOGNAME=*",
    "COLUMNS=*",
    "NO_COLOR=*",
    "SSL_CERT_*",
    "STATE_DIRECTORY=*",
    "CREDENTIALS_DIRECTORY=*",
    "THINGSPACE_STATE_DIR=*",
};

static bool is_kept(const char *variable)
{
    for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
        if (text_matches(variable, kept[i]))
            return true;
    return false;
}

thingspace_status hygiene_clear_environment(thingspace_error *error)
{
    size_t count = 0, used = 0;
    while (environ[count])
        count++;
    /* Lives as long as the process: getenv hands out what it holds. */
    char **copies = calloc(count + 1, sizeof(*copies));
    if (!copies)
        return error_memory(error);
    for (size_t i = 0; i < count; i++)
        if (is_kept(environ[i]) && !(copies[used++] = text_copy(environ[i])))
            return error_memory(error);
    for (size_t i = 0; i < count; i++)
        explicit_bzero(environ[i], strlen(environ[i]));
    environ = copies;
    return THINGSPACE_OK;
}
