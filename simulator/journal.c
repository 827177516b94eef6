/* SPDX-License-Identifier: MIT */
/* See journal.h. Text that is not UTF-8 is escaped, a body that is not is written in hex. */
#include <config.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "answer.h"
#include "base/text.h"
#include "journal.h"

#define OTHER_PATHS "(other)"

thingspace_status journal_start(struct journal *journal)
{
    return map_new(&journal->paths, NULL);
}

static void clear_entries(struct journal *journal)
{
    for (size_t i = 0; i < LIMIT_SIM_JOURNAL; i++) {
        json_free(journal->entries[i]);
        journal->entries[i] = NULL;
    }
    journal->count = 0;
}

thingspace_status journal_reset(struct journal *journal)
{
    map *fresh;
    thingspace_status status = map_new(&fresh, NULL);
    if (status)
        return status;
    map_free(journal->paths);
    journal->paths = fresh;
    clear_entries(journal);
    journal->most = journal->present;
    return THINGSPACE_OK;
}

void journal_stop(struct journal *journal)
{
    clear_entries(journal);
    map_free(journal->paths);
}

/* A string node of text from the wire. */
static json *new_string(const char *text)
{
    size_t size = strlen(text);
    if (text_is_utf8(text, size))
        return json_new_string(text);
    size_t room = size * 8 + 1;
    cleanup_text char *escaped = malloc(room);
    if (!escaped)
        return NULL;
    text_escape(escaped, room, text, size);
    return json_new_string(escaped);
}

static thingspace_status append_header(json *array, const struct pair *header)
{
    json *line = json_new_array();
    thingspace_status status = line ? THINGSPACE_OK : THINGSPACE_MEMORY;
    if (!status)
        status = json_append(line, new_string(header->name));
    if (!status)
        status = json_append(line, new_string(header->value));
    if (!status)
        return json_append(array, line);
    json_free(line);
    return status;
}

static json *new_headers(const struct pairs *headers)
{
    json *array = json_new_array();
    for (size_t i = 0; array && i < headers->count; i++) {
        if (append_header(array, &headers->items[i]) == THINGSPACE_OK)
            continue;
        json_free(array);
        return NULL;
    }
    return array;
}

static json *new_hex(const buffer *body)
{
    buffer hex;
    buffer_init(&hex, 2 * LIMIT_SIM_JOURNAL_BODY);
    for (size_t i = 0; i < body->size && i < LIMIT_SIM_JOURNAL_BODY; i++)
        buffer_append_format(&hex, "%02x", (unsigned char)body->data[i]);
    json *node = hex.status ? NULL : json_new_string(buffer_text(&hex));
    buffer_dispose(&hex);
    return node;
}

/* A body that is longer than the journal keeps is cut, between characters when it is text. */
static thingspace_status set_body(json *entry, const buffer *body)
{
    size_t size = body->size < LIMIT_SIM_JOURNAL_BODY ? body->size : LIMIT_SIM_JOURNAL_BODY;
    const char *text = buffer_text(body);
    bool is_text = !memchr(text, '\0', body->size) && text_is_utf8(text, body->size);
    if (!is_text)
        return json_set(entry, "bodyHex", new_hex(body));
    while (size && size < body->size && (text[size] & 0xc0) == 0x80)
        size--;
    cleanup_text char *kept = text_copy_range(text, size);
    return json_set(entry, "body", kept ? json_new_string(kept) : NULL);
}

static thingspace_status fill_entry(json *entry, const struct request *request)
{
    thingspace_status status = json_set(entry, "method", new_string(request->method));
    if (!status)
        status = json_set(entry, "path", new_string(request->path));
    if (!status && request->query)
        status = json_set(entry, "query", new_string(request->query));
    if (!status)
        status = json_set(entry, "headers", new_headers(&request->headers));
    return status ? status : set_body(entry, &request->body);
}

static thingspace_status count_path(struct journal *journal, const struct request *request)
{
    cleanup_text char *key = text_format("%s %s", request->method, request->path);
    if (!key)
        return THINGSPACE_MEMORY;
    bool room = map_get(journal->paths, key) || map_count(journal->paths) < LIMIT_SIM_PATHS;
    const char *counted = room && text_is_utf8(key, strlen(key)) ? key : OTHER_PATHS;
    intptr_t count = (intptr_t)map_get(journal->paths, counted);
    return map_set(journal->paths, counted, (void *)(count + 1));
}

thingspace_status journal_add(struct journal *journal, const struct request *request)
{
    json *entry = json_new_object();
    thingspace_status status = entry ? fill_entry(entry, request) : THINGSPACE_MEMORY;
    if (!status)
        status = count_path(journal, request);
    if (status) {
        json_free(entry);
        return status;
    }
    json **place = &journal->entries[journal->count++ % LIMIT_SIM_JOURNAL];
    json_free(*place);
    *place = entry;
    return THINGSPACE_OK;
}

void journal_enter(struct journal *journal)
{
    if (++journal->present > journal->most)
        journal->most = journal->present;
}

void journal_leave(struct journal *journal)
{
    journal->present--;
}

static thingspace_status describe_paths(const struct journal *journal, json *state)
{
    json *object = json_new_object();
    thingspace_status status = object ? THINGSPACE_OK : THINGSPACE_MEMORY;
    for (size_t i = 0; !status && i < map_count(journal->paths); i++)
        status = json_set(object, map_key(journal->paths, i),
                          json_new_integer((long long)(intptr_t)map_value(journal->paths, i)));
    if (!status)
        return json_set(state, "paths", object);
    json_free(object);
    return status;
}

static thingspace_status describe_requests(const struct journal *journal, json *state)
{
    json *array = json_new_array();
    thingspace_status status = array ? THINGSPACE_OK : THINGSPACE_MEMORY;
    long long kept = journal->count < LIMIT_SIM_JOURNAL ? journal->count : LIMIT_SIM_JOURNAL;
    for (long long n = journal->count - kept; !status && n < journal->count; n++)
        status = json_append(array, json_copy(journal->entries[n % LIMIT_SIM_JOURNAL]));
    if (!status)
        return json_set(state, "requests", array);
    json_free(array);
    return status;
}

thingspace_status journal_describe(const struct journal *journal, json *state)
{
    thingspace_status status = json_set(state, "requestCount", json_new_integer(journal->count));
    if (!status)
        status = json_set(state, "atOnce", json_new_integer(journal->present));
    if (!status)
        status = json_set(state, "mostAtOnce", json_new_integer(journal->most));
    if (!status)
        status = describe_paths(journal, state);
    if (!status && journal->count)
        status = json_set(state, "lastRequest",
                          json_copy(journal->entries[(journal->count - 1) % LIMIT_SIM_JOURNAL]));
    return status ? status : describe_requests(journal, state);
}
