/* SPDX-License-Identifier: MIT */
/*
 * See import_forms.h. A form that one account has, and that no other could have since its URL
 * holds no name, has no name itself; all others have a name made of their host. The most used
 * one of a host has the plain name.
 */
#include <config.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "base/limits.h"
#include "base/text.h"
#include "callbacks/import/import_forms.h"
#include "callbacks/import/import_quote.h"

/* Services get a name when as many rows have them together, and a script has so many names. */
#define LEAST_USES 5
#define MOST_NAMES 20
/* With more, no name tells which one is missing. */
#define MOST_SERVICES 64

const char *const import_row_members[] = {"account", "checks",     "credential", "endpoint",
                                          "tags",    "timeout_ms", NULL};

/* ---- names of forms ---- */

/* Braces that are doubled begin none. */
static bool has_placeholder(const char *url)
{
    for (const char *at = strchr(url, '{'); at; at = strchr(at, '{')) {
        if (at[1] != '{')
            return true;
        at += 2;
    }
    return false;
}

static bool is_named(const import_form *form)
{
    return form->accounts > 1 || has_placeholder(form->url);
}

static int compare_optional(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "");
}

/* The most used one first. */
static int compare_uses(const void *a, const void *b)
{
    const import_form *one = *(import_form *const *)a, *other = *(import_form *const *)b;
    if (one->listeners != other->listeners)
        return one->listeners > other->listeners ? -1 : 1;
    int order = strcmp(one->url, other->url);
    order = order != 0 ? order : compare_optional(one->api, other->api);
    order = order != 0 ? order : compare_optional(one->username, other->username);
    return order != 0 ? order : one->has_password - other->has_password;
}

static int compare_places(const void *a, const void *b)
{
    const import_form *one = *(import_form *const *)a, *other = *(import_form *const *)b;
    int order = strcmp(one->base, other->base);
    return order != 0 ? order : one->rank < other->rank ? -1 : one->rank > other->rank;
}

/* What rows have otherwise. */
static thingspace_status take_names(map *taken, const imported *imported)
{
    thingspace_status status = THINGSPACE_OK;
    for (const char *const *name = import_row_members; *name && status == THINGSPACE_OK; name++)
        status = map_set(taken, *name, taken);
    for (size_t i = 0; i < imported->column_count && status == THINGSPACE_OK; i++)
        status = map_set(taken, imported->columns[i], taken);
    return status;
}

/* `taken` tells for each base how many have tried it, so that thousands of one host are quick. */
static thingspace_status name_form(import_form *form, map *taken, map *tried)
{
    uintptr_t number = (uintptr_t)map_get(tried, form->base);
    do {
        free(form->name);
        number++;
        form->name = number == 1 && !import_quote_is_keyword(form->base)
                         ? text_copy(form->base)
                         : text_format("%s_%zu", form->base, (size_t)number);
        if (!form->name)
            return THINGSPACE_MEMORY;
    } while (map_get(taken, form->name));
    thingspace_status status = map_set(taken, form->name, taken);
    return status == THINGSPACE_OK ? map_set(tried, form->base, (void *)number) : status;
}

static thingspace_status name_forms(import_forms *self, const imported *imported)
{
    map *taken = NULL, *tried = NULL;
    thingspace_status status = map_new(&taken, NULL);
    if (status == THINGSPACE_OK)
        status = map_new(&tried, NULL);
    if (status == THINGSPACE_OK)
        status = take_names(taken, imported);
    for (size_t i = 0; i < self->count && status == THINGSPACE_OK; i++)
        status = name_form(self->named[i], taken, tried);
    map_free(taken);
    map_free(tried);
    return status;
}

static thingspace_status rank_forms(import_forms *self, const imported *imported)
{
    size_t count = map_count(imported->forms);
    self->named = calloc(count + 1, sizeof(import_form *));
    if (!self->named)
        return THINGSPACE_MEMORY;
    for (size_t i = 0; i < count; i++) {
        import_form *form = map_value(imported->forms, i);
        free(form->name);
        form->name = NULL;
        form->place = SIZE_MAX;
        if (is_named(form))
            self->named[self->count++] = form;
    }
    qsort(self->named, self->count, sizeof(import_form *), compare_uses);
    for (size_t i = 0; i < self->count; i++)
        self->named[i]->rank = i;
    thingspace_status status = name_forms(self, imported);
    qsort(self->named, self->count, sizeof(import_form *), compare_places);
    for (size_t i = 0; i < self->count; i++)
        self->named[i]->place = i;
    return status;
}

/* ---- services that are often together ---- */

static int compare_listeners(const void *a, const void *b)
{
    const import_listener *one = a, *other = b;
    if (one->form->place != other->form->place)
        return one->form->place < other->form->place ? -1 : 1;
    int order = one->form == other->form ? 0 : strcmp(one->form->url, other->form->url);
    order = order != 0 ? order : strcmp(one->service, other->service);
    return order != 0 ? order : compare_optional(one->form->api, other->form->api);
}

size_t import_forms_write_run(buffer *out, const import_set *set, size_t first)
{
    size_t count = 0;
    for (size_t i = first; i < set->count; i++, count++) {
        if (set->listeners[i].form != set->listeners[first].form)
            break;
        buffer_append_text(out, count > 0 ? " " : "");
        buffer_append_text(out, set->listeners[i].service);
    }
    return count;
}

static void free_services(void *value)
{
    import_services *services = value;
    free(services->name);
    free(services);
}

static thingspace_status count_services(import_forms *self, const char *text, size_t uses)
{
    import_services *known = map_get(self->services, text);
    if (!known) {
        known = calloc(1, sizeof(*known));
        if (!known || map_set(self->services, text, known) != THINGSPACE_OK) {
            free(known);
            return THINGSPACE_MEMORY;
        }
    }
    known->uses += uses;
    return THINGSPACE_OK;
}

static thingspace_status count_set(import_forms *self, const import_set *set)
{
    thingspace_status status = THINGSPACE_OK;
    if (set->count > 1)
        qsort(set->listeners, set->count, sizeof(*set->listeners), compare_listeners);
    for (size_t i = 0, run; i < set->count && status == THINGSPACE_OK; i += run) {
        cleanup_buffer buffer text;
        buffer_init(&text, LIMIT_POLICY_FILE);
        run = import_forms_write_run(&text, set, i);
        status = text.status;
        if (status == THINGSPACE_OK && run > 1 && set->listeners[i].form->name)
            status = count_services(self, buffer_text(&text), set->accounts);
    }
    return status;
}

static int compare_services(const void *a, const void *b)
{
    const import_services *one = *(import_services *const *)a;
    const import_services *other = *(import_services *const *)b;
    if (one->uses != other->uses)
        return one->uses > other->uses ? -1 : 1;
    return strcmp(one->text, other->text);
}

/* The services of connectivity that any account has. Owned: free(). NULL: out of memory. */
static const char **list_all(const imported *imported, size_t *count)
{
    map *seen;
    const char **all = NULL;
    thingspace_status status = map_new_borrowing(&seen, NULL);
    for (size_t i = 0; i < map_count(imported->sets) && status == THINGSPACE_OK; i++) {
        const import_set *set = map_value(imported->sets, i);
        for (size_t k = 0; k < set->count && status == THINGSPACE_OK; k++)
            if (!set->listeners[k].form->api)
                status = map_set(seen, set->listeners[k].service, seen);
    }
    *count = status == THINGSPACE_OK ? map_count(seen) : 0;
    if (status == THINGSPACE_OK)
        all = calloc(*count + 1, sizeof(*all));
    for (size_t i = 0; all && i < *count; i++)
        all[i] = map_key(seen, i);
    map_free(seen);
    return all;
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names what a row would say of all but that one, `but` being `count`: of all. */
static thingspace_status name_all(import_forms *self, const char *const *all, size_t count,
                                  size_t but)
{
    cleanup_buffer buffer text;
    buffer_init(&text, LIMIT_POLICY_FILE);
    for (size_t i = 0; i < count; i++) {
        buffer_append_text(&text, text.size > 0 && i != but ? " " : "");
        buffer_append_text(&text, i != but ? all[i] : "");
    }
    import_services *known = map_get(self->services, buffer_text(&text));
    if (text.status != THINGSPACE_OK || !known)
        return text.status;
    known->name = but < count ? text_format("all_but_%s", all[but]) : text_copy("all");
    return known->name ? THINGSPACE_OK : THINGSPACE_MEMORY;
}

static thingspace_status name_alls(import_forms *self, const imported *imported)
{
    size_t count;
    const char **all = list_all(imported, &count);
    if (!all)
        return THINGSPACE_MEMORY;
    qsort(all, count, sizeof(*all), compare_texts);
    thingspace_status status = name_all(self, all, count, count);
    for (size_t i = 0; i < count && count <= MOST_SERVICES && status == THINGSPACE_OK; i++)
        if (!strpbrk(all[i], ".-"))
            status = name_all(self, all, count, i);
    free(all);
    return status;
}

/* Which are used often, and have a name; others lose theirs. */
static thingspace_status name_often(import_forms *self)
{
    size_t count = map_count(self->services);
    self->often = calloc(count + 1, sizeof(import_services *));
    if (!self->often)
        return THINGSPACE_MEMORY;
    for (size_t i = 0; i < count; i++) {
        self->often[i] = map_value(self->services, i);
        self->often[i]->text = map_key(self->services, i);
    }
    qsort(self->often, count, sizeof(import_services *), compare_services);
    for (size_t i = 0; i < count; i++) {
        import_services *services = self->often[i];
        bool kept = services->uses >= LEAST_USES && i < MOST_NAMES;
        if (!kept) {
            free(services->name);
            services->name = NULL;
            continue;
        }
        self->often_count++;
        if (!services->name && !(services->name = text_format("set_%zu", self->often_count)))
            return THINGSPACE_MEMORY;
    }
    return THINGSPACE_OK;
}

/* ---- the whole ---- */

thingspace_status import_forms_rank(import_forms *out, const imported *imported)
{
    *out = (import_forms){0};
    thingspace_status status = map_new(&out->services, free_services);
    if (status == THINGSPACE_OK)
        status = rank_forms(out, imported);
    for (size_t i = 0; i < map_count(imported->sets) && status == THINGSPACE_OK; i++)
        status = count_set(out, map_value(imported->sets, i));
    if (status == THINGSPACE_OK)
        status = name_alls(out, imported);
    return status == THINGSPACE_OK ? name_often(out) : status;
}

void import_forms_dispose(import_forms *self)
{
    free(self->named);
    free(self->often);
    map_free(self->services);
    *self = (import_forms){0};
}
