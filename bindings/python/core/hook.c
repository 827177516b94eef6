/* SPDX-License-Identifier: MIT */
/*
 * Functions of Python as hooks. What the library has of them is a hook_set, which it destroys when
 * the last call that knows it ended; until then the client shows it to the garbage collector. An
 * exception is a failure of the hook; one that is no Exception ends what is going on as well.
 */
#include <stdlib.h>
#include <string.h>
#include "core.h"

enum { REQUEST, CHECK, RESPONSE, ERROR, AUDIT, PHASE_COUNT };

static const char *const phases[PHASE_COUNT] = {"request", "check", "response", "error", "audit"};

typedef struct hook_set {
    core *owner; /* borrowed: its client has this */
    PyObject *functions[PHASE_COUNT];
    struct hook_set *next, **link;
} hook_set;

static void join(hook_set *self)
{
    self->next = self->owner->hooks;
    self->link = &self->owner->hooks;
    if (self->next)
        self->next->link = &self->next;
    self->owner->hooks = self;
}

static void dispose(hook_set *self)
{
    if (self->link)
        *self->link = self->next;
    if (self->link && self->next)
        self->next->link = self->link;
    for (int i = 0; i < PHASE_COUNT; i++)
        Py_XDECREF(self->functions[i]);
    free(self);
}

static void destroy(void *user)
{
    PyGILState_STATE state = PyGILState_Ensure();
    PyObject *type, *value, *trace;
    PyErr_Fetch(&type, &value, &trace);
    dispose(user);
    PyErr_Restore(type, value, trace);
    PyGILState_Release(state);
}

int hook_visit_all(core *owner, visitproc visit, void *arg)
{
    for (hook_set *set = owner->hooks; set; set = set->next) {
        for (int i = 0; i < PHASE_COUNT; i++)
            Py_VISIT(set->functions[i]);
    }
    return 0;
}

/* --- running --- */

static int fail(thingspace_hook *hook, PyObject *text)
{
    const char *reason = text ? PyUnicode_AsUTF8AndSize(text, NULL) : NULL;
    int answer = thingspace_hook_fail(hook, reason);
    PyErr_Clear();
    Py_XDECREF(text);
    return answer;
}

/* The exception that is set becomes the hook's failure. */
static int fail_raised(core *owner, thingspace_hook *hook)
{
    PyObject *exception = failure_take();
    failure_keep(owner, exception);
    int answer = fail(hook, failure_describe(exception));
    Py_DECREF(exception);
    return answer;
}

static int fail_returned(PyObject *function, PyObject *value, thingspace_hook *hook)
{
    PyObject *describe = module_helper("errors", "describe_return");
    PyObject *text =
        describe ? PyObject_CallFunctionObjArgs(describe, function, value, NULL) : NULL;
    Py_XDECREF(describe);
    return fail(hook, text);
}

/* `value` is what the hook returned, NULL with an exception. */
static int answer_of(core *owner, PyObject *function, PyObject *value, unsigned made,
                     thingspace_hook *hook)
{
    if (!value)
        return fail_raised(owner, hook);
    if (value == Py_None && made == 0)
        return THINGSPACE_HOOK_CONTINUE;
    if (!verdict_is(value))
        return fail_returned(function, value, hook);
    int answer = verdict_tell(value, hook);
    return PyErr_Occurred() ? fail_raised(owner, hook) : answer;
}

static int call(core *owner, PyObject *function, PyObject *first, PyObject *second,
                thingspace_hook *hook)
{
    unsigned before = verdict_count();
    PyObject *value = first ? PyObject_CallFunctionObjArgs(function, first, second, NULL) : NULL;
    int answer = answer_of(owner, function, value, verdict_count() - before, hook);
    verdict_forget(before);
    Py_XDECREF(value);
    return answer;
}

static void drop(PyObject *handle)
{
    if (!handle)
        return;
    handle_make_stale(handle);
    Py_DECREF(handle);
}

/* `more` is HANDLE_COUNT when the hook gets one handle. */
static int run(void *user, thingspace_hook *hook, int phase, handle_kind kind, handle_kind more)
{
    hook_set *set = user;
    PyGILState_STATE state = PyGILState_Ensure();
    PyObject *type, *value, *trace;
    PyErr_Fetch(&type, &value, &trace);
    core *owner = set->owner;
    PyObject *second = more == HANDLE_COUNT ? NULL : handle_make(more, hook);
    PyObject *first = more == HANDLE_COUNT || second ? handle_make(kind, hook) : NULL;
    int answer = call(owner, set->functions[phase], first, second, hook);
    drop(first);
    drop(second);
    PyErr_Restore(type, value, trace);
    PyGILState_Release(state);
    return answer;
}

static int run_request(void *user, thingspace_hook *hook)
{
    return run(user, hook, REQUEST, HANDLE_CALL, HANDLE_REQUEST);
}

static int run_check(void *user, thingspace_hook *hook)
{
    return run(user, hook, CHECK, HANDLE_CALL, HANDLE_REQUEST);
}

static int run_response(void *user, thingspace_hook *hook)
{
    return run(user, hook, RESPONSE, HANDLE_CALL, HANDLE_RESPONSE);
}

static int run_error(void *user, thingspace_hook *hook)
{
    return run(user, hook, ERROR, HANDLE_CALL, HANDLE_FAILURE);
}

static int run_audit(void *user, thingspace_hook *hook)
{
    return run(user, hook, AUDIT, HANDLE_EVENT, HANDLE_COUNT);
}

/* --- adding --- */

static int phase_of(PyObject *name)
{
    const char *text;
    if (!value_text(&text, name, "phase"))
        return -1;
    for (int i = 0; text && i < PHASE_COUNT; i++) {
        if (strcmp(phases[i], text) == 0)
            return i;
    }
    failure_usage("there is no phase '%s'; hooks are of request, check, response, error or audit",
                  text ? text : "");
    return -1;
}

static bool read_functions(hook_set *self, PyObject *functions)
{
    PyObject *key, *value;
    Py_ssize_t at = 0;
    if (!PyDict_Check(functions) || PyDict_Size(functions) == 0) {
        PyErr_SetString(PyExc_TypeError, "hooks are a dict of phases and functions");
        return false;
    }
    while (PyDict_Next(functions, &at, &key, &value)) {
        int phase = phase_of(key);
        if (phase < 0)
            return false;
        if (!PyCallable_Check(value))
            return value_wrong(value, "a hook", "a function");
        Py_XDECREF(self->functions[phase]);
        self->functions[phase] = Py_NewRef(value);
    }
    return true;
}

static thingspace_status add(hook_set *self, const char *name,
                             const thingspace_plugin_options *options, thingspace_error *error)
{
    PyObject **functions = self->functions;
    const thingspace_plugin plugin = {
        .size = sizeof(plugin),
        .major = THINGSPACE_PLUGIN_MAJOR,
        .minor = THINGSPACE_PLUGIN_MINOR,
        .option_size = sizeof(thingspace_plugin_option),
        .name = name,
        .version = "1",
        .destroy = destroy,
        .request = functions[REQUEST] ? run_request : NULL,
        .check = functions[CHECK] ? run_check : NULL,
        .response = functions[RESPONSE] ? run_response : NULL,
        .error = functions[ERROR] ? run_error : NULL,
        .audit = functions[AUDIT] ? run_audit : NULL,
    };
    join(self);
    return thingspace_client_add_plugin(self->owner->client, &plugin, options, error);
}

static bool read_options(thingspace_plugin_options *out, PyObject *const *args)
{
    int required = PyObject_IsTrue(args[4]);
    out->priority = (unsigned)PyLong_AsUnsignedLong(args[2]);
    out->required = required;
    return !PyErr_Occurred() && required >= 0 && value_text(&out->on_error, args[3], "on_error");
}

/* add_plugin(name, functions, priority, on_error, required) */
PyObject *hook_add(PyObject *object, PyObject *const *args, Py_ssize_t count)
{
    core *owner = (core *)object;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_plugin_options options = THINGSPACE_PLUGIN_OPTIONS_INIT;
    const char *name;
    if (count != 5)
        return PyErr_Format(PyExc_TypeError, "add_plugin takes 5 arguments");
    if (!value_text(&name, args[0], "name") || !read_options(&options, args) || !core_enter(owner))
        return NULL;
    hook_set *self = calloc(1, sizeof(*self));
    PyObject *done = NULL;
    if (!self) {
        PyErr_NoMemory();
    } else {
        self->owner = owner;
        options.self = self;
        options.name = name;
        thingspace_status status = THINGSPACE_USAGE;
        if (read_functions(self, args[1])) {
            status = add(self, name, &options, &error);
            done = failure_or_none(owner, status, &error);
        }
        if (status != THINGSPACE_OK)
            dispose(self);
    }
    core_leave(owner);
    return done;
}

PyObject *hook_remove(PyObject *object, PyObject *name)
{
    core *owner = (core *)object;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    const char *wanted;
    if (!value_text(&wanted, name, "name") || !core_enter(owner))
        return NULL;
    thingspace_status status = thingspace_client_remove_plugin(owner->client, wanted, &error);
    PyObject *done = failure_or_none(owner, status, &error);
    core_leave(owner);
    return done;
}
