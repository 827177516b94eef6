/* SPDX-License-Identifier: MIT */
/* See bar.h. */
#include <config.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "base/text.h"
#include "cli/bar.h"

#define LONGEST_BAR  256 /* with its colours */
#define COMMON_WIDTH 80
/* "\r", the way up, and what erases. */
#define LONGEST_ERASE 32

static char shown[LONGEST_BAR];

/* ---- widths ---- */

/* 0: not known. */
static size_t terminal_width(void)
{
    struct winsize size;
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

size_t bar_width(void)
{
    long long asked = 0;
    size_t width = terminal_width();
    const char *columns = getenv("COLUMNS");
    if (columns && text_to_integer(columns, &asked) && asked > 0 &&
        (width == 0 || asked < (long long)width))
        width = (size_t)asked;
    return width > 0 ? width - 1 : COMMON_WIDTH - 1;
}

/* Colours have none. */
static size_t width_of(const char *text)
{
    size_t width = 0;
    while (*text) {
        if (*text == '\033')
            text += strcspn(text, "m");
        else
            width++;
        text += *text != '\0';
    }
    return width;
}

/* ---- the line ---- */

/* A terminal that has become narrower since has broken the line. */
static void write_erase(char out[LONGEST_ERASE])
{
    size_t width = terminal_width(), drawn = width_of(shown);
    size_t rows = width > 0 && drawn > 0 ? (drawn - 1) / width : 0;
    if (drawn == 0)
        *out = '\0';
    else if (rows == 0)
        strcpy(out, "\r\033[K");
    else
        snprintf(out, LONGEST_ERASE, "\r\033[%zuA\033[J", rows);
}

void bar_show(const char *line)
{
    char erase[LONGEST_ERASE];
    write_erase(erase);
    snprintf(shown, sizeof(shown), "%s", line ? line : "");
    if (*erase || *shown)
        fprintf(stderr, "%s%s", erase, shown);
}

void bar_tell(const char *line)
{
    char erase[LONGEST_ERASE];
    write_erase(erase);
    fprintf(stderr, "%s%s%s", erase, line, shown);
}
