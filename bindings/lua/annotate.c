/* SPDX-License-Identifier: MIT */
/*
 * Build-time helper: the annotations of the module for editors that know LuaCATS, from api.h and,
 * for the handles of hooks, from the table that plugins are annotated from. Not installed.
 */
#include <config.h>
#include <stdio.h>
#include <string.h>
#include "bindings/lua/api.h"
#include "bindings/lua/members.h"
#include "plugin/fields.h"

static const char head[] =
    "---@meta thingspace\n"
    "-- SPDX-License-Identifier: MIT\n"
    "-- What `require \"thingspace\"` answers. Written by the build; nothing runs it.\n"
    "\n---@class thingspace.Secret a handle that prints as ***\n"
    "---@class thingspace.Verdict what a hook returns\n"
    "\n---@class thingspace.Error\n---@field kind string\n---@field message string one line\n"
    "---@field status? integer the HTTP status that decided\n---@field code? string\n"
    "---@field account? string\n---@field retriable boolean\n---@field retry_after_ms? integer\n"
    "---@field plugin? string\n---@field instance? string\n---@field tenant? string\n"
    "---@field phase? string\n"
    "---@field file? string of kind usage: where the script called\n---@field line? integer\n"
    "---@field result? table what there is all the same: of apply, import, checks\n"
    "---@field errors? any[] of run and process: what each of several tasks failed with\n"
    "\n---@class thingspace.Registered\n---@field accountName string\n"
    "---@field serviceName string\n---@field url? string\n---@field username? string\n"
    "---@field hasPassword boolean\n"
    "\n---@class thingspace.Outcome\n---@field accountName string\n---@field serviceName? string\n"
    "---@field url? string\n---@field status? integer\n---@field attempts integer\n"
    "---@field signingKey? thingspace.Secret\n---@field preview? table of a dry run\n"
    "\n---@class thingspace.Change one change that is over\n---@field accountName string\n"
    "---@field serviceName string\n---@field api? string nil: connectivity\n"
    "---@field action \"add\"|\"change\"|\"takeover\"|\"remove\"|\"repair\"\n"
    "---@field result \"done\"|\"failed\"|\"skipped\"\n"
    "---@field unchanged boolean done, since it was as planned already: nothing was sent\n"
    "---@field error? thingspace.Error\n"
    "\n---@class thingspace.Applied\n---@field done integer by this apply\n"
    "---@field failed integer\n---@field skipped integer it needs prune or take_over\n"
    "---@field unchanged integer as planned already; not in done\n"
    "---@field changes thingspace.Change[]\n"
    "---@field errors thingspace.Error[] of the changes, and of accounts that were not read\n"
    "\n---@class thingspace.Imported\n---@field script string the policy\n"
    "---@field data? string the CSV text of data_file\n---@field accounts integer\n"
    "---@field listeners integer\n---@field credentials integer\n---@field unread integer\n"
    "---@field skipped integer\n"
    "\n---@class thingspace.Counts of a plan\n---@field accounts integer\n"
    "---@field unread integer accounts\n---@field add integer\n---@field change integer\n"
    "---@field takeover integer\n---@field remove integer\n---@field blocked integer\n"
    "---@field unchanged integer\n---@field foreign integer not ours, and not declared\n"
    "---@field failed integer listeners that were not decided\n"
    "\n---@class (exact) thingspace.Registration: thingspace.Listener, thingspace.RegisterOptions\n"
    "---@class (exact) thingspace.Ensured: thingspace.Listener, thingspace.EnsureOptions\n"
    "---@class (exact) thingspace.Removal: thingspace.Listener, thingspace.CallOptions\n"
    "---@class (exact) thingspace.ListRequest: thingspace.AccountName, thingspace.CallOptions\n"
    "---@class (exact) thingspace.CallRequest: thingspace.Request, thingspace.CallOptions\n";

typedef struct member {
    unsigned classes;
    const char *name, *type, *doc;
} member;

static const member members[] = {
#define X(classes, name, type, doc) {classes, name, type, doc},
    MEMBERS(X)
#undef X
};

static const struct {
    unsigned bit;
    const char *name, *takers;
} classes[] = {
#define X(bit, class, takers) {OF_##bit, class, takers},
    MEMBERS_CLASSES(X)
#undef X
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void put_members(void)
{
    for (size_t i = 0; i < COUNT(classes); i++) {
        printf("\n---@class (exact) thingspace.%s %s\n", classes[i].name, classes[i].takers);
        for (size_t j = 0; j < COUNT(members); j++)
            if (members[j].classes & classes[i].bit)
                printf("---@field %s %s%s%s\n", members[j].name, members[j].type,
                       *members[j].doc ? " " : "", members[j].doc);
    }
}

/* In a table of Markdown. */
static void put_code(const char *text)
{
    putchar('`');
    for (const char *at = text; *at; at++)
        printf(*at == '|' ? "\\%c" : "%c", *at);
    putchar('`');
}

/* A table of Markdown for each class: docs/lua.md has them. */
static void put_lists(void)
{
    for (size_t i = 0; i < COUNT(classes); i++) {
        printf("\n**%s** (%s)\n\n| member | type | |\n| --- | --- | --- |\n", classes[i].name,
               classes[i].takers);
        for (size_t j = 0; j < COUNT(members); j++) {
            const member *row = &members[j];
            if (!(row->classes & classes[i].bit))
                continue;
            printf("| `%.*s` | ", (int)strcspn(row->name, "?"), row->name);
            put_code(row->type);
            printf(" | %s%s |\n",
                   strchr(row->name, '?') ? ""
                   : *row->doc            ? "needed; "
                                          : "needed",
                   row->doc);
        }
    }
}

static void put_handle(handle_kind kind)
{
    const char *name = handle_name(kind);
    printf("\n---@class (exact) thingspace.%c%s\n", name[0] - 'a' + 'A', name + 1);
    for (unsigned id = 0; id < FIELD_COUNT; id++) {
        const field *field = field_of(id);
        if (field->handle == kind)
            printf("---@field %s %s %s\n", field->name, field->type, field->doc);
    }
}

/* "a: string, b?: string|table": a line for each; no type has a comma but in braces. */
static void put_parameters(const char *parameters)
{
    while (*parameters) {
        size_t size = strcspn(parameters, ","), name = strcspn(parameters, ":");
        printf("---@param %.*s %.*s\n", (int)name, parameters, (int)(size - name - 2),
               parameters + name + 2);
        parameters += size;
        parameters += strspn(parameters, ", ");
    }
}

static void put_names(const char *parameters)
{
    for (const char *comma = ""; *parameters; comma = ", ") {
        printf("%s%.*s", comma, (int)strcspn(parameters, "?:"), parameters);
        parameters += strcspn(parameters, ",");
        parameters += strspn(parameters, ", ");
    }
}

static void put_function(const char *class, const char *name, const char *parameters,
                         const char *results, const char *doc)
{
    printf("\n---%s\n", doc);
    put_parameters(parameters);
    if (*results)
        printf("---@return %s\n", results);
    if (!*class)
        printf("function thingspace.%s(", name);
    else if (strcmp(class, "json") == 0)
        printf("function thingspace.json.%s(", name);
    else
        printf("function %s:%s(", class, name);
    put_names(parameters);
    puts(") end");
}

/* A row of the table of functions. */
static void put_call(const char *class, const char *name, const char *parameters,
                     const char *results, const char *doc)
{
    if (strcmp(class, "json") == 0 || !*class)
        printf("| `thingspace.%s%s%s(", class, *class ? "." : "", name);
    else
        printf("| `%c%s:%s(", class[0] - 'A' + 'a', class + 1, name);
    for (const char *comma = ""; *parameters; comma = ", ") {
        printf("%s%.*s", comma, (int)strcspn(parameters, ":"), parameters);
        parameters += strcspn(parameters, ",");
        parameters += strspn(parameters, ", ");
    }
    fputs(")` | ", stdout);
    if (*results)
        put_code(results);
    printf(" | %s |\n", doc);
}

static void put_calls(void)
{
    puts("\n## Functions\n\nA `?` may be missing; what a type has is in the annotations.\n\n"
         "| | answers | |\n| --- | --- | --- |");
#define X(class, name, parameters, results, doc) put_call(class, name, parameters, results, doc);
    BINDING_API(X)
#undef X
}

int main(int count, char **arguments)
{
    if (count > 1 && strcmp(arguments[1], "--markdown") == 0) {
        put_lists();
        put_calls();
        return 0;
    }
    fputs(head, stdout);
    put_members();
    for (handle_kind kind = HANDLE_CALL; kind <= HANDLE_EVENT; kind++)
        put_handle(kind);
    puts("\nlocal thingspace = {}\n\n---@type string\nthingspace.version = nil\n"
         "---The password that is registered now, for `listeners` of a policy.\n"
         "---@type thingspace.Secret\nthingspace.registered = nil\nthingspace.json = { null = nil "
         "}\n\n"
         "---@class thingspace.Client\nlocal Client = {}\n---@class thingspace.Task\n"
         "local Task = {}\n---@class thingspace.Plan\nlocal Plan = {}\n"
         "---@class thingspace.Answer what call answers\n---@field status integer\n---@field body "
         "string\n"
         "---@field attempts integer\n---@field accountName string\n---@field preview? table\n"
         "local Answer = {}");
#define X(class, name, parameters, results, doc)                                                   \
    put_function(class, name, parameters, results, doc);
    BINDING_API(X)
#undef X
    puts("\nreturn thingspace");
    return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
