/* SPDX-License-Identifier: MIT */
/*
 * JSON, the only door to cJSON. In front of its tree stands a strict parser
 * (RFC 8259 grammar, UTF-8, depth, nodes, duplicate names, \u0000): cJSON 1.7.15's
 * own one rounds numbers and breaks those over 63 digits. Numbers keep their
 * text; names are compared case-sensitively. A string may be a secret node: it is
 * written as "***" unless JSON_REVEAL is asked for.
 *
 * Ownership: a tree belongs to whoever holds its root; json_set and json_append
 * take the child (also when they fail, they free it). One thread at a time.
 */
#ifndef JSON_H
#define JSON_H

#include <stdbool.h>
#include <stddef.h>
#include "base/buffer.h"
#include "base/secret.h"

typedef struct cJSON json; /* its members are known to json*.c alone */

typedef enum json_type {
    JSON_NULL,
    JSON_FALSE,
    JSON_TRUE,
    JSON_NUMBER,
    JSON_STRING,
    JSON_SECRET,
    JSON_ARRAY,
    JSON_OBJECT,
} json_type;

/*
 * Parses one document. Expected: PROTOCOL ("not valid JSON: duplicate name at
 * offset 12"), MEMORY; `*out` is then NULL.
 * The message never quotes the text (it may hold secrets).
 */
thingspace_status json_parse(json **out, const char *text, size_t size, thingspace_error *error);
/*
 * The same for whoever has a deadline: `is_late` is asked every thousand values, is told how many
 * there are (freeing them takes time too), and ends the parsing with PROTOCOL by answering true.
 */
typedef bool json_late_function(void *user, size_t values);
thingspace_status json_parse_watched(json **out, const char *text, size_t size,
                                     json_late_function *is_late, void *user,
                                     thingspace_error *error);
/* A document that this program wrote: as long as it came out. */
thingspace_status json_parse_own(json **out, const char *text, size_t size,
                                 thingspace_error *error);
void json_free(json *node);        /* wipes strings first: a body may hold a password */
json *json_copy(const json *node); /* NULL when out of memory, or deeper than LIMIT_JSON_DEPTH */

json_type json_type_of(const json *node); /* NULL is JSON_NULL */
/* The string; NULL for every other type. */
const char *json_string(const json *node);
/* The number's exact text; NULL for every other type. */
const char *json_number(const json *node);
/* False when it is not an integer that fits. */
bool json_integer(const json *node, long long *out);
/* The nearest double, whatever the locale: infinite beyond them all; 0 for every other type. */
double json_double(const json *node);
thingspace_secret *json_secret(const json *node); /* borrowed */

const json *json_get(const json *object, const char *name); /* NULL when absent or not an object */
const char *json_get_string(const json *object, const char *name);
/* Children in order; json_name of an object's child:
 * `for (n = json_first(x); n; n = json_next(n))`. */
const json *json_first(const json *node);
const json *json_next(const json *node);
const char *json_name(const json *child);
size_t json_count(const json *node);

/* New nodes; NULL when out of memory. Integers and number texts keep their text. */
json *json_new_null(void);
json *json_new_boolean(bool value);
json *json_new_integer(long long value);
json *json_new_number(const char *text);          /* NULL too when it is not a JSON number */
json *json_new_string(const char *text);          /* NULL text gives null; not UTF-8: NULL */
json *json_new_secret(thingspace_secret *secret); /* takes one more reference */
json *json_new_array(void);
json *json_new_object(void);

/* Replaces an older member of that name, in its place. A NULL child is MEMORY; the wrong type of
 * parent or a name that is not UTF-8 is USAGE. */
thingspace_status json_set(json *object, const char *name, json *child);
thingspace_status json_append(json *array, json *child);
void json_remove(json *object, const char *name);
/* A text or a number becomes that number, to the digit. Expected: MEMORY; USAGE for all else. */
thingspace_status json_become_number(json *node, const json *number);
/* A text becomes a secret of the same bytes. Expected: MEMORY; USAGE for all else, and for what is
 * longer than any secret, which stay as they are. */
thingspace_status json_become_secret(json *node);
/* The same for a whole document: *status keeps the first failure, so that it is asked for once at
 * the end. A NULL parent is MEMORY too. */
void json_put(json *object, const char *name, json *child, thingspace_status *status);
/* A string; nothing when `text` is NULL. */
void json_put_text(json *object, const char *name, const char *text, thingspace_status *status);
void json_add(json *array, json *child, thingspace_status *status);

#define JSON_PLAIN  0
#define JSON_REVEAL 1 /* write secret nodes as they are: `out` must be a secret buffer */
#define JSON_PRETTY 2 /* two blanks of indent */
/* Failure sticks to `out`: USAGE too deep, or a secret
 * that is not UTF-8; INTERNAL: not a secret buffer. */
thingspace_status json_write(buffer *out, const json *node, unsigned flags);
/* A string, with quotes: as in a tree. The text is UTF-8. */
void json_write_string(buffer *out, const char *text, size_t size);
/* As new text without secrets, freed with free(); NULL on failure. Expected: MEMORY, USAGE (too
 * deep), PROTOCOL (longer than LIMIT_JSON_TEXT). */
thingspace_status json_write_text(char **out, const json *node);

void json_cleanup(json **node);
#define cleanup_json __attribute__((cleanup(json_cleanup)))

#endif
