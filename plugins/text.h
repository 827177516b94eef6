/* SPDX-License-Identifier: MIT */
/*
 * Text that grows, for the plugins of this folder: parts of JSON lines, log lines, label values.
 * Failure sticks. One thread.
 */
#ifndef PLUGINS_TEXT_H
#define PLUGINS_TEXT_H

#include <stdbool.h>
#include <stddef.h>

typedef struct text {
    char *data; /* owned; NULL while empty */
    size_t size, capacity;
    bool failed; /* out of memory */
} text;

#define TEXT_INIT                                                                                  \
    {                                                                                              \
        NULL, 0, 0, false                                                                          \
    }

void text_free(text *text);
/* Empty again, failure forgotten; the block is kept for the next, unless it is larger than `kept`.
 */
void text_clear(text *text, size_t kept);
void text_append(text *text, const char *bytes, size_t size);
void text_print(text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* `"name":"value"` behind a comma; nothing for a NULL value. */
void text_member(text *text, const char *name, const char *value);
/* `"name":value` behind a comma, of JSON; nothing for NULL. */
void text_member_json(text *text, const char *name, const char *json);
/* As the inside of a JSON string. A byte that is not UTF-8 becomes the four characters \xNN. */
void text_escape(text *text, const char *value);
/* How many bytes the character has that begins there; 0: it is not well-formed UTF-8. */
size_t text_character(const char *at);

#endif
