/* SPDX-License-Identifier: MIT */
/*
 * Applications (key, secret) and their bearer tokens. One token per application
 * for its life from FIRST issue: asking again gives the same one. Whether
 * expires_in then counts down is not public; here it does. Under the model's lock.
 */
#ifndef SIMULATOR_TOKENS_H
#define SIMULATOR_TOKENS_H

#include <stdint.h>
#include "answer.h"
#include "base/map.h"
#include "request.h"

struct tokens {
    map *applications;
    char *test_token; /* NULL: none */
    int64_t life_ms;
    long long requests;
    long long revokes;
};

typedef enum tokens_verdict { TOKENS_GOOD, TOKENS_TEST, TOKENS_REFUSED } tokens_verdict;

/* `test_token` may be NULL. Expected of both: MEMORY. */
thingspace_status tokens_init(struct tokens *tokens, int64_t life_ms, const char *test_token);
thingspace_status tokens_add(struct tokens *tokens, const char *key, const char *secret);
void tokens_forget(struct tokens *tokens);

/* Every token ends; the next request mints a new one. */
void tokens_expire(struct tokens *tokens);

/* The bearer that the request presents ends, if it is one of these. */
void tokens_expire_presented(struct tokens *tokens, const struct request *request);

/* The two endpoints below /api/ts/v1/oauth2. Expected: MEMORY. */
thingspace_status tokens_issue(struct tokens *tokens, int64_t now_ms, const struct request *request,
                               struct answer *answer);
thingspace_status tokens_revoke(struct tokens *tokens, int64_t now_ms,
                                const struct request *request, struct answer *answer);

/* Judges the request's bearer; fills the answer when it is refused. Expected: MEMORY. */
thingspace_status tokens_check(const struct tokens *tokens, int64_t now_ms,
                               const struct request *request, tokens_verdict *verdict,
                               struct answer *answer);

#endif
