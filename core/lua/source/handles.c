/* SPDX-License-Identifier: MIT */
/*
 * Rules about what hooks do with their arguments: members that are not there, capabilities that are
 * not declared, changes where nothing may change. What an argument can do is the table of
 * plugin/fields.h.
 */
#include <config.h>
#include <stdio.h>
#include "base/text.h"
#include "lua/source/check_inside.h"

/* One use of an argument. */
typedef struct access {
    const source_node *node;
    unsigned roles;
    const char *name;
    bool as_method;
} access;

static const char *near_field(handle_kind handle, const char *name)
{
    nearest near;
    nearest_begin(&near, name);
    for (unsigned id = 0; id < FIELD_COUNT; id++)
        if (field_of(id)->handle == handle)
            nearest_offer(&near, field_of(id)->name);
    return near.found;
}

/* --- One use --- */

/* What the script meant by it is not known, and so not which capabilities it needs. */
static void report_unknown(source_checker *checker, const access *access, handle_kind handle,
                           phase phase)
{
    const char *near = near_field(handle, access->name);
    const field *other = field_find_beside(handle, phase, access->name);
    char advice[128];
    if (other)
        snprintf(advice, sizeof(advice), "the %s has it: a hook of phase '%s' gets %s",
                 handle_name(other->handle), phase_of(phase)->name, handle_arguments(phase));
    else if (near)
        snprintf(advice, sizeof(advice), "did you mean '%s'?", near);
    else
        snprintf(advice, sizeof(advice), "thingspace-plugin(7) lists its members");
    source_report(checker, access->node->line, SOURCE_ERROR, "unknown-member",
                  "the %s has no '%.80s'; %s", handle_name(handle), access->name, advice);
    checker->hooks_all = false;
}

static void report_assignment(source_checker *checker, const access *access, const field *field)
{
    char setter[64];
    const char *handle = handle_name(field->handle);
    snprintf(setter, sizeof(setter), "set_%s", field->name);
    if (field_find(field->handle, setter))
        source_report(checker, access->node->line, SOURCE_ERROR, "read-only",
                      "'%s' of the %s cannot be assigned: write %s:%s(...)", field->name, handle,
                      handle, setter);
    else
        source_report(checker, access->node->line, SOURCE_ERROR, "read-only",
                      "'%s' of the %s cannot be assigned; thingspace-plugin(7) tells what can be "
                      "changed and how",
                      field->name, handle);
}

static void check_form(source_checker *checker, const access *access, const field *field)
{
    const char *handle = handle_name(field->handle);
    if (access->as_method && !field->method)
        source_report(checker, access->node->line, SOURCE_ERROR, "not-a-method",
                      "'%s' of the %s is a value: write %s.%s", field->name, handle, handle,
                      field->name);
    if (access->node->assigned)
        report_assignment(checker, access, field);
}

static void report_phase(source_checker *checker, const access *access, const field *field,
                         phase phase)
{
    if (phase == PHASE_CHECK)
        source_report(checker, access->node->line, SOURCE_ERROR, "wrong-phase",
                      "the request is final in check: move %s to a request hook", field->name);
    else
        source_report(checker, access->node->line, SOURCE_ERROR, "wrong-phase",
                      "'%s' of the %s does not work in phase '%s'", field->name,
                      handle_name(field->handle), phase_of(phase)->name);
}

static void need(source_checker *checker, capability_set *told, capability_set capability,
                 const source_node *node, const char *object, const char *member)
{
    const char *missing = capability_missing(capability, checker->declared | *told);
    if (!missing || !checker->declared_all)
        return;
    *told |= capability;
    source_report(checker, node->line, SOURCE_ERROR, "missing-capability",
                  "%s%s needs a capability: add \"%s\" to the manifest's capabilities", object,
                  member, missing);
}

static void use_field(source_checker *checker, const access *access, const field *field,
                      capability_set *used, capability_set *told)
{
    char object[32];
    snprintf(object, sizeof(object), "%s:", handle_name(field->handle));
    *used |= field->capability;
    need(checker, told, field->capability, access->node, object, field->name);
}

/* A helper may get the arguments of several hooks: wrong is what none of them has or allows. */
static void check_access(source_checker *checker, const access *access, capability_set *used,
                         capability_set *told)
{
    handle_kind unknown = HANDLE_COUNT;
    const field *found = NULL;
    phase refused = PHASE_COUNT, unknown_in = PHASE_COUNT;
    bool usable = false;
    for (unsigned bit = 0; bit < 2 * PHASE_COUNT; bit++) {
        phase phase = bit / 2;
        handle_kind handle = handle_argument(phase, bit % 2);
        if (!(access->roles & 1u << bit) || handle == HANDLE_COUNT)
            continue;
        const field *field = field_find(handle, access->name);
        if (!field) {
            unknown = handle;
            unknown_in = phase;
        } else if (field->phases & PHASE_BIT(phase)) {
            use_field(checker, access, field, used, told);
            usable = true;
        } else {
            *used |= field->capability;
            refused = phase;
        }
        found = field ? field : found;
    }
    if (found)
        check_form(checker, access, found);
    else if (unknown != HANDLE_COUNT)
        report_unknown(checker, access, unknown, unknown_in);
    if (found && !usable)
        report_phase(checker, access, found, refused);
}

/* --- Finding the uses --- */

unsigned source_roles_of(const source_node *node)
{
    while (node->kind == SOURCE_PARENTHESES)
        node = node->as.inner;
    return node->kind == SOURCE_NAME && node->as.name.local ? node->as.name.local->roles : 0;
}

static access access_of(const source_node *node)
{
    access access = {.node = node};
    if (node->kind == SOURCE_INDEX && node->as.index.key->kind == SOURCE_STRING) {
        access.roles = source_roles_of(node->as.index.object);
        access.name = node->as.index.key->as.string->text;
    } else if (node->kind == SOURCE_CALL && node->as.call.method) {
        access.roles = source_roles_of(node->as.call.callee);
        access.name = node->as.call.method->text;
        access.as_method = true;
    }
    return access;
}

/* request.header("X"): without the request itself. */
static void check_dot(source_checker *checker, const source_node *call)
{
    access access = access_of(call->as.call.callee);
    const source_node *first = call->as.call.arguments;
    if (call->as.call.method || !access.roles || (first && source_roles_of(first)))
        return;
    for (unsigned bit = 0; bit < 2 * PHASE_COUNT; bit++) {
        handle_kind handle = handle_argument(bit / 2, bit % 2);
        if (!(access.roles & 1u << bit) || handle == HANDLE_COUNT)
            continue;
        const field *field = field_find(handle, access.name);
        if (field && field->method)
            source_report(checker, call->line, SOURCE_ERROR, "dot-for-colon",
                          "a method is called with a colon: write %s:%s(...)", handle_name(handle),
                          field->name);
        return;
    }
}

static bool escapes(const source_node *node)
{
    return node->kind == SOURCE_NAME && source_roles_of(node) && !node->assigned &&
           !node->consumed && !node->followed;
}

static void check_reply(source_checker *checker, const source_node *call, capability_set *used,
                        capability_set *told)
{
    unsigned phases = call->function->phases;
    if (source_verdict_of(call) != VERDICT_REPLY)
        return;
    *used |= CAPABILITY_REQUEST_REPLY;
    if (phases & PHASE_BIT(PHASE_REQUEST))
        need(checker, told, CAPABILITY_REQUEST_REPLY, call, "thingspace.", "reply");
}

static void report_unused(source_checker *checker, capability_set used)
{
    for (size_t i = 0; i < CAPABILITY_COUNT; i++)
        if (checker->declared & ~used & 1u << i)
            source_report(checker, checker->declared_lines[i], SOURCE_WARNING, "unused-capability",
                          "the capability \"%s\" is declared and not used: remove it",
                          capability_text(i));
}

void source_handles_check(source_checker *checker)
{
    capability_set used = 0, told = 0;
    bool escaped = false;
    for (const source_node *node = checker->tree->nodes; node; node = node->following) {
        access access = access_of(node);
        if (access.roles)
            check_access(checker, &access, &used, &told);
        if (node->kind == SOURCE_CALL) {
            check_dot(checker, node);
            check_reply(checker, node, &used, &told);
        }
        escaped |= escapes(node);
    }
    if (!escaped && checker->hooks_all && checker->declared_all)
        report_unused(checker, used);
}
