/* SPDX-License-Identifier: MIT */
/*
 * The changes written down: one entry for each field that a hook left different from how it found
 * it. What it left is what the next hook found, or what is there now. Bodies are compared member by
 * member. Nothing secret is written: such values are "***", and listed when they differ. One thread
 * at a time.
 */
#include <config.h>
#include <string.h>
#include "base/limits.h"
#include "base/text.h"
#include "catalogue/sensitive.h"
#include "plugin/journal_inside.h"

/* "request.body." and member names; longer ones are cut. */
#define LONGEST_FIELD 512

typedef struct writer {
    const view *view;
    const change *change; /* the one that is written */
    bool names_hook;      /* each entry tells whose change it is, and in which phase */
    buffer *out;
} writer;

/* A field's value as text; `secret` beside or instead of it. */
typedef struct text_value {
    const char *text; /* NULL: absent */
    const thingspace_secret *secret;
} text_value;

static bool is_same_hook(const change *a, const change *b)
{
    return a->instance == b->instance && a->phase == b->phase;
}

/* --- what is shown --- */

static void show_string(buffer *out, const char *text)
{
    json_write_string(out, text, strlen(text));
}

/* As one safe line, cut at `capacity`, which is at most LONGEST_FIELD; most texts are that already.
 */
static void show_cut(buffer *out, const char *text, size_t capacity)
{
    char cut[LONGEST_FIELD];
    size_t size = strlen(text);
    if (size < capacity && text_plain_length(text, size) == size) {
        buffer_append_byte(out, '"');
        buffer_append(out, text, size);
        buffer_append_byte(out, '"');
        return;
    }
    text_escape(cut, capacity, text, size);
    show_string(out, cut);
}

static void show_text(buffer *out, const char *text)
{
    if (text)
        show_cut(out, text, LIMIT_CHANGE_TEXT + 1);
    else
        buffer_append_text(out, "null");
}

/* Whether it could be too deep for a tree that is made of the whole: brackets in texts count. */
static bool is_deep(const buffer *text)
{
    size_t brackets = 0;
    for (size_t i = 0; i < text->size; i++)
        brackets += text->data[i] == '[' || text->data[i] == '{';
    return brackets > LIMIT_JSON_DEPTH - 4;
}

/* Whole when its text is short, else the beginning of its text. */
static void show_tree(buffer *out, const json *node)
{
    cleanup_buffer buffer text;
    buffer_init(&text, LIMIT_CHANGE_TEXT);
    thingspace_status status = json_write(&text, node, JSON_PLAIN);
    if (status == THINGSPACE_MEMORY) {
        out->status = status;
        return;
    }
    if (status == THINGSPACE_OK && !is_deep(&text)) {
        buffer_append(out, text.data, text.size);
        return;
    }
    char cut[LIMIT_CHANGE_TEXT + 1];
    size_t size = text.size < sizeof(cut) - sizeof("...") ? text.size : sizeof(cut) - sizeof("...");
    text_escape(cut, sizeof(cut) - 3, buffer_text(&text), size);
    strcat(cut, "...");
    show_string(out, cut);
}

static void show_json(buffer *out, const json *node)
{
    if (!node || json_type_of(node) == JSON_STRING)
        show_text(out, json_string(node));
    else
        show_tree(out, node);
}

static void show_hook(buffer *out, const change *change)
{
    buffer_append_text(out, "\"instance\":");
    show_string(out, change->instance->name);
    if (change->instance->tenant) {
        buffer_append_text(out, ",\"tenant\":");
        show_string(out, change->instance->tenant);
    }
    buffer_append_text(out, ",\"phase\":");
    show_string(out, phase_of(change->phase)->name);
    buffer_append_byte(out, ',');
}

/* Up to the value before. */
static void begin_entry(const writer *self, const char *field)
{
    buffer *out = self->out;
    buffer_append_text(out, buffer_text(out)[out->size - 1] == '[' ? "{" : ",{");
    if (self->names_hook)
        show_hook(out, self->change);
    buffer_append_text(out, "\"field\":");
    show_cut(out, field, LONGEST_FIELD);
    buffer_append_text(out, ",\"before\":");
}

/* --- header fields, parameters and texts --- */

static bool is_equal_text(text_value a, text_value b)
{
    return text_equal(a.text, b.text) && secret_equal(a.secret, b.secret);
}

static void show_value(const writer *self, const char *name, text_value value)
{
    bool secret =
        value.secret || (self->change->kind == CHANGE_REQUEST_QUERY && sensitive_parameter(name));
    show_text(self->out, sensitive_shown(name, value.text, secret));
}

/* Cut where the room ends. */
static void join(char out[LONGEST_FIELD], const char *prefix, const char *name)
{
    size_t prefix_size = strlen(prefix);
    size_t size = strnlen(name, LONGEST_FIELD - 1 - prefix_size);
    memcpy(out, prefix, prefix_size);
    memcpy(out + prefix_size, name, size);
    out[prefix_size + size] = '\0';
}

static void write_text(const writer *self, const char *prefix, text_value before, text_value after)
{
    char field[LONGEST_FIELD];
    const char *name = change_name(self->change);
    if (is_equal_text(before, after))
        return;
    join(field, prefix, name);
    begin_entry(self, field);
    show_value(self, name, before);
    buffer_append_text(self->out, ",\"after\":");
    show_value(self, name, after);
    buffer_append_byte(self->out, '}');
}

static text_value of_header(const header *field)
{
    return field ? (text_value){field->name ? field->value : NULL, field->secret}
                 : (text_value){NULL, NULL};
}

static text_value of_head(const response_head *head, const char *name)
{
    const response lent = {.head = head->fields, .header_count = head->count};
    return (text_value){response_header(&lent, name), NULL};
}

static text_value found_text(const change *change, const char *name)
{
    switch (change->kind) {
    case CHANGE_REQUEST_HEADER:
        return of_header(&change->before.header.item);
    case CHANGE_REQUEST_QUERY:
        return (text_value){change->before.query.item.value, NULL};
    case CHANGE_RESPONSE_HEADER:
        return of_head(&change->before.head, name);
    default:
        return (text_value){change->before.text, NULL};
    }
}

static text_value text_now(const view *view, const change *change)
{
    const char *name = change_name(change);
    switch (change->kind) {
    case CHANGE_REQUEST_HEADER:
        return of_header(headers_find(request_headers(view->request), name));
    case CHANGE_REQUEST_QUERY:
        return (text_value){request_query(view->request, name), NULL};
    case CHANGE_RESPONSE_HEADER:
        return (text_value){response_header(view->response, name), NULL};
    case CHANGE_FAILURE_MESSAGE:
        return (text_value){view->failure->message, NULL};
    default:
        return (text_value){view->failure->code, NULL};
    }
}

/* --- bodies --- */

static bool is_equal(const json *a, const json *b, unsigned depth);

/* The member of that name, looked for from `hint` on: mostly the order is the same. */
static const json *find_member(const json *object, const char *name, const json *hint)
{
    return hint && strcmp(json_name(hint), name) == 0 ? hint : json_get(object, name);
}

static bool has_equal_members(const json *a, const json *b, unsigned depth)
{
    size_t searches = 0;
    const json *hint = json_first(b);
    if (json_count(a) != json_count(b))
        return false;
    for (const json *child = json_first(a); child; child = json_next(child)) {
        const json *other = find_member(b, json_name(child), hint);
        searches += other != hint;
        if (!other || searches > LIMIT_CHANGE_MEMBERS || !is_equal(child, other, depth + 1))
            return false;
        hint = json_next(other);
    }
    return true;
}

static bool has_equal_items(const json *a, const json *b, unsigned depth)
{
    const json *left = json_first(a), *right = json_first(b);
    while (left && right && is_equal(left, right, depth + 1)) {
        left = json_next(left);
        right = json_next(right);
    }
    return !left && !right;
}

static bool is_equal(const json *a, const json *b, unsigned depth)
{
    json_type type = json_type_of(a);
    if (type != json_type_of(b) || depth > LIMIT_JSON_DEPTH)
        return false;
    switch (type) {
    case JSON_NUMBER:
        return strcmp(json_number(a), json_number(b)) == 0;
    case JSON_STRING:
        return strcmp(json_string(a), json_string(b)) == 0;
    case JSON_SECRET:
        return secret_equal(json_secret(a), json_secret(b));
    case JSON_ARRAY:
        return has_equal_items(a, b, depth);
    case JSON_OBJECT:
        return has_equal_members(a, b, depth);
    default:
        return true;
    }
}

/* Whether both are objects that are worth looking into. */
static bool is_comparable(const json *a, const json *b, const buffer *field)
{
    return json_type_of(a) == JSON_OBJECT && json_type_of(b) == JSON_OBJECT &&
           json_count(a) <= LIMIT_CHANGE_MEMBERS && json_count(b) <= LIMIT_CHANGE_MEMBERS &&
           field->size < LONGEST_FIELD;
}

static void write_body(const writer *self, buffer *field, const json *before, const json *after,
                       unsigned depth);

/* The member of that name on both sides, one of which may be absent. */
static void write_member(const writer *self, buffer *field, const char *name, const json *before,
                         const json *after, unsigned depth)
{
    size_t size = field->size;
    buffer_append_byte(field, '.');
    buffer_append_text(field, name);
    write_body(self, field, before, after, depth + 1);
    if (field->data) {
        field->size = size;
        field->data[size] = '\0';
    }
}

static void write_members(const writer *self, buffer *field, const json *before, const json *after,
                          unsigned depth)
{
    for (const json *child = json_first(before); child; child = json_next(child)) {
        const char *name = json_name(child);
        write_member(self, field, name, child, json_get(after, name), depth);
    }
    for (const json *child = json_first(after); child; child = json_next(child))
        if (!json_get(before, json_name(child)))
            write_member(self, field, json_name(child), NULL, child, depth);
}

static void write_whole(const writer *self, const char *field, const json *before,
                        const json *after)
{
    begin_entry(self, field);
    show_json(self->out, before);
    buffer_append_text(self->out, ",\"after\":");
    show_json(self->out, after);
    buffer_append_byte(self->out, '}');
}

static void write_body(const writer *self, buffer *field, const json *before, const json *after,
                       unsigned depth)
{
    if (self->out->status != THINGSPACE_OK)
        return;
    if (field->status != THINGSPACE_OK)
        self->out->status = field->status;
    else if (is_comparable(before, after, field) && depth < LIMIT_JSON_DEPTH)
        write_members(self, field, before, after, depth);
    else if (!before != !after || !is_equal(before, after, depth))
        write_whole(self, buffer_text(field), before, after);
}

static const json *found_body(const change *change)
{
    return change->kind == CHANGE_REQUEST_BODY ? change->before.body.tree
                                               : change->before.answer.tree;
}

static const json *body_now(const view *view, const change *change)
{
    return change->kind == CHANGE_REQUEST_BODY ? request_json(view->request) : view->response_json;
}

/* --- changes --- */

static bool is_same_field(const change *a, const change *b)
{
    if (a->kind != b->kind)
        return false;
    return a->kind == CHANGE_REQUEST_QUERY
               ? strcmp(change_name(a), change_name(b)) == 0
               : text_equal_ignoring_case(change_name(a), change_name(b));
}

/* Whether the hook changed the field before, which is written already. */
static bool is_repeated(const journal *journal, size_t from, size_t index)
{
    const change *self = journal_at(journal, index);
    for (size_t i = index; i > from && is_same_hook(journal_at(journal, i - 1), self); i--)
        if (is_same_field(journal_at(journal, i - 1), self))
            return true;
    return false;
}

/* The next change of the field by another hook; NULL: there is none. Of an answer's head each
 * change keeps all fields, so that any will do. */
static const change *next_change(const journal *journal, size_t index)
{
    const change *self = journal_at(journal, index);
    for (size_t i = index + 1; i < journal->count; i++) {
        const change *other = journal_at(journal, i);
        bool keeps = self->kind == CHANGE_RESPONSE_HEADER ? other->kind == self->kind
                                                          : is_same_field(self, other);
        if (keeps && !is_same_hook(self, other))
            return other;
    }
    return NULL;
}

static void write_body_change(const writer *self, const char *field_name, const change *next)
{
    const change *change = self->change;
    cleanup_buffer buffer field;
    buffer_init(&field, LIMIT_REQUEST_BODY + LIMIT_RESPONSE_BODY);
    buffer_append_text(&field, field_name);
    write_body(self, &field, found_body(change),
               next ? found_body(next) : body_now(self->view, change), 0);
}

static void write_text_change(const writer *self, const char *prefix, const change *next)
{
    const char *name = change_name(self->change);
    write_text(self, prefix, found_text(self->change, name),
               next ? found_text(next, name) : text_now(self->view, self->change));
}

static void write_change(const writer *self, const change *next)
{
    static const char *const fields[] = {
        [CHANGE_REQUEST_HEADER] = "request.headers.",
        [CHANGE_REQUEST_QUERY] = "request.query.",
        [CHANGE_REQUEST_BODY] = "request.body",
        [CHANGE_RESPONSE_HEADER] = "response.headers.",
        [CHANGE_RESPONSE_BODY] = "response.body",
        [CHANGE_FAILURE_MESSAGE] = "failure.message",
        [CHANGE_FAILURE_CODE] = "failure.code",
    };
    change_kind kind = self->change->kind;
    if (kind == CHANGE_REQUEST_BODY || kind == CHANGE_RESPONSE_BODY)
        write_body_change(self, fields[kind], next);
    else
        write_text_change(self, fields[kind], next);
}

static void write_changes(const view *view, size_t from, size_t to, bool names_hook, buffer *out)
{
    const journal *journal = &view->journal;
    buffer_append_byte(out, '[');
    for (size_t i = from; i < to && i < journal->count && out->status == THINGSPACE_OK; i++) {
        const writer writer = {view, journal_at(journal, i), names_hook, out};
        if (!is_repeated(journal, from, i))
            write_change(&writer, next_change(journal, i));
    }
    buffer_append_byte(out, ']');
}

void journal_write(const view *view, size_t from, size_t to, buffer *out)
{
    write_changes(view, from, to, true, out);
}

json *journal_json(const view *view, size_t from, size_t to)
{
    cleanup_buffer buffer text;
    json *made = NULL;
    buffer_init(&text, LIMIT_JSON_TEXT);
    write_changes(view, from, to, false, &text);
    if (text.status == THINGSPACE_OK)
        json_parse_own(&made, text.data, text.size, NULL);
    return made;
}
