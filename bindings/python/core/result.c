/* SPDX-License-Identifier: MIT */
/* Result: what a call came to, with its failure as an exception. Values are made when asked for. */
#include "core.h"

typedef struct result {
    PyObject ob_base;
    thingspace_result *held;
    PyObject *error; /* NULL: none */
} result;

PyTypeObject *result_type;

PyObject *result_wrap(core *owner, thingspace_result *held)
{
    result *self = (result *)PyType_GenericNew(result_type, NULL, NULL);
    if (!self) {
        thingspace_result_free(held);
        return NULL;
    }
    self->held = held;
    if (thingspace_result_status(held) == THINGSPACE_OK)
        return (PyObject *)self;
    self->error = failure_make(owner, thingspace_result_error(held));
    if (!self->error)
        self->error = failure_take(); /* somebody waits for this result */
    return (PyObject *)self;
}

static thingspace_result *held_of(PyObject *self)
{
    return ((result *)self)->held;
}

static int visit_members(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(((result *)self)->error);
    return 0;
}

static int clear_members(PyObject *self)
{
    Py_CLEAR(((result *)self)->error);
    return 0;
}

static void finalize(PyObject *self)
{
    thingspace_result_free(held_of(self));
    ((result *)self)->held = NULL;
    clear_members(self);
}

static PyObject *get_error(PyObject *self, void *none)
{
    PyObject *error = ((result *)self)->error;
    (void)none;
    return Py_NewRef(error ? error : Py_None);
}

typedef const char *text_getter(const thingspace_result *result);

static PyObject *get_text(PyObject *self, void *getter)
{
    return value_of_text((*(text_getter **)getter)(held_of(self)));
}

static text_getter *const account = thingspace_result_account,
                          *const service = thingspace_result_service,
                          *const url = thingspace_result_url,
                          *const preview = thingspace_result_preview;

static PyObject *get_http_status(PyObject *self, void *none)
{
    (void)none;
    return PyLong_FromLong(thingspace_result_http_status(held_of(self)));
}

static PyObject *get_attempts(PyObject *self, void *none)
{
    (void)none;
    return PyLong_FromUnsignedLong(thingspace_result_attempts(held_of(self)));
}

static PyObject *get_body(PyObject *self, void *none)
{
    size_t size = 0;
    const char *body = thingspace_result_body(held_of(self), &size);
    (void)none;
    return PyBytes_FromStringAndSize(body, (Py_ssize_t)size);
}

static PyObject *get_signing_key(PyObject *self, void *none)
{
    thingspace_secret *key = thingspace_result_signing_key(held_of(self));
    (void)none;
    if (!key)
        Py_RETURN_NONE;
    return secret_wrap(thingspace_secret_ref(key));
}

static PyObject *describe(const thingspace_listener *row)
{
    return Py_BuildValue("(zzzzN)", row->account, row->service, row->url, row->username,
                         PyBool_FromLong(row->has_password));
}

/* (account, service, url, username, has_password) each. */
static PyObject *get_listeners(PyObject *self, void *none)
{
    thingspace_result *held = held_of(self);
    Py_ssize_t count = (Py_ssize_t)thingspace_result_count(held);
    PyObject *list = PyList_New(count);
    (void)none;
    for (Py_ssize_t i = 0; list && i < count; i++) {
        PyObject *row = describe(thingspace_result_listener(held, (size_t)i));
        if (!row || PyList_SetItem(list, i, row) < 0)
            Py_CLEAR(list);
    }
    return list;
}

static PyObject *header_method(PyObject *self, PyObject *name)
{
    const char *wanted;
    if (!value_text(&wanted, name, "name"))
        return NULL;
    return value_of_text(wanted ? thingspace_result_header(held_of(self), wanted) : NULL);
}

static PyMethodDef methods[] = {
    {"header", header_method, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef members[] = {
    {"error", get_error, NULL, NULL, NULL},
    {"account", get_text, NULL, NULL, (void *)&account},
    {"service", get_text, NULL, NULL, (void *)&service},
    {"url", get_text, NULL, NULL, (void *)&url},
    {"preview", get_text, NULL, NULL, (void *)&preview},
    {"http_status", get_http_status, NULL, NULL, NULL},
    {"attempts", get_attempts, NULL, NULL, NULL},
    {"body", get_body, NULL, NULL, NULL},
    {"signing_key", get_signing_key, NULL, NULL, NULL},
    {"listeners", get_listeners, NULL, NULL, NULL},
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

static PyType_Spec spec = {"thingspace._core.Result", sizeof(result), 0,
                           Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE |
                               Py_TPFLAGS_DISALLOW_INSTANTIATION,
                           slots};

bool result_setup(PyObject *module)
{
    result_type = module_type(module, &spec);
    return result_type;
}
