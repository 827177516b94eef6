/* SPDX-License-Identifier: MIT */
/*
 * See imported.h. What is listed is looked at as a policy would look at it, password included, so
 * that what is kept can be declared and registered just so.
 */
#include <config.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "callbacks/import/import_template.h"
#include "callbacks/import/imported.h"
#include "catalogue/listener_check.h"
#include "catalogue/weburl.h"

/* About the longest name of a form that can be read. */
#define BASE_BYTES 60

static void free_form(void *value)
{
    import_form *form = value;
    free(form->name);
    free(form);
}

static void free_set(void *value)
{
    import_set *set = value;
    free(set->listeners);
    free(set);
}

/* ---- life ---- */

static bool same_cells(const imported *self, const char *const *a, const char *const *b)
{
    for (size_t i = 0; i < self->column_count; i++)
        if (!text_same(a[i], b[i]))
            return false;
    return true;
}

/* Named again: by a word, and in a list. */
static thingspace_status merge(const imported *self, import_account *known,
                               const char *const *cells, thingspace_error *error)
{
    static const char *const none[LIMIT_CSV_COLUMNS] = {NULL};
    if (!known->cells || same_cells(self, known->cells, none))
        known->cells = cells;
    if (!cells || same_cells(self, cells, none) || same_cells(self, cells, known->cells))
        return THINGSPACE_OK;
    return error_set(error, THINGSPACE_USAGE,
                     "account %.120s is listed twice with different columns: keep one",
                     known->name);
}

static thingspace_status take_account(imported *self, map *seen, const char *name,
                                      const char *const *cells, thingspace_error *error)
{
    import_account *known = map_get(seen, name);
    if (known)
        return merge(self, known, cells, error);
    known = &self->accounts[self->count++];
    *known = (import_account){.name = name, .cells = cells};
    return map_set(seen, name, known) == THINGSPACE_OK ? THINGSPACE_OK : error_memory(error);
}

static thingspace_status take_accounts(imported *self, const char *const *accounts, size_t count,
                                       const char *const *cells, thingspace_error *error)
{
    map *seen;
    if (map_new(&seen, NULL) != THINGSPACE_OK)
        return error_memory(error);
    thingspace_status status = THINGSPACE_OK;
    for (size_t i = 0; i < count && status == THINGSPACE_OK; i++)
        status = take_account(self, seen, accounts[i],
                              cells ? &cells[i * self->column_count] : NULL, error);
    map_free(seen);
    return status;
}

thingspace_status imported_init(imported *out, const char *const *accounts, size_t count,
                                const import_columns *columns, thingspace_error *error)
{
    *out = (imported){.columns = columns ? columns->names : NULL};
    while (out->columns && out->columns[out->column_count])
        out->column_count++;
    out->accounts = calloc(count + 1, sizeof(*out->accounts));
    bool made = out->accounts && map_new(&out->forms, free_form) == THINGSPACE_OK &&
                map_new(&out->sets, free_set) == THINGSPACE_OK &&
                map_new(&out->texts, free) == THINGSPACE_OK &&
                map_new(&out->hosts, NULL) == THINGSPACE_OK;
    if (!made)
        return error_memory(error);
    return take_accounts(out, accounts, count, out->column_count > 0 ? columns->cells : NULL,
                         error);
}

void imported_dispose(imported *self)
{
    free(self->accounts);
    free(self->skips);
    map_free(self->forms);
    map_free(self->sets);
    map_free(self->texts);
    map_free(self->hosts);
    *self = (imported){0};
}

const char *imported_cell(const imported *self, const import_account *account, const char *column)
{
    for (size_t i = 0; account->cells && i < self->column_count; i++)
        if (text_equal(self->columns[i], column))
            return text_is_empty(account->cells[i]) ? NULL : account->cells[i];
    return NULL;
}

/* ---- texts ---- */

/* Expected: USAGE. */
static thingspace_status charge(imported *self, size_t size, thingspace_error *error)
{
    self->bytes += size;
    if (self->bytes <= LIMIT_POLICY_FILE && map_count(self->texts) < LIMIT_MAP_ENTRIES)
        return THINGSPACE_OK;
    return error_set(error, THINGSPACE_USAGE,
                     "this is more than one policy can hold: import fewer accounts at a time");
}

/* NULL stays NULL. Expected: MEMORY, USAGE (too much). */
static thingspace_status keep(imported *self, const char **out, const char *text,
                              thingspace_error *error)
{
    *out = text ? map_get(self->texts, text) : NULL;
    if (*out || !text)
        return THINGSPACE_OK;
    if (charge(self, strlen(text), error) != THINGSPACE_OK)
        return THINGSPACE_USAGE;
    char *copy = text_copy(text);
    if (!copy || map_set(self->texts, text, copy) != THINGSPACE_OK) {
        free(copy);
        return error_memory(error);
    }
    *out = copy;
    return THINGSPACE_OK;
}

/* ---- what cannot be declared ---- */

static thingspace_status skip(imported *self, const import_account *account,
                              const import_skip *what, thingspace_error *error)
{
    if (self->skip_count == self->skip_capacity) {
        size_t capacity = self->skip_capacity > 0 ? self->skip_capacity * 2 : 16;
        import_skip *larger = realloc(self->skips, capacity * sizeof(*larger));
        if (!larger)
            return error_memory(error);
        self->skips = larger;
        self->skip_capacity = capacity;
    }
    import_skip kept = {.account = account->name, .number = self->skip_count};
    thingspace_status status = keep(self, &kept.service, what->service, error);
    if (status == THINGSPACE_OK)
        status = keep(self, &kept.api, what->api, error);
    if (status == THINGSPACE_OK)
        status = keep(self, &kept.why, what->why, error);
    if (status == THINGSPACE_OK)
        self->skips[self->skip_count++] = kept;
    return status;
}

static bool has(const import_set *set, const char *service, const char *api)
{
    for (size_t i = 0; i < set->count; i++)
        if (text_equal(set->listeners[i].service, service) &&
            text_equal(set->listeners[i].form->api, api))
            return true;
    return false;
}

/* As a policy would; where only the check of characters refuses it, the account is to ignore that.
 */
static thingspace_status check_facts(import_account *account, listener_facts *facts,
                                     thingspace_error *error)
{
    listener_levels levels = {{0}};
    if (listener_check(facts, NULL, NULL, error) == THINGSPACE_OK)
        return THINGSPACE_OK;
    thingspace_status status = listener_levels_set(&levels, "characters", "ignore", error);
    facts->levels = &levels;
    if (status == THINGSPACE_OK)
        status = listener_check(facts, NULL, NULL, error);
    if (status == THINGSPACE_OK)
        account->ignores_characters = true;
    facts->levels = NULL;
    return status;
}

static thingspace_status check_values(import_account *account, const api_row *api,
                                      const listener_row *row, thingspace_error *error)
{
    cleanup_secret thingspace_secret *password = NULL;
    thingspace_status status = api_row_check_service(api, row->shown.service, error);
    if (status == THINGSPACE_OK && api->credentials && row->shown.has_password)
        status = thingspace_secret_new(&password, row->password, strlen(row->password), error);
    if (status != THINGSPACE_OK)
        return status;
    listener_facts facts = {.url = row->shown.url,
                            .username = api->credentials ? row->shown.username : NULL,
                            .password = password};
    return check_facts(account, &facts, error);
}

/* Expected: USAGE (it cannot be declared), MEMORY. */
static thingspace_status check_row(const import_set *set, import_account *account,
                                   const api_row *api, const listener_row *row,
                                   thingspace_error *error)
{
    if (has(set, row->shown.service, api_row_name(api)))
        return error_set(error, THINGSPACE_USAGE, "it is listed twice, and the first one counts");
    if (set->count == LIMIT_DESIRED_LISTENERS)
        return error_set(error, THINGSPACE_USAGE, "an account can declare no more than %d",
                         LIMIT_DESIRED_LISTENERS);
    if (text_is_empty(row->shown.url))
        return error_set(error, THINGSPACE_USAGE, "the service shows no URL of it");
    return check_values(account, api, row, error);
}

/* ---- one listener ---- */

/* Expected: MEMORY, USAGE (too much). A host that no pattern can have is none. */
static thingspace_status keep_host(imported *self, const char *url, thingspace_error *error)
{
    weburl parts;
    char pattern[sizeof(parts.host) + 32];
    if (weburl_split(&parts, url, NULL) != THINGSPACE_OK)
        return THINGSPACE_OK;
    bool usual = parts.port == (parts.https ? 443 : 80);
    int size =
        snprintf(pattern, sizeof(pattern), "%s://%s", parts.https ? "https" : "http", parts.host);
    if (!usual)
        size += snprintf(pattern + size, sizeof(pattern) - (size_t)size, ":%u", parts.port);
    snprintf(pattern + size, sizeof(pattern) - (size_t)size, "/*");
    if (map_get(self->hosts, pattern))
        return THINGSPACE_OK;
    return map_set(self->hosts, pattern, self) == THINGSPACE_OK ? THINGSPACE_OK
                                                                : error_memory(error);
}

/* Host, port where it is unusual, and API as an identifier. */
static void write_base(buffer *out, const char *url, const char *api)
{
    weburl parts;
    cleanup_buffer buffer words;
    buffer_init(&words, LIMIT_URL);
    if (weburl_split(&parts, url, NULL) == THINGSPACE_OK) {
        buffer_append_text(&words, parts.host);
        if (parts.port != (parts.https ? 443 : 80))
            buffer_append_format(&words, "_%u", parts.port);
    }
    buffer_append_format(&words, "%s%s", api ? "_" : "", api ? api : "");
    if (words.status != THINGSPACE_OK)
        out->status = words.status;
    for (const char *at = buffer_text(&words); *at && out->size < BASE_BYTES; at++) {
        char c = *at >= 'A' && *at <= 'Z' ? (char)(*at - 'A' + 'a') : *at;
        bool is_digit = c >= '0' && c <= '9', is_plain = is_digit || (c >= 'a' && c <= 'z');
        if (out->size == 0 && !is_plain)
            continue;
        if (out->size == 0 && is_digit)
            buffer_append_text(out, "host_");
        buffer_append_byte(out, is_plain ? c : '_');
    }
    if (out->size == 0)
        buffer_append_text(out, "host");
}

/* Templates of URL and username, and what a name is made of. */
static thingspace_status keep_texts(imported *self, import_form *out, const char *account,
                                    const listener_row *row, thingspace_error *error)
{
    cleanup_buffer buffer url, username, base;
    buffer_init(&url, 4 * LIMIT_URL); /* a name of four characters becomes nine */
    buffer_init(&username, 4 * LIMIT_URL);
    buffer_init(&base, LIMIT_URL);
    import_template_url(&url, row->shown.url, account, row->shown.service);
    if (out->username)
        import_template_username(&username, out->username, account);
    write_base(&base, row->shown.url, out->api);
    if (url.status != THINGSPACE_OK || username.status != THINGSPACE_OK ||
        base.status != THINGSPACE_OK)
        return error_memory(error);
    thingspace_status status = keep(self, &out->url, buffer_text(&url), error);
    if (status == THINGSPACE_OK)
        status =
            keep(self, &out->username, username.size > 0 ? buffer_text(&username) : NULL, error);
    return status == THINGSPACE_OK ? keep(self, &out->base, buffer_text(&base), error) : status;
}

/* The one that is kept. Texts have no control characters: they were checked. */
static thingspace_status keep_form(imported *self, import_form **out, const import_form *form,
                                   thingspace_error *error)
{
    cleanup_buffer buffer key;
    buffer_init(&key, LIMIT_POLICY_FILE);
    buffer_append_format(&key, "%s\n%s\n%s\n%d", form->url, form->api ? form->api : "",
                         form->username ? form->username : "", form->has_password);
    if (key.status != THINGSPACE_OK)
        return error_memory(error);
    *out = map_get(self->forms, buffer_text(&key));
    if (*out)
        return THINGSPACE_OK;
    if (charge(self, key.size, error) != THINGSPACE_OK)
        return THINGSPACE_USAGE;
    import_form *copy = malloc(sizeof(*copy));
    if (copy)
        *copy = *form;
    if (!copy || map_set(self->forms, buffer_text(&key), copy) != THINGSPACE_OK) {
        free(copy);
        return error_memory(error);
    }
    *out = copy;
    return THINGSPACE_OK;
}

static thingspace_status fill(imported *self, import_listener *out, const char *account,
                              const api_row *api, const listener_row *row, thingspace_error *error)
{
    import_form form = {
        .api = api_row_name(api),
        .has_password = api->credentials && row->shown.has_password,
        .username =
            api->credentials && !text_is_empty(row->shown.username) ? row->shown.username : NULL,
    };
    thingspace_status status = keep(self, &out->service, row->shown.service, error);
    if (status == THINGSPACE_OK)
        status = keep_texts(self, &form, account, row, error);
    if (status == THINGSPACE_OK)
        status = keep_host(self, row->shown.url, error);
    return status == THINGSPACE_OK ? keep_form(self, &out->form, &form, error) : status;
}

static thingspace_status add_row(imported *self, import_set *set, import_account *account,
                                 const api_row *api, const listener_row *row,
                                 thingspace_error *error)
{
    thingspace_error reason = THINGSPACE_ERROR_INIT;
    import_listener listener = {0};
    const import_skip skipped = {
        .service = row->shown.service,
        .api = api_row_name(api),
        .why = reason.message,
    };
    thingspace_status status = check_row(set, account, api, row, &reason);
    if (status == THINGSPACE_USAGE)
        return skip(self, account, &skipped, error);
    if (status != THINGSPACE_OK)
        return error_memory(error);
    status = fill(self, &listener, account->name, api, row, error);
    if (status == THINGSPACE_OK)
        set->listeners[set->count++] = listener;
    return status;
}

/* ---- one account ---- */

static int compare(const void *a, const void *b)
{
    const import_listener *one = a, *other = b;
    const char *api = one->form->api, *other_api = other->form->api;
    int order = strcmp(one->service, other->service);
    return order != 0 ? order : strcmp(api ? api : "", other_api ? other_api : "");
}

/* A form is kept once: its address tells it. */
static thingspace_status write_key(buffer *out, const import_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        buffer_append_format(out, "%s %p\n", set->listeners[i].service,
                             (void *)set->listeners[i].form);
    return out->status;
}

static void count_forms(const import_account *account)
{
    for (size_t i = 0; i < account->set->count; i++) {
        import_form *form = account->set->listeners[i].form;
        form->listeners++;
        form->accounts += form->last != account;
        form->last = account;
    }
}

/* Takes the set. */
static thingspace_status keep_set(imported *self, import_account *account, import_set *set,
                                  thingspace_error *error)
{
    cleanup_buffer buffer key;
    buffer_init(&key, LIMIT_POLICY_FILE);
    qsort(set->listeners, set->count, sizeof(*set->listeners), compare);
    thingspace_status status = write_key(&key, set) ? error_memory(error) : THINGSPACE_OK;
    import_set *known = map_get(self->sets, buffer_text(&key));
    if (status == THINGSPACE_OK && !known)
        status = charge(self, key.size, error);
    if (status == THINGSPACE_OK && !known && map_set(self->sets, buffer_text(&key), set))
        status = error_memory(error);
    if (status != THINGSPACE_OK || known)
        free_set(set);
    if (status != THINGSPACE_OK)
        return status;
    account->set = known ? known : set;
    account->set->accounts++;
    self->read++;
    self->listeners += account->set->count;
    count_forms(account);
    return THINGSPACE_OK;
}

static import_set *make_set(thingspace_result *const *lists, size_t count)
{
    size_t most = 1;
    for (size_t i = 0; i < count; i++)
        most += lists[i]->row_count;
    import_set *made = calloc(1, sizeof(*made));
    if (made)
        made->listeners = calloc(most, sizeof(*made->listeners));
    if (made && made->listeners)
        return made;
    free(made);
    return NULL;
}

thingspace_status imported_add(imported *self, import_account *account,
                               thingspace_result *const *lists, size_t count,
                               thingspace_error *error)
{
    import_set *set = make_set(lists, count);
    if (!set)
        return error_memory(error);
    thingspace_status status = THINGSPACE_OK;
    for (size_t i = 0; i < count && status == THINGSPACE_OK; i++)
        for (size_t k = 0; k < lists[i]->row_count && status == THINGSPACE_OK; k++)
            status = add_row(self, set, account, lists[i]->api, &lists[i]->rows[k], error);
    if (status == THINGSPACE_OK)
        return keep_set(self, account, set, error);
    free_set(set);
    return status;
}

static int compare_skips(const void *a, const void *b)
{
    const import_skip *one = a, *other = b;
    int order = strcmp(one->account, other->account);
    return order != 0 ? order : one->number < other->number ? -1 : one->number > other->number;
}

static int compare_accounts(const void *a, const void *b)
{
    return strcmp(((const import_account *)a)->name, ((const import_account *)b)->name);
}

void imported_sort(imported *self)
{
    if (self->count > 1)
        qsort(self->accounts, self->count, sizeof(*self->accounts), compare_accounts);
    if (self->skip_count > 1)
        qsort(self->skips, self->skip_count, sizeof(*self->skips), compare_skips);
}
