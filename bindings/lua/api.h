/* SPDX-License-Identifier: MIT */
/*
 * Everything that the module offers, for the annotations of editors: X(class, name, parameters,
 * results, doc). Class "" is the module itself. A test holds it against what is there.
 */
#ifndef BINDING_API_H
#define BINDING_API_H

#define BINDING_API(X)                                                                             \
    X("", "client", "options?: thingspace.ClientOptions", "thingspace.Client",                     \
      "makes a client; without a policy the environment's, as the command does")                   \
    X("", "secret", "bytes: string", "thingspace.Secret", "a secret of a text that Lua has")       \
    X("", "secret_file", "path: string", "thingspace.Secret",                                      \
      "a secret of a file that only its owner reads")                                              \
    X("", "deny", "code: string, text?: string", "thingspace.Verdict",                             \
      "ends the call with kind denied; return it")                                                 \
    X("", "reply", "answer: thingspace.Reply", "thingspace.Verdict",                               \
      "answers in place of the service; return it")                                                \
    X("", "stop", "", "thingspace.Verdict", "skips later hooks of the same owner; return it")      \
    X("", "wait", "ms: number", "thingspace.Verdict",                                              \
      "parks the call, then goes on with the next hook; return it")                                \
    X("", "log", "...: any", "", "in a hook: writes a line to the client's log, level info")       \
    X("", "is_error", "value: any", "boolean", "whether the value is an error of this module")     \
    X("", "exit_status", "kind: string", "integer", "what the command exits with for the kind")    \
    X("", "services", "name?: string", "table", "the callback services that are known, or one")    \
    X("", "apis", "", "table[]", "the APIs that callbacks are registered with")                    \
    X("", "sources", "", "table[]", "the addresses that callback messages come from")              \
    X("", "plugin_check", "file: string", "table", "reads a plugin without running it")            \
    X("", "plugin_test", "file: string", "table", "runs the tests of a plugin")                    \
    X("json", "decode", "text: string", "any", "strict; null is thingspace.json.null")             \
    X("json", "encode", "value: any", "string", "members in order of their names")                 \
    X("json", "array", "list?: table", "table", "marks a list, so that an empty one is []")        \
    X("Client", "register",                                                                        \
      "accountName: string|thingspace.Registration|thingspace.Registered, serviceName?: "          \
      "string|thingspace.RegisterOptions, url?: string, options?: thingspace.RegisterOptions",     \
      "thingspace.Outcome", "sends one registration, whatever is registered: see ensure")          \
    X("Client", "list",                                                                            \
      "accountName: string|thingspace.ListRequest, options?: thingspace.CallOptions",              \
      "thingspace.Registered[]", "the listeners of an account")                                    \
    X("Client", "deregister",                                                                      \
      "accountName: string|thingspace.Removal|thingspace.Registered, serviceName?: "               \
      "string|thingspace.CallOptions, "                                                            \
      "options?: thingspace.CallOptions",                                                          \
      "thingspace.Outcome", "removes one; what is not there is an error of kind service")          \
    X("Client", "call",                                                                            \
      "accountName: string|thingspace.CallRequest, method?: string|thingspace.CallOptions, "       \
      "path?: string, data?: table|string, options?: thingspace.CallOptions",                      \
      "thingspace.Answer", "any other request of the API")                                         \
    X("Client", "ensure",                                                                          \
      "accountName: string|thingspace.Ensured|thingspace.Registered, serviceName?: "               \
      "string|thingspace.EnsureOptions, "                                                          \
      "url?: string, options?: thingspace.EnsureOptions",                                          \
      "\"added\"|\"unchanged\"|\"updated\"|\"replaced\", thingspace.Outcome",                      \
      "makes sure that a listener is registered, reading first; a stranger's is refused; "         \
      "blocking")                                                                                  \
    X("Client", "explain", "operation: string, ...: any", "table",                                 \
      "what hooks and policy would make of the call; nothing is sent")                             \
    X("Client", "plan", "options?: thingspace.PlanOptions", "thingspace.Plan",                     \
      "what is declared against what is registered; changes nothing; blocking")                    \
    X("Client", "load_plan", "file: string", "thingspace.Plan", "a plan as it was saved")          \
    X("Client", "apply", "plan: thingspace.Plan, options?: thingspace.ApplyOptions",               \
      "thingspace.Applied", "does what the plan says; blocking")                                   \
    X("Client", "import", "options?: thingspace.ImportOptions", "thingspace.Imported",             \
      "a policy, as text, that declares what is registered now; blocking")                         \
    X("Client", "hook",                                                                            \
      "phase: \"request\"|\"check\"|\"response\"|\"error\"|\"audit\", hook: function, options?: "  \
      "thingspace.HookOptions",                                                                    \
      "string", "adds a hook to those of the policy; its name")                                    \
    X("Client", "unhook", "name: string", "", "takes a hook away")                                 \
    X("Client", "async", "body: function, ...: any", "thingspace.Task",                            \
      "runs a function whose calls do not block; see Client:run")                                  \
    X("Client", "run", "wait_ms?: integer", "boolean",                                             \
      "works until no call is in flight, or so long; whether none is; raises what tasks failed "   \
      "with that nobody waited for")                                                               \
    X("Client", "process", "", "boolean", "foreign loop: does what is due, without waiting")       \
    X("Client", "fd", "", "integer", "foreign loop: the descriptor to watch for reading")          \
    X("Client", "pending", "", "integer", "how many calls are in flight")                          \
    X("Client", "interrupt", "", "", "ends everything; later calls are refused")                   \
    X("Client", "resume", "", "", "after interrupt")                                               \
    X("Client", "close", "", "", "calls in flight end as cancelled; more than once is allowed")    \
    X("Client", "closed", "", "boolean", "whether it is")                                          \
    X("Client", "accounts", "", "string[]", "the accounts that the policy declares")               \
    X("Client", "row", "accountName: string", "table?", "the account's row of the policy")         \
    X("Client", "reload", "", "", "builds policy and plugins anew")                                \
    X("Client", "auth_login", "credential?: string", "", "makes sure that there are tokens")       \
    X("Client", "auth_logout", "credential?: string, options?: thingspace.LogoutOptions", "",      \
      "ends the session at the service")                                                           \
    X("Client", "auth_status", "credential?: string", "table[]", "tokens and latches")             \
    X("Client", "auth_unlatch", "credential?: string", "integer", "empties the lock-out latch")    \
    X("Client", "policy_eval", "accountName: string", "table", "the decision for an account")      \
    X("Client", "policy_check", "", "table", "every declared account")                             \
    X("Client", "policy_diff", "old: thingspace.Client", "table",                                  \
      "what changes when this policy takes the place of the other's")                              \
    X("Client", "plugins", "", "table", "every instance and the order of hooks")                   \
    X("Task", "wait", "", "any ...", "what the function returned, or its error")                   \
    X("Task", "cancel", "", "", "ends its call with an error of kind cancelled")                   \
    X("Task", "status", "", "\"running\"|\"waiting\"|\"done\"|\"failed\"|\"cancelled\"",           \
      "how far it is")                                                                             \
    X("Plan", "id", "", "string", "the same for the same changes of the same policy")              \
    X("Plan", "counts", "", "thingspace.Counts", "add, change, remove, unchanged, ...")            \
    X("Plan", "table", "", "table", "all of it")                                                   \
    X("Plan", "json", "", "string", "the same as a text")                                          \
    X("Plan", "check", "options?: thingspace.CheckOptions", "", "what apply would refuse")         \
    X("Plan", "save", "file: string", "", "writes it, mode 0600")                                  \
    X("Answer", "json", "", "any", "the body; nil when it is empty")                               \
    X("Answer", "header", "name: string", "string?", "a header field, case ignored")

#endif
