/* SPDX-License-Identifier: MIT */
/*
 * What the files of the check share. They run in this order: source_manifest_read finds what the
 * script returns, source_flow_trace where its hooks' arguments go, and then each rule looks at the
 * nodes by itself. One thread.
 */
#ifndef LUA_SOURCE_CHECK_INSIDE_H
#define LUA_SOURCE_CHECK_INSIDE_H

#include "lua/source/globals.h"
#include "lua/source/tree.h"
#include "plugin/fields.h"

#define SOURCE_PATH 128 /* bytes of "thingspace.json.encode"; longer ones are nobody's */

typedef enum source_severity {
    SOURCE_ERROR,
    SOURCE_WARNING,
} source_severity;

typedef struct source_finding {
    int line;
    source_severity severity;
    const char *rule;
    char message[384];
} source_finding;

typedef struct source_checker {
    source_tree *tree;
    source_globals *globals;
    source_finding *findings;
    size_t finding_count, unsaid; /* unsaid: those that found no room */
    thingspace_status status;     /* MEMORY: it ran out */
    size_t lookups;               /* fields looked at so far */

    /* What the script returns. */
    const source_node *manifest; /* a table, or NULL */
    source_name *name, *version; /* NULL: not told */
    capability_set declared;
    int declared_lines[CAPABILITY_COUNT];
    bool declared_all; /* the text tells all of them */
    unsigned hooks;    /* PHASE_BITs */
    bool hooks_all;    /* the text tells all of them, and their functions */
    source_function *configure;
    source_function *hook_functions[PHASE_COUNT];
} source_checker;

void source_report(source_checker *checker, int line, source_severity severity, const char *rule,
                   const char *format, ...) __attribute__((format(printf, 5, 6)));
/* Whether another finding has room, else it is counted and a rule need not think about its words.
 */
bool source_has_room(source_checker *checker);

/* --- resolve.c --- */
/* What the expression is, through parentheses and locals that keep their first value. */
source_node *source_resolve(source_node *node);
/* The path of a global that the expression is; false when it is none. */
bool source_path(source_node *node, char out[SOURCE_PATH]);
/* The table constructor, function, string that it is; NULL when the text does not tell. */
source_node *source_table(source_checker *checker, source_node *node);
source_function *source_function_of(source_checker *checker, source_node *node);
source_name *source_string(source_node *node);
/* The last field of that name; NULL: none. */
source_field *source_field_named(source_checker *checker, const source_node *table,
                                 const char *name);
/* The local at the bottom of a.b.c; NULL: it is no local's. */
source_local *source_root(const source_node *node);

/* --- manifest.c --- */
/* False: it is a policy, which was reported; the rules for plugins say nothing about it. */
bool source_manifest_read(source_checker *checker);

/* --- flow.c --- */
/* One bit for each argument of each hook. */
#define SOURCE_ROLE(phase, index) (1u << ((unsigned)(phase)*2 + (index)))
void source_flow_trace(source_checker *checker);

/* --- the rules --- */
void source_tables_check(source_checker *checker); /* before source_manifest_read adds fields */
void source_parameters_check(source_checker *checker);
void source_options_check(source_checker *checker);
void source_operations_check(source_checker *checker);
void source_names_check(source_checker *checker);
void source_verdicts_check(source_checker *checker);
void source_handles_check(source_checker *checker);

/* Which arguments of hooks it may be, a local's roles; 0: none that is known. */
unsigned source_roles_of(const source_node *node);
/* VERDICT_NONE when the call makes none. */
verdict_kind source_verdict_of(const source_node *call);

#endif
