/* SPDX-License-Identifier: MIT */
/*
 * What the files of base/json share and nobody else sees: how a tree is made of
 * cJSON nodes, and the grammar of numbers.
 */
#ifndef JSON_NODE_H
#define JSON_NODE_H

#include <cjson/cJSON.h>
#include "base/json.h"

/* A number node of text that is known to be a number; NULL when out of memory. */
json *json_node_number(const char *text);
/* For `string` and `valuestring` of a node: allocated by cJSON, which frees it. */
char *json_node_text(const char *text, size_t size);
/* A node of cJSON's `type` that takes such a text, also on failure; NULL when there is none, or no
 * memory. */
json *json_node_take(int type, char *text);
/* Length of the JSON number at the start of `text`; 0 when there is none. */
size_t json_node_scan_number(const char *text, size_t size);

#endif
