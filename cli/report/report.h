/* SPDX-License-Identifier: MIT */
/*
 * A plan as a file for people: one page of HTML that needs nothing beside it, or Markdown for a
 * comment on a change. Made from the plan's JSON, with cells. Everything in it is escaped. One
 * thread.
 */
#ifndef CLI_REPORT_REPORT_H
#define CLI_REPORT_REPORT_H

#include "cli/report/matrix.h"

typedef enum report_format { REPORT_NONE, REPORT_HTML, REPORT_MARKDOWN } report_format;

/* By its ending, ".html" or ".md". */
report_format report_format_of(const char *file);

/* Replaced as a whole, mode 0600. Expected: LOCAL, MEMORY. */
thingspace_status report_save(const json *plan, const char *file, thingspace_error *error);

/* Failure sticks to `out`. `now` in seconds since 1970. */
void report_html(buffer *out, const json *plan, long long now);
void report_markdown(buffer *out, const json *plan);

/* --- between the files of this folder --- */

/* What a page is made of. */
typedef struct report {
    const json *plan;
    matrix_groups groups;
    matrix matrix;
} report;

/* Differences that are listed one by one; the others are in the matrix. */
#define REPORT_MOST_LISTED 2000
/* Groups of differences that are told; more have nothing in common that would help. */
#define REPORT_MOST_GROUPS 200

void report_html_matrix(buffer *out, const report *report);
void report_html_differences(buffer *out, const report *report);
/* The element with what scripts need to tell about each cell. */
void report_html_data(buffer *out, const report *report);
/* "2,000 more ...", when there is something: `what` in plural. */
void report_html_left_out(buffer *out, size_t count, const char *what);

/* The look and the script of the page; written by the build. */
extern const char report_css[], report_js[];

#endif
