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

/* What is written, and how far it is. */
typedef struct writer {
    buffer *out;
    const matrix *matrix;
    size_t next;  /* cell */
    size_t links; /* so far */
} writer;

static void write_cell(writer *writer, const matrix_cell *cell)
{
    const plan_look *look = &plan_looks[cell->state];
    bool listed = cell->state < PLAN_STATE_UNCHANGED && cell->group < REPORT_MOST_GROUPS;
    if (listed && writer->links++ < REPORT_MOST_LISTED)
        buffer_append_format(writer->out, "<td class=\"%c\"><a href=\"#g%zu\">%c</a></td>",
                             look->letter, cell->group, look->mark);
    else
        buffer_append_format(writer->out, "<td class=\"%c\">%c</td>", look->letter, look->mark);
}

/* The next cell when it is in that row; else NULL. */
static const matrix_cell *peek(const writer *writer, const matrix_line *row)
{
    const matrix *matrix = writer->matrix;
    const matrix_cell *cell = &matrix->cells[writer->next];
    return writer->next < matrix->cell_count && cell->row == row ? cell : NULL;
}

static void write_cells(writer *writer, const matrix_line *row)
{
    for (size_t i = 0; i < writer->matrix->columns.count; i++) {
        const matrix_cell *cell = peek(writer, row);
        if (cell && cell->column->place == i) {
            write_cell(writer, cell);
            writer->next++;
        } else {
            buffer_append_text(writer->out, "<td></td>");
        }
    }
}

static void write_row(writer *writer, const matrix_line *row)
{
    buffer_append_text(writer->out, "<tr><th scope=\"row\">");
    escape_html(writer->out, row->name);
    buffer_append_text(writer->out, "</th>");
    if (row->unread)
        write_unread(writer->out, writer->matrix, row);
    else
        write_cells(writer, row);
    while (peek(writer, row))
        writer->next++;
    buffer_append_text(writer->out, "</tr>\n");
}

void report_html_matrix(buffer *out, const report *report)
{
    const matrix *matrix = &report->matrix;
    writer writer = {.out = out, .matrix = matrix};
    buffer_append_text(out, "<table id=\"table\">\n");
    write_head(out, matrix);
    for (size_t i = 0; i < matrix->rows.count && out->status == THINGSPACE_OK; i++) {
        if (i % ROWS_OF_CHUNK == 0)
            buffer_append_text(out, i > 0 ? "</tbody>\n<tbody>\n" : "<tbody>\n");
        write_row(&writer, matrix->rows.list[i]);
    }
    buffer_append_text(out, matrix->rows.count > 0 ? "</tbody>\n</table>\n" : "</table>\n");
}
