/* SPDX-License-Identifier: MIT */
/*
 * Secret: bytes in the library's locked memory. Nothing gives them back: no text, no comparison by
 * content, no pickle, no copy but itself.
 */
#include <string.h>
#include "core.h"

typedef struct secret {
    PyObject ob_base;
    thingspace_secret *held;
} secret;

PyTypeObject *secret_type;

PyObject *secret_wrap(thingspace_secret *held)
{
    secret *self = PyObject_New(secret, secret_type);
    if (self)
        self->held = held;
    else
        thingspace_secret_free(held);
    return (PyObject *)self;
}

bool value_secret(thingspace_secret **out, PyObject *value, const char *name)
{
    *out = NULL;
    if (!value || value == Py_None)
        return true;
    if (!PyObject_TypeCheck(value, secret_type))
        return value_wrong(value, name, "thingspace.Secret or None");
    *out = ((secret *)value)->held;
    return true;
}

static PyObject *copy_bytes(const void *bytes, size_t size)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_secret *held = NULL;
    if (thingspace_secret_new(&held, bytes, size, &error) != THINGSPACE_OK)
        return failure_raise(NULL, &error);
    return secret_wrap(held);
}

/* The exception of a text that has no bytes would hold the text. */
static PyObject *copy_text(PyObject *value)
{
    Py_ssize_t size;
    const char *text = PyUnicode_AsUTF8AndSize(value, &size);
    if (text)
        return copy_bytes(text, (size_t)size);
    if (PyErr_ExceptionMatches(PyExc_UnicodeError)) {
        PyErr_Clear();
        PyErr_SetString(PyExc_ValueError, "a secret must be Unicode without lone surrogates");
    }
    return NULL;
}

/* Bytes, a bytearray (which the caller can wipe), or a text. */
static PyObject *copy_value(PyObject *value)
{
    Py_buffer view;
    if (PyUnicode_Check(value))
        return copy_text(value);
    if (!PyObject_CheckBuffer(value)) {
        value_wrong(value, "what a secret is made of", "str or bytes");
        return NULL;
    }
    if (PyObject_GetBuffer(value, &view, PyBUF_SIMPLE) < 0)
        return NULL;
    PyObject *made = copy_bytes(view.buf, (size_t)view.len);
    PyBuffer_Release(&view);
    return made;
}

static PyObject *make(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *value;
    (void)type;
    if (kwargs && PyDict_Size(kwargs) > 0)
        return PyErr_Format(PyExc_TypeError, "Secret takes no keyword arguments");
    return PyArg_ParseTuple(args, "O:Secret", &value) ? copy_value(value) : NULL;
}

static void dealloc(PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    thingspace_secret_free(((secret *)object)->held);
    PyObject_Free(object);
    Py_DECREF(type);
}

static PyObject *from_file(PyObject *type, PyObject *path)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_secret *held = NULL;
    PyObject *encoded;
    (void)type;
    if (!PyUnicode_FSConverter(path, &encoded))
        return NULL;
    PyThreadState *saved = core_release();
    thingspace_status status =
        thingspace_secret_from_file(&held, PyBytes_AsString(encoded), NULL, NULL, &error);
    core_regain(saved);
    Py_DECREF(encoded);
    return status == THINGSPACE_OK ? secret_wrap(held) : failure_raise(NULL, &error);
}

static PyObject *show(PyObject *self)
{
    (void)self;
    return PyUnicode_FromString("Secret(***)");
}

static PyObject *print(PyObject *self)
{
    (void)self;
    return PyUnicode_FromString("***");
}

static PyObject *refuse_copy(PyObject *self, PyObject *protocol)
{
    (void)self;
    (void)protocol;
    return PyErr_Format(PyExc_TypeError, "a secret cannot be pickled");
}

static PyObject *itself(PyObject *self, PyObject *memo)
{
    (void)memo;
    return Py_NewRef(self);
}

static PyMethodDef methods[] = {
    {"from_file", from_file, METH_O | METH_CLASS,
     "from_file($type, path, /)\n--\n\nThe content of a file without the end of its last line; no "
     "str of it is ever made. Raises LocalError when it cannot be read."},
    {"__reduce_ex__", refuse_copy, METH_O, NULL},
    {"__copy__", itself, METH_NOARGS, NULL},
    {"__deepcopy__", itself, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static char doc[] =
    "Secret(value, /)\n--\n\nA password or key in locked memory, from str or bytes. It prints as "
    "*** and nothing reads it back; it cannot be compared or pickled. Raises TypeError, "
    "ValueError.";

static PyType_Slot slots[] = {
    {Py_tp_doc, doc},
    {Py_tp_new, SLOT(make)},
    {Py_tp_dealloc, SLOT(dealloc)},
    {Py_tp_repr, SLOT(show)},
    {Py_tp_str, SLOT(print)},
    {Py_tp_methods, methods},
    {0, NULL},
};

static PyType_Spec spec = {"thingspace.Secret", sizeof(secret), 0,
                           Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE, slots};

bool secret_setup(PyObject *module)
{
    secret_type = module_type(module, &spec);
    return secret_type;
}
