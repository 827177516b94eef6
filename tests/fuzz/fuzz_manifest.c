/* SPDX-License-Identifier: MIT */
/*
 * Whatever the text of a plugin, loading it ends within its limits, and what is loaded has a
 * manifest that can be shown: usable names, known phases, no more rights than it declares.
 */
#include <config.h>
#include "fuzz.h"
#include "lua/plugin/plugin_script.h"

static void check_instance(const instance *made)
{
    const manifest *manifest = &made->manifest;
    PROMISE(plugin_row_name_is_usable(manifest->name) && plugin_row_name_is_usable(made->name));
    PROMISE(manifest->version && manifest->version[0]);
    PROMISE((manifest->hooks & ~((1u << PHASE_COUNT) - PHASE_BIT(PHASE_FIRST_HOOK))) == 0);
    PROMISE((made->granted & ~manifest->capabilities) == 0);
    for (size_t i = 0; i < manifest->option_count; i++)
        PROMISE(manifest->options[i].name && manifest->options[i].type < OPTION_TYPE_COUNT);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    plugin_row *row;
    instance *made = NULL;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    char *text = fuzz_text(data, size);
    PROMISE(plugin_row_new(&row, "x.lua", "fuzz") == THINGSPACE_OK);
    row->grant_declared = true;
    thingspace_status status =
        plugin_script_load_text(&made, row, "x.lua", text, size, NULL, &error);
    PROMISE(status == THINGSPACE_OK || status == THINGSPACE_PLUGIN);
    PROMISE((status == THINGSPACE_OK) == (made != NULL));
    PROMISE(made || error.message[0]);
    if (made)
        check_instance(made);
    instance_free(made);
    plugin_row_free(row);
    free(text);
    return 0;
}
