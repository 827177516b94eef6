/* SPDX-License-Identifier: MIT */
/*
 * Lua patterns, matched with every step counted. Same language and same answers as stock Lua's
 * string library, down to when a malformed pattern is noticed; but a search gives up when its
 * budget is spent, and says every few thousand steps what it used, so that a deadline can interrupt
 * it. Pure: no memory, no state.
 */
#ifndef LUA_PATTERN_H
#define LUA_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

#define PATTERN_CAPTURES 32

typedef enum pattern_result {
    PATTERN_NONE,
    PATTERN_FOUND,
    PATTERN_FAILED, /* see `error` */
} pattern_result;

typedef struct pattern_capture {
    const char *start;
    ptrdiff_t size; /* or one of the two below */
} pattern_capture;

#define PATTERN_OPEN     (-1) /* begun, not ended */
#define PATTERN_POSITION (-2) /* () */

typedef struct pattern {
    const char *subject, *subject_end;
    const char *text, *text_end; /* without the anchor */
    bool anchored;
    const char *next;        /* where the next search begins */
    const char *last_match;  /* its end: the next match ends elsewhere */
    const char *start, *end; /* of the match that was found */
    size_t budget;           /* steps left */
    size_t unreported;
    void (*report)(void *user, size_t steps); /* may leave through longjmp; NULL: nobody listens */
    void *user;
    unsigned depth; /* of nested items left */
    const char *error;
    unsigned count; /* captures of the match */
    pattern_capture capture[PATTERN_CAPTURES];
} pattern;

/* Begins at `subject`; an anchor counts when `anchor`
 * is true (gmatch has none). Both texts are borrowed. */
void pattern_init(pattern *pattern, const char *subject, size_t subject_size, const char *text,
                  size_t text_size, bool anchor);
/* The next match from `next` on, never twice ending at one place; afterwards `next` is its end. */
pattern_result pattern_next(pattern *pattern);
/* The capture as range; without captures, number 0 is the whole match. False: *error says why. */
bool pattern_get(pattern *pattern, unsigned index, pattern_capture *out);
/* Whether the text has none of the characters with a meaning: a plain search will do. */
bool pattern_is_plain(const char *text, size_t size);

#endif
