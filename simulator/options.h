/* SPDX-License-Identifier: MIT */
/* The options of a start, checked and completed with their defaults. */
#ifndef SIMULATOR_OPTIONS_H
#define SIMULATOR_OPTIONS_H

#include <thingspace/simulator.h>

/* `given` may be NULL, or of an older size. Text stays borrowed. Expected: USAGE. */
thingspace_status options_complete(thingspace_simulator_options *out,
                                   const thingspace_simulator_options *given,
                                   thingspace_error *error);

#endif
