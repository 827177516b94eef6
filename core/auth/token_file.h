/* SPDX-License-Identifier: MIT */
/*
 * The token cache: one file in the state directory for each (token URL, key, login
 * URL, username), holding the bearer and the session token of that pair. The file's time
 * is when the session was last used. Whoever writes holds the file's lock. Any thread.
 */
#ifndef TOKEN_FILE_H
#define TOKEN_FILE_H

#include "auth/state_name.h"
#include "base/secret.h"
#include "base/state.h"

typedef struct tokens {
    thingspace_secret *bearer;  /* NULL: none */
    int64_t bearer_expires_ms;  /* wall clock */
    thingspace_secret *session; /* NULL: none */
    int64_t session_used_ms;    /* wall clock, last use known */
} tokens;

void tokens_dispose(tokens *tokens);
void tokens_copy(tokens *out, const tokens *from); /* takes references */

/* The file's name, also the name of its lock. */
void token_file_name(char out[STATE_NAME_SIZE], const char *token_url, const thingspace_secret *key,
                     const char *login_url, const thingspace_secret *username);
/* An absent or damaged file gives no tokens. Expected: LOCAL, MEMORY. */
thingspace_status token_file_read(tokens *out, state *state, const char *name,
                                  thingspace_error *error);
/* Expected: LOCAL, MEMORY. */
thingspace_status token_file_write(const tokens *tokens, state *state, const char *name,
                                   thingspace_error *error);

#endif
