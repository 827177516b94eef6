/* SPDX-License-Identifier: MIT */
/*
 * Calls that wait: perform, ensure, explain. A call that can be started waits in pieces, so that
 * any signal that Python handles is looked at; the others are interrupted by Ctrl-C alone.
 */
#include "core.h"

#define SLICE_MS 50

/* --- a call that is started --- */

typedef struct wait_room {
    thingspace_result *result;
    bool over;
} wait_room;

static void note(thingspace_result *result, void *user)
{
    wait_room *room = user;
    room->result = result;
    room->over = true;
}

static thingspace_status begin(core *self, thingspace_pending **out, wait_room *room,
                               const thingspace_request *request, thingspace_error *error)
{
    thingspace_status status = thingspace_call_start(self->client, out, request, note, room, error);
    if (status == THINGSPACE_OK && !room->over)
        status = thingspace_client_run(self->client, SLICE_MS, error);
    return status;
}

/* Without the interpreter in the first piece: most calls end in it. False with an exception. */
static bool carry_out(core *self, wait_room *room, const thingspace_request *request)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_pending *pending = NULL;
    PyThreadState *saved = core_release();
    thingspace_status status = begin(self, &pending, room, request, &error);
    core_regain(saved);
    bool good = wait_check(self);
    while (good && status == THINGSPACE_OK && !room->over) {
        saved = core_release();
        status = thingspace_client_run(self->client, SLICE_MS, &error);
        core_regain(saved);
        good = wait_check(self);
    }
    bool ended = room->over;
    if (pending && !ended) {
        saved = core_release();
        thingspace_call_cancel(pending);
        core_regain(saved);
    }
    if (good && !ended)
        failure_raise(self, &error);
    return good && ended;
}

/* --- a call that is not: what it was half done by before is repaired first --- */

static bool carry_out_whole(core *self, wait_room *room, const thingspace_request *request)
{
    wait_guard guard;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    PyThreadState *saved = wait_begin(&guard, self);
    thingspace_perform(self->client, &room->result, request, &error);
    bool good = wait_end(&guard, self, saved);
    if (!room->result && good)
        failure_raise(self, &error);
    return good && room->result;
}

/* The result, or its failure raised. */
static PyObject *conclude(core *self, thingspace_result *held)
{
    if (thingspace_result_status(held) == THINGSPACE_OK)
        return result_wrap(self, held);
    failure_raise(self, thingspace_result_error(held));
    thingspace_result_free(held);
    return NULL;
}

PyObject *perform_call(PyObject *object, PyObject *const *args, Py_ssize_t count)
{
    core *self = (core *)object;
    thingspace_request request;
    wait_room room = {NULL, false};
    PyObject *made = NULL;
    if (!request_read(&request, args, count) || !core_enter(self))
        return NULL;
    bool whole = self->queueing || (request.operation == THINGSPACE_DEREGISTER &&
                                    !(request.flags & THINGSPACE_DRY_RUN));
    if (whole ? carry_out_whole(self, &room, &request) : carry_out(self, &room, &request))
        made = conclude(self, room.result);
    else
        thingspace_result_free(room.result);
    core_leave(self);
    return made;
}

/* (how, result) */
PyObject *perform_ensure(PyObject *object, PyObject *const *args, Py_ssize_t count)
{
    static const char *const names[] = {"", "added", "unchanged", "updated", "replaced"};
    core *self = (core *)object;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_request request;
    thingspace_result *result = NULL;
    thingspace_ensured how = THINGSPACE_ENSURED_ADDED;
    wait_guard guard;
    PyObject *made = NULL;
    if (!request_read(&request, args, count) || !core_enter(self))
        return NULL;
    PyThreadState *saved = wait_begin(&guard, self);
    thingspace_status status = thingspace_ensure(self->client, &how, &result, &request, &error);
    bool good = wait_end(&guard, self, saved);
    if (good && status == THINGSPACE_OK) {
        PyObject *wrapped = result_wrap(self, result);
        made = wrapped ? Py_BuildValue("(sN)", names[how], wrapped) : NULL;
    } else {
        thingspace_result_free(result);
        if (good)
            failure_raise(self, &error);
    }
    core_leave(self);
    return made;
}

PyObject *perform_explain(PyObject *object, PyObject *const *args, Py_ssize_t count)
{
    core *self = (core *)object;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_request request;
    wait_guard guard;
    char *text = NULL;
    PyObject *made = NULL;
    if (!request_read(&request, args, count) || !core_enter(self))
        return NULL;
    PyThreadState *saved = wait_begin(&guard, self);
    thingspace_status status = thingspace_plugin_explain(self->client, &text, &request, &error);
    bool good = wait_end(&guard, self, saved);
    if (good && status == THINGSPACE_OK)
        made = value_of_text(text);
    else if (good)
        failure_raise(self, &error);
    thingspace_text_free(text);
    core_leave(self);
    return made;
}
