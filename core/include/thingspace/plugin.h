/* SPDX-License-Identifier: MIT */
/*
 * All that a compiled plugin needs: this header, no library to link. A plugin is a shared object
 * that exports one symbol, made by THINGSPACE_PLUGIN:
 *
 *     #include <thingspace/plugin.h>
 *
 *     static int tag(void *self, thingspace_hook *hook)
 *     {
 *         (void)self;
 *         return thingspace_hook_set_request_header(hook, "X-Team", "blue");
 *     }
 *
 *     THINGSPACE_PLUGIN(.name = "tag", .version = "1.0.0",
 *                       .capabilities = "request.headers:write", .request = tag)
 *
 *     cc -shared -fPIC -o tag.so tag.c
 *
 * ABI: structs grow at their end only and begin with their size; a plugin built against an older
 * minor version of this header goes on working; a newer one, or another major version, is refused.
 * Everything that a hook is given is borrowed and valid until the hook returns (texts: until what
 * they show is changed). When memory runs out while a hook reads, the hook fails, whatever it
 * returns. Hooks run on the thread of their client; they must not block, and must not use the
 * library that runs them. A plugin is never unloaded, and a new file in its place is taken by the
 * next process; it is put there by renaming, because who writes into a loaded file changes the code
 * that runs.
 */
#ifndef THINGSPACE_PLUGIN_H
#define THINGSPACE_PLUGIN_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#define THINGSPACE_PLUGIN_MAJOR 1 /* of this header; a plugin of another one is refused */
#define THINGSPACE_PLUGIN_MINOR 1 /* the same; a plugin of a newer one is refused */

typedef struct thingspace_hook thingspace_hook;

/* What a hook returns. All but the first two come from the functions that make them. */
typedef enum thingspace_hook_result {
    THINGSPACE_HOOK_CONTINUE = 0,
    THINGSPACE_HOOK_FAIL = -1, /* what it changed is undone; see thingspace_hook_fail */
    THINGSPACE_HOOK_STOP = 1,
    THINGSPACE_HOOK_REPLY = 2,
    THINGSPACE_HOOK_DENY = 3,
    THINGSPACE_HOOK_WAIT = 4
} thingspace_hook_result;

/* Fields that are texts, for thingspace_hook_text. NULL when absent, or not offered in the phase.
 */
typedef enum thingspace_hook_text_field {
    THINGSPACE_FIELD_CALL_ACCOUNT = 1,
    THINGSPACE_FIELD_CALL_OPERATION = 2,
    THINGSPACE_FIELD_CALL_SERVICE = 3,
    THINGSPACE_FIELD_CALL_URL = 4,
    THINGSPACE_FIELD_CALL_ID = 5,
    THINGSPACE_FIELD_REQUEST_METHOD = 6,
    THINGSPACE_FIELD_REQUEST_PATH = 7,
    THINGSPACE_FIELD_FAILURE_KIND = 8,
    THINGSPACE_FIELD_FAILURE_MESSAGE = 9,
    THINGSPACE_FIELD_FAILURE_CODE = 10,
    THINGSPACE_FIELD_EVENT_ID = 11,
    THINGSPACE_FIELD_EVENT_ACCOUNT = 12,
    THINGSPACE_FIELD_EVENT_OPERATION = 13,
    THINGSPACE_FIELD_EVENT_SERVICE = 14,
    THINGSPACE_FIELD_EVENT_URL = 15,
    THINGSPACE_FIELD_EVENT_METHOD = 16,
    THINGSPACE_FIELD_EVENT_PATH = 17,
    THINGSPACE_FIELD_EVENT_TENANT = 18,
    THINGSPACE_FIELD_EVENT_KIND = 19,
    THINGSPACE_FIELD_EVENT_MESSAGE = 20,
    THINGSPACE_FIELD_EVENT_CODE = 21,
    THINGSPACE_FIELD_EVENT_REASON = 22,
    THINGSPACE_FIELD_EVENT_REPLIED_BY = 23,
    THINGSPACE_FIELD_CALL_REASON = 24, /* --reason */
    THINGSPACE_FIELD_CALL_ENDPOINT = 25,
    THINGSPACE_FIELD_CALL_PLAN = 26, /* the id of the plan that is applied */
    THINGSPACE_FIELD_EVENT_PLAN = 27
} thingspace_hook_text_field;

/* Fields that are whole numbers, for thingspace_hook_number. */
typedef enum thingspace_hook_number_field {
    THINGSPACE_FIELD_CALL_ATTEMPT = 1,
    THINGSPACE_FIELD_CALL_DRY_RUN = 2, /* 0 or 1 */
    THINGSPACE_FIELD_RESPONSE_STATUS = 3,
    THINGSPACE_FIELD_FAILURE_STATUS = 4, /* 0: no answer */
    THINGSPACE_FIELD_EVENT_TIME_MS = 5,
    THINGSPACE_FIELD_EVENT_DURATION_MS = 6,
    THINGSPACE_FIELD_EVENT_STATUS = 7 /* 0: no answer */
} thingspace_hook_number_field;

/* Since 1.1: fields that are objects, for thingspace_hook_json. */
typedef enum thingspace_hook_json_field {
    THINGSPACE_FIELD_CALL_TAGS = 1,
    THINGSPACE_FIELD_CALL_VARS = 2 /* of the hook's owner */
} thingspace_hook_json_field;

struct thingspace_secret; /* see thingspace/secret.h */

/*
 * What the library offers, as a table of functions. Functions that answer an int give 0, or
 * THINGSPACE_HOOK_FAIL with a reason noted: a hook may just return it. Use the inline functions
 * below.
 */
typedef struct thingspace_host {
    size_t size;
    unsigned major, minor;

    const char *(*text)(const thingspace_hook *hook, int field);
    long long (*number)(const thingspace_hook *hook, int field);
    const char *(*tag)(thingspace_hook *hook, const char *name);
    const char *(*var)(thingspace_hook *hook, const char *name);
    int (*set_var)(thingspace_hook *hook, const char *name, const char *value);

    const char *(*request_header)(const thingspace_hook *hook, const char *name);
    int (*set_request_header)(thingspace_hook *hook, const char *name, const char *value);
    const char *(*request_query)(const thingspace_hook *hook, const char *name);
    int (*set_request_query)(thingspace_hook *hook, const char *name, const char *value);
    const char *(*request_member)(thingspace_hook *hook, const char *pointer);
    int (*set_request_member)(thingspace_hook *hook, const char *pointer, const char *value);

    const char *(*response_header)(const thingspace_hook *hook, const char *name);
    int (*set_response_header)(thingspace_hook *hook, const char *name, const char *value);
    const char *(*response_member)(thingspace_hook *hook, const char *pointer);
    int (*set_response_member)(thingspace_hook *hook, const char *pointer, const char *value);

    int (*set_failure_message)(thingspace_hook *hook, const char *message);
    int (*set_failure_code)(thingspace_hook *hook, const char *code);

    const char *(*event_json)(thingspace_hook *hook);
    const char *(*event_member)(thingspace_hook *hook, const char *pointer);

    int (*fail)(thingspace_hook *hook, const char *reason);
    int (*stop)(thingspace_hook *hook);
    int (*deny)(thingspace_hook *hook, const char *code, const char *text);
    int (*wait)(thingspace_hook *hook, long long ms);
    int (*reply)(thingspace_hook *hook, int status, const char *json);

    const char *(*option_text)(const thingspace_hook *hook, const char *name);
    long long (*option_integer)(const thingspace_hook *hook, const char *name);
    double (*option_number)(const thingspace_hook *hook, const char *name);
    int (*option_flag)(const thingspace_hook *hook, const char *name);
    const char *(*option_json)(thingspace_hook *hook, const char *name);
    const char *(*folder)(const thingspace_hook *hook);
    void (*log)(const thingspace_hook *hook, const char *line);

    /* since 1.1 */
    const char *(*message_header)(const thingspace_hook *hook, const char *name);
    const char *(*message_member)(thingspace_hook *hook, const char *pointer);
    const char *(*json)(thingspace_hook *hook, int field);
    const char *(*var_json)(thingspace_hook *hook, const char *name);
    int (*set_var_json)(thingspace_hook *hook, const char *name, const char *json);
    int (*set_request_secret)(thingspace_hook *hook, const char *pointer,
                              const struct thingspace_secret *secret);
    int (*reply_header)(thingspace_hook *hook, const char *name, const char *value);
    const char *(*reason)(thingspace_hook *hook);
} thingspace_host;

/* The running hook. What follows these members is the library's own. */
struct thingspace_hook {
    size_t size;
    const thingspace_host *host;
    const char *phase; /* "configure", "request", ... */
};

/* A hook of one phase. `self` is what `create` made (NULL without one); of a plugin that
 * thingspace_client_add_plugin added, options->self. */
typedef int thingspace_hook_function(void *self, thingspace_hook *hook);

/* One option. `type`: "string", "number", "integer", "boolean", "table". */
typedef struct thingspace_plugin_option {
    const char *name; /* NULL ends the list */
    const char *type;
    int required;
    const char *by_default; /* JSON text; NULL: none */
    const char *doc;
} thingspace_plugin_option;

typedef struct thingspace_plugin {
    size_t size;
    unsigned major, minor;
    size_t option_size;  /* of one of `options` */
    const char *name;    /* letters, digits, hyphens */
    const char *version; /* of the plugin */
    /* Blanks between; NULL: none. One that ends with `?` is used when it is granted, not needed. */
    const char *capabilities;
    const thingspace_plugin_option *options; /* NULL: none */
    /* Once per instance, with the options (thingspace_hook_option_*): makes what hooks get as
     * `self`. Returns 0, or what thingspace_hook_fail answers; `destroy` is not called then. */
    int (*create)(thingspace_hook *hook, void **self);
    void (*destroy)(void *self);
    thingspace_hook_function *request, *check, *response, *error, *audit;

    /* since 1.1: of callback messages */
    thingspace_hook_function *accept, *message, *deliver;
} thingspace_plugin;

#if defined(__GNUC__)
#    define THINGSPACE_PLUGIN_EXPORT __attribute__((visibility("default")))
#else
#    define THINGSPACE_PLUGIN_EXPORT
#endif

/* Of members that are not named C++ would warn. */
#if defined(__cplusplus) && defined(__GNUC__)
#    define THINGSPACE_PLUGIN_PRAGMA(text) _Pragma(#    text)
#else
#    define THINGSPACE_PLUGIN_PRAGMA(text)
#endif

/* Defines the plugin; the arguments are members by name: .name = "tag", .request = tag, ... (C99,
 * C++20) */
#define THINGSPACE_PLUGIN(...)                                                                     \
    THINGSPACE_PLUGIN_PRAGMA(GCC diagnostic push)                                                  \
    THINGSPACE_PLUGIN_PRAGMA(GCC diagnostic ignored "-Wmissing-field-initializers")                \
    extern THINGSPACE_PLUGIN_EXPORT const thingspace_plugin thingspace_plugin_entry;               \
    const thingspace_plugin thingspace_plugin_entry = {.size = sizeof(thingspace_plugin),          \
                                                       .major = THINGSPACE_PLUGIN_MAJOR,           \
                                                       .minor = THINGSPACE_PLUGIN_MINOR,           \
                                                       .option_size =                              \
                                                           sizeof(thingspace_plugin_option),       \
                                                       __VA_ARGS__};                               \
    THINGSPACE_PLUGIN_PRAGMA(GCC diagnostic pop)

/* --- reading --- */

/* A field, as it is now. */
static inline const char *thingspace_hook_text(const thingspace_hook *hook,
                                               thingspace_hook_text_field field)
{
    return hook->host->text(hook, (int)field);
}
/* The same of whole numbers; 0 when it is not offered in the phase. */
static inline long long thingspace_hook_number(const thingspace_hook *hook,
                                               thingspace_hook_number_field field)
{
    return hook->host->number(hook, (int)field);
}
/* A tag of the policy's decision: a text as it is, everything else as JSON; NULL when absent. */
static inline const char *thingspace_hook_tag(thingspace_hook *hook, const char *name)
{
    return hook->host->tag(hook, name);
}
/* A value that the hooks of one owner share during one call, as text; NULL when absent. */
static inline const char *thingspace_hook_var(thingspace_hook *hook, const char *name)
{
    return hook->host->var(hook, name);
}
/* Sets it; NULL removes. */
static inline int thingspace_hook_set_var(thingspace_hook *hook, const char *name,
                                          const char *value)
{
    return hook->host->set_var(hook, name, value);
}

/* --- request and check; setters in request alone --- */

/* A header field. Case is ignored; "***" for a secret; NULL when absent. */
static inline const char *thingspace_hook_request_header(const thingspace_hook *hook,
                                                         const char *name)
{
    return hook->host->request_header(hook, name);
}
/* Sets it; NULL removes. Needs request.headers:write. */
static inline int thingspace_hook_set_request_header(thingspace_hook *hook, const char *name,
                                                     const char *value)
{
    return hook->host->set_request_header(hook, name, value);
}
/* A parameter of the query, decoded; NULL when absent. */
static inline const char *thingspace_hook_request_query(const thingspace_hook *hook,
                                                        const char *name)
{
    return hook->host->request_query(hook, name);
}
/* Sets it; NULL removes. Needs request.query:write. */
static inline int thingspace_hook_set_request_query(thingspace_hook *hook, const char *name,
                                                    const char *value)
{
    return hook->host->set_request_query(hook, name, value);
}
/*
 * A part of the body by JSON Pointer (RFC 6901), as JSON text with secrets as "***": "/url" gives
 * "\"https://...\"", "" the whole; NULL when absent, when there is no body, or without
 * request.body:read.
 */
static inline const char *thingspace_hook_request_member(thingspace_hook *hook, const char *pointer)
{
    return hook->host->request_member(hook, pointer);
}
/* Replaces or adds that part by JSON text, NULL removes it; the rest, secrets too, stays as it is,
 * and a text "***" in the place of a secret means that secret. Needs request.body:write. */
static inline int thingspace_hook_set_request_member(thingspace_hook *hook, const char *pointer,
                                                     const char *value)
{
    return hook->host->set_request_member(hook, pointer, value);
}

/* --- response --- */

/* A header field of the answer. "***" for one that carries a secret; NULL when absent. */
static inline const char *thingspace_hook_response_header(const thingspace_hook *hook,
                                                          const char *name)
{
    return hook->host->response_header(hook, name);
}
/* Sets it; NULL removes. Needs response.headers:write. */
static inline int thingspace_hook_set_response_header(thingspace_hook *hook, const char *name,
                                                      const char *value)
{
    return hook->host->set_response_header(hook, name, value);
}
/* As thingspace_hook_request_member. Needs response.body:read. */
static inline const char *thingspace_hook_response_member(thingspace_hook *hook,
                                                          const char *pointer)
{
    return hook->host->response_member(hook, pointer);
}
/* As thingspace_hook_set_request_member. Needs response.body:read and response.body:write. */
static inline int thingspace_hook_set_response_member(thingspace_hook *hook, const char *pointer,
                                                      const char *value)
{
    return hook->host->set_response_member(hook, pointer, value);
}

/* --- error; both need error:write --- */

/* What the caller is told: another message, another code. */
static inline int thingspace_hook_set_failure_message(thingspace_hook *hook, const char *message)
{
    return hook->host->set_failure_message(hook, message);
}
static inline int thingspace_hook_set_failure_code(thingspace_hook *hook, const char *code)
{
    return hook->host->set_failure_code(hook, code);
}

/* --- audit --- */

/* The whole event as one line of JSON, redacted: its members are those of `event` in
 * thingspace-plugin(7). NULL out of memory. */
static inline const char *thingspace_hook_event_json(thingspace_hook *hook)
{
    return hook->host->event_json(hook);
}
/* A part of it by JSON Pointer, as JSON text: "/attempts/0/what"; NULL when absent. */
static inline const char *thingspace_hook_event_member(thingspace_hook *hook, const char *pointer)
{
    return hook->host->event_member(hook, pointer);
}

/* --- verdicts: `return thingspace_hook_deny(hook, "window", "not before 22:00");` --- */

/* The hook failed; the reason is in the call's error. */
static inline int thingspace_hook_fail(thingspace_hook *hook, const char *reason)
{
    return hook->host->fail(hook, reason);
}
/* Skips the later hooks of the same owner in this phase. */
static inline int thingspace_hook_stop(thingspace_hook *hook)
{
    return hook->host->stop(hook);
}
/* Ends the call. `code` and `text` may be NULL. */
static inline int thingspace_hook_deny(thingspace_hook *hook, const char *code, const char *text)
{
    return hook->host->deny(hook, code, text);
}
/* Parks the call for `ms` milliseconds, at most 3600000, then goes on with the next hook. */
static inline int thingspace_hook_wait(thingspace_hook *hook, long long ms)
{
    return hook->host->wait(hook, ms);
}
/* Answers in place of the service; `json` may be NULL. Needs request:reply. */
static inline int thingspace_hook_reply(thingspace_hook *hook, int status, const char *json)
{
    return hook->host->reply(hook, status, json);
}

/* --- options, in `create` alone; defaults are filled in --- */

/*
 * The value of an option of that type; NULL, 0 when it is absent and has no default. A name that is
 * not among the plugin's options, or another type than it has, makes `create` fail, whatever it
 * returns, and so does a hook that asks for options or folder: keep what hooks need in `self`. Such
 * a question is answered with "", 0 or "null".
 */
static inline const char *thingspace_hook_option_text(const thingspace_hook *hook, const char *name)
{
    return hook->host->option_text(hook, name);
}
static inline long long thingspace_hook_option_integer(const thingspace_hook *hook,
                                                       const char *name)
{
    return hook->host->option_integer(hook, name);
}
/* Also of an option of type integer. */
static inline double thingspace_hook_option_number(const thingspace_hook *hook, const char *name)
{
    return hook->host->option_number(hook, name);
}
static inline int thingspace_hook_option_flag(const thingspace_hook *hook, const char *name)
{
    return hook->host->option_flag(hook, name);
}
/* Of any type, as JSON text; NULL when absent. */
static inline const char *thingspace_hook_option_json(thingspace_hook *hook, const char *name)
{
    return hook->host->option_json(hook, name);
}
/* The folder that relative names of files in options begin at; NULL: the current one. */
static inline const char *thingspace_hook_folder(const thingspace_hook *hook)
{
    return hook->host->folder(hook);
}

/* A line of the client's log, level info. */
static inline void thingspace_hook_log(const thingspace_hook *hook, const char *line)
{
    hook->host->log(hook, line);
}

/* --- callback messages, since 1.1 --- */

/* A header field of the message, and a part of its body by JSON Pointer; NULL when absent. */
static inline const char *thingspace_hook_message_header(const thingspace_hook *hook,
                                                         const char *name)
{
    return hook->host->message_header(hook, name);
}
static inline const char *thingspace_hook_message_member(thingspace_hook *hook, const char *pointer)
{
    return hook->host->message_member(hook, pointer);
}

/* --- for those who bring another language, since 1.1 --- */

/* The whole object as JSON text. NULL when it is not offered in the phase. */
static inline const char *thingspace_hook_json(thingspace_hook *hook,
                                               thingspace_hook_json_field field)
{
    return hook->host->json(hook, (int)field);
}
/* A variable as JSON text, which tells 1 from "1"; NULL when absent, and when no JSON shows it. */
static inline const char *thingspace_hook_var_json(thingspace_hook *hook, const char *name)
{
    return hook->host->var_json(hook, name);
}
/* `json`: a text, a number, a boolean; NULL or null removes. */
static inline int thingspace_hook_set_var_json(thingspace_hook *hook, const char *name,
                                               const char *json)
{
    return hook->host->set_var_json(hook, name, json);
}
/* The same as thingspace_hook_set_request_member for what must not be written as text: takes a
 * reference of a secret of this library. Needs request.body:write. */
static inline int thingspace_hook_set_request_secret(thingspace_hook *hook, const char *pointer,
                                                     const struct thingspace_secret *secret)
{
    return hook->host->set_request_secret(hook, pointer, secret);
}
/* Adds a header field to the reply that was just made; the hook still returns what
 * thingspace_hook_reply answered. */
static inline int thingspace_hook_reply_header(thingspace_hook *hook, const char *name,
                                               const char *value)
{
    return hook->host->reply_header(hook, name, value);
}
/* Why the latest function failed; NULL when none has since the last time that this was asked, or
 * since the hook began. Of those that read, only bodies that are no JSON fail. */
static inline const char *thingspace_hook_reason(thingspace_hook *hook)
{
    return hook->host->reason(hook);
}

#ifdef __cplusplus
}
#endif
#endif
