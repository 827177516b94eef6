/* SPDX-License-Identifier: MIT */
/*
 * Reading a chain from its first line to its last. Ids of intents wait in a hash set until their
 * result comes. A line that is not whole is forgiven when the next one says so. What is
 * appended meanwhile is not read.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include "chain_inside.h"

/* --- a set of ids: open addressing, 0 is an empty place --- */

static size_t place_of(const audit_report *self, uint64_t id)
{
    size_t mask = self->unfinished_capacity - 1;
    size_t place = (size_t)(id * 0x9e3779b97f4a7c15ULL >> 20) & mask;
    while (self->unfinished[place] && self->unfinished[place] != id)
        place = (place + 1) & mask;
    return place;
}

static bool grow(audit_report *self)
{
    size_t old_capacity = self->unfinished_capacity;
    uint64_t *old = self->unfinished;
    size_t capacity = old_capacity ? old_capacity * 2 : 64;
    uint64_t *wider = calloc(capacity, sizeof(*wider));
    if (!wider)
        return false;
    self->unfinished = wider;
    self->unfinished_capacity = capacity;
    for (size_t i = 0; i < old_capacity; i++)
        if (old[i])
            wider[place_of(self, old[i])] = old[i];
    free(old);
    return true;
}

static bool add_id(audit_report *self, uint64_t id)
{
    if (id == 0)
        return true; /* one in 2^64 */
    if (self->unfinished_count * 2 >= self->unfinished_capacity && !grow(self))
        return false;
    uint64_t *place = &self->unfinished[place_of(self, id)];
    self->unfinished_count += *place == 0;
    *place = id;
    return true;
}

/* Those behind it move up, so that there are no gaps. */
static void remove_id(audit_report *self, uint64_t id)
{
    if (id == 0 || self->unfinished_count == 0)
        return;
    size_t mask = self->unfinished_capacity - 1, place = place_of(self, id);
    if (!self->unfinished[place])
        return;
    self->unfinished[place] = 0;
    self->unfinished_count--;
    for (size_t next = (place + 1) & mask; self->unfinished[next]; next = (next + 1) & mask) {
        uint64_t moved = self->unfinished[next];
        self->unfinished[next] = 0;
        self->unfinished[place_of(self, moved)] = moved;
    }
}

/* The ids to the front of the block, the rest goes. */
static void pack(audit_report *self)
{
    size_t count = 0;
    for (size_t i = 0; i < self->unfinished_capacity; i++)
        if (self->unfinished[i])
            self->unfinished[count++] = self->unfinished[i];
}

void audit_report_dispose(audit_report *self)
{
    free(self->unfinished);
    memset(self, 0, sizeof(*self));
}

/* --- lines --- */

typedef struct reader {
    audit_report *report;
    const char *expected;
    unsigned long long at; /* number of the line in the file, from 1 */
    unsigned long long n;
    /* Lines that are not whole, waiting for their "torn": where the first is, how long they are. */
    unsigned long long broken_at, broken;
    bool has_broken;
} reader;

static audit_verdict bad(reader *self, unsigned long long line, const char *why)
{
    self->report->bad_line = line;
    snprintf(self->report->why, sizeof(self->report->why), "%s", why);
    return AUDIT_DOES_NOT_FIT;
}

static audit_verdict count(reader *self, const audit_line *line)
{
    audit_report *report = self->report;
    if (strcmp(line->event, "intent") == 0) {
        report->intents++;
        if (report->unfinished_count >= AUDIT_CHAIN_UNFINISHED)
            return bad(self, self->at, "too many intents have no result");
        if (line->has_id && !add_id(report, line->id)) {
            errno = 0;
            return AUDIT_UNREADABLE;
        }
    } else if (strcmp(line->event, "result") == 0) {
        report->results++;
        if (line->has_id)
            remove_id(report, line->id);
    }
    return AUDIT_FITS;
}

static audit_verdict check_torn(reader *self, const audit_line *line)
{
    bool says_torn = strcmp(line->event, "torn") == 0;
    if (!self->has_broken && !says_torn)
        return AUDIT_FITS;
    if (!self->has_broken)
        return bad(self, self->at, "it speaks of a torn line before it, and there is none");
    if (!says_torn || line->bytes != self->broken)
        return bad(self, self->broken_at, "it is not a line of an audit chain");
    self->has_broken = false;
    self->report->torn++;
    return AUDIT_FITS;
}

static audit_verdict check_line(reader *self, const audit_line *line, const char *text, size_t size)
{
    audit_report *report = self->report;
    if (!audit_line_is_intact(line, text, size))
        return bad(self, self->at, "its hash is not that of its text: it was changed");
    audit_verdict verdict = check_torn(self, line);
    if (verdict != AUDIT_FITS)
        return verdict;
    if (strcmp(line->prev, report->hash) != 0)
        return bad(self, self->at,
                   self->n == 0 ? "it is not the first line of a chain: lines before it are gone"
                                : "it does not follow the line before it: lines were removed, "
                                  "inserted or moved");
    if (line->n != self->n + 1)
        return bad(self, self->at, "its number does not follow");
    self->n = line->n;
    memcpy(report->hash, line->hash, sizeof(report->hash));
    if (self->expected && strcmp(line->hash, self->expected) == 0)
        report->expected = true;
    return count(self, line);
}

static audit_verdict take_line(reader *self, const char *text, size_t size)
{
    audit_line line;
    self->at++;
    self->report->lines++;
    if (audit_line_read(&line, text, size))
        return check_line(self, &line, text, size);
    if (!self->has_broken)
        self->broken_at = self->at;
    self->broken = self->has_broken ? self->broken + 1 + size : size;
    self->has_broken = true;
    return AUDIT_FITS;
}

static audit_verdict finish(reader *self)
{
    audit_report *report = self->report;
    if (self->has_broken)
        return bad(self, self->broken_at, "it is not a line of an audit chain");
    if (self->at == 0)
        return bad(self, 1, "the file is empty");
    if (self->expected && !report->expected)
        return bad(self, self->at,
                   "no line up to here has the expected hash: lines are missing, or the file was "
                   "rotated: look into the older one");
    return AUDIT_FITS;
}

/* --- reading --- */

/* For a moment in which nobody appends. */
static bool lock_out_writers(int descriptor)
{
    const struct timespec pause = {0, 1000 * 1000};
    for (int waited_ms = 0; waited_ms < AUDIT_CHAIN_LOCK_MS; waited_ms++) {
        if (flock(descriptor, LOCK_SH | LOCK_NB) == 0)
            return true;
        if (errno != EWOULDBLOCK && errno != EINTR)
            return false;
        nanosleep(&pause, NULL);
    }
    return false;
}

/* How long the file is between two appends: half of one looks like a torn line. -1: it is none. */
static off_t settled_size(FILE *file)
{
    struct stat found;
    int descriptor = fileno(file);
    bool locked = lock_out_writers(descriptor);
    bool known = fstat(descriptor, &found) == 0 && S_ISREG(found.st_mode);
    if (locked)
        flock(descriptor, LOCK_UN);
    return known ? found.st_size : -1;
}

typedef struct source {
    FILE *file;
    off_t left; /* -1: up to its end */
} source;

static int next_byte(source *self)
{
    if (self->left == 0)
        return EOF;
    self->left -= self->left > 0;
    return getc_unlocked(self->file);
}

/* A line and how long it is; it grows up to the longest line that is written. */
typedef struct line_buffer {
    char *text;
    size_t size, capacity;
} line_buffer;

typedef enum line_end { LINE_ENDED, LINE_TORN, LINE_NONE, LINE_TOO_LONG, LINE_NO_MEMORY } line_end;

static line_end make_room(line_buffer *self)
{
    if (self->size < self->capacity)
        return LINE_ENDED;
    if (self->size >= AUDIT_CHAIN_LINE)
        return LINE_TOO_LONG;
    size_t capacity = self->capacity ? self->capacity * 2 : 4096;
    char *wider = realloc(self->text, capacity);
    if (!wider)
        return LINE_NO_MEMORY;
    self->text = wider;
    self->capacity = capacity;
    return LINE_ENDED;
}

/* The next line, without its line end. */
static line_end read_line(source *from, line_buffer *out)
{
    int byte;
    out->size = 0;
    while ((byte = next_byte(from)) != EOF && byte != '\n') {
        line_end room = make_room(out);
        if (room != LINE_ENDED)
            return room;
        out->text[out->size++] = (char)byte;
    }
    if (byte == '\n')
        return make_room(out); /* an empty line has a text too */
    return out->size > 0 ? LINE_TORN : LINE_NONE;
}

static audit_verdict stop_reading(reader *self, FILE *file, line_end end)
{
    if (end == LINE_NO_MEMORY || ferror(file)) {
        errno = ferror(file) ? errno : 0;
        return AUDIT_UNREADABLE;
    }
    if (end == LINE_TORN)
        return bad(self, self->at + 1,
                   "it is torn: no line end; the next append records that and goes on");
    if (end == LINE_TOO_LONG)
        return bad(self, self->at + 1, "it is too long to be a line of an audit chain");
    return finish(self);
}

audit_verdict audit_chain_verify(FILE *file, const char *expected, audit_report *out)
{
    memset(out, 0, sizeof(*out));
    audit_hash(out->hash, "", 0);
    reader reader = {.report = out, .expected = expected};
    source source = {file, settled_size(file)};
    line_buffer line = {NULL, 0, 0};
    audit_verdict verdict = AUDIT_FITS;
    line_end end = LINE_ENDED;
    while (verdict == AUDIT_FITS && (end = read_line(&source, &line)) == LINE_ENDED)
        verdict = take_line(&reader, line.text, line.size);
    if (verdict == AUDIT_FITS)
        verdict = stop_reading(&reader, file, end);
    pack(out);
    free(line.text);
    return verdict;
}
