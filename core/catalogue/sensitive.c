/* SPDX-License-Identifier: MIT */
/* See sensitive.h: two lists of names, and walks over a tree. */
#include <config.h>
#include <string.h>
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "catalogue/sensitive.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *const members[] = {
    "password",      "sessionToken",  "access_token", "accessToken",
    "refresh_token", "client_secret", "signingKey",
};

static bool is_listed(const char *name, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (text_equal_ignoring_case(name, list[i]))
            return true;
    return false;
}

static bool is(const char *name, size_t size, const char *whole)
{
    return size == strlen(whole) && text_equal_ignoring_case(name, whole);
}

static bool ends_in(const char *name, size_t size, const char *ending)
{
    size_t length = strlen(ending);
    return size >= length && text_equal_ignoring_case(name + size - length, ending);
}

/* Hooks read fields often: most names are told from all of these by their last letter. That of the
 * session (API_SESSION_HEADER) is one of the tokens. */
bool sensitive_header(const char *name)
{
    size_t size = strlen(name);
    switch (size > 0 ? name[size - 1] | 0x20 : '\0') {
    case 'e':
        return ends_in(name, size, "-signature") || is(name, size, "cookie") ||
               is(name, size, "set-cookie");
    case 'n':
        return ends_in(name, size, "-token") || is(name, size, "authorization") ||
               is(name, size, "proxy-authorization");
    case 't':
        return ends_in(name, size, "-secret");
    case 'y':
        return ends_in(name, size, "-key");
    default:
        return false;
    }
}

const char *sensitive_shown(const char *name, const char *value, bool secret)
{
    return value && (secret || sensitive_header(name)) ? SENSITIVE_MASK : value;
}

bool sensitive_member(const char *name)
{
    return is_listed(name, members, COUNT(members));
}

bool sensitive_parameter(const char *name)
{
    return sensitive_header(name) || sensitive_member(name);
}

/* What is longer than any secret is none. */
static thingspace_status mark_text(json *node)
{
    thingspace_status status = json_become_secret(node);
    return status == THINGSPACE_USAGE ? THINGSPACE_OK : status;
}

/* Whether what stands there is of a sensitive member, or of a list or an object that is one. */
static bool is_inside(const json *parent, const json *child, bool inside)
{
    return inside || (json_type_of(parent) == JSON_OBJECT && sensitive_member(json_name(child)));
}

static thingspace_status mark(json *tree, bool inside, unsigned depth)
{
    thingspace_status status = THINGSPACE_OK;
    for (const json *child = json_first(tree); child && !status; child = json_next(child)) {
        bool text = !text_is_empty(json_string(child));
        if (!text && (!json_first(child) || depth >= LIMIT_JSON_DEPTH))
            continue;
        bool hidden = is_inside(tree, child, inside);
        if (!text)
            status = mark((json *)child, hidden, depth + 1);
        else if (hidden)
            status = mark_text((json *)child);
    }
    return status;
}

thingspace_status sensitive_mark(json *tree)
{
    return mark(tree, false, 0);
}

static bool stays(const json *tree, bool inside, unsigned depth)
{
    for (const json *child = json_first(tree); child; child = json_next(child)) {
        bool secret = json_type_of(child) == JSON_SECRET;
        if (!secret && (!json_first(child) || depth >= LIMIT_JSON_DEPTH))
            continue;
        bool hidden = is_inside(tree, child, inside);
        if (secret ? !hidden : !stays(child, hidden, depth + 1))
            return false;
    }
    return true;
}

thingspace_status sensitive_check(const json *body, thingspace_error *error)
{
    if (json_type_of(body) != JSON_SECRET && stays(body, false, 0))
        return THINGSPACE_OK;
    return error_set(error, THINGSPACE_PLUGIN,
                     "a secret stands where it would be shown: put it into a member called "
                     "password, client_secret, access_token, sessionToken or signingKey");
}
