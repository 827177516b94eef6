/* SPDX-License-Identifier: MIT */
/* See redact.h. */
#include <config.h>
#include <string.h>
#include "catalogue/sensitive.h"
#include "client/redact.h"

/* In place, so nothing shorter than the mask: to mark such a secret would show where it stands. */
static void redact_text(char *text, const thingspace_secret *secret)
{
    size_t size = secret ? secret_size(secret) : 0;
    const size_t mask = sizeof(SENSITIVE_MASK) - 1;
    if (size < mask)
        return;
    for (char *found = strstr(text, secret_bytes(secret)); found;
         found = strstr(found + mask, secret_bytes(secret))) {
        memcpy(found, SENSITIVE_MASK, mask);
        memmove(found + mask, found + size, strlen(found + size) + 1);
    }
}

static void redact_body(char *text, const json *node)
{
    redact_text(text, json_secret(node));
    for (const json *child = json_first(node); child; child = json_next(child))
        redact_body(text, child);
}

void redact_said(char *text, const void *user)
{
    const call *call = user;
    redact_text(text, call->tokens.bearer);
    redact_text(text, call->tokens.session);
    redact_body(text, request_json(call->request));
}
