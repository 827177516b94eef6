/* SPDX-License-Identifier: MIT */
/* From a path of the service to the operation behind it, past the gateway's checks. */
#ifndef SIMULATOR_ROUTER_H
#define SIMULATOR_ROUTER_H

#include "model.h"

/* The caller holds the model's lock. Expected: MEMORY. */
thingspace_status router_answer(struct model *model, const struct request *request,
                                struct answer *answer);

#endif
