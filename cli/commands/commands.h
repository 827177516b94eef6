/* SPDX-License-Identifier: MIT */
/* The commands, one a file of this folder. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "cli/command.h"

/* The row of options of those that are told which API: the names are those of thingspace_api_at. */
#define API_OPTION API_OPTION_OF(NULL, "")
/* `of` begins its text. */
#define API_OPTION_OF(of_action, of)                                                               \
    {                                                                                              \
        .name = "api", .kind = OPTION_CHOICE, .value = "NAME", .action = of_action,                \
        .choices = "connectivity location hyper-precise diagnostics software-v1 software-v2 "      \
                   "software-v3",                                                                  \
        .doc = of "the API: connectivity (default), location, hyper-precise, diagnostics, "        \
                  "software-v1, software-v2 or software-v3",                                       \
    }

extern const command command_apply;
extern const command command_audit;
extern const command command_auth;
extern const command command_call;
extern const command command_deregister;
extern const command command_import;
extern const command command_list;
extern const command command_plan;
extern const command command_plugin;
extern const command command_policy;
extern const command command_register;
extern const command command_services;
extern const command command_simulate; /* only where the stand-in service is built */

#endif
