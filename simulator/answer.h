/* SPDX-License-Identifier: MIT */
/*
 * One answer being made, in the four error formats of the service: the gateway's
 * `fault` JSON and its XML, OAuth's `error`, and the API's `errorCode`. Each call
 * fills it afresh. Expected of all: MEMORY. Owned by its exchange.
 */
#ifndef SIMULATOR_ANSWER_H
#define SIMULATOR_ANSWER_H

#include "base/buffer.h"
#include "base/json.h"
#include "pairs.h"

struct answer {
    int status;
    const char *content_type; /* NULL when there is no body */
    buffer body;
    struct pairs headers;
};

void answer_init(struct answer *answer);
void answer_dispose(struct answer *answer);

thingspace_status answer_empty(struct answer *answer, int status);
thingspace_status answer_text(struct answer *answer, int status, const char *text);
thingspace_status answer_json(struct answer *answer, int status, const json *tree);
/* An object of up to two strings; `name2` may be NULL. */
thingspace_status answer_strings(struct answer *answer, int status, const char *name,
                                 const char *value, const char *name2, const char *value2);
/* {"fault":{"code","message","description"}} */
thingspace_status answer_fault(struct answer *answer, int status, const char *code,
                               const char *message, const char *description);
/* {"errorCode","errorMessage"}; the service's name is put before the code. */
thingspace_status answer_error(struct answer *answer, int status, const char *code,
                               const char *message);
/* {"error","error_description"} */
thingspace_status answer_oauth(struct answer *answer, int status, const char *error,
                               const char *description);
/* <am:fault> */
thingspace_status answer_xml(struct answer *answer, int status, const char *code,
                             const char *message);

/* json_set with a new string: MEMORY when there is no room. */
thingspace_status answer_set(json *object, const char *name, const char *value);

#endif
