/* SPDX-License-Identifier: MIT */
/*
 * Makes the tree of a script's text: the grammar of Lua 5.4 with its scopes, attributes, labels and
 * jumps. Runs nothing. What depends on the virtual machine alone (255 registers, 255 upvalues) is
 * not judged: compile first. Any thread.
 */
#ifndef LUA_SOURCE_PARSER_H
#define LUA_SOURCE_PARSER_H

#include "lua/source/tree.h"

/* Expected: POLICY (what is wrong; the line in error->line), MEMORY. */
thingspace_status source_parse(source_tree **out, const char *text, size_t size,
                               thingspace_error *error);

#endif
