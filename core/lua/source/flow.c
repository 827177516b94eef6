/* SPDX-License-Identifier: MIT */
/*
 * Where things go in a script: which functions run in which hooks and which at load alone, and
 * which locals hold the arguments of hooks. Followed through calls of functions that the text
 * tells, in rounds, until nothing new is found.
 */
#include <config.h>
#include "base/text.h"
#include "lua/runtime/limits.h"
#include "lua/source/check_inside.h"

#define NODES(checker, node)                                                                       \
    for (source_node *node = (checker)->tree->nodes; node; node = node->following)
#define FUNCTIONS(checker, body)                                                                   \
    for (source_function *body = (checker)->tree->script; body; body = body->following)
#define LOCALS(checker, local)                                                                     \
    for (source_local *local = (checker)->tree->locals; local; local = local->following)

/* pcall(f, ...) calls f with the rest. */
static source_node *called(const source_node *call)
{
    return call->as.call.protected ? call->as.call.arguments : call->as.call.callee;
}

static source_node *first_argument(const source_node *call)
{
    return call->as.call.protected ? call->as.call.arguments->next : call->as.call.arguments;
}

static source_local *local_of(const source_node *node)
{
    return node && node->kind == SOURCE_NAME ? node->as.name.local : NULL;
}

/* --- Before the rounds --- */

static void find_target(source_checker *checker, source_node *call)
{
    char path[SOURCE_PATH];
    if (source_path(call->as.call.callee, path)) {
        call->as.call.known = source_globals_has(checker->globals, path);
        call->as.call.protected = call->as.call.arguments && text_equal(path, "pcall");
    }
    call->as.call.target = source_function_of(checker, called(call));
}

static void find_targets(source_checker *checker)
{
    NODES(checker, node)
    if (node->kind == SOURCE_CALL && !node->as.call.method)
        find_target(checker, node);
}

static void count_reads(source_checker *checker)
{
    NODES(checker, node)
    {
        source_local *local = local_of(node);
        if (local && !node->assigned)
            local->reads++;
    }
}

static void give_roles(source_checker *checker)
{
    for (unsigned phase = PHASE_FIRST_HOOK; phase < PHASE_COUNT; phase++) {
        source_function *body = checker->hook_functions[phase];
        unsigned index = 0;
        if (!body)
            continue;
        body->phases |= PHASE_BIT(phase);
        for (source_local *local = body->parameters; local && index < 2; local = local->next)
            local->roles |= SOURCE_ROLE(phase, index++);
    }
}

/* --- What runs at load alone --- */

static bool mark_at_load(source_function *body)
{
    bool changed = body && !body->at_load;
    if (changed)
        body->at_load = true;
    return changed;
}

/* A function that is handed to one of the library's runs there, and is gone afterwards. */
static bool mark_arguments(const source_node *call)
{
    bool changed = false;
    if (!call->as.call.method && !call->as.call.known)
        return false;
    for (source_node *argument = call->as.call.arguments; argument; argument = argument->next)
        if (argument->kind == SOURCE_FUNCTION)
            changed |= mark_at_load(argument->as.body);
    return changed;
}

static bool mark_called(source_node *call)
{
    source_node *callee = called(call);
    source_local *local = local_of(callee);
    if (callee->kind == SOURCE_PARENTHESES || (local && local->load_calls == local->reads))
        return mark_at_load(call->as.call.target);
    return false;
}

static bool spread_load(source_checker *checker)
{
    bool changed = false;
    LOCALS(checker, local)
    local->load_calls = 0;
    FUNCTIONS(checker, body)
    if (body->parent && body->parent->at_load && body->parent->parent)
        changed |= mark_at_load(body);
    NODES(checker, node)
    {
        source_local *local = node->kind == SOURCE_CALL ? local_of(called(node)) : NULL;
        if (local && node->function->at_load)
            local->load_calls++;
    }
    NODES(checker, node)
    if (node->kind == SOURCE_CALL && node->function->at_load) {
        changed |= mark_called(node);
        changed |= mark_arguments(node);
    }
    return changed;
}

/* --- Phases and roles --- */

static bool add_bits(unsigned *to, unsigned bits)
{
    bool changed = (*to | bits) != *to;
    *to |= bits;
    return changed;
}

/* The value is an argument of hooks: whoever takes it holds one too. */
static bool hand_over(source_node *from, source_local *to)
{
    const source_local *local = local_of(from);
    if (!local || !local->roles)
        return false;
    from->followed = true;
    return add_bits(&to->roles, local->roles);
}

static bool spread_arguments(source_checker *checker, source_node *call)
{
    bool changed = false;
    source_function *target = call->as.call.target;
    source_local *parameter = target ? target->parameters : NULL;
    for (source_node *argument = first_argument(call); argument; argument = argument->next) {
        if (parameter)
            changed |= hand_over(argument, parameter);
        argument->followed |= call->as.call.known;
        parameter = parameter ? parameter->next : NULL;
        source_function *body = source_function_of(checker, argument);
        if (body)
            changed |= add_bits(&body->phases, call->function->phases);
    }
    return changed;
}

static bool spread_phases(source_checker *checker)
{
    bool changed = false;
    FUNCTIONS(checker, body)
    if (body->parent)
        changed |= add_bits(&body->phases, body->parent->phases);
    LOCALS(checker, local)
    if (local->value && !local->assignments)
        changed |= hand_over(local->value, local);
    NODES(checker, node)
    if (node->kind == SOURCE_CALL && node->function->phases) {
        if (node->as.call.target)
            changed |= add_bits(&node->as.call.target->phases, node->function->phases);
        changed |= spread_arguments(checker, node);
    }
    return changed;
}

void source_flow_trace(source_checker *checker)
{
    bool changed = true;
    find_targets(checker);
    count_reads(checker);
    give_roles(checker);
    checker->tree->script->at_load = true;
    mark_at_load(checker->configure);
    for (int round = 0; changed && round < SOURCE_ROUNDS; round++)
        changed = spread_load(checker);
    changed = true;
    for (int round = 0; changed && round < SOURCE_ROUNDS; round++)
        changed = spread_phases(checker);
}
