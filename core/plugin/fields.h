/* SPDX-License-Identifier: MIT */
/*
 * Everything that hooks can see and do, in one table: the registration of the Lua handles, the
 * annotations for editors and the reference page thingspace-plugin(7) are made from it, and a test
 * fails when one of them is stale. Constants: any thread.
 */
#ifndef PLUGIN_FIELDS_H
#define PLUGIN_FIELDS_H

#include "plugin/capability.h"
#include "plugin/phase.h"

/* The handles, in the order in which a hook gets them. */
typedef enum handle_kind {
    HANDLE_CALL,     /* all phases but audit: the first argument */
    HANDLE_REQUEST,  /* request, check: the second */
    HANDLE_RESPONSE, /* response: the second */
    HANDLE_FAILURE,  /* error: the second */
    HANDLE_EVENT,    /* audit: the only one */
    HANDLE_MESSAGE,  /* accept, message, deliver: the second */
    HANDLE_COUNT,
} handle_kind;

#define PHASES_CALL                                                                                \
    (PHASE_BIT(PHASE_REQUEST) | PHASE_BIT(PHASE_CHECK) | PHASE_BIT(PHASE_RESPONSE) |               \
     PHASE_BIT(PHASE_ERROR))
#define PHASES_INBOUND                                                                             \
    (PHASE_BIT(PHASE_ACCEPT) | PHASE_BIT(PHASE_MESSAGE) | PHASE_BIT(PHASE_DELIVER))
#define PHASES_REQUEST (PHASE_BIT(PHASE_REQUEST) | PHASE_BIT(PHASE_CHECK))

/*
 * X(ID, HANDLE, name, type, writable, phases, capability, doc). A type that begins with "fun" makes
 * a method, all others a field; types are those of LuaCATS. `phases`: where it may be used.
 */
#define FIELD_MAP(X)                                                                               \
    X(CALL_ACCOUNT, CALL, "account", "string", 0, PHASES_CALL | PHASES_INBOUND, 0,                 \
      "the billing account's name")                                                                \
    X(CALL_OPERATION, CALL, "operation", "string", 0, PHASES_CALL | PHASES_INBOUND, 0,             \
      "register, list, deregister or call; the phase's name for a callback message")               \
    X(CALL_SERVICE, CALL, "service", "string?", 0, PHASES_CALL | PHASES_INBOUND, 0,                \
      "the callback service; nil when the operation has none")                                     \
    X(CALL_URL, CALL, "url", "string?", 0, PHASES_CALL | PHASES_INBOUND, 0,                        \
      "the listener's URL that was asked for; nil when the operation has none")                    \
    X(CALL_ENDPOINT, CALL, "endpoint", "string?", 0, PHASES_CALL, 0,                               \
      "the endpoint's name; nil when the policy could not decide")                                 \
    X(CALL_ID, CALL, "id", "string", 0, PHASES_CALL | PHASES_INBOUND, 0,                           \
      "16 hexadecimal digits, another for each call")                                              \
    X(CALL_ATTEMPT, CALL, "attempt", "integer", 0, PHASES_CALL | PHASES_INBOUND, 0,                \
      "HTTP attempts made so far; 0 before the first")                                             \
    X(CALL_TAGS, CALL, "tags", "table", 0, PHASES_CALL | PHASES_INBOUND, 0,                        \
      "what the policy's resolve answered as tags; a copy")                                        \
    X(CALL_VARS, CALL, "vars", "table<string, string|number|boolean|nil>", 1,                      \
      PHASES_CALL | PHASES_INBOUND, 0,                                                             \
      "values shared by the hooks of one owner during one call; undone with the hook")             \
    X(CALL_DRY_RUN, CALL, "dry_run", "boolean", 0, PHASES_CALL | PHASES_INBOUND, 0,                \
      "true when nothing will be sent: --dry-run, explain, plan")                                  \
    X(CALL_REASON, CALL, "reason", "string?", 0, PHASES_CALL, 0,                                   \
      "why the call is made, as --reason gave it")                                                 \
    X(CALL_PLAN, CALL, "plan", "string?", 0, PHASES_CALL, 0,                                       \
      "the id of the plan that is applied; nil outside of an apply")                               \
    X(REQUEST_METHOD, REQUEST, "method", "string", 0, PHASES_REQUEST, 0, "GET, POST, ...")         \
    X(REQUEST_PATH, REQUEST, "path", "string", 0, PHASES_REQUEST, 0,                               \
      "below the API's base, percent-encoded")                                                     \
    X(REQUEST_HEADER, REQUEST, "header", "fun(self, name: string): string?", 0, PHASES_REQUEST, 0, \
      "the header field of that name, case ignored; *** for a secret, nil when absent")            \
    X(REQUEST_SET_HEADER, REQUEST, "set_header", "fun(self, name: string, value: string)", 1,      \
      PHASE_BIT(PHASE_REQUEST), CAPABILITY_REQUEST_HEADERS_WRITE,                                  \
      "sets or replaces a header field")                                                           \
    X(REQUEST_REMOVE_HEADER, REQUEST, "remove_header", "fun(self, name: string)", 1,               \
      PHASE_BIT(PHASE_REQUEST), CAPABILITY_REQUEST_HEADERS_WRITE, "removes a header field")        \
    X(REQUEST_QUERY, REQUEST, "query", "fun(self, name: string): string?", 0, PHASES_REQUEST, 0,   \
      "the query parameter, not encoded; nil when absent")                                         \
    X(REQUEST_SET_QUERY, REQUEST, "set_query", "fun(self, name: string, value: string?)", 1,       \
      PHASE_BIT(PHASE_REQUEST), CAPABILITY_REQUEST_QUERY_WRITE,                                    \
      "sets a query parameter, encoded by the library; nil removes it")                            \
    X(REQUEST_JSON, REQUEST, "json", "fun(self): any", 0, PHASES_REQUEST,                          \
      CAPABILITY_REQUEST_BODY_READ,                                                                \
      "a copy of the body; secrets in it are handles; nil when there is none")                     \
    X(REQUEST_SET_JSON, REQUEST, "set_json", "fun(self, body: any)", 1, PHASE_BIT(PHASE_REQUEST),  \
      CAPABILITY_REQUEST_BODY_WRITE, "replaces the body; takes secret handles back")               \
    X(REQUEST_TEXT, REQUEST, "text", "fun(self): string", 0, PHASES_REQUEST,                       \
      CAPABILITY_REQUEST_BODY_READ, "the body as JSON text, secrets as ***")                       \
    X(RESPONSE_STATUS, RESPONSE, "status", "integer", 0, PHASE_BIT(PHASE_RESPONSE), 0,             \
      "the HTTP status")                                                                           \
    X(RESPONSE_HEADER, RESPONSE, "header", "fun(self, name: string): string?", 0,                  \
      PHASE_BIT(PHASE_RESPONSE), 0,                                                                \
      "the header field of that name, case ignored; *** for one that carries a secret")            \
    X(RESPONSE_SET_HEADER, RESPONSE, "set_header", "fun(self, name: string, value: string)", 1,    \
      PHASE_BIT(PHASE_RESPONSE), CAPABILITY_RESPONSE_HEADERS_WRITE,                                \
      "sets or replaces a header field of the answer")                                             \
    X(RESPONSE_REMOVE_HEADER, RESPONSE, "remove_header", "fun(self, name: string)", 1,             \
      PHASE_BIT(PHASE_RESPONSE), CAPABILITY_RESPONSE_HEADERS_WRITE,                                \
      "removes a header field of the answer")                                                      \
    X(RESPONSE_JSON, RESPONSE, "json", "fun(self): any", 0, PHASE_BIT(PHASE_RESPONSE),             \
      CAPABILITY_RESPONSE_BODY_READ,                                                               \
      "a copy of the body; passwords and tokens in it are handles; nil when empty")                \
    X(RESPONSE_SET_JSON, RESPONSE, "set_json", "fun(self, body: any)", 1,                          \
      PHASE_BIT(PHASE_RESPONSE), CAPABILITY_RESPONSE_BODY_WRITE,                                   \
      "replaces the body that is decoded; takes secret handles back")                              \
    X(RESPONSE_TEXT, RESPONSE, "text", "fun(self): string", 0, PHASE_BIT(PHASE_RESPONSE),          \
      CAPABILITY_RESPONSE_BODY_READ, "the body as JSON text, passwords and tokens as ***")         \
    X(FAILURE_KIND, FAILURE, "kind", "string", 0, PHASE_BIT(PHASE_ERROR), 0,                       \
      "service, network, denied, ...: what decides the exit status")                               \
    X(FAILURE_MESSAGE, FAILURE, "message", "string", 0, PHASE_BIT(PHASE_ERROR), 0, "one line")     \
    X(FAILURE_STATUS, FAILURE, "status", "integer?", 0, PHASE_BIT(PHASE_ERROR), 0,                 \
      "the HTTP status of the answer that decided; nil when there was none")                       \
    X(FAILURE_CODE, FAILURE, "code", "string?", 0, PHASE_BIT(PHASE_ERROR), 0,                      \
      "the service's or the denying hook's code; nil when there is none")                          \
    X(FAILURE_SET_MESSAGE, FAILURE, "set_message", "fun(self, message: string)", 1,                \
      PHASE_BIT(PHASE_ERROR), CAPABILITY_ERROR_WRITE, "replaces the message")                      \
    X(FAILURE_SET_CODE, FAILURE, "set_code", "fun(self, code: string)", 1, PHASE_BIT(PHASE_ERROR), \
      CAPABILITY_ERROR_WRITE, "replaces the code")                                                 \
    X(EVENT_ID, EVENT, "id", "string", 0, PHASE_BIT(PHASE_AUDIT), 0, "the call's id")              \
    X(EVENT_TIME_MS, EVENT, "time_ms", "integer", 0, PHASE_BIT(PHASE_AUDIT), 0,                    \
      "when the call began, milliseconds since 1970")                                              \
    X(EVENT_DURATION_MS, EVENT, "duration_ms", "integer", 0, PHASE_BIT(PHASE_AUDIT), 0,            \
      "how long the call took")                                                                    \
    X(EVENT_ACCOUNT, EVENT, "account", "string", 0, PHASE_BIT(PHASE_AUDIT), 0,                     \
      "the billing account's name")                                                                \
    X(EVENT_OPERATION, EVENT, "operation", "string", 0, PHASE_BIT(PHASE_AUDIT), 0,                 \
      "register, list, deregister or call")                                                        \
    X(EVENT_SERVICE, EVENT, "service", "string?", 0, PHASE_BIT(PHASE_AUDIT), 0,                    \
      "the callback service")                                                                      \
    X(EVENT_URL, EVENT, "url", "string?", 0, PHASE_BIT(PHASE_AUDIT), 0,                            \
      "the listener's URL that was asked for")                                                     \
    X(EVENT_METHOD, EVENT, "method", "string?", 0, PHASE_BIT(PHASE_AUDIT), 0, "GET, POST, ...")    \
    X(EVENT_PATH, EVENT, "path", "string?", 0, PHASE_BIT(PHASE_AUDIT), 0, "below the API's base")  \
    X(EVENT_TENANT, EVENT, "tenant", "string?", 0, PHASE_BIT(PHASE_AUDIT), 0,                      \
      "the tenant whose script decided")                                                           \
    X(EVENT_KIND, EVENT, "kind", "string", 0, PHASE_BIT(PHASE_AUDIT), 0,                           \
      "ok, or the kind of the failure")                                                            \
    X(EVENT_MESSAGE, EVENT, "message", "string?", 0, PHASE_BIT(PHASE_AUDIT), 0,                    \
      "the failure's message")                                                                     \
    X(EVENT_STATUS, EVENT, "status", "integer?", 0, PHASE_BIT(PHASE_AUDIT), 0,                     \
      "the HTTP status of the last answer")                                                        \
    X(EVENT_CODE, EVENT, "code", "string?", 0, PHASE_BIT(PHASE_AUDIT), 0, "the failure's code")    \
    X(EVENT_REASON, EVENT, "reason", "string?", 0, PHASE_BIT(PHASE_AUDIT), 0,                      \
      "why the call is made, as --reason gave it")                                                 \
    X(EVENT_PLAN, EVENT, "plan", "string?", 0, PHASE_BIT(PHASE_AUDIT), 0,                          \
      "the id of the plan that is applied; nil outside of an apply")                               \
    X(EVENT_REPLIED_BY, EVENT, "replied_by", "string?", 0, PHASE_BIT(PHASE_AUDIT), 0,              \
      "the instance that answered in place of the service")                                        \
    X(EVENT_ATTEMPTS, EVENT, "attempts", "table", 0, PHASE_BIT(PHASE_AUDIT), 0,                    \
      "list of { what, status, kind, ms }: sending, tokens, logins, read-backs")                   \
    X(EVENT_CHANGES, EVENT, "changes", "table", 0, PHASE_BIT(PHASE_AUDIT), 0,                      \
      "list of { instance, tenant?, phase, field, before, after }: what hooks changed, redacted")  \
    X(MESSAGE_HEADER, MESSAGE, "header", "fun(self, name: string): string?", 0, PHASES_INBOUND, 0, \
      "the header field of that name, case ignored")                                               \
    X(MESSAGE_JSON, MESSAGE, "json", "fun(self): any", 0, PHASES_INBOUND, 0,                       \
      "a copy of the message; passwords in it are handles")

typedef enum field_id {
#define X(id, handle, name, type, writable, phases, capability, doc) FIELD_##id,
    FIELD_MAP(X)
#undef X
        FIELD_COUNT
} field_id;

typedef struct field {
    handle_kind handle;
    const char *name;
    const char *type; /* LuaCATS */
    bool method;
    bool writable;
    unsigned phases;
    capability_set capability; /* 0 or one */
    const char *doc;
} field;

/* The row of `id`, which is below FIELD_COUNT. */
const field *field_of(field_id id);
const char *handle_name(handle_kind kind); /* "call", "request", ... */
/* What hooks of the phase get as argument 0 or 1; HANDLE_COUNT: nothing. */
handle_kind handle_argument(phase phase, unsigned index);
/* All of them as a script writes them, "(call, request)": constant. */
const char *handle_arguments(phase phase);
/* What call.operation and event.operation may be in that phase, by index; NULL: no more. */
const char *operation_in(phase phase, size_t index);
/* The row of that name; NULL: the handle has none. */
const field *field_find(handle_kind handle, const char *name);
/* The same for what hooks of the phase get besides `handle`. */
const field *field_find_beside(handle_kind handle, phase phase, const char *name);

#endif
