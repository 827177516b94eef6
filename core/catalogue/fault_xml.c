/* SPDX-License-Identifier: MIT */
/*
 * The scanner walks from tag to tag with a cursor that never passes its end;
 * comments, declarations and processing instructions are stepped over.
 */
#include <config.h>
#include <string.h>
#include "catalogue/fault_xml.h"

/* A gateway fault has 300 bytes; what stands behind this many is not looked at. */
#define MOST_SCANNED (16 * 1024)

typedef struct cursor {
    const char *at, *end;
} cursor;

static cursor start(const char *xml, size_t size)
{
    return (cursor){xml, xml + (size < MOST_SCANNED ? size : MOST_SCANNED)};
}

static bool begins_with(const cursor *c, const char *text)
{
    size_t size = strlen(text);
    return (size_t)(c->end - c->at) >= size && memcmp(c->at, text, size) == 0;
}

/* Moves behind the next `text`; to the end, and false, when there is none. */
static bool step_behind(cursor *c, const char *text)
{
    for (; c->at < c->end; c->at++) {
        if (begins_with(c, text)) {
            c->at += strlen(text);
            return true;
        }
    }
    return false;
}

/* Moves to the name of the next start tag. */
static bool next_element(cursor *c)
{
    while (step_behind(c, "<")) {
        if (begins_with(c, "!--"))
            step_behind(c, "-->");
        else if (!begins_with(c, "!") && !begins_with(c, "?") && !begins_with(c, "/"))
            return true;
    }
    return false;
}

static bool name_ends(char c)
{
    return c == '>' || c == '/' || c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Whether the tag at the cursor has this name, with or without a prefix. */
static bool tag_is(const cursor *c, const char *name)
{
    const char *local = c->at, *p = c->at;
    for (; p < c->end && !name_ends(*p); p++)
        if (*p == ':')
            local = p + 1;
    size_t size = (size_t)(p - local);
    return size == strlen(name) && memcmp(local, name, size) == 0;
}

bool fault_xml_is_fault(const char *xml, size_t size)
{
    cursor c = start(xml, size);
    return next_element(&c) && tag_is(&c, "fault");
}

/* One character of text, entities decoded; the cursor moves behind it. */
static char next_character(cursor *c)
{
    static const struct {
        const char *name;
        char character;
    } entities[] = {
        {"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&quot;", '"'}, {"&apos;", '\''}};
    for (size_t i = 0; *c->at == '&' && i < sizeof(entities) / sizeof(entities[0]); i++) {
        if (begins_with(c, entities[i].name)) {
            c->at += strlen(entities[i].name);
            return entities[i].character;
        }
    }
    return *c->at++;
}

static void copy_text(char *out, size_t capacity, cursor *c)
{
    size_t size = 0;
    while (c->at < c->end && *c->at != '<' && size + 1 < capacity)
        out[size++] = next_character(c);
    out[size] = '\0';
}

void fault_xml_text(char *out, size_t capacity, const char *xml, size_t size, const char *name)
{
    out[0] = '\0';
    for (cursor c = start(xml, size); next_element(&c);) {
        if (!tag_is(&c, name))
            continue;
        if (step_behind(&c, ">") && c.at[-2] != '/')
            copy_text(out, capacity, &c);
        return;
    }
}
