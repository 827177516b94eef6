/* SPDX-License-Identifier: MIT */
/*
 * Recording changes and undoing them. An entry owns the value that its change replaced; undoing
 * hands it back where it was, backwards, so that each place is as it was when it was left. Writing
 * the entries down is journal_write.c. Belongs to a view; one thread at a time.
 */
#include <config.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "plugin/journal_inside.h"

#define FIRST_ROOM 8

/* What is not counted holds nothing, and need not be cleared. */
void journal_init(journal *self)
{
    self->more = NULL;
    self->count = self->room = self->bytes = 0;
}

static change *item_at(journal *self, size_t place)
{
    return (change *)journal_at(self, place);
}

static void dispose_before(change *self)
{
    switch (self->kind) {
    case CHANGE_REQUEST_HEADER:
        header_before_dispose(&self->before.header);
        break;
    case CHANGE_REQUEST_QUERY:
        request_query_before_dispose(&self->before.query);
        break;
    case CHANGE_REQUEST_BODY:
        request_body_dispose(&self->before.body);
        break;
    case CHANGE_RESPONSE_HEADER:
        response_head_dispose(&self->before.head);
        break;
    case CHANGE_RESPONSE_BODY:
        view_body_dispose(&self->before.answer);
        break;
    case CHANGE_FAILURE_MESSAGE:
    case CHANGE_FAILURE_CODE:
        free(self->before.text);
        break;
    }
}

static void dispose_change(change *self)
{
    dispose_before(self);
    free(self->long_name);
}

void journal_dispose(journal *self)
{
    for (size_t i = 0; i < self->count; i++)
        dispose_change(item_at(self, i));
    free(self->more);
    journal_init(self);
}

/* Recording. */

static thingspace_status make_room(journal *self, thingspace_error *error)
{
    if (self->count >= LIMIT_CALL_CHANGES || self->bytes > LIMIT_CALL_CHANGE_BYTES)
        return error_set(error, THINGSPACE_PLUGIN,
                         "the hooks of this call made %d changes, or changes of %d bytes; change "
                         "less",
                         LIMIT_CALL_CHANGES, LIMIT_CALL_CHANGE_BYTES);
    if (self->count < JOURNAL_FIRST + self->room)
        return THINGSPACE_OK;
    size_t room = self->room ? self->room * 2 : FIRST_ROOM;
    change *more = realloc(self->more, room * sizeof(*more));
    if (!more)
        return error_memory(error);
    self->more = more;
    self->room = room;
    return THINGSPACE_OK;
}

static bool set_name(change *self, const char *name)
{
    size_t size = strlen(name) + 1;
    self->long_name = NULL;
    if (size <= sizeof(self->short_name)) {
        memcpy(self->short_name, name, size);
        return true;
    }
    self->long_name = text_copy(name);
    return self->long_name != NULL;
}

thingspace_status journal_begin(view *view, change_kind kind, const char *name, change **out,
                                thingspace_error *error)
{
    journal *self = &view->journal;
    thingspace_status status = make_room(self, error);
    if (status)
        return status;
    change *made = item_at(self, self->count);
    if (!set_name(made, name))
        return error_memory(error);
    made->instance = view->running;
    made->phase = view->phase;
    made->kind = kind;
    *out = made;
    return THINGSPACE_OK;
}

void journal_abandon(change *self)
{
    free(self->long_name);
}

void journal_commit(view *view, size_t bytes)
{
    view->journal.count++;
    view->journal.bytes += bytes;
}

bool journal_has(const view *view, change_kind kind)
{
    const journal *self = &view->journal;
    for (size_t i = self->count; i > 0; i--) {
        const change *item = journal_at(self, i - 1);
        if (item->instance != view->running || item->phase != view->phase)
            return false;
        if (item->kind == kind)
            return true;
    }
    return false;
}

/* Undoing. */

static void restore_failure(thingspace_error *failure, const change *self)
{
    char *out = self->kind == CHANGE_FAILURE_CODE ? failure->code : failure->message;
    memcpy(out, self->before.text, strlen(self->before.text) + 1);
}

static void undo(view *view, change *self)
{
    switch (self->kind) {
    case CHANGE_REQUEST_HEADER:
        request_restore_header(view->request, &self->before.header);
        break;
    case CHANGE_REQUEST_QUERY:
        request_restore_query(view->request, &self->before.query);
        break;
    case CHANGE_REQUEST_BODY:
        request_swap_body(view->request, &self->before.body);
        break;
    case CHANGE_RESPONSE_HEADER:
        response_swap_head(view->response, &self->before.head);
        break;
    case CHANGE_RESPONSE_BODY:
        view_swap_body(view, &self->before.answer);
        break;
    case CHANGE_FAILURE_MESSAGE:
    case CHANGE_FAILURE_CODE:
        restore_failure(view->failure, self);
        break;
    }
}

void journal_undo(view *view, size_t mark)
{
    journal *self = &view->journal;
    while (self->count > mark) {
        change *last = item_at(self, --self->count);
        undo(view, last);
        dispose_change(last);
    }
}

/* Finding out whose a change was. */

static journal_author author_of(const change *change)
{
    return (journal_author){change->instance, change->phase};
}

journal_author journal_spoiler(const view *view, bool (*is_good)(const json *body, void *user),
                               void *user)
{
    const journal *self = &view->journal;
    for (size_t i = self->count; i > 0; i--) {
        const change *at = journal_at(self, i - 1);
        if (at->kind == CHANGE_REQUEST_BODY && is_good(at->before.body.tree, user))
            return author_of(at);
    }
    return (journal_author){.instance = NULL};
}

journal_author journal_query_author(const view *view, const char *name)
{
    const journal *self = &view->journal;
    for (size_t i = self->count; i > 0; i--) {
        const change *at = journal_at(self, i - 1);
        if (at->kind == CHANGE_REQUEST_QUERY && strcmp(change_name(at), name) == 0)
            return author_of(at);
    }
    return (journal_author){.instance = NULL};
}
