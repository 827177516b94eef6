/* SPDX-License-Identifier: MIT */
/*
 * Pending: a call in flight. The client has it, and so its `done`, until the call ended. With a
 * foreign loop `done` runs when the library has returned, so that it may do anything.
 */
#include "core.h"

typedef struct pending {
    PyObject ob_base;
    core *owner;                /* NULL: over. Borrowed: the client tells when it ends */
    thingspace_pending *handle; /* NULL: over */
    PyObject *done;
    thingspace_result *result; /* while it waits to be delivered */
    struct pending *next, **link;
} pending;

PyTypeObject *pending_type;

static void join(core *owner, pending *self)
{
    self->owner = owner;
    self->next = owner->pendings;
    self->link = &owner->pendings;
    if (self->next)
        self->next->link = &self->next;
    owner->pendings = (pending *)Py_NewRef((PyObject *)self);
}

static void leave(pending *self)
{
    *self->link = self->next;
    if (self->next)
        self->next->link = self->link;
    self->link = NULL;
    self->next = NULL;
    self->handle = NULL;
    self->owner = NULL;
}

void pending_visit_all(core *owner, visitproc visit, void *arg, int *result)
{
    for (pending *at = owner->pendings; at && *result == 0; at = at->next)
        *result = visit((PyObject *)at, arg);
    for (pending *at = owner->ended; at && *result == 0; at = at->next)
        *result = visit((PyObject *)at, arg);
}

/* --- the end of a call --- */

static void tell(core *owner, PyObject *done, thingspace_result *held)
{
    PyObject *result = result_wrap(owner, held);
    PyObject *none = result ? PyObject_CallFunctionObjArgs(done, result, NULL) : NULL;
    if (!none)
        failure_tell(owner, done);
    Py_XDECREF(none);
    Py_XDECREF(result);
}

/* Drops the client's reference. */
static void deliver(core *owner, pending *self)
{
    PyObject *done = self->done;
    self->done = NULL;
    thingspace_result *result = self->result;
    self->result = NULL;
    if (done)
        tell(owner, done, result);
    else
        thingspace_result_free(result);
    Py_XDECREF(done);
    Py_DECREF((PyObject *)self);
}

bool pending_deliver(core *owner)
{
    while (owner->ended) {
        pending *self = owner->ended;
        owner->ended = self->next;
        if (!owner->ended)
            owner->ended_tail = &owner->ended;
        self->next = NULL;
        deliver(owner, self);
    }
    return true;
}

static void end(thingspace_result *result, void *user)
{
    pending *self = user;
    PyGILState_STATE state = PyGILState_Ensure();
    core *owner = self->owner;
    leave(self);
    self->result = result;
    if (owner->queueing) {
        *owner->ended_tail = self;
        owner->ended_tail = &self->next;
    } else {
        PyObject *type, *value, *trace;
        PyErr_Fetch(&type, &value, &trace);
        deliver(owner, self);
        PyErr_Restore(type, value, trace);
    }
    PyGILState_Release(state);
}

/* --- methods --- */

/* start(done, ...): what follows is a request, see request.c. */
PyObject *pending_start(PyObject *object, PyObject *const *args, Py_ssize_t count)
{
    core *owner = (core *)object;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_request request;
    if (count < 1 || !PyCallable_Check(args[0]))
        return PyErr_Format(PyExc_TypeError, "start takes a function first");
    if (!request_read(&request, args + 1, count - 1) || !core_enter(owner))
        return NULL;
    pending *self = (pending *)PyType_GenericNew(pending_type, NULL, NULL);
    if (self) {
        thingspace_pending *handle = NULL;
        self->done = Py_NewRef(args[0]);
        join(owner, self);
        thingspace_status status =
            thingspace_call_start(owner->client, &handle, &request, end, self, &error);
        if (status != THINGSPACE_OK) {
            leave(self);
            Py_DECREF((PyObject *)self);
            Py_CLEAR(self);
            failure_raise(owner, &error);
        } else if (self->owner) {
            self->handle = handle;
        }
    }
    core_leave(owner);
    return (PyObject *)self;
}

static PyObject *cancel_method(PyObject *object, PyObject *none)
{
    pending *self = (pending *)object;
    core *owner = self->owner;
    (void)none;
    if (!owner || !self->handle)
        Py_RETURN_NONE;
    if (!core_enter(owner))
        return NULL;
    thingspace_call_cancel(self->handle);
    if (owner->depth == 1)
        pending_deliver(owner);
    bool good = wait_check(owner);
    core_leave(owner);
    if (!good)
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *get_over(PyObject *object, void *none)
{
    (void)none;
    return PyBool_FromLong(!((pending *)object)->owner);
}

static int visit_members(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(((pending *)self)->done);
    return 0;
}

static int clear_members(PyObject *self)
{
    Py_CLEAR(((pending *)self)->done);
    return 0;
}

static void finalize(PyObject *self)
{
    clear_members(self);
}

static PyMethodDef methods[] = {
    {"cancel", cancel_method, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef members[] = {
    {"over", get_over, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_traverse, SLOT(visit_members)},
    {Py_tp_clear, SLOT(clear_members)},
    {Py_tp_finalize, SLOT(finalize)},
    {Py_tp_methods, methods},
    {Py_tp_getset, members},
    {0, NULL},
};

static PyType_Spec spec = {"thingspace._core.Pending", sizeof(pending), 0,
                           Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE |
                               Py_TPFLAGS_DISALLOW_INSTANTIATION,
                           slots};

bool pending_setup(PyObject *module)
{
    pending_type = module_type(module, &spec);
    return pending_type;
}
