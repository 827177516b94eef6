/* SPDX-License-Identifier: MIT */
/*
 * thingspace._core, the part of the Python binding that is written in C: one Python type for each
 * object of libthingspace, on the limited API of CPython 3.11. It checks types, keeps objects alive
 * and lets the interpreter go while the library waits; names, defaults and data classes are made in
 * Python (client.py and its neighbours).
 *
 *     Core(options)      a client: perform, start, ensure, plan, apply, add_plugin, ...
 *     Result, Pending    what a call came to; a call in flight
 *     Plan               desired state against what is registered
 *     Secret             bytes that cannot be read back
 *     Call, Request, Response, Failure, Event   what hooks see; stale when the hook returned
 *
 * Ownership: a Core owns its client; all that C code of the library holds of Python (hooks,
 * functions of a policy, `done`) hangs on the Core and is shown to the garbage collector by it.
 * Threads: everything here runs with the interpreter's lock but between core_release and
 * core_regain. Functions that the library calls take it first with PyGILState_Ensure.
 */
#ifndef CORE_H
#define CORE_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <thingspace/plugin.h>
#include <thingspace/thingspace.h>

/* --- types; made by module.c --- */

extern PyTypeObject *core_type, *result_type, *pending_type, *plan_type, *secret_type;

/* A function as a member of a type's slots. */
#define SLOT(function) ((void *)(uintptr_t)(function))

/* Makes a type and adds it to the module. NULL with an exception. */
PyTypeObject *module_type(PyObject *module, PyType_Spec *spec);
/* An attribute of the module's Python side: "errors", "error". A new reference. */
PyObject *module_helper(const char *part, const char *name);

bool core_setup(PyObject *module);
bool result_setup(PyObject *module);
bool pending_setup(PyObject *module);
bool plan_setup(PyObject *module);
bool secret_setup(PyObject *module);
bool handle_setup(PyObject *module);
bool verdict_setup(PyObject *module);

/* --- the client --- */

struct hook_set;
struct pending;

typedef struct core {
    PyObject ob_base;
    thingspace_client *client; /* NULL: closed */
    unsigned depth;            /* how many functions of the library are at work */
    unsigned long thread;      /* that of the outermost */
    bool closing;              /* when `depth` is 0 again */
    bool queueing;             /* `done` of a foreign loop waits until the library returned */
    PyObject *log, *resolve, *listeners, *ask; /* functions of the program, or NULL */
    struct hook_set *hooks;   /* all that the client has, also of calls in flight */
    struct pending *pendings; /* all calls in flight */
    struct pending *ended;    /* those whose `done` waits, in order */
    struct pending **ended_tail;
    PyObject *decision; /* what `resolve` answered last: texts are its */
    PyObject *broke;    /* what the latest hook or function of the policy raised, to be the cause */
    PyObject *fatal;    /* the same, when it is no Exception: it ends what is going on */
    struct wait_guard *guard;  /* the innermost wait */
    struct core *next, **link; /* all that live, for the end of the interpreter */
} core;

/* One function of the library: begun with core_enter, which fails with an exception (closed, used
 * by another thread), ended with core_leave. */
bool core_enter(core *self);
void core_leave(core *self);
/* The interpreter may do something else meanwhile. */
#define core_release()     PyEval_SaveThread()
#define core_regain(saved) PyEval_RestoreThread(saved)

/* --- failures --- */

/* The exception for a failure of the library. A new reference; NULL with another exception. */
PyObject *failure_make(core *self, const thingspace_error *error);
/* Raises it; always NULL. */
PyObject *failure_raise(core *self, const thingspace_error *error);
PyObject *failure_usage(const char *format, ...);
/* None when the status is OK, or raises. */
PyObject *failure_or_none(core *self, thingspace_status status, const thingspace_error *error);
/* The exception that is set, normalised, and taken out. A new reference. */
PyObject *failure_take(void);
/* Keeps what was raised, to be the cause of the failure that it becomes. */
void failure_keep(core *self, PyObject *exception);
/* Of a function that nobody waits for: shows what was raised, or keeps it when it is no Exception.
 */
void failure_tell(core *self, PyObject *where);
/* "ValueError: no (app.py:12)". A new reference. */
PyObject *failure_describe(PyObject *exception);

/* --- values --- */

/* "NAME must be WANTED, not int", raised; always false. */
bool value_wrong(PyObject *value, const char *name, const char *wanted);
/* None is NULL. False with an exception: not a text, or a NUL in it. */
bool value_text(const char **out, PyObject *value, const char *name);
/* None is NULL; the secret is borrowed. */
bool value_secret(thingspace_secret **out, PyObject *value, const char *name);
/* A text, or None for NULL. */
PyObject *value_of_text(const char *text);
/* The same, and frees it. */
PyObject *value_take_text(char *text);

/* The function of values.py, found once, with one argument. */
PyObject *value_pass(PyObject **cache, const char *name, PyObject *argument);
/* Python to JSON, and the places of secrets in it: (text, [(pointer, Secret), ...]) */
PyObject *value_write_json(PyObject *value);
PyObject *value_read_json(const char *text); /* NULL is None */

PyObject *secret_wrap(thingspace_secret *secret); /* takes one reference */

/* --- calls --- */

PyObject *result_wrap(core *self, thingspace_result *result); /* takes it, also on failure */

#define CORE_METHOD(name) PyObject *name(PyObject *self, PyObject *const *args, Py_ssize_t count)
CORE_METHOD(perform_call);
CORE_METHOD(perform_ensure);
CORE_METHOD(pending_start);
CORE_METHOD(perform_explain);
CORE_METHOD(plan_make);
CORE_METHOD(plan_apply);
CORE_METHOD(plan_import);
CORE_METHOD(hook_add);
CORE_METHOD(ask_logout);
PyObject *plan_load(PyObject *self, PyObject *file);
PyObject *hook_remove(PyObject *self, PyObject *name);
PyObject *ask_row(PyObject *self, PyObject *account);
PyObject *ask_reload(PyObject *self, PyObject *none);
PyObject *ask_login(PyObject *self, PyObject *credential);
PyObject *ask_tokens(PyObject *self, PyObject *credential);
PyObject *ask_unlatch(PyObject *self, PyObject *credential);
PyObject *ask_plugins(PyObject *self, PyObject *none);
PyObject *ask_account(PyObject *self, PyObject *account);
PyObject *ask_policy(PyObject *self, PyObject *none);
PyObject *ask_difference(PyObject *self, PyObject *old);

/* Fills a request from up to 12 positional arguments, see request.c. Texts are borrowed. */
bool request_read(thingspace_request *out, PyObject *const *args, Py_ssize_t count);
/* Gives what ended to its `done`. False with an exception. */
bool pending_deliver(core *self);
void pending_visit_all(core *self, visitproc visit, void *arg, int *result);
int hook_visit_all(core *self, visitproc visit, void *arg);

/* --- hooks --- */

typedef enum handle_kind {
    HANDLE_CALL,
    HANDLE_REQUEST,
    HANDLE_RESPONSE,
    HANDLE_FAILURE,
    HANDLE_EVENT,
    HANDLE_COUNT,
} handle_kind;

/* What a hook gets; means the running hook until it is made stale. */
PyObject *handle_make(handle_kind kind, thingspace_hook *hook);
void handle_make_stale(PyObject *handle);

/* How many verdicts this thread has made; a hook forgets its own at its end, which hooks of another
 * client may have run in the middle of. */
unsigned verdict_count(void);
void verdict_forget(unsigned count);
bool verdict_is(PyObject *value);
/* Tells the library, for the hook to return. THINGSPACE_HOOK_FAIL and an exception, or a reason. */
int verdict_tell(PyObject *verdict, thingspace_hook *hook);
/* Raises why the library refused something; always NULL. */
PyObject *handle_refused(thingspace_hook *hook);

/* --- waiting --- */

/* While one of these lasts, Ctrl-C in the main thread interrupts the client. */
typedef struct wait_guard {
    struct wait_guard *outer;  /* of any client */
    struct wait_guard *before; /* of this one */
    thingspace_client *client;
    bool installed;
    volatile int interrupted;
} wait_guard;
/* Lets the interpreter go. */
PyThreadState *wait_begin(wait_guard *guard, core *self);
/* Takes it again. False with an exception: what a signal raised, or a hook that no failure shows
 * (KeyboardInterrupt, mostly). */
bool wait_end(wait_guard *guard, core *self, PyThreadState *saved);
/* Only the second half of that: after the library returned. */
bool wait_check(core *self);

/* --- the program's functions in options --- */

/* Fills options from a dict. What they borrow lives as long as the dict. */
typedef struct option_room {
    thingspace_client_options options;
    const char **lists[4]; /* malloc */
    size_t list_count;
    thingspace_named_secret *secrets;
} option_room;
thingspace_resolve_function policy_resolve;
thingspace_listeners_function policy_listeners;
thingspace_ask_function policy_ask;
bool options_read(option_room *out, core *self, PyObject *options);
void options_dispose(option_room *room);

#endif
