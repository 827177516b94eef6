/* SPDX-License-Identifier: MIT */
/*
 * What hooks see: call, request, response, failure, event. Every hook gets objects of its own; when
 * it has returned they are stale, and say so when they are used.
 */
#include <stdint.h>
#include <string.h>
#include "handle.h"

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

thingspace_hook *handle_hook(PyObject *self)
{
    thingspace_hook *hook = ((handle *)self)->hook;
    if (!hook)
        failure_usage("stale handle: what a hook was given works while it runs");
    return hook;
}

PyObject *handle_refused(thingspace_hook *hook)
{
    static const char stale[] = "stale handle: "; /* so begins what the phase does not offer, too */
    const char *reason = thingspace_hook_reason(hook);
    if (reason && strncmp(reason, stale, strlen(stale)) == 0)
        reason += strlen(stale);
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
    thingspace_hook *hook = handle_hook(self);
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
    thingspace_hook *hook = handle_hook(self);
    return hook ? PyLong_FromLongLong(number(hook, field)) : NULL;
}

/* An HTTP status: 0 is None. */
static PyObject *get_status(PyObject *self, void *field)
{
    thingspace_hook *hook = handle_hook(self);
    if (hook && number(hook, field) == 0)
        Py_RETURN_NONE;
    return hook ? PyLong_FromLongLong(number(hook, field)) : NULL;
}

static PyObject *get_flag(PyObject *self, void *field)
{
    thingspace_hook *hook = handle_hook(self);
    return hook ? PyBool_FromLong(number(hook, field) != 0) : NULL;
}

static PyObject *get_object(PyObject *self, void *field)
{
    thingspace_hook *hook = handle_hook(self);
    return hook ? value_read_json(
                      thingspace_hook_json(hook, (thingspace_hook_json_field)(intptr_t)field))
                : NULL;
}

/* A part of the event. */
static PyObject *get_member(PyObject *self, void *pointer)
{
    thingspace_hook *hook = handle_hook(self);
    return hook ? value_read_json(thingspace_hook_event_member(hook, pointer)) : NULL;
}

/* --- call --- */

static PyObject *get_vars(PyObject *self, void *none)
{
    static PyObject *vars;
    (void)none;
    return handle_hook(self) ? value_pass(&vars, "Vars", self) : NULL;
}

static PyObject *var_method(PyObject *self, PyObject *name)
{
    thingspace_hook *hook = handle_hook(self);
    const char *wanted;
    if (!hook || !value_text(&wanted, name, "name"))
        return NULL;
    return value_of_text(wanted ? thingspace_hook_var_json(hook, wanted) : NULL);
}

static PyObject *all_vars_method(PyObject *self, PyObject *none)
{
    thingspace_hook *hook = handle_hook(self);
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
    thingspace_hook *hook = handle_hook(self);
    const char *name, *json;
    if (!hook || !read_pair(&name, &json, args))
        return NULL;
    return none_or_refused(thingspace_hook_set_var_json(hook, name, json), hook);
}

static PyObject *log_method(PyObject *self, PyObject *line)
{
    thingspace_hook *hook = handle_hook(self);
    const char *text;
    if (!hook || !value_text(&text, line, "line"))
        return NULL;
    thingspace_hook_log(hook, text);
    Py_RETURN_NONE;
}

/* --- header fields and query --- */

bool handle_is_request(PyObject *self)
{
    return Py_TYPE(self) == types[HANDLE_REQUEST];
}

static PyObject *header_method(PyObject *self, PyObject *name)
{
    thingspace_hook *hook = handle_hook(self);
    const char *wanted;
    if (!hook || !value_text(&wanted, name, "name"))
        return NULL;
    return value_of_text(handle_is_request(self) ? thingspace_hook_request_header(hook, wanted)
                                                 : thingspace_hook_response_header(hook, wanted));
}

static PyObject *put_header(PyObject *self, thingspace_hook *hook, const char *name,
                            const char *value)
{
    return none_or_refused(handle_is_request(self)
                               ? thingspace_hook_set_request_header(hook, name, value)
                               : thingspace_hook_set_response_header(hook, name, value),
                           hook);
}

static PyObject *set_header_method(PyObject *self, PyObject *args)
{
    thingspace_hook *hook = handle_hook(self);
    const char *name, *value;
    if (!hook || !read_pair(&name, &value, args))
        return NULL;
    if (!value)
        return PyErr_Format(PyExc_TypeError, "value must be str; remove_header removes");
    return put_header(self, hook, name, value);
}

static PyObject *remove_header_method(PyObject *self, PyObject *name)
{
    thingspace_hook *hook = handle_hook(self);
    const char *wanted;
    if (!hook || !value_text(&wanted, name, "name"))
        return NULL;
    return put_header(self, hook, wanted, NULL);
}

static PyObject *query_method(PyObject *self, PyObject *name)
{
    thingspace_hook *hook = handle_hook(self);
    const char *wanted;
    if (!hook || !value_text(&wanted, name, "name"))
        return NULL;
    return value_of_text(thingspace_hook_request_query(hook, wanted));
}

static PyObject *set_query_method(PyObject *self, PyObject *args)
{
    thingspace_hook *hook = handle_hook(self);
    const char *name, *value;
    if (!hook || !read_pair(&name, &value, args))
        return NULL;
    return none_or_refused(thingspace_hook_set_request_query(hook, name, value), hook);
}

/* --- failure and event --- */

static PyObject *set_failure(PyObject *self, PyObject *value, const char *name,
                             int (*set)(thingspace_hook *hook, const char *text))
{
    thingspace_hook *hook = handle_hook(self);
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
    thingspace_hook *hook = handle_hook(self);
    (void)none;
    return hook ? value_of_text(thingspace_hook_event_json(hook)) : NULL;
}

static PyObject *event_json_method(PyObject *self, PyObject *none)
{
    thingspace_hook *hook = handle_hook(self);
    (void)none;
    return hook ? value_read_json(thingspace_hook_event_json(hook)) : NULL;
}

/* --- how they look --- */

static const thingspace_hook_text_field shown[HANDLE_COUNT][2] = {
    [HANDLE_CALL] = {THINGSPACE_FIELD_CALL_OPERATION, THINGSPACE_FIELD_CALL_ACCOUNT},
    [HANDLE_REQUEST] = {THINGSPACE_FIELD_REQUEST_METHOD, THINGSPACE_FIELD_REQUEST_PATH},
    [HANDLE_FAILURE] = {THINGSPACE_FIELD_FAILURE_KIND, THINGSPACE_FIELD_FAILURE_MESSAGE},
    [HANDLE_EVENT] = {THINGSPACE_FIELD_EVENT_OPERATION, THINGSPACE_FIELD_EVENT_ACCOUNT},
};

static int kind_of(PyObject *self)
{
    int kind = 0;
    while (kind < HANDLE_COUNT - 1 && Py_TYPE(self) != types[kind])
        kind++;
    return kind;
}

static PyObject *show(PyObject *self)
{
    static const char *const names[] = {"Call", "Request", "Response", "Failure", "Event"};
    thingspace_hook *hook = ((handle *)self)->hook;
    int kind = kind_of(self);
    if (!hook)
        return PyUnicode_FromFormat("<thingspace.%s, stale>", names[kind]);
    if (kind == HANDLE_RESPONSE)
        return PyUnicode_FromFormat(
            "<thingspace.Response %d>",
            (int)thingspace_hook_number(hook, THINGSPACE_FIELD_RESPONSE_STATUS));
    PyObject *first = value_of_text(thingspace_hook_text(hook, shown[kind][0]));
    PyObject *second = value_of_text(thingspace_hook_text(hook, shown[kind][1]));
    PyObject *text = first && second
                         ? PyUnicode_FromFormat("<thingspace.%s %S %S>", names[kind], first, second)
                         : NULL;
    Py_XDECREF(first);
    Py_XDECREF(second);
    return text;
}

/* --- tables --- */

#define FIELD(id) ((void *)(intptr_t)THINGSPACE_FIELD_##id)
#define TEXT(name, id, doc)                                                                        \
    {                                                                                              \
        name, get_text, NULL, doc, FIELD(id)                                                       \
    }
#define END                                                                                        \
    {                                                                                              \
        NULL, NULL, NULL, NULL, NULL                                                               \
    }

static PyGetSetDef call_fields[] = {
    TEXT("account", CALL_ACCOUNT, "str: the billing account's name."),
    TEXT("operation", CALL_OPERATION, "str: register, list, deregister or call."),
    TEXT("service", CALL_SERVICE, "str, or None when the operation has none: callback service."),
    TEXT("url", CALL_URL, "str, or None when the operation has none: the listener's URL."),
    TEXT("id", CALL_ID, "str: 16 hexadecimal digits, others for each call."),
    TEXT("endpoint", CALL_ENDPOINT, "str, or None when nobody could decide: endpoint's name."),
    TEXT("reason", CALL_REASON, "str or None: why, the option `reason` of the client."),
    TEXT("plan", CALL_PLAN, "str, or None outside of an apply: the plan's id."),
    {"attempt", get_number, NULL, "int: HTTP attempts made so far; 0 before the first.",
     FIELD(CALL_ATTEMPT)},
    {"dry_run", get_flag, NULL, "bool: nothing will be sent: a preview, explain or plan.",
     FIELD(CALL_DRY_RUN)},
    {"tags", get_object, NULL, "dict: what the policy's resolve gave as tags; a copy.",
     FIELD(CALL_TAGS)},
    {"vars", get_vars, NULL,
     "A dict of texts, numbers and booleans that the hooks of this client share during this call; "
     "undone with a hook that fails.",
     NULL},
    END,
};

static PyMethodDef call_methods[] = {
    {"log", log_method, METH_O,
     "log($self, line, /)\n--\n\nWrites a line into the log, level INFO."},
    {"_var", var_method, METH_O, NULL},
    {"_set_var", set_var_method, METH_VARARGS, NULL},
    {"_vars", all_vars_method, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef request_fields[] = {
    TEXT("method", REQUEST_METHOD, "str: GET, POST, ..."),
    TEXT("path", REQUEST_PATH, "str: below the API's base, percent-encoded."),
    END,
};

#define MESSAGE_METHODS                                                                            \
    {"header", header_method, METH_O,                                                              \
     "header($self, name, /)\n--\n\nThe header field of that name, case ignored: str; *** for a "  \
     "secret, None when absent."},                                                                 \
        {"set_header", set_header_method, METH_VARARGS,                                            \
         "set_header($self, name, value, /)\n--\n\nSets or replaces a header field. Raises "       \
         "UsageError in another phase, and for what cannot be sent."},                             \
        {"remove_header", remove_header_method, METH_O,                                            \
         "remove_header($self, name, /)\n--\n\nRemoves a header field. Raises UsageError."},       \
        {"json", handle_json, METH_NOARGS,                                                         \
         "json($self, /)\n--\n\nA copy of the body as Python values, in which secrets are *** "    \
         "and "                                                                                    \
         "may be put back; None when there is none. Raises UsageError for what is no JSON."},      \
        {"set_json", handle_set_json, METH_O,                                                      \
         "set_json($self, value, /)\n--\n\nReplaces the body. A Secret may stand in a request "    \
         "for "                                                                                    \
         "a text. Raises UsageError."},                                                            \
    {                                                                                              \
        "text", handle_text, METH_NOARGS,                                                          \
            "text($self, /)\n--\n\nThe body as JSON text, secrets as ***; empty when there is "    \
            "none."                                                                                \
    }

static PyMethodDef request_methods[] = {
    MESSAGE_METHODS,
    {"query", query_method, METH_O,
     "query($self, name, /)\n--\n\nThe query parameter, not encoded: str, or None when absent."},
    {"set_query", set_query_method, METH_VARARGS,
     "set_query($self, name, value, /)\n--\n\nSets a query parameter, which is encoded for you; "
     "None "
     "removes it. Raises UsageError."},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef response_fields[] = {
    {"status", get_number, NULL, "int: the HTTP status.", FIELD(RESPONSE_STATUS)},
    END,
};

static PyMethodDef response_methods[] = {
    MESSAGE_METHODS,
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef failure_fields[] = {
    TEXT("kind", FAILURE_KIND, "str: service, network, denied, ...: as Error.kind."),
    TEXT("message", FAILURE_MESSAGE, "str: one line."),
    TEXT("code", FAILURE_CODE, "str or None: the service's or the denying hook's code."),
    {"status", get_status, NULL, "int, or None without an answer: the HTTP status that decided.",
     FIELD(FAILURE_STATUS)},
    END,
};

static PyMethodDef failure_methods[] = {
    {"set_message", set_message_method, METH_O,
     "set_message($self, value, /)\n--\n\nReplaces the message. Raises UsageError."},
    {"set_code", set_code_method, METH_O,
     "set_code($self, value, /)\n--\n\nReplaces the code. Raises UsageError."},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef event_fields[] = {
    TEXT("id", EVENT_ID, "str: the call's id."),
    TEXT("account", EVENT_ACCOUNT, "str: the billing account's name."),
    TEXT("operation", EVENT_OPERATION, "str: register, list, deregister or call."),
    TEXT("service", EVENT_SERVICE, "str or None: the callback service."),
    TEXT("url", EVENT_URL, "str or None: the listener's URL that was asked for."),
    TEXT("method", EVENT_METHOD, "str or None: GET, POST, ..."),
    TEXT("path", EVENT_PATH, "str or None: below the API's base."),
    TEXT("tenant", EVENT_TENANT, "str or None: the tenant whose script decided."),
    TEXT("kind", EVENT_KIND, "str: ok, or the kind of the failure."),
    TEXT("message", EVENT_MESSAGE, "str or None: the failure's message."),
    TEXT("code", EVENT_CODE, "str or None: the failure's code."),
    TEXT("reason", EVENT_REASON, "str or None: why, the option `reason` of the client."),
    TEXT("plan", EVENT_PLAN, "str, or None outside of an apply: the plan's id."),
    TEXT("replied_by", EVENT_REPLIED_BY,
         "str or None: the hook that answered in place of the service."),
    {"time_ms", get_number, NULL, "int: when the call began, milliseconds since 1970.",
     FIELD(EVENT_TIME_MS)},
    {"duration_ms", get_number, NULL, "int: how long the call took, milliseconds.",
     FIELD(EVENT_DURATION_MS)},
    {"status", get_status, NULL, "int or None: the HTTP status of the last answer.",
     FIELD(EVENT_STATUS)},
    {"attempts", get_member, NULL,
     "A list of dicts with what, status, kind and ms: sending, tokens, logins, read-backs.",
     (void *)"/attempts"},
    {"changes", get_member, NULL,
     "A list of dicts with instance, tenant, phase, field, before and after: what hooks changed, "
     "redacted.",
     (void *)"/changes"},
    END,
};

static PyMethodDef event_methods[] = {
    {"json", event_json_method, METH_NOARGS,
     "json($self, /)\n--\n\nAll of it, as a dict with the names of the audit file."},
    {"text", event_text_method, METH_NOARGS,
     "text($self, /)\n--\n\nAll of it, as one line of JSON."},
    {NULL, NULL, 0, NULL},
};

static PyTypeObject *make_type(PyObject *module, const char *name, const char *doc,
                               PyGetSetDef *fields, PyMethodDef *methods)
{
    PyType_Slot slots[] = {
        {Py_tp_doc, (void *)(uintptr_t)doc},
        {Py_tp_dealloc, SLOT(dealloc)},
        {Py_tp_repr, SLOT(show)},
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
    types[HANDLE_CALL] = make_type(module, "thingspace.Call", "The call that a hook runs for.",
                                   call_fields, call_methods);
    types[HANDLE_REQUEST] = make_type(
        module, "thingspace.Request",
        "What is about to be sent. Hooks of request may change it, those of check may look.",
        request_fields, request_methods);
    types[HANDLE_RESPONSE] =
        make_type(module, "thingspace.Response", "What was answered, for hooks of response.",
                  response_fields, response_methods);
    types[HANDLE_FAILURE] =
        make_type(module, "thingspace.Failure", "How a call failed, and what its caller is told.",
                  failure_fields, failure_methods);
    types[HANDLE_EVENT] = make_type(module, "thingspace.Event",
                                    "What came of a call, for hooks of audit. No secret is in it.",
                                    event_fields, event_methods);
    for (int i = 0; i < HANDLE_COUNT; i++) {
        if (!types[i])
            return false;
    }
    return true;
}
