/* SPDX-License-Identifier: MIT */
/*
 * What is behind each cell, as JSON that stays below 100 bytes a cell: texts and whole cells that
 * repeat are there once and told by their number. In texts U+0001 stands for the account, U+0002
 * for the service; a URL is two parts, of which the first one repeats.
 *
 *     {"texts":["",...],"details":[...],"cells":[[details of a row in the order of its cells]...]}
 *
 * A detail is [url, username, has a password] or, of a difference, [group, note, member, from, to,
 * member, ...]. A value is a number of texts (0: nothing) or [number, rest].
 */
#include <config.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "base/limits.h"
#include "base/text.h"
#include "cli/report/escape.h"
#include "cli/report/report.h"

typedef struct data {
    map *texts, *details; /* text -> its number and one */
    buffer cells;
    thingspace_status status;
} data;

/* The number of a text, which is new or not. */
static size_t number_of(data *data, map *map, const char *text)
{
    uintptr_t number = (uintptr_t)map_get(map, text);
    if (number > 0)
        return number - 1;
    if (data->status == THINGSPACE_OK)
        data->status = map_set(map, text, (void *)(uintptr_t)(map_count(map) + 1));
    return map_count(map) - 1;
}

/* ---- values ---- */

/* Visible, with placeholders; NULL when out of memory. */
static char *shorten(const matrix_cell *cell, const char *text)
{
    cleanup_text char *visible = escape_visible(text);
    cleanup_text char *account = escape_visible(cell->row->name);
    cleanup_text char *service = escape_visible(cell->column->name);
    if (!visible || !account || !service)
        return NULL;
    cleanup_text char *half = plan_phrase_replace(visible, account, "\1");
    return half ? plan_phrase_replace(half, service, "\2") : NULL;
}

static void write_parts(buffer *out, data *data, char *text)
{
    char *slash = strrchr(text, '/');
    if (!slash) {
        buffer_append_format(out, "%zu", number_of(data, data->texts, text));
        return;
    }
    cleanup_text char *first = text_copy_range(text, (size_t)(slash - text) + 1);
    if (!first) {
        data->status = THINGSPACE_MEMORY;
        return;
    }
    buffer_append_format(out, "[%zu,", number_of(data, data->texts, first));
    escape_script(out, slash + 1);
    buffer_append_byte(out, ']');
}

static void write_value(buffer *out, data *data, const matrix_cell *cell, const char *text)
{
    cleanup_text char *shortened = text ? shorten(cell, text) : text_copy("");
    if (shortened)
        write_parts(out, data, shortened);
    else
        data->status = THINGSPACE_MEMORY;
}

/* ---- cells ---- */

static void write_registered(buffer *out, data *data, const matrix_cell *cell)
{
    bool has = json_type_of(json_get(cell->entry, "hasPassword")) == JSON_TRUE;
    buffer_append_byte(out, '[');
    write_value(out, data, cell, json_get_string(cell->entry, "url"));
    buffer_append_byte(out, ',');
    write_value(out, data, cell, json_get_string(cell->entry, "username"));
    buffer_append_format(out, ",%d]", has);
}

/* Of a difference its note, of an error its message with the code. */
static char *note_of(const json *entry)
{
    const char *message = json_get_string(entry, "message"), *code = json_get_string(entry, "code");
    const char *note = json_get_string(entry, "note");
    if (!message)
        return text_copy(note ? note : "");
    bool tells = !code || strstr(message, code);
    return text_format("%s%s%s%s", message, tells ? "" : " [", tells ? "" : code, tells ? "" : "]");
}

static void write_difference(buffer *out, data *data, const matrix_cell *cell)
{
    cleanup_text char *note = note_of(cell->entry);
    if (!note)
        data->status = THINGSPACE_MEMORY;
    buffer_append_format(out, "[%zu,", cell->group);
    write_value(out, data, cell, note);
    for (const json *field = json_first(json_get(cell->entry, "fields")); field;
         field = json_next(field)) {
        buffer_append_byte(out, ',');
        write_value(out, data, cell, json_get_string(field, "name"));
        buffer_append_byte(out, ',');
        write_value(out, data, cell, json_get_string(field, "from"));
        buffer_append_byte(out, ',');
        write_value(out, data, cell, json_get_string(field, "to"));
    }
    buffer_append_byte(out, ']');
}

static void write_cell(data *data, const matrix_cell *cell)
{
    cleanup_buffer buffer detail;
    buffer_init(&detail, LIMIT_JSON_TEXT);
    if (cell->state < PLAN_STATE_UNCHANGED)
        write_difference(&detail, data, cell);
    else
        write_registered(&detail, data, cell);
    if (detail.status != THINGSPACE_OK)
        data->status = detail.status;
    else if (data->status == THINGSPACE_OK)
        buffer_append_format(&data->cells, "%zu", number_of(data, data->details, detail.data));
}

static void write_cells(data *data, const matrix *matrix)
{
    size_t next = 0;
    for (size_t i = 0; i < matrix->rows.count; i++) {
        size_t begin = next;
        buffer_append_text(&data->cells, i > 0 ? ",\n[" : "[");
        for (; next < matrix->cell_count && matrix->cells[next].row->place == i; next++) {
            if (next > begin)
                buffer_append_byte(&data->cells, ',');
            write_cell(data, &matrix->cells[next]);
        }
        buffer_append_byte(&data->cells, ']');
    }
}

/* ---- the element ---- */

static void write_texts(buffer *out, const map *texts)
{
    for (size_t i = 0; i < map_count(texts); i++) {
        buffer_append_text(out, i > 0 ? "," : "");
        escape_script(out, map_key(texts, i));
    }
}

static void write_details(buffer *out, const map *details)
{
    for (size_t i = 0; i < map_count(details); i++) {
        buffer_append_text(out, i > 0 ? ",\n" : "");
        buffer_append_text(out, map_key(details, i));
    }
}

static void fill(data *data, const matrix *matrix)
{
    data->status = map_new(&data->texts, NULL);
    if (data->status == THINGSPACE_OK)
        data->status = map_new(&data->details, NULL);
    if (data->status != THINGSPACE_OK)
        return;
    (void)number_of(data, data->texts, ""); /* 0 */
    write_cells(data, matrix);
    if (data->status == THINGSPACE_OK)
        data->status = data->cells.status;
}

void report_html_data(buffer *out, const report *report)
{
    data data = {0};
    buffer_init(&data.cells, LIMIT_JSON_TEXT);
    fill(&data, &report->matrix);
    if (data.status == THINGSPACE_OK) {
        buffer_append_text(out, "<script type=\"application/json\" id=\"data\">\n{\"texts\":[");
        write_texts(out, data.texts);
        buffer_append_text(out, "],\n\"details\":[");
        write_details(out, data.details);
        buffer_append_text(out, "],\n\"cells\":[");
        buffer_append(out, data.cells.data, data.cells.size);
        buffer_append_text(out, "]}\n</script>\n");
    } else {
        out->status = data.status;
    }
    map_free(data.texts);
    map_free(data.details);
    buffer_dispose(&data.cells);
}
