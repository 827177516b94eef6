/* SPDX-License-Identifier: MIT */
/*
 * Other programs that send registrations: each is a command that runs once in a round, with the
 * words of the round in its environment, and whose CPU time (user and system) is taken.
 *
 *   RIVAL_URL       the server's
 *   RIVAL_REQUESTS  how many to send, each for another account
 *   RIVAL_OPTIONS   a file of options for curl that does
 *
 * One that prints "CPU SECONDS" on stdout is believed: an interpreter need not count its start.
 */
#ifndef RIVALS_H
#define RIVALS_H

/* `words` are "NAME=COMMAND" for a shell, and end with NULL; borrowed. */
void rivals_open(const char *url, const char *directory, char **words);
/* Each of them once. */
void rivals_run(unsigned requests);
/* Prints "NAME FIGURE us BASELINE": `library` us of a request beside the median of each. */
void rivals_tell(double library);

#endif
