/* SPDX-License-Identifier: MIT */
/* The scenario's runner in C: members of steps, and answers as one line of JSON. See scenario.h. */
#include "scenario.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const cJSON *member_of(const cJSON *object, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(object, name);
}

const char *text_of(const cJSON *object, const char *name)
{
    return cJSON_GetStringValue(member_of(object, name));
}

int number_of(const cJSON *object, const char *name)
{
    const cJSON *member = member_of(object, name);
    return cJSON_IsTrue(member) ? 1 : cJSON_IsNumber(member) ? member->valueint : 0;
}

const char *expanded(const char *text)
{
    return text[0] == '$' ? getenv(text + 1) : text;
}

const char *const *texts_of(const cJSON *object, const char *name, const char **out, size_t room)
{
    const cJSON *list = member_of(object, name), *item;
    size_t count = 0;
    if (!list)
        return NULL;
    cJSON_ArrayForEach(item, list) if (count + 1 < room) out[count++] = item->valuestring;
    out[count] = NULL;
    return out;
}

void set_text(cJSON *answer, const char *name, const char *text)
{
    if (text && !cJSON_AddStringToObject(answer, name, text))
        abort();
}

void set_number(cJSON *answer, const char *name, double number)
{
    if (!cJSON_AddNumberToObject(answer, name, number))
        abort();
}

cJSON *add_list(cJSON *answer, const char *name)
{
    cJSON *list = cJSON_AddArrayToObject(answer, name);
    if (!list)
        abort();
    return list;
}

static const char *something(const char *text)
{
    return *text ? text : NULL;
}

void set_error(cJSON *answer, const thingspace_error *error, int vague)
{
    cJSON *told = cJSON_AddObjectToObject(answer, "error");
    set_text(told, "kind", thingspace_status_name(error->kind));
    if (vague)
        return;
    set_text(told, "message", error->message);
    set_text(told, "code", something(error->code));
    set_text(told, "account", something(error->account));
    set_text(told, "plugin", something(error->plugin));
    set_text(told, "instance", something(error->instance));
    set_text(told, "tenant", something(error->tenant));
    set_text(told, "phase", something(error->phase));
    set_text(told, "file", something(error->file));
    cJSON_AddBoolToObject(told, "retriable", error->retriable);
    if (error->http_status)
        set_number(told, "status", error->http_status);
    if (error->retry_after_ms)
        set_number(told, "retryAfterMs", (double)error->retry_after_ms);
    if (error->line)
        set_number(told, "line", error->line);
}

int by_text(const void *a, const void *b)
{
    const cJSON *one = *(cJSON *const *)a, *other = *(cJSON *const *)b;
    if (one->string)
        return strcmp(one->string, other->string);
    const cJSON *name = member_of(one, "serviceName"), *with = member_of(other, "serviceName");
    return strcmp((name ? name : one)->valuestring, (with ? with : other)->valuestring);
}

void sort_texts(cJSON *list)
{
    cJSON *items[256];
    size_t count = 0;
    while (list->child && count < sizeof(items) / sizeof(items[0]))
        items[count++] = cJSON_DetachItemViaPointer(list, list->child);
    qsort(items, count, sizeof(items[0]), by_text);
    for (size_t i = 0; i < count; i++)
        cJSON_AddItemToArray(list, items[i]);
}

static void sort_members(cJSON *value)
{
    cJSON *child;
    cJSON_ArrayForEach(child, value) sort_members(child);
    if (!cJSON_IsObject(value))
        return;
    /* Names stay with what is detached; adding to a list keeps them. */
    cJSON *items[64];
    size_t count = 0;
    while (value->child && count < sizeof(items) / sizeof(items[0]))
        items[count++] = cJSON_DetachItemViaPointer(value, value->child);
    qsort(items, count, sizeof(items[0]), by_text);
    for (size_t i = 0; i < count; i++)
        cJSON_AddItemToArray(value, items[i]);
}

void print_line(cJSON *answer)
{
    sort_members(answer);
    char *text = cJSON_PrintUnformatted(answer);
    if (!text)
        abort();
    puts(text);
    fflush(stdout);
    cJSON_free(text);
}
