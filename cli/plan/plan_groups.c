/* SPDX-License-Identifier: MIT */
/* Rows are sorted by what they are told apart by, and then by their order; a group is a run. */
#include <config.h>
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "cli/plan/plan.h"

typedef struct plan_item {
    const json *row;
    char *key;
    plan_state state;
    size_t order;
} plan_item;

static const char *action_of(const json *row)
{
    const char *action = json_get_string(row, "action");
    return action ? action : json_get(row, "serviceName") ? "failed" : "unread";
}

static plan_state state_of(const json *row)
{
    return plan_state_of(action_of(row));
}

static char *origin_of(const json *change, const char *end)
{
    const char *url = json_get_string(plan_field_of(change, "url"), end);
    return url ? plan_phrase_origin(url) : text_copy("");
}

static const char *text_of(const json *row, const char *name)
{
    const char *text = json_get_string(row, name);
    return text ? text : "";
}

static char *key_of(const json *row)
{
    if (!json_get(row, "action"))
        return text_format("%s\n%s\n%s\n%s", text_of(row, "kind"), text_of(row, "credential"),
                           text_of(row, "code"), text_of(row, "message"));
    bool whole = state_of(row) == PLAN_STATE_ADD || state_of(row) == PLAN_STATE_REMOVE;
    cleanup_text char *fields = whole ? text_copy("") : plan_phrase_fields(row);
    cleanup_text char *from = origin_of(row, "from");
    cleanup_text char *to = origin_of(row, "to");
    return fields && from && to ? text_format("%s\n%s\n%s\n%s\n%s", text_of(row, "api"), fields,
                                              from, to, text_of(row, "note"))
                                : NULL;
}

/* By account: results of an apply come in another order. */
static int compare(const void *a, const void *b)
{
    const plan_item *first = a, *second = b;
    int order = (int)first->state - (int)second->state;
    if (order == 0)
        order = strcmp(first->key, second->key);
    if (order == 0)
        order = strcmp(text_of(first->row, "accountName"), text_of(second->row, "accountName"));
    if (order == 0)
        order = strcmp(text_of(first->row, "serviceName"), text_of(second->row, "serviceName"));
    return order ? order : (first->order > second->order) - (first->order < second->order);
}

static bool is_alike(const plan_item *a, const plan_item *b)
{
    return a->state == b->state && text_equal(a->key, b->key);
}

thingspace_status plan_groups_make(plan_groups *out, const json *rows)
{
    size_t count = json_count(rows), i = 0;
    *out = (plan_groups){.count = count};
    out->items = calloc(count + 1, sizeof(*out->items));
    out->rows = calloc(count + 1, sizeof(json *));
    bool good = out->items && out->rows;
    for (const json *row = json_first(rows); row && good; row = json_next(row), i++) {
        out->items[i] = (plan_item){row, key_of(row), state_of(row), i};
        good = out->items[i].key != NULL;
    }
    if (!good)
        return THINGSPACE_MEMORY;
    qsort(out->items, count, sizeof(*out->items), compare);
    for (i = 0; i < count; i++)
        out->rows[i] = out->items[i].row;
    return THINGSPACE_OK;
}

bool plan_groups_next(plan_groups *groups, plan_group *out)
{
    size_t begin = groups->next, end = begin;
    if (begin == groups->count)
        return false;
    while (end < groups->count && is_alike(&groups->items[begin], &groups->items[end]))
        end++;
    *out = (plan_group){groups->rows + begin, end - begin, action_of(groups->rows[begin])};
    groups->next = end;
    return true;
}

void plan_groups_dispose(plan_groups *groups)
{
    for (size_t i = 0; groups->items && i < groups->count; i++)
        free(groups->items[i].key);
    free(groups->items);
    free((void *)groups->rows);
    *groups = (plan_groups){0};
}
