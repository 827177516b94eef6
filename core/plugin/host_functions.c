/* SPDX-License-Identifier: MIT */
/* The table of host_functions.h. The functions themselves are in core/lua. Constants: any thread.
 */
#include <config.h>
#include "plugin/host_functions.h"

static const host_function functions[] = {
    {"stop", "", "thingspace.Verdict", HOST_PLUGIN,
     "a verdict: skips the later hooks of the same owner in this phase"},
    {"reply", "answer: thingspace.Reply", "thingspace.Verdict", HOST_PLUGIN,
     "a verdict of request hooks: answers in place of the service; nothing is sent, response hooks "
     "run; needs request:reply"},
    {"deny", "code: string, text?: string", "thingspace.Verdict", HOST_PLUGIN,
     "a verdict: ends the call with a failure of kind denied"},
    {"wait", "ms: number", "thingspace.Verdict", HOST_PLUGIN,
     "a verdict: keeps the hook's changes, parks the call without blocking others, and goes on "
     "with the next hook"},
    {"log", "...: any", NULL, HOST_ALL, "writes a line to the log, seen with -v"},
    {"json.encode", "value: any", "string", HOST_ALL, "JSON text of a value"},
    {"json.decode", "text: string", "any", HOST_ALL,
     "the value of a JSON text; numbers too long for Lua stay texts"},
    {"json.array", "list: table", "table", HOST_ALL,
     "marks a table as a list, also when it is empty; answers the table"},
    {"json.null", NULL, "thingspace.Null", HOST_ALL, "stands for null, in both directions"},
    {"base64", "bytes: string", "string", HOST_ALL, "Base64"},
    {"sha256", "bytes: string", "string", HOST_ALL, "SHA-256 as hexadecimal digits"},
    {"hmac", "key: string, bytes: string", "string", HOST_ALL,
     "HMAC-SHA-256 as hexadecimal digits"},
    {"time_ms", "", "integer", HOST_ALL, "milliseconds since 1970"},
    {"random", "m?: integer, n?: integer", "number", HOST_ALL,
     "an integer from m to n, from 1 to m, or a number from 0 to below 1; not for keys"},
    {"services", NULL, "string[]", HOST_ALL, "the callback services that are known"},
    {"settings", NULL, "table<string, string>", HOST_ALL,
     "what --set NAME=VALUE gave; empty for tenants"},
    {"state:get", "key: string", "string|number|boolean|nil", HOST_PLUGIN,
     "a value that an earlier hook of this instance set"},
    {"state:set", "key: string, value: string|number|boolean|nil", NULL, HOST_PLUGIN,
     "keeps a value beyond this call; undone when the hook fails; nil removes it"},
    {"state:add", "key: string, amount?: number", "number", HOST_PLUGIN,
     "adds to a number (1, when no amount is given; an absent one is 0) and answers the sum"},
    {"take", "key: string, rate: number, burst: number, longest?: number", "integer", HOST_PLUGIN,
     "takes a token of the bucket `key`, which gets `rate` a second and holds `burst`; answers the "
     "milliseconds to wait for it; none is taken when that is more than `longest`, "
     "or in a dry run"},
    {"url_matches", "pattern: string, url: string", "boolean", HOST_PLUGIN,
     "whether the URL has the pattern's form, https://*.example.com/*: a star of the host cannot "
     "reach into the path; fails when the pattern is none"},
    {"secret.named", "name: string", "thingspace.Secret", HOST_ALL,
     "a secret that the row gives (of a plugin, the option of that name), or in the operator's "
     "policy the program that has the library"},
    {"secret.file", "path: string", "thingspace.Secret", HOST_POLICY,
     "a file, relative to the policy's folder"},
    {"secret.dir", "path: string", "thingspace.Credential", HOST_POLICY,
     "a folder with the files key, secret, username and password"},
    {"secret.env", "name: string", "thingspace.Secret", HOST_POLICY, "a variable"},
    {"secret.command", "words: string[]", "thingspace.Secret", HOST_POLICY,
     "what a command prints"},
    {"secret.credential", "name: string", "thingspace.Secret", HOST_POLICY,
     "a file in CREDENTIALS_DIRECTORY"},
    {"secret.registered", NULL, "thingspace.Secret", HOST_POLICY,
     "the password that is registered now; for listeners alone"},
    {"csv", "path: string", "table<string, string>[]", HOST_POLICY, "the rows of a CSV file"},
    {"json_file", "path: string", "any", HOST_POLICY, "the value of a JSON file"},
};

size_t host_function_count(void)
{
    return sizeof(functions) / sizeof(functions[0]);
}

const host_function *host_function_at(size_t index)
{
    return &functions[index];
}
