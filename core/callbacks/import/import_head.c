/* SPDX-License-Identifier: MIT */
/* The comment at the head of a policy that was imported: see import_script.h. */
#include <config.h>
#include <time.h>
#include "base/text.h"
#include "callbacks/import/import_quote.h"
#include "callbacks/import/import_script.h"

/* What is left out is told in full by the caller of the import; a head stays a head. */
#define MOST_SKIPS 50

static void write_line(buffer *out, const char *text)
{
    buffer_append_format(out, "--%s%s\n", *text ? " " : "", text);
}

static void write_date(buffer *out, int64_t wall_ms)
{
    char text[32] = "";
    struct tm date;
    time_t seconds = (time_t)(wall_ms / 1000);
    if (gmtime_r(&seconds, &date))
        strftime(text, sizeof(text), "%Y-%m-%d %H:%M UTC", &date);
    buffer_append_text(out, text);
}

static void write_place(buffer *out, const endpoint *endpoint)
{
    buffer_append_text(out, "-- Read from ");
    import_quote_comment(out, endpoint->name);
    buffer_append_text(out, ", ");
    import_quote_comment(out, endpoint->api);
    buffer_append_text(out, ".\n");
}

static bool is_repeated(const imported *imported, size_t index)
{
    for (size_t i = index; i-- > 0;) /* neighbours are alike */
        if (imported->accounts[i].set &&
            imported->accounts[i].endpoint == imported->accounts[index].endpoint)
            return true;
    return false;
}

static void write_places(buffer *out, const imported *imported)
{
    for (size_t i = 0; i < imported->count; i++)
        if (imported->accounts[i].set && !is_repeated(imported, i))
            write_place(out, imported->accounts[i].endpoint);
}

static void write_next(buffer *out, const char *data_file)
{
    write_line(out, "");
    write_line(out, "What to do next, with the name of this file for FILE:");
    write_line(out, "  thingspace --policy FILE plan     says that there is nothing to do");
    buffer_append_text(out, "--   change ");
    import_quote_comment(out, data_file ? data_file : "what is below");
    buffer_append_text(out, " and plan again: it shows just that\n");
    write_line(out, "  thingspace --policy FILE apply    does it");
    write_line(out, "");
    write_line(out, "Passwords are whatever is registered now. To set one: password =");
    write_line(out, "thingspace.secret.file(\"NAME\"), where NAME is a file beside this one.");
}

static void write_skip(buffer *out, const import_skip *skip)
{
    buffer_append_text(out, "--   ");
    import_quote_comment(out, skip->account);
    buffer_append_byte(out, ' ');
    import_quote_comment(out, skip->service);
    if (skip->api)
        buffer_append_format(out, " (%s)", skip->api);
    buffer_append_text(out, ": ");
    import_quote_comment(out, skip->why);
    buffer_append_byte(out, '\n');
}

static void write_skips(buffer *out, const imported *imported)
{
    if (imported->skip_count == 0)
        return;
    write_line(out, "");
    write_line(out,
               "Registered, and not below, since no policy can declare it. A plan takes it for");
    write_line(out, "ours where its host is one of `owns`: do not prune before it is in order.");
    for (size_t i = 0; i < imported->skip_count && i < MOST_SKIPS; i++)
        write_skip(out, &imported->skips[i]);
    if (imported->skip_count > MOST_SKIPS)
        buffer_append_format(out, "--   and %zu more\n", imported->skip_count - MOST_SKIPS);
}

void import_head_write(buffer *out, const imported *imported, const import_words *words)
{
    buffer_append_text(out, "-- What was registered on ");
    write_date(out, words->wall_ms);
    buffer_append_format(out, ": %zu account%s, %zu listener%s.\n", imported->read,
                         imported->read == 1 ? "" : "s", imported->listeners,
                         imported->listeners == 1 ? "" : "s");
    write_places(out, imported);
    if (imported->read < imported->count)
        buffer_append_format(out, "-- %zu more could not be read and %s not here.\n",
                             imported->count - imported->read,
                             imported->count - imported->read == 1 ? "is" : "are");
    write_next(out, words->data_file);
    if (words->had_plugins)
        write_line(out, "The plugins of the policy that this was read with are not here.");
    write_skips(out, imported);
    buffer_append_byte(out, '\n');
}
