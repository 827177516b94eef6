/* SPDX-License-Identifier: MIT */
/*
 * What hooks changed in one call, in order: who, where, and the value before, which is kept (not
 * copied) so that a failed hook can be undone backwards. The value after is what the next change of
 * the same field found, or what is there now. Belongs to a view. One thread at a time.
 */
#ifndef PLUGIN_JOURNAL_H
#define PLUGIN_JOURNAL_H

#include "base/json.h"
#include "http/request.h"
#include "plugin/instance.h"

typedef enum change_kind {
    CHANGE_REQUEST_HEADER,
    CHANGE_REQUEST_QUERY,
    CHANGE_REQUEST_BODY,
    CHANGE_RESPONSE_HEADER,
    CHANGE_RESPONSE_BODY,
    CHANGE_FAILURE_MESSAGE,
    CHANGE_FAILURE_CODE,
} change_kind;

typedef struct change change; /* its members are known to journal.c and the view's files */

typedef struct journal {
    change *items;
    size_t count, capacity;
    size_t bytes; /* of the values before */
} journal;

void journal_init(journal *journal);
void journal_dispose(journal *journal);
/* Where a hook begins. */
static inline size_t journal_mark(const journal *journal)
{
    return journal->count;
}
/* Undoes what was changed since the mark, backwards. Cannot fail. */
void journal_undo(view *view, size_t mark);
/* Changes `from` up to (not including) `to` as a JSON array, redacted:
 * {"instance","tenant"?,"phase","field","before","after"}; "field" is "request.headers.X-Team",
 * "request.query.a", "request.body.url", ...; bodies member by member; null: absent. Failure sticks
 * to `out`. */
void journal_write(const view *view, size_t from, size_t to, buffer *out);
/* The same as a tree, without whose changes they are and in which phase: for those who know. Owned;
 * NULL when out of memory. */
json *journal_json(const view *view, size_t from, size_t to);

/* Whose change it was, in which phase; no instance: nobody's. */
typedef struct journal_author {
    const instance *instance;
    phase phase;
} journal_author;
/* The last change of the request's body that `is_good` says yes before. */
journal_author journal_spoiler(const view *view, bool (*is_good)(const json *body, void *user),
                               void *user);
/* The last change of the query parameter. */
journal_author journal_query_author(const view *view, const char *name);

#endif
