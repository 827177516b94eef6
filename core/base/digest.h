/* SPDX-License-Identifier: MIT */
/*
 * A digest (BLAKE2b) of things one after the other, each with a word for what it is, so that no two
 * lists of things have one digest. A value: all zeros is that of nothing, a copy goes on by itself.
 * Not for secrets: it has no key. Any thread.
 */
#ifndef DIGEST_H
#define DIGEST_H

#include <stddef.h>

/* As text: 16 bytes in hexadecimal. */
#define DIGEST_TEXT_SIZE 33

typedef struct digest {
    unsigned char bytes[32];
} digest;

void digest_add(digest *self, const char *what, const void *bytes, size_t size);
/* NULL is told from "". */
void digest_add_text(digest *self, const char *what, const char *text);
/* All that can be read from the descriptor. 0, or an errno. */
int digest_add_file(digest *self, const char *what, int descriptor);

void digest_write(const digest *self, char out[DIGEST_TEXT_SIZE]);

#endif
