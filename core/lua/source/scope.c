/* SPDX-License-Identifier: MIT */
/*
 * Scopes while a script is parsed: which local a name means, and whether jumps reach their labels
 * without entering the scope of a local. Each name knows its innermost local, label and waiting
 * jumps, so that looking one up takes the same time however many there are.
 */
#include <config.h>
#include "lua/runtime/limits.h"
#include "lua/source/parser_inside.h"

void source_scope_enter(source_parser *parser, source_scope *scope, bool loop)
{
    *scope = (source_scope){
        .outer = parser->scope,
        .newest = parser->newest,
        .labels = parser->labels,
        .active = parser->function ? parser->function->active : 0,
        .gotos = parser->goto_count,
        .loop = loop,
    };
    parser->scope = scope;
}

static void hide_locals(source_parser *parser, const source_scope *scope)
{
    while (parser->newest != scope->newest) {
        source_local *local = parser->newest;
        if (local->name)
            local->name->local = local->outer;
        parser->newest = local->beneath;
    }
}

static void hide_labels(source_parser *parser, const source_scope *scope)
{
    while (parser->labels != scope->labels) {
        parser->labels->name->label = parser->labels->outer;
        parser->labels = parser->labels->beneath;
    }
}

/* Jumps that found no label here may still find one further out. */
static void move_gotos_out(source_parser *parser, const source_scope *scope)
{
    for (source_goto *jump = parser->gotos; jump && jump->index >= scope->gotos;
         jump = jump->before)
        if (jump->active > scope->active)
            jump->active = scope->active;
}

static void end_gotos(source_parser *parser, const source_scope *scope)
{
    const source_goto *first = NULL;
    for (; parser->gotos && parser->gotos->index >= scope->gotos;
         parser->gotos = parser->gotos->before)
        if (!parser->gotos->solved)
            first = parser->gotos;
    parser->goto_count = scope->gotos;
    if (first)
        source_tree_fail(parser->tree, first->line, "no visible label '%.40s' for goto",
                         first->name->text);
}

void source_scope_leave(source_parser *parser)
{
    source_scope *scope = parser->scope;
    hide_locals(parser, scope);
    hide_labels(parser, scope);
    parser->function->active = scope->active;
    parser->scope = scope->outer;
    if (scope->outer)
        move_gotos_out(parser, scope);
    else
        end_gotos(parser, scope);
}

void source_scope_show(source_parser *parser, source_local *local)
{
    if (!local)
        return;
    if (++parser->function->active > SOURCE_LOCALS)
        source_tree_fail(parser->tree, local->line,
                         "a function has more than %d local variables; put some into a table",
                         SOURCE_LOCALS);
    local->beneath = parser->newest;
    parser->newest = local;
    if (!local->name)
        return;
    local->outer = local->name->local;
    local->name->local = local;
}

source_local *source_scope_declare(source_parser *parser, source_name *name, int line)
{
    source_local *local = source_tree_local(parser->tree, name, line, parser->function);
    source_scope_show(parser, local);
    return local;
}

static source_label *find_label(const source_parser *parser, const source_name *name)
{
    source_label *label = name->label;
    return label && label->function == parser->function ? label : NULL;
}

void source_scope_check_label(source_parser *parser, source_name *name, int line)
{
    if (name && find_label(parser, name))
        source_tree_fail(parser->tree, line, "the label '%.40s' is already defined", name->text);
}

/* The jumps of this scope that wait for the name have found it. */
static void solve(source_parser *parser, source_name *name, unsigned active)
{
    for (; name->pending && name->pending->index >= parser->scope->gotos;
         name->pending = name->pending->older) {
        if (name->pending->active < active)
            source_tree_fail(parser->tree, name->pending->line,
                             "goto '%.40s' jumps into the scope of a local", name->text);
        name->pending->solved = true;
    }
}

void source_scope_label(source_parser *parser, source_name *name, bool last)
{
    source_label *label = source_tree_allocate(parser->tree, sizeof(*label));
    if (!label || !name)
        return;
    *label = (source_label){.name = name, .function = parser->function};
    label->outer = name->label;
    label->beneath = parser->labels;
    name->label = label;
    parser->labels = label;
    /* Behind the last statement of a block its locals are out of scope. */
    solve(parser, name, last ? parser->scope->active : parser->function->active);
}

void source_scope_goto(source_parser *parser, source_name *name, int line)
{
    if (!name || find_label(parser, name))
        return; /* backwards: always possible */
    source_goto *jump = source_tree_allocate(parser->tree, sizeof(*jump));
    if (!jump)
        return;
    *jump = (source_goto){.name = name, .line = line, .active = parser->function->active};
    jump->index = parser->goto_count++;
    jump->older = name->pending;
    jump->before = parser->gotos;
    name->pending = jump;
    parser->gotos = jump;
}

bool source_scope_in_loop(const source_parser *parser)
{
    const source_scope *scope = parser->scope;
    while (scope && !scope->loop)
        scope = scope->outer;
    return scope != NULL;
}
