/* SPDX-License-Identifier: MIT */
/* The page thingspace-plugin(7): its text is written by hand, its tables are put in here. */
#include <config.h>
#include <string.h>
#include "base/limits.h"
#include "docs/generate/generate.h"
#include "lua/runtime/limits.h"
#include "plugin/fields.h"
#include "plugin/host_functions.h"

/* The longest line of the page. */
#define LONGEST_LINE 1024

/* ---- text ---- */

/* Lines of the source are about so long. */
#define WIDTH 72

/* What troff would make something else of. */
static void put_letter(FILE *out, char letter)
{
    if (letter == '-')
        fputs("\\-", out);
    else if (letter == '\\')
        fputs("\\e", out);
    else
        fputc(letter, out);
}

/* A doc, which has no dot, in lines none of which begins as a macro would. */
static void put_sentence(FILE *out, const char *text)
{
    size_t column = 0;
    char last = '\0';
    for (; *text; text++) {
        bool breaks = *text == ' ' && column + strcspn(text + 1, " ") > WIDTH && text[1] != '.';
        column = breaks ? 0 : column + 1;
        if (breaks)
            fputc('\n', out);
        else
            put_letter(out, *text);
        last = *text;
    }
    fputs(last == '.' ? "\n" : ".\n", out);
}

/* Names of phases: "request, check". */
static void put_phases(FILE *out, unsigned phases)
{
    const char *comma = "";
    for (phase phase = PHASE_FIRST_HOOK; phase < PHASE_COUNT; phase++) {
        if (!(phases & PHASE_BIT(phase)))
            continue;
        fprintf(out, "%s%s", comma, phase_of(phase)->name);
        comma = ", ";
    }
}

/* ---- phases ---- */

static void put_arguments(FILE *out, phase phase)
{
    handle_kind second = handle_argument(phase, 1);
    fputs(handle_name(handle_argument(phase, 0)), out);
    if (second != HANDLE_COUNT)
        fprintf(out, ", %s", handle_name(second));
}

static void put_verdicts(FILE *out, const phase_traits *traits)
{
    const char *comma = "nil, ";
    if (!traits->verdicts)
        fputs("nil", out);
    for (verdict_kind kind = VERDICT_NONE + 1; kind < VERDICT_COUNT; kind++) {
        if (!(traits->verdicts & VERDICT_BIT(kind)))
            continue;
        fprintf(out, "%s%s", comma, verdict_name(kind));
        comma = ", ";
    }
}

static void put_phase_table(FILE *out)
{
    fputs(".Bl -column \"response\" \"(call, response)\" \"bottom up, operator last\"\n"
          ".It Sy phase Ta Sy arguments Ta Sy rows run Ta Sy may answer\n",
          out);
    for (phase phase = PHASE_FIRST_HOOK; phase < PHASE_COUNT; phase++) {
        const phase_traits *traits = phase_of(phase);
        fprintf(out, ".It %s Ta (", traits->name);
        put_arguments(out, phase);
        fprintf(out, ") Ta %s, operator %s Ta ", traits->reverse ? "bottom up" : "top down",
                traits->tenant_first ? "last" : "first");
        put_verdicts(out, traits);
        fputc('\n', out);
    }
    fputs(".El\n.Pp\nA hook that fails ends the call with it in the phases\n", out);
    unsigned closed = 0;
    for (phase phase = PHASE_FIRST_HOOK; phase < PHASE_COUNT; phase++)
        closed |= phase_of(phase)->fails_closed ? PHASE_BIT(phase) : 0;
    put_phases(out, closed);
    fputs(";\nin the others it is undone, counted, and skipped.\n", out);
}

/* ---- fields ---- */

/* "fun(self, name: string): string?" -> "(name)"; what it returns is in the doc. */
static void put_parameters(FILE *out, const char *type)
{
    const char *at = type + strlen("fun(self"), *comma = "";
    fputc('(', out);
    while (*at == ',') {
        at += 2;
        size_t size = strcspn(at, ":");
        fprintf(out, "%s%.*s", comma, (int)size, at);
        comma = ", ";
        at += strcspn(at, ",)");
    }
    fputc(')', out);
}

/* "string?" -> "string or nil" */
static void put_type(FILE *out, const char *type)
{
    size_t size = strcspn(type, "<?");
    fprintf(out, " No : %.*s%s", (int)size, type, type[size] == '?' ? " or nil" : "");
}

static unsigned handle_phases(handle_kind kind)
{
    unsigned phases = 0;
    for (unsigned id = 0; id < FIELD_COUNT; id++)
        if (field_of(id)->handle == kind)
            phases |= field_of(id)->phases;
    return phases;
}

static void put_field(FILE *out, const field *field)
{
    const char *handle = handle_name(field->handle);
    fprintf(out, ".It Li %s%c%s", handle, field->method ? ':' : '.', field->name);
    if (field->method)
        put_parameters(out, field->type);
    else
        put_type(out, field->type);
    fputc('\n', out);
    put_sentence(out, field->doc);
    if (field->phases != handle_phases(field->handle)) {
        fputs("Only in ", out);
        put_phases(out, field->phases);
        fputs(".\n", out);
    }
    for (size_t i = 0; i < CAPABILITY_COUNT; i++)
        if (field->capability & 1u << i)
            fprintf(out, "Needs\n.Li %s .\n", capability_text(i));
}

static void put_handle(FILE *out, handle_kind kind)
{
    unsigned phases = handle_phases(kind);
    fprintf(out, ".Ss The handle %s\nIn the phase%s ", handle_name(kind),
            phases & (phases - 1) ? "s" : "");
    put_phases(out, phases);
    fputs(".\n.Bl -tag -width Ds\n", out);
    for (unsigned id = 0; id < FIELD_COUNT; id++)
        if (field_of(id)->handle == kind)
            put_field(out, field_of(id));
    fputs(".El\n", out);
}

static void put_field_table(FILE *out)
{
    for (handle_kind kind = 0; kind < HANDLE_COUNT; kind++)
        put_handle(out, kind);
}

/* ---- capabilities, functions ---- */

static void put_capability_table(FILE *out)
{
    fputs(".Bl -tag -width Ds\n", out);
    for (size_t i = 0; i < CAPABILITY_COUNT; i++) {
        fprintf(out, ".It Li %s\n", capability_text(i));
        put_sentence(out, capability_doc(i));
    }
    fputs(".El\n", out);
}

/* "code: string, text?: string" -> "(code, text?)" */
static void put_function_parameters(FILE *out, const char *parameters)
{
    const char *comma = "";
    fputc('(', out);
    while (*parameters) {
        fprintf(out, "%s%.*s", comma, (int)strcspn(parameters, ":"), parameters);
        comma = ", ";
        parameters += strcspn(parameters, ",");
        parameters += strspn(parameters, ", ");
    }
    fputc(')', out);
}

/* What plugins have; the policy's own is in thingspace-policy(5). */
static void put_function_table(FILE *out)
{
    fputs(".Bl -tag -width Ds\n", out);
    for (size_t i = 0; i < host_function_count(); i++) {
        const host_function *function = host_function_at(i);
        if (!(function->users & HOST_PLUGIN))
            continue;
        fprintf(out, ".It Li thingspace.%s", function->name);
        if (function->parameters)
            put_function_parameters(out, function->parameters);
        fputc('\n', out);
        put_sentence(out, function->doc);
    }
    fputs(".El\n", out);
}

/* ---- limits ---- */

/* "4 MiB", "256 KiB", "20" */
static void put_size(FILE *out, size_t size)
{
    if (size >= (size_t)1024 * 1024 && size % ((size_t)1024 * 1024) == 0)
        fprintf(out, "%zu MiB", size / 1024 / 1024);
    else if (size >= 1024 && size % 1024 == 0)
        fprintf(out, "%zu KiB", size / 1024);
    else
        fprintf(out, "%zu bytes", size);
}

static void put_script_limits(FILE *out)
{
    const runtime_limits *hook = &limits_hook, *load = &limits_configure;
    fputs(".Bl -column \"text or table that is kept\" \"2000000\" \"load and configure\"\n"
          ".It Ta Sy a hook Ta Sy load and configure\n",
          out);
    fprintf(out, ".It time Ta %lld ms Ta %lld ms\n", (long long)hook->deadline_ms,
            (long long)load->deadline_ms);
    fprintf(out, ".It instructions Ta %llu Ta %llu\n", (unsigned long long)hook->instructions,
            (unsigned long long)load->instructions);
    fputs(".It memory Ta ", out);
    put_size(out, hook->memory);
    fputs(" Ta ", out);
    put_size(out, load->memory);
    fputs("\n.It one text or table Ta ", out);
    put_size(out, hook->allocation);
    fputs(" Ta ", out);
    put_size(out, load->allocation);
    fprintf(out, "\n.It lines of log Ta %u Ta %u\n.El\n", hook->log_lines, load->log_lines);
}

static void put_fixed_limits(FILE *out)
{
    static const struct {
        const char *what;
        size_t count; /* 0: none is told */
        size_t size;  /* of each; 0: none is told */
    } rows[] = {
        {"text of a script", 0, LIMIT_SCRIPT},
        {"options of a plugin", LIMIT_PLUGIN_OPTIONS, 0},
        {"keys of thingspace.state", LIMIT_PLUGIN_STATE, 0},
        {"keys of call.vars", LIMIT_PLUGIN_VARS, 0},
        {"a key of either, of a bucket", 0, LIMIT_PLUGIN_KEY},
        {"a text of either", 0, LIMIT_PLUGIN_TEXT},
        {"buckets that are not full", LIMIT_PLUGIN_BUCKETS, 0},
        {"header fields of a request", LIMIT_REQUEST_HEADERS, LIMIT_REQUEST_HEADER_BYTES},
        {"query parameters of a request", LIMIT_REQUEST_PARAMETERS, 0},
        {"body of a request", 0, LIMIT_REQUEST_BODY},
        {"body of an answer", 0, LIMIT_RESPONSE_BODY},
        {"levels of JSON", LIMIT_JSON_DEPTH, 0},
        {"values of JSON", LIMIT_JSON_NODES, 0},
        {"changes of one call", LIMIT_CALL_CHANGES, 0},
    };
    fputs(".Bl -column \"query parameters of a request\" \"64 of 8 KiB\"\n", out);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        fprintf(out, ".It %s Ta ", rows[i].what);
        if (rows[i].count)
            fprintf(out, "%zu%s", rows[i].count, rows[i].size ? " of " : "");
        if (rows[i].size)
            put_size(out, rows[i].size);
        fputc('\n', out);
    }
    fputs(".El\n", out);
}

static void put_limit_table(FILE *out)
{
    put_script_limits(out);
    fputs(".Pp\nWhat they handle is bounded too:\n", out);
    put_fixed_limits(out);
}

/* ---- the page ---- */

static const struct {
    const char *marker;
    void (*put)(FILE *out);
} tables[] = {
    {".\\\" @phases@\n", put_phase_table},
    {".\\\" @fields@\n", put_field_table},
    {".\\\" @capabilities@\n", put_capability_table},
    {".\\\" @functions@\n", put_function_table},
    {".\\\" @limits@\n", put_limit_table},
};

/* Whether the line is no marker, or one that is known. */
static bool put_line(FILE *out, const char *line)
{
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
        if (strcmp(line, tables[i].marker) == 0) {
            tables[i].put(out);
            return true;
        }
    fputs(line, out);
    return strncmp(line, ".\\\" @", 5) != 0;
}

bool generate_page(FILE *out, FILE *in)
{
    char line[LONGEST_LINE];
    bool good = true;
    while (good && fgets(line, sizeof(line), in))
        good = put_line(out, line);
    return good && !ferror(in);
}
