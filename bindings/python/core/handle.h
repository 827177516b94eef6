/* SPDX-License-Identifier: MIT */
/* What the files of handles share; see handle.c. Threads: with the interpreter's lock. */
#ifndef HANDLE_H
#define HANDLE_H

#include "core.h"

/* The hook that runs; NULL with an exception: the handle is stale. */
thingspace_hook *handle_hook(PyObject *self);
/* Whether it is a request; else it is a response. */
bool handle_is_request(PyObject *self);

/* json(), text(), set_json(value) */
PyObject *handle_json(PyObject *self, PyObject *none);
PyObject *handle_text(PyObject *self, PyObject *none);
PyObject *handle_set_json(PyObject *self, PyObject *value);

#endif
