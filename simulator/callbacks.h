/* SPDX-License-Identifier: MIT */
/*
 * The registered listeners of all APIs, and the three operations below /callbacks of connectivity
 * (sister.h has those of the others). Under the model's lock.
 */
#ifndef SIMULATOR_CALLBACKS_H
#define SIMULATOR_CALLBACKS_H

#include <thingspace/simulator.h>
#include "answer.h"
#include "base/map.h"
#include "registry.h"
#include "request.h"
#include "sessions.h"

struct callbacks {
    map *accounts; /* a registry for each API and account */
    bool refuse_second_post;
    bool confirm_absent_delete;
    bool omit_empty_credentials;
};

/* Expected: MEMORY. */
thingspace_status callbacks_init(struct callbacks *callbacks);
void callbacks_dispose(struct callbacks *callbacks);
/* Expected: MEMORY. */
thingspace_status callbacks_reset(struct callbacks *callbacks);

/*
 * Carries out POST, GET or DELETE; `service` NULL but for DELETE. `user` NULL: the
 * sandbox, with its two accounts. Expected: MEMORY.
 */
thingspace_status callbacks_operate(struct callbacks *callbacks, const struct request *request,
                                    const char *account, const char *service,
                                    const struct user *user, struct answer *answer);

/* --- for sister.c --- */

/* Whether the user may; false: the answer was filled. Expected: MEMORY. */
thingspace_status callbacks_check_account(const struct request *request, const char *account,
                                          const struct user *user, bool *good,
                                          struct answer *answer);
/* `*out` is NULL when there is none; `api` NULL: connectivity. Expected: MEMORY. */
thingspace_status callbacks_find(const struct callbacks *callbacks, const char *api,
                                 const char *account, struct registry **out);
/* Carries out the register of a listener by the rules of a POST; false: the answer was filled.
 * Expected: MEMORY. */
thingspace_status callbacks_register(struct callbacks *callbacks,
                                     const thingspace_simulator_listener *listener,
                                     const struct user *user, bool *good, struct answer *answer);
thingspace_status callbacks_refuse_absent(struct answer *answer);

/* Registers or replaces, without the rules of a POST. Expected: USAGE, MEMORY. */
thingspace_status callbacks_put(struct callbacks *callbacks,
                                const thingspace_simulator_listener *listener,
                                thingspace_error *error);
/* The same from JSON: an array of listeners, or an object that has them as "listeners". */
thingspace_status callbacks_load(struct callbacks *callbacks, const char *text, size_t size,
                                 thingspace_error *error);
/* Adds "listeners" to the state. Expected: MEMORY. */
thingspace_status callbacks_describe(const struct callbacks *callbacks, json *state);

#endif
