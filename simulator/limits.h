/* SPDX-License-Identifier: MIT */
/* Every maximum of the stand-in in one place, each with its reason. */
#ifndef SIMULATOR_LIMITS_H
#define SIMULATOR_LIMITS_H

/* Connections at once: twice what the heaviest client of the library opens. */
#define LIMIT_SIM_CONNECTIONS 512
/* An answer: a list of 20,000 listeners is 6 MiB; a state with full journals is less than this. */
#define LIMIT_SIM_ANSWER (128 * 1024 * 1024)
/* Header lines of one request; MHD's own memory pool ends sooner for long ones. */
#define LIMIT_SIM_HEADERS 128
/* The journal: requests kept, bytes of a body kept, distinct paths counted. */
#define LIMIT_SIM_JOURNAL      100
#define LIMIT_SIM_JOURNAL_BODY (64 * 1024)
#define LIMIT_SIM_PATHS        2000
/* Sessions remembered; after so many all are forgotten, as after a restart of the service. */
#define LIMIT_SIM_SESSIONS 100000
/* Fault rules at once, and the bytes of one. */
#define LIMIT_SIM_FAULTS      1000
#define LIMIT_SIM_FAULT_BYTES (64 * 1024)
/* Accounts with listeners, and listeners of one account. */
#define LIMIT_SIM_ACCOUNTS  1000000
#define LIMIT_SIM_LISTENERS 20000
/* A delay or a step of the clock: a day is longer than any test. */
#define LIMIT_SIM_DELAY_MS (24 * 3600 * 1000)
/* A huge body: enough to exceed every limit of a client. */
#define LIMIT_SIM_HUGE (1LL << 40)

#endif
