/* SPDX-License-Identifier: MIT */
/*
 * Text from outside, made safe for the place where it lands. All of it goes through escape_visible
 * first, so that control characters and those that turn the order of others are seen. Failure
 * sticks to the buffer. Pure; any thread.
 */
#ifndef CLI_REPORT_ESCAPE_H
#define CLI_REPORT_ESCAPE_H

#include "base/buffer.h"

/* As text_escape, of any length: free(). NULL when out of memory, or of NULL. */
char *escape_visible(const char *text);

/* NULL adds nothing. */
void escape_html(buffer *out, const char *text); /* between tags, and in attributes with quotes */
/* In a table of Markdown between <code> and </code>: no markup, link, mention or column. */
void escape_markdown(buffer *out, const char *text);

/* A string of JSON, with its quotes, for a <script> element; of a text that is visible already, but
 * for placeholders. */
void escape_script(buffer *out, const char *visible);

#endif
