/* SPDX-License-Identifier: MIT */
/*
 * The matrix as a table. A cell is its sign and a class of one letter, so that a hundred thousand
 * of them stay small; differences that are listed below link there, for readers without scripts.
 */
#include <config.h>
#include <string.h>
#include "base/text.h"
#include "cli/report/escape.h"
#include "cli/report/report.h"

/* Rows of one <tbody>: what browsers skip while it is out of sight. */
#define ROWS_OF_CHUNK 40

static void write_column(buffer *out, const matrix_line *column)
{
    buffer_append_text(out, "<th scope=\"col\"><span>");
    escape_html(out, column->name);
    if (column->api) {
        buffer_append_text(out, " <i>");
        escape_html(out, column->api);
        buffer_append_text(out, "</i>");
    }
    buffer_append_text(out, "</span></th>");
}

static void write_head(buffer *out, const matrix *matrix)
{
    buffer_append_text(out, "<thead><tr><th scope=\"col\">Account</th>");
    for (size_t i = 0; i < matrix->columns.count; i++)
        write_column(out, matrix->columns.list[i]);
    buffer_append_text(out, "</tr></thead>\n");
}

static void write_unread(buffer *out, const matrix *matrix, const matrix_line *row)
{
    const json *error = row->unread;
    const char *message = json_get_string(error, "message"), *code = json_get_string(error, "code");
    const char *credential = json_get_string(error, "credential");
    size_t span = matrix->columns.count;
    buffer_append_format(out, "<td class=\"u\" colspan=\"%zu\" data-group=\"%zu\"><b>x</b> ",
                         span > 0 ? span : 1, row->group);
    escape_html(out, message);
    if (code && !strstr(message, code)) {
        buffer_append_text(out, " [");
        escape_html(out, code);
        buffer_append_text(out, "]");
    }
    if (credential) {
        buffer_append_text(out, " <i>credential ");
        escape_html(out, credential);
        buffer_append_text(out, "</i>");
    }
    buffer_append_text(out, "</td>");
}

static void write_cell(buffer *out, const matrix_cell *cell)
{
    const matrix_look *look = &matrix_looks[cell->state];
    if (cell->state < MATRIX_UNCHANGED && cell->group < REPORT_MOST_GROUPS)
        buffer_append_format(out, "<td class=\"%c\"><a href=\"#g%zu\">%c</a></td>", look->letter,
                             cell->group, look->mark);
    else
        buffer_append_format(out, "<td class=\"%c\">%c</td>", look->letter, look->mark);
}

/* Returns the cell after the last one of the row. */
static size_t write_row(buffer *out, const matrix *matrix, size_t index, size_t next)
{
    const matrix_line *row = matrix->rows.list[index];
    buffer_append_text(out, "<tr><th scope=\"row\">");
    escape_html(out, row->name);
    buffer_append_text(out, "</th>");
    for (size_t i = 0; !row->unread && i < matrix->columns.count; i++) {
        const matrix_cell *cell = next < matrix->cell_count ? &matrix->cells[next] : NULL;
        if (cell && cell->row == row && cell->column->place == i) {
            write_cell(out, cell);
            next++;
        } else {
            buffer_append_text(out, "<td></td>");
        }
    }
    if (row->unread)
        write_unread(out, matrix, row);
    while (next < matrix->cell_count && matrix->cells[next].row == row)
        next++;
    buffer_append_text(out, "</tr>\n");
    return next;
}

void report_html_matrix(buffer *out, const report *report)
{
    const matrix *matrix = &report->matrix;
    size_t next = 0;
    buffer_append_text(out, "<table id=\"table\">\n");
    write_head(out, matrix);
    for (size_t i = 0; i < matrix->rows.count && out->status == THINGSPACE_OK; i++) {
        if (i % ROWS_OF_CHUNK == 0)
            buffer_append_text(out, i > 0 ? "</tbody>\n<tbody>\n" : "<tbody>\n");
        next = write_row(out, matrix, i, next);
    }
    buffer_append_text(out, matrix->rows.count > 0 ? "</tbody>\n</table>\n" : "</table>\n");
}
