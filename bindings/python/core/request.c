/* SPDX-License-Identifier: MIT */
/*
 * A request from positional arguments: operation, account, service, url, username, password,
 * method, path, data, timeout_ms, api, flags. Those at the end may be left out.
 */
#include <string.h>
#include "core.h"

static bool read_operation(thingspace_operation *out, PyObject *value)
{
    static const char *const names[] = {"register", "list", "deregister", "call"};
    const char *name;
    if (!value_text(&name, value, "operation"))
        return false;
    for (int i = 0; name && i < 4; i++) {
        if (strcmp(names[i], name) == 0) {
            *out = (thingspace_operation)(i + 1);
            return true;
        }
    }
    failure_usage("operation '%s' is not register, list, deregister or call", name ? name : "");
    return false;
}

static bool read_data(thingspace_request *out, PyObject *value)
{
    Py_ssize_t size;
    char *bytes;
    if (value == Py_None)
        return true;
    if (PyUnicode_Check(value))
        out->data = PyUnicode_AsUTF8AndSize(value, &size);
    else if (PyBytes_AsStringAndSize(value, &bytes, &size) == 0)
        out->data = bytes;
    out->data_size = out->data ? (size_t)size : 0;
    return out->data;
}

static bool read_at(thingspace_request *out, Py_ssize_t at, PyObject *value)
{
    switch (at) {
    case 0:
        return read_operation(&out->operation, value);
    case 1:
        return value_text(&out->account, value, "account");
    case 2:
        return value_text(&out->service, value, "service");
    case 3:
        return value_text(&out->url, value, "url");
    case 4:
        return value_text(&out->username, value, "username");
    case 5:
        return value_secret(&out->password, value, "password");
    case 6:
        return value_text(&out->method, value, "method");
    case 7:
        return value_text(&out->path, value, "path");
    case 8:
        return read_data(out, value);
    case 9:
        out->timeout_ms = PyLong_AsLongLong(value);
        return out->timeout_ms != -1 || !PyErr_Occurred();
    case 10:
        return value_text(&out->api, value, "api");
    default:
        out->flags = (unsigned)PyLong_AsUnsignedLong(value);
        return !PyErr_Occurred();
    }
}

bool request_read(thingspace_request *out, PyObject *const *args, Py_ssize_t count)
{
    *out = (thingspace_request)THINGSPACE_REQUEST_INIT;
    if (count < 1 || count > 12) {
        PyErr_SetString(PyExc_TypeError, "a request has 1 to 12 arguments");
        return false;
    }
    for (Py_ssize_t i = 0; i < count; i++) {
        if (!read_at(out, i, args[i]))
            return false;
    }
    return true;
}
