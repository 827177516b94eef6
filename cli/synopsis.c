/* SPDX-License-Identifier: MIT */
/* See synopsis.h. */
#include <config.h>
#include <stdio.h>
#include <string.h>
#include "cli/synopsis.h"

static void read_word(synopsis_word *out, const char *text, size_t size)
{
    out->optional = text[0] == '[';
    text += out->optional;
    size_t letters = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    out->repeats = strncmp(text + letters, "...", 3) == 0 && letters + 3 <= size;
    snprintf(out->name, sizeof(out->name), "%.*s", (int)letters, text);
}

bool synopsis_at(const char *arguments, size_t index, synopsis_word *out)
{
    const char *text = arguments ? arguments : "";
    for (;;) {
        text += strspn(text, " ");
        size_t size = strcspn(text, " ");
        if (size == 0 || strncmp(text, "[--", 3) == 0)
            return false;
        if (index-- == 0) {
            read_word(out, text, size);
            return true;
        }
        text += size;
    }
}

bool synopsis_for(const char *arguments, size_t index, synopsis_word *out)
{
    bool found = false;
    for (size_t i = 0; i <= index; i++) {
        if (!synopsis_at(arguments, i, out))
            return found && out->repeats;
        found = true;
    }
    return found;
}
