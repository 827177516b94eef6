/* SPDX-License-Identifier: MIT */
/* The HTTP side: a listening socket, the daemon's thread, the way of one exchange. */
#ifndef SIMULATOR_SERVER_H
#define SIMULATOR_SERVER_H

#include "model.h"
#include "waits.h"

struct server {
    struct model *model;
    struct waits waits;
    struct MHD_Daemon *daemon;
    char *url;
};

/* `model` is borrowed. Expected: USAGE (not a loopback address), LOCAL, MEMORY. */
thingspace_status server_start(struct server *server, struct model *model, const char *host,
                               int port, bool allow_remote, thingspace_error *error);
void server_stop(struct server *server);

#endif
