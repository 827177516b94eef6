/* SPDX-License-Identifier: MIT */
/*
 * A reader of CSV that goes over the text once. A bare CR, a quote inside a cell
 * without quotes, or a row of another width is an error with its line: guessing
 * would shift cells between columns. Owns nothing; any thread.
 */
#include <config.h>
#include <string.h>
#include "base/error.h"
#include "base/text.h"
#include "lua/policy/csv.h"

static thingspace_status refuse(const csv *self, const char *reason, thingspace_error *error)
{
    return error_set(error, THINGSPACE_POLICY, "line %d: %s", self->line, reason);
}

static int peek(const csv *self, size_t ahead)
{
    size_t left = self->size - self->offset;
    return ahead < left ? (unsigned char)self->text[self->offset + ahead] : -1;
}

/* Length of the line end at the offset: 0, 1 or 2. */
static size_t line_end(const csv *self)
{
    if (peek(self, 0) == '\n')
        return 1;
    return peek(self, 0) == '\r' && peek(self, 1) == '\n' ? 2 : 0;
}

static thingspace_status read_bare(csv *self, csv_cell *out, thingspace_error *error)
{
    size_t start = self->offset;
    int byte;
    while ((byte = peek(self, 0)) != -1 && byte != ',' && !line_end(self)) {
        if (byte == '"')
            return refuse(self, "a quote inside a cell: put the cell in quotes and double it",
                          error);
        if (byte == '\r')
            return refuse(self, "a carriage return without a line feed", error);
        self->offset++;
    }
    *out = (csv_cell){self->text + start, self->offset - start};
    return THINGSPACE_OK;
}

/* Stands after the opening quote; unfolds doubled quotes in place. */
static thingspace_status read_quoted(csv *self, csv_cell *out, thingspace_error *error)
{
    char *start = self->text + self->offset, *end = start;
    int opened = self->line, byte;
    while ((byte = peek(self, 0)) != -1 && (byte != '"' || peek(self, 1) == '"')) {
        if (byte == '\n')
            self->line++;
        *end++ = (char)byte;
        self->offset += byte == '"' ? 2 : 1;
    }
    if (byte == -1) {
        self->line = opened;
        return refuse(self, "a quoted cell has no end", error);
    }
    self->offset++;
    if (peek(self, 0) != -1 && peek(self, 0) != ',' && !line_end(self))
        return refuse(self, "text after the end of a quoted cell", error);
    *out = (csv_cell){start, (size_t)(end - start)};
    return THINGSPACE_OK;
}

static thingspace_status read_cell(csv *self, csv_cell *out, thingspace_error *error)
{
    bool quoted = peek(self, 0) == '"';
    if (quoted)
        self->offset++;
    thingspace_status status = quoted ? read_quoted(self, out, error) : read_bare(self, out, error);
    if (status != THINGSPACE_OK)
        return status;
    if (memchr(out->text, '\0', out->size))
        return refuse(self, "a zero byte", error);
    if (!text_is_utf8(out->text, out->size))
        return refuse(self, "a cell is not UTF-8: save the file as UTF-8", error);
    return THINGSPACE_OK;
}

static void skip_empty_lines(csv *self)
{
    size_t length;
    while ((length = line_end(self)) > 0) {
        self->offset += length;
        self->line++;
    }
}

/* One line of cells; stands behind its end afterwards. */
static thingspace_status read_row(csv *self, csv_cell *cells, size_t *count,
                                  thingspace_error *error)
{
    *count = 0;
    self->row_line = self->line;
    for (;;) {
        if (*count == LIMIT_CSV_COLUMNS)
            return refuse(self, "too many columns (limit 256)", error);
        thingspace_status status = read_cell(self, &cells[*count], error);
        if (status != THINGSPACE_OK)
            return status;
        ++*count;
        if (peek(self, 0) != ',')
            break;
        self->offset++;
    }
    size_t length = line_end(self);
    self->offset += length;
    self->line += length > 0;
    return THINGSPACE_OK;
}

static bool same_cell(const csv_cell *a, const csv_cell *b)
{
    return a->size == b->size && memcmp(a->text, b->text, a->size) == 0;
}

static thingspace_status check_columns(const csv *self, thingspace_error *error)
{
    for (size_t i = 0; i < self->column_count; i++) {
        const csv_cell *column = &self->columns[i];
        if (column->size == 0)
            return error_set(error, THINGSPACE_POLICY, "line %d: column %zu has no name",
                             self->row_line, i + 1);
        for (size_t j = 0; j < i; j++)
            if (same_cell(column, &self->columns[j]))
                return error_set(error, THINGSPACE_POLICY,
                                 "line %d: columns %zu and %zu have the same name", self->row_line,
                                 j + 1, i + 1);
    }
    return THINGSPACE_OK;
}

thingspace_status csv_open(csv *out, char *text, size_t size, thingspace_error *error)
{
    bool mark = size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0;
    *out = (csv){.text = text, .size = size, .offset = mark ? 3 : 0, .line = 1};
    skip_empty_lines(out);
    if (out->offset == size)
        return refuse(out, "no line with the names of the columns", error);
    thingspace_status status = read_row(out, out->columns, &out->column_count, error);
    return status == THINGSPACE_OK ? check_columns(out, error) : status;
}

thingspace_status csv_next(csv *self, bool *more, thingspace_error *error)
{
    size_t count;
    skip_empty_lines(self);
    *more = self->offset < self->size;
    if (!*more)
        return THINGSPACE_OK;
    thingspace_status status = read_row(self, self->cells, &count, error);
    if (status == THINGSPACE_OK && count != self->column_count)
        status =
            error_set(error, THINGSPACE_POLICY, "line %d: %zu cells, but line 1 names %zu columns",
                      self->row_line, count, self->column_count);
    return status;
}
