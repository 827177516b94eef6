/* SPDX-License-Identifier: MIT */
/*
 * Build-time helper: the annotations of the module for editors that know LuaCATS, from api.h and,
 * for the handles of hooks, from the table that plugins are annotated from. Not installed.
 */
#include <config.h>
#include <stdio.h>
#include <string.h>
#include "bindings/lua/api.h"
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
    "---@field plugin? string\n---@field instance? string\n---@field phase? string\n"
    "---@field file? string\n---@field line? integer\n"
    "---@field result? table what there is all the same: of apply, import, checks\n"
    "\n---@class thingspace.Reply\n---@field status? integer\n---@field json? any\n"
    "---@field headers? table<string, string>\n"
    "\n---@class (exact) thingspace.ClientOptions\n"
    "---@field policy? string|table the name of a file, or a policy with functions\n"
    "---@field policy_text? string\n---@field policy_name? string\n"
    "---@field policy_folder? string where policy_text finds its files\n"
    "---@field resolve? fun(accountName: string, row?: table): table?, string?\n"
    "---@field listeners? fun(accountName: string, row?: table): table?, string?\n"
    "---@field secrets? table<string, thingspace.Secret> thingspace.secret.named of a policy\n"
    "---@field ask? fun(part: string): thingspace.Secret?, string?\n"
    "---@field settings? table<string, string>\n---@field state_dir? string\n"
    "---@field ca_file? string\n---@field proxy? string\n---@field timeout_ms? integer\n"
    "---@field log? fun(level: string, line: string)\n"
    "---@field log_level? \"error\"|\"warning\"|\"info\"|\"debug\"\n"
    "---@field plugins? (string|table)[] files, or { file, options = {} }\n"
    "---@field plugin_path? string\n---@field reason? string why changes are made\n"
    "---@field token_cache? boolean false: tokens stay in memory\n"
    "---@field loop? \"own\"|\"foreign\"\n"
    "---@field raise? boolean false: functions return nil and an error\n"
    "\n---@class thingspace.CallOptions\n---@field username? string\n"
    "---@field password? thingspace.Secret\n---@field api? string\n"
    "---@field timeout_ms? integer\n---@field dry_run? boolean\n---@field replace? boolean\n"
    "\n---@class thingspace.Registration: thingspace.CallOptions\n---@field accountName string\n"
    "---@field serviceName string\n---@field url? string\n"
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
    "\n---@class thingspace.Imported\n---@field script string the policy\n"
    "---@field data? string the CSV text of data_file\n---@field accounts integer\n"
    "---@field listeners integer\n---@field credentials integer\n---@field unread integer\n"
    "---@field skipped integer\n"
    "\n---@class thingspace.PlanOptions\n---@field accounts? string[] names or patterns\n"
    "---@field tags? string[]\n---@field services? string[]\n---@field cells? boolean\n"
    "---@field progress? fun(done: integer, total: integer, failed: integer)\n"
    "\n---@class thingspace.ApplyOptions\n---@field prune? boolean\n---@field take_over? boolean\n"
    "---@field force? boolean\n---@field expect_id? string\n"
    "---@field done? fun(change: thingspace.Change)\n"
    "---@field progress? fun(done: integer, total: integer, failed: integer)\n"
    "\n---@class thingspace.ImportOptions\n---@field accounts? string[]\n---@field name? string\n"
    "---@field data_file? string\n---@field apis? string[]\n"
    "---@field unread? fun(accountName: string, err: thingspace.Error)\n"
    "---@field skipped? fun(accountName: string, serviceName: string, api?: string, why: string)\n"
    "---@field progress? fun(done: integer, total: integer, failed: integer)\n"
    "\n---@class thingspace.HookOptions\n---@field priority? integer 0 to 10000; 5000\n"
    "---@field on_error? \"fail\"|\"skip\"|\"quarantine\"\n---@field required? boolean\n"
    "---@field name? string\n";

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

int main(void)
{
    fputs(head, stdout);
    for (handle_kind kind = HANDLE_CALL; kind <= HANDLE_EVENT; kind++)
        put_handle(kind);
    puts("\nlocal thingspace = {}\n\n---@type string\nthingspace.version = nil\n"
         "---The password that is registered now, for `listeners` of a policy.\n"
         "thingspace.registered = nil\nthingspace.json = { null = nil }\n\n"
         "---@class thingspace.Client\nlocal Client = {}\n---@class thingspace.Task\n"
         "local Task = {}\n---@class thingspace.Plan\nlocal Plan = {}\n"
         "---@class thingspace.Answer\n---@field status integer\n---@field body string\n"
         "---@field attempts integer\n---@field accountName string\n---@field preview? table\n"
         "local Answer = {}");
#define X(class, name, parameters, results, doc)                                                   \
    put_function(class, name, parameters, results, doc);
    BINDING_API(X)
#undef X
    puts("\nreturn thingspace");
    return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
