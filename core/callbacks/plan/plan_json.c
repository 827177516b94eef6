/* SPDX-License-Identifier: MIT */
/* See plan_json.h. */
#include <config.h>
#include <string.h>
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "callbacks/plan/plan_json.h"

/* Members of a plan that are numbers. */
typedef struct number {
    const char *name;
    size_t offset;
} number;

#define NUMBER(name)                                                                               \
    {                                                                                              \
#        name, offsetof(thingspace_plan_counts, name)                                              \
    }
static const number numbers[] = {
    NUMBER(accounts), NUMBER(add),       NUMBER(change),  NUMBER(takeover), NUMBER(remove),
    NUMBER(blocked),  NUMBER(unchanged), NUMBER(foreign), NUMBER(unread),   NUMBER(failed),
};

#define NUMBER_COUNT (sizeof(numbers) / sizeof(numbers[0]))

static size_t *number_at(thingspace_plan_counts *counts, size_t index)
{
    return (size_t *)((char *)counts + numbers[index].offset);
}

/* ---- writing ---- */

static json *fields_json(const plan_change *change, thingspace_status *status)
{
    json *fields = json_new_array();
    for (size_t i = 0; i < PLAN_MEMBERS; i++) {
        if (!change->fields[i].differs)
            continue;
        json *field = json_new_object();
        json_put(field, "name", json_new_string(plan_member_name(i)), status);
        json_put(field, "from", json_new_string(change->fields[i].from), status);
        json_put(field, "to", json_new_string(change->fields[i].to), status);
        json_add(fields, field, status);
    }
    return fields;
}

static json *change_json(const thingspace_plan *plan, size_t index, thingspace_status *status)
{
    const plan_change *change = &plan->changes[index];
    json *object = json_new_object();
    json_put(object, "accountName", json_new_string(change->account), status);
    json_put(object, "serviceName", json_new_string(change->service), status);
    json_put_text(object, "api", change->api, status);
    json_put(object, "action", json_new_string(plan_action_name(change->action)), status);
    json_put(object, "fields", fields_json(change, status), status);
    json_put_text(object, "note", change->note, status);
    return object;
}

static json *cell_json(const thingspace_plan *plan, size_t index, thingspace_status *status)
{
    const plan_change *cell = &plan->cells[index];
    json *object = json_new_object();
    json_put(object, "accountName", json_new_string(cell->account), status);
    json_put(object, "serviceName", json_new_string(cell->service), status);
    json_put_text(object, "api", cell->api, status);
    json_put(object, "state", json_new_string(plan_action_name(cell->action)), status);
    json_put(object, "url", json_new_string(cell->fields[PLAN_URL].from), status);
    json_put(object, "username", json_new_string(cell->fields[PLAN_USERNAME].from), status);
    json_put(object, "hasPassword", json_new_boolean(cell->fields[PLAN_PASSWORD].from != NULL),
             status);
    return object;
}

static json *failure_json(const thingspace_plan *plan, size_t index, thingspace_status *status)
{
    const plan_failure *failure = &plan->failures[index];
    json *object = json_new_object();
    json_put(object, "accountName", json_new_string(failure->account), status);
    json_put_text(object, "serviceName", failure->service, status);
    json_put_text(object, "credential", failure->credential, status);
    json_put(object, "kind", json_new_string(thingspace_status_name(failure->kind)), status);
    json_put(object, "message", json_new_string(failure->message), status);
    if (failure->http_status > 0)
        json_put(object, "status", json_new_integer(failure->http_status), status);
    json_put_text(object, "code", failure->code, status);
    json_put_text(object, "plugin", failure->plugin, status);
    json_put_text(object, "instance", failure->instance, status);
    json_put_text(object, "tenant", failure->tenant, status);
    json_put_text(object, "phase", failure->phase, status);
    return object;
}

static json *empty_json(const thingspace_plan *plan, size_t index, thingspace_status *status)
{
    json *name = json_new_string(plan->empty[index]);
    if (!name)
        *status = THINGSPACE_MEMORY;
    return name;
}

typedef json *element_function(const thingspace_plan *plan, size_t index,
                               thingspace_status *status);

/* Element by element: a tree of all of them would be many times the text. */
static void write_list(buffer *out, const thingspace_plan *plan, const char *name, size_t count,
                       element_function *element, thingspace_status *status)
{
    buffer_append_format(out, ",\"%s\":[", name);
    for (size_t i = 0; i < count && *status == THINGSPACE_OK; i++) {
        cleanup_json json *object = element(plan, i, status);
        if (i > 0)
            buffer_append_byte(out, ',');
        if (*status == THINGSPACE_OK)
            *status = json_write(out, object, JSON_PLAIN);
    }
    buffer_append_byte(out, ']');
}

static json *endpoints_json(const thingspace_plan *plan, thingspace_status *status)
{
    json *endpoints = json_new_array();
    for (size_t i = 0; i < map_count(plan->endpoints); i++)
        json_add(endpoints, json_new_string(map_key(plan->endpoints, i)), status);
    return endpoints;
}

/* All but the lists. */
static json *head_json(const thingspace_plan *plan, thingspace_status *status)
{
    thingspace_plan_counts counts = plan->counts;
    json *head = json_new_object();
    json_put(head, "id", json_new_string(plan->id), status);
    json_put(head, "policy", json_new_string(plan->policy), status);
    json_put(head, "policyDigest", json_new_string(plan->digest), status);
    json_put(head, "script", json_new_string(plan->script), status);
    json_put(head, "endpoints", endpoints_json(plan, status), status);
    json_put(head, "duration_ms", json_new_integer(plan->duration_ms), status);
    for (size_t i = 0; i < NUMBER_COUNT; i++)
        json_put(head, numbers[i].name, json_new_integer((long long)*number_at(&counts, i)),
                 status);
    return head;
}

thingspace_status plan_json_write(const thingspace_plan *plan, bool with_cells, char **out)
{
    thingspace_status status = THINGSPACE_OK;
    cleanup_buffer buffer text;
    cleanup_json json *head = head_json(plan, &status);
    buffer_init(&text, LIMIT_JSON_TEXT);
    *out = NULL;
    if (status == THINGSPACE_OK)
        status = json_write(&text, head, JSON_PLAIN);
    if (status != THINGSPACE_OK)
        return status;
    text.size--; /* the brace comes last */
    write_list(&text, plan, "changes", plan->change_count, change_json, &status);
    write_list(&text, plan, "errors", plan->failure_count, failure_json, &status);
    if (with_cells)
        write_list(&text, plan, "cells", plan->cell_count, cell_json, &status);
    if (with_cells)
        write_list(&text, plan, "empty", plan->empty_count, empty_json, &status);
    buffer_append_byte(&text, '}');
    if (status == THINGSPACE_OK)
        status = text.status;
    *out = status == THINGSPACE_OK ? buffer_take(&text) : NULL;
    return status;
}

/* ---- reading ---- */

/* The index of a name in a list that ends with NULL. */
typedef const char *name_function(int index);

static const char *action_at(int index)
{
    return index <= PLAN_BLOCKED ? plan_action_name(index) : NULL;
}

static const char *member_at(int index)
{
    return index < PLAN_MEMBERS ? plan_member_name(index) : NULL;
}

static const char *status_at(int index)
{
    return index <= THINGSPACE_CANCELLED ? thingspace_status_name(index) : NULL;
}

static bool find_name(name_function *name_at, const char *name, int *out)
{
    for (int i = 0; name && name_at(i); i++) {
        if (text_equal(name_at(i), name)) {
            *out = i;
            return true;
        }
    }
    return false;
}

static bool read_field(plan_change *change, const json *field)
{
    int member;
    if (!find_name(member_at, json_get_string(field, "name"), &member))
        return false;
    change->fields[member] =
        (plan_field){true, json_get_string(field, "from"), json_get_string(field, "to")};
    return true;
}

static thingspace_status read_change(thingspace_plan *plan, const json *object)
{
    int action;
    plan_change change = {
        .account = json_get_string(object, "accountName"),
        .service = json_get_string(object, "serviceName"),
        .api = json_get_string(object, "api"),
        .note = json_get_string(object, "note"),
    };
    if (!change.account || !change.service ||
        !find_name(action_at, json_get_string(object, "action"), &action))
        return THINGSPACE_USAGE;
    change.action = (plan_action)action;
    for (const json *row = json_first(json_get(object, "fields")); row; row = json_next(row))
        if (!read_field(&change, row))
            return THINGSPACE_USAGE;
    return plan_add_change(plan, &change);
}

static thingspace_status read_failure(thingspace_plan *plan, const json *object)
{
    int kind;
    long long http_status;
    plan_failure failure = {
        .account = json_get_string(object, "accountName"),
        .service = json_get_string(object, "serviceName"),
        .credential = json_get_string(object, "credential"),
        .message = json_get_string(object, "message"),
        .code = json_get_string(object, "code"),
        .plugin = json_get_string(object, "plugin"),
        .instance = json_get_string(object, "instance"),
        .tenant = json_get_string(object, "tenant"),
        .phase = json_get_string(object, "phase"),
    };
    if (json_integer(json_get(object, "status"), &http_status) && http_status < 1000)
        failure.http_status = (int)http_status;
    if (!failure.account || !failure.message ||
        !find_name(status_at, json_get_string(object, "kind"), &kind))
        return THINGSPACE_USAGE;
    failure.kind = (thingspace_status)kind;
    return plan_add_failure(plan, &failure);
}

static thingspace_status read_endpoint(thingspace_plan *plan, const json *name)
{
    return json_string(name) ? plan_add_endpoint(plan, json_string(name)) : THINGSPACE_USAGE;
}

typedef thingspace_status read_function(thingspace_plan *plan, const json *item);

static thingspace_status read_list(thingspace_plan *plan, const json *list, read_function *read)
{
    thingspace_status status = json_type_of(list) == JSON_ARRAY ? THINGSPACE_OK : THINGSPACE_USAGE;
    for (const json *row = json_first(list); row && status == THINGSPACE_OK; row = json_next(row))
        status = read(plan, row);
    return status;
}

static thingspace_status read_numbers(thingspace_plan *plan, const json *document)
{
    for (size_t i = 0; i < NUMBER_COUNT; i++) {
        long long value;
        if (!json_integer(json_get(document, numbers[i].name), &value) || value < 0)
            return THINGSPACE_USAGE;
        *number_at(&plan->counts, i) = (size_t)value;
    }
    return json_integer(json_get(document, "duration_ms"), &plan->duration_ms) ? THINGSPACE_OK
                                                                               : THINGSPACE_USAGE;
}

static thingspace_status read_digest(thingspace_plan *plan, const char *digest)
{
    if (!digest || strlen(digest) >= sizeof(plan->digest))
        return THINGSPACE_USAGE;
    strcpy(plan->digest, digest);
    return THINGSPACE_OK;
}

static thingspace_status read_plan(thingspace_plan **out, const json *document)
{
    const char *policy = json_get_string(document, "policy");
    if (!policy)
        return THINGSPACE_USAGE;
    thingspace_status status = plan_new(out, policy, json_get_string(document, "script"));
    if (status == THINGSPACE_OK)
        status = read_digest(*out, json_get_string(document, "policyDigest"));
    if (status == THINGSPACE_OK)
        status = read_numbers(*out, document);
    if (status == THINGSPACE_OK)
        status = read_list(*out, json_get(document, "endpoints"), read_endpoint);
    if (status == THINGSPACE_OK)
        status = read_list(*out, json_get(document, "changes"), read_change);
    if (status == THINGSPACE_OK)
        status = read_list(*out, json_get(document, "errors"), read_failure);
    return status;
}

thingspace_status plan_json_read(thingspace_plan **out, const json *document,
                                 thingspace_error *error)
{
    cleanup_plan thingspace_plan *plan = NULL;
    thingspace_status status = read_plan(&plan, document);
    *out = NULL;
    if (status == THINGSPACE_MEMORY)
        return error_memory(error);
    if (status != THINGSPACE_OK)
        return error_set(error, THINGSPACE_USAGE,
                         "this is not a saved plan; write one with `thingspace plan --out FILE`");
    plan_finish(plan);
    if (!text_equal(plan->id, json_get_string(document, "id")))
        return error_set(error, THINGSPACE_USAGE,
                         "the plan was altered after it was saved; make a new one");
    *out = plan;
    plan = NULL;
    return THINGSPACE_OK;
}
