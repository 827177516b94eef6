/* SPDX-License-Identifier: MIT */
/*
 * Filling a thingspace_error without allocating. The caller's struct may come
 * from an older or a newer header than ours: only members that lie wholly inside
 * its `size` are touched. Owns nothing; any thread, one error by one thread.
 */
#include <config.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include "base/error.h"
#include "base/text.h"

/* Longer than any text of an error, so that what vsnprintf cuts is cut again, visibly. */
#define RAW_TEXT 1024

typedef struct member {
    size_t offset, size;
} member;

#define MEMBER(name)                                                                               \
    {                                                                                              \
        offsetof(thingspace_error, name), sizeof(((thingspace_error *)NULL)->name)                 \
    }

/* In the order of the struct. */
static const member members[] = {
    MEMBER(kind),   MEMBER(http_status), MEMBER(retriable), MEMBER(retry_after_ms),
    MEMBER(line),   MEMBER(message),     MEMBER(code),      MEMBER(account),
    MEMBER(plugin), MEMBER(instance),    MEMBER(phase),     MEMBER(file),
    MEMBER(tenant),
};

#define FIRST_MEMBER offsetof(thingspace_error, kind)

#define KNOWS(error, name)                                                                         \
    ((error) && offsetof(thingspace_error, name) + sizeof((error)->name) <= (error)->size)
#define SET_NUMBER(error, name, value)                                                             \
    do {                                                                                           \
        if (KNOWS(error, name))                                                                    \
            (error)->name = (value);                                                               \
    } while (0)
#define SET_TEXT(error, name, text)                                                                \
    do {                                                                                           \
        if (KNOWS(error, name))                                                                    \
            set_text((error)->name, sizeof((error)->name), (text));                                \
    } while (0)

static void set_text(char *out, size_t capacity, const char *text)
{
    text_escape(out, capacity, text ? text : "", text ? strlen(text) : 0);
}

/* `out` has RAW_TEXT bytes. It is made before the error is touched: arguments may lie inside it. */
static void format_raw(char *out, const char *format, va_list arguments)
{
    if (vsnprintf(out, RAW_TEXT, format, arguments) < 0)
        snprintf(out, RAW_TEXT, "%s", format);
}

static thingspace_status start(thingspace_error *error, thingspace_status kind, const char *message)
{
    error_clear(error);
    SET_NUMBER(error, kind, kind);
    SET_TEXT(error, message, message);
    return kind;
}

thingspace_status error_set(thingspace_error *error, thingspace_status kind, const char *format,
                            ...)
{
    char raw[RAW_TEXT];
    va_list arguments;
    va_start(arguments, format);
    format_raw(raw, format, arguments);
    va_end(arguments);
    return start(error, kind, raw);
}

thingspace_status error_memory(thingspace_error *error)
{
    return start(error, THINGSPACE_MEMORY, "out of memory: free some and try again");
}

/* strerror itself may share one buffer among threads. */
static const char *describe_errno(int errno_value, char *room, size_t capacity)
{
#if defined(__GLIBC__)
    return strerror_r(errno_value, room, capacity);
#else
    return strerror_r(errno_value, room, capacity) == 0 ? room : "unknown error";
#endif
}

thingspace_status error_errno(thingspace_error *error, thingspace_status kind, int errno_value,
                              const char *format, ...)
{
    char raw[RAW_TEXT], room[128], whole[RAW_TEXT + sizeof(room) + 4];
    va_list arguments;
    va_start(arguments, format);
    format_raw(raw, format, arguments);
    va_end(arguments);
    snprintf(whole, sizeof(whole), "%s: %s", raw, describe_errno(errno_value, room, sizeof(room)));
    return start(error, kind, whole);
}

void error_prefix(thingspace_error *error, const char *format, ...)
{
    if (!KNOWS(error, message))
        return;
    char raw[RAW_TEXT], whole[RAW_TEXT + sizeof(error->message) + 4];
    va_list arguments;
    va_start(arguments, format);
    format_raw(raw, format, arguments);
    va_end(arguments);
    snprintf(whole, sizeof(whole), "%s%s%s", raw, error->message[0] ? ": " : "", error->message);
    SET_TEXT(error, message, whole);
}

void error_set_code(thingspace_error *error, const char *code)
{
    SET_TEXT(error, code, code);
}

void error_set_account(thingspace_error *error, const char *account)
{
    SET_TEXT(error, account, account);
}

void error_set_place(thingspace_error *error, const char *file, int line)
{
    SET_TEXT(error, file, file);
    SET_NUMBER(error, line, line);
}

void error_set_hook(thingspace_error *error, const char *plugin, const char *instance,
                    const char *phase)
{
    SET_TEXT(error, plugin, plugin);
    SET_TEXT(error, instance, instance);
    SET_TEXT(error, phase, phase);
}

void error_set_tenant(thingspace_error *error, const char *tenant)
{
    SET_TEXT(error, tenant, tenant);
}

void error_set_http(thingspace_error *error, int http_status)
{
    SET_NUMBER(error, http_status, http_status);
}

/* Where the last member that lies inside `error` ends; all before it do too. */
static size_t known_size(const thingspace_error *error)
{
    for (size_t i = sizeof(members) / sizeof(members[0]); error && i > 0; i--)
        if (members[i - 1].offset + members[i - 1].size <= error->size)
            return members[i - 1].offset + members[i - 1].size;
    return FIRST_MEMBER;
}

void error_clear(thingspace_error *error)
{
    if (error)
        memset((char *)error + FIRST_MEMBER, 0, known_size(error) - FIRST_MEMBER);
}

void error_copy(thingspace_error *out, const thingspace_error *error)
{
    if (out == error)
        return;
    error_clear(out);
    size_t theirs = known_size(error), ours = known_size(out);
    size_t common = theirs < ours ? theirs : ours;
    if (common > FIRST_MEMBER)
        memcpy((char *)out + FIRST_MEMBER, (const char *)error + FIRST_MEMBER,
               common - FIRST_MEMBER);
}
