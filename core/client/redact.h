/* SPDX-License-Identifier: MIT */
/*
 * A service may repeat in an error what it was sent. Before its words reach an error, the secrets
 * of the call (tokens, secret nodes of the body) become "***" in them. Pure; the client's thread.
 */
#ifndef REDACT_H
#define REDACT_H

#include "client/call.h"

/* A fault_hide; `user` is the call. */
void redact_said(char *text, const void *user);

#endif
