/* SPDX-License-Identifier: MIT */
/*
 * The last place where an address can be refused: the text of a URL was judged
 * when the policy was loaded, but its name may resolve to anything since. Also the
 * owner of our sockets' life: the epoll driver must know when a number is reused.
 */
#include <config.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "http/transport_internal.h"

static bool is_loopback_literal(const exchange *self)
{
    url parsed;
    return url_parse(&parsed, buffer_text(&self->url), NULL) == THINGSPACE_OK &&
           parsed.is_literal && parsed.literal == ADDRESS_LOOPBACK;
}

/* The proxy is the operator's choice, and with one we never see the endpoint's address. */
static bool is_allowed(const exchange *self, const struct sockaddr *address)
{
    return self->transport->proxy || self->private_allowed ||
           url_address_class(address) == ADDRESS_PUBLIC || is_loopback_literal(self);
}

static void remember_refused(exchange *self, const struct sockaddr *address)
{
    struct sockaddr_in6 six; /* the larger one of both; copied for its alignment */
    struct sockaddr_in four;
    const void *bytes = &six.sin6_addr;
    if (address->sa_family == AF_INET6) {
        memcpy(&six, address, sizeof(six));
    } else {
        memcpy(&four, address, sizeof(four));
        bytes = &four.sin_addr;
    }
    if (!inet_ntop(address->sa_family, bytes, self->refused_address, sizeof(self->refused_address)))
        snprintf(self->refused_address, sizeof(self->refused_address), "(unknown)");
}

curl_socket_t connect_open(void *user, curlsocktype purpose, struct curl_sockaddr *address)
{
    (void)purpose;
    exchange *self = user;
    if (!is_allowed(self, &address->addr)) {
        remember_refused(self, &address->addr);
        return CURL_SOCKET_BAD;
    }
    self->tried_address = true;
    int made = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    driver_epoll *driver = self->transport->epoll;
    if (made >= 0 && driver && !driver_epoll_opened(driver, made)) {
        close(made);
        made = -1;
    }
    return made >= 0 ? made : CURL_SOCKET_BAD;
}

int connect_close(void *user, curl_socket_t socket)
{
    transport *owner = user;
    if (owner->epoll)
        driver_epoll_closed(owner->epoll, socket);
    return close(socket);
}
