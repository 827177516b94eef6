/* SPDX-License-Identifier: MIT */
/* The CSV reader: RFC 4180 and nothing looser; errors name their line. */
#include <stdlib.h>
#include "base/text.h"
#include "check.h"
#include "lua/policy/csv.h"

#define cleanup_memory __attribute__((cleanup(text_cleanup)))

static void free_csv(csv **memory)
{
    free(*memory);
}

#define cleanup_csv __attribute__((cleanup(free_csv)))

static bool cell_is(const csv_cell *cell, const char *text)
{
    return cell->size == strlen(text) && memcmp(cell->text, text, cell->size) == 0;
}

/* Reads the rest and answers the first failure. */
static thingspace_status read_all(csv *from, char *text, size_t size, thingspace_error *error)
{
    bool more = true;
    thingspace_status status = csv_open(from, text, size, error);
    while (status == THINGSPACE_OK && more)
        status = csv_next(from, &more, error);
    return status;
}

static void every_cell_is_text(void)
{
    char text[] = "account,endpoint\n0000123456-00001,lab\n7,\n";
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_csv csv *from = malloc(sizeof(*from));
    bool more;
    CHECK_MADE(from);
    CHECK_OK(csv_open(from, text, strlen(text), &error));
    CHECK_INT(from->column_count, 2);
    CHECK(cell_is(&from->columns[0], "account"));
    CHECK_OK(csv_next(from, &more, &error));
    CHECK(more && cell_is(&from->cells[0], "0000123456-00001"));
    CHECK_OK(csv_next(from, &more, &error));
    CHECK(cell_is(&from->cells[0], "7") && cell_is(&from->cells[1], ""));
    CHECK_OK(csv_next(from, &more, &error));
    CHECK(!more);
}

static void quotes_hold_commas_quotes_and_line_ends(void)
{
    char text[] = "\xef\xbb\xbf\"a\",b\r\n\"x, \"\"y\"\"\r\nz\",2\r\n\r\n3,\"\"";
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_csv csv *from = malloc(sizeof(*from));
    bool more;
    CHECK_MADE(from);
    CHECK_OK(csv_open(from, text, strlen(text), &error));
    CHECK(cell_is(&from->columns[0], "a"));
    CHECK_OK(csv_next(from, &more, &error));
    CHECK(cell_is(&from->cells[0], "x, \"y\"\r\nz"));
    CHECK_OK(csv_next(from, &more, &error));
    CHECK(more && cell_is(&from->cells[0], "3") && cell_is(&from->cells[1], ""));
    CHECK_INT(from->row_line, 5);
}

static void what_is_not_csv_is_refused_with_its_line(void)
{
    static const struct {
        const char *text;
        size_t size; /* 0: its length */
        const char *message;
    } rows[] = {
        {"", 0, "line 1: no line with the names of the columns"},
        {"a,b\n1\n", 0, "line 2: 1 cells, but line 1 names 2 columns"},
        {"a,b\n1,2,3\n", 0, "line 2: 3 cells, but line 1 names 2 columns"},
        {"a\n1\nx\"y\n", 0, "line 3: a quote inside a cell: put the cell in quotes and double it"},
        {"a\n\"1\n\n", 0, "line 2: a quoted cell has no end"},
        {"a\n\"1\"2\n", 0, "line 2: text after the end of a quoted cell"},
        {"a\n1\r2\n", 0, "line 2: a carriage return without a line feed"},
        {"a\n\xff\n", 0, "line 2: a cell is not UTF-8: save the file as UTF-8"},
        {"a\n1\0002\n", 6, "line 2: a zero byte"},
        {"a,,b\n", 0, "line 1: column 2 has no name"},
        {"a,b,a\n", 0, "line 1: columns 1 and 3 have the same name"},
    };
    cleanup_csv csv *from = malloc(sizeof(*from));
    CHECK_MADE(from);
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        thingspace_error error = THINGSPACE_ERROR_INIT;
        size_t size = rows[i].size ? rows[i].size : strlen(rows[i].text);
        cleanup_memory char *text = text_copy_range(rows[i].text, size);
        CHECK_MADE(text);
        CHECK_STATUS(read_all(from, text, size, &error), THINGSPACE_POLICY);
        CHECK_TEXT(error.message, rows[i].message);
    }
}

static void the_number_of_columns_is_limited(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    char text[LIMIT_CSV_COLUMNS * 2 + 8];
    cleanup_csv csv *from = malloc(sizeof(*from));
    CHECK_MADE(from);
    memset(text, ',', sizeof(text));
    CHECK_STATUS(csv_open(from, text, LIMIT_CSV_COLUMNS + 1, &error), THINGSPACE_POLICY);
    CHECK_TEXT(error.message, "line 1: too many columns (limit 256)");
}

static const check_case cases[] = {
    CHECK_CASE(every_cell_is_text),
    CHECK_CASE(quotes_hold_commas_quotes_and_line_ends),
    CHECK_CASE(what_is_not_csv_is_refused_with_its_line),
    CHECK_CASE(the_number_of_columns_is_limited),
};

CHECK_MAIN(cases)
