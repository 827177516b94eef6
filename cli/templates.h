/* SPDX-License-Identifier: MIT */
/* The files of templates/, as texts; `@NAME@` in them stands for the plugin's name. templates.c is
 * written by the build. Constants. */
#ifndef CLI_TEMPLATES_H
#define CLI_TEMPLATES_H

extern const char template_plugin_lua[];
extern const char template_plugin_test_lua[];
extern const char template_plugin_c[];

#endif
