/* SPDX-License-Identifier: MIT */
/* The module: its types, and what belongs to no object of it: the catalogue, the version. */
#include <string.h>
#include "core.h"

PyTypeObject *module_type(PyObject *module, PyType_Spec *spec)
{
    PyObject *type = PyType_FromModuleAndSpec(module, spec, NULL);
    if (type && PyModule_AddType(module, (PyTypeObject *)type) < 0)
        Py_CLEAR(type);
    return (PyTypeObject *)type;
}

PyObject *module_helper(const char *part, const char *name)
{
    char full[64];
    PyOS_snprintf(full, sizeof(full), "thingspace.%s", part);
    PyObject *module = PyImport_ImportModule(full);
    PyObject *found = module ? PyObject_GetAttrString(module, name) : NULL;
    Py_XDECREF(module);
    return found;
}

/* Functions that the library calls run in the main interpreter. */
static bool in_main_interpreter(void)
{
    if (PyInterpreterState_GetID(PyInterpreterState_Get()) == 0)
        return true;
    PyErr_SetString(PyExc_ImportError, "thingspace works in the main interpreter alone");
    return false;
}

/* The package asks while it is imported: another interpreter gets a module that the main one has
 * imported already without a call of PyInit__core. */
static PyObject *version(PyObject *module, PyObject *none)
{
    (void)module;
    (void)none;
    return in_main_interpreter() ? value_of_text(thingspace_version()) : NULL;
}

static PyObject *status_exit(PyObject *module, PyObject *kind)
{
    const char *wanted;
    (void)module;
    if (!value_text(&wanted, kind, "kind"))
        return NULL;
    for (int status = THINGSPACE_OK; wanted && status <= THINGSPACE_CANCELLED; status++) {
        if (strcmp(thingspace_status_name((thingspace_status)status), wanted) == 0)
            return PyLong_FromLong(thingspace_status_exit((thingspace_status)status));
    }
    return PyLong_FromLong(70);
}

/* --- the catalogue --- */

static PyObject *describe_service(const thingspace_service_info *info)
{
    return Py_BuildValue("(ssissz)", info->name, info->delivers, info->seed, info->where,
                         info->note, thingspace_service_after_register(info->name));
}

static bool append(PyObject *list, PyObject *item)
{
    bool good = item && PyList_Append(list, item) == 0;
    Py_XDECREF(item);
    return good;
}

static PyObject *services(PyObject *module, PyObject *none)
{
    (void)module;
    (void)none;
    PyObject *list = PyList_New(0);
    for (size_t i = 0; list && i < thingspace_service_count(); i++) {
        if (!append(list, describe_service(thingspace_service_at(i))))
            Py_CLEAR(list);
    }
    return list;
}

static PyObject *find_service(PyObject *module, PyObject *name)
{
    const char *wanted;
    (void)module;
    if (!value_text(&wanted, name, "name"))
        return NULL;
    const thingspace_service_info *info = thingspace_service_find(wanted);
    if (!info)
        Py_RETURN_NONE;
    return describe_service(info);
}

static PyObject *describe_api(const thingspace_api_info *info)
{
    PyObject *known = PyList_New(0);
    for (size_t i = 0; known && i < 3 && info->services[i]; i++) {
        if (!append(known, PyUnicode_FromString(info->services[i])))
            Py_CLEAR(known);
    }
    return known ? Py_BuildValue("(ssN)", info->name, info->path, known) : NULL;
}

static PyObject *apis(PyObject *module, PyObject *none)
{
    (void)module;
    (void)none;
    PyObject *list = PyList_New(0);
    for (size_t i = 0; list && i < thingspace_api_count(); i++) {
        if (!append(list, describe_api(thingspace_api_at(i))))
            Py_CLEAR(list);
    }
    return list;
}

static PyObject *sources(PyObject *module, PyObject *none)
{
    (void)module;
    (void)none;
    PyObject *list = PyList_New(0);
    for (size_t i = 0; list && i < thingspace_source_count(); i++) {
        const thingspace_source_info *row = thingspace_source_at(i);
        if (!append(list, Py_BuildValue("(sss)", row->api, row->address, row->note)))
            Py_CLEAR(list);
    }
    return list;
}

/* --- the tools of those who write plugins --- */

typedef thingspace_status plugin_tool(char **out, const char *file, thingspace_error *error);

/* (text, None or the failure): a finding is an answer. */
static PyObject *examine(PyObject *file, plugin_tool *tool)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    char *out = NULL;
    const char *path;
    if (!value_text(&path, file, "file"))
        return NULL;
    PyThreadState *saved = core_release();
    thingspace_status status = tool(&out, path, &error);
    core_regain(saved);
    if (status != THINGSPACE_OK && !out)
        return failure_raise(NULL, &error);
    PyObject *failure = status == THINGSPACE_OK ? Py_NewRef(Py_None) : failure_make(NULL, &error);
    PyObject *text = value_take_text(out);
    return text && failure ? Py_BuildValue("(NN)", text, failure) : NULL;
}

static PyObject *plugin_check(PyObject *module, PyObject *file)
{
    (void)module;
    return examine(file, thingspace_plugin_check);
}

static PyObject *plugin_test(PyObject *module, PyObject *file)
{
    (void)module;
    return examine(file, thingspace_plugin_test);
}

static PyMethodDef functions[] = {
    {"version", version, METH_NOARGS, NULL},
    {"status_exit", status_exit, METH_O, NULL},
    {"services", services, METH_NOARGS, NULL},
    {"find_service", find_service, METH_O, NULL},
    {"apis", apis, METH_NOARGS, NULL},
    {"sources", sources, METH_NOARGS, NULL},
    {"plugin_check", plugin_check, METH_O, NULL},
    {"plugin_test", plugin_test, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "thingspace._core", .m_size = -1,
                                 .m_methods = functions};

PyMODINIT_FUNC PyInit__core(void);

PyMODINIT_FUNC PyInit__core(void)
{
    if (!in_main_interpreter())
        return NULL;
    PyObject *module = PyModule_Create(&definition);
    if (module && secret_setup(module) && core_setup(module) && result_setup(module) &&
        pending_setup(module) && plan_setup(module) && verdict_setup(module) &&
        handle_setup(module))
        return module;
    Py_XDECREF(module);
    return NULL;
}
