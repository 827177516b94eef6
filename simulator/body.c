/* SPDX-License-Identifier: MIT */
/* See body.h. */
#include <config.h>
#include <string.h>
#include "body.h"

thingspace_status body_refuse(struct answer *answer, const char *message)
{
    return answer_error(answer, 400, "DeserializationFailed", message);
}

thingspace_status body_refuse_characters(struct answer *answer)
{
    return answer_error(answer, 400, "INPUT_INVALID.Request.InvalidCharacter",
                        "The input contains ', < or \\");
}

bool body_is_clean(const char *text)
{
    return !text || !strpbrk(text, "'<\\");
}

thingspace_status body_read(const struct request *request, json **out, struct answer *answer)
{
    *out = NULL;
    if (request->body.size == 0)
        return answer_error(answer, 400, "INPUT_INVALID.RequestUndefined", "The request is empty");
    if (!request_has_type(request, "application/json"))
        return body_refuse(answer, "Content-Type must be application/json");
    thingspace_status status = json_parse(out, request->body.data, request->body.size, NULL);
    if (status == THINGSPACE_MEMORY)
        return status;
    if (status == THINGSPACE_OK && json_type_of(*out) == JSON_OBJECT)
        return THINGSPACE_OK;
    json_free(*out);
    *out = NULL;
    return body_refuse(answer, "The body is not a JSON object");
}
