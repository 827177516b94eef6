/* SPDX-License-Identifier: MIT */
/* Build-time helper: writes the man page or a completion to standard output. Not installed. */
#include <config.h>
#include <stdio.h>
#include <string.h>
#include "cli/formats/formats.h"

static const struct {
    const char *name;
    void (*write)(FILE *out);
} formats[] = {
    {"man", formats_man},
    {"bash", formats_bash},
    {"zsh", formats_zsh},
    {"fish", formats_fish},
};

static int finish(void)
{
    return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}

int main(int argc, char **argv)
{
    const command *command =
        argc == 3 && strcmp(argv[1], "man") == 0 ? command_find(argv[2]) : NULL;
    if (command) {
        formats_man_command(stdout, command);
        return finish();
    }
    for (size_t i = 0; argc == 2 && i < sizeof(formats) / sizeof(formats[0]); i++) {
        if (strcmp(argv[1], formats[i].name) != 0)
            continue;
        formats[i].write(stdout);
        return finish();
    }
    fputs("usage: generate man [COMMAND]|bash|zsh|fish\n", stderr);
    return 2;
}
