/* SPDX-License-Identifier: MIT */
/*
 * Bytes of a secret from a descriptor, and the rules for them. The bytes pass
 * through one chunk on the stack and one secret buffer; both are wiped.
 */
#include <config.h>
#include <errno.h>
#include <poll.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/secret_read.h"

void secret_read_init(buffer *bytes)
{
    buffer_init_secret(bytes, LIMIT_SECRET_BYTES + 2); /* its line end is dropped later */
}

static thingspace_status fail_too_long(const char *what, thingspace_error *error)
{
    return error_set(error, THINGSPACE_AUTH, "%s is longer than %d bytes, too long for a secret",
                     what, LIMIT_SECRET_BYTES);
}

/* Waits for bytes or the end; OK when there is something to read. */
static thingspace_status wait_readable(int descriptor, int64_t deadline_ms, const char *what,
                                       thingspace_error *error)
{
    struct pollfd watched = {.fd = descriptor, .events = POLLIN};
    for (;;) {
        int64_t left = deadline_ms - clock_monotonic_ms();
        int ready = poll(&watched, 1, left > 0 ? (int)left : 0);
        if (ready > 0)
            return THINGSPACE_OK;
        if (ready < 0 && errno != EINTR)
            return error_errno(error, THINGSPACE_AUTH, errno, "%s cannot be read", what);
        if (ready == 0)
            return error_set(error, THINGSPACE_AUTH, "%s did not end in time; check what writes it",
                             what);
    }
}

/* One read. At the end of the bytes, *ended. */
static thingspace_status read_some(int descriptor, buffer *bytes, bool *ended, const char *what,
                                   thingspace_error *error)
{
    char chunk[4096];
    ssize_t got = read(descriptor, chunk, sizeof(chunk));
    int cause = got < 0 ? errno : 0;
    if (got > 0)
        buffer_append(bytes, chunk, (size_t)got);
    sodium_memzero(chunk, sizeof(chunk));
    *ended = got == 0;
    if (cause && cause != EINTR && cause != EAGAIN)
        return error_errno(error, THINGSPACE_AUTH, cause, "%s cannot be read", what);
    if (bytes->status == THINGSPACE_MEMORY)
        return error_memory(error);
    return bytes->status == THINGSPACE_OK ? THINGSPACE_OK : fail_too_long(what, error);
}

thingspace_status secret_read_all(int descriptor, buffer *bytes, int64_t deadline_ms,
                                  const char *what, thingspace_error *error)
{
    thingspace_status status = THINGSPACE_OK;
    bool ended = false;
    while (status == THINGSPACE_OK && !ended) {
        status = wait_readable(descriptor, deadline_ms, what, error);
        if (status == THINGSPACE_OK)
            status = read_some(descriptor, bytes, &ended, what, error);
    }
    return status;
}

static bool drop_last(buffer *bytes, char byte)
{
    if (bytes->size == 0 || bytes->data[bytes->size - 1] != byte)
        return false;
    bytes->data[--bytes->size] = '\0';
    return true;
}

static thingspace_status check_text(const buffer *bytes, const char *what, thingspace_error *error)
{
    if (bytes->size == 0)
        return error_set(error, THINGSPACE_AUTH, "%s is empty; put the secret there", what);
    if (bytes->size > LIMIT_SECRET_BYTES)
        return fail_too_long(what, error);
    if (memchr(bytes->data, '\0', bytes->size))
        return error_set(error, THINGSPACE_AUTH, "%s has a NUL byte; a secret is text", what);
    if (memchr(bytes->data, '\n', bytes->size) || memchr(bytes->data, '\r', bytes->size))
        return error_set(error, THINGSPACE_AUTH, "%s has more than one line; a secret is one line",
                         what);
    return THINGSPACE_OK;
}

thingspace_status secret_read_finish(thingspace_secret **out, buffer *bytes, const char *what,
                                     thingspace_error *error)
{
    *out = NULL;
    if (drop_last(bytes, '\n'))
        drop_last(bytes, '\r');
    thingspace_status status = check_text(bytes, what, error);
    if (status == THINGSPACE_OK)
        return secret_from_buffer(out, bytes, error);
    buffer_dispose(bytes);
    return status;
}
