/* SPDX-License-Identifier: MIT */
/* What chain.c and compose.c (writing) and verify.c (reading) share: how a line looks. */
#ifndef AUDIT_CHAIN_INSIDE_H
#define AUDIT_CHAIN_INSIDE_H

#include "chain.h"

/* `,"hash":"` + digits + `"}` */
#define AUDIT_HASH_NAME ",\"hash\":\""
#define AUDIT_HASH_TAIL (sizeof(AUDIT_HASH_NAME) - 1 + AUDIT_CHAIN_HASH + 2)

typedef struct audit_line {
    unsigned long long n;
    char prev[AUDIT_CHAIN_HASH + 1];
    char hash[AUDIT_CHAIN_HASH + 1]; /* as written */
    char event[16];
    bool has_id;
    uint64_t id;
    unsigned long long bytes; /* of a torn line */
} audit_line;

/* Of `size` bytes; the result is hexadecimal. */
void audit_hash(char out[AUDIT_CHAIN_HASH + 1], const char *bytes, size_t size);

/* --- compose.c --- */
/* Adds a line, or a line end, to what is written next; number and hash go on. False: too long, or
 * out of memory. */
bool audit_compose(audit_chain *chain, const char *event, const char *members);
bool audit_compose_line_end(audit_chain *chain);
size_t audit_compose_stamp(audit_chain *chain, char out[AUDIT_CHAIN_STAMP]);
/* Forgets what was composed, and gives back what is not usually needed. */
void audit_compose_clear(audit_chain *chain);

/* --- line.c --- */
/* Reads a line without its line end. False when it is not one of ours. */
bool audit_line_read(audit_line *out, const char *text, size_t size);
/* Whether the written hash is the right one. */
bool audit_line_is_intact(const audit_line *line, const char *text, size_t size);

#endif
