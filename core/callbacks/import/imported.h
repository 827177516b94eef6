/* SPDX-License-Identifier: MIT */
/*
 * What an import has read: forms of listeners, in which the names of account and service are
 * placeholders, and for each account a set of services with their forms; accounts that differ in
 * nothing else have one set. Texts are kept once: a fleet with one URL template costs little more
 * than its names. One thread at a time.
 */
#ifndef IMPORTED_H
#define IMPORTED_H

#include "auth/credential.h"
#include "base/map.h"
#include "catalogue/api_table.h"
#include "client/result.h"
#include "http/endpoint.h"

/* All of a listener but its service; texts are borrowed from the import. */
typedef struct import_form {
    const char *api;      /* NULL: connectivity */
    const char *url;      /* a template, see catalogue/url_template.h */
    const char *username; /* a template, see import_template.h; NULL: none */
    const char *base;     /* of a name: its host, as an identifier */
    bool has_password;
    size_t listeners, accounts; /* that have it */
    const void *last;           /* the account that was counted last */
    size_t rank, place;         /* by use, and in the script; of import_forms.c */
    char *name;                 /* owned; NULL: it is one account's own */
} import_form;

typedef struct import_listener {
    const char *service; /* borrowed from the import */
    import_form *form;
} import_listener;

typedef struct import_set {
    import_listener *listeners; /* sorted by service and API; by import_forms_rank: by form */
    size_t count;
    size_t accounts; /* that have it */
} import_set;

typedef struct import_account {
    const char *name;         /* borrowed */
    const char *const *cells; /* one for each column, NULL and "" say nothing; NULL: none */
    import_set *set;          /* NULL: not read */
    const endpoint *endpoint;
    const credential *credential;
    bool ignores_characters; /* it has what the check of that name refuses */
} import_account;

/* A listener that no policy can declare; texts are borrowed from the import. */
typedef struct import_skip {
    const char *account, *service, *api; /* api NULL: connectivity */
    const char *why;
    size_t number; /* in the order of the lists */
} import_skip;

/* What the rows of accounts have beside the account; borrowed. */
typedef struct import_columns {
    const char *const *names; /* ends with NULL; NULL: none */
    const char *const *cells; /* a row of them for each account as given */
} import_columns;

typedef struct imported {
    import_account *accounts; /* in the order asked for; by imported_sort: by name */
    size_t count, read, listeners;
    const char *const *columns;
    size_t column_count;
    map *forms; /* what tells it from others -> import_form */
    map *sets;  /* the same -> import_set */
    map *texts; /* text -> the kept one */
    map *hosts; /* keys alone: patterns of URLs that listeners go to */
    import_skip *skips;
    size_t skip_count, skip_capacity;
    size_t bytes; /* kept */
} imported;

/* `accounts` ends with NULL and outlives it; names that repeat count once. `columns` may be NULL.
 * Expected: MEMORY, USAGE (an account repeats with other cells). Owned: imported_dispose. */
thingspace_status imported_init(imported *out, const char *const *accounts, size_t count,
                                const import_columns *columns, thingspace_error *error);
void imported_dispose(imported *imported);
#define cleanup_imported __attribute__((cleanup(imported_dispose)))

/*
 * What the lists of one account told, one for each API. A listener that cannot be declared becomes
 * a skip. Expected: MEMORY, USAGE (more than one policy can hold).
 */
thingspace_status imported_add(imported *imported, import_account *account,
                               thingspace_result *const *lists, size_t count,
                               thingspace_error *error);

/* When all is added: accounts and skips by name, whatever was answered first. */
void imported_sort(imported *imported);

/* The account's cell of that column; NULL: none, or an empty one. */
const char *imported_cell(const imported *imported, const import_account *account,
                          const char *column);

#endif
