/* SPDX-License-Identifier: MIT */
/* Judging answers. Never quotes a body: it may echo a password. Owns nothing. */
#include <config.h>
#include <stdio.h>
#include <string.h>
#include "auth/answer.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "http/retry.h"

bool answer_is_token(const char *text)
{
    if (strlen(text) > LIMIT_SECRET_BYTES)
        return false;
    for (const char *c = text; *c; c++)
        if (*c <= 0x20 || *c >= 0x7f)
            return false;
    return *text != '\0';
}

thingspace_status answer_parse(json **out, const buffer *body, thingspace_error *error)
{
    thingspace_status status = json_parse(out, buffer_text(body), body->size, error);
    if (status == THINGSPACE_PROTOCOL)
        error_prefix(error, "the answer is not JSON");
    return status;
}

thingspace_status answer_read_token(thingspace_secret **out, const json *root, const char *name,
                                    thingspace_error *error)
{
    const char *text = json_get_string(root, name);
    if (!text)
        return error_set(error, THINGSPACE_PROTOCOL,
                         "the answer has no %s; check that the endpoint's URLs are ThingSpace's",
                         name);
    if (!answer_is_token(text))
        return error_set(error, THINGSPACE_PROTOCOL,
                         "the answer's %s is empty, too long, or not printable; check that the "
                         "endpoint's URLs are ThingSpace's",
                         name);
    return thingspace_secret_new(out, text, strlen(text), error);
}

void answer_read_fault(fault *out, const response *from)
{
    (void)fault_parse(out, buffer_text(&from->body), from->body.size);
}

bool answer_is_refusal(int http_status)
{
    return http_status == 400 || http_status == 401 || http_status == 403;
}

bool answer_is_gateway_refusal(const fault *refusal)
{
    return refusal->format == FAULT_GATEWAY &&
           (fault_code_is(refusal, "900901") || fault_code_is(refusal, "900902"));
}

static thingspace_status kind_of(const fault *refusal, int http_status)
{
    if (answer_is_refusal(http_status))
        return THINGSPACE_AUTH;
    thingspace_status kind = fault_status(refusal, http_status);
    return kind == THINGSPACE_AUTH ? THINGSPACE_SERVICE : kind;
}

static void set_retry(thingspace_error *error, const response *answer)
{
    if (!error || !retry_status_is_transient(answer->status))
        return;
    int64_t wait_ms = retry_after_ms(response_header(answer, "Retry-After"), clock_wall_ms());
    error->retriable = 1;
    error->retry_after_ms = wait_ms > 0 ? wait_ms : 0;
}

static thingspace_status fail_redirected(thingspace_error *error, int http_status, const char *what)
{
    error_set(error, THINGSPACE_PROTOCOL,
              "%s: unexpected redirect (HTTP %d); redirects are never followed: check the "
              "endpoint's URLs",
              what, http_status);
    error_set_http(error, http_status);
    return THINGSPACE_PROTOCOL;
}

/* The service's own text is left out: that of a login may repeat what was sent. */
thingspace_status answer_fail(thingspace_error *error, const response *answer, const fault *refusal,
                              const char *what, const char *hint)
{
    if (answer->status >= 300 && answer->status < 400)
        return fail_redirected(error, answer->status, what);
    thingspace_status kind = kind_of(refusal, answer->status);
    bool refused = kind == THINGSPACE_AUTH;
    error_set(error, kind, "%s %s (HTTP %d%s%s); %s", what, refused ? "was refused" : "failed",
              answer->status, refusal->code[0] ? ", " : "", refusal->code,
              refused ? hint : "try again later, or check the endpoint's URLs");
    error_set_http(error, answer->status);
    error_set_code(error, refusal->code);
    set_retry(error, answer);
    return kind;
}
