/* SPDX-License-Identifier: MIT */
/*
 * Ctrl-C and the polite end. The first signal interrupts the client, whose calls then end as
 * CANCELLED; a second one ends the process at once, as does the first when there is no client.
 */
#ifndef CLI_SIGNALS_H
#define CLI_SIGNALS_H

#include <thingspace/client.h>

/* `client` stays until it is replaced, also by NULL. */
void signals_watch(thingspace_client *client);
/* What the first signal tells on standard error at once, as it is; the second one ends the line.
 * Lives until it is replaced, also by NULL. */
void signals_announce(const char *text);

#endif
