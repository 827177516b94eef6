/* SPDX-License-Identifier: MIT */
/* What the completions offer for the words of a command. */
#include <config.h>
#include <string.h>
#include <thingspace/services.h>
#include "cli/formats/formats.h"

static const char methods[] = "GET POST PUT DELETE PATCH";

static const char *const operations[] = {"register", "list", "deregister", "call"};
#define OPERATION_COUNT (sizeof(operations) / sizeof(operations[0]))

static void put_services(FILE *out)
{
    for (size_t i = 0; i < thingspace_service_count(); i++)
        fprintf(out, "%s%s", i > 0 ? " " : "", thingspace_service_at(i)->name);
}

bool formats_has_choices(const char *argument)
{
    return strcmp(argument, "SERVICE") == 0 || strcmp(argument, "METHOD") == 0 ||
           formats_is_operation(argument);
}

bool formats_is_file(const char *argument)
{
    return strcmp(argument, "FILE") == 0 || strcmp(argument, "OLD") == 0 ||
           strcmp(argument, "NEW") == 0;
}

bool formats_is_operation(const char *argument)
{
    return strcmp(argument, "OPERATION") == 0;
}

const char *formats_operation_at(size_t index)
{
    return index < OPERATION_COUNT ? operations[index] : NULL;
}

bool formats_operation_word(const char *operation, size_t index, synopsis_word *out)
{
    return synopsis_at(command_find(operation)->arguments, 1 + index, out); /* 0 is the account */
}

static void put_operations(FILE *out)
{
    for (size_t i = 0; i < OPERATION_COUNT; i++)
        fprintf(out, "%s%s", i > 0 ? " " : "", operations[i]);
}

void formats_put_choices(FILE *out, const char *argument)
{
    if (strcmp(argument, "SERVICE") == 0)
        put_services(out);
    else if (formats_is_operation(argument))
        put_operations(out);
    else
        fputs(methods, out);
}
