/* SPDX-License-Identifier: MIT */
/*
 * Options of a client from a dict, and the functions of the program that are among them: the log,
 * what a policy decides, what asks for a credential.
 */
#include <stdlib.h>
#include <string.h>
#include "core.h"

/* --- the log --- */

static void write_log(void *user, thingspace_log_level level, const char *line)
{
    core *self = user;
    PyGILState_STATE state = PyGILState_Ensure();
    PyObject *type, *value, *trace;
    PyErr_Fetch(&type, &value, &trace);
    PyObject *text = value_of_text(line);
    PyObject *number = PyLong_FromLong(level);
    PyObject *none = text && number && self->log
                         ? PyObject_CallFunctionObjArgs(self->log, number, text, NULL)
                         : NULL;
    if (!none)
        failure_tell(self, self->log);
    Py_XDECREF(none);
    Py_XDECREF(number);
    Py_XDECREF(text);
    PyErr_Restore(type, value, trace);
    PyGILState_Release(state);
}

/* --- reading a dict --- */

static PyObject *item(PyObject *options, const char *name)
{
    PyObject *found = PyDict_GetItemString(options, name); /* borrowed */
    return found == Py_None ? NULL : found;
}

static bool read_text(const char **out, PyObject *options, const char *name)
{
    return value_text(out, item(options, name), name);
}

static bool read_number(long long *out, PyObject *options, const char *name)
{
    PyObject *found = item(options, name);
    *out = found ? PyLong_AsLongLong(found) : 0;
    return *out != -1 || !PyErr_Occurred();
}

static bool read_function(PyObject **out, PyObject *options, const char *name)
{
    PyObject *found = item(options, name);
    if (found && !PyCallable_Check(found))
        return value_wrong(found, name, "a function");
    Py_XINCREF(found);
    *out = found;
    return true;
}

/* A list of texts, kept in the room. */
static bool read_list(const char *const **out, option_room *room, PyObject *options,
                      const char *name)
{
    PyObject *found = item(options, name);
    if (!found)
        return true;
    if (!PyList_Check(found)) {
        PyErr_Format(PyExc_TypeError, "%s must be a list", name);
        return false;
    }
    Py_ssize_t count = PyList_Size(found);
    const char **list = calloc((size_t)count + 1, sizeof(*list));
    if (!list) {
        PyErr_NoMemory();
        return false;
    }
    room->lists[room->list_count++] = list;
    *out = list;
    for (Py_ssize_t i = 0; i < count; i++) {
        if (!value_text(&list[i], PyList_GetItem(found, i), name))
            return false;
        if (!list[i]) {
            PyErr_Format(PyExc_TypeError, "%s must be texts, not None", name);
            return false;
        }
    }
    return true;
}

static bool read_secrets(option_room *room, PyObject *options)
{
    PyObject *found = item(options, "secrets"), *key, *value;
    Py_ssize_t at = 0, i = 0;
    if (!found)
        return true;
    if (!PyDict_Check(found)) {
        PyErr_SetString(PyExc_TypeError, "secrets must be a dict");
        return false;
    }
    room->secrets = calloc((size_t)PyDict_Size(found) + 1, sizeof(*room->secrets));
    if (!room->secrets) {
        PyErr_NoMemory();
        return false;
    }
    while (PyDict_Next(found, &at, &key, &value)) {
        if (!value_text(&room->secrets[i].name, key, "the name of a secret") ||
            !value_secret(&room->secrets[i].secret, value, "a named secret"))
            return false;
        i++;
    }
    room->options.secrets = room->secrets;
    return true;
}

static bool read_texts(option_room *room, PyObject *options)
{
    thingspace_client_options *out = &room->options;
    return read_text(&out->policy_file, options, "policy_file") &&
           read_text(&out->policy_text, options, "policy_text") &&
           read_text(&out->policy_name, options, "policy_name") &&
           read_text(&out->policy_folder, options, "policy_folder") &&
           read_text(&out->state_dir, options, "state_dir") &&
           read_text(&out->ca_file, options, "ca_file") &&
           read_text(&out->proxy, options, "proxy") &&
           read_text(&out->plugin_path, options, "plugin_path") &&
           read_text(&out->reason, options, "reason");
}

static bool read_rest(option_room *room, core *self, PyObject *options)
{
    thingspace_client_options *out = &room->options;
    long long flags, level;
    bool good = read_number(&flags, options, "flags") &&
                read_number(&level, options, "log_level") &&
                read_number(&out->timeout_ms, options, "timeout_ms") &&
                read_list(&out->settings, room, options, "settings") &&
                read_list(&out->plugins, room, options, "plugins") && read_secrets(room, options) &&
                read_function(&self->log, options, "log") &&
                read_function(&self->resolve, options, "resolve") &&
                read_function(&self->listeners, options, "listeners") &&
                read_function(&self->ask, options, "ask");
    if (!good)
        return false;
    out->flags = (unsigned)flags;
    out->log_level = (thingspace_log_level)level;
    self->queueing = flags & THINGSPACE_FOREIGN_LOOP;
    return true;
}

bool options_read(option_room *room, core *self, PyObject *options)
{
    *room = (option_room){.options = THINGSPACE_CLIENT_OPTIONS_INIT};
    if (!read_texts(room, options) || !read_rest(room, self, options))
        return false;
    thingspace_client_options *out = &room->options;
    out->log = self->log ? write_log : NULL;
    out->resolve = self->resolve ? policy_resolve : NULL;
    out->listeners = self->listeners ? policy_listeners : NULL;
    out->ask = self->ask ? policy_ask : NULL;
    out->log_user = out->resolve_user = out->listeners_user = out->ask_user = self;
    return true;
}

void options_dispose(option_room *room)
{
    while (room->list_count > 0)
        free(room->lists[--room->list_count]);
    free(room->secrets);
}
