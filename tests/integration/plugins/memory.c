/* SPDX-License-Identifier: MIT */
/*
 * Preloaded into the command: when it ends, looks for words in all of the process's memory and
 * writes the place of each one found into a file. The words come backwards in MEMORY_WORDS, with
 * blanks between, so that this program never holds them itself. The thread that ends the process.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char words[4096], report[512];

static int is_here(const char *at, const char *end, const char *backwards, size_t size)
{
    if ((size_t)(end - at) < size)
        return 0;
    for (size_t i = 0; i < size; i++)
        if (at[i] != backwards[size - 1 - i])
            return 0;
    return 1;
}

static void look_for(FILE *out, const char *place, const char *begin, const char *end,
                     const char *backwards, size_t size)
{
    for (const char *at = begin; (at = memchr(at, backwards[size - 1], (size_t)(end - at))); at++)
        if (is_here(at, end, backwards, size))
            fprintf(out, "word of %zu bytes that begins with %c in %s", size, *at, place);
}

static void look_into(FILE *out, const char *place, const char *begin, const char *end)
{
    for (const char *word = words; *word;) {
        size_t size = strcspn(word, " ");
        if (size > 0)
            look_for(out, place, begin, end, word, size);
        word += size + (word[size] == ' ');
    }
}

__attribute__((constructor)) static void remember(void)
{
    const char *given = getenv("MEMORY_WORDS"), *file = getenv("MEMORY_REPORT");
    if (!given || !file || strcmp(program_invocation_short_name, "thingspace") != 0)
        return;
    snprintf(words, sizeof(words), "%s", given);
    snprintf(report, sizeof(report), "%s", file);
}

/* Other threads, the mappings that it makes itself: none of them matters at the end. */
__attribute__((destructor)) static void look(void)
{
    char line[512];
    if (!report[0])
        return;
    FILE *maps = fopen("/proc/self/maps", "r"), *out = fopen(report, "a");
    while (maps && out && fgets(line, sizeof(line), maps)) {
        char *begin = NULL, *end = NULL, mode[5] = "";
        if (sscanf(line, "%p-%p %4s", (void **)&begin, (void **)&end, mode) == 3 &&
            mode[0] == 'r' && !strstr(line, "[v"))
            look_into(out, line, begin, end);
    }
    if (out) {
        fprintf(out, "looked\n");
        fclose(out);
    }
    if (maps)
        fclose(maps);
}
