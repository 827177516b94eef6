/* SPDX-License-Identifier: MIT */
/* What the completions offer for the words of a command. */
#include <config.h>
#include <string.h>
#include <thingspace/services.h>
#include "cli/formats/formats.h"

static const char methods[] = "GET POST PUT DELETE PATCH";

static const char operations[] = "register list deregister call";

static void put_services(FILE *out)
{
    for (size_t i = 0; i < thingspace_service_count(); i++)
        fprintf(out, "%s%s", i > 0 ? " " : "", thingspace_service_at(i)->name);
}

bool formats_has_choices(const char *argument)
{
    return strcmp(argument, "SERVICE") == 0 || strcmp(argument, "METHOD") == 0 ||
           strcmp(argument, "OPERATION") == 0;
}

bool formats_is_file(const char *argument)
{
    return strcmp(argument, "FILE") == 0 || strcmp(argument, "OLD") == 0 ||
           strcmp(argument, "NEW") == 0;
}

bool formats_takes_files(const command *command)
{
    for (const action *row = command->actions; row && row->name; row++)
        if (strstr(row->arguments, "FILE") || strstr(row->arguments, "OLD"))
            return true;
    return false;
}

void formats_put_choices(FILE *out, const char *argument)
{
    if (strcmp(argument, "SERVICE") == 0)
        put_services(out);
    else
        fputs(strcmp(argument, "METHOD") == 0 ? methods : operations, out);
}
