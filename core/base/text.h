/* SPDX-License-Identifier: MIT */
/*
 * Small helpers for NUL-terminated UTF-8 text. Nothing here depends on the
 * locale: digits, letters and blanks are those of ASCII. Any thread.
 */
#ifndef TEXT_H
#define TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* A copy to be freed with free(); NULL when out of memory or `text` is NULL. */
char *text_copy(const char *text);
char *text_copy_range(const char *text, size_t size);

/* printf into new memory, freed with free(); NULL when out of memory. */
char *text_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * Lists of texts that end with NULL. The copy is freed with text_list_free (NULL-safe), also when
 * false was answered: out of memory. A list that is NULL stays so.
 */
bool text_list_copy(char ***out, const char *const *list);
void text_list_free(char **list);

bool text_equal(const char *a, const char *b);               /* NULL equals only NULL */
bool text_same(const char *a, const char *b);                /* NULL is as "" */
bool text_equal_ignoring_case(const char *a, const char *b); /* ASCII letters only */
bool text_starts_with(const char *text, const char *prefix);
bool text_starts_with_ignoring_case(const char *text, const char *prefix); /* neither is NULL */
/* Whether `end` is the end of `text` and not all of it, as a suffix of a file's name is. */
bool text_ends_with(const char *text, const char *end); /* neither is NULL */
bool text_is_empty(const char *text);                   /* NULL or "" */
bool text_has_control(const char *text);                /* bytes below 0x20, or 0x7f */

/* A small letter, then small letters, digits and `joiner`, `most` bytes in all; NULL is none. */
bool text_is_name(const char *text, char joiner, size_t most);

/* How many bytes from the beginning are printable ASCII without quote and backslash. */
size_t text_plain_length(const char *text, size_t size);

/* Whether `size` bytes are well-formed UTF-8 (no surrogates, no overlong forms). */
bool text_is_utf8(const char *text, size_t size);

/*
 * Copies text so that it is one safe line on a terminal and in a log: control
 * characters (C0, DEL, C1, bidirectional overrides) and bytes that are not UTF-8
 * become \n, \t, \xNN or \u{NNNN}. `out` is always terminated and cut, with
 * "..." at the end, at `capacity`; a character is never cut in two.
 */
void text_escape(char *out, size_t capacity, const char *text, size_t size);

/* Case-sensitive match of a pattern whose only wildcard is `*` (any run). Linear time. */
bool text_matches(const char *text, const char *pattern);

/* Parses a whole decimal number, nothing before or after; false when it is not one or overflows. */
bool text_to_integer(const char *text, long long *out);

/* free() through a cleanup attribute: `cleanup_text char *name = NULL;` */
void text_cleanup(char **text);
#define cleanup_text __attribute__((cleanup(text_cleanup)))

#endif
