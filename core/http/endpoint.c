/* SPDX-License-Identifier: MIT */
/* An endpoint's three URLs, derived and checked. Nothing changes after endpoint_new. */
#include <config.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/text.h"
#include "catalogue/api.h"
#include "http/endpoint.h"
#include "http/url.h"

static thingspace_status check_words(const char *name, const endpoint_options *options,
                                     thingspace_error *error)
{
    bool pair = options->api && options->token;
    bool half = options->api || options->token;
    if (text_is_empty(name))
        return error_set(error, THINGSPACE_USAGE, "an endpoint without a name; give it one");
    if (half ? !pair || options->url : !options->url)
        return error_set(error, THINGSPACE_USAGE,
                         "endpoint %s: give both api and token, or url alone", name);
    return THINGSPACE_OK;
}

static size_t trimmed_size(const char *text)
{
    size_t size = strlen(text);
    while (size > 0 && text[size - 1] == '/')
        size--;
    return size;
}

/* `base` without its final slashes, plus `path`. */
static char *join(const char *base, const char *path)
{
    return text_format("%.*s%s", (int)trimmed_size(base), base, path);
}

static thingspace_status check_url(const endpoint *self, const char *text, thingspace_error *error)
{
    thingspace_status status =
        url_check_endpoint(text, self->insecure, self->private_allowed, error);
    if (status == THINGSPACE_OK && strchr(text, '?'))
        status = error_set(error, THINGSPACE_USAGE, "the URL has a query; leave it out");
    if (status != THINGSPACE_OK)
        error_prefix(error, "endpoint %s", self->name);
    return status;
}

/* The token's URL with another last segment. */
static char *sibling(const char *token, const char *segment)
{
    const char *last = strrchr(token, '/');
    return text_format("%.*s%s", (int)(last - token), token, segment);
}

static thingspace_status derive_revoke(endpoint *made, const endpoint_options *options,
                                       thingspace_error *error)
{
    url parsed;
    thingspace_status status = url_parse(&parsed, made->token, error);
    if (status != THINGSPACE_OK)
        return status;
    if (strlen(parsed.path) < 2)
        return error_set(error, THINGSPACE_USAGE,
                         "endpoint %s: the token URL has no path; end it with " API_TOKEN_PATH,
                         made->name);
    made->revoke =
        options->url ? join(options->url, API_REVOKE_PATH) : sibling(made->token, "/revoke");
    return made->revoke ? THINGSPACE_OK : error_memory(error);
}

/* The other APIs of the deployment are beside that of `api`, if that is where it usually is. */
static void find_root(endpoint *made)
{
    size_t size = strlen(made->api), path = strlen(API_BASE_PATH);
    if (size > path && strcmp(made->api + size - path, API_BASE_PATH) == 0)
        made->root_size = size - path;
}

static thingspace_status fill(endpoint *made, const char *name, const endpoint_options *options,
                              thingspace_error *error)
{
    made->insecure = options->insecure;
    made->private_allowed = options->private_allowed;
    made->window = options->window;
    made->name = text_copy(name);
    made->api = options->url ? join(options->url, API_BASE_PATH) : join(options->api, "");
    made->token = options->url ? join(options->url, API_TOKEN_PATH) : join(options->token, "");
    if (!made->name || !made->api || !made->token)
        return error_memory(error);
    find_root(made);
    thingspace_status status = check_url(made, options->url ? options->url : options->api, error);
    if (status == THINGSPACE_OK)
        status = check_url(made, made->token, error);
    return status == THINGSPACE_OK ? derive_revoke(made, options, error) : status;
}

thingspace_status endpoint_new(endpoint **out, const char *name, const endpoint_options *options,
                               thingspace_error *error)
{
    *out = NULL;
    thingspace_status status = check_words(name, options, error);
    if (status != THINGSPACE_OK)
        return status;
    endpoint *made = calloc(1, sizeof(*made));
    if (!made)
        return error_memory(error);
    status = fill(made, name, options, error);
    if (status != THINGSPACE_OK) {
        endpoint_free(made);
        return status;
    }
    *out = made;
    return THINGSPACE_OK;
}

void endpoint_free(endpoint *self)
{
    if (!self)
        return;
    free(self->name);
    free(self->api);
    free(self->token);
    free(self->revoke);
    free(self);
}
