/* SPDX-License-Identifier: MIT */
/* See import_template.h. */
#include <config.h>
#include <string.h>
#include "base/limits.h"
#include "base/text.h"
#include "callbacks/import/import_template.h"
#include "catalogue/weburl.h"

/* A name that is shorter is in a URL by chance. */
#define LEAST_NAME 4

static bool begins_with_name(const char *text, const char *name, size_t size)
{
    return size >= LEAST_NAME && strncmp(text, name, size) == 0;
}

/* A brace is doubled: it begins no placeholder. */
static void write_plain(buffer *out, char c)
{
    buffer_append_byte(out, c);
    if (c == '{' || c == '}')
        buffer_append_byte(out, c);
}

static void write_with_names(buffer *out, const char *path, const buffer *account,
                             const buffer *service)
{
    while (*path) {
        bool is_account = begins_with_name(path, buffer_text(account), account->size);
        bool is_service = begins_with_name(path, buffer_text(service), service->size);
        if (is_account)
            buffer_append_text(out, "{account}");
        else if (is_service)
            buffer_append_text(out, "{service}");
        else
            write_plain(out, *path);
        path += is_account ? account->size : is_service ? service->size : 1;
    }
}

void import_template_url(buffer *out, const char *url, const char *account, const char *service)
{
    weburl parts;
    cleanup_buffer buffer account_part, service_part;
    buffer_init(&account_part, 3 * LIMIT_ACCOUNT);
    buffer_init(&service_part, 3 * LIMIT_SERVICE);
    if (weburl_split(&parts, url, NULL) != THINGSPACE_OK)
        parts.path = url + strlen(url);
    if (weburl_encode(&account_part, account) == THINGSPACE_MEMORY ||
        weburl_encode(&service_part, service) == THINGSPACE_MEMORY)
        out->status = THINGSPACE_MEMORY;
    buffer_append(out, url, (size_t)(parts.path - url));
    write_with_names(out, parts.path, &account_part, &service_part);
}

/* What `{account}` and `{brace}` would be taken for. */
static bool needs_brace(const char *text)
{
    return text_starts_with(text, "{account}") || text_starts_with(text, "{brace}");
}

void import_template_username(buffer *out, const char *username, const char *account)
{
    size_t size = strlen(account);
    bool whole = text_equal(username, account);
    while (*username) {
        bool is_account = whole || begins_with_name(username, account, size);
        if (is_account)
            buffer_append_text(out, "{account}");
        else if (needs_brace(username))
            buffer_append_text(out, "{brace}");
        else
            buffer_append_byte(out, *username);
        username += is_account ? size : 1;
    }
}
