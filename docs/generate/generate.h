/* SPDX-License-Identifier: MIT */
/* What is written from the tables of plugin/fields.h, phase.h, capability.h, host_functions.h and
 * from the limits: annotations for editors, and the tables of thingspace-plugin(7). One thread. */
#ifndef DOCS_GENERATE_H
#define DOCS_GENERATE_H

#include <stdbool.h>
#include <stdio.h>

/* LuaCATS annotations, a Lua file. */
void generate_annotations(FILE *out);
/* The part about policies and tenants' scripts. */
void generate_policy_annotations(FILE *out);

/* Copies the page; a line `.\" @NAME@` is replaced by the table of that name. Whether every name
 * was one, and nothing failed. */
bool generate_page(FILE *out, FILE *in);

#endif
