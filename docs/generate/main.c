/* SPDX-License-Identifier: MIT */
/* Build-time helper: writes what is generated for plugin writers to standard output. Not
 * installed. */
#include <config.h>
#include <string.h>
#include "docs/generate/generate.h"

static bool write(const char *what)
{
    if (strcmp(what, "page") == 0)
        return generate_page(stdout, stdin);
    generate_annotations(stdout);
    return true;
}

int main(int argc, char **argv)
{
    if (argc != 2 || (strcmp(argv[1], "page") != 0 && strcmp(argv[1], "annotations") != 0)) {
        fputs("usage: generate annotations | generate page < PAGE.in\n", stderr);
        return 2;
    }
    return write(argv[1]) && fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
