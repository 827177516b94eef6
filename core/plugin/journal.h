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

/* Most names fit; longer ones are allocated. */
#define CHANGE_SHORT_NAME 32

/* The answer's body with what was parsed of it. */
typedef struct view_body {
    buffer bytes;
    json *tree;
    bool parsed;
} view_body;

/* For journal*.c and the view's files alone. */
typedef struct change {
    const instance *instance;
    phase phase;
    change_kind kind;
    char *long_name; /* as the hook wrote it; NULL: the short one is it */
    char short_name[CHANGE_SHORT_NAME];
    union {
        header_before header;
        request_query_before query;
        request_body body;
        response_head head;
        view_body answer;
        char *text; /* of a failure */
    } before;
} change;

/* Most calls have no more changes than these, which need no memory of their own. */
#define JOURNAL_FIRST 2

typedef struct journal {
    change first[JOURNAL_FIRST];
    change *more; /* those after the first */
    size_t count; /* of all */
    size_t room;  /* in `more` */
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
