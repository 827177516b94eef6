/* SPDX-License-Identifier: MIT */
/*
 * Rules about verdicts: thingspace.deny(...) and its like only make a value. A hook that makes one
 * and does not return it fails, and so does one that returns what its phase does not allow, or what
 * is no verdict.
 */
#include <config.h>
#include <string.h>
#include "base/text.h"
#include "lua/source/check_inside.h"

verdict_kind source_verdict_of(const source_node *call)
{
    static const char prefix[] = "thingspace.";
    char path[SOURCE_PATH];
    if (call->kind != SOURCE_CALL || call->as.call.method ||
        !source_path(call->as.call.callee, path) || !text_starts_with(path, prefix))
        return VERDICT_NONE;
    for (unsigned kind = VERDICT_NONE + 1; kind < VERDICT_COUNT; kind++)
        if (text_equal(path + strlen(prefix), verdict_name(kind)))
            return (verdict_kind)kind;
    return VERDICT_NONE;
}

/* Whether one of the phases in which the function runs allows it. */
static bool is_allowed(unsigned phases, verdict_kind kind)
{
    for (unsigned phase = PHASE_FIRST_HOOK; phase < PHASE_COUNT; phase++)
        if (phases & PHASE_BIT(phase) && phase_of(phase)->verdicts & VERDICT_BIT(kind))
            return true;
    return phases == 0; /* nothing is known */
}

static const char *first_phase(unsigned phases)
{
    unsigned phase = PHASE_FIRST_HOOK;
    while (phase < PHASE_COUNT - 1 && !(phases & PHASE_BIT(phase)))
        phase++;
    return phase_of(phase)->name;
}

static void check_call(source_checker *checker, const source_node *call)
{
    verdict_kind kind = source_verdict_of(call);
    if (kind == VERDICT_NONE)
        return;
    const char *name = verdict_name(kind);
    if (call->statement)
        source_report(checker, call->line, SOURCE_ERROR, "verdict-not-returned",
                      "thingspace.%s(...) only makes a verdict: write return thingspace.%s(...)",
                      name, name);
    if (!is_allowed(call->function->phases, kind))
        source_report(checker, call->line, SOURCE_ERROR, "verdict-not-allowed",
                      "a hook of phase '%s' cannot answer thingspace.%s",
                      first_phase(call->function->phases), name);
}

/* --- Functions that return one --- */

static bool gives_verdict(const source_node *node)
{
    while (node->kind == SOURCE_PARENTHESES)
        node = node->as.inner;
    return source_verdict_of(node) != VERDICT_NONE;
}

static void note_answers(source_checker *checker)
{
    for (source_node *node = checker->tree->nodes; node; node = node->following)
        if (node->kind == SOURCE_RETURN && node->as.values && gives_verdict(node->as.values))
            node->function->answers = true;
}

static void check_lost(source_checker *checker, const source_node *call)
{
    const source_function *target = call->as.call.target;
    if (call->statement && target && target->answers && !call->as.call.protected)
        source_report(checker, call->line, SOURCE_WARNING, "verdict-not-returned",
                      "the function may return a verdict, which is lost here: return it");
}

/* --- Hooks that return something else --- */

/* What the text tells about a value that is neither nil nor a verdict; NULL: nothing. */
static const char *kind_of(const source_node *value)
{
    switch (value->kind) {
    case SOURCE_BOOLEAN:
        return "boolean";
    case SOURCE_NUMBER:
        return "number";
    case SOURCE_STRING:
        return "string";
    case SOURCE_TABLE:
        return "table";
    case SOURCE_FUNCTION:
        return "function";
    default:
        return NULL;
    }
}

static bool is_hook(const source_checker *checker, const source_function *body)
{
    for (unsigned phase = PHASE_FIRST_HOOK; phase < PHASE_COUNT; phase++)
        if (checker->hook_functions[phase] == body)
            return true;
    return false;
}

static void check_returned(source_checker *checker, const source_node *node)
{
    const source_node *value = source_resolve(node->as.values);
    const char *kind = value ? kind_of(value) : NULL;
    if (kind && node->function == checker->configure)
        source_report(checker, node->line, SOURCE_ERROR, "verdict-not-allowed",
                      "configure returns nothing, or nil and a text, not a %s", kind);
    if (!kind || !is_hook(checker, node->function))
        return;
    source_report(checker, node->line, SOURCE_ERROR, "verdict-not-allowed",
                  "a hook returns nil or a verdict, not a %s%s", kind,
                  is_allowed(node->function->phases, VERDICT_DENY)
                      ? ": write return thingspace.deny(code, text) to refuse the call"
                      : "");
}

/* --- Locals that hold one --- */

static void note_value(source_local *local, const source_node *value, int line)
{
    if (local && value && !local->verdict && gives_verdict(value))
        local->verdict = line;
}

static void note_assigned(const source_node *assignment)
{
    const source_node *value = assignment->as.assignment.values;
    for (const source_node *target = assignment->as.assignment.targets; target && value;
         target = target->next, value = value->next)
        if (target->kind == SOURCE_NAME)
            note_value(target->as.name.local, value, assignment->line);
}

static void check_locals(source_checker *checker)
{
    for (source_local *local = checker->tree->locals; local; local = local->following)
        note_value(local, local->value, local->line);
    for (const source_node *node = checker->tree->nodes; node; node = node->following) {
        if (node->kind == SOURCE_ASSIGNMENT)
            note_assigned(node);
        else if (node->kind == SOURCE_NAME && node->as.name.local && !node->assigned &&
                 !node->consumed)
            node->as.name.local->passed_on = true;
    }
    for (const source_local *local = checker->tree->locals; local; local = local->following)
        if (local->verdict && !local->passed_on)
            source_report(checker, local->verdict, SOURCE_WARNING, "verdict-not-returned",
                          "the verdict in '%.80s' is never returned: write return %.80s",
                          local->name->text, local->name->text);
}

void source_verdicts_check(source_checker *checker)
{
    note_answers(checker);
    for (const source_node *node = checker->tree->nodes; node; node = node->following)
        if (node->kind == SOURCE_CALL) {
            check_call(checker, node);
            check_lost(checker, node);
        } else if (node->kind == SOURCE_RETURN) {
            check_returned(checker, node);
        }
    check_locals(checker);
}
