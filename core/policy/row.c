/* SPDX-License-Identifier: MIT */
/*
 * Reading the deciding members of a row. What they mean (whether the endpoint was
 * declared) is the policy's business. Owns nothing; any thread.
 */
#include <config.h>
#include <string.h>
#include "base/error.h"
#include "base/text.h"
#include "policy/row.h"

/* A node with its place in the allocator. */
#define NODE_BYTES 80

#define MOST_TIMEOUT_MS (60 * 60 * 1000)

bool row_timeout_is_usable(long long timeout_ms)
{
    return timeout_ms >= 1 && timeout_ms <= MOST_TIMEOUT_MS;
}

/* A member of a row, packed or not. */
typedef struct member {
    const char *text; /* NULL: it is none */
    const json *node; /* NULL: the row is packed, or there is none */
} member;

static member find(const row *row, const char *name)
{
    return (member){row_get_text(row, name), json_get(row_tree(row), name)};
}

static bool is_given(const member *self)
{
    return self->text ? *self->text != '\0' : json_type_of(self->node) != JSON_NULL;
}

static thingspace_status read_name(const char **out, const row *row, const char *name,
                                   thingspace_error *error)
{
    member member = find(row, name);
    if (!is_given(&member))
        return THINGSPACE_OK;
    *out = member.text;
    if (*out)
        return THINGSPACE_OK;
    return error_set(error, THINGSPACE_POLICY, "%s must be a name in quotes", name);
}

static thingspace_status read_timeout(int64_t *out, const row *row, thingspace_error *error)
{
    member member = find(row, "timeout_ms");
    long long value = 0;
    if (!is_given(&member))
        return THINGSPACE_OK;
    bool integer = json_integer(member.node, &value) || text_to_integer(member.text, &value);
    if (!integer || !row_timeout_is_usable(value))
        return error_set(error, THINGSPACE_POLICY,
                         "timeout_ms must be a whole number, " ROW_TIMEOUT_RULE);
    *out = value;
    return THINGSPACE_OK;
}

thingspace_status row_read(row_choices *out, const row *row, thingspace_error *error)
{
    memset(out, 0, sizeof(*out));
    thingspace_status status = read_name(&out->endpoint, row, "endpoint", error);
    if (status == THINGSPACE_OK)
        status = read_name(&out->credential, row, "credential", error);
    if (status == THINGSPACE_OK)
        status = read_timeout(&out->timeout_ms, row, error);
    return status;
}

static size_t text_weight(const char *text)
{
    return text ? strlen(text) : 0;
}

/* A tree is at most LIMIT_JSON_DEPTH deep. */
size_t row_tree_weight(const json *node)
{
    size_t weight = node ? NODE_BYTES + text_weight(json_string(node)) : 0;
    for (const json *child = json_first(node); child; child = json_next(child))
        weight += text_weight(json_name(child)) + row_tree_weight(child);
    return weight;
}

size_t row_weight(const row *self)
{
    row_cursor cursor = {0};
    size_t weight = row_tree_weight(row_tree(self));
    while (row_next(self, &cursor))
        weight += strlen(cursor.at.text) + 1;
    return weight + (self ? sizeof(void *) : 0);
}
