/* SPDX-License-Identifier: MIT */
/* Bodies of requests and answers as hooks see them: JSON, in which secrets stay what they are. */
#include "handle.h"

/* False with an exception: the body is no JSON. */
static bool read_body(const char **out, PyObject *self, thingspace_hook *hook)
{
    *out = handle_is_request(self) ? thingspace_hook_request_member(hook, "")
                                   : thingspace_hook_response_member(hook, "");
    const char *reason = *out ? NULL : thingspace_hook_reason(hook);
    if (reason)
        failure_usage("%s", reason);
    return !reason;
}

PyObject *handle_json(PyObject *self, PyObject *none)
{
    thingspace_hook *hook = handle_hook(self);
    const char *text;
    (void)none;
    return hook && read_body(&text, self, hook) ? value_read_json(text) : NULL;
}

PyObject *handle_text(PyObject *self, PyObject *none)
{
    thingspace_hook *hook = handle_hook(self);
    const char *text;
    (void)none;
    return hook && read_body(&text, self, hook) ? value_of_text(text ? text : "") : NULL;
}

static bool put_secret(thingspace_hook *hook, PyObject *place)
{
    const char *pointer;
    PyObject *value;
    thingspace_secret *secret;
    if (!PyArg_ParseTuple(place, "sO", &pointer, &value) ||
        !value_secret(&secret, value, "a secret"))
        return false;
    if (thingspace_hook_set_request_secret(hook, pointer, secret) == 0)
        return true;
    handle_refused(hook);
    return false;
}

static PyObject *put_body(PyObject *self, thingspace_hook *hook, const char *text,
                          PyObject *secrets)
{
    Py_ssize_t count = PyList_Size(secrets);
    if (!handle_is_request(self) && count > 0)
        return failure_usage("a secret cannot be put into an answer");
    int answer = handle_is_request(self) ? thingspace_hook_set_request_member(hook, "", text)
                                         : thingspace_hook_set_response_member(hook, "", text);
    if (answer)
        return handle_refused(hook);
    for (Py_ssize_t i = 0; i < count; i++) {
        if (!put_secret(hook, PyList_GetItem(secrets, i)))
            return NULL;
    }
    Py_RETURN_NONE;
}

PyObject *handle_set_json(PyObject *self, PyObject *value)
{
    PyObject *secrets, *done = NULL;
    const char *text;
    if (!handle_hook(self))
        return NULL;
    PyObject *written = value_write_json(value); /* may run code of the program */
    thingspace_hook *hook = written ? handle_hook(self) : NULL;
    if (hook && PyArg_ParseTuple(written, "sO!", &text, &PyList_Type, &secrets))
        done = put_body(self, hook, text, secrets);
    Py_XDECREF(written);
    return done;
}
