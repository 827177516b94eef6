/* SPDX-License-Identifier: MIT */
/*
 * What the rows of an imported policy are made of: forms with names, so that each is written once,
 * and the services that accounts often have together. Not thread-safe; one import has one.
 */
#ifndef IMPORT_FORMS_H
#define IMPORT_FORMS_H

#include "base/buffer.h"
#include "callbacks/import/imported.h"

/* What rows may have beside forms and columns, ends with NULL. */
extern const char *const import_row_members[];

/* Services of one form, as a row names them: separated by blanks. */
typedef struct import_services {
    const char *text; /* borrowed from the map */
    size_t uses;      /* by rows */
    char *name;       /* owned; NULL: rows have the text */
} import_services;

typedef struct import_forms {
    import_form **named; /* in the order of the script; those of `imported` */
    size_t count;
    map *services;           /* text -> import_services */
    import_services **often; /* those that have a name; borrowed */
    size_t often_count;
} import_forms;

/* Names the forms, and sorts the listeners of each set by form. Expected: MEMORY. Owned:
 * import_forms_dispose, after a failure, too. */
thingspace_status import_forms_rank(import_forms *out, const imported *imported);
void import_forms_dispose(import_forms *forms);
#define cleanup_forms __attribute__((cleanup(import_forms_dispose)))

/* The listeners from `first` on that have its form; their services are appended. */
size_t import_forms_write_run(buffer *out, const import_set *set, size_t first);

#endif
