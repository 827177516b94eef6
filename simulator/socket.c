/* SPDX-License-Identifier: MIT */
/* See socket.h. Names are not looked up: only addresses say where one listens. */
#include <config.h>
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/error.h"
#include "base/text.h"
#include "socket.h"

#define BACKLOG 512

static bool is_loopback(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET6)
        return IN6_IS_ADDR_LOOPBACK(
            &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr);
    const struct sockaddr_in *four = (const struct sockaddr_in *)(const void *)address;
    return ntohl(four->sin_addr.s_addr) >> 24 == 127;
}

static int bind_address(const struct addrinfo *address)
{
    int on = 1;
    int made = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (made < 0)
        return -1;
    setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (bind(made, address->ai_addr, address->ai_addrlen) == 0 && listen(made, BACKLOG) == 0)
        return made;
    int reason = errno;
    close(made);
    errno = reason;
    return -1;
}

static char *make_url(int bound, const char *host)
{
    struct sockaddr_storage address;
    socklen_t size = sizeof(address);
    char port[NI_MAXSERV];
    if (getsockname(bound, (struct sockaddr *)&address, &size) != 0 ||
        getnameinfo((struct sockaddr *)&address, size, NULL, 0, port, sizeof(port),
                    NI_NUMERICSERV) != 0)
        return NULL;
    return text_format(strchr(host, ':') ? "http://[%s]:%s" : "http://%s:%s", host, port);
}

static thingspace_status open_address(int *out, char **url, const struct addrinfo *address,
                                      const char *host, bool allow_remote, thingspace_error *error)
{
    if (!allow_remote && !is_loopback(address->ai_addr))
        return error_set(error, THINGSPACE_USAGE,
                         "%s is not a loopback address: the stand-in shows passwords to everybody "
                         "who reaches it, so allow that explicitly",
                         host);
    int bound = bind_address(address);
    if (bound < 0)
        return error_errno(error, THINGSPACE_LOCAL, errno,
                           "the stand-in cannot listen on %s: choose another port", host);
    *url = make_url(bound, host);
    if (!*url) {
        close(bound);
        return error_memory(error);
    }
    *out = bound;
    return THINGSPACE_OK;
}

thingspace_status socket_listen(int *out, char **url, const char *host, int port, bool allow_remote,
                                thingspace_error *error)
{
    const struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
                                   .ai_socktype = SOCK_STREAM};
    struct addrinfo *addresses;
    char service[16];
    const char *literal = text_equal(host, "localhost") ? "127.0.0.1" : host;
    snprintf(service, sizeof(service), "%d", port);
    if (getaddrinfo(literal, service, &hints, &addresses) != 0)
        return error_set(error, THINGSPACE_USAGE,
                         "\"%s\" port %d is no address to listen on: give a literal one, such as "
                         "127.0.0.1",
                         host, port);
    thingspace_status status = open_address(out, url, addresses, literal, allow_remote, error);
    freeaddrinfo(addresses);
    return status;
}
