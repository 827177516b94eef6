/* SPDX-License-Identifier: MIT */
/* A JSON body of the API, and the three ways in which it is refused. */
#ifndef SIMULATOR_BODY_H
#define SIMULATOR_BODY_H

#include "answer.h"
#include "request.h"

/*
 * Parses the body as an object, owned. `*out` is NULL when the answer was filled:
 * RequestUndefined (empty), DeserializationFailed (no JSON Content-Type, not an
 * object). Expected: MEMORY.
 */
thingspace_status body_read(const struct request *request, json **out, struct answer *answer);
/* DeserializationFailed: a required element is missing. Expected: MEMORY. */
thingspace_status body_refuse(struct answer *answer, const char *message);
/* Request.InvalidCharacter. Expected: MEMORY. */
thingspace_status body_refuse_characters(struct answer *answer);
/* Whether none of ' < \ is in the text; NULL is fine. */
bool body_is_clean(const char *text);

#endif
