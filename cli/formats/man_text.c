/* SPDX-License-Identifier: MIT */
/* Texts of the tables of commands in mdoc: words that troff would read are escaped, sentences begin
 * lines, names of pages become references. */
#include <config.h>
#include <string.h>
#include "cli/formats/man_text.h"

/* Lines of the source are at most so long. */
#define WIDTH 78

/* What troff would make something else of. */
static const char *escape_of(char letter)
{
    switch (letter) {
    case '\\':
        return "\\e";
    case '-':
        return "\\-";
    case '`':
        return "\\(ga";
    case '\'':
        return "\\(aq";
    case '~':
        return "\\(ti";
    case '^':
        return "\\(ha";
    default:
        return NULL;
    }
}

static size_t put_letters(FILE *out, const char *text, size_t size)
{
    size_t width = 0;
    for (size_t i = 0; i < size; i++) {
        const char *escape = escape_of(text[i]);
        if (escape)
            fputs(escape, out);
        else
            fputc(text[i], out);
        width += escape ? strlen(escape) : 1;
    }
    return width;
}

void man_text_put(FILE *out, const char *text)
{
    put_letters(out, text, strlen(text));
}

/* "thingspace-plan(5)," as a reference on a line of its own; false when it is none. */
static bool put_reference(FILE *out, const char *word, size_t size, const char *line_end)
{
    const char *open = memchr(word, '(', size);
    if (strncmp(word, "thingspace", strlen("thingspace")) != 0 || !open ||
        (size_t)(open - word) + 3 > size || open[1] < '1' || open[1] > '8' || open[2] != ')')
        return false;
    fprintf(out, "%s.Xr %.*s %c", line_end, (int)(open - word), word, open[1]);
    for (const char *after = open + 3; after < word + size; after++)
        fprintf(out, " %c", *after);
    fputc('\n', out);
    return true;
}

/* Returns the column after it. Every letter may become an escape, which is short for what is rare.
 */
static size_t put_word(FILE *out, const char *word, size_t size, size_t column)
{
    if (column > 0 && column + 1 + size + 6 > WIDTH) {
        fputc('\n', out);
        column = 0;
    } else if (column > 0) {
        fputc(' ', out);
        column++;
    }
    if (column == 0 && size > 0 && (*word == '.' || *word == '\''))
        fputs("\\&", out);
    return column + put_letters(out, word, size);
}

/* Words in lines of the source; none begins with what would be a macro. */
static void put_wrapped(FILE *out, const char *text, size_t size)
{
    size_t column = 0;
    for (size_t word; size > 0; text += word, size -= word) {
        word = 0;
        while (word < size && text[word] != ' ')
            word++;
        if (put_reference(out, text, word, column > 0 ? "\n" : ""))
            column = 0;
        else
            column = put_word(out, text, word, column);
        word += word < size;
    }
    if (column > 0)
        fputc('\n', out);
}

/* Each sentence begins a line, as mdoc wants. */
static void put_sentences(FILE *out, const char *text, size_t size)
{
    const char *end = text + size, *stop;
    while ((stop = strstr(text, ". ")) && stop < end) {
        put_wrapped(out, text, (size_t)(stop - text) + 1);
        text = stop + 2;
    }
    put_wrapped(out, text, (size_t)(end - text));
}

void man_text_put_paragraphs(FILE *out, const char *text)
{
    while (*text) {
        size_t size = strcspn(text, "\n");
        put_sentences(out, text, size);
        text += size;
        if (*text)
            fputs(".Pp\n", out);
        text += strspn(text, "\n");
    }
}

static void put_capital(FILE *out, const char *text, char end)
{
    char sentence[512];
    snprintf(sentence, sizeof(sentence), "%s%c", text, end);
    if (*sentence >= 'a' && *sentence <= 'z')
        *sentence = (char)(*sentence - 'a' + 'A');
    put_sentences(out, sentence, strlen(sentence));
}

void man_text_put_summary(FILE *out, const char *text)
{
    put_capital(out, text, '.');
}

void man_text_put_caption(FILE *out, const char *text)
{
    put_capital(out, text, ':');
}

void man_text_put_argument(FILE *out, const char *text)
{
    fputs(" \"", out);
    man_text_put(out, text);
    fputc('"', out);
}

void man_text_put_options(FILE *out, const option *options)
{
    fputs(".Bl -tag -width Ds\n", out);
    for (const option *row = options; row->name; row++) {
        if (row->kind == OPTION_REFUSED)
            continue;
        fputs(".It ", out);
        if (row->letter)
            fprintf(out, "Fl %c , ", row->letter);
        fputs("Fl \\-", out);
        man_text_put(out, row->name);
        if (row->value)
            fprintf(out, " Ar %s", row->value);
        fputc('\n', out);
        man_text_put_summary(out, row->doc);
    }
    fputs(".El\n", out);
}
