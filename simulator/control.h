/* SPDX-License-Identifier: MIT */
/*
 * What is below /simulator/: the stand-in's own paths, which need no token.
 *   GET    /simulator/state
 *   POST   /simulator/faults               rules, one a line
 *   DELETE /simulator/faults
 *   POST   /simulator/listeners            JSON as in the state
 *   POST   /simulator/expire?what=bearer|session|all
 *   POST   /simulator/advance?seconds=N    sets the clock of both tokens forward
 *   POST   /simulator/reset                all but the credentials is forgotten
 */
#ifndef SIMULATOR_CONTROL_H
#define SIMULATOR_CONTROL_H

#include "model.h"

bool control_has(const struct request *request);
/* The caller holds the model's lock. Expected: MEMORY. */
thingspace_status control_answer(struct model *model, const struct request *request,
                                 struct answer *answer);

#endif
