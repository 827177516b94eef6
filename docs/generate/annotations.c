/* SPDX-License-Identifier: MIT */
/* The annotations: classes of the handles, the manifest, and the table `thingspace`. */
#include <config.h>
#include <string.h>
#include "docs/generate/generate.h"
#include "plugin/fields.h"
#include "plugin/host_functions.h"

/* ---- handles ---- */

/* "request" -> "Request" */
static void put_class(FILE *out, handle_kind kind)
{
    const char *name = handle_name(kind);
    fprintf(out, "thingspace.%c%s", name[0] - 'a' + 'A', name + 1);
}

/* A method's `self` gets its class. */
static void put_type(FILE *out, const field *field)
{
    static const char self[] = "fun(self";
    if (!field->method) {
        fputs(field->type, out);
        return;
    }
    fputs("fun(self: ", out);
    put_class(out, field->handle);
    fputs(field->type + strlen(self), out);
}

static void put_needs(FILE *out, const field *field)
{
    for (size_t i = 0; i < CAPABILITY_COUNT; i++)
        if (field->capability & 1u << i)
            fprintf(out, "; needs %s", capability_text(i));
}

static void put_handle(FILE *out, handle_kind kind)
{
    fputs("\n---@class (exact) ", out);
    put_class(out, kind);
    fputc('\n', out);
    for (unsigned id = 0; id < FIELD_COUNT; id++) {
        const field *field = field_of(id);
        if (field->handle != kind)
            continue;
        fprintf(out, "---@field %s ", field->name);
        put_type(out, field);
        fprintf(out, " %s", field->doc);
        put_needs(out, field);
        fputc('\n', out);
    }
}

/* ---- the manifest ---- */

static void put_capabilities(FILE *out)
{
    fputs("\n---What a plugin may do; with `?` at the end it can do without.\n"
          "---@alias thingspace.Capability\n",
          out);
    for (size_t i = 0; i < CAPABILITY_COUNT; i++)
        fprintf(out, "---| \"%s\" # %s\n---| \"%s?\"\n", capability_text(i), capability_doc(i),
                capability_text(i));
}

static void put_hook(FILE *out, phase phase)
{
    fprintf(out, "---@field %s? fun(", phase_of(phase)->name);
    for (unsigned i = 0; i < 2 && handle_argument(phase, i) != HANDLE_COUNT; i++) {
        fprintf(out, "%s%s: ", i ? ", " : "", handle_name(handle_argument(phase, i)));
        put_class(out, handle_argument(phase, i));
    }
    fprintf(out, "): %s\n",
            phase_of(phase)->verdicts ? "thingspace.Verdict?, string?" : "nil, string?");
}

static void put_manifest(FILE *out)
{
    put_capabilities(out);
    fputs("\n---@class (exact) thingspace.Option\n"
          "---@field type \"string\"|\"number\"|\"integer\"|\"boolean\"|\"table\"|\"secret\"\n"
          "---@field required? boolean\n"
          "---@field default? any\n"
          "---@field doc? string\n"
          "\n---@class (exact) thingspace.Hooks\n",
          out);
    for (phase phase = PHASE_FIRST_HOOK; phase < PHASE_COUNT; phase++)
        put_hook(out, phase);
    fputs("\n---What a plugin returns: `---@type thingspace.Plugin` above it makes editors check "
          "it.\n"
          "---@class (exact) thingspace.Plugin\n"
          "---@field name string small letters, digits and hyphens\n"
          "---@field version string\n"
          "---@field api 1\n"
          "---@field capabilities? thingspace.Capability[]\n"
          "---@field options? table<string, thingspace.Option>\n"
          "---@field configure? fun(options: table<string, any>): nil, string?\n"
          "---@field hooks thingspace.Hooks\n",
          out);
}

/* ---- tests ---- */

/* What t.run is given, and what it answers: its parts are tables as the plugin's tests write them.
 */
static void put_tests(FILE *out)
{
    fputs(
        "\n---What a test of NAME_test.lua gets.\n"
        "---@class (exact) thingspace.Test\n"
        "---@field run fun(phase: string, what?: thingspace.TestCall): thingspace.TestResult runs "
        "the hook once\n"
        "---@field equal fun(actual: any, expected: any, what?: string) compares, tables by their "
        "contents\n"
        "---@field check fun(condition: any, what?: string)\n"
        "---@field fails fun(result: thingspace.TestResult, pattern: string) the hook failed so\n"
        "---@field fresh fun() begins a new instance, whose state is empty\n"
        "---@field secret fun(text: string): thingspace.Secret\n"
        "\n---@class (exact) thingspace.TestCall\n"
        "---@field options? table<string, any>\n"
        "---@field call? table<string, any>\n"
        "---@field request? table<string, any>\n"
        "---@field response? table<string, any>\n"
        "---@field failure? table<string, any>\n"
        "---@field event? table<string, any>\n"
        "---@field message? table<string, any>\n"
        "\n---@class thingspace.TestResult\n"
        "---@field verdict \"none\"|\"stop\"|\"reply\"|\"deny\"|\"wait\"|\"failed\"\n"
        "---@field code? string\n"
        "---@field text? string\n"
        "---@field wait_ms? integer\n"
        "---@field reply? { status: integer, json: any }\n"
        "---@field error? string\n"
        "---@field request? { method: string, path: string, headers: table<string, string>, query: "
        "table<string, string>, json: any }\n"
        "---@field response? { status: integer, headers: table<string, string>, json: any }\n"
        "---@field failure? { kind: string, message: string, status: integer?, code: string? }\n"
        "---@field vars table<string, any>\n"
        "---@field changes { field: string, before: any, after: any }[]\n"
        "---@field log string[]\n",
        out);
}

/* ---- the table thingspace ---- */

static void put_fixed_classes(FILE *out)
{
    fputs("\n---Return it; made and not returned it fails the hook.\n"
          "---@class thingspace.Verdict\n"
          "\n---A handle: prints as ***, and nothing makes it a text.\n"
          "---@class thingspace.Secret\n"
          "\n---@class thingspace.Null\n"
          "\n---@class thingspace.Credential\n"
          "---@field key thingspace.Secret\n"
          "---@field secret thingspace.Secret\n"
          "---@field username thingspace.Secret\n"
          "---@field password thingspace.Secret\n"
          "\n---@class (exact) thingspace.Reply\n"
          "---@field status? integer 200 to 599; left out: 200\n"
          "---@field json? any\n"
          "---@field headers? table<string, string>\n",
          out);
}

static void put_users(FILE *out, unsigned users)
{
    if (users == HOST_ALL)
        return;
    fprintf(out, "\n---\n---In %s%s%s alone.",
            users & HOST_POLICY   ? "the operator's policy"
            : users & HOST_PLUGIN ? "plugins"
                                  : "",
            users & HOST_TENANT && users & HOST_PLUGIN ? " and " : "",
            users & HOST_TENANT ? "tenants' scripts" : "");
}

/* "code: string, text?: string", "...: any": a line for each. */
static void put_parameters(FILE *out, const char *parameters)
{
    while (*parameters) {
        size_t size = strcspn(parameters, ",");
        size_t name = strcspn(parameters, ":");
        fprintf(out, "---@param %.*s %.*s\n", (int)name, parameters, (int)(size - name - 2),
                parameters + name + 2);
        parameters += size;
        parameters += strspn(parameters, ", ");
    }
}

/* "code, text" */
static void put_names(FILE *out, const char *parameters)
{
    const char *comma = "";
    while (*parameters) {
        fprintf(out, "%s%.*s", comma, (int)strcspn(parameters, "?:"), parameters);
        comma = ", ";
        parameters += strcspn(parameters, ",");
        parameters += strspn(parameters, ", ");
    }
}

static void put_host_function(FILE *out, const host_function *function)
{
    fprintf(out, "\n---%s", function->doc);
    put_users(out, function->users);
    fputc('\n', out);
    if (!function->parameters) {
        fprintf(out, "---@type %s\nthingspace.%s = nil\n", function->type, function->name);
        return;
    }
    put_parameters(out, function->parameters);
    if (function->type)
        fprintf(out, "---@return %s\n", function->type);
    fprintf(out, "function thingspace.%s(", function->name);
    put_names(out, function->parameters);
    fputs(") end\n", out);
}

/* The tables of which functions are members, each before its first one. */
static void put_tables(FILE *out)
{
    const char *last = "";
    fputs("\nthingspace = {}\n", out);
    for (size_t i = 0; i < host_function_count(); i++) {
        const char *name = host_function_at(i)->name;
        size_t size = strcspn(name, ".:");
        if (!name[size] || (strlen(last) > size && strncmp(last, name, size + 1) == 0))
            continue;
        fprintf(out, "thingspace.%.*s = {}\n", (int)size, name);
        last = name;
    }
}

void generate_annotations(FILE *out)
{
    fputs("---@meta thingspace\n"
          "-- SPDX-License-Identifier: MIT\n"
          "-- What plugins and policies see, for editors that know LuaCATS. Written by the build "
          "from\n"
          "-- the tables of the library; nothing runs it.\n",
          out);
    put_fixed_classes(out);
    for (handle_kind kind = 0; kind < HANDLE_COUNT; kind++)
        put_handle(out, kind);
    put_manifest(out);
    put_tests(out);
    generate_policy_annotations(out);
    put_tables(out);
    for (size_t i = 0; i < host_function_count(); i++)
        put_host_function(out, host_function_at(i));
}
