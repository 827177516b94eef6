/* SPDX-License-Identifier: MIT */
/*
 * Texts that the service answered, quoted for the files of an import: whatever they hold, each
 * stays one literal, one cell or one line of a comment. A failed append sticks to the buffer. Pure;
 * any thread.
 */
#ifndef IMPORT_QUOTE_H
#define IMPORT_QUOTE_H

#include "base/buffer.h"

/* A literal of Lua in double quotes, printable ASCII alone: all else is \ddd. */
void import_quote_lua(buffer *out, const char *text);
bool import_quote_is_keyword(const char *name); /* of Lua */
/* The key of a member: a name, or ["text"]. */
void import_quote_key(buffer *out, const char *name);
/* name = "text" */
void import_quote_member(buffer *out, const char *name, const char *text);
/* A cell of RFC 4180: in quotes where it must be. NULL is an empty one. */
void import_quote_csv(buffer *out, const char *text);
/* For the rest of a line behind "-- ": escaped, and cut where it is long. */
void import_quote_comment(buffer *out, const char *text);

#endif
