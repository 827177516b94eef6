/* SPDX-License-Identifier: MIT */
/*
 * See rows.h. Widths are those of a terminal: wide characters count two, combining ones none.
 * All our text is UTF-8, so that is the locale for wcwidth, set only when a table needs it.
 */
#include <config.h>
#include <locale.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include "base/text.h"
#include "cli/rows.h"

/* A URL is the longest cell there is; an escaped byte takes four. */
#define LONGEST_CELL ((size_t)4 * 8 * 1024)
/* What every terminal has; the indentation of lines below; what a line has at least after that. */
#define NARROW     80
#define BELOW      4
#define LEAST_ROOM 40
#define BOLD       "\033[1m"
#define PLAIN      "\033[0m"

void rows_begin(rows *rows, const output *output, const column *columns)
{
    memset(rows, 0, sizeof(*rows));
    rows->output = output;
    rows->columns = columns;
    while (columns[rows->column_count].title)
        rows->column_count++;
}

static void fail(rows *rows)
{
    rows->status = THINGSPACE_MEMORY;
}

/* ---- JSON ---- */

static json *make_object(const rows *rows, const cell *cells)
{
    json *object = json_new_object();
    bool good = object != NULL;
    for (size_t i = 0; i < rows->column_count; i++) {
        json *value = cells[i].value;
        if (!value && rows->columns[i].member)
            value = json_new_string(cells[i].text);
        if (!object || !rows->columns[i].member)
            json_free(value);
        else
            good &= json_set(object, rows->columns[i].member, value) == THINGSPACE_OK;
    }
    if (good)
        return object;
    json_free(object);
    return NULL;
}

static void print_object(rows *rows, const cell *cells)
{
    cleanup_json json *object = make_object(rows, cells);
    cleanup_buffer buffer text;
    buffer_init(&text, SIZE_MAX / 2);
    buffer_append_text(&text, rows->count == 0 ? "[" : ",\n ");
    if (!object || json_write(&text, object, JSON_PLAIN) != THINGSPACE_OK)
        fail(rows);
    else
        output_bytes(text.data, text.size);
}

/* ---- lines ---- */

static char *escape(const char *text)
{
    size_t size = text ? strlen(text) : 0;
    size_t capacity = size * 8 + 1 > LONGEST_CELL ? LONGEST_CELL : size * 8 + 1;
    char *escaped = malloc(capacity);
    if (escaped)
        text_escape(escaped, capacity, text ? text : "", size);
    return escaped;
}

static void print_line(rows *rows, const cell *cells)
{
    cleanup_buffer buffer line;
    buffer_init(&line, ROWS_MOST_COLUMNS * (LONGEST_CELL + 1));
    bool first = true;
    for (size_t i = 0; i < rows->column_count; i++) {
        if (rows->columns[i].place == COLUMN_HIDDEN)
            continue;
        cleanup_text char *text = escape(cells[i].text);
        buffer_append_text(&line, first ? "" : "\t");
        buffer_append_text(&line, text ? text : "");
        first = false;
        if (!text)
            fail(rows);
    }
    if (line.status == THINGSPACE_OK)
        output_line(buffer_text(&line));
    else
        fail(rows);
}

/* ---- tables ---- */

static bool make_room(rows *rows)
{
    if (rows->cell_count + rows->column_count <= rows->cell_capacity)
        return true;
    size_t capacity = rows->cell_capacity ? rows->cell_capacity * 2 : 16 * ROWS_MOST_COLUMNS;
    if (capacity > SIZE_MAX / sizeof(*rows->cells))
        return false;
    char **cells = realloc(rows->cells, capacity * sizeof(*cells));
    if (!cells)
        return false;
    rows->cells = cells;
    rows->cell_capacity = capacity;
    return true;
}

static void keep_row(rows *rows, const cell *cells)
{
    if (!make_room(rows)) {
        fail(rows);
        return;
    }
    for (size_t i = 0; i < rows->column_count; i++) {
        char *text = escape(text_is_empty(cells[i].text) ? "-" : cells[i].text);
        if (!text)
            fail(rows);
        rows->cells[rows->cell_count++] = text;
    }
}

/* Columns of a terminal that the text takes. */
static size_t width_of(const char *text)
{
    size_t width = 0, left = strlen(text);
    mbstate_t state = {0};
    while (left > 0) {
        wchar_t letter;
        size_t size = mbrtowc(&letter, text, left, &state);
        if (size == 0 || size > left)
            return width + left; /* no UTF-8 locale: count bytes */
        int columns = wcwidth(letter);
        width += columns > 0 ? (size_t)columns : 0;
        text += size;
        left -= size;
    }
    return width;
}

static void append_padded(buffer *line, const char *text, size_t width)
{
    buffer_append_text(line, text);
    for (size_t used = width_of(text); used < width; used++)
        buffer_append_byte(line, ' ');
}

static void print_padded(const rows *rows, const char *const *texts, const size_t *widths,
                         const char *before, const char *after)
{
    cleanup_buffer buffer line;
    buffer_init(&line, ROWS_MOST_COLUMNS * 2 * LONGEST_CELL);
    buffer_append_text(&line, before);
    size_t last = rows->column_count;
    while (last > 0 && rows->columns[last - 1].place != COLUMN_SHOWN)
        last--;
    for (size_t i = 0; i < last; i++)
        if (rows->columns[i].place == COLUMN_SHOWN)
            append_padded(&line, texts[i], i + 1 < last ? widths[i] + 2 : 0);
    buffer_append_text(&line, after);
    output_line(buffer_text(&line));
}

/* How much of a list fits in a line: whole members, one at least, with the blank behind them. */
static size_t fit(const char *list, size_t room)
{
    const char *end = strstr(list, ", ");
    const char *next = end ? strstr(end + 2, ", ") : NULL;
    if (!end || width_of(list) <= room)
        return strlen(list);
    for (; next && (size_t)(next + 1 - list) <= room; next = strstr(end + 2, ", "))
        end = next;
    return (size_t)(end + 2 - list);
}

/* "TITLE: a, b," and what does not fit on lines of its own. */
static void print_named(const char *title, const char *list, size_t indent)
{
    size_t head = indent + strlen(title) + 2;
    size_t room = head + LEAST_ROOM < NARROW ? NARROW - head : LEAST_ROOM;
    for (const char *at = list; *at;) {
        size_t size = fit(at, room);
        bool ends = !at[size];
        cleanup_text char *line =
            at == list ? text_format("%*s%s: %.*s", (int)indent, "", title,
                                     (int)(ends ? size : size - 1), at)
                       : text_format("%*s%.*s", (int)head, "", (int)(ends ? size : size - 1), at);
        if (line)
            output_line(line);
        at += size;
    }
}

static void print_below(const rows *rows, char *const *texts, size_t indent)
{
    for (size_t i = 0; i < rows->column_count; i++) {
        const column *column = &rows->columns[i];
        bool said = !text_equal(texts[i], "-");
        if (said && column->place == COLUMN_NAMED)
            print_named(column->title, texts[i], BELOW);
        if (!said || column->place != COLUMN_BELOW)
            continue;
        cleanup_text char *line = text_format("%*s%s", (int)indent, "", texts[i]);
        if (line)
            output_line(line);
    }
}

static void widen(size_t *width, const char *text)
{
    size_t wanted = width_of(text);
    *width = wanted > *width ? wanted : *width;
}

static void print_table(const rows *rows)
{
    size_t widths[ROWS_MOST_COLUMNS] = {0};
    const char *titles[ROWS_MOST_COLUMNS];
    setlocale(LC_CTYPE, "C.UTF-8");
    for (size_t i = 0; i < rows->column_count; i++) {
        titles[i] = rows->columns[i].title;
        widen(&widths[i], titles[i]);
    }
    for (size_t i = 0; i < rows->cell_count; i++)
        widen(&widths[i % rows->column_count], rows->cells[i]);
    bool color = rows->output->color;
    print_padded(rows, titles, widths, color ? BOLD : "", color ? PLAIN : "");
    for (size_t i = 0; i < rows->cell_count; i += rows->column_count) {
        print_padded(rows, (const char *const *)rows->cells + i, widths, "", "");
        print_below(rows, rows->cells + i, widths[0] + 2);
    }
}

/* ---- all ---- */

static void drop_values(const rows *rows, const cell *cells)
{
    for (size_t i = 0; i < rows->column_count; i++)
        json_free(cells[i].value);
}

void rows_add(rows *rows, const cell *cells)
{
    if (rows->output->json)
        print_object(rows, cells);
    else
        drop_values(rows, cells);
    if (!rows->output->json && rows->output->terminal)
        keep_row(rows, cells);
    else if (!rows->output->json)
        print_line(rows, cells);
    rows->count++;
}

thingspace_status rows_end(rows *rows, bool always)
{
    if (rows->output->json && rows->count > 0)
        output_line("]");
    else if (rows->output->json && always)
        output_line("[]");
    else if (rows->count > 0 && rows->output->terminal && rows->status == THINGSPACE_OK)
        print_table(rows);
    for (size_t i = 0; i < rows->cell_count; i++)
        free(rows->cells[i]);
    free(rows->cells);
    rows->cells = NULL;
    return rows->status;
}
