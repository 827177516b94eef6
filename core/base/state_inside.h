/* SPDX-License-Identifier: MIT */
/*
 * What state_open.c (opening, with its checks) and state.c (files and locks) share.
 * A state does not change once it is open: any thread.
 */
#ifndef STATE_INSIDE_H
#define STATE_INSIDE_H

#include "base/state.h"

struct state {
    char *path;
    int directory; /* owned */
    bool persists;
};

/* What a message proposes when the directory cannot be used. */
#define STATE_OTHER_PLACE "set --state-dir or THINGSPACE_STATE_DIR"

/* Names that begin with a dot are ours: files being written. */
#define STATE_TEMPORARY_PREFIX ".new-"
#define STATE_TEMPORARY_RANDOM 12
#define STATE_TEMPORARY_SIZE   (sizeof(STATE_TEMPORARY_PREFIX) + 2 * (size_t)STATE_TEMPORARY_RANDOM)

/* A new file of a random name, for writing; -1 with errno. */
int state_open_temporary(const state *self, char name[STATE_TEMPORARY_SIZE]);

/* Keeps errno. */
void state_close_descriptor(int *descriptor);
#define cleanup_descriptor __attribute__((cleanup(state_close_descriptor)))

#endif
