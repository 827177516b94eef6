/* SPDX-License-Identifier: MIT */
/*
 * Reading and writing the latch's file. Reading is strict: a file that is not
 * exactly what we write says nothing certain, and then no login may leave. Owns nothing.
 */
#include <config.h>
#include <sodium.h>
#include <string.h>
#include "auth/latch_file.h"
#include "base/error.h"
#include "base/json.h"
#include "base/limits.h"

#define HEX_SIZE (2 * SECRET_DIGEST_SIZE + 1)

static bool read_digest(uint8_t out[SECRET_DIGEST_SIZE], const char *hex)
{
    size_t size = 0;
    return hex && strlen(hex) == HEX_SIZE - 1 &&
           sodium_hex2bin(out, SECRET_DIGEST_SIZE, hex, HEX_SIZE - 1, NULL, &size, NULL) == 0 &&
           size == SECRET_DIGEST_SIZE;
}

static bool read_entry(latch_entry *out, const json *node)
{
    long long time_ms = 0;
    json_type refused = json_type_of(json_get(node, "refused"));
    if (!read_digest(out->password, json_get_string(node, "password")) ||
        !json_integer(json_get(node, "time"), &time_ms) ||
        (refused != JSON_TRUE && refused != JSON_FALSE))
        return false;
    out->refused = refused == JSON_TRUE;
    out->time_ms = time_ms;
    return true;
}

static bool read_entries(latch_entries *out, const json *root)
{
    long long version = 0;
    const json *list = json_get(root, "entries");
    if (!json_integer(json_get(root, "version"), &version) || version != 1 ||
        json_type_of(list) != JSON_ARRAY || json_count(list) > LATCH_CLOSED)
        return false;
    for (const json *node = json_first(list); node; node = json_next(node))
        if (!read_entry(&out->items[out->count++], node))
            return false;
    return true;
}

static thingspace_status fail_damaged(state *folder, const char *name, thingspace_error *error)
{
    return error_set(
        error, THINGSPACE_LOCAL,
        "latch file %s/%s is damaged, so that failed logins cannot be counted; no login "
        "is sent: make sure of the password, then run `thingspace auth unlatch`",
        state_path(folder), name);
}

thingspace_status latch_file_read(latch_entries *out, state *folder, const char *name,
                                  thingspace_error *error)
{
    cleanup_json json *root = NULL;
    cleanup_buffer buffer content;
    bool found = false;
    memset(out, 0, sizeof(*out));
    buffer_init(&content, LIMIT_STATE_FILE);
    thingspace_status status = state_read(folder, name, &content, &found, error);
    if (status != THINGSPACE_OK || !found)
        return status;
    status = json_parse(&root, buffer_text(&content), content.size, error);
    if (status == THINGSPACE_MEMORY)
        return status;
    if (status != THINGSPACE_OK || !read_entries(out, root))
        return fail_damaged(folder, name, error);
    return THINGSPACE_OK;
}

static void write_entry(buffer *out, const latch_entry *entry)
{
    char hex[HEX_SIZE];
    sodium_bin2hex(hex, sizeof(hex), entry->password, sizeof(entry->password));
    buffer_append_format(out, "{\"password\":\"%s\",\"refused\":%s,\"time\":%lld}", hex,
                         entry->refused ? "true" : "false", (long long)entry->time_ms);
}

thingspace_status latch_file_write(const latch_entries *entries, state *folder, const char *name,
                                   thingspace_error *error)
{
    cleanup_buffer buffer text;
    buffer_init(&text, LIMIT_STATE_FILE);
    buffer_append_text(&text, "{\"version\":1,\"entries\":[");
    for (unsigned i = 0; i < entries->count; i++) {
        buffer_append_text(&text, i ? "," : "");
        write_entry(&text, &entries->items[i]);
    }
    buffer_append_text(&text, "]}\n");
    if (text.status != THINGSPACE_OK)
        return error_memory(error);
    return state_write(folder, name, text.data, text.size, error);
}
