/* SPDX-License-Identifier: MIT */
/* Texts and JSON, from and to Python. */
#include <string.h>
#include "core.h"

bool value_wrong(PyObject *value, const char *name, const char *wanted)
{
    PyObject *type = PyType_GetName(Py_TYPE(value));
    if (type)
        PyErr_Format(PyExc_TypeError, "%s must be %s, not %U", name, wanted, type);
    Py_XDECREF(type);
    return false;
}

bool value_text(const char **out, PyObject *value, const char *name)
{
    Py_ssize_t size;
    *out = NULL;
    if (!value || value == Py_None)
        return true;
    if (!PyUnicode_Check(value))
        return value_wrong(value, name, "str or None");
    *out = PyUnicode_AsUTF8AndSize(value, &size);
    if (*out && strlen(*out) != (size_t)size) {
        *out = NULL;
        PyErr_Format(PyExc_ValueError, "%s has a NUL character in it", name);
    }
    return *out;
}

PyObject *value_of_text(const char *text)
{
    if (!text)
        Py_RETURN_NONE;
    return PyUnicode_DecodeUTF8(text, (Py_ssize_t)strlen(text), "replace");
}

PyObject *value_take_text(char *text)
{
    PyObject *value = value_of_text(text);
    thingspace_text_free(text);
    return value;
}

/* --- JSON --- */

PyObject *value_pass(PyObject **cache, const char *name, PyObject *argument)
{
    if (!*cache)
        *cache = module_helper("values", name);
    return *cache ? PyObject_CallFunctionObjArgs(*cache, argument, NULL) : NULL;
}

PyObject *value_write_json(PyObject *value)
{
    static PyObject *write;
    return value_pass(&write, "write_json", value);
}

PyObject *value_read_json(const char *text)
{
    static PyObject *read;
    if (!text)
        Py_RETURN_NONE;
    PyObject *value = value_of_text(text);
    PyObject *tree = value ? value_pass(&read, "read_json", value) : NULL;
    Py_XDECREF(value);
    return tree;
}
