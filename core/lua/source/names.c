/* SPDX-License-Identifier: MIT */
/*
 * Rules about names: globals that are not there, assignments to globals, and values that outlive a
 * call because they are kept in locals of the script.
 */
#include <config.h>
#include <stdio.h>
#include <string.h>
#include "base/text.h"
#include "lua/source/check_inside.h"

#define OFFERED_LOCALS 1000 /* as likely meant; of a script that has more, the first */

/* The name ends what is known of a global: "x" or "thingspace.x". */
static void report_unknown(source_checker *checker, int line, const char *rule, const char *path,
                           const char *near)
{
    const char *reason = source_globals_absent(path);
    if (reason)
        source_report(checker, line, SOURCE_ERROR, rule, "'%.80s' is not there for plugins: %s",
                      path, reason);
    else if (near)
        source_report(checker, line, SOURCE_ERROR, rule, "there is no '%.80s'; did you mean '%s'?",
                      path, near);
    else
        source_report(checker, line, SOURCE_ERROR, rule,
                      "there is no '%.80s'; thingspace-plugin(7) lists what plugins have", path);
}

/* --- Globals --- */

static bool is_global(const source_node *node)
{
    return node->kind == SOURCE_NAME && !node->as.name.local && !node->as.name.environment;
}

/* Members that the script itself adds to a table of the library count as known. */
static void note_definitions(source_checker *checker)
{
    char path[SOURCE_PATH];
    for (source_node *node = checker->tree->nodes; node; node = node->following) {
        if (!node->assigned)
            continue;
        if (is_global(node))
            node->as.name.name->defined = true;
        else if (node->kind == SOURCE_INDEX && node->as.index.key->kind == SOURCE_STRING &&
                 source_path(node->as.index.object, path))
            node->as.index.key->as.string->member = true;
    }
}

static void offer_locals(const source_checker *checker, const source_node *at, nearest *nearest)
{
    const source_local *local = checker->tree->locals;
    for (size_t i = 0; local && i < OFFERED_LOCALS; local = local->following, i++)
        if (local->name && (local->function == at->function || !local->function->parent))
            nearest_offer(nearest, local->name->text);
}

/* What hooks and configure get as parameters, used where it is none. */
static bool is_parameter(source_checker *checker, const source_node *node, const char *name)
{
    bool handle = false;
    for (unsigned kind = 0; kind < HANDLE_COUNT; kind++)
        handle |= text_equal(handle_name(kind), name);
    if (handle)
        source_report(checker, node->line, SOURCE_ERROR, "unknown-global",
                      "'%s' is no global: hooks get it as a parameter, and hand it to other "
                      "functions",
                      name);
    else if (text_equal(name, "options"))
        source_report(checker, node->line, SOURCE_ERROR, "unknown-global",
                      "'options' is no global: only configure gets them; keep what hooks need in a "
                      "local of the file");
    return handle || text_equal(name, "options");
}

static void check_read(source_checker *checker, const source_node *node)
{
    source_name *name = node->as.name.name;
    nearest near;
    if (name->defined || name->global_line == node->line ||
        source_globals_has(checker->globals, name->text) || !source_has_room(checker))
        return;
    name->global_line = node->line; /* what is near is looked for once a line */
    if (is_parameter(checker, node, name->text))
        return;
    nearest_begin(&near, name->text);
    source_globals_offer(checker->globals, "", &near);
    offer_locals(checker, node, &near);
    report_unknown(checker, node->line, "unknown-global", name->text, near.found);
}

static void check_global_write(source_checker *checker, const source_node *node)
{
    const char *name = node->as.name.name->text;
    if (node->function->at_load)
        source_report(checker, node->line, SOURCE_WARNING, "global-assignment",
                      "'%.80s' becomes a global; write local %.80s", name, name);
    else
        source_report(checker, node->line, SOURCE_ERROR, "global-assignment",
                      "assignment to the global '%.80s' raises in a call; write local %.80s, or "
                      "keep it in thingspace.state",
                      name, name);
}

/* --- Members of the library's tables --- */

static void check_member(source_checker *checker, source_node *object, const source_name *name,
                         int line)
{
    char path[SOURCE_PATH], full[2 * SOURCE_PATH];
    nearest near;
    if (name->member || !source_path(object, path) ||
        !source_globals_is_closed(checker->globals, path))
        return;
    snprintf(full, sizeof(full), "%s.%.100s", path, name->text);
    if (source_globals_has(checker->globals, full) || !source_has_room(checker))
        return;
    nearest_begin(&near, name->text);
    source_globals_offer(checker->globals, path, &near);
    report_unknown(checker, line, "unknown-member", full, near.found);
    checker->hooks_all = false; /* it may be what a capability is for */
}

/* --- Colons --- */

static bool is_object(const source_checker *checker, source_node *node, char path[SOURCE_PATH])
{
    return source_path(node, path) && source_globals_is_object(checker->globals, path);
}

/* thingspace.state.set(...): without the object itself. */
static void check_dot(source_checker *checker, const source_node *call)
{
    char path[SOURCE_PATH], first[SOURCE_PATH];
    const source_node *callee = source_resolve(call->as.call.callee);
    source_node *argument = call->as.call.arguments;
    if (callee->kind != SOURCE_INDEX || callee->as.index.key->kind != SOURCE_STRING ||
        !is_object(checker, callee->as.index.object, path))
        return;
    if (argument && source_path(argument, first) && text_equal(first, path))
        return;
    source_report(checker, call->line, SOURCE_ERROR, "dot-for-colon",
                  "a method is called with a colon: write %s:%.80s(...)", path,
                  callee->as.index.key->as.string->text);
}

/* thingspace:log(...): with a table that the function does not want. */
static void check_colon(source_checker *checker, const source_node *call)
{
    char path[SOURCE_PATH], full[2 * SOURCE_PATH];
    const char *method = call->as.call.method->text;
    if (!source_path(call->as.call.callee, path) ||
        is_object(checker, call->as.call.callee, path) ||
        !source_globals_is_closed(checker->globals, path))
        return;
    snprintf(full, sizeof(full), "%s.%.100s", path, method);
    if (source_globals_has(checker->globals, full))
        source_report(checker, call->line, SOURCE_WARNING, "not-a-method",
                      "'%s' is a function, not a method: write %s(...)", full, full);
}

static void check_object_write(source_checker *checker, const source_node *target)
{
    char path[SOURCE_PATH];
    if (is_object(checker, target->as.index.object, path))
        source_report(checker, target->line, SOURCE_ERROR, "read-only",
                      "nothing can be assigned to members of %s: write %s:set(key, value)", path,
                      path);
}

/* --- What outlives a call --- */

#define USE_STATE "it survives the call; use thingspace.state"

static bool is_scripts(const source_checker *checker, const source_local *local,
                       const source_node *at)
{
    return local && local->function == checker->tree->script && !at->function->at_load;
}

static void check_local_write(source_checker *checker, const source_node *node)
{
    const source_local *local = node->as.name.local;
    if (is_scripts(checker, local, node))
        source_report(checker, node->line, SOURCE_WARNING, "module-local",
                      "assignment to '%.80s', a local of the whole script: " USE_STATE,
                      local->name->text);
}

static void check_field_write(source_checker *checker, const source_node *target)
{
    const source_local *local = source_root(target);
    if (is_scripts(checker, local, target) && local->name)
        source_report(checker, target->line, SOURCE_WARNING, "module-local",
                      "change of the table '%.80s', a local of the whole script: " USE_STATE,
                      local->name->text);
}

/* table.insert(list, x) is an assignment too. */
static void check_changing_call(source_checker *checker, const source_node *call)
{
    static const char *const changing[] = {"table.insert", "table.remove", "table.sort", "rawset"};
    char path[SOURCE_PATH];
    const source_node *first = call->as.call.arguments;
    if (!call->as.call.known || !first || !source_path(call->as.call.callee, path))
        return;
    for (size_t i = 0; i < sizeof(changing) / sizeof(changing[0]); i++)
        if (text_equal(path, changing[i]) &&
            (first->kind == SOURCE_NAME || first->kind == SOURCE_INDEX))
            check_field_write(checker, first);
}

static void check_name(source_checker *checker, const source_node *node)
{
    if (!node->assigned && is_global(node))
        check_read(checker, node);
    else if (node->assigned && is_global(node))
        check_global_write(checker, node);
    else if (node->assigned)
        check_local_write(checker, node);
}

static void check_index(source_checker *checker, const source_node *node)
{
    if (node->assigned) {
        check_field_write(checker, node);
        check_object_write(checker, node);
    } else if (node->as.index.key->kind == SOURCE_STRING) {
        check_member(checker, node->as.index.object, node->as.index.key->as.string, node->line);
    }
}

static void check_call(source_checker *checker, const source_node *call)
{
    if (call->as.call.method) {
        check_member(checker, call->as.call.callee, call->as.call.method, call->line);
        check_colon(checker, call);
    } else {
        check_changing_call(checker, call);
        check_dot(checker, call);
    }
}

void source_names_check(source_checker *checker)
{
    note_definitions(checker);
    for (const source_node *node = checker->tree->nodes; node; node = node->following) {
        if (node->kind == SOURCE_NAME)
            check_name(checker, node);
        else if (node->kind == SOURCE_INDEX)
            check_index(checker, node);
        else if (node->kind == SOURCE_CALL)
            check_call(checker, node);
    }
}
