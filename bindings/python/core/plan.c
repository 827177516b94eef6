/* SPDX-License-Identifier: MIT */
/*
 * Plan: desired state against what is registered; and what takes long with it: making, applying,
 * importing. Progress and single changes are told to functions of the program while it lasts. What
 * such a function raises ends it.
 */
#include <stdlib.h>
#include "core.h"

typedef struct plan {
    PyObject ob_base;
    thingspace_plan *held;
} plan;

PyTypeObject *plan_type;

static PyObject *wrap(thingspace_plan *held)
{
    plan *self = PyObject_New(plan, plan_type);
    if (self)
        self->held = held;
    else
        thingspace_plan_free(held);
    return (PyObject *)self;
}

static void dealloc(PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    thingspace_plan_free(((plan *)object)->held);
    PyObject_Free(object);
    Py_DECREF(type);
}

/* --- telling the program --- */

/* Whom to tell; None is nobody. */
typedef struct listeners {
    core *owner;
    PyObject *progress, *change, *unread, *skipped;
} listeners;

/* Ends the wait: what was raised comes out of it. */
static void give_up(core *owner)
{
    PyObject *exception = failure_take();
    PyObject *old = owner->fatal;
    owner->fatal = exception;
    Py_XDECREF(old);
    owner->guard->interrupted = 1;
    thingspace_client_interrupt(owner->client);
}

/* Takes `args`. Once somebody gave up, nobody is told any more. */
static void tell(listeners *self, PyObject *function, PyObject *args)
{
    PyObject *none = NULL;
    if (!self->owner->fatal) {
        none = args && PyErr_CheckSignals() == 0 ? PyObject_CallObject(function, args) : NULL;
        if (!none)
            give_up(self->owner);
    }
    Py_XDECREF(none);
    Py_XDECREF(args);
}

static void tell_progress(void *user, size_t done, size_t total, size_t failed)
{
    listeners *self = user;
    PyGILState_STATE state = PyGILState_Ensure();
    tell(self, self->progress,
         Py_BuildValue("(nnn)", (Py_ssize_t)done, (Py_ssize_t)total, (Py_ssize_t)failed));
    PyGILState_Release(state);
}

static PyObject *failure_or_null(const thingspace_error *error)
{
    return error ? failure_make(NULL, error) : Py_NewRef(Py_None);
}

static void tell_change(void *user, const thingspace_change *change)
{
    listeners *self = user;
    PyGILState_STATE state = PyGILState_Ensure();
    tell(self, self->change,
         Py_BuildValue("(zzzzzNN)", change->account, change->service, change->api, change->action,
                       change->result, failure_or_null(change->error),
                       PyBool_FromLong(change->unchanged)));
    PyGILState_Release(state);
}

static void tell_unread(void *user, const char *account, const thingspace_error *error)
{
    listeners *self = user;
    PyGILState_STATE state = PyGILState_Ensure();
    tell(self, self->unread, Py_BuildValue("(zN)", account, failure_or_null(error)));
    PyGILState_Release(state);
}

static void tell_skipped(void *user, const char *account, const char *service, const char *api,
                         const char *why)
{
    listeners *self = user;
    PyGILState_STATE state = PyGILState_Ensure();
    tell(self, self->skipped, Py_BuildValue("(zzzz)", account, service, api, why));
    PyGILState_Release(state);
}

/* --- lists of texts --- */

/* None is NULL, and so is an empty list. */
static bool read_list(const char *const **out, PyObject *list, const char *name)
{
    *out = NULL;
    if (list == Py_None)
        return true;
    if (!PyList_Check(list)) {
        PyErr_Format(PyExc_TypeError, "%s must be a list or None", name);
        return false;
    }
    Py_ssize_t count = PyList_Size(list);
    const char **made = calloc((size_t)count + 1, sizeof(*made));
    if (!made) {
        PyErr_NoMemory();
        return false;
    }
    for (Py_ssize_t i = 0; i < count; i++) {
        if (!value_text(&made[i], PyList_GetItem(list, i), name) || !made[i]) {
            if (!PyErr_Occurred())
                PyErr_Format(PyExc_TypeError, "%s must be texts, not None", name);
            free(made);
            return false;
        }
    }
    *out = made;
    return true;
}

static void free_list(const char *const *list)
{
    free((void *)(size_t)list);
}

/* --- making --- */

static PyObject *make_plan(core *self, const thingspace_plan_options *options)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_plan *held = NULL;
    wait_guard guard;
    PyThreadState *saved = wait_begin(&guard, self);
    thingspace_status status = thingspace_plan_make(self->client, &held, options, &error);
    bool good = wait_end(&guard, self, saved);
    if (good && status == THINGSPACE_OK)
        return wrap(held);
    thingspace_plan_free(held);
    return good ? failure_raise(self, &error) : NULL;
}

/* plan(accounts, tags, services, progress, flags) */
PyObject *plan_make(PyObject *object, PyObject *const *args, Py_ssize_t count)
{
    core *self = (core *)object;
    thingspace_plan_options options = THINGSPACE_PLAN_OPTIONS_INIT;
    PyObject *made = NULL;
    if (count != 5)
        return PyErr_Format(PyExc_TypeError, "plan takes 5 arguments");
    listeners told = {.owner = self, .progress = args[3]};
    options.progress = args[3] == Py_None ? NULL : tell_progress;
    options.progress_user = &told;
    options.flags = (unsigned)PyLong_AsUnsignedLong(args[4]);
    if (!PyErr_Occurred() && read_list(&options.accounts, args[0], "accounts") &&
        read_list(&options.tags, args[1], "tags") &&
        read_list(&options.services, args[2], "services") && core_enter(self)) {
        made = make_plan(self, &options);
        core_leave(self);
    }
    free_list(options.accounts);
    free_list(options.tags);
    free_list(options.services);
    return made;
}

PyObject *plan_load(PyObject *object, PyObject *file)
{
    core *self = (core *)object;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_plan *held = NULL;
    const char *path;
    if (!value_text(&path, file, "file") || !core_enter(self))
        return NULL;
    PyThreadState *saved = core_release();
    thingspace_status status = thingspace_plan_load(self->client, &held, path, &error);
    core_regain(saved);
    PyObject *made = status == THINGSPACE_OK ? wrap(held) : failure_raise(self, &error);
    core_leave(self);
    return made;
}

/* --- applying --- */

/* (done, failed, skipped, unchanged, failure or None) when it ran. */
static PyObject *apply(core *self, thingspace_plan *held, const thingspace_apply_options *options)
{
    thingspace_apply_counts counts = THINGSPACE_APPLY_COUNTS_INIT;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    wait_guard guard;
    PyThreadState *saved = wait_begin(&guard, self);
    thingspace_status status = thingspace_apply(self->client, held, &counts, options, &error);
    if (!wait_end(&guard, self, saved))
        return NULL;
    PyObject *failure = status == THINGSPACE_OK ? Py_NewRef(Py_None) : failure_make(self, &error);
    if (!failure)
        return NULL;
    return Py_BuildValue("(nnnnN)", (Py_ssize_t)counts.done, (Py_ssize_t)counts.failed,
                         (Py_ssize_t)counts.skipped, (Py_ssize_t)counts.unchanged, failure);
}

/* apply(plan, flags, expect, done, progress) */
PyObject *plan_apply(PyObject *object, PyObject *const *args, Py_ssize_t count)
{
    core *self = (core *)object;
    thingspace_apply_options options = THINGSPACE_APPLY_OPTIONS_INIT;
    if (count != 5 || !PyObject_TypeCheck(args[0], plan_type))
        return PyErr_Format(PyExc_TypeError, "apply takes a plan and 4 more arguments");
    listeners told = {.owner = self, .change = args[3], .progress = args[4]};
    options.done = args[3] == Py_None ? NULL : tell_change;
    options.progress = args[4] == Py_None ? NULL : tell_progress;
    options.done_user = options.progress_user = &told;
    options.flags = (unsigned)PyLong_AsUnsignedLong(args[1]);
    if (PyErr_Occurred() || !value_text(&options.expect_id, args[2], "expect") || !core_enter(self))
        return NULL;
    PyObject *made = apply(self, ((plan *)args[0])->held, &options);
    core_leave(self);
    return made;
}

/* --- importing --- */

static PyObject *describe_import(char *script, char *data, const thingspace_import_counts *counts,
                                 PyObject *failure)
{
    PyObject *text = value_take_text(script), *table = value_take_text(data);
    if (!text || !table || !failure)
        return NULL;
    return Py_BuildValue("(NNnnnnnN)", text, table, (Py_ssize_t)counts->accounts,
                         (Py_ssize_t)counts->listeners, (Py_ssize_t)counts->credentials,
                         (Py_ssize_t)counts->unread, (Py_ssize_t)counts->skipped, failure);
}

static PyObject *import(core *self, thingspace_import_options *options)
{
    thingspace_import_counts counts = THINGSPACE_IMPORT_COUNTS_INIT;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    char *script = NULL, *data = NULL;
    wait_guard guard;
    options->counts = &counts;
    PyThreadState *saved = wait_begin(&guard, self);
    thingspace_status status = thingspace_import(self->client, &script, &data, options, &error);
    bool good = wait_end(&guard, self, saved);
    if (good && (status == THINGSPACE_OK || script))
        return describe_import(script, data, &counts,
                               status == THINGSPACE_OK ? Py_NewRef(Py_None)
                                                       : failure_make(self, &error));
    thingspace_text_free(script);
    thingspace_text_free(data);
    return good ? failure_raise(self, &error) : NULL;
}

/* import_(accounts, name, data_file, apis, unread, skipped, progress):
 * (script, data, accounts, listeners, credentials, unread, skipped, failure or None) */
PyObject *plan_import(PyObject *object, PyObject *const *args, Py_ssize_t count)
{
    core *self = (core *)object;
    thingspace_import_options options = THINGSPACE_IMPORT_OPTIONS_INIT;
    PyObject *made = NULL;
    if (count != 7)
        return PyErr_Format(PyExc_TypeError, "import_ takes 7 arguments");
    listeners told = {.owner = self, .unread = args[4], .skipped = args[5], .progress = args[6]};
    options.unread = args[4] == Py_None ? NULL : tell_unread;
    options.skipped = args[5] == Py_None ? NULL : tell_skipped;
    options.progress = args[6] == Py_None ? NULL : tell_progress;
    options.unread_user = options.skipped_user = options.progress_user = &told;
    if (value_text(&options.name, args[1], "name") &&
        value_text(&options.data_file, args[2], "data_file") &&
        read_list(&options.accounts, args[0], "accounts") &&
        read_list(&options.apis, args[3], "apis") && core_enter(self)) {
        made = import(self, &options);
        core_leave(self);
    }
    free_list(options.accounts);
    free_list(options.apis);
    return made;
}

/* --- the object --- */

static thingspace_plan *held_of(PyObject *self)
{
    return ((plan *)self)->held;
}

static PyObject *get_id(PyObject *self, void *none)
{
    (void)none;
    return value_of_text(thingspace_plan_id(held_of(self)));
}

/* (accounts, unread, add, change, takeover, remove, blocked, unchanged, foreign, failed) */
static PyObject *get_counts(PyObject *self, void *none)
{
    thingspace_plan_counts counts = THINGSPACE_PLAN_COUNTS_INIT;
    (void)none;
    thingspace_plan_count(held_of(self), &counts);
    return Py_BuildValue("(nnnnnnnnnn)", (Py_ssize_t)counts.accounts, (Py_ssize_t)counts.unread,
                         (Py_ssize_t)counts.add, (Py_ssize_t)counts.change,
                         (Py_ssize_t)counts.takeover, (Py_ssize_t)counts.remove,
                         (Py_ssize_t)counts.blocked, (Py_ssize_t)counts.unchanged,
                         (Py_ssize_t)counts.foreign, (Py_ssize_t)counts.failed);
}

static PyObject *json_method(PyObject *self, PyObject *none)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    char *text = NULL;
    (void)none;
    if (thingspace_plan_json(held_of(self), &text, &error) != THINGSPACE_OK)
        return failure_raise(NULL, &error);
    return value_take_text(text);
}

static PyObject *save_method(PyObject *self, PyObject *file)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    const char *path;
    if (!value_text(&path, file, "file"))
        return NULL;
    return failure_or_none(NULL, thingspace_plan_save(held_of(self), path, &error), &error);
}

/* check(flags, expect): raises what an apply would refuse. */
static PyObject *check_method(PyObject *self, PyObject *args)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_apply_options options = THINGSPACE_APPLY_OPTIONS_INIT;
    if (!PyArg_ParseTuple(args, "Iz", &options.flags, &options.expect_id))
        return NULL;
    return failure_or_none(NULL, thingspace_plan_check(held_of(self), &options, &error), &error);
}

static PyMethodDef methods[] = {
    {"json", json_method, METH_NOARGS, NULL},
    {"save", save_method, METH_O, NULL},
    {"check", check_method, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef members[] = {
    {"id", get_id, NULL, NULL, NULL},
    {"counts", get_counts, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_dealloc, SLOT(dealloc)},
    {Py_tp_methods, methods},
    {Py_tp_getset, members},
    {0, NULL},
};

static PyType_Spec spec = {
    "thingspace._core.Plan", sizeof(plan), 0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_DISALLOW_INSTANTIATION, slots};

bool plan_setup(PyObject *module)
{
    plan_type = module_type(module, &spec);
    return plan_type;
}
