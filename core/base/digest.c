/* SPDX-License-Identifier: MIT */
/* Each digest is that of the one before and of what is added: nothing needs aligned memory, and
 * nothing can fail. */
#include <config.h>
#include <errno.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>
#include "base/digest.h"

#define BLOCK_BYTES 16384

static void begin(crypto_generichash_state *state, const digest *before, const char *what)
{
    crypto_generichash_init(state, NULL, 0, sizeof(before->bytes));
    crypto_generichash_update(state, before->bytes, sizeof(before->bytes));
    crypto_generichash_update(state, (const unsigned char *)what, strlen(what) + 1);
}

void digest_add(digest *self, const char *what, const void *bytes, size_t size)
{
    crypto_generichash_state state;
    begin(&state, self, what);
    if (size > 0)
        crypto_generichash_update(&state, bytes, size);
    crypto_generichash_final(&state, self->bytes, sizeof(self->bytes));
}

void digest_add_text(digest *self, const char *what, const char *text)
{
    digest_add(self, what, text, text ? strlen(text) + 1 : 0);
}

int digest_add_file(digest *self, const char *what, int descriptor)
{
    unsigned char block[BLOCK_BYTES];
    crypto_generichash_state state;
    begin(&state, self, what);
    for (;;) {
        ssize_t count = read(descriptor, block, sizeof(block));
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return errno;
        if (count == 0)
            break;
        crypto_generichash_update(&state, block, (size_t)count);
    }
    crypto_generichash_final(&state, self->bytes, sizeof(self->bytes));
    return 0;
}

void digest_write(const digest *self, char out[DIGEST_TEXT_SIZE])
{
    sodium_bin2hex(out, DIGEST_TEXT_SIZE, self->bytes, DIGEST_TEXT_SIZE / 2);
}
