/* SPDX-License-Identifier: MIT */
/* Reports as files: written aside, synced and renamed, so that no reader sees half of one. */
#include <config.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "cli/report/report.h"

static bool ends_with(const char *text, const char *ending)
{
    size_t size = strlen(text), length = strlen(ending);
    return size > length && text_equal(text + size - length, ending);
}

report_format report_format_of(const char *file)
{
    if (ends_with(file, ".html"))
        return REPORT_HTML;
    return ends_with(file, ".md") ? REPORT_MARKDOWN : REPORT_NONE;
}

static bool write_synced(int descriptor, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t written = write(descriptor, bytes, size);
        if (written < 0 && errno != EINTR)
            return false;
        if (written > 0) {
            bytes += written;
            size -= (size_t)written;
        }
    }
    return fsync(descriptor) == 0;
}

static bool replace(const char *file, char *temporary, const buffer *text)
{
    int descriptor = mkostemp(temporary, O_CLOEXEC); /* mode 0600 */
    if (descriptor < 0)
        return false;
    bool good = write_synced(descriptor, text->data, text->size);
    int cause = errno;
    if (close(descriptor) != 0 && good) {
        good = false;
        cause = errno;
    }
    if (good && rename(temporary, file) == 0)
        return true;
    cause = good ? errno : cause;
    unlink(temporary);
    errno = cause;
    return false;
}

thingspace_status report_save(const json *plan, const char *file, thingspace_error *error)
{
    cleanup_buffer buffer text;
    cleanup_text char *temporary = text_format("%s.XXXXXX", file);
    buffer_init(&text, LIMIT_JSON_TEXT);
    if (report_format_of(file) == REPORT_HTML)
        report_html(&text, plan, (long long)time(NULL));
    else
        report_markdown(&text, plan);
    if (text.status != THINGSPACE_OK || !temporary)
        return error_memory(error);
    if (!replace(file, temporary, &text))
        return error_errno(error, THINGSPACE_LOCAL, errno, "report %s cannot be written", file);
    return THINGSPACE_OK;
}
