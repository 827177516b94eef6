/* SPDX-License-Identifier: MIT */
/*
 * Policies that are functions of the program. policy.py wraps them so that they take the row as
 * JSON text and answer tuples; here these become what the library asks for.
 */
#include "core.h"

/* What is raised becomes the reason. */
static thingspace_status fail(core *self, thingspace_error *error)
{
    PyObject *exception = failure_take();
    failure_keep(self, exception);
    PyObject *text = failure_describe(exception);
    const char *reason = text ? PyUnicode_AsUTF8AndSize(text, NULL) : NULL;
    if (error && reason) {
        error->kind = THINGSPACE_POLICY;
        PyOS_snprintf(error->message, sizeof(error->message), "%s", reason);
    }
    PyErr_Clear();
    Py_XDECREF(text);
    Py_DECREF(exception);
    return THINGSPACE_POLICY;
}

/* function(account, row as JSON text or None) */
static PyObject *ask_function(core *self, PyObject *function, const char *account)
{
    char *row = NULL;
    if (self->client && thingspace_client_row(self->client, &row, account, NULL))
        row = NULL;
    PyObject *text = value_take_text(row);
    PyObject *name = value_of_text(account);
    PyObject *answer =
        text && name ? PyObject_CallFunctionObjArgs(function, name, text, NULL) : NULL;
    Py_XDECREF(text);
    Py_XDECREF(name);
    return answer;
}

/* (endpoint, credential, timeout_ms, tags, undeclared) */
static bool read_decision(thingspace_decision *out, PyObject *answer)
{
    return PyArg_ParseTuple(answer, "zzLzi", &out->endpoint, &out->credential, &out->timeout_ms,
                            &out->tags, &out->undeclared);
}

thingspace_status policy_resolve(void *user, const char *account, thingspace_decision *out,
                                 thingspace_error *error)
{
    core *self = user;
    PyGILState_STATE state = PyGILState_Ensure();
    PyObject *old = self->decision;
    PyObject *answer = ask_function(self, self->resolve, account);
    self->decision = answer;
    thingspace_status status =
        answer && read_decision(out, answer) ? THINGSPACE_OK : fail(self, error);
    Py_XDECREF(old);
    PyGILState_Release(state);
    return status;
}

/* (service, url, username, password, registered, api, token) */
static bool declare(core *self, thingspace_desired_list *out, PyObject *row,
                    thingspace_error *error, thingspace_status *status)
{
    thingspace_desired desired = THINGSPACE_DESIRED_INIT;
    PyObject *password, *token;
    (void)self;
    if (!PyArg_ParseTuple(row, "zzzOizO", &desired.service, &desired.url, &desired.username,
                          &password, &desired.password_registered, &desired.api, &token) ||
        !value_secret(&desired.password, password, "password") ||
        !value_secret(&desired.token, token, "token"))
        return false;
    *status = thingspace_desired_add(out, &desired, error);
    return true;
}

thingspace_status policy_listeners(void *user, const char *account, thingspace_desired_list *out,
                                   thingspace_error *error)
{
    core *self = user;
    thingspace_status status = THINGSPACE_OK;
    PyGILState_STATE state = PyGILState_Ensure();
    PyObject *rows = ask_function(self, self->listeners, account);
    bool good = rows && PyList_Check(rows);
    if (rows && !good)
        PyErr_SetString(PyExc_TypeError, "listeners must be a list");
    for (Py_ssize_t i = 0; good && status == THINGSPACE_OK && i < PyList_Size(rows); i++)
        good = declare(self, out, PyList_GetItem(rows, i), error, &status);
    if (!good)
        status = fail(self, error);
    Py_XDECREF(rows);
    PyGILState_Release(state);
    return status;
}

thingspace_status policy_ask(void *user, const char *part, thingspace_secret **out,
                             thingspace_error *error)
{
    core *self = user;
    thingspace_secret *held = NULL;
    PyGILState_STATE state = PyGILState_Ensure();
    PyObject *answer = PyObject_CallFunction(self->ask, "s", part);
    bool good = answer && value_secret(&held, answer, "what ask answers");
    thingspace_status status = good ? THINGSPACE_OK : fail(self, error);
    *out = thingspace_secret_ref(held);
    if (good && !held) {
        status = THINGSPACE_AUTH;
        if (error) {
            error->kind = status;
            PyOS_snprintf(error->message, sizeof(error->message), "no %s was given", part);
        }
    }
    Py_XDECREF(answer);
    PyGILState_Release(state);
    return status;
}
