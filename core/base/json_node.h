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
/* A member's name, for `string` of a node: allocated by cJSON, which frees it. */
char *json_node_name(const char *name);
/* Length of the JSON number at the start of `text`; 0 when there is none. */
size_t json_node_scan_number(const char *text, size_t size);

#endif
