/* SPDX-License-Identifier: MIT */
/*
 * A tenant's rights as C data, the checks of what its script names against them, and the rest
 * after runs that a limit stopped. Every refusal names what was asked for and shows what is
 * granted; of a URL not what may be a token. One thread at a time.
 */
#include <config.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/limits.h"
#include "base/nearest.h"
#include "base/text.h"
#include "catalogue/url_pattern.h"
#include "plugin/instance.h"
#include "plugin/search.h"
#include "policy/policy.h"

/* Of what is granted, or a URL, in a message. */
#define SHOWN_BYTES 160
/* Of a part of a URL's path. */
#define LONGEST_SHOWN 20

/* --- Making and freeing --- */

thingspace_status tenant_new(tenant **out, const char *name, const char *script)
{
    *out = NULL;
    cleanup_tenant tenant *self = calloc(1, sizeof(*self));
    if (!self)
        return THINGSPACE_MEMORY;
    self->broken = (thingspace_error)THINGSPACE_ERROR_INIT;
    self->stopped = (thingspace_error)THINGSPACE_ERROR_INIT;
    self->name = text_copy(name);
    self->script = text_copy(script);
    if (!self->name || !self->script)
        return THINGSPACE_MEMORY;
    *out = self;
    self = NULL;
    return THINGSPACE_OK;
}

static void dispose_list(tenant_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->items[i]);
    free(list->items);
}

void tenant_free(tenant *self)
{
    if (!self)
        return;
    policy_free(self->own);
    dispose_list(&self->accounts);
    dispose_list(&self->endpoints);
    dispose_list(&self->credentials);
    dispose_list(&self->urls);
    map_free(self->secrets);
    map_free(self->plugins);
    free(self->name);
    free(self->script);
    free(self);
}

void tenant_cleanup(tenant **self)
{
    tenant_free(*self);
}

static thingspace_status check_item(const tenant_list *list, const char *text,
                                    thingspace_error *error)
{
    if (text_is_empty(text))
        return error_set(error, THINGSPACE_POLICY, "an empty text names nothing: remove it");
    if (strnlen(text, LIMIT_URL + 1) > LIMIT_URL)
        return error_set(error, THINGSPACE_POLICY, "a text longer than %d bytes: shorten it",
                         LIMIT_URL);
    if (text_has_control(text) || !text_is_utf8(text, strlen(text)))
        return error_set(error, THINGSPACE_POLICY, "'%.80s' is not one line of UTF-8", text);
    if (list->count >= LIMIT_TENANT_LIST)
        return error_set(error, THINGSPACE_POLICY, "more than %d items: use patterns with *",
                         LIMIT_TENANT_LIST);
    return THINGSPACE_OK;
}

thingspace_status tenant_list_add(tenant_list *list, const char *text, thingspace_error *error)
{
    thingspace_status status = check_item(list, text, error);
    if (status != THINGSPACE_OK)
        return status;
    char **grown = realloc(list->items, (list->count + 1) * sizeof(*grown));
    if (!grown)
        return error_memory(error);
    list->items = grown;
    char *copy = text_copy(text);
    if (!copy)
        return error_memory(error);
    list->items[list->count++] = copy;
    return THINGSPACE_OK;
}

static bool is_in(const tenant_list *list, const char *text)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->items[i], text) == 0)
            return true;
    return false;
}

/* Most patterns fail here: 200 tenants are compared with each of 100,000 accounts. */
static bool may_match(const char *account, const char *pattern)
{
    while (*pattern && *pattern == *account) {
        pattern++;
        account++;
    }
    return *pattern == '*' || *pattern == *account;
}

bool tenant_pattern_matches(const tenant *self, size_t index, const char *account)
{
    const char *pattern = self->accounts.items[index];
    return may_match(account, pattern) && text_matches(account, pattern);
}

bool tenant_owns(const tenant *self, const char *account)
{
    for (size_t i = 0; i < self->accounts.count; i++)
        if (tenant_pattern_matches(self, i, account))
            return true;
    return false;
}

bool tenant_uses(const tenant *self, const char *plugin)
{
    for (size_t i = 0; self->own && i < policy_plugin_count(self->own); i++)
        if (text_equal(policy_plugin_at(self->own, i)->plugin, plugin))
            return true;
    return false;
}

/* --- What is granted --- */

/* Appends ", text", or "..." once the room is used. */
static void show(char *out, const char *text)
{
    size_t used = strlen(out), length = strlen(text);
    const char *end = used >= 3 ? out + used - 3 : "";
    if (strcmp(end, "...") == 0)
        return;
    if (used + length + sizeof(", , ...") > SHOWN_BYTES)
        snprintf(out + used, SHOWN_BYTES - used, "%s...", used ? ", " : "");
    else
        snprintf(out + used, SHOWN_BYTES - used, "%s%s", used ? ", " : "", text);
}

/* "granted are a, b", "nothing is granted" into `out` of SHOWN_BYTES + 20. */
static void show_list(char *out, const tenant_list *list)
{
    char items[SHOWN_BYTES] = "";
    for (size_t i = 0; i < list->count; i++)
        show(items, list->items[i]);
    snprintf(out, SHOWN_BYTES + 20, list->count ? "granted are %s" : "nothing is granted%s", items);
}

static void show_map(char *out, const map *names)
{
    char items[SHOWN_BYTES] = "";
    for (size_t i = 0; i < map_count(names); i++)
        show(items, map_key(names, i));
    snprintf(out, SHOWN_BYTES + 20, *items ? "granted are %s" : "nothing is granted%s", items);
}

/* Behind "user:password@". */
static const char *host_of(const char *authority)
{
    const char *host = authority;
    for (const char *c = authority; *c && !strchr("/?#", *c); c++)
        host = *c == '@' ? c + 1 : host;
    return host;
}

/* What may be a secret is left out: the user, the query, and parts of the path as long as a token.
 */
static void show_url(char out[SHOWN_BYTES], const char *url)
{
    const char *colon = strstr(url, "://");
    const char *host = host_of(colon ? colon + strlen("://") : url);
    size_t size = strcspn(host, "/?#");
    int used = snprintf(out, SHOWN_BYTES, "%.*s%.*s", colon ? (int)(colon - url) + 3 : 0, url,
                        (int)size, host);
    for (const char *part = host + size; *part == '/' && used < SHOWN_BYTES; part += size + 1) {
        size = strcspn(part + 1, "/?#");
        const char *text = size > LONGEST_SHOWN ? "***" : part + 1;
        used += snprintf(out + used, SHOWN_BYTES - (size_t)used, "/%.*s", (int)size, text);
    }
    for (char *c = out; *c; c++)
        *c = (unsigned char)*c <= ' ' || *c == 0x7f ? '?' : *c;
}

thingspace_status tenant_check_url(const tenant *self, const char *url, thingspace_error *error)
{
    char granted[SHOWN_BYTES + 20], shown[SHOWN_BYTES];
    for (size_t i = 0; i < self->urls.count; i++)
        if (url_pattern_matches(self->urls.items[i], url))
            return THINGSPACE_OK;
    show_list(granted, &self->urls);
    show_url(shown, url);
    return error_set(error, THINGSPACE_POLICY, "tenant %s: the URL %s is not granted: %s",
                     self->name, shown, granted);
}

/* A URL in place of a name is not repeated. */
static thingspace_status check_name(const tenant *self, const tenant_list *list, const char *kind,
                                    const char *name, thingspace_error *error)
{
    char granted[SHOWN_BYTES + 20];
    if (is_in(list, name))
        return THINGSPACE_OK;
    show_list(granted, list);
    if (strstr(name, "://"))
        return error_set(error, THINGSPACE_POLICY,
                         "tenant %s: %s is a URL where a name belongs: %s", self->name, kind,
                         granted);
    return error_set(error, THINGSPACE_POLICY, "tenant %s: %s '%.64s' is not granted: %s",
                     self->name, kind, name, granted);
}

thingspace_status tenant_check_endpoint(const tenant *self, const char *name,
                                        thingspace_error *error)
{
    return check_name(self, &self->endpoints, "endpoint", name, error);
}

thingspace_status tenant_check_credential(const tenant *self, const char *name,
                                          thingspace_error *error)
{
    return check_name(self, &self->credentials, "credential", name, error);
}

thingspace_status tenant_check_names(const tenant *self, const char *endpoint,
                                     const char *credential, thingspace_error *error)
{
    thingspace_status status =
        endpoint ? tenant_check_endpoint(self, endpoint, error) : THINGSPACE_OK;
    if (status == THINGSPACE_OK && credential)
        status = tenant_check_credential(self, credential, error);
    return status;
}

thingspace_status tenant_refuse_secret(const tenant *self, const char *name,
                                       thingspace_error *error)
{
    char granted[SHOWN_BYTES + 20];
    nearest nearest;
    nearest_begin(&nearest, name);
    for (size_t i = 0; i < map_count(self->secrets); i++)
        nearest_offer(&nearest, map_key(self->secrets, i));
    show_map(granted, self->secrets);
    return error_set(error, THINGSPACE_POLICY, "secret '%.64s' is not granted%s%s%s", name,
                     nearest.found ? "; did you mean '" : ": ",
                     nearest.found ? nearest.found : granted, nearest.found ? "'?" : "");
}

thingspace_status tenant_refuse_account(const tenant *self, const char *account,
                                        thingspace_error *error)
{
    char granted[SHOWN_BYTES + 20];
    show_list(granted, &self->accounts);
    return error_set(error, THINGSPACE_POLICY, "tenant %s: account %.64s is not granted: %s",
                     self->name, account, granted);
}

thingspace_status tenant_check_plugin(const tenant *self, const plugin_row *row,
                                      thingspace_error *error)
{
    char granted[SHOWN_BYTES + 20];
    const capability_set *rights = map_get(self->plugins, row->plugin);
    const char *missing = rights ? capability_missing(row->grant, *rights) : NULL;
    if (missing)
        return error_set(error, THINGSPACE_POLICY,
                         "tenant %s: capability '%s' is not granted for plugin '%.64s': the "
                         "operator can add it to the tenant's row",
                         self->name, missing, row->plugin);
    if (rights)
        return THINGSPACE_OK;
    show_map(granted, self->plugins);
    if (search_is_file(row->plugin))
        return error_set(
            error, THINGSPACE_POLICY,
            "tenant %s: plugin '%.64s' is not granted: %s; write [\"%.64s\"] = { ... } "
            "in the tenant's row of plugins",
            self->name, row->plugin, granted, row->plugin);
    return error_set(error, THINGSPACE_POLICY, "tenant %s: plugin '%.64s' is not granted: %s",
                     self->name, row->plugin, granted);
}

void tenant_name_error(const tenant *self, thingspace_error *error)
{
    char prefix[LIMIT_POLICY_NAME + sizeof("tenant : ")];
    if (!error)
        return;
    snprintf(prefix, sizeof(prefix), "tenant %s: ", self->name);
    char *found = strstr(error->message, prefix);
    if (found)
        memmove(found, found + strlen(prefix), strlen(found + strlen(prefix)) + 1);
    error_prefix(error, "tenant %s", self->name);
    error_set_tenant(error, self->name);
}

/* --- Its script's runs --- */

static thingspace_status refuse_rest(const tenant *self, int64_t rest_ms, thingspace_error *error)
{
    error_set(error, THINGSPACE_POLICY, "tenant %s rests for another %lld s after: %s", self->name,
              (long long)(rest_ms + 999) / 1000, self->stopped.message);
    error_set_place(error, self->stopped.file, self->stopped.line);
    error_set_tenant(error, self->name);
    return THINGSPACE_POLICY;
}

thingspace_status tenant_check_ready(const tenant *self, int64_t now_ms, thingspace_error *error)
{
    if (self->broken.kind != THINGSPACE_OK) {
        if (error)
            error_copy(error, &self->broken);
        tenant_name_error(self, error);
        return self->broken.kind;
    }
    if (!self->own)
        return error_set(error, THINGSPACE_POLICY, "tenant %s: its script was not loaded",
                         self->name);
    if (now_ms < self->rests_until_ms)
        return refuse_rest(self, self->rests_until_ms - now_ms, error);
    return THINGSPACE_OK;
}

void tenant_note(tenant *self, const thingspace_error *failure, int64_t now_ms)
{
    if (!failure) {
        self->bad_in_row = 0;
        self->rests_until_ms = 0;
        return;
    }
    int64_t rest_ms = instance_rest_ms(++self->bad_in_row);
    self->rests_until_ms = now_ms + rest_ms;
    error_copy(&self->stopped, failure);
    log_write(self->log, THINGSPACE_LOG_WARNING, "tenant %s rests for %lld s after: %s", self->name,
              (long long)rest_ms / 1000, failure->message);
}
