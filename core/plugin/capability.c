/* SPDX-License-Identifier: MIT */
/* The names of the capabilities and sets of them. Constants: any thread. */
#include <config.h>
#include "base/error.h"
#include "base/nearest.h"
#include "base/text.h"
#include "plugin/capability.h"

static const char *const texts[CAPABILITY_COUNT] = {
#define X(name, text, doc) text,
    CAPABILITY_MAP(X)
#undef X
};

static const char *const docs[CAPABILITY_COUNT] = {
#define X(name, text, doc) doc,
    CAPABILITY_MAP(X)
#undef X
};

const char *capability_text(size_t index)
{
    return texts[index];
}

const char *capability_doc(size_t index)
{
    return docs[index];
}

capability_set capability_find(const char *text)
{
    for (size_t i = 0; i < CAPABILITY_COUNT; i++)
        if (text_equal(texts[i], text))
            return 1u << i;
    return 0;
}

thingspace_status capability_add(capability_set *set, const char *text, thingspace_error *error)
{
    capability_set found = capability_find(text);
    *set |= found;
    if (found)
        return THINGSPACE_OK;
    const char *near = nearest_name(text, texts, CAPABILITY_COUNT);
    if (near)
        return error_set(error, THINGSPACE_PLUGIN,
                         "capability '%s' is not known; did you mean '%s'?", text, near);
    return error_set(error, THINGSPACE_PLUGIN,
                     "capability '%s' is not known; thingspace-plugin(7) lists them",
                     text ? text : "");
}

const char *capability_missing(capability_set wanted, capability_set granted)
{
    for (size_t i = 0; i < CAPABILITY_COUNT; i++)
        if (wanted & ~granted & (1u << i))
            return texts[i];
    return NULL;
}

thingspace_status capability_refuse(capability_set wanted, capability_set granted,
                                    thingspace_error *error)
{
    return error_set(error, THINGSPACE_PLUGIN,
                     "the plugin lacks capability %s: declare it in the manifest and grant it in "
                     "the row",
                     capability_missing(wanted, granted));
}

json *capability_json(capability_set set)
{
    cleanup_json json *list = json_new_array();
    thingspace_status status = THINGSPACE_OK;
    for (size_t i = 0; i < CAPABILITY_COUNT; i++)
        if (set & (1u << i))
            json_add(list, json_new_string(texts[i]), &status);
    json *out = status == THINGSPACE_OK ? list : NULL;
    if (out)
        list = NULL;
    return out;
}
