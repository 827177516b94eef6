/* SPDX-License-Identifier: MIT */
/*
 * Where the rows of a policy lie. A row of texts is one piece of a large block: a reference to its
 * names, which all rows with the same members share, and the texts one after the other. 100,000 of
 * them are as large as their CSV file, where trees would be ten times that. Nothing is removed
 * before the store is. One thread at a time.
 */
#ifndef ROW_STORE_H
#define ROW_STORE_H

#include "policy/row.h"

typedef struct row_store row_store;

/* Expected: MEMORY. Owned: row_store_free. */
thingspace_status row_store_new(row_store **out);
void row_store_free(row_store *store);

/* A row of copies of these texts, which are sorted by name. Expected: MEMORY. */
thingspace_status row_store_add_texts(row_store *store, const row **out, const row_text *texts,
                                      size_t count);
/* A row that is this object, which is taken, also on failure. Expected: MEMORY. */
thingspace_status row_store_add_tree(row_store *store, const row **out, json *tree);
/* A copy that lives as long as the store; NULL when out of memory. */
const char *row_store_text(row_store *store, const char *text);

#endif
