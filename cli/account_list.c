/* SPDX-License-Identifier: MIT */
/* See account_list.h. The first line that says something tells which of the two it is. */
#include <config.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/buffer.h"
#include "base/error.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"
#include "cli/account_list.h"
#include "lua/policy/csv.h"

/* ---- the list ---- */

thingspace_status account_list_add(account_list *list, const char *name, size_t size,
                                   thingspace_error *error)
{
    if (list->count == LIMIT_ACCOUNTS)
        return error_set(error, THINGSPACE_USAGE, "more than %d accounts", LIMIT_ACCOUNTS);
    if (list->count + 1 >= list->capacity) {
        size_t capacity = list->capacity > 0 ? list->capacity * 2 : 64;
        char **larger = realloc(list->names, capacity * sizeof(*larger));
        if (!larger)
            return error_memory(error);
        list->names = larger;
        list->capacity = capacity;
    }
    list->names[list->count] = text_copy_range(name, size);
    if (!list->names[list->count])
        return error_memory(error);
    list->names[++list->count] = NULL;
    return THINGSPACE_OK;
}

void account_list_dispose(account_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->names[i]);
    free(list->names);
    for (size_t i = 0; i < list->column_count; i++)
        free(list->columns[i]);
    free(list->columns);
    for (size_t i = 0; i < list->cell_rows * list->column_count; i++)
        free(list->cells[i]);
    free(list->cells);
    *list = (account_list)ACCOUNT_LIST_INIT;
}

/* ---- lines ---- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* What the line says, without comment and blanks at both ends. */
static size_t trim_line(const char **line, size_t size)
{
    const char *comment = memchr(*line, '#', size);
    size = comment ? (size_t)(comment - *line) : size;
    while (size > 0 && is_blank(**line)) {
        ++*line;
        size--;
    }
    while (size > 0 && is_blank((*line)[size - 1]))
        size--;
    return size;
}

static thingspace_status add_line(account_list *list, const char *line, size_t size, int number,
                                  thingspace_error *error)
{
    size = trim_line(&line, size);
    for (size_t i = 0; i < size; i++)
        if (is_blank(line[i]) || line[i] == '\0')
            return error_set(error, THINGSPACE_USAGE,
                             "line %d: a name has no blanks; write one account a line", number);
    return size > 0 ? account_list_add(list, line, size, error) : THINGSPACE_OK;
}

static thingspace_status read_lines(account_list *list, const char *text, size_t size,
                                    thingspace_error *error)
{
    thingspace_status status = THINGSPACE_OK;
    for (int number = 1; size > 0 && status == THINGSPACE_OK; number++) {
        const char *end = memchr(text, '\n', size);
        size_t length = end ? (size_t)(end - text) : size;
        status = add_line(list, text, length, number, error);
        length += end != NULL;
        text += length;
        size -= length;
    }
    return status;
}

/* ---- CSV ---- */

static bool find_column(const csv *from, size_t *out)
{
    for (*out = 0; *out < from->column_count; ++*out)
        if (from->columns[*out].size == strlen("account") &&
            memcmp(from->columns[*out].text, "account", strlen("account")) == 0)
            return true;
    return false;
}

static thingspace_status keep_columns(account_list *list, const csv *from, size_t account,
                                      thingspace_error *error)
{
    list->columns = calloc(from->column_count, sizeof(*list->columns));
    if (!list->columns)
        return error_memory(error);
    for (size_t i = 0; i < from->column_count; i++) {
        if (i == account)
            continue;
        char *copy = text_copy_range(from->columns[i].text, from->columns[i].size);
        if (!copy)
            return error_memory(error);
        list->columns[list->column_count++] = copy;
    }
    return THINGSPACE_OK;
}

/* A row of cells for each account, those before without any. */
static thingspace_status grow_cells(account_list *list, thingspace_error *error)
{
    size_t row = list->column_count * sizeof(*list->cells), rows = list->capacity;
    if (list->cell_rows >= list->count)
        return THINGSPACE_OK;
    char **larger = realloc(list->cells, rows * row);
    if (!larger)
        return error_memory(error);
    list->cells = larger;
    memset(&larger[list->cell_rows * list->column_count], 0, (rows - list->cell_rows) * row);
    list->cell_rows = rows;
    return THINGSPACE_OK;
}

/* Of the account that was added last. */
static thingspace_status keep_cells(account_list *list, const csv *from, size_t account,
                                    thingspace_error *error)
{
    if (list->column_count == 0)
        return THINGSPACE_OK;
    if (grow_cells(list, error) != THINGSPACE_OK)
        return THINGSPACE_MEMORY;
    char **out = &list->cells[(list->count - 1) * list->column_count];
    for (size_t i = 0; i < from->column_count; i++) {
        if (i == account)
            continue;
        *out = text_copy_range(from->cells[i].text, from->cells[i].size);
        if (!*out++)
            return error_memory(error);
    }
    return THINGSPACE_OK;
}

static thingspace_status read_rows(account_list *list, csv *from, thingspace_error *error)
{
    bool more = true;
    size_t column;
    thingspace_status status = THINGSPACE_OK;
    if (!find_column(from, &column))
        return error_set(error, THINGSPACE_USAGE,
                         "no column is called account; the first line names the columns");
    status = keep_columns(list, from, column, error);
    while (status == THINGSPACE_OK) {
        status = csv_next(from, &more, error);
        if (status != THINGSPACE_OK || !more)
            return status;
        if (from->cells[column].size == 0)
            return error_set(error, THINGSPACE_USAGE, "line %d: the account is empty",
                             from->row_line);
        status = account_list_add(list, from->cells[column].text, from->cells[column].size, error);
        if (status == THINGSPACE_OK)
            status = keep_cells(list, from, column, error);
    }
    return status;
}

static thingspace_status read_csv(account_list *list, char *text, size_t size,
                                  thingspace_error *error)
{
    csv *from = malloc(sizeof(*from));
    if (!from)
        return error_memory(error);
    thingspace_status status = csv_open(from, text, size, error);
    if (status == THINGSPACE_OK)
        status = read_rows(list, from, error);
    free(from);
    if (status == THINGSPACE_POLICY)
        error->kind = status = THINGSPACE_USAGE;
    return status;
}

static bool is_csv(const char *text, size_t size)
{
    while (size > 0) {
        const char *end = memchr(text, '\n', size), *line = text;
        size_t length = end ? (size_t)(end - text) : size;
        size_t said = trim_line(&line, length);
        if (said > 0)
            return memchr(line, ',', said) || memchr(line, '"', said) ||
                   (said == strlen("account") && memcmp(line, "account", said) == 0);
        length += end != NULL;
        text += length;
        size -= length;
    }
    return false;
}

/* ---- the file ---- */

static thingspace_status read_all(buffer *out, int descriptor, thingspace_error *error)
{
    int cause = file_read_all(descriptor, out);
    if (cause != 0)
        return error_errno(error, THINGSPACE_LOCAL, cause, "it cannot be read");
    if (out->status == THINGSPACE_MEMORY)
        return error_memory(error);
    if (out->status != THINGSPACE_OK)
        return error_set(error, THINGSPACE_USAGE, "it is longer than %zu MiB",
                         out->maximum / 1024 / 1024);
    return THINGSPACE_OK;
}

static thingspace_status read_file(buffer *out, const char *path, thingspace_error *error)
{
    if (strcmp(path, "-") == 0)
        return read_all(out, STDIN_FILENO, error);
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return error_errno(error, THINGSPACE_LOCAL, errno, "it cannot be opened");
    thingspace_status status = read_all(out, descriptor, error);
    close(descriptor);
    return status;
}

thingspace_status account_list_read(account_list *list, const char *path, thingspace_error *error)
{
    cleanup_buffer buffer text;
    size_t before = list->count;
    buffer_init(&text, LIMIT_POLICY_FILE);
    thingspace_status status = read_file(&text, path, error);
    size_t mark = text.size >= 3 && memcmp(text.data, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    if (status == THINGSPACE_OK && text.size > mark)
        status = is_csv(text.data + mark, text.size - mark)
                     ? read_csv(list, text.data + mark, text.size - mark, error)
                     : read_lines(list, text.data + mark, text.size - mark, error);
    if (status == THINGSPACE_OK && list->count == before)
        status = error_set(error, THINGSPACE_USAGE, "it names no account");
    if (status != THINGSPACE_OK && status != THINGSPACE_MEMORY)
        error_prefix(error, "--accounts %s", strcmp(path, "-") == 0 ? "-" : path);
    return status;
}
