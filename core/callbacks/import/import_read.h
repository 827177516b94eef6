/* SPDX-License-Identifier: MIT */
/*
 * Reading for an import: accounts are taken as places get free, each is decided and listed with all
 * the APIs that matter, and what is listed is kept. Blocking; on the client's thread.
 */
#ifndef IMPORT_READ_H
#define IMPORT_READ_H

#include <thingspace/plan.h>
#include "callbacks/import/imported.h"
#include "client/client.h"

/*
 * Fills `out`, which holds the accounts. Those that cannot be read are told, have no set, and
 * `*first` is why the first one could not. Expected: CANCELLED, USAGE (more than one policy can
 * hold), LOCAL, NETWORK (no transport), MEMORY.
 */
thingspace_status import_read(imported *out, thingspace_client *client, generation *generation,
                              const thingspace_import_options *options, thingspace_error *first,
                              thingspace_error *error);

#endif
