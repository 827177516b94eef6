/* SPDX-License-Identifier: MIT */
/*
 * The annotations of policies and tenants' scripts, by hand: their members are read by functions,
 * not from a table. tests/integration/build/docs.sh holds them against thingspace-policy(5).
 */
#include <config.h>
#include "docs/generate/generate.h"

static const char decisions[] =
    "\n---A billing account; the members that are not listed are your own.\n"
    "---@class thingspace.AccountRow\n"
    "---@field account string in quotes: leading zeros belong to it\n"
    "---@field endpoint? string\n"
    "---@field credential? string\n"
    "---@field timeout_ms? integer|string\n"
    "---@field [string] any\n"
    "\n---What resolve answers; what it leaves out comes from the account's row.\n"
    "---@class (exact) thingspace.Decision\n"
    "---@field endpoint? string\n"
    "---@field credential? string\n"
    "---@field timeout_ms? integer\n"
    "---@field tags? table<string, any> for plugins and audit\n"
    "\n---@class (exact) thingspace.Listener\n"
    "---@field url string\n"
    "---@field username? string\n"
    "---@field password? thingspace.Secret\n"
    "---@field api? \"connectivity\"|\"location\"|\"hyper-precise\"|\"diagnostics\"|"
    "\"software-v1\"|\"software-v2\"|\"software-v3\"\n"
    "\n---@alias thingspace.Accounts (string|thingspace.AccountRow)[]\n"
    "---@alias thingspace.Resolve fun(account: string, row: thingspace.AccountRow?): "
    "thingspace.Decision?, string?\n"
    "---@alias thingspace.Listeners fun(account: string, row: thingspace.AccountRow?): "
    "table<string, thingspace.Listener|thingspace.Listener[]>?\n";

static const char rows[] =
    "\n---Of hooks of plugins in Lua, and of a tenant's functions.\n"
    "---@class (exact) thingspace.Limits\n"
    "---@field deadline_ms? integer\n"
    "---@field instructions? integer\n"
    "---@field memory_bytes? integer\n"
    "---@field allocation_bytes? integer\n"
    "---@field log_lines? integer\n"
    "\n---An instance of a plugin: { \"headers\", options = { ... }, grant = { ... } }.\n"
    "---@class (exact) thingspace.PluginRow\n"
    "---@field [1] string the plugin: a name that is looked up, or a file\n"
    "---@field name? string of the instance; left out: the plugin's\n"
    "---@field priority? integer 0 to 10000, lower ones run first; left out: 5000\n"
    "---@field on_error? \"fail\"|\"skip\"|\"quarantine\"\n"
    "---@field required? boolean a failure of its hook audit fails the call too\n"
    "---@field options? table<string, any>\n"
    "---@field grant? thingspace.Capability[]\n"
    "---@field limits? thingspace.Limits\n"
    "\n---What a tenant has; what is left out it does not have.\n"
    "---@class (exact) thingspace.Tenant\n"
    "---@field script string\n"
    "---@field accounts string[] patterns\n"
    "---@field endpoints? string[]\n"
    "---@field credentials? string[]\n"
    "---@field urls? string[] patterns\n"
    "---@field secrets? table<string, thingspace.Secret>\n"
    "---@field plugins? table<string, thingspace.Capability[]>\n"
    "---@field limits? thingspace.Limits\n";

static const char policies[] =
    "\n---@class (exact) thingspace.Endpoint\n"
    "---@field url? string\n"
    "---@field api? string\n"
    "---@field token? string\n"
    "---@field insecure? boolean\n"
    "---@field private? boolean\n"
    "---@field window? integer calls at once, 1 to 1024; 64\n"
    "\n---@class (exact) thingspace.CredentialParts\n"
    "---@field key? thingspace.Secret|string\n"
    "---@field secret? thingspace.Secret|string\n"
    "---@field username? thingspace.Secret|string\n"
    "---@field password? thingspace.Secret|string\n"
    "\n---What a policy returns: `---@type thingspace.Policy` above it makes editors check it.\n"
    "---@class (exact) thingspace.Policy\n"
    "---@field name string\n"
    "---@field endpoints? table<string, thingspace.Endpoint>\n"
    "---@field credentials? table<string, thingspace.Credential|thingspace.CredentialParts>\n"
    "---@field accounts? thingspace.Accounts\n"
    "---@field resolve? thingspace.Resolve\n"
    "---@field listeners? thingspace.Listeners\n"
    "---@field owns? string[] patterns of URLs\n"
    "---@field plugins? thingspace.PluginRow[]\n"
    "---@field tenants? table<string, thingspace.Tenant>\n"
    "\n---What a tenant's script returns.\n"
    "---@class (exact) thingspace.TenantScript\n"
    "---@field name? string left out: the tenant's\n"
    "---@field accounts? thingspace.Accounts\n"
    "---@field resolve? thingspace.Resolve\n"
    "---@field listeners? thingspace.Listeners\n"
    "---@field plugins? thingspace.PluginRow[]\n";

void generate_policy_annotations(FILE *out)
{
    fputs(decisions, out);
    fputs(rows, out);
    fputs(policies, out);
}
