/* SPDX-License-Identifier: MIT */
/*
 * Core: a client, who is inside of it, and its end. Closing inside a callback waits until the
 * outermost function of the library returned. What still lives when the interpreter ends is closed
 * first, so that calls in flight are told while there is somebody to tell.
 */
#include "core.h"

PyTypeObject *core_type;
static core *living;

/* --- who is inside --- */

bool core_enter(core *self)
{
    if (!self->client || self->closing) {
        failure_usage("the client is closed");
        return false;
    }
    unsigned long thread = PyThread_get_thread_ident();
    if (self->depth > 0 && self->thread != thread) {
        failure_usage("the client is in use by another thread; give each thread its own client");
        return false;
    }
    self->thread = thread;
    self->depth++;
    Py_INCREF((PyObject *)self);
    return true;
}

/* Other threads, which may interrupt a client at any time, see none from here on. */
static void free_client(core *self)
{
    thingspace_client *client = self->client;
    if (!client)
        return;
    self->client = NULL;
    self->depth++;
    self->thread = PyThread_get_thread_ident();
    PyThreadState *saved = core_release();
    thingspace_client_free(client);
    core_regain(saved);
    self->depth--;
    if (!pending_deliver(self))
        PyErr_WriteUnraisable((PyObject *)self);
}

/* An exception that is set stays. */
static void close_now(core *self)
{
    PyObject *type, *value, *trace;
    PyErr_Fetch(&type, &value, &trace);
    self->closing = true;
    free_client(self);
    PyErr_Restore(type, value, trace);
}

void core_leave(core *self)
{
    if (--self->depth == 0) {
        Py_CLEAR(self->broke);
        Py_CLEAR(self->decision);
        if (self->closing)
            close_now(self);
    }
    Py_DECREF((PyObject *)self);
}

/* --- life --- */

static void join_living(core *self)
{
    self->next = living;
    self->link = &living;
    if (living)
        living->link = &self->next;
    living = self;
}

static void leave_living(core *self)
{
    if (!self->link)
        return;
    *self->link = self->next;
    if (self->next)
        self->next->link = self->link;
    self->link = NULL;
}

static bool open_client(core *self, PyObject *given)
{
    option_room room;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_status status = THINGSPACE_USAGE;
    bool good = options_read(&room, self, given);
    if (good) {
        PyThreadState *saved = core_release();
        status = thingspace_client_new(&self->client, &room.options, &error);
        core_regain(saved);
    }
    options_dispose(&room);
    if (good && status != THINGSPACE_OK)
        failure_raise(self, &error);
    return good && status == THINGSPACE_OK;
}

static PyObject *make(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *given;
    (void)kwargs;
    if (!PyArg_ParseTuple(args, "O!:Core", &PyDict_Type, &given))
        return NULL;
    core *self = (core *)PyType_GenericNew(type, NULL, NULL);
    if (!self)
        return NULL;
    self->ended_tail = &self->ended;
    join_living(self);
    self->depth++; /* the functions of a policy may run meanwhile */
    bool good = open_client(self, given);
    self->depth--;
    if (good)
        return (PyObject *)self;
    Py_DECREF((PyObject *)self);
    return NULL;
}

static int visit_members(PyObject *object, visitproc visit, void *arg)
{
    core *self = (core *)object;
    int result = 0;
    Py_VISIT(Py_TYPE(object));
    Py_VISIT(self->log);
    Py_VISIT(self->resolve);
    Py_VISIT(self->listeners);
    Py_VISIT(self->ask);
    Py_VISIT(self->decision);
    Py_VISIT(self->broke);
    Py_VISIT(self->fatal);
    pending_visit_all(self, visit, arg, &result);
    return result ? result : hook_visit_all(self, visit, arg);
}

static int clear_members(PyObject *object)
{
    core *self = (core *)object;
    Py_CLEAR(self->log);
    Py_CLEAR(self->resolve);
    Py_CLEAR(self->listeners);
    Py_CLEAR(self->ask);
    Py_CLEAR(self->decision);
    Py_CLEAR(self->broke);
    Py_CLEAR(self->fatal);
    return 0;
}

/* The end, before anything that it refers to is cleared: `done` of calls in flight run here. */
static void finalize(PyObject *object)
{
    core *self = (core *)object;
    if (self->depth == 0)
        close_now(self);
    leave_living(self);
    clear_members(object);
}

static PyObject *close_method(PyObject *object, PyObject *none)
{
    core *self = (core *)object;
    (void)none;
    if (self->depth > 0 && self->thread != PyThread_get_thread_ident())
        return failure_usage("the client is in use by another thread; close it there");
    if (self->depth > 0)
        self->closing = true;
    else
        close_now(self);
    Py_RETURN_NONE;
}

static PyObject *close_all(PyObject *module, PyObject *none)
{
    (void)module;
    (void)none;
    for (core *self = living; self;) {
        Py_INCREF((PyObject *)self);
        if (self->depth == 0)
            close_now(self);
        core *next = self->next;
        Py_DECREF((PyObject *)self);
        self = next;
    }
    Py_RETURN_NONE;
}

/* --- the loop --- */

/* As the library, in pieces: signals of Python are looked at in between. */
#define SLICE_MS 50

static PyObject *run_method(PyObject *object, PyObject *argument)
{
    core *self = (core *)object;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_status status = THINGSPACE_OK;
    long long wait_ms = PyLong_AsLongLong(argument);
    bool good = true;
    if ((wait_ms == -1 && PyErr_Occurred()) || !core_enter(self))
        return NULL;
    while (good && status == THINGSPACE_OK && wait_ms != 0 && !self->closing &&
           thingspace_client_pending(self->client) > 0) {
        long long slice = wait_ms < 0 || wait_ms > SLICE_MS ? SLICE_MS : wait_ms;
        wait_ms -= wait_ms < 0 ? 0 : slice;
        PyThreadState *saved = core_release();
        status = thingspace_client_run(self->client, slice, &error);
        core_regain(saved);
        good = wait_check(self) && pending_deliver(self);
    }
    PyObject *result = good ? failure_or_none(self, status, &error) : NULL;
    core_leave(self);
    return result;
}

/* What a pass of a foreign loop costs is not worth giving the interpreter away, but a name may have
 * to be looked up in files. */
static PyObject *process_method(PyObject *object, PyObject *none)
{
    core *self = (core *)object;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    (void)none;
    if (!core_enter(self))
        return NULL;
    PyThreadState *saved = core_release();
    thingspace_status status = thingspace_client_process(self->client, &error);
    core_regain(saved);
    bool good = pending_deliver(self) && wait_check(self);
    PyObject *result = good ? failure_or_none(self, status, &error) : NULL;
    core_leave(self);
    return result;
}

static PyObject *fd_method(PyObject *object, PyObject *none)
{
    (void)none;
    return PyLong_FromLong(thingspace_client_fd(((core *)object)->client));
}

static PyObject *interrupt_method(PyObject *object, PyObject *none)
{
    core *self = (core *)object;
    (void)none;
    if (self->client)
        thingspace_client_interrupt(self->client);
    Py_RETURN_NONE;
}

static PyObject *resume_method(PyObject *object, PyObject *none)
{
    core *self = (core *)object;
    (void)none;
    if (self->client)
        thingspace_client_resume(self->client);
    Py_RETURN_NONE;
}

/* --- what it has --- */

static PyObject *get_pending(PyObject *object, void *closure)
{
    core *self = (core *)object;
    (void)closure;
    return PyLong_FromSize_t(self->client ? thingspace_client_pending(self->client) : 0);
}

static PyObject *get_closed(PyObject *object, void *closure)
{
    core *self = (core *)object;
    (void)closure;
    return PyBool_FromLong(!self->client || self->closing);
}

static PyObject *accounts_method(PyObject *object, PyObject *none)
{
    core *self = (core *)object;
    (void)none;
    if (!core_enter(self))
        return NULL;
    size_t count = thingspace_client_account_count(self->client);
    PyObject *list = PyList_New((Py_ssize_t)count);
    for (size_t i = 0; list && i < count; i++) {
        PyObject *name = value_of_text(thingspace_client_account(self->client, i));
        if (!name || PyList_SetItem(list, (Py_ssize_t)i, name) < 0)
            Py_CLEAR(list);
    }
    core_leave(self);
    return list;
}

static PyMethodDef methods[] = {
    {"close", close_method, METH_NOARGS, NULL},
    {"run", run_method, METH_O, NULL},
    {"process", process_method, METH_NOARGS, NULL},
    {"fd", fd_method, METH_NOARGS, NULL},
    {"interrupt", interrupt_method, METH_NOARGS, NULL},
    {"resume", resume_method, METH_NOARGS, NULL},
    {"accounts", accounts_method, METH_NOARGS, NULL},
    {"row", ask_row, METH_O, NULL},
    {"reload", ask_reload, METH_NOARGS, NULL},
    {"perform", (PyCFunction)(void (*)(void))perform_call, METH_FASTCALL, NULL},
    {"ensure", (PyCFunction)(void (*)(void))perform_ensure, METH_FASTCALL, NULL},
    {"start", (PyCFunction)(void (*)(void))pending_start, METH_FASTCALL, NULL},
    {"plugin_explain", (PyCFunction)(void (*)(void))perform_explain, METH_FASTCALL, NULL},
    {"add_plugin", (PyCFunction)(void (*)(void))hook_add, METH_FASTCALL, NULL},
    {"remove_plugin", hook_remove, METH_O, NULL},
    {"plan", (PyCFunction)(void (*)(void))plan_make, METH_FASTCALL, NULL},
    {"load_plan", plan_load, METH_O, NULL},
    {"apply", (PyCFunction)(void (*)(void))plan_apply, METH_FASTCALL, NULL},
    {"import_", (PyCFunction)(void (*)(void))plan_import, METH_FASTCALL, NULL},
    {"auth_login", ask_login, METH_O, NULL},
    {"auth_logout", (PyCFunction)(void (*)(void))ask_logout, METH_FASTCALL, NULL},
    {"auth_status", ask_tokens, METH_O, NULL},
    {"auth_unlatch", ask_unlatch, METH_O, NULL},
    {"plugin_list", ask_plugins, METH_NOARGS, NULL},
    {"policy_eval", ask_account, METH_O, NULL},
    {"policy_check", ask_policy, METH_NOARGS, NULL},
    {"policy_diff", ask_difference, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef members[] = {
    {"pending", get_pending, NULL, NULL, NULL},
    {"closed", get_closed, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_new, SLOT(make)},
    {Py_tp_traverse, SLOT(visit_members)},
    {Py_tp_clear, SLOT(clear_members)},
    {Py_tp_finalize, SLOT(finalize)},
    {Py_tp_methods, methods},
    {Py_tp_getset, members},
    {0, NULL},
};

static PyType_Spec spec = {"thingspace._core.Core", sizeof(core), 0,
                           Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE,
                           slots};

static PyMethodDef at_exit = {"close_all", close_all, METH_NOARGS, NULL};

/* atexit.register(close_all) */
static bool close_at_exit(void)
{
    PyObject *module = PyImport_ImportModule("atexit");
    PyObject *function = PyCFunction_NewEx(&at_exit, NULL, NULL);
    PyObject *none =
        module && function ? PyObject_CallMethod(module, "register", "O", function) : NULL;
    Py_XDECREF(module);
    Py_XDECREF(function);
    Py_XDECREF(none);
    return none;
}

bool core_setup(PyObject *module)
{
    core_type = module_type(module, &spec);
    return core_type && close_at_exit();
}
