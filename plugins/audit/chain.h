/* SPDX-License-Identifier: MIT */
/*
 * A file of JSON lines in which each line carries the hash of the one before, so that an edit
 * shows.
 *
 *     {"n":7,"prev":"9f...","event":"intent",...,"hash":"3c..."}
 *
 * `hash` is the BLAKE2b-256 of the line's bytes before `,"hash":`, in hexadecimal; `prev` is the
 * hash of the line before, and that of no bytes at all in the first, which names the algorithm. Any
 * number of processes append under flock(2); what they continue is read from the file's last line,
 * so restarts and other writers make no difference. Shared by the audit plugin and `thingspace
 * audit verify`; depends on libc and libsodium alone. A chain is of one thread.
 */
#ifndef AUDIT_CHAIN_H
#define AUDIT_CHAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>
#include <time.h>

#define AUDIT_CHAIN_ALGORITHM "blake2b-256"
#define AUDIT_CHAIN_HASH      64 /* hexadecimal digits */
/* The longest line: a request's body is 1 MiB, an answer's 8 MiB, and both may be in it. */
#define AUDIT_CHAIN_LINE (32 * 1024 * 1024)
/* How long another writer may hold the lock. */
#define AUDIT_CHAIN_LOCK_MS 5000

/* How long a file that was moved away may go on being written. One that was deleted or replaced is
 * left at once. */
#define AUDIT_CHAIN_MOVED_MS 10
/* The most that stays allocated for the next line, and of lines that are kept. */
#define AUDIT_CHAIN_KEPT (64 * 1024)

/* `,"time":"2026-01-31T23:59:59.999Z","pid":` and the number. */
#define AUDIT_CHAIN_STAMP 64

typedef struct audit_chain {
    char *path; /* owned */
    int descriptor;
    int64_t looked_ms; /* when its name was last looked up */
    bool sync;
    /* What was there after the last append of ours: the same size is the same last line. */
    off_t size;
    unsigned long long n;
    char hash[AUDIT_CHAIN_HASH + 1];
    /* Lines that are written next. Owned. */
    char *out;
    size_t out_size, out_capacity;
    /* Lines that wait for the next append: event and members, each with its NUL. Owned. */
    char *kept;
    size_t kept_size;
    int64_t kept_ms; /* since when the first one waits */
    pid_t pid;       /* that opened the file */
    time_t second;   /* whose text is kept: in one second there are many lines */
    char clock[20];
    char why[256]; /* why the last call failed: one line */
} audit_chain;

/* The path is copied. The file is opened by the first append; `sync`: each line is on the disk when
 * append returns. NULL out of memory. Owned: audit_chain_free. */
audit_chain *audit_chain_new(const char *path, bool sync);
void audit_chain_free(audit_chain *chain);
/*
 * Appends one line; `event` is a plain word, `members` begin with a comma. False when nothing of it
 * is in the file: see `why`. A line that somebody left unfinished is ended first, and a line of
 * event "torn" says how long it was.
 */
bool audit_chain_append(audit_chain *chain, const char *event, const char *members);
/* Keeps a line for the next append, which writes it first. False: there is no room, or the first
 * line kept has waited for `most_ms`; append it then. What is kept is lost when the process dies;
 * audit_chain_free writes it, and after a failed append it is still kept. */
bool audit_chain_keep(audit_chain *chain, const char *event, const char *members, int64_t most_ms);
/* Now and this process, as members; how long they are. A process that was forked off finds out here
 * that it needs a file of its own, whose lock is not its parent's: ask once for each line. */
size_t audit_chain_stamp(audit_chain *chain, char out[AUDIT_CHAIN_STAMP]);

/* --- reading --- */

/* Calls of which an intent was found and no result; more are a sign of something else. */
#define AUDIT_CHAIN_UNFINISHED 1000000

typedef struct audit_report {
    unsigned long long lines, intents, results, torn;
    char hash[AUDIT_CHAIN_HASH + 1]; /* of the last line */
    bool expected;                   /* the expected hash was seen */
    uint64_t *unfinished;            /* ids, owned; in no order */
    size_t unfinished_count, unfinished_capacity;
    unsigned long long bad_line; /* 0: all fit */
    char why[160];
} audit_report;

typedef enum audit_verdict {
    AUDIT_FITS,
    AUDIT_DOES_NOT_FIT, /* `bad_line` and `why` */
    AUDIT_UNREADABLE,   /* errno, 0: out of memory */
} audit_verdict;

/* Reads the whole chain, as it is between two appends. `expected`: a hash that must occur in it,
 * NULL: none. */
audit_verdict audit_chain_verify(FILE *file, const char *expected, audit_report *out);
void audit_report_dispose(audit_report *report);

#endif
