/* SPDX-License-Identifier: MIT */
/* Edit distance by the classic table, one row at a time; capitals count as small letters. */
#include <config.h>
#include <stddef.h>
#include <string.h>
#include "cli/nearest.h"

/* Names of commands, options and services are all shorter. */
#define LONGEST 64

void nearest_begin(nearest *nearest, const char *wanted)
{
    nearest->wanted = wanted;
    nearest->found = NULL;
    /* A third of the word may be wrong: more is another word. */
    nearest->distance = (unsigned)strlen(wanted) / 3 + 1;
}

static unsigned least(unsigned a, unsigned b, unsigned c)
{
    unsigned lower = a < b ? a : b;
    return lower < c ? lower : c;
}

static int small(char letter)
{
    return letter >= 'A' && letter <= 'Z' ? letter - 'A' + 'a' : letter;
}

static unsigned measure(const char *a, const char *b)
{
    unsigned row[LONGEST + 1];
    size_t columns = strlen(b);
    for (size_t i = 0; i <= columns; i++)
        row[i] = (unsigned)i;
    for (size_t line = 1; a[line - 1]; line++) {
        unsigned diagonal = row[0];
        row[0] = (unsigned)line;
        for (size_t i = 1; i <= columns; i++) {
            unsigned above = row[i];
            unsigned change = small(a[line - 1]) != small(b[i - 1]);
            row[i] = least(above + 1, row[i - 1] + 1, diagonal + change);
            diagonal = above;
        }
    }
    return row[columns];
}

void nearest_offer(nearest *nearest, const char *candidate)
{
    if (strlen(candidate) > LONGEST || strlen(nearest->wanted) > LONGEST)
        return;
    unsigned distance = measure(nearest->wanted, candidate);
    if (distance > nearest->distance || (nearest->found && distance == nearest->distance))
        return;
    nearest->found = candidate;
    nearest->distance = distance;
}
