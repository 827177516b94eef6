/* SPDX-License-Identifier: MIT */
/*
 * The members of every table that a script gives to the module: what is not here is refused
 * (members.c), and the annotations of editors and the lists of docs/lua.md are written from here
 * (annotate.c). MEMBERS_CLASSES: X(bit, class, who takes it). MEMBERS: X(bits, name, type, doc),
 * where a name that ends with a question mark may be missing.
 */
#ifndef BINDING_MEMBERS_H
#define BINDING_MEMBERS_H

#define MEMBERS_CLASSES(X)                                                                         \
    X(CLIENT, "ClientOptions", "thingspace.client(options)")                                       \
    X(LISTENER, "Listener", "register, ensure, deregister: in place of the arguments")             \
    X(PLACE, "AccountName", "list: in place of the argument")                                      \
    X(REQUEST, "Request", "call: in place of the arguments")                                       \
    X(REGISTER, "RegisterOptions", "register")                                                     \
    X(ENSURE, "EnsureOptions", "ensure")                                                           \
    X(CALL, "CallOptions", "list, deregister, call")                                               \
    X(PLAN, "PlanOptions", "plan")                                                                 \
    X(CHECK, "CheckOptions", "plan:check")                                                         \
    X(APPLY, "ApplyOptions", "apply")                                                              \
    X(IMPORT, "ImportOptions", "import")                                                           \
    X(HOOK, "HookOptions", "hook")                                                                 \
    X(LOGOUT, "LogoutOptions", "auth_logout")                                                      \
    X(REPLY, "Reply", "thingspace.reply")                                                          \
    X(DECISION, "Decision", "what resolve of a policy returns")                                    \
    X(DESIRED, "Desired", "what listeners of a policy returns for a service")

#define MEMBERS_CLIENT_ROWS(X)                                                                     \
    X(OF_CLIENT, "policy?", "string|table", "the name of a file, or a policy with functions")      \
    X(OF_CLIENT, "policy_text?", "string", "a policy as text")                                     \
    X(OF_CLIENT, "policy_name?", "string", "what messages call the text")                          \
    X(OF_CLIENT, "policy_folder?", "string", "where the text finds its files")                     \
    X(OF_CLIENT, "resolve?",                                                                       \
      "fun(accountName: string, row?: table): thingspace.Decision?, string?",                      \
      "in place of the policy's")                                                                  \
    X(OF_CLIENT, "listeners?",                                                                     \
      "fun(accountName: string, row?: table): table<string, thingspace.Desired>?, string?",        \
      "in place of the policy's")                                                                  \
    X(OF_CLIENT, "secrets?", "table<string, thingspace.Secret>",                                   \
      "what the policy gets as thingspace.secret.named")                                           \
    X(OF_CLIENT, "ask?", "fun(part: string): thingspace.Secret?, string?",                         \
      "answers secrets that a credential says are asked for")                                      \
    X(OF_CLIENT, "settings?", "table<string, string>", "thingspace.settings of the policy")        \
    X(OF_CLIENT, "state_dir?", "string", "where tokens and latches are kept")                      \
    X(OF_CLIENT, "ca_file?", "string", "certificates to trust in place of the system's")           \
    X(OF_CLIENT, "proxy?", "string", "URL of a proxy")                                             \
    X(OF_CLIENT, "plugins?", "(string|table)[]", "files, or { file, options = {} }")               \
    X(OF_CLIENT, "plugin_path?", "string", "folders of plugins, joined by colons")                 \
    X(OF_CLIENT, "reason?", "string", "why changes are made, for hooks and audit")                 \
    X(OF_CLIENT, "token_cache?", "boolean", "false: tokens stay in memory")                        \
    X(OF_CLIENT, "loop?", "\"own\"|\"foreign\"", "foreign: a loop of yours watches fd")            \
    X(OF_CLIENT, "raise?", "boolean", "false: functions return nil and an error")                  \
    X(OF_CLIENT, "log?", "fun(level: string, line: string)", "is told warnings and what happens")  \
    X(OF_CLIENT, "log_level?", "\"error\"|\"warning\"|\"info\"|\"debug\"",                         \
      "warning unless it is said")

#define MEMBERS_CALL_ROWS(X)                                                                       \
    X(OF_LISTENER | OF_PLACE | OF_REQUEST, "accountName", "string", "")                            \
    X(OF_LISTENER, "serviceName", "string", "")                                                    \
    X(OF_LISTENER, "url?", "string", "needed to register and to ensure")                           \
    X(OF_REQUEST, "method", "string", "GET, POST, PUT, PATCH or DELETE")                           \
    X(OF_REQUEST, "path", "string", "from the API's base on; {account} is put in")                 \
    X(OF_REQUEST, "data?", "table|string", "the body: a table, or JSON as text")                   \
    X(OF_REGISTER | OF_ENSURE | OF_LISTENER, "username?", "string",                                \
      "for the callback; without, it has none")                                                    \
    X(OF_REGISTER | OF_ENSURE, "password?", "thingspace.Secret", "the same")                       \
    X(OF_LISTENER, "hasPassword?", "boolean", "true without a password is refused")                \
    X(OF_REGISTER | OF_ENSURE | OF_CALL, "api?", "string",                                         \
      "one of thingspace.apis(); connectivity")                                                    \
    X(OF_CLIENT | OF_REGISTER | OF_ENSURE | OF_CALL, "timeout_ms?", "integer",                     \
      "milliseconds for a call, with all its attempts")                                            \
    X(OF_REGISTER | OF_CALL, "dry_run?", "boolean", "sends nothing; the answer has `preview`")     \
    X(OF_ENSURE, "replace?", "boolean", "takes over a service that goes to another URL")

#define MEMBERS_PLAN_ROWS(X)                                                                       \
    X(OF_PLAN | OF_IMPORT, "accounts?", "string[]", "names; of a plan also patterns")              \
    X(OF_PLAN, "tags?", "string[]", "NAME=VALUE or NAME, all of them")                             \
    X(OF_PLAN, "services?", "string[]", "names of services, or patterns")                          \
    X(OF_PLAN, "cells?", "boolean", "also lists what is as declared")                              \
    X(OF_APPLY | OF_CHECK, "prune?", "boolean", "removes what is ours and not declared")           \
    X(OF_APPLY | OF_CHECK, "take_over?", "boolean", "changes what somebody else registered")       \
    X(OF_APPLY | OF_CHECK, "force?", "boolean", "also when much of ours changes")                  \
    X(OF_APPLY | OF_CHECK, "expect_id?", "string", "refuses another plan than this")               \
    X(OF_APPLY, "done?", "fun(change: thingspace.Change)", "is told of each change")               \
    X(OF_IMPORT, "name?", "string", "the policy's")                                                \
    X(OF_IMPORT, "data_file?", "string", "puts accounts into a CSV text of this name")             \
    X(OF_IMPORT, "apis?", "string[]", "what to read beside connectivity")                          \
    X(OF_IMPORT, "unread?", "fun(accountName: string, err: thingspace.Error)", "")                 \
    X(OF_IMPORT, "skipped?",                                                                       \
      "fun(accountName: string, serviceName: string, api?: string, why: string)", "")              \
    X(OF_PLAN | OF_APPLY | OF_IMPORT, "progress?",                                                 \
      "fun(done: integer, total: integer, failed: integer)",                                       \
      "accounts, or changes, that are over")

#define MEMBERS_HOOK_ROWS(X)                                                                       \
    X(OF_HOOK, "priority?", "integer", "0 to 10000, small ones first; 5000")                       \
    X(OF_HOOK, "on_error?", "\"fail\"|\"skip\"|\"quarantine\"", "what a hook that raises does")    \
    X(OF_HOOK, "required?", "boolean", "calls fail while it is quarantined")                       \
    X(OF_HOOK, "name?", "string", "the instance's; lua-1, lua-2, ...")                             \
    X(OF_LOGOUT, "revoke?", "boolean", "also ends the token at the service")                       \
    X(OF_REPLY, "status?", "integer", "200")                                                       \
    X(OF_REPLY, "json?", "any", "the body")                                                        \
    X(OF_REPLY, "headers?", "table<string, string>", "")                                           \
    X(OF_DECISION, "endpoint?", "string", "a name of the policy's endpoints")                      \
    X(OF_DECISION, "credential?", "string", "a name of the policy's credentials")                  \
    X(OF_DECISION, "tags?", "table", "call.tags of hooks")                                         \
    X(OF_DECISION, "timeout_ms?", "integer", "")                                                   \
    X(OF_DECISION, "undeclared?", "boolean", "true: nobody knows the account")                     \
    X(OF_DESIRED, "url", "string", "")                                                             \
    X(OF_DESIRED, "username?", "string", "")                                                       \
    X(OF_DESIRED, "password?", "thingspace.Secret", "or thingspace.registered: the one it has")    \
    X(OF_DESIRED, "token?", "thingspace.Secret", "of APIs that have one")                          \
    X(OF_DESIRED, "api?", "string", "connectivity")

#define MEMBERS(X)                                                                                 \
    MEMBERS_CLIENT_ROWS(X)                                                                         \
    MEMBERS_CALL_ROWS(X)                                                                           \
    MEMBERS_PLAN_ROWS(X)                                                                           \
    MEMBERS_HOOK_ROWS(X)

/* A bit for each class: OF_CLIENT, ... */
enum {
#define X(bit, class, takers) AT_##bit,
    MEMBERS_CLASSES(X)
#undef X
        CLASS_COUNT
};
enum {
#define X(bit, class, takers) OF_##bit = 1 << AT_##bit,
    MEMBERS_CLASSES(X)
#undef X
};

#endif
