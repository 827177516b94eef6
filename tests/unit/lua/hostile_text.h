/* SPDX-License-Identifier: MIT */
/* Texts that are as long as a script may be: one piece, again and again. The caller frees them. */
#ifndef TEST_HOSTILE_TEXT_H
#define TEST_HOSTILE_TEXT_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/limits.h"

typedef struct hostile_text {
    const char *before, *unit, *after;
} hostile_text;

/* NULL when out of memory. */
static inline char *hostile_text_make(const hostile_text *pattern, size_t *size)
{
    size_t unit = strlen(pattern->unit), before = strlen(pattern->before);
    size_t count = (LIMIT_SCRIPT - before - strlen(pattern->after)) / unit;
    char *text = malloc(LIMIT_SCRIPT + 1);
    if (!text)
        return NULL;
    char *at = text;
    at += sprintf(at, "%s", pattern->before);
    for (size_t i = 0; i < count; i++, at += unit)
        memcpy(at, pattern->unit, unit);
    at += sprintf(at, "%s", pattern->after);
    *size = (size_t)(at - text);
    return text;
}

#endif
