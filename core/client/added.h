/* SPDX-License-Identifier: MIT */
/*
 * Hooks of this program beside those of the policy: thingspace_client_add_plugin and its way back.
 * The client holds one reference of each instance, so that a reload keeps them. The client's
 * thread.
 */
#ifndef ADDED_H
#define ADDED_H

#include "client/client.h"

/* Gives the client's references back. */
void added_dispose(thingspace_client *client);

#endif
