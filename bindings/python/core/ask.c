/* SPDX-License-Identifier: MIT */
/* What a client can tell about its policy, plugins and tokens: JSON texts, mostly. */
#include "core.h"

typedef thingspace_status text_of_name(thingspace_client *client, char **out, const char *name,
                                       thingspace_error *error);

/* Takes the text. It, or (text, failure) when `both`; NULL when not `good`: something was raised.
 */
static PyObject *conclude(core *self, bool good, thingspace_status status, char *text,
                          const thingspace_error *error, bool both)
{
    if (!good) {
        thingspace_text_free(text);
        return NULL;
    }
    if (status != THINGSPACE_OK && !(both && text)) {
        thingspace_text_free(text);
        return failure_raise(self, error);
    }
    PyObject *value = value_take_text(text);
    if (!both)
        return value;
    PyObject *failure = status == THINGSPACE_OK ? Py_NewRef(Py_None) : failure_make(self, error);
    return value && failure ? Py_BuildValue("(NN)", value, failure) : NULL;
}

static PyObject *tell(PyObject *object, PyObject *name, text_of_name *function)
{
    core *self = (core *)object;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    const char *wanted;
    char *text = NULL;
    wait_guard guard;
    if (!value_text(&wanted, name, "name") || !core_enter(self))
        return NULL;
    PyThreadState *saved = wait_begin(&guard, self);
    thingspace_status status = function(self->client, &text, wanted, &error);
    bool good = wait_end(&guard, self, saved);
    PyObject *made = conclude(self, good, status, text, &error, false);
    core_leave(self);
    return made;
}

PyObject *ask_row(PyObject *self, PyObject *account)
{
    return tell(self, account, thingspace_client_row);
}

PyObject *ask_tokens(PyObject *self, PyObject *credential)
{
    return tell(self, credential, thingspace_auth_status);
}

PyObject *ask_account(PyObject *self, PyObject *account)
{
    return tell(self, account, thingspace_policy_eval);
}

static thingspace_status list_plugins(thingspace_client *client, char **out, const char *name,
                                      thingspace_error *error)
{
    (void)name;
    return thingspace_plugin_list(client, out, error);
}

PyObject *ask_plugins(PyObject *self, PyObject *none)
{
    return tell(self, none, list_plugins);
}

static thingspace_status log_in(thingspace_client *client, char **out, const char *name,
                                thingspace_error *error)
{
    (void)out;
    return thingspace_auth_login(client, name, error);
}

PyObject *ask_login(PyObject *self, PyObject *credential)
{
    return tell(self, credential, log_in);
}

static thingspace_status log_out(thingspace_client *client, char **out, const char *name,
                                 thingspace_error *error)
{
    (void)out;
    return thingspace_auth_logout(client, name, 0, error);
}

static thingspace_status log_out_and_revoke(thingspace_client *client, char **out, const char *name,
                                            thingspace_error *error)
{
    (void)out;
    return thingspace_auth_logout(client, name, THINGSPACE_REVOKE, error);
}

/* auth_logout(credential, revoke) */
PyObject *ask_logout(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    if (count != 2)
        return PyErr_Format(PyExc_TypeError, "auth_logout takes 2 arguments");
    int revoke = PyObject_IsTrue(args[1]);
    return revoke < 0 ? NULL : tell(self, args[0], revoke ? log_out_and_revoke : log_out);
}

PyObject *ask_unlatch(PyObject *object, PyObject *credential)
{
    core *self = (core *)object;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    const char *wanted;
    unsigned cleared = 0;
    if (!value_text(&wanted, credential, "credential") || !core_enter(self))
        return NULL;
    PyThreadState *saved = core_release();
    thingspace_status status = thingspace_auth_unlatch(self->client, wanted, &cleared, &error);
    core_regain(saved);
    PyObject *made =
        status == THINGSPACE_OK ? PyLong_FromUnsignedLong(cleared) : failure_raise(self, &error);
    core_leave(self);
    return made;
}

PyObject *ask_reload(PyObject *object, PyObject *none)
{
    core *self = (core *)object;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    (void)none;
    if (!core_enter(self))
        return NULL;
    PyThreadState *saved = core_release();
    thingspace_status status = thingspace_client_reload(self->client, &error);
    core_regain(saved);
    PyObject *made = wait_check(self) ? failure_or_none(self, status, &error) : NULL;
    core_leave(self);
    return made;
}

PyObject *ask_policy(PyObject *object, PyObject *none)
{
    core *self = (core *)object;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    char *text = NULL;
    wait_guard guard;
    (void)none;
    if (!core_enter(self))
        return NULL;
    PyThreadState *saved = wait_begin(&guard, self);
    thingspace_status status = thingspace_policy_check(self->client, &text, &error);
    bool good = wait_end(&guard, self, saved);
    PyObject *made = conclude(self, good, status, text, &error, true);
    core_leave(self);
    return made;
}

/* policy_diff(old): both clients are this thread's. */
PyObject *ask_difference(PyObject *object, PyObject *other)
{
    core *self = (core *)object, *old = (core *)other;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    char *text = NULL;
    wait_guard guard;
    if (!PyObject_TypeCheck(other, core_type))
        return PyErr_Format(PyExc_TypeError, "policy_diff takes a Core");
    if (!core_enter(self))
        return NULL;
    if (!core_enter(old)) {
        core_leave(self);
        return NULL;
    }
    PyThreadState *saved = wait_begin(&guard, self);
    thingspace_status status = thingspace_policy_diff(old->client, self->client, &text, &error);
    bool good = wait_end(&guard, self, saved);
    PyObject *made = conclude(self, good, status, text, &error, true);
    core_leave(old);
    core_leave(self);
    return made;
}
