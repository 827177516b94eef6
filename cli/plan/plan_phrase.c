/* SPDX-License-Identifier: MIT */
/* See plan.h. */
#include <config.h>
#include <stdlib.h>
#include <string.h>
#include "base/map.h"
#include "base/text.h"
#include "cli/plan/plan.h"

/* Services that are named before "and 3 more". */
#define MOST_SERVICES 3
#define LONGEST_TEXT  ((size_t)64 * 1024)

const json *plan_field_of(const json *change, const char *name)
{
    for (const json *row = json_first(json_get(change, "fields")); row; row = json_next(row))
        if (text_equal(json_get_string(row, "name"), name))
            return row;
    return NULL;
}

/* The different texts of a member, in their order: keys of a map. NULL out of memory. */
static map *collect(const plan_group *group, const char *member)
{
    map *out = NULL;
    thingspace_status status = map_new(&out, NULL);
    for (size_t i = 0; i < group->count && status == THINGSPACE_OK; i++) {
        const char *text = json_get_string(group->rows[i], member);
        if (text)
            status = map_set(out, text, out);
    }
    if (status == THINGSPACE_OK)
        return out;
    map_free(out);
    return NULL;
}

char *plan_phrase_services(const plan_group *group)
{
    map *services = collect(group, "serviceName");
    buffer out;
    buffer_init(&out, LONGEST_TEXT);
    if (!services)
        return NULL;
    size_t count = map_count(services);
    for (size_t i = 0; i < count && i < MOST_SERVICES; i++)
        buffer_append_format(&out, "%s%s", i > 0 ? ", " : "", map_key(services, i));
    if (count > MOST_SERVICES)
        buffer_append_format(&out, " and %zu more", count - MOST_SERVICES);
    map_free(services);
    return buffer_take(&out);
}

char *plan_phrase_fields(const json *change)
{
    buffer out;
    buffer_init(&out, LONGEST_TEXT);
    buffer_append_text(&out, "");
    for (const json *row = json_first(json_get(change, "fields")); row; row = json_next(row))
        buffer_append_format(&out, "%s%s", out.size > 0 ? ", " : "", json_get_string(row, "name"));
    return out.size > 0 ? buffer_take(&out) : text_copy("");
}

/* ---- accounts ---- */

/* Up to the last dash, with it; 0: there is none. */
static size_t prefix_of(const char *account)
{
    const char *dash = strrchr(account, '-');
    return dash ? (size_t)(dash - account) + 1 : 0;
}

static bool share_prefix(const map *accounts, size_t prefix)
{
    for (size_t i = 0; i < map_count(accounts); i++)
        if (prefix_of(map_key(accounts, i)) != prefix ||
            strncmp(map_key(accounts, i), map_key(accounts, 0), prefix) != 0)
            return false;
    return prefix > 0;
}

/* Whether the numbers behind the prefix follow each other; the accounts are sorted. */
static bool is_range(const map *accounts, size_t prefix)
{
    for (size_t i = 0; i < map_count(accounts); i++) {
        long long first, number;
        const char *text = map_key(accounts, i) + prefix;
        if (strlen(text) != strlen(map_key(accounts, 0) + prefix) ||
            !text_to_integer(map_key(accounts, 0) + prefix, &first) ||
            !text_to_integer(text, &number) || number != first + (long long)i)
            return false;
    }
    return true;
}

static char *write_accounts(const map *accounts)
{
    size_t count = map_count(accounts);
    const char *first = count > 0 ? map_key(accounts, 0) : "";
    size_t prefix = prefix_of(first);
    if (count < 2)
        return text_copy(first);
    if (!share_prefix(accounts, prefix))
        return text_format("%zu accounts", count);
    if (is_range(accounts, prefix))
        return text_format("%s .. -%s", first, map_key(accounts, count - 1) + prefix);
    return text_format("%zu accounts %.*s*", count, (int)prefix, first);
}

char *plan_phrase_accounts(const plan_group *group)
{
    map *accounts = collect(group, "accountName");
    char *out = accounts ? write_accounts(accounts) : NULL;
    map_free(accounts);
    return out;
}

/* ---- URLs ---- */

char *plan_phrase_origin(const char *url)
{
    const char *host = strstr(url, "://");
    return host ? text_copy_range(url, (size_t)(host - url) + 3 + strcspn(host + 3, "/?"))
                : text_copy(url);
}

char *plan_phrase_replace(const char *text, const char *word, const char *by)
{
    buffer out;
    size_t length = word ? strlen(word) : 0;
    if (length == 0)
        return text_copy(text);
    buffer_init(&out, LONGEST_TEXT);
    for (const char *found; (found = strstr(text, word)); text = found + length) {
        buffer_append(&out, text, (size_t)(found - text));
        buffer_append_text(&out, by);
    }
    buffer_append_text(&out, text);
    return out.size > 0 || out.status != THINGSPACE_OK ? buffer_take(&out) : text_copy("");
}

/* NULL too when that end has no URL. */
static char *template_of(const json *change, const char *end, bool with_service)
{
    const char *url = json_get_string(plan_field_of(change, "url"), end);
    if (!url)
        return NULL;
    cleanup_text char *out =
        plan_phrase_replace(url, json_get_string(change, "accountName"), "{account}");
    if (!out || !with_service)
        return out ? text_copy(out) : NULL;
    return plan_phrase_replace(out, json_get_string(change, "serviceName"), "{service}");
}

static bool is_one_service(const plan_group *group)
{
    const char *first = json_get_string(group->rows[0], "serviceName");
    for (size_t i = 1; i < group->count; i++)
        if (!text_equal(first, json_get_string(group->rows[i], "serviceName")))
            return false;
    return true;
}

/* How much of the first `length` bytes of a text another one begins with. */
static size_t shared_of(const char *text, size_t length, const char *other)
{
    size_t shared = 0;
    while (shared < length && text[shared] == other[shared])
        shared++;
    return shared;
}

/* What the URLs have in common, up to the end of a part: "https://hooks.example.com/{account}?t=".
 * At least the host, which the group shares. */
static char *shorten(const char *common, size_t shared, const char *url)
{
    cleanup_text char *origin = plan_phrase_origin(url);
    while (shared > 0 && !strchr("/?&=", common[shared - 1]))
        shared--;
    if (origin && shared > strlen(origin))
        return text_format("%.*s...", (int)shared, common);
    return origin ? text_format("%s/...", origin) : NULL;
}

char *plan_phrase_url(const plan_group *group, const char *end)
{
    const char *url = json_get_string(plan_field_of(group->rows[0], "url"), end);
    bool with_service = !is_one_service(group), alike = true;
    if (group->count == 1 || !url)
        return text_copy(url ? url : "");
    cleanup_text char *common = template_of(group->rows[0], end, with_service);
    size_t shared = common ? strlen(common) : 0;
    for (size_t i = 1; i < group->count && common; i++) {
        cleanup_text char *other = template_of(group->rows[i], end, with_service);
        alike = alike && text_equal(common, other);
        shared = other ? shared_of(common, shared, other) : 0;
    }
    return alike || !common ? text_copy(common) : shorten(common, shared, url);
}
