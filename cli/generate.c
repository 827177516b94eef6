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

int main(int argc, char **argv)
{
    for (size_t i = 0; argc == 2 && i < sizeof(formats) / sizeof(formats[0]); i++) {
        if (strcmp(argv[1], formats[i].name) != 0)
            continue;
        formats[i].write(stdout);
        return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
    }
    fputs("usage: generate man|bash|zsh|fish\n", stderr);
    return 2;
}
