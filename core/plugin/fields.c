/* SPDX-License-Identifier: MIT */
/* The table of fields.h as an array. Constants: any thread. */
#include <config.h>
#include "base/text.h"
#include "plugin/fields.h"

/* A literal's first letters tell: types of methods are those that begin with "fun". */
#define IS_METHOD(type)                                                                            \
    (sizeof(type) > 4 && (type)[0] == 'f' && (type)[1] == 'u' && (type)[2] == 'n')

static const char *const handles[HANDLE_COUNT] = {
    [HANDLE_CALL] = "call",       [HANDLE_REQUEST] = "request", [HANDLE_RESPONSE] = "response",
    [HANDLE_FAILURE] = "failure", [HANDLE_EVENT] = "event",     [HANDLE_MESSAGE] = "message",
};

const char *handle_name(handle_kind kind)
{
    return handles[kind];
}

handle_kind handle_argument(phase phase, unsigned index)
{
    if (phase == PHASE_AUDIT)
        return index == 0 ? HANDLE_EVENT : HANDLE_COUNT;
    if (index == 0)
        return HANDLE_CALL;
    if (phase >= PHASE_ACCEPT)
        return HANDLE_MESSAGE;
    if (phase == PHASE_ERROR)
        return HANDLE_FAILURE;
    return phase == PHASE_RESPONSE ? HANDLE_RESPONSE : HANDLE_REQUEST;
}

const char *handle_arguments(phase phase)
{
    static const char *const second[HANDLE_COUNT] = {
        [HANDLE_REQUEST] = "(call, request)",
        [HANDLE_RESPONSE] = "(call, response)",
        [HANDLE_FAILURE] = "(call, failure)",
        [HANDLE_MESSAGE] = "(call, message)",
    };
    handle_kind kind = handle_argument(phase, 1);
    return kind == HANDLE_COUNT ? "(event)" : second[kind];
}

const char *operation_in(phase phase, size_t index)
{
    static const char *const names[] = {"register", "list", "deregister", "call"};
    if (phase >= PHASE_ACCEPT)
        return index == 0 ? phase_of(phase)->name : NULL;
    return index < sizeof(names) / sizeof(names[0]) ? names[index] : NULL;
}

static const field fields[FIELD_COUNT] = {
#define X(id, handle, name, type, writable, phases, capability, doc)                               \
    [FIELD_##                                                                                      \
        id] = {HANDLE_##handle, name, type, IS_METHOD(type), writable, phases, capability, doc},
    FIELD_MAP(X)
#undef X
};

const field *field_of(field_id id)
{
    return &fields[id];
}

const field *field_find(handle_kind handle, const char *name)
{
    for (unsigned id = 0; id < FIELD_COUNT; id++)
        if (fields[id].handle == handle && text_equal(fields[id].name, name))
            return &fields[id];
    return NULL;
}

const field *field_find_beside(handle_kind handle, phase phase, const char *name)
{
    for (unsigned index = 0; index < 2; index++) {
        handle_kind other = handle_argument(phase, index);
        if (other != handle && field_find(other, name))
            return field_find(other, name);
    }
    return NULL;
}
