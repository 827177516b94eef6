/* SPDX-License-Identifier: MIT */
/*
 * Failures of the library as exceptions, which errors.py makes, and exceptions as reasons that the
 * library can tell. The exception that a hook raised is kept on the client until the call ends, so
 * that it is the cause of what the call raises.
 */
#include <stdarg.h>
#include "core.h"

static PyObject *maker; /* thingspace.errors.make */

static PyObject *get_maker(void)
{
    if (!maker)
        maker = module_helper("errors", "make");
    return maker;
}

/* The kept one; whether this failure is its, its text tells. */
static PyObject *take_cause(core *self, const thingspace_error *error)
{
    if (!self || !self->broke ||
        (error->kind != THINGSPACE_PLUGIN && error->kind != THINGSPACE_POLICY))
        return Py_NewRef(Py_None);
    PyObject *cause = self->broke;
    self->broke = NULL;
    return cause;
}

PyObject *failure_make(core *self, const thingspace_error *error)
{
    PyObject *make = get_maker();
    if (!make)
        return NULL;
    return PyObject_CallFunction(make, "(ssiziLzzzzzziN)", thingspace_status_name(error->kind),
                                 error->message, error->http_status, error->code, error->retriable,
                                 error->retry_after_ms, error->account, error->plugin,
                                 error->instance, error->tenant, error->phase, error->file,
                                 error->line, take_cause(self, error));
}

PyObject *failure_raise(core *self, const thingspace_error *error)
{
    PyObject *exception = failure_make(self, error);
    if (exception)
        PyErr_SetObject((PyObject *)Py_TYPE(exception), exception);
    Py_XDECREF(exception);
    return NULL;
}

PyObject *failure_usage(const char *format, ...)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    va_list arguments;
    va_start(arguments, format);
    PyOS_vsnprintf(error.message, sizeof(error.message), format, arguments);
    va_end(arguments);
    error.kind = THINGSPACE_USAGE;
    return failure_raise(NULL, &error);
}

PyObject *failure_or_none(core *self, thingspace_status status, const thingspace_error *error)
{
    if (status != THINGSPACE_OK)
        return failure_raise(self, error);
    Py_RETURN_NONE;
}

PyObject *failure_take(void)
{
    PyObject *type, *value, *trace;
    PyErr_Fetch(&type, &value, &trace);
    PyErr_NormalizeException(&type, &value, &trace);
    if (value && trace)
        PyException_SetTraceback(value, trace);
    Py_XDECREF(type);
    Py_XDECREF(trace);
    return value;
}

PyObject *failure_describe(PyObject *exception)
{
    PyObject *describe = module_helper("errors", "describe");
    PyObject *text = describe ? PyObject_CallFunctionObjArgs(describe, exception, NULL) : NULL;
    Py_XDECREF(describe);
    if (text && PyUnicode_Check(text))
        return text;
    PyErr_Clear();
    Py_XDECREF(text);
    return PyUnicode_FromString("an exception that cannot be described");
}

void failure_keep(core *self, PyObject *exception)
{
    bool fatal = !PyErr_GivenExceptionMatches(exception, PyExc_Exception);
    PyObject **place = fatal ? &self->fatal : &self->broke;
    PyObject *old = *place;
    *place = Py_NewRef(exception);
    Py_XDECREF(old);
    if (fatal && self->guard && self->client) {
        self->guard->interrupted = 1;
        thingspace_client_interrupt(self->client);
    }
}

void failure_tell(core *self, PyObject *where)
{
    if (PyErr_ExceptionMatches(PyExc_Exception)) {
        PyErr_WriteUnraisable(where);
        return;
    }
    PyObject *exception = failure_take();
    failure_keep(self, exception);
    Py_DECREF(exception);
}
