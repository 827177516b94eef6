/* SPDX-License-Identifier: MIT */
/*
 * Whether this process is a copy of the one that made something: connections, locks and loops are
 * shared with the original and must be left alone. What starts without handlers of pthread_atfork
 * (vfork, clone) is not noticed. Any thread.
 */
#ifndef FORKS_H
#define FORKS_H

/* How many forks lie between this process and the first one that asked: to be kept and compared. */
unsigned forks_begin(void);
/* The same, for whoever has called that: one read, also in a signal handler. */
unsigned forks_now(void);

#endif
