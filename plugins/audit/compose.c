/* SPDX-License-Identifier: MIT */
/*
 * Lines of a chain as text, in a block that is used again and again: all that one append writes
 * (a begin, the end of a torn line, the line itself) goes to the file at once. By hand rather than
 * with printf: this runs twice for each call.
 */
#include <stdlib.h>
#include <string.h>
#include "chain_inside.h"

#define HEAD_NUMBER "{\"n\":"
#define HEAD_PREV   ",\"prev\":\""
#define HEAD_EVENT  "\",\"event\":\""
/* All of a line but event, members and tail, with room for 20 digits. */
#define HEAD_ROOM (sizeof(HEAD_NUMBER HEAD_PREV HEAD_EVENT) + 20 + AUDIT_CHAIN_HASH)

/* --- pieces --- */

static char *put(char *at, const char *text, size_t size)
{
    memcpy(at, text, size);
    return at + size;
}

/* Of a constant. */
#define PUT(at, text) put(at, text, sizeof(text) - 1)

static char *put_number(char *at, unsigned long long number)
{
    char digits[20];
    size_t first = sizeof(digits);
    do {
        digits[--first] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    return put(at, digits + first, sizeof(digits) - first);
}

static char *put_digits(char *at, unsigned number, size_t count)
{
    for (size_t i = count; i-- > 0; number /= 10)
        at[i] = (char)('0' + number % 10);
    return at + count;
}

/* --- now --- */

static void write_clock(audit_chain *self, time_t second)
{
    struct tm parts;
    if (self->second == second)
        return;
    gmtime_r(&second, &parts);
    strftime(self->clock, sizeof(self->clock), "%Y-%m-%dT%H:%M:%S", &parts);
    self->second = second;
}

size_t audit_compose_stamp(audit_chain *self, char out[AUDIT_CHAIN_STAMP])
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    write_clock(self, now.tv_sec);
    char *at = PUT(out, ",\"time\":\"");
    at = put(at, self->clock, strlen(self->clock));
    *at++ = '.';
    at = put_digits(at, (unsigned)(now.tv_nsec / 1000000), 3);
    at = PUT(at, "Z\",\"pid\":");
    at = put_number(at, (unsigned long long)self->pid);
    *at = '\0';
    return (size_t)(at - out);
}

/* --- lines --- */

static bool make_room(audit_chain *self, size_t more)
{
    size_t wanted = self->out_size + more;
    if (more > AUDIT_CHAIN_LINE || wanted > 2 * (size_t)AUDIT_CHAIN_LINE)
        return false;
    if (wanted <= self->out_capacity)
        return true;
    size_t capacity = wanted < 2048 ? 2048 : wanted * 2;
    char *wider = realloc(self->out, capacity);
    if (!wider)
        return false;
    self->out = wider;
    self->out_capacity = capacity;
    return true;
}

bool audit_compose_line_end(audit_chain *self)
{
    if (!make_room(self, 1))
        return false;
    self->out[self->out_size++] = '\n';
    return true;
}

bool audit_compose(audit_chain *self, const char *event, const char *members)
{
    size_t event_size = strlen(event), size = strlen(members);
    if (size > AUDIT_CHAIN_LINE ||
        !make_room(self, HEAD_ROOM + event_size + 1 + size + AUDIT_HASH_TAIL + 1))
        return false;
    char *line = self->out + self->out_size;
    char *at = put_number(PUT(line, HEAD_NUMBER), ++self->n);
    at = put(PUT(at, HEAD_PREV), self->hash, AUDIT_CHAIN_HASH);
    at = put(PUT(at, HEAD_EVENT), event, event_size);
    *at++ = '"';
    at = put(at, members, size);
    audit_hash(self->hash, line, (size_t)(at - line));
    at = put(PUT(at, AUDIT_HASH_NAME), self->hash, AUDIT_CHAIN_HASH);
    at = PUT(at, "\"}\n");
    self->out_size = (size_t)(at - self->out);
    return true;
}

void audit_compose_clear(audit_chain *self)
{
    self->out_size = 0;
    if (self->out_capacity <= AUDIT_CHAIN_KEPT)
        return;
    free(self->out);
    self->out = NULL;
    self->out_capacity = 0;
}
