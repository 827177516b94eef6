/* SPDX-License-Identifier: MIT */
/* Reports as files. See report.h. */
#include <config.h>
#include <time.h>
#include "base/error.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"
#include "cli/report/report.h"

report_format report_format_of(const char *file)
{
    if (text_ends_with(file, ".html"))
        return REPORT_HTML;
    return text_ends_with(file, ".md") ? REPORT_MARKDOWN : REPORT_NONE;
}

thingspace_status report_save(const json *plan, const char *file, thingspace_error *error)
{
    cleanup_buffer buffer text;
    buffer_init(&text, LIMIT_JSON_TEXT);
    if (report_format_of(file) == REPORT_HTML)
        report_html(&text, plan, (long long)time(NULL));
    else
        report_markdown(&text, plan);
    if (text.status != THINGSPACE_OK)
        return error_memory(error);
    return file_replace(file, text.data, text.size, "report", error);
}
