/* SPDX-License-Identifier: MIT */
/*
 * One listener made as asked, whatever that takes: POST; where the service refuses to overwrite,
 * DELETE and POST behind an intent record. Whatever happens in between, interruption included, one
 * of the two is put there again, or the record tells the next run. A state machine over calls:
 * many at once in one client. thingspace_ensure is one of them. On the client's thread.
 */
#ifndef UPDATE_H
#define UPDATE_H

#include "client/result.h"

typedef struct update update; /* valid until its `done` begins */

/* Of the whole; `error` is NULL for OK. `result` is that of the register or deregister, perhaps
 * NULL, and belongs to the receiver. From the loop; the client may be used and freed. */
typedef void update_done(thingspace_status status, thingspace_result *result,
                         const thingspace_error *error, void *user);

/*
 * `request`: of a register, or of a deregister, which is sent as it is. `old`: what is listed now
 * under that service, NULL: nothing, and nothing is removed then. Both are copied. CALL_LASTING may
 * be in its flags. Expected here:
 * MEMORY, USAGE, CANCELLED, NETWORK; then `done` is not called. Told through `done`: all kinds;
 * LOCAL and REFUSED (another run changes that listener) before anything is removed.
 */
thingspace_status update_start(thingspace_client *client, update **out,
                               const thingspace_request *request, const listener_row *old,
                               update_done *done, void *user, thingspace_error *error);
/*
 * To be called at once. `planned`: what hooks have made of the register in a dry run, and must make
 * of it when it is sent; else it fails, PLUGIN, before anything is removed. Borrowed until `done`
 * has run. `listed`: the list that `old` is of; where the service has told it, a hook that answers
 * the register in its place has nothing removed.
 */
void update_bind(update *update, const struct request *planned, const thingspace_result *listed);
/* As if the process ended: what was removed stays so, and the record. `done` runs before this
 * returns. For an interruption that tidies up, there is thingspace_client_interrupt. */
void update_abandon(update *update);

#endif
