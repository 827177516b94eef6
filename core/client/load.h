/* SPDX-License-Identifier: MIT */
/*
 * Making a client from its options: which policy, which plugins; and making both anew from a
 * copy of them. One thread, the client's.
 */
#ifndef LOAD_H
#define LOAD_H

#include "client/client.h"

/* Fills the client: checks the Lua of the process, finds and loads policy and plugins. What was
 * made stays in it on failure. Expected: USAGE, POLICY, PLUGIN, LOCAL, AUTH, MEMORY. */
thingspace_status load_client(thingspace_client *client, const thingspace_client_options *options,
                              thingspace_error *error);
/* One more generation, from client->source. Owned: generation_free. Expected: the same. */
thingspace_status load_generation(generation **out, thingspace_client *client,
                                  thingspace_error *error);
void load_source_dispose(load_source *source);

#endif
