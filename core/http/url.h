/* SPDX-License-Identifier: MIT */
/*
 * URLs as we send to them: strict, absolute, http or https, no userinfo, no
 * fragment. What a URL may point at is decided here twice: on its text when the
 * policy is loaded, and on the address that its name resolved to at connect.
 */
#ifndef URL_H
#define URL_H

#include <stdbool.h>
#include <sys/socket.h>
#include <thingspace/error.h>
#include "base/buffer.h"

typedef enum address_class {
    ADDRESS_PUBLIC,
    ADDRESS_LOOPBACK,
    ADDRESS_PRIVATE, /* RFC 1918, link-local, unique-local, CGNAT, unspecified, multicast,
                        IPv4-mapped forms of those */
} address_class;

typedef struct url {
    bool https;
    bool is_literal;       /* the host is an IP address */
    address_class literal; /* its class, when it is */
    unsigned port;         /* default filled in */
    char host[256];        /* lower case; IPv6 without brackets */
    const char *path;      /* into the parsed text: "/...", "?..." or "" */
} url;

/*
 * Expected: USAGE (another scheme, userinfo, no host, a number that is not a dotted address
 * (`2130706433`, `0x7f.1`, `127.1`), IPv4-mapped IPv6, port 0, control characters, fragment,
 * longer than LIMIT_URL). `out->path` borrows from `text`.
 */
thingspace_status url_parse(url *out, const char *text, thingspace_error *error);

/*
 * Whether an endpoint may have this URL: plain http only to a loopback literal or with `insecure`;
 * a private or loopback address other than a loopback literal only with `private_allowed`.
 * Expected: USAGE.
 */
thingspace_status url_check_endpoint(const char *text, bool insecure, bool private_allowed,
                                     thingspace_error *error);

address_class url_address_class(const struct sockaddr *address);

/* Percent-encodes everything but RFC 3986 unreserved characters. */
thingspace_status url_encode(buffer *out, const char *text);

#endif
