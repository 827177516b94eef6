/* SPDX-License-Identifier: MIT */
/* The table of host functions, from which annotations and reference are made, is what scripts
 * really find: both ways, for plugins and for policies. */
#include <config.h>
#include <stdlib.h>
#include <thingspace/client.h>
#include "base/buffer.h"
#include "base/text.h"
#include "check.h"
#include "lua/plugin/plugin_script.h"
#include "plugin/host_functions.h"

static void client_cleanup(thingspace_client **client)
{
    thingspace_client_free(*client);
}

/* What is in a table and what is in the list must be the same; methods are looked up alone. */
static const char compare[] =
    "local function known(path, value)\n"
    "  if type(value) == 'table' and tables[path] then\n"
    "    for name, inner in pairs(value) do known(path .. '.' .. name, inner) end\n"
    "  elseif not list[path] and path ~= 'thingspace.state' then\n"
    "    error(path .. ' is not listed')\n"
    "  end\n"
    "end\n"
    "known('thingspace', thingspace)\n"
    "for path, kind in pairs(list) do\n"
    "  local value = { thingspace = thingspace }\n"
    "  for name in path:gmatch('[%w_]+') do value = value[name] end\n"
    "  if value == nil then error(path .. ' is not there') end\n"
    "  if (kind == 'function') ~= (type(value) == 'function') then\n"
    "    error(path .. ' is a ' .. type(value))\n"
    "  end\n"
    "end\n";

static void write_list(buffer *out, unsigned user)
{
    buffer_append_text(out, "local tables = { thingspace = true, ['thingspace.json'] = true, "
                            "['thingspace.secret'] = true }\n"
                            "local list = {\n");
    for (size_t i = 0; i < host_function_count(); i++) {
        const host_function *function = host_function_at(i);
        if (function->users & user)
            buffer_append_format(out, "  ['thingspace.%s'] = '%s',\n", function->name,
                                 function->parameters ? "function" : "value");
    }
    buffer_append_text(out, "}\n");
    buffer_append_text(out, compare);
}

static void plugins_find_what_is_listed_and_no_more(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_instance instance *made = NULL;
    cleanup_plugin_row plugin_row *row = NULL;
    cleanup_buffer buffer text;
    instance_options options = {0};
    buffer_init(&text, 65536);
    write_list(&text, HOST_PLUGIN);
    buffer_append_text(&text, "return { name = 'x', version = '1', api = 1, hooks = {} }\n");
    CHECK_OK(text.status);
    CHECK_OK(plugin_row_new(&row, "x", "plugins[1]"));
    thingspace_status status = plugin_script_load_text(&made, row, "x.lua", buffer_text(&text),
                                                       text.size, &options, &error);
    if (status == THINGSPACE_PLUGIN)
        CHECK_TEXT(error.message, "");
    CHECK_OK(status);
}

static void policies_find_what_is_listed_and_no_more(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    __attribute__((cleanup(client_cleanup))) thingspace_client *client = NULL;
    thingspace_client_options options = THINGSPACE_CLIENT_OPTIONS_INIT;
    cleanup_buffer buffer text;
    buffer_init(&text, 65536);
    write_list(&text, HOST_POLICY);
    buffer_append_text(&text, "return { name = 'x', accounts = {} }\n");
    CHECK_OK(text.status);
    options.policy_text = buffer_text(&text);
    thingspace_status status = thingspace_client_new(&client, &options, &error);
    if (status == THINGSPACE_POLICY)
        CHECK_TEXT(error.message, "");
    CHECK_OK(status);
}

static const check_case cases[] = {
    CHECK_CASE(plugins_find_what_is_listed_and_no_more),
    CHECK_CASE(policies_find_what_is_listed_and_no_more),
};
CHECK_MAIN(cases)
