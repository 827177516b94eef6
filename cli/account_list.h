/* SPDX-License-Identifier: MIT */
/*
 * Accounts from a file: one name a line, with # for comments, or CSV with a column `account`, whose
 * other columns are kept.
 * Whether the names can be sent is the library's to say. One thread.
 */
#ifndef CLI_ACCOUNT_LIST_H
#define CLI_ACCOUNT_LIST_H

#include <stddef.h>
#include <thingspace/error.h>

typedef struct account_list {
    char **names; /* `count`, then NULL */
    size_t count, capacity;
    char **columns; /* but for `account`, then NULL; NULL: no file has columns */
    size_t column_count;
    char **cells; /* for each account a row of them; NULL: nothing is said */
    size_t cell_rows;
} account_list;

#define ACCOUNT_LIST_INIT                                                                          \
    {                                                                                              \
        NULL, 0, 0, NULL, 0, NULL, 0                                                               \
    }

/* Appends a copy. Expected: USAGE (too many), MEMORY. Owned: account_list_dispose. */
thingspace_status account_list_add(account_list *list, const char *name, size_t size,
                                   thingspace_error *error);
/* Appends those of the file; "-" is standard input. One file has columns. Expected: LOCAL (cannot
 * be read), USAGE (what is wrong with it, and where), MEMORY. */
thingspace_status account_list_read(account_list *list, const char *path, thingspace_error *error);
void account_list_dispose(account_list *list);

#endif
