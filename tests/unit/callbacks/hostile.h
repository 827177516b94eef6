/* SPDX-License-Identifier: MIT */
/* What the tests of an import share: rows of lists, and texts that would rather be code. */
#ifndef HOSTILE_H
#define HOSTILE_H

#include <stddef.h>

typedef struct listed {
    const char *service, *url, *username, *password;
} listed;

/* Whatever the service answers is data. */
#define HOSTILE 10
static const listed hostile[HOSTILE + 1] = {
    {"A", "https://h.example.com/\"..error()..\"", "\"..error(1)..\"", "p"},
    {"B", "https://h.example.com/]]..error()--[[", "]] error() --", NULL},
    {"C", "https://h.example.com/%s%n%d", "%s%n", NULL},
    {"D", "https://h.example.com/$(x)`x`;|&", "$(x)", NULL},
    {"E", "https://h.example.com/a,\"b\"", "=cmd,\"x\"", NULL},
    {"F", "https://h.example.com/x", "m\xc3\xbcller \xe2\x80\xae", NULL},
    {"G", "https://h.example.com/x", "{account}", NULL},
    {"H", "https://h.example.com/x", "function(account) end}", NULL},
    {"end", "https://h.example.com/end", "nil", NULL},
    {"__index", "https://h.example.com/__index", "account", NULL},
    {NULL, NULL, NULL, NULL},
};

#endif
