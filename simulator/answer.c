/* SPDX-License-Identifier: MIT */
/* See answer.h. */
#include <config.h>
#include <string.h>
#include "base/text.h"
#include "answer.h"
#include "limits.h"

/* Codes begin with a service's name that differs from
 * page to page; clients must not compare it. */
#define SERVICE_NAME "UnifiedWebService"

void answer_init(struct answer *answer)
{
    memset(answer, 0, sizeof(*answer));
    buffer_init(&answer->body, LIMIT_SIM_ANSWER);
    answer->status = 200;
}

void answer_dispose(struct answer *answer)
{
    buffer_dispose(&answer->body);
    pairs_forget(&answer->headers);
}

static void begin(struct answer *answer, int status, const char *content_type)
{
    answer_dispose(answer);
    answer_init(answer);
    answer->status = status;
    answer->content_type = content_type;
}

thingspace_status answer_empty(struct answer *answer, int status)
{
    begin(answer, status, NULL);
    return THINGSPACE_OK;
}

thingspace_status answer_text(struct answer *answer, int status, const char *text)
{
    begin(answer, status, "text/plain; charset=utf-8");
    buffer_append_text(&answer->body, text);
    return buffer_append_byte(&answer->body, '\n');
}

thingspace_status answer_json(struct answer *answer, int status, const json *tree)
{
    begin(answer, status, "application/json");
    return json_write(&answer->body, tree, JSON_PLAIN);
}

thingspace_status answer_set(json *object, const char *name, const char *value)
{
    return json_set(object, name, json_new_string(value));
}

static thingspace_status fill(json *object, const char *const *names_values)
{
    thingspace_status status = object ? THINGSPACE_OK : THINGSPACE_MEMORY;
    for (size_t i = 0; !status && names_values[i]; i += 2)
        status = answer_set(object, names_values[i], names_values[i + 1]);
    return status;
}

thingspace_status answer_strings(struct answer *answer, int status, const char *name,
                                 const char *value, const char *name2, const char *value2)
{
    cleanup_json json *object = json_new_object();
    const char *const members[] = {name, value, name2, value2, NULL};
    thingspace_status failed = fill(object, members);
    return failed ? failed : answer_json(answer, status, object);
}

thingspace_status answer_fault(struct answer *answer, int status, const char *code,
                               const char *message, const char *description)
{
    cleanup_json json *object = json_new_object();
    json *fault = json_new_object();
    const char *const members[] = {"code",        code,        "message", message,
                                   "description", description, NULL};
    thingspace_status failed = fill(fault, members);
    if (failed || !object) {
        json_free(fault);
        return THINGSPACE_MEMORY;
    }
    failed = json_set(object, "fault", fault);
    return failed ? failed : answer_json(answer, status, object);
}

thingspace_status answer_error(struct answer *answer, int status, const char *code,
                               const char *message)
{
    cleanup_text char *full = text_format("%s.%s", SERVICE_NAME, code);
    if (!full)
        return THINGSPACE_MEMORY;
    return answer_strings(answer, status, "errorCode", full, "errorMessage", message);
}

thingspace_status answer_oauth(struct answer *answer, int status, const char *error,
                               const char *description)
{
    return answer_strings(answer, status, "error", error, "error_description", description);
}

thingspace_status answer_xml(struct answer *answer, int status, const char *code,
                             const char *message)
{
    begin(answer, status, "application/xml; charset=UTF-8");
    return buffer_append_format(&answer->body,
                                "<am:fault xmlns:am=\"http://wso2.org/apimanager\">"
                                "<am:code>%s</am:code><am:type>Status report</am:type>"
                                "<am:message>%s</am:message></am:fault>",
                                code, message);
}
