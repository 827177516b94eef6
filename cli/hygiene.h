/* SPDX-License-Identifier: MIT */
/*
 * What keeps secrets out of the rest of the machine, and results out of the wrong file: the
 * command's part of the rules that protect the account. One thread, at the beginning.
 */
#ifndef CLI_HYGIENE_H
#define CLI_HYGIENE_H

#include <thingspace/error.h>

/*
 * Before anything else: no core files, no /proc/PID/mem for others, standard descriptors that are
 * open, SIGPIPE as an error of write.
 */
void hygiene_begin(void);
/* Before the client: memory that libcurl gives back is wiped. Expected: INTERNAL. */
thingspace_status hygiene_prepare_network(thingspace_error *error);
/*
 * After the client has read it: the environment block is overwritten, so that /proc/PID/environ
 * shows nothing; a few variables without secrets live on in copies. Expected: MEMORY.
 */
thingspace_status hygiene_clear_environment(thingspace_error *error);
/* Undoes hygiene_begin in a child that becomes another program. Async-signal-safe. */
void hygiene_release(void);

#endif
