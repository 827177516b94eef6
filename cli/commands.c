/* SPDX-License-Identifier: MIT */
/* The table of commands. Constant data. */
#include <config.h>
#include <stddef.h>
#include "base/text.h"
#include "cli/command.h"
#include "cli/commands/commands.h"

const command *const commands[] = {
    &command_register,
    &command_list,
    &command_deregister,
    &command_import,
    &command_plan,
    &command_apply,
    &command_call,
    &command_auth,
    &command_audit,
    &command_services,
    &command_policy,
    &command_plugin,
#ifdef HAVE_SIMULATOR
    &command_simulate,
#endif
    NULL,
};

const command *command_find(const char *name)
{
    for (const command *const *row = commands; *row; row++)
        if (text_equal((*row)->name, name))
            return *row;
    return NULL;
}

const action *command_find_action(const command *command, const char *name)
{
    for (const action *row = command->actions; row && row->name; row++)
        if (text_equal(row->name, name))
            return row;
    return NULL;
}
