/* SPDX-License-Identifier: MIT */
/*
 * {"version":1,"blocked":[{"endpoint","api"?,"account","service","url","username"?,"why",
 * "noted_ms"}]}, the newest first: what no longer fits into a state file is the oldest. The file is
 * read again before it is replaced, and what was added and removed here is done to that.
 */
#include <config.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "base/clock.h"
#include "base/error.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/map.h"
#include "base/text.h"
#include "callbacks/plan/blocked.h"

#define FILE_NAME "blocked.json"
/* Reading and writing 256 KiB takes some milliseconds. */
#define PAUSE_MS 20
#define WAIT_MS  10000

typedef struct entry {
    char *endpoint, *account, *api, *service, *url, *username;
    char *why; /* NULL: not blocked any more */
    long long noted_ms;
    bool is_ours; /* added or removed since the file was read */
} entry;

struct blocked {
    state *state; /* borrowed; NULL: nothing can be saved */
    const log_target *log;
    map *entries; /* name_entry -> entry */
    bool differs; /* from the file */
};

/* ---- entries ---- */

static void free_entry(void *value)
{
    entry *self = value;
    if (!self)
        return;
    free(self->endpoint);
    free(self->account);
    free(self->api);
    free(self->service);
    free(self->url);
    free(self->username);
    free(self->why);
    free(self);
}

static bool copy(char **out, const char *text)
{
    *out = text_copy(text);
    return *out || !text;
}

/* NULL when out of memory. */
static entry *new_entry(const blocked_key *key, const char *why, long long noted_ms)
{
    entry *made = calloc(1, sizeof(*made));
    if (!made)
        return NULL;
    made->noted_ms = noted_ms;
    if (copy(&made->endpoint, key->endpoint) && copy(&made->account, key->account) &&
        copy(&made->api, key->api) && copy(&made->service, key->service) &&
        copy(&made->url, key->url) && copy(&made->username, key->username) && copy(&made->why, why))
        return made;
    free_entry(made);
    return NULL;
}

static blocked_key key_of(const entry *entry)
{
    return (blocked_key){entry->endpoint, entry->account, entry->api,
                         entry->service,  entry->url,     entry->username};
}

typedef struct entry_name {
    char text[LIMIT_ACCOUNT + 2 * LIMIT_SERVICE + LIMIT_URL + 4];
} entry_name;

/* No part has a line end: they are what a request is made of. False: longer than any of those. */
static bool name_entry(entry_name *out, const blocked_key *key)
{
    int size = snprintf(out->text, sizeof(out->text), "%s\n%s\n%s\n%s", key->account, key->service,
                        key->api ? key->api : "", key->endpoint);
    return size >= 0 && (size_t)size < sizeof(out->text);
}

/* Takes the entry, which may be NULL: out of memory. */
static thingspace_status put_entry(blocked *self, entry *made)
{
    entry_name name;
    if (!made)
        return THINGSPACE_MEMORY;
    const blocked_key key = key_of(made);
    bool is_good = name_entry(&name, &key);
    thingspace_status status = is_good ? map_set(self->entries, name.text, made) : THINGSPACE_OK;
    if (!is_good || status != THINGSPACE_OK)
        free_entry(made);
    return status;
}

static entry *find_entry(const blocked *self, const blocked_key *key)
{
    entry_name name;
    bool can_be = map_count(self->entries) > 0 && name_entry(&name, key);
    return can_be ? map_get(self->entries, name.text) : NULL;
}

/* ---- asking and noting ---- */

const char *blocked_find(const blocked *self, const blocked_key *key)
{
    const entry *found = self ? find_entry(self, key) : NULL;
    bool is_same =
        found && text_same(found->url, key->url) && text_same(found->username, key->username);
    return is_same ? found->why : NULL;
}

static thingspace_status note(blocked *self, const blocked_key *key, const char *why)
{
    entry *made = new_entry(key, why, clock_wall_ms());
    if (made)
        made->is_ours = true;
    thingspace_status status = put_entry(self, made);
    self->differs |= status == THINGSPACE_OK;
    return status;
}

thingspace_status blocked_add(blocked *self, const blocked_key *key, const char *why)
{
    char line[LIMIT_LOG_LINE];
    text_escape(line, sizeof(line), why, strlen(why));
    return note(self, key, line);
}

void blocked_remove(blocked *self, const blocked_key *key)
{
    entry *found = find_entry(self, key);
    if (!found || !found->why)
        return;
    free(found->why);
    found->why = NULL;
    found->is_ours = true;
    self->differs = true;
}

/* ---- reading ---- */

static thingspace_status new_blocked(blocked **out, state *state, const log_target *log)
{
    blocked *self = calloc(1, sizeof(*self));
    *out = self;
    if (!self)
        return THINGSPACE_MEMORY;
    self->state = state;
    self->log = log;
    return map_new(&self->entries, free_entry);
}

void blocked_free(blocked *self)
{
    if (!self)
        return;
    map_free(self->entries);
    free(self);
}

/* Entries that lack something are left out. */
static thingspace_status read_entry(blocked *self, const json *from)
{
    const blocked_key key = {
        .endpoint = json_get_string(from, "endpoint"),
        .account = json_get_string(from, "account"),
        .api = json_get_string(from, "api"),
        .service = json_get_string(from, "service"),
        .url = json_get_string(from, "url"),
        .username = json_get_string(from, "username"),
    };
    const char *why = json_get_string(from, "why");
    long long noted_ms = 0;
    if (!key.endpoint || !key.account || !key.service || !key.url || !why)
        return THINGSPACE_OK;
    (void)json_integer(json_get(from, "noted_ms"), &noted_ms);
    return put_entry(self, new_entry(&key, why, noted_ms));
}

static thingspace_status read_entries(blocked *self, const json *root)
{
    thingspace_status status = THINGSPACE_OK;
    const json *list = json_get(root, "blocked");
    long long version;
    if (!json_integer(json_get(root, "version"), &version) || version != 1 ||
        json_type_of(list) != JSON_ARRAY)
        return THINGSPACE_PROTOCOL;
    for (const json *at = json_first(list); at && status == THINGSPACE_OK; at = json_next(at))
        status = read_entry(self, at);
    return status;
}

static thingspace_status read_file(blocked *self, thingspace_error *error)
{
    cleanup_buffer buffer text;
    cleanup_json json *root = NULL;
    bool found = false;
    buffer_init(&text, LIMIT_STATE_FILE);
    thingspace_status status = state_read(self->state, FILE_NAME, &text, &found, error);
    if (status != THINGSPACE_OK || !found)
        return status;
    status = json_parse(&root, buffer_text(&text), text.size, NULL);
    if (status == THINGSPACE_OK)
        status = read_entries(self, root);
    if (status == THINGSPACE_PROTOCOL)
        return error_set(error, THINGSPACE_LOCAL,
                         "%s/%s cannot be understood; what earlier runs were refused is forgotten",
                         state_path(self->state), FILE_NAME);
    return status;
}

static thingspace_status load(blocked **out, state *state, const log_target *log)
{
    thingspace_error why = THINGSPACE_ERROR_INIT;
    thingspace_status status = new_blocked(out, state, log);
    if (status == THINGSPACE_OK && state)
        status = read_file(*out, &why);
    if (status == THINGSPACE_OK || status == THINGSPACE_MEMORY)
        return status;
    log_write(log, THINGSPACE_LOG_WARNING, "%s", why.message);
    return THINGSPACE_OK;
}

thingspace_status blocked_load(blocked **out, state *state, const log_target *log,
                               thingspace_error *error)
{
    if (load(out, state, log) == THINGSPACE_OK)
        return THINGSPACE_OK;
    blocked_free(*out);
    *out = NULL;
    return error_memory(error);
}

/* ---- writing ---- */

/* Expected: PROTOCOL (no room for it), MEMORY. */
static thingspace_status write_entry(buffer *out, const entry *entry)
{
    thingspace_status status = THINGSPACE_OK;
    cleanup_json json *object = json_new_object();
    cleanup_text char *text = NULL;
    json_put_text(object, "endpoint", entry->endpoint, &status);
    json_put_text(object, "api", entry->api, &status);
    json_put_text(object, "account", entry->account, &status);
    json_put_text(object, "service", entry->service, &status);
    json_put_text(object, "url", entry->url, &status);
    json_put_text(object, "username", entry->username, &status);
    json_put_text(object, "why", entry->why, &status);
    json_put(object, "noted_ms", json_new_integer(entry->noted_ms), &status);
    if (status == THINGSPACE_OK)
        status = json_write_text(&text, object);
    if (status != THINGSPACE_OK)
        return status;
    if (strlen(text) + sizeof(",]}\n") > out->maximum - out->size)
        return THINGSPACE_PROTOCOL;
    if (out->data[out->size - 1] != '[')
        buffer_append_byte(out, ',');
    return buffer_append_text(out, text);
}

static int newest_first(const void *a, const void *b)
{
    const entry *const *first = a, *const *second = b;
    long long x = (*first)->noted_ms, y = (*second)->noted_ms;
    return x > y ? -1 : x < y;
}

/* Those that are blocked, sorted; free(). NULL when out of memory. */
static const entry **sort_entries(const blocked *self, size_t *count)
{
    size_t total = map_count(self->entries);
    const entry **sorted = calloc(total + 1, sizeof(*sorted));
    *count = 0;
    for (size_t i = 0; sorted && i < total; i++) {
        const entry *at = map_value(self->entries, i);
        if (at->why)
            sorted[(*count)++] = at;
    }
    if (*count > 1)
        qsort(sorted, *count, sizeof(*sorted), newest_first);
    return sorted;
}

static thingspace_status render(buffer *out, const blocked *self)
{
    size_t count;
    const entry **sorted = sort_entries(self, &count);
    thingspace_status status = sorted ? THINGSPACE_OK : THINGSPACE_MEMORY;
    if (status == THINGSPACE_OK)
        status = buffer_append_text(out, "{\"version\":1,\"blocked\":[");
    for (size_t i = 0; i < count && status == THINGSPACE_OK; i++)
        status = write_entry(out, sorted[i]);
    free(sorted);
    if (status != THINGSPACE_OK && status != THINGSPACE_PROTOCOL)
        return status;
    return buffer_append_text(out, "]}\n");
}

/* What is ours goes into `into`, which is what the file holds now. */
static thingspace_status merge(blocked *into, const blocked *from)
{
    thingspace_status status = THINGSPACE_OK;
    for (size_t i = 0; i < map_count(from->entries) && status == THINGSPACE_OK; i++) {
        const entry *at = map_value(from->entries, i);
        const blocked_key key = key_of(at);
        if (at->is_ours && at->why)
            status = put_entry(into, new_entry(&key, at->why, at->noted_ms));
        else if (at->is_ours)
            blocked_remove(into, &key);
    }
    return status;
}

static void take_over(blocked *self, blocked *merged)
{
    map *old = self->entries;
    self->entries = merged->entries;
    merged->entries = old;
    self->differs = false;
}

static thingspace_status save_locked(blocked *self, thingspace_error *error)
{
    cleanup_buffer buffer text;
    blocked *merged = NULL;
    buffer_init(&text, LIMIT_STATE_FILE);
    thingspace_status status = load(&merged, self->state, self->log);
    if (status == THINGSPACE_OK)
        status = merge(merged, self);
    if (status == THINGSPACE_OK)
        status = render(&text, merged);
    if (status != THINGSPACE_OK)
        error_memory(error);
    if (status == THINGSPACE_OK)
        status = state_write(self->state, FILE_NAME, text.data, text.size, error);
    if (status == THINGSPACE_OK)
        take_over(self, merged);
    blocked_free(merged);
    return status;
}

static thingspace_status take_lock(state_lock *lock, state *state, thingspace_error *error)
{
    const struct timespec pause = {.tv_nsec = PAUSE_MS * 1000000L};
    int64_t end = clock_monotonic_ms() + WAIT_MS;
    for (;;) {
        bool held = false;
        thingspace_status status = state_try_lock(state, FILE_NAME, lock, &held, error);
        if (status != THINGSPACE_OK || held)
            return status;
        if (clock_monotonic_ms() > end)
            return error_set(error, THINGSPACE_LOCAL,
                             "another process holds %s/%s.lock; find and end it", state_path(state),
                             FILE_NAME);
        nanosleep(&pause, NULL);
    }
}

thingspace_status blocked_save(blocked *self, thingspace_error *error)
{
    state_lock lock = STATE_LOCK_INIT;
    if (!self->state || !self->differs)
        return THINGSPACE_OK;
    thingspace_status status = take_lock(&lock, self->state, error);
    if (status == THINGSPACE_OK)
        status = save_locked(self, error);
    state_unlock(&lock);
    return status;
}
