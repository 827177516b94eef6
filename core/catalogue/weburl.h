/* SPDX-License-Identifier: MIT */
/*
 * The one reader of URLs, for those we send to and those we register: absolute
 * http or https, a host, perhaps a port, path and query; no userinfo, no
 * fragment, nothing that two readers could take for different things. Any thread.
 */
#ifndef WEBURL_H
#define WEBURL_H

#include <thingspace/error.h>
#include "base/buffer.h"
#include "catalogue/host.h"

typedef struct weburl {
    bool https;
    host_kind kind;
    unsigned port;    /* the scheme's own when none is written */
    char host[256];   /* lower case; an IPv6 literal has its brackets */
    const char *path; /* into the text: begins with '/' or '?', or is "" */
} weburl;

/* `out->path` borrows from `text`. Expected: USAGE; the message does not quote the URL. */
thingspace_status weburl_split(weburl *out, const char *text, thingspace_error *error);

/* The same, but a backslash behind the host is read: of listeners, whose URLs others read. */
thingspace_status weburl_read(weburl *out, const char *text, thingspace_error *error);

/* Appends the text with everything but unreserved characters percent-encoded. */
thingspace_status weburl_encode(buffer *out, const char *text);

#endif
