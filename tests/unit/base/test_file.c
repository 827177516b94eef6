/* SPDX-License-Identifier: MIT */
/* Files as a whole: read up to a maximum, replaced in one step, devices left alone. */
#include <config.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/file.h"
#include "base/text.h"
#include "check.h"

static void remove_folder(char **folder)
{
    cleanup_text char *file = text_format("%s/f", *folder);
    cleanup_text char *link = text_format("%s/l", *folder);
    if (file)
        unlink(file);
    if (link)
        unlink(link);
    rmdir(*folder);
}
#define FOLDER(name)                                                                               \
    char name##_text[] = "/tmp/file-XXXXXX";                                                       \
    __attribute__((cleanup(remove_folder))) char *name = mkdtemp(name##_text)

static void read_back(buffer *out, const char *path)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    buffer_clear(out);
    CHECK_INT(file_read_all(descriptor, out), 0);
    close(descriptor);
}

static void a_file_is_replaced_as_a_whole(void)
{
    FOLDER(folder);
    struct stat found;
    cleanup_buffer buffer text;
    cleanup_text char *path = text_format("%s/f", folder);
    buffer_init(&text, 100000);
    if (!path)
        return;
    CHECK_OK(file_replace(path, "first, and longer", 17, "file", NULL));
    CHECK_OK(file_replace(path, "second", 6, "file", NULL));
    read_back(&text, path);
    if (text.status == THINGSPACE_MEMORY)
        return;
    CHECK_TEXT(buffer_text(&text), "second");
    CHECK_INT(stat(path, &found), 0);
    CHECK_INT(found.st_mode & 0777, 0600);
}

static void nothing_is_left_aside(void)
{
    FOLDER(folder);
    cleanup_text char *path = text_format("%s/f", folder);
    cleanup_text char *link = text_format("%s/l", folder);
    if (!path || !link)
        return;
    CHECK_OK(file_replace(path, "text", 4, "file", NULL));
    CHECK_INT(unlink(path), 0);
    CHECK_INT(mkdir(path, 0700), 0);
    CHECK_STATUS(file_replace(path, "text", 4, "file", NULL), THINGSPACE_LOCAL);
    CHECK_INT(rmdir(path), 0);
    CHECK_INT(rmdir(folder), 0);
    CHECK_INT(mkdir(folder, 0700), 0);
}

static void a_device_is_not_replaced(void)
{
    FOLDER(folder);
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_text char *link = text_format("%s/l", folder);
    if (!link)
        return;
    CHECK_INT(symlink("/dev/null", link), 0);
    CHECK(!file_is_replaceable("/dev/null"));
    CHECK_STATUS(file_replace(link, "text", 4, "plan file", &error), THINGSPACE_LOCAL);
    CHECK(strstr(error.message, "plan file /tmp/"));
    CHECK(strstr(error.message, "it is no file, name another"));
}

static void a_folder_that_is_not_there_is_told(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK(file_is_replaceable("/tmp/not-there/f"));
    CHECK_STATUS(file_replace("/tmp/not-there/f", "text", 4, "report", &error), THINGSPACE_LOCAL);
    CHECK(strstr(error.message, "report /tmp/not-there/f cannot be written"));
}

static void what_is_longer_than_the_buffer_may_be_is_its_failure(void)
{
    FOLDER(folder);
    cleanup_buffer buffer text;
    cleanup_text char *path = text_format("%s/f", folder);
    buffer_init(&text, 5);
    if (!path)
        return;
    CHECK_OK(file_replace(path, "123456", 6, "file", NULL));
    read_back(&text, path);
    CHECK_STATUS(text.status, THINGSPACE_PROTOCOL);
}

static void what_cannot_be_read_or_written_says_why(void)
{
    cleanup_buffer buffer text;
    buffer_init(&text, 100);
    CHECK_INT(file_read_all(-1, &text), EBADF);
    CHECK_INT(file_write_all(-1, "x", 1), EBADF);
    CHECK_INT(file_write_all(-1, "", 0), 0);
}

static const check_case cases[] = {
    CHECK_CASE(a_file_is_replaced_as_a_whole),
    CHECK_CASE(nothing_is_left_aside),
    CHECK_CASE(a_device_is_not_replaced),
    CHECK_CASE(a_folder_that_is_not_there_is_told),
    CHECK_CASE(what_is_longer_than_the_buffer_may_be_is_its_failure),
    CHECK_CASE(what_cannot_be_read_or_written_says_why),
};

CHECK_MAIN(cases)
