/* SPDX-License-Identifier: MIT */
/*
 * What a policy that was imported declares beside accounts and listeners: endpoints and credentials
 * that are not built in, and the hosts that are its own. See import_script.h.
 */
#include <config.h>
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "callbacks/import/import_quote.h"
#include "callbacks/import/import_script.h"
#include "catalogue/api.h"

/* Patterns of `owns`: more are no list that anybody reads. */
#define MOST_HOSTS 100

/* Whether an account that is read and stands before has it. */
static bool is_repeated(const imported *imported, size_t index, bool credentials)
{
    const import_account *self = &imported->accounts[index];
    for (size_t i = index; i-- > 0;) { /* neighbours are alike */
        const import_account *other = &imported->accounts[i];
        if (other->set && (credentials ? other->credential == self->credential
                                       : other->endpoint == self->endpoint))
            return true;
    }
    return false;
}

static bool derives(const endpoint *endpoint)
{
    size_t size = endpoint->root_size;
    return size > 0 && strncmp(endpoint->token, endpoint->api, size) == 0 &&
           text_equal(endpoint->token + size, API_TOKEN_PATH);
}

static void write_endpoint(buffer *out, const endpoint *endpoint)
{
    cleanup_text char *root = text_copy_range(endpoint->api, endpoint->root_size);
    if (!root)
        out->status = THINGSPACE_MEMORY;
    buffer_append_text(out, "    [");
    import_quote_lua(out, endpoint->name);
    buffer_append_text(out, "] = { ");
    if (root && derives(endpoint)) {
        import_quote_member(out, "url", root);
    } else {
        import_quote_member(out, "api", endpoint->api);
        import_quote_member(out, ", token", endpoint->token);
    }
    buffer_append_text(out, endpoint->insecure ? ", insecure = true" : "");
    buffer_append_text(out, endpoint->private_allowed ? ", private = true" : "");
    if (endpoint->window > 0)
        buffer_append_format(out, ", window = %u", endpoint->window);
    buffer_append_text(out, " },\n");
}

static bool is_built_in(const char *name)
{
    return text_equal(name, "production") || text_equal(name, "environment");
}

static void write_endpoints(buffer *out, const imported *imported)
{
    bool any = false;
    for (size_t i = 0; i < imported->count && out->status == THINGSPACE_OK; i++) {
        const import_account *account = &imported->accounts[i];
        if (!account->set || is_built_in(account->endpoint->name) ||
            is_repeated(imported, i, false))
            continue;
        buffer_append_text(out, any ? "" : "  endpoints = {\n");
        write_endpoint(out, account->endpoint);
        any = true;
    }
    buffer_append_text(out, any ? "  },\n" : "");
}

static bool needs_credential(const imported *imported, size_t index)
{
    const import_account *account = &imported->accounts[index];
    return account->set && !is_built_in(account->credential->name) &&
           !is_repeated(imported, index, true);
}

size_t import_declared_credentials(const imported *imported)
{
    size_t count = 0;
    for (size_t i = 0; i < imported->count; i++)
        count += needs_credential(imported, i);
    return count;
}

static void write_credentials(buffer *out, const imported *imported)
{
    bool any = false;
    for (size_t i = 0; i < imported->count && out->status == THINGSPACE_OK; i++) {
        const import_account *account = &imported->accounts[i];
        if (!needs_credential(imported, i))
            continue;
        buffer_append_text(out, any ? ""
                                    : "  -- Folders beside this file, with the files key, secret, "
                                      "username and password.\n  credentials = {\n");
        buffer_append_text(out, "    [");
        import_quote_lua(out, account->credential->name);
        buffer_append_text(out, "] = thingspace.secret.dir(");
        import_quote_lua(out, account->credential->name);
        buffer_append_text(out, "),\n");
        any = true;
    }
    buffer_append_text(out, any ? "  },\n" : "");
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void write_hosts(buffer *out, const map *hosts)
{
    const char *sorted[MOST_HOSTS];
    size_t count = map_count(hosts);
    for (size_t i = 0; i < count; i++)
        sorted[i] = map_key(hosts, i);
    qsort(sorted, count, sizeof(sorted[0]), compare_texts);
    buffer_append_text(out, "  owns = {");
    for (size_t i = 0; i < count; i++) {
        buffer_append_text(out, count > 1 ? "\n    " : " ");
        import_quote_lua(out, sorted[i]);
        buffer_append_text(out, count > 1 ? "," : " ");
    }
    buffer_append_text(out, count > 1 ? "\n  },\n" : "},\n");
}

static void write_owned(buffer *out, const imported *imported)
{
    size_t count = map_count(imported->hosts);
    if (count == 0)
        return;
    buffer_append_text(out, "  -- What goes to these hosts stays ours when its line below goes: a "
                            "plan removes it then.\n");
    if (count <= MOST_HOSTS)
        write_hosts(out, imported->hosts);
    else
        buffer_append_format(out,
                             "  -- Which hosts of %zu are ours is for you to say: owns = { "
                             "\"https://*.example.com/*\" },\n",
                             count);
}

void import_declared_write(buffer *out, const imported *imported)
{
    write_endpoints(out, imported);
    write_credentials(out, imported);
    write_owned(out, imported);
}
