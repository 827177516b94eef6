/* SPDX-License-Identifier: MIT */
/*
 * Bytes that grow up to a named maximum. `data` is NUL-terminated as soon as it
 * is not NULL (the NUL is not counted). A buffer that holds secrets is made with
 * buffer_init_secret: every block it gives up is wiped first.
 *
 * Appending fails as a whole or not at all, and failure sticks: after a failed
 * append every later one does nothing, so that callers check once at the end.
 * The bytes belong to the buffer. One thread at a time.
 */
#ifndef BUFFER_H
#define BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <thingspace/error.h>

typedef struct buffer {
    char *data;
    size_t size;
    size_t capacity;
    size_t maximum;
    bool secret;
    thingspace_status status; /* OK, MEMORY, or PROTOCOL when `maximum` is reached */
} buffer;

void buffer_init(buffer *buffer, size_t maximum);
void buffer_init_secret(buffer *buffer, size_t maximum);
/* The buffer is empty and usable again. */
void buffer_dispose(buffer *buffer);
/* Size 0 and status OK; the block is kept, and wiped when it is secret. */
void buffer_clear(buffer *buffer);

/* Expected: MEMORY, PROTOCOL (more than the maximum). */
thingspace_status buffer_append(buffer *buffer, const void *bytes, size_t size);
thingspace_status buffer_append_text(buffer *buffer, const char *text);
thingspace_status buffer_append_byte(buffer *buffer, char byte);
/* Makes the buffer longer; the place to fill, NULL when that failed. */
char *buffer_extend(buffer *buffer, size_t size);
thingspace_status buffer_append_integer(buffer *buffer, long long number); /* in decimal */
thingspace_status buffer_append_format(buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The text so far, never NULL. */
const char *buffer_text(const buffer *buffer);
/* Hands over the bytes (free(); NULL when empty or
 * failed) and leaves the buffer empty. Not for secrets. */
char *buffer_take(buffer *buffer);

#define cleanup_buffer __attribute__((cleanup(buffer_dispose)))

#endif
