/* SPDX-License-Identifier: MIT */
/*
 * URLs of endpoints. The splitting and the classes of addresses are those of the
 * catalogue; here is what an endpoint may have. Owns nothing; any thread.
 */
#include <config.h>
#include <netinet/in.h>
#include <string.h>
#include "base/error.h"
#include "base/text.h"
#include "catalogue/weburl.h"
#include "http/url.h"

static address_class class_of_kind(host_kind kind)
{
    if (kind == HOST_LOOPBACK)
        return ADDRESS_LOOPBACK;
    return kind == HOST_PUBLIC ? ADDRESS_PUBLIC : ADDRESS_PRIVATE;
}

static bool is_literal(host_kind kind)
{
    return kind == HOST_LOOPBACK || kind == HOST_PRIVATE || kind == HOST_PUBLIC;
}

/* Without the brackets of an IPv6 literal; both arrays have the same size. */
static void copy_host(char *out, const char *host)
{
    size_t size = strlen(host);
    if (host[0] == '[') {
        host++;
        size -= 2;
    }
    memcpy(out, host, size);
    out[size] = '\0';
}

thingspace_status url_parse(url *out, const char *text, thingspace_error *error)
{
    weburl split;
    memset(out, 0, sizeof(*out));
    out->path = "";
    thingspace_status status = weburl_split(&split, text, error);
    if (status)
        return status;
    out->https = split.https;
    out->is_literal = is_literal(split.kind);
    out->literal = out->is_literal ? class_of_kind(split.kind) : ADDRESS_PUBLIC;
    out->port = split.port;
    out->path = split.path;
    copy_host(out->host, split.host);
    return THINGSPACE_OK;
}

thingspace_status url_check_endpoint(const char *text, bool insecure, bool private_allowed,
                                     thingspace_error *error)
{
    url parsed;
    thingspace_status status = url_parse(&parsed, text, error);
    if (status)
        return status;
    bool loopback = parsed.is_literal && parsed.literal == ADDRESS_LOOPBACK;
    if (!parsed.https && !loopback && !insecure)
        return error_set(error, THINGSPACE_USAGE,
                         "plain http to %s would send credentials readable; use https, or say "
                         "insecure = true for this endpoint",
                         parsed.host);
    if (parsed.is_literal && parsed.literal == ADDRESS_PRIVATE && !private_allowed)
        return error_set(error, THINGSPACE_USAGE,
                         "%s is a private address; say private = true for this endpoint if that "
                         "is meant",
                         parsed.host);
    return THINGSPACE_OK;
}

address_class url_address_class(const struct sockaddr *address)
{
    host_kind kind = HOST_INVALID;
    if (address->sa_family == AF_INET) {
        struct sockaddr_in in4;
        memcpy(&in4, address, sizeof(in4));
        kind = host_classify_bytes((const unsigned char *)&in4.sin_addr, 4);
    } else if (address->sa_family == AF_INET6) {
        struct sockaddr_in6 in6;
        memcpy(&in6, address, sizeof(in6));
        kind = host_classify_bytes((const unsigned char *)&in6.sin6_addr, 16);
    }
    return class_of_kind(kind);
}

thingspace_status url_encode(buffer *out, const char *text)
{
    return weburl_encode(out, text);
}
