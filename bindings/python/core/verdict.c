/* SPDX-License-Identifier: MIT */
/*
 * Verdicts: what deny, reply, stop and wait make for a hook to return. A thread counts what it
 * made, so that one which was made and not returned is noticed.
 */
#include "core.h"

typedef struct verdict {
    PyObject ob_base;
    thingspace_hook_result kind;
    PyObject *text;   /* deny: the code; reply: the body, written */
    PyObject *more;   /* deny: the text; reply: a dict of header fields */
    long long number; /* reply: the status; wait: milliseconds */
} verdict;

static PyTypeObject *verdict_type;
static _Thread_local unsigned made;

unsigned verdict_count(void)
{
    return made;
}

void verdict_forget(unsigned count)
{
    made = count;
}

bool verdict_is(PyObject *value)
{
    return Py_TYPE(value) == verdict_type;
}

static PyObject *make(thingspace_hook_result kind, PyObject *text, PyObject *more, long long number)
{
    verdict *self = PyObject_New(verdict, verdict_type);
    if (!self)
        return NULL;
    self->kind = kind;
    self->text = Py_NewRef(text);
    self->more = Py_NewRef(more);
    self->number = number;
    made++;
    return (PyObject *)self;
}

static void dealloc(PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    Py_DECREF(((verdict *)object)->text);
    Py_DECREF(((verdict *)object)->more);
    PyObject_Free(object);
    Py_DECREF(type);
}

static PyObject *show(PyObject *object)
{
    verdict *self = (verdict *)object;
    switch (self->kind) {
    case THINGSPACE_HOOK_DENY:
        return PyUnicode_FromFormat("thingspace.deny(%R, %R)", self->text, self->more);
    case THINGSPACE_HOOK_REPLY:
        return PyUnicode_FromFormat("thingspace.reply(%lld, ...)", self->number);
    case THINGSPACE_HOOK_WAIT:
        return PyUnicode_FromFormat("thingspace.wait(%lld)", self->number);
    default:
        return PyUnicode_FromString("thingspace.stop()");
    }
}

/* --- makers --- */

static PyObject *deny(PyObject *module, PyObject *args, PyObject *kwargs)
{
    static const char *const names[] = {"code", "text", NULL};
    PyObject *code = Py_None, *text = Py_None;
    const char *ignored;
    (void)module;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|OO:deny", (char **)(uintptr_t)names, &code,
                                     &text) ||
        !value_text(&ignored, code, "code") || !value_text(&ignored, text, "text"))
        return NULL;
    return make(THINGSPACE_HOOK_DENY, code, text, 0);
}

static PyObject *reply(PyObject *module, PyObject *args, PyObject *kwargs)
{
    static const char *const names[] = {"status", "json", "headers", NULL};
    PyObject *status = NULL, *json = Py_None, *headers = Py_None;
    (void)module;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|OOO:reply", (char **)(uintptr_t)names, &status,
                                     &json, &headers))
        return NULL;
    if (status && !PyLong_Check(status))
        value_wrong(status, "status", "int (the body is json=...)");
    else if (headers != Py_None && !PyDict_Check(headers))
        value_wrong(headers, "headers", "a dict or None");
    int number = status && !PyErr_Occurred() ? (int)PyLong_AsLong(status) : 200;
    return PyErr_Occurred() ? NULL : make(THINGSPACE_HOOK_REPLY, json, headers, number);
}

static PyObject *stop(PyObject *module, PyObject *none)
{
    (void)module;
    (void)none;
    return make(THINGSPACE_HOOK_STOP, Py_None, Py_None, 0);
}

/* Whole milliseconds; what is less than one is one. False with an exception. */
static bool read_ms(long long *out, PyObject *ms)
{
    if (PyLong_Check(ms)) {
        *out = PyLong_AsLongLong(ms);
        return *out != -1 || !PyErr_Occurred();
    }
    if (!PyFloat_Check(ms))
        return value_wrong(ms, "ms", "a number of milliseconds");
    double number = PyFloat_AsDouble(ms);
    if (!(number >= 0 && number <= 1e12)) {
        failure_usage("ms must be a number of milliseconds, from 0 on");
        return false;
    }
    *out = (long long)number + (number > (double)(long long)number);
    return true;
}

static PyObject *wait_for(PyObject *module, PyObject *ms)
{
    long long number = 0;
    (void)module;
    return read_ms(&number, ms) ? make(THINGSPACE_HOOK_WAIT, Py_None, Py_None, number) : NULL;
}

/* --- telling --- */

static int tell_headers(PyObject *headers, thingspace_hook *hook)
{
    PyObject *key, *value;
    Py_ssize_t at = 0;
    const char *name, *text;
    while (headers != Py_None && PyDict_Next(headers, &at, &key, &value)) {
        if (!value_text(&name, key, "the name of a header field") ||
            !value_text(&text, value, "a header field"))
            return THINGSPACE_HOOK_FAIL;
        if (thingspace_hook_reply_header(hook, name, text)) {
            handle_refused(hook);
            return THINGSPACE_HOOK_FAIL;
        }
    }
    return 0;
}

static int tell_reply(verdict *self, thingspace_hook *hook)
{
    const char *text = NULL;
    PyObject *secrets, *written = NULL;
    int answer = THINGSPACE_HOOK_FAIL;
    if (self->text != Py_None) {
        written = value_write_json(self->text);
        if (!written || !PyArg_ParseTuple(written, "sO!", &text, &PyList_Type, &secrets))
            goto end;
        if (PyList_Size(secrets) > 0) {
            failure_usage("a secret cannot be put into an answer");
            goto end;
        }
    }
    answer = thingspace_hook_reply(hook, (int)self->number, text);
    if (answer != THINGSPACE_HOOK_FAIL && tell_headers(self->more, hook))
        answer = THINGSPACE_HOOK_FAIL;
    else if (answer == THINGSPACE_HOOK_FAIL)
        handle_refused(hook);
end:
    Py_XDECREF(written);
    return answer;
}

static int tell_denial(verdict *self, thingspace_hook *hook)
{
    const char *code, *text;
    if (!value_text(&code, self->text, "code") || !value_text(&text, self->more, "text"))
        return THINGSPACE_HOOK_FAIL;
    return thingspace_hook_deny(hook, code, text);
}

int verdict_tell(PyObject *object, thingspace_hook *hook)
{
    verdict *self = (verdict *)object;
    int answer;
    switch (self->kind) {
    case THINGSPACE_HOOK_STOP:
        return thingspace_hook_stop(hook);
    case THINGSPACE_HOOK_DENY:
        return tell_denial(self, hook);
    case THINGSPACE_HOOK_WAIT:
        answer = thingspace_hook_wait(hook, self->number);
        if (answer == THINGSPACE_HOOK_FAIL)
            handle_refused(hook);
        return answer;
    default:
        return tell_reply(self, hook);
    }
}

static PyMethodDef makers[] = {
    {"deny", (PyCFunction)(void (*)(void))deny, METH_VARARGS | METH_KEYWORDS,
     "deny(code=None, text=None)\n--\n\n"
     "For a hook to return: nothing is sent, and the call fails with DeniedError.\n\n"
     "code    str or None: a short name for programs, Error.code\n"
     "text    str or None: a line for people, in Error.message"},
    {"reply", (PyCFunction)(void (*)(void))reply, METH_VARARGS | METH_KEYWORDS,
     "reply(status=200, json=None, headers=None)\n--\n\n"
     "For a hook of request to return: this is the answer, and nothing is sent.\n\n"
     "status  int: the HTTP status\n"
     "json    the body as Python values; None: no body\n"
     "headers dict of str, or None: header fields"},
    {"stop", stop, METH_NOARGS,
     "stop()\n--\n\nFor a hook to return: the later hooks of this client do not run in this "
     "phase."},
    {"wait", wait_for, METH_O,
     "wait(ms, /)\n--\n\n"
     "For a hook of request or response to return: the call rests, without keeping others waiting, "
     "then\nthe next hook runs. The call's timeout holds.\n\n"
     "ms      int or float: milliseconds; a fraction of one is one"},
    {NULL, NULL, 0, NULL},
};

static char doc[] = "What deny(), reply(), stop() and wait() make, for a hook to return.";

static PyType_Slot slots[] = {
    {Py_tp_doc, doc},
    {Py_tp_dealloc, SLOT(dealloc)},
    {Py_tp_repr, SLOT(show)},
    {0, NULL},
};

static PyType_Spec spec = {
    "thingspace.Verdict", sizeof(verdict), 0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_DISALLOW_INSTANTIATION, slots};

bool verdict_setup(PyObject *module)
{
    verdict_type = module_type(module, &spec);
    return verdict_type && PyModule_AddFunctions(module, makers) == 0;
}
