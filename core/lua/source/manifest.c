/* SPDX-License-Identifier: MIT */
/*
 * What the script returns, as far as its text tells: read piece by piece into a manifest as the
 * load does, so that what the load would refuse is refused here in the same words. Fields that are
 * set later at top level (function plugin.hooks.request(...)) count as written in the table.
 */
#include <config.h>
#include <math.h>
#include "base/error.h"
#include "base/text.h"
#include "lua/source/check_inside.h"
#include "plugin/manifest.h"

#define RULE "manifest"

/* --- Fields that are set later --- */

static void add_field(source_checker *checker, source_node *target, source_node *value)
{
    source_node *table = source_table(checker, target->as.index.object);
    if (!table)
        return;
    if (target->as.index.key->kind != SOURCE_STRING || !value) {
        table->as.table.open = true;
        return;
    }
    source_field *field = source_tree_allocate(checker->tree, sizeof(*field));
    if (!field)
        return;
    *field = (source_field){
        .name = target->as.index.key->as.string, .value = value, .line = target->line};
    if (table->as.table.last)
        table->as.table.last->next = field;
    else
        table->as.table.first = field;
    table->as.table.last = field;
}

static void add_fields(source_checker *checker)
{
    for (source_node *node = checker->tree->nodes; node; node = node->following) {
        if (node->kind != SOURCE_ASSIGNMENT || node->function != checker->tree->script)
            continue;
        source_node *value = node->as.assignment.values;
        for (source_node *target = node->as.assignment.targets; target; target = target->next) {
            if (target->kind == SOURCE_INDEX)
                add_field(checker, target, value);
            value = value ? value->next : NULL;
        }
    }
}

/* --- Finding it --- */

static source_node *find_return(const source_checker *checker)
{
    source_node *found = NULL;
    for (source_node *node = checker->tree->nodes; node; node = node->following)
        if (node->kind == SOURCE_RETURN && node->outermost &&
            node->function == checker->tree->script)
            found = node;
    return found;
}

/* Whether the text tells what it is. */
static bool is_told(const source_node *node)
{
    return node->kind <= SOURCE_FUNCTION && node->kind != SOURCE_VARARG;
}

static source_node *find_manifest(source_checker *checker)
{
    source_node *last = find_return(checker);
    source_node *value = last ? source_resolve(last->as.values) : NULL;
    source_node *table = value ? source_table(checker, value) : NULL;
    if (!value || (!table && is_told(value)))
        source_report(checker, last ? last->line : 1, SOURCE_ERROR, RULE,
                      "the script must end in return { name = \"...\", version = \"1.0.0\", api = "
                      "1, hooks = { ... } }");
    else if (!table)
        source_report(checker, last->line, SOURCE_WARNING, RULE,
                      "what the script returns is computed: its manifest and hooks cannot be "
                      "checked; return a table constructor");
    return table;
}

/* A policy, an operator's or a tenant's: it has their members and none that only plugins have. */
static bool is_policy(source_checker *checker, const source_node *table)
{
    static const char *const theirs[] = {"accounts",    "resolve", "listeners", "endpoints",
                                         "credentials", "tenants", "owns",      "plugins"};
    static const char *const ours[] = {"api", "capabilities", "configure", "hooks"};
    bool found = false;
    for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
        if (source_field_named(checker, table, ours[i]))
            return false;
    for (size_t i = 0; !found && i < sizeof(theirs) / sizeof(theirs[0]); i++)
        found = source_field_named(checker, table, theirs[i]) != NULL;
    return found;
}

/* --- Its members --- */

/* The member's value; NULL: not there, or the text does not tell what it is. */
static source_node *member(source_checker *checker, const source_node *table, const char *name,
                           bool required, source_field **field)
{
    *field = source_field_named(checker, table, name);
    if (!*field && required && !table->as.table.open)
        source_report(checker, table->line, SOURCE_ERROR, RULE, "the manifest needs %s", name);
    source_node *value = *field ? source_resolve((*field)->value) : NULL;
    return value && is_told(value) ? value : value && value->kind == SOURCE_TABLE ? value : NULL;
}

static void report_status(source_checker *checker, int line, thingspace_status status,
                          const thingspace_error *error)
{
    if (status == THINGSPACE_MEMORY)
        checker->status = status;
    else if (status != THINGSPACE_OK)
        source_report(checker, line, SOURCE_ERROR, RULE, "%s", error->message);
}

static source_name *text_member(source_checker *checker, const char *name)
{
    source_field *field;
    source_node *value = member(checker, checker->manifest, name, true, &field);
    if (!value)
        return NULL;
    if (value->kind == SOURCE_STRING)
        return value->as.string;
    source_report(checker, field->line, SOURCE_ERROR, RULE, "%s must be a text in quotes", name);
    return NULL;
}

static int line_of(source_checker *checker, const char *name)
{
    return source_field_named(checker, checker->manifest, name)->line;
}

static void read_names(source_checker *checker, manifest *into)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    checker->name = text_member(checker, "name");
    checker->version = text_member(checker, "version");
    if (checker->name)
        report_status(checker, line_of(checker, "name"),
                      manifest_set_name(into, checker->name->text, "1", &error), &error);
    if (checker->version)
        report_status(checker, line_of(checker, "version"),
                      manifest_set_name(into, "x", checker->version->text, &error), &error);
}

static void read_api(source_checker *checker)
{
    source_field *field;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    const source_node *value = member(checker, checker->manifest, "api", true, &field);
    if (!value)
        return;
    if (value->kind != SOURCE_NUMBER || isnan(value->as.number))
        source_report(checker, field->line, SOURCE_ERROR, RULE, "api must be the number %d",
                      MANIFEST_API);
    else
        report_status(checker, field->line, manifest_check_api((long long)value->as.number, &error),
                      &error);
}

static void read_capability(source_checker *checker, manifest *into, const source_field *field)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    const source_name *text = source_string(field->value);
    capability_set before = into->capabilities;
    if (!text) {
        checker->declared_all = false;
        if (field->name || is_told(source_resolve(field->value)))
            source_report(checker, field->line, SOURCE_ERROR, RULE,
                          "capabilities must be a list of texts");
        return;
    }
    report_status(checker, field->line, manifest_add_capability(into, text->text, &error), &error);
    for (size_t i = 0; i < CAPABILITY_COUNT; i++)
        if (into->capabilities & ~before & 1u << i)
            checker->declared_lines[i] = field->line;
}

static void read_capabilities(source_checker *checker, manifest *into)
{
    source_field *field;
    const source_node *value = member(checker, checker->manifest, "capabilities", false, &field);
    checker->declared_all = field ? value != NULL : !checker->manifest->as.table.open;
    if (!value)
        return;
    if (value->kind != SOURCE_TABLE) {
        source_report(checker, field->line, SOURCE_ERROR, RULE,
                      "capabilities must be a list: { \"request.headers:write\" }");
        return;
    }
    checker->declared_all = !value->as.table.open;
    for (field = value->as.table.first; field; field = field->next)
        read_capability(checker, into, field);
    checker->declared = into->capabilities;
}

/* --- Options --- */

/* Members of the manifest, or of an option, are of a closed set. */
static void check_members(source_checker *checker, const source_node *table, const char *what,
                          const char *const *members, size_t count)
{
    for (const source_field *field = table->as.table.first; field; field = field->next) {
        bool known = !field->name; /* computed */
        for (size_t i = 0; i < count && !known; i++)
            known = text_equal(field->name->text, members[i]);
        if (known || !source_has_room(checker))
            continue;
        const char *near = nearest_name(field->name->text, members, count);
        source_report(checker, field->line, SOURCE_ERROR, RULE,
                      near ? "%s has no member '%.80s'; did you mean '%s'?"
                           : "%s has no member '%.80s'; remove it%s",
                      what, field->name->text, near ? near : "");
    }
}

static json *plain_json(const source_node *value)
{
    if (value->kind == SOURCE_STRING)
        return json_new_string(value->as.string->text);
    if (value->kind == SOURCE_BOOLEAN)
        return json_new_boolean(value->as.boolean);
    return json_new_integer((long long)value->as.number);
}

/* The default that the text tells; NULL: none. */
static json *default_of(source_checker *checker, const source_node *row)
{
    source_field *field = source_field_named(checker, row, "default");
    const source_node *value = field ? source_resolve(field->value) : NULL;
    bool told = value && (value->kind == SOURCE_BOOLEAN ||
                          (value->kind == SOURCE_NUMBER && !isnan(value->as.number)) ||
                          (value->kind == SOURCE_STRING &&
                           text_is_utf8(value->as.string->text, value->as.string->size)));
    json *made = told ? plain_json(value) : NULL;
    if (told && !made)
        checker->status = THINGSPACE_MEMORY;
    return made;
}

/* The row is a table whose type the text tells. */
static void add_option(source_checker *checker, manifest *into, const source_field *option,
                       const source_node *row, const source_name *type, int line)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    source_field *doc = source_field_named(checker, row, "doc");
    source_field *required = source_field_named(checker, row, "required");
    const source_node *flag = required ? source_resolve(required->value) : NULL;
    const source_name *text = doc ? source_string(doc->value) : NULL;
    report_status(checker, line,
                  manifest_add_option(into, option->name->text, type ? type->text : NULL,
                                      flag && flag->kind == SOURCE_BOOLEAN && flag->as.boolean,
                                      default_of(checker, row), text ? text->text : NULL, &error),
                  &error);
}

static void read_option(source_checker *checker, manifest *into, const source_field *option)
{
    static const char *const members[] = {"type", "required", "default", "doc"};
    const source_node *row = source_resolve(option->value);
    if (row->kind != SOURCE_TABLE) {
        if (is_told(row))
            source_report(checker, option->line, SOURCE_ERROR, RULE,
                          "option '%.80s' must be a table: { type = \"string\", doc = \"...\" }",
                          option->name->text);
        return;
    }
    check_members(checker, row, "an option", members, sizeof(members) / sizeof(members[0]));
    source_field *field = source_field_named(checker, row, "type");
    const source_name *type = field ? source_string(field->value) : NULL;
    if (type || (!field && !row->as.table.open))
        add_option(checker, into, option, row, type, field ? field->line : option->line);
}

static void read_options(source_checker *checker, manifest *into)
{
    source_field *field;
    const source_node *value = member(checker, checker->manifest, "options", false, &field);
    if (!value)
        return;
    if (value->kind != SOURCE_TABLE) {
        source_report(checker, field->line, SOURCE_ERROR, RULE,
                      "options must be a table: name -> { type = \"string\", doc = \"...\" }");
        return;
    }
    for (field = value->as.table.first; field; field = field->next)
        if (field->name)
            read_option(checker, into, field);
}

/* --- Functions --- */

static source_function *read_function(source_checker *checker, const source_field *field,
                                      const char *name)
{
    source_function *body = source_function_of(checker, field->value);
    const source_node *value = source_resolve(field->value);
    if (!body && (is_told(value) || value->kind == SOURCE_TABLE))
        source_report(checker, field->line, SOURCE_ERROR, RULE, "%.80s must be a function", name);
    return body;
}

static void read_hook(source_checker *checker, manifest *into, const source_field *field)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_status status = manifest_add_hook(into, field->name->text, &error);
    report_status(checker, field->line, status, &error);
    if (status != THINGSPACE_OK) {
        checker->hooks_all = false;
        return;
    }
    source_function *body = read_function(checker, field, field->name->text);
    checker->hook_functions[phase_find(field->name->text)] = body;
    if (!body)
        checker->hooks_all = false;
    else if (body->parameters && text_equal(body->parameters->name->text, "self"))
        source_report(checker, body->line, SOURCE_ERROR, RULE,
                      "a hook is called without self: write a dot, not a colon, before %s",
                      field->name->text);
}

static void read_hooks(source_checker *checker, manifest *into)
{
    source_field *field;
    const source_node *value = member(checker, checker->manifest, "hooks", false, &field);
    checker->hooks_all = field ? value != NULL : !checker->manifest->as.table.open;
    if (!field && checker->hooks_all)
        source_report(checker, checker->manifest->line, SOURCE_ERROR, RULE,
                      "the plugin has no hooks: write hooks = { request = function(call, request) "
                      "... end }");
    if (!value)
        return;
    if (value->kind != SOURCE_TABLE) {
        source_report(checker, field->line, SOURCE_ERROR, RULE,
                      "hooks must be a table: { request = function(call, request) ... end }");
        return;
    }
    checker->hooks_all = !value->as.table.open;
    if (checker->hooks_all && !value->as.table.first)
        source_report(checker, field->line, SOURCE_WARNING, RULE,
                      "the table of hooks is empty, so the plugin does nothing: write hooks = { "
                      "request = function(call, request) ... end }");
    for (field = value->as.table.first; field; field = field->next)
        if (field->name)
            read_hook(checker, into, field);
    checker->hooks = into->hooks;
}

bool source_manifest_read(source_checker *checker)
{
    static const char *const members[] = {"name",    "version",   "api",  "capabilities",
                                          "options", "configure", "hooks"};
    source_field *configure;
    cleanup_manifest manifest manifest;
    manifest_init(&manifest);
    add_fields(checker);
    checker->manifest = find_manifest(checker);
    if (!checker->manifest)
        return true;
    if (is_policy(checker, checker->manifest)) {
        source_report(checker, checker->manifest->line, SOURCE_ERROR, RULE,
                      "this is a policy, not a plugin: use `thingspace policy check`, with the "
                      "operator's policy for a tenant's script");
        return false;
    }
    check_members(checker, checker->manifest, "the manifest", members,
                  sizeof(members) / sizeof(members[0]));
    read_names(checker, &manifest);
    read_api(checker);
    read_capabilities(checker, &manifest);
    read_options(checker, &manifest);
    read_hooks(checker, &manifest);
    configure = source_field_named(checker, checker->manifest, "configure");
    if (configure)
        checker->configure = read_function(checker, configure, "configure");
    return true;
}
