/* SPDX-License-Identifier: MIT */
/*
 * The names of members that ThingSpace APIs do not agree on, the documented one first, and paths
 * read as loosely as a server may read them.
 */
#include <config.h>
#include <string.h>
#include "catalogue/api.h"

#define MOST_NAMES 3

static const char *const names[][MOST_NAMES] = {
    [API_ACCOUNT] = {"accountName", "aname", "account"},
    [API_SERVICE] = {"serviceName", "name", NULL},
    [API_URL] = {"url", "endpoint", NULL},
};

const char *api_member(const json *object, api_member_kind kind)
{
    for (size_t i = 0; i < MOST_NAMES && names[kind][i]; i++) {
        const char *text = json_get_string(object, names[kind][i]);
        if (text)
            return text;
    }
    return NULL;
}

/* ---- loosely read paths ---- */

#define SEGMENT_SIZE 16 /* longer than any name that is looked for */

static int hex_value(char digit)
{
    static const char digits[] = "0123456789abcdef";
    const char *found = digit ? strchr(digits, digit >= 'A' ? digit | ' ' : digit) : NULL;
    return found ? (int)(found - digits) : -1;
}

/* The next character, decoded once, in lower case, with one kind of slash. */
static char next_character(const char **at)
{
    const char *text = *at;
    char read = text[0];
    int high = read == '%' ? hex_value(text[1]) : -1;
    int low = high >= 0 ? hex_value(text[2]) : -1;
    if (low >= 0)
        read = (char)(high * 16 + low);
    *at += low >= 0 ? 3 : 1;
    if (read >= 'A' && read <= 'Z')
        read = (char)(read + ('a' - 'A'));
    return read == '\\' ? '/' : read;
}

/* Reads up to the next slash, without parameters (";v=1"), and over it. */
static void read_segment(char out[SEGMENT_SIZE], const char **at)
{
    size_t size = 0;
    bool skips = false;
    memset(out, 0, SEGMENT_SIZE);
    while (**at && **at != '?' && **at != '#') {
        char read = next_character(at);
        if (read == '/')
            return;
        skips = skips || read == ';';
        if (!skips && size < SEGMENT_SIZE - 1)
            out[size++] = read;
    }
}

bool api_is_login(const char *url)
{
    char segment[SEGMENT_SIZE];
    bool session = false;
    while (*url && *url != '?' && *url != '#') {
        read_segment(segment, &url);
        if (session && strcmp(segment, "login") == 0)
            return true;
        session = session || strcmp(segment, "session") == 0;
    }
    return false;
}
