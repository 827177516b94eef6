/* SPDX-License-Identifier: MIT */
/*
 * What an import has read: for each account a set of listeners, in which the names of account and
 * service are placeholders, so that accounts that differ in nothing else have one set. Texts are
 * kept once: a fleet with one URL template costs little more than its names. One thread at a time.
 */
#ifndef IMPORTED_H
#define IMPORTED_H

#include "auth/credential.h"
#include "base/map.h"
#include "catalogue/api_table.h"
#include "client/result.h"
#include "http/endpoint.h"

/* Texts are borrowed from the import. */
typedef struct import_listener {
    const char *service;
    const char *api;          /* NULL: connectivity */
    const char *url;          /* a template, see catalogue/url_template.h */
    const char *username;     /* NULL: none, or: */
    bool username_is_account; /* the account's name */
    bool has_password;
} import_listener;

typedef struct import_set {
    import_listener *listeners; /* sorted by service and API */
    size_t count;
    size_t accounts; /* that have it */
    size_t rank;     /* by their number, from 0; of import_script.c */
} import_set;

typedef struct import_account {
    const char *name; /* borrowed */
    import_set *set;  /* NULL: not read */
    const endpoint *endpoint;
    const credential *credential;
    bool ignores_characters; /* it has what the check of that name refuses */
} import_account;

/* A listener that no policy can declare; texts are borrowed from the import. */
typedef struct import_skip {
    const char *account, *service, *api; /* api NULL: connectivity */
    const char *why;
    size_t place, number; /* of the account; in the order of the lists */
} import_skip;

typedef struct imported {
    import_account *accounts; /* in the order asked for */
    size_t count, read, listeners;
    map *sets;  /* what tells it from others -> import_set */
    map *texts; /* text -> the kept one */
    map *hosts; /* keys alone: patterns of URLs that listeners go to */
    import_skip *skips;
    size_t skip_count, skip_capacity;
    size_t bytes; /* kept */
} imported;

/* `accounts` ends with NULL and outlives it; names that repeat count once. Expected: MEMORY.
 * Owned: imported_dispose. */
thingspace_status imported_init(imported *out, const char *const *accounts, size_t count);
void imported_dispose(imported *imported);
#define cleanup_imported __attribute__((cleanup(imported_dispose)))

/*
 * What the lists of one account told, one for each API. A listener that cannot be declared becomes
 * a skip. Expected: MEMORY, USAGE (more than one policy can hold).
 */
thingspace_status imported_add(imported *imported, import_account *account,
                               thingspace_result *const *lists, size_t count,
                               thingspace_error *error);

/* When all is added: skips in the order of the accounts, whatever was answered first. */
void imported_sort(imported *imported);

/* For imported_add: the URL with placeholders, and its braces doubled, appended. */
void imported_write_template(buffer *out, const char *url, const char *account,
                             const char *service);

#endif
