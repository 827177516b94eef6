/* SPDX-License-Identifier: MIT */
/* Whatever an error body holds, code and text are one safe line of UTF-8, and each verdict holds.
 */
#include <config.h>
#include "base/text.h"
#include "catalogue/fault.h"
#include "fuzz.h"

static void is_safe(const char *text, size_t capacity)
{
    size_t size = strnlen(text, capacity);
    PROMISE(size < capacity);
    PROMISE(!text_has_control(text));
    PROMISE(text_is_utf8(text, size));
}

static void judge(const fault *read, int http_status)
{
    fault_token_kind token = fault_token(read, http_status);
    thingspace_status status = fault_status(read, http_status);
    PROMISE(status == THINGSPACE_AUTH || status == THINGSPACE_SERVICE ||
            status == THINGSPACE_PROTOCOL);
    if (read->format == FAULT_OTHER || read->format == FAULT_NONE)
        PROMISE((token != FAULT_TOKEN_NONE) == (http_status == 401 || http_status == 403));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int answers[] = {200, 302, 400, 401, 403, 404, 429, 500};
    fault read;
    char *body = fuzz_text(data, size);
    PROMISE(fault_parse(&read, body, size) == THINGSPACE_OK);
    free(body);
    is_safe(read.code, sizeof(read.code));
    is_safe(read.text, sizeof(read.text));
    if (read.format == FAULT_OTHER || read.format == FAULT_NONE)
        PROMISE(!read.code[0] && !read.text[0]);
    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++)
        judge(&read, answers[i]);
    PROMISE(read.code[0] || !fault_hint(&read));
    return 0;
}
