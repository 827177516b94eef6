/* SPDX-License-Identifier: MIT */
/*
 * Every type of thingspace/plugin.h, as one object whose debugging information is compared with
 * what was released: see tests/integration/build/abi.sh. It is compiled and looked at, never run.
 */
#include <thingspace/plugin.h>

extern THINGSPACE_PLUGIN_EXPORT void
surface(thingspace_plugin *plugin, thingspace_plugin_option *option, thingspace_hook *hook,
        thingspace_host *host, thingspace_hook_result result, thingspace_hook_text_field text,
        thingspace_hook_number_field number);
void surface(thingspace_plugin *plugin, thingspace_plugin_option *option, thingspace_hook *hook,
             thingspace_host *host, thingspace_hook_result result, thingspace_hook_text_field text,
             thingspace_hook_number_field number)
{
    (void)plugin;
    (void)option;
    (void)hook;
    (void)host;
    (void)result;
    (void)text;
    (void)number;
}
