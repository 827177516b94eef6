/* SPDX-License-Identifier: MIT */
/*
 * What is registered, as templates: names of account and service become placeholders, so that the
 * listeners of many accounts have one form. Pure; any thread. The buffer's status says whether it
 * went well.
 */
#ifndef IMPORT_TEMPLATE_H
#define IMPORT_TEMPLATE_H

#include "base/buffer.h"

/* The URL with placeholders, and its braces doubled, appended. */
void import_template_url(buffer *out, const char *url, const char *account, const char *service);
/* The same for a username: {account} is the name, {brace} a brace that begins neither. */
void import_template_username(buffer *out, const char *username, const char *account);

#endif
