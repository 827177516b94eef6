/* SPDX-License-Identifier: MIT */
/* See redact.h. */
#include <config.h>
#include "base/json.h"
#include "catalogue/sensitive.h"
#include "cli/redact.h"

static bool has_secret(const json *node)
{
    for (const json *child = json_first(node); child; child = json_next(child))
        if (json_type_of(child) == JSON_SECRET || has_secret(child))
            return true;
    return false;
}

bool redact_secrets(buffer *out, const char *body, size_t size)
{
    cleanup_json json *document = NULL;
    if (json_parse(&document, body, size, NULL) != THINGSPACE_OK)
        return false;
    bool marked = sensitive_mark(document) == THINGSPACE_OK;
    if (marked && !has_secret(document))
        return false;
    /* Out of memory shows nothing rather than a password. */
    if (!marked || json_write(out, document, JSON_PLAIN) != THINGSPACE_OK)
        buffer_clear(out);
    return true;
}
