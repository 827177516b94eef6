/* SPDX-License-Identifier: MIT */
/* See redact.h. */
#include <config.h>
#include "base/json.h"
#include "base/text.h"
#include "cli/redact.h"

static bool has_password(const json *item)
{
    return !text_is_empty(json_get_string(item, "password"));
}

/* A copy of the item that shows no password; NULL when out of memory. */
static json *redacted(const json *item)
{
    json *copy = json_copy(item);
    if (copy && has_password(item) &&
        json_set(copy, "password", json_new_string("***")) != THINGSPACE_OK) {
        json_free(copy);
        return NULL;
    }
    return copy;
}

static json *redacted_list(const json *list)
{
    json *copy = json_new_array();
    for (const json *item = json_first(list); copy && item; item = json_next(item))
        if (json_append(copy, redacted(item)) != THINGSPACE_OK) {
            json_free(copy);
            return NULL;
        }
    return copy;
}

static bool needs_redaction(const json *document)
{
    if (json_type_of(document) == JSON_OBJECT)
        return has_password(document);
    for (const json *item = json_first(document); item; item = json_next(item))
        if (has_password(item))
            return true;
    return false;
}

bool redact_passwords(buffer *out, const char *body, size_t size)
{
    cleanup_json json *document = NULL;
    if (json_parse(&document, body, size, NULL) != THINGSPACE_OK || !needs_redaction(document))
        return false;
    cleanup_json json *copy =
        json_type_of(document) == JSON_ARRAY ? redacted_list(document) : redacted(document);
    /* Out of memory shows nothing rather than a password. */
    if (!copy || json_write(out, copy, JSON_PLAIN) != THINGSPACE_OK)
        buffer_clear(out);
    return true;
}
