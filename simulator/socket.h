/* SPDX-License-Identifier: MIT */
/* The listening socket and the URL that leads to it. */
#ifndef SIMULATOR_SOCKET_H
#define SIMULATOR_SOCKET_H

#include <stdbool.h>
#include <thingspace/error.h>

/*
 * `host` is a literal address or "localhost"; `port` 0: any free one. Owned: the
 * socket by close, the URL by free. Expected: USAGE (no such address, or not
 * loopback without `allow_remote`), LOCAL (cannot be bound), MEMORY.
 */
thingspace_status socket_listen(int *socket, char **url, const char *host, int port,
                                bool allow_remote, thingspace_error *error);

#endif
