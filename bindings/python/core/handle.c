/* SPDX-License-Identifier: MIT */
/*
 * What hooks see: call, request, response, failure, event. Every hook gets objects of its own; when
 * it has returned they are stale, and say so when they are used.
 */
#include <stdint.h>
#include <string.h>
#include "core.h"

typedef struct handle {
    PyObject ob_base;
    thingspace_hook *hook; /* NULL: stale */
} handle;

static PyTypeObject *types[HANDLE_COUNT];

PyObject *handle_make(handle_kind kind, thingspace_hook *hook)
{
    handle *self = PyObject_New(handle, types[kind]);
    if (self)
        self->hook = hook;
    return (PyObject *)self;
}

void handle_make_stale(PyObject *self)
{
    ((handle *)self)->hook = NULL;
}

static void dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_Free(self);
    Py_DECREF(type);
}

static thingspace_hook *hook_of(PyObject *self)
{
    thingspace_hook *hook = ((handle *)self)->hook;
    if (!hook)
        failure_usage("stale handle: what a hook was given works while it runs");
    return hook;
}

PyObject *handle_refused(thingspace_hook *hook)
{
    const char *reason = thingspace_hook_reason(hook);
    return failure_usage("%s", reason ? reason : "refused");
}

static PyObject *none_or_refused(int answer, thingspace_hook *hook)
{
    if (answer)
        return handle_refused(hook);
    Py_RETURN_NONE;
}

/* --- fields --- */

static PyObject *get_text(PyObject *self, void *field)
{
    thingspace_hook *hook = hook_of(self);
    return hook ? value_of_text(
                      thingspace_hook_text(hook, (thingspace_hook_text_field)(intptr_t)field))
                : NULL;
}

static long long number(thingspace_hook *hook, void *field)
{
    return thingspace_hook_number(hook, (thingspace_hook_number_field)(intptr_t)field);
}

static PyObject *get_number(PyObject *self, void *field)
{
    thingspace_hook *hook = hook_of(self);
    return hook ? PyLong_FromLongLong(number(hook, field)) : NULL;
}

/* An HTTP status: 0 is None. */
static PyObject *get_status(PyObject *self, void *field)
{
    thingspace_hook *hook = hook_of(self);
    if (hook && number(hook, field) == 0)
        Py_RETURN_NONE;
    return hook ? PyLong_FromLongLong(number(hook, field)) : NULL;
}

static PyObject *get_flag(PyObject *self, void *field)
{
    thingspace_hook *hook = hook_of(self);
    return hook ? PyBool_FromLong(number(hook, field) != 0) : NULL;
}

static PyObject *get_object(PyObject *self, void *field)
{
    thingspace_hook *hook = hook_of(self);
    return hook ? value_read_json(
                      thingspace_hook_json(hook, (thingspace_hook_json_field)(intptr_t)field))
                : NULL;
}

/* A part of the event. */
static PyObject *get_member(PyObject *self, void *pointer)
{
    thingspace_hook *hook = hook_of(self);
    return hook ? value_read_json(thingspace_hook_event_member(hook, pointer)) : NULL;
}

/* --- call --- */

static PyObject *get_vars(PyObject *self, void *none)
{
    static PyObject *vars;
    (void)none;
    return hook_of(self) ? value_pass(&vars, "Vars", self) : NULL;
}

static PyObject *var_method(PyObject *self, PyObject *name)
{
    thingspace_hook *hook = hook_of(self);
    const char *wanted;
    if (!hook || !value_text(&wanted, name, "name"))
        return NULL;
    return value_of_text(wanted ? thingspace_hook_var_json(hook, wanted) : NULL);
}

static PyObject *all_vars_method(PyObject *self, PyObject *none)
{
    thingspace_hook *hook = hook_of(self);
    (void)none;
    return hook ? value_of_text(thingspace_hook_json(hook, THINGSPACE_FIELD_CALL_VARS)) : NULL;
}

/* Two texts, the second of which may be None. */
static bool read_pair(const char **name, const char **value, PyObject *args)
{
    PyObject *first, *second;
    return PyArg_ParseTuple(args, "UO", &first, &second) && value_text(name, first, "name") &&
           value_text(value, second, "value");
}

static PyObject *set_var_method(PyObject *self, PyObject *args)
{
    thingspace_hook *hook = hook_of(self);
    const char *name, *json;
    if (!hook || !read_pair(&name, &json, args))
        return NULL;
    return none_or_refused(thingspace_hook_set_var_json(hook, name, json), hook);
}

static PyObject *log_method(PyObject *self, PyObject *line)
{
    thingspace_hook *hook = hook_of(self);
    const char *text;
    if (!hook || !value_text(&text, line, "line"))
        return NULL;
    thingspace_hook_log(hook, text);
    Py_RETURN_NONE;
}

/* --- header fields and query --- */

static bool is_request(PyObject *self)
{
    return Py_TYPE(self) == types[HANDLE_REQUEST];
}

static PyObject *header_method(PyObject *self, PyObject *name)
{
    thingspace_hook *hook = hook_of(self);
    const char *wanted;
    if (!hook || !value_text(&wanted, name, "name"))
        return NULL;
    return value_of_text(is_request(self) ? thingspace_hook_request_header(hook, wanted)
                                          : thingspace_hook_response_header(hook, wanted));
}

static PyObject *put_header(PyObject *self, thingspace_hook *hook, const char *name,
                            const char *value)
{
    return none_or_refused(is_request(self)
                               ? thingspace_hook_set_request_header(hook, name, value)
                               : thingspace_hook_set_response_header(hook, name, value),
                           hook);
}

static PyObject *set_header_method(PyObject *self, PyObject *args)
{
    thingspace_hook *hook = hook_of(self);
    const char *name, *value;
    if (!hook || !read_pair(&name, &value, args))
        return NULL;
    if (!value)
        return PyErr_Format(PyExc_TypeError, "value must be str; remove_header removes");
    return put_header(self, hook, name, value);
}

static PyObject *remove_header_method(PyObject *self, PyObject *name)
{
    thingspace_hook *hook = hook_of(self);
    const char *wanted;
    if (!hook || !value_text(&wanted, name, "name"))
        return NULL;
    return put_header(self, hook, wanted, NULL);
}

static PyObject *query_method(PyObject *self, PyObject *name)
{
    thingspace_hook *hook = hook_of(self);
    const char *wanted;
    if (!hook || !value_text(&wanted, name, "name"))
        return NULL;
    return value_of_text(thingspace_hook_request_query(hook, wanted));
}

static PyObject *set_query_method(PyObject *self, PyObject *args)
{
    thingspace_hook *hook = hook_of(self);
    const char *name, *value;
    if (!hook || !read_pair(&name, &value, args))
        return NULL;
    return none_or_refused(thingspace_hook_set_request_query(hook, name, value), hook);
}

/* --- bodies --- */

/* False with an exception: the body is no JSON. */
static bool read_body(const char **out, PyObject *self, thingspace_hook *hook)
{
    *out = is_request(self) ? thingspace_hook_request_member(hook, "")
                            : thingspace_hook_response_member(hook, "");
    const char *reason = *out ? NULL : thingspace_hook_reason(hook);
    if (reason)
        failure_usage("%s", reason);
    return !reason;
}

static PyObject *json_method(PyObject *self, PyObject *none)
{
    thingspace_hook *hook = hook_of(self);
    const char *text;
    (void)none;
    return hook && read_body(&text, self, hook) ? value_read_json(text) : NULL;
}

static PyObject *text_method(PyObject *self, PyObject *none)
{
    thingspace_hook *hook = hook_of(self);
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
    if (!is_request(self) && count > 0)
        return failure_usage("a secret cannot be put into an answer");
    int answer = is_request(self) ? thingspace_hook_set_request_member(hook, "", text)
                                  : thingspace_hook_set_response_member(hook, "", text);
    if (answer)
        return handle_refused(hook);
    for (Py_ssize_t i = 0; i < count; i++) {
        if (!put_secret(hook, PyList_GetItem(secrets, i)))
            return NULL;
    }
    Py_RETURN_NONE;
}

static PyObject *set_json_method(PyObject *self, PyObject *value)
{
    PyObject *secrets, *done = NULL;
    const char *text;
    if (!hook_of(self))
        return NULL;
    PyObject *written = value_write_json(value); /* may run code of the program */
    thingspace_hook *hook = written ? hook_of(self) : NULL;
    if (hook && PyArg_ParseTuple(written, "sO!", &text, &PyList_Type, &secrets))
        done = put_body(self, hook, text, secrets);
    Py_XDECREF(written);
    return done;
}

/* --- failure and event --- */

static PyObject *set_failure(PyObject *self, PyObject *value, const char *name,
                             int (*set)(thingspace_hook *hook, const char *text))
{
    thingspace_hook *hook = hook_of(self);
    const char *text;
    if (!hook || !value_text(&text, value, name))
        return NULL;
    return none_or_refused(set(hook, text), hook);
}

static PyObject *set_message_method(PyObject *self, PyObject *value)
{
    return set_failure(self, value, "message", thingspace_hook_set_failure_message);
}

static PyObject *set_code_method(PyObject *self, PyObject *value)
{
    return set_failure(self, value, "code", thingspace_hook_set_failure_code);
}

static PyObject *event_text_method(PyObject *self, PyObject *none)
{
    thingspace_hook *hook = hook_of(self);
    (void)none;
    return hook ? value_of_text(thingspace_hook_event_json(hook)) : NULL;
}

static PyObject *event_json_method(PyObject *self, PyObject *none)
{
    thingspace_hook *hook = hook_of(self);
    (void)none;
    return hook ? value_read_json(thingspace_hook_event_json(hook)) : NULL;
}

/* --- tables --- */

#define FIELD(id) ((void *)(intptr_t)THINGSPACE_FIELD_##id)
#define TEXT(name, id)                                                                             \
    {                                                                                              \
        name, get_text, NULL, NULL, FIELD(id)                                                      \
    }
#define END                                                                                        \
    {                                                                                              \
        NULL, NULL, NULL, NULL, NULL                                                               \
    }

static PyGetSetDef call_fields[] = {
    TEXT("account", CALL_ACCOUNT),
    TEXT("operation", CALL_OPERATION),
    TEXT("service", CALL_SERVICE),
    TEXT("url", CALL_URL),
    TEXT("id", CALL_ID),
    TEXT("endpoint", CALL_ENDPOINT),
    TEXT("reason", CALL_REASON),
    TEXT("plan", CALL_PLAN),
    {"attempt", get_number, NULL, NULL, FIELD(CALL_ATTEMPT)},
    {"dry_run", get_flag, NULL, NULL, FIELD(CALL_DRY_RUN)},
    {"tags", get_object, NULL, NULL, FIELD(CALL_TAGS)},
    {"vars", get_vars, NULL, NULL, NULL},
    END,
};

static PyMethodDef call_methods[] = {
    {"log", log_method, METH_O, NULL},
    {"_var", var_method, METH_O, NULL},
    {"_set_var", set_var_method, METH_VARARGS, NULL},
    {"_vars", all_vars_method, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef request_fields[] = {
    TEXT("method", REQUEST_METHOD),
    TEXT("path", REQUEST_PATH),
    END,
};

#define MESSAGE_METHODS                                                                            \
    {"header", header_method, METH_O, NULL},                                                       \
        {"set_header", set_header_method, METH_VARARGS, NULL},                                     \
        {"remove_header", remove_header_method, METH_O, NULL},                                     \
        {"json", json_method, METH_NOARGS, NULL}, {"set_json", set_json_method, METH_O, NULL},     \
    {                                                                                              \
        "text", text_method, METH_NOARGS, NULL                                                     \
    }

static PyMethodDef request_methods[] = {
    MESSAGE_METHODS,
    {"query", query_method, METH_O, NULL},
    {"set_query", set_query_method, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef response_fields[] = {
    {"status", get_number, NULL, NULL, FIELD(RESPONSE_STATUS)},
    END,
};

static PyMethodDef response_methods[] = {
    MESSAGE_METHODS,
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef failure_fields[] = {
    TEXT("kind", FAILURE_KIND),
    TEXT("message", FAILURE_MESSAGE),
    TEXT("code", FAILURE_CODE),
    {"status", get_status, NULL, NULL, FIELD(FAILURE_STATUS)},
    END,
};

static PyMethodDef failure_methods[] = {
    {"set_message", set_message_method, METH_O, NULL},
    {"set_code", set_code_method, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef event_fields[] = {
    TEXT("id", EVENT_ID),
    TEXT("account", EVENT_ACCOUNT),
    TEXT("operation", EVENT_OPERATION),
    TEXT("service", EVENT_SERVICE),
    TEXT("url", EVENT_URL),
    TEXT("method", EVENT_METHOD),
    TEXT("path", EVENT_PATH),
    TEXT("tenant", EVENT_TENANT),
    TEXT("kind", EVENT_KIND),
    TEXT("message", EVENT_MESSAGE),
    TEXT("code", EVENT_CODE),
    TEXT("reason", EVENT_REASON),
    TEXT("plan", EVENT_PLAN),
    TEXT("replied_by", EVENT_REPLIED_BY),
    {"time_ms", get_number, NULL, NULL, FIELD(EVENT_TIME_MS)},
    {"duration_ms", get_number, NULL, NULL, FIELD(EVENT_DURATION_MS)},
    {"status", get_status, NULL, NULL, FIELD(EVENT_STATUS)},
    {"attempts", get_member, NULL, NULL, (void *)"/attempts"},
    {"changes", get_member, NULL, NULL, (void *)"/changes"},
    END,
};

static PyMethodDef event_methods[] = {
    {"json", event_json_method, METH_NOARGS, NULL},
    {"text", event_text_method, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyTypeObject *make_type(PyObject *module, const char *name, PyGetSetDef *fields,
                               PyMethodDef *methods)
{
    PyType_Slot slots[] = {
        {Py_tp_dealloc, SLOT(dealloc)},
        {Py_tp_getset, fields},
        {Py_tp_methods, methods},
        {0, NULL},
    };
    PyType_Spec spec = {
        name, sizeof(handle), 0,
        Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_DISALLOW_INSTANTIATION, slots};
    return module_type(module, &spec);
}

bool handle_setup(PyObject *module)
{
    types[HANDLE_CALL] = make_type(module, "thingspace.Call", call_fields, call_methods);
    types[HANDLE_REQUEST] =
        make_type(module, "thingspace.Request", request_fields, request_methods);
    types[HANDLE_RESPONSE] =
        make_type(module, "thingspace.Response", response_fields, response_methods);
    types[HANDLE_FAILURE] =
        make_type(module, "thingspace.Failure", failure_fields, failure_methods);
    types[HANDLE_EVENT] = make_type(module, "thingspace.Event", event_fields, event_methods);
    for (int i = 0; i < HANDLE_COUNT; i++) {
        if (!types[i])
            return false;
    }
    return true;
}
