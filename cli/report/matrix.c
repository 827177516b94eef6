/* SPDX-License-Identifier: MIT */
/* See matrix.h. */
#include <config.h>
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "cli/report/matrix.h"

/* ---- groups ---- */

static void collect(matrix_groups *out, plan_groups *from)
{
    while (plan_groups_next(from, &out->list[out->count]))
        out->count++;
}

thingspace_status matrix_groups_make(matrix_groups *out, const json *plan)
{
    const json *changes = json_get(plan, "changes"), *errors = json_get(plan, "errors");
    *out = (matrix_groups){0};
    thingspace_status status = plan_groups_make(&out->changes, changes);
    if (status == THINGSPACE_OK)
        status = plan_groups_make(&out->errors, errors);
    if (status != THINGSPACE_OK)
        return status;
    /* One more each: the place that the end of a list is asked with. */
    out->list = calloc(json_count(changes) + json_count(errors) + 1, sizeof(*out->list));
    if (!out->list)
        return THINGSPACE_MEMORY;
    collect(out, &out->changes);
    collect(out, &out->errors);
    return THINGSPACE_OK;
}

void matrix_groups_dispose(matrix_groups *groups)
{
    plan_groups_dispose(&groups->changes);
    plan_groups_dispose(&groups->errors);
    free(groups->list);
    *groups = (matrix_groups){0};
}

/* ---- rows and columns ---- */

/* The line of that name, made when it is new. NULL when out of memory. */
static matrix_line *find_line(matrix_lines *lines, const char *name, const char *api)
{
    cleanup_text char *key = text_format("%s\n%s", name, api ? api : "");
    matrix_line *line = key ? map_get(lines->by_name, key) : NULL;
    if (line || !key)
        return line;
    line = calloc(1, sizeof(*line));
    if (!line)
        return NULL;
    *line = (matrix_line){.name = name, .api = api};
    if (map_set(lines->by_name, key, line) == THINGSPACE_OK)
        return line;
    free(line);
    return NULL;
}

/* An error does not tell the API: any column of the service does, connectivity's first. */
static matrix_line *find_column(matrix_lines *columns, const json *entry)
{
    const char *service = json_get_string(entry, "serviceName");
    const char *api = json_get_string(entry, "api");
    cleanup_text char *key = text_format("%s\n", service);
    bool is_known = api || !key || map_get(columns->by_name, key);
    for (size_t i = 0; !is_known && i < map_count(columns->by_name); i++) {
        matrix_line *line = map_value(columns->by_name, i);
        if (!json_get(entry, "action") && text_equal(line->name, service))
            return line;
    }
    return find_line(columns, service, api);
}

static int compare_texts(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "");
}

static int compare_lines(const void *a, const void *b)
{
    const matrix_line *first = *(matrix_line *const *)a, *second = *(matrix_line *const *)b;
    int order = compare_texts(first->api, second->api);
    return order ? order : strcmp(first->name, second->name);
}

static size_t show(matrix_lines *lines, bool differs, size_t room)
{
    size_t count = 0;
    for (size_t i = 0; i < map_count(lines->by_name) && count < room; i++) {
        matrix_line *line = lines->list[i];
        if (line->differs != differs)
            continue;
        line->shown = true;
        count++;
    }
    return count;
}

/* Sorts them, and keeps `most`: those with differences first. */
static thingspace_status settle(matrix_lines *lines, size_t most)
{
    size_t count = map_count(lines->by_name), kept = 0;
    lines->list = calloc(count + 1, sizeof(matrix_line *));
    if (!lines->list)
        return THINGSPACE_MEMORY;
    for (size_t i = 0; i < count; i++)
        lines->list[i] = map_value(lines->by_name, i);
    qsort((void *)lines->list, count, sizeof(matrix_line *), compare_lines);
    size_t differing = show(lines, true, most);
    (void)show(lines, false, most - differing);
    for (size_t i = 0; i < count; i++) {
        if (!lines->list[i]->shown)
            continue;
        lines->list[i]->place = kept;
        lines->list[kept++] = lines->list[i];
    }
    lines->count = kept;
    lines->left_out = count - kept;
    return THINGSPACE_OK;
}

/* ---- cells ---- */

static bool is_difference(plan_state state)
{
    return state < PLAN_STATE_UNCHANGED;
}

static thingspace_status add(matrix *out, const json *entry, plan_state state, size_t group)
{
    matrix_line *row = find_line(&out->rows, json_get_string(entry, "accountName"), NULL);
    matrix_line *column = NULL;
    if (row && state == PLAN_STATE_UNREAD) {
        row->unread = entry;
        row->group = group;
    } else if (row) {
        column = find_column(&out->columns, entry);
    }
    if (!row || (!column && state != PLAN_STATE_UNREAD))
        return THINGSPACE_MEMORY;
    row->differs |= is_difference(state);
    if (!column)
        return THINGSPACE_OK;
    column->differs |= is_difference(state);
    out->cells[out->cell_count++] = (matrix_cell){row, column, state, entry, group};
    return THINGSPACE_OK;
}

static thingspace_status add_group(matrix *out, const matrix_groups *groups, size_t index)
{
    const plan_group *group = &groups->list[index];
    thingspace_status status = THINGSPACE_OK;
    for (size_t i = 0; i < group->count && status == THINGSPACE_OK; i++)
        status = add(out, group->rows[i], plan_state_of(group->action), index);
    return status;
}

static thingspace_status add_cell(matrix *out, const json *cell)
{
    return add(out, cell, plan_state_of(json_get_string(cell, "state")), 0);
}

/* Accounts without any cell. */
static thingspace_status add_empty(matrix *out, const json *names)
{
    for (const json *name = json_first(names); name; name = json_next(name))
        if (!find_line(&out->rows, json_string(name), NULL))
            return THINGSPACE_MEMORY;
    return THINGSPACE_OK;
}

/* Errors come last: see find_column. */
static thingspace_status add_all(matrix *out, const json *plan, const matrix_groups *groups)
{
    thingspace_status status = THINGSPACE_OK;
    size_t next = 0;
    while (next < groups->count && json_get(groups->list[next].rows[0], "action") &&
           status == THINGSPACE_OK)
        status = add_group(out, groups, next++);
    for (const json *cell = json_first(json_get(plan, "cells")); cell && status == THINGSPACE_OK;
         cell = json_next(cell))
        status = add_cell(out, cell);
    while (next < groups->count && status == THINGSPACE_OK)
        status = add_group(out, groups, next++);
    return status == THINGSPACE_OK ? add_empty(out, json_get(plan, "empty")) : status;
}

static int compare_places(size_t a, size_t b)
{
    return (a > b) - (a < b);
}

static int compare_cells(const void *a, const void *b)
{
    const matrix_cell *first = a, *second = b;
    int order = compare_places(first->row->place, second->row->place);
    if (order == 0)
        order = compare_places(first->column->place, second->column->place);
    return order ? order : (int)first->state - (int)second->state;
}

/* Sorted, without those of lines that are left out, and one for each place: the one to be told. */
static void settle_cells(matrix *out)
{
    size_t shown = 0, kept = 0;
    for (size_t i = 0; i < out->cell_count; i++)
        if (out->cells[i].row->shown && out->cells[i].column->shown)
            out->cells[shown++] = out->cells[i];
    qsort(out->cells, shown, sizeof(*out->cells), compare_cells);
    for (size_t i = 0; i < shown; i++) {
        const matrix_cell *cell = &out->cells[i], *last = kept > 0 ? &out->cells[kept - 1] : NULL;
        if (!last || last->row != cell->row || last->column != cell->column)
            out->cells[kept++] = *cell;
    }
    out->cell_count = kept;
}

thingspace_status matrix_make(matrix *out, const json *plan, const matrix_groups *groups)
{
    size_t count = json_count(json_get(plan, "changes")) + json_count(json_get(plan, "errors")) +
                   json_count(json_get(plan, "cells"));
    *out = (matrix){.cells = calloc(count + 1, sizeof(matrix_cell))};
    thingspace_status status = out->cells ? THINGSPACE_OK : THINGSPACE_MEMORY;
    if (status == THINGSPACE_OK)
        status = map_new(&out->rows.by_name, free);
    if (status == THINGSPACE_OK)
        status = map_new(&out->columns.by_name, free);
    if (status == THINGSPACE_OK)
        status = add_all(out, plan, groups);
    if (status == THINGSPACE_OK)
        status = settle(&out->columns, MATRIX_MOST_COLUMNS);
    if (status == THINGSPACE_OK)
        status = settle(&out->rows, MATRIX_MOST_CELLS / (out->columns.count + 1));
    if (status == THINGSPACE_OK)
        settle_cells(out);
    return status;
}

static void dispose_lines(matrix_lines *lines)
{
    map_free(lines->by_name);
    free((void *)lines->list);
}

void matrix_dispose(matrix *matrix)
{
    dispose_lines(&matrix->rows);
    dispose_lines(&matrix->columns);
    free(matrix->cells);
    *matrix = (struct matrix){0};
}
