/* SPDX-License-Identifier: MIT */
/* See request.h. */
#include <config.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "base/limits.h"
#include "base/text.h"
#include "decode.h"
#include "request.h"

thingspace_status request_init(struct request *request, const char *uri)
{
    size_t length = strcspn(uri, "?");
    memset(request, 0, sizeof(*request));
    buffer_init(&request->body, LIMIT_REQUEST_BODY);
    request->path = text_copy_range(uri, length);
    if (!request->path)
        return THINGSPACE_MEMORY;
    if (uri[length] == '\0')
        return THINGSPACE_OK;
    request->query = text_copy(uri + length + 1);
    return request->query ? THINGSPACE_OK : THINGSPACE_MEMORY;
}

void request_dispose(struct request *request)
{
    free(request->method);
    free(request->path);
    free(request->query);
    pairs_forget(&request->headers);
    buffer_dispose(&request->body);
}

bool request_is(const struct request *request, const char *method)
{
    return text_equal(request->method, method);
}

const char *request_header(const struct request *request, const char *name)
{
    return pairs_get(&request->headers, name);
}

bool request_has_type(const struct request *request, const char *media_type)
{
    const char *value = request_header(request, "Content-Type");
    size_t length = strlen(media_type);
    if (!value || strncasecmp(value, media_type, length) != 0)
        return false;
    return value[length] == '\0' || value[length] == ';' || value[length] == ' ';
}

const char *request_authorization(const struct request *request, const char *scheme)
{
    const char *value = request_header(request, "Authorization");
    size_t length = strlen(scheme);
    if (!value || strncasecmp(value, scheme, length) != 0 || value[length] != ' ')
        return NULL;
    return value + length + strspn(value + length, " ");
}

thingspace_status request_form(const struct request *request, const char *name, char **out)
{
    *out = NULL;
    if (!request_has_type(request, "application/x-www-form-urlencoded"))
        return THINGSPACE_OK;
    return decode_field(out, buffer_text(&request->body), name);
}
