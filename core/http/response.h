/* SPDX-License-Identifier: MIT */
/*
 * An HTTP answer, whole and within its limits: status, header fields as they
 * came, body bytes as they came. Bodies may hold passwords and tokens: the buffer
 * is a secret one. One thread at a time.
 */
#ifndef RESPONSE_H
#define RESPONSE_H

#include "base/buffer.h"

typedef struct response {
    int status;
    buffer head; /* "Name\0value\0" pairs; read through the functions below */
    size_t header_count;
    buffer body;
} response;

/* All header fields, for who may have to put them back. */
typedef struct response_head {
    buffer fields;
    size_t count;
} response_head;

void response_init(response *response);
void response_dispose(response *response);
void response_clear(response *response); /* keeps the memory for the next answer */
/* Hands over everything; `from` is empty afterwards. */
void response_move(response *to, response *from);

/* The value of the first field of that name (case is ignored); NULL when absent. Borrowed. */
const char *response_header(const response *response, const char *name);
/* Name and value at `index` below header_count. */
void response_header_at(const response *response, size_t index, const char **name,
                        const char **value);
/* Adds one; for the transport. Expected: PROTOCOL at the limits, MEMORY. */
thingspace_status response_add_header(response *response, const char *name, size_t name_size,
                                      const char *value, size_t value_size);

/*
 * Sets a field in the place of the first one of that name, or removes all of that name when `value`
 * is NULL; `*before` gets the whole head as it was, to be given to response_swap_head (which
 * undoes) and response_head_dispose. Expected: USAGE (cannot be a field; too many), MEMORY.
 */
thingspace_status response_change_header(response *response, const char *name, const char *value,
                                         response_head *before, thingspace_error *error);
void response_swap_head(response *response, response_head *head);
void response_head_dispose(response_head *head);

#endif
