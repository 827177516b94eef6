/* SPDX-License-Identifier: MIT */
/* The commands, one a file of this folder. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "cli/command.h"

extern const command command_audit;
extern const command command_auth;
extern const command command_call;
extern const command command_deregister;
extern const command command_list;
extern const command command_plugin;
extern const command command_policy;
extern const command command_register;
extern const command command_services;
extern const command command_simulate; /* only where the stand-in service is built */

#endif
