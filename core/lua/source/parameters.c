/* SPDX-License-Identifier: MIT */
/*
 * The rule about parameters of hooks: none that the phase does not give, and none that is named
 * after another handle than the one it is. What a phase gives is the table of plugin/fields.h.
 */
#include <config.h>
#include "base/text.h"
#include "lua/source/check_inside.h"

#define RULE "hook-parameters"

/* A function may be the hook of several phases. */
static unsigned phases_of(const source_checker *checker, const source_function *body)
{
    unsigned phases = 0;
    for (unsigned phase = PHASE_FIRST_HOOK; phase < PHASE_COUNT; phase++)
        if (checker->hook_functions[phase] == body)
            phases |= PHASE_BIT(phase);
    return phases;
}

/* HANDLE_COUNT: any name may be meant. As a second parameter, "message" says no more than "it". */
static handle_kind handle_named(const char *name, unsigned index)
{
    for (unsigned kind = 0; kind < HANDLE_COUNT; kind++)
        if (text_equal(handle_name(kind), name) && !(kind == HANDLE_MESSAGE && index > 0))
            return (handle_kind)kind;
    return HANDLE_COUNT;
}

static handle_kind argument_of(phase phase, unsigned index)
{
    return index < 2 ? handle_argument(phase, index) : HANDLE_COUNT;
}

/* Whether one of the phases gives it. */
static bool fits(unsigned phases, unsigned index, const char *name)
{
    handle_kind meant = handle_named(name, index);
    for (unsigned phase = PHASE_FIRST_HOOK; phase < PHASE_COUNT; phase++) {
        handle_kind given = argument_of(phase, index);
        if (phases & PHASE_BIT(phase) && given != HANDLE_COUNT &&
            (meant == HANDLE_COUNT || meant == given))
            return true;
    }
    return false;
}

static void report(source_checker *checker, const source_local *parameter, phase phase,
                   unsigned index)
{
    const char *arguments = handle_arguments(phase), *name = parameter->name->text;
    handle_kind given = argument_of(phase, index);
    if (given == HANDLE_COUNT)
        source_report(checker, parameter->line, SOURCE_WARNING, RULE,
                      "a hook of phase '%s' gets %s, so '%.80s' is always nil: write function%s",
                      phase_of(phase)->name, arguments, name, arguments);
    else
        source_report(checker, parameter->line, SOURCE_WARNING, RULE,
                      "a hook of phase '%s' gets %s, so '%.80s' is the %s: write function%s",
                      phase_of(phase)->name, arguments, name, handle_name(given), arguments);
}

/* One finding for each hook: what follows is shifted too. */
static void check_hook(source_checker *checker, phase phase, const source_function *body)
{
    unsigned phases = phases_of(checker, body), index = 0;
    for (const source_local *local = body->parameters; local; local = local->next, index++) {
        if (index == 0 && text_equal(local->name->text, "self"))
            return; /* the manifest's rule tells of it */
        if (fits(phases, index, local->name->text))
            continue;
        report(checker, local, phase, index);
        return;
    }
}

static void check_configure(source_checker *checker, const source_function *body)
{
    const source_local *second = body->parameters ? body->parameters->next : NULL;
    if (second && !text_equal(body->parameters->name->text, "self"))
        source_report(checker, second->line, SOURCE_WARNING, RULE,
                      "configure gets (options), so '%.80s' is always nil: write "
                      "function(options)",
                      second->name->text);
}

void source_parameters_check(source_checker *checker)
{
    for (unsigned phase = PHASE_FIRST_HOOK; phase < PHASE_COUNT; phase++) {
        const source_function *body = checker->hook_functions[phase];
        bool seen = body && phases_of(checker, body) & (PHASE_BIT(phase) - 1);
        if (body && !seen)
            check_hook(checker, (enum phase)phase, body);
    }
    if (checker->configure)
        check_configure(checker, checker->configure);
}
