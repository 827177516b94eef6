/* SPDX-License-Identifier: MIT */
/*
 * See peer.h. It understands just enough HTTP/1.1 for clients that send one request at a time on
 * a connection: a head, Content-Length, a body.
 */
#define _GNU_SOURCE
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "peer.h"

#define MOST_CONNECTIONS 1024
#define MOST_BYTES       16384
#define PEER_CORE        1

typedef struct connection {
    int socket; /* 0: the place is free */
    size_t size;
    char bytes[MOST_BYTES + 1];
} connection;

static connection connections[MOST_CONNECTIONS];
static char last[MOST_BYTES];
static size_t last_size;

const char *peer_list = "";

static const char *const replies[][2] = {
    {"POST /api/ts/v1/oauth2/token ",
     "{\"access_token\":\"" PEER_BEARER "\",\"token_type\":\"Bearer\","
     "\"expires_in\":3600,\"scope\":\"ts.account\"}"},
    {"POST /api/m2m/v1/session/login ", "{\"sessionToken\":\"" PEER_SESSION "\"}"},
};

#define CALLBACKS "POST /api/m2m/v1/callbacks/"

/* Names the account that was asked for. */
static const char *register_reply(const char *request)
{
    static char text[256];
    const char *account = request + strlen(CALLBACKS);
    snprintf(text, sizeof(text), "{\"accountName\":\"%.*s\",\"serviceName\":\"CarrierService\"}",
             (int)strcspn(account, " "), account);
    return text;
}

#define LISTED "GET /api/m2m/v1/callbacks/"

/* The same in peer_list, for each @. */
static const char *list_reply(const char *request)
{
    static char text[MOST_BYTES];
    size_t used = 0;
    const char *account = request + strlen(LISTED);
    int size = (int)strcspn(account, " ");
    for (const char *from = peer_list; *from && used + (size_t)size + 1 < sizeof(text); from++)
        used += (size_t)snprintf(text + used, sizeof(text) - used, "%.*s", *from == '@' ? size : 1,
                                 *from == '@' ? account : from);
    text[used] = '\0';
    return text;
}

static const char *reply_to(const char *request)
{
    for (size_t i = 0; i < sizeof(replies) / sizeof(replies[0]); i++)
        if (strncmp(request, replies[i][0], strlen(replies[i][0])) == 0)
            return replies[i][1];
    if (strncmp(request, CALLBACKS, strlen(CALLBACKS)) == 0)
        return register_reply(request);
    return strncmp(request, LISTED, strlen(LISTED)) == 0 ? list_reply(request) : "";
}

static void send_reply(int socket, const char *body, size_t size)
{
    char text[MOST_BYTES + 256];
    int length = snprintf(text, sizeof(text),
                          "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                          "Content-Length: %zu\r\n\r\n",
                          size);
    memcpy(text + length, body, size);
    if (write(socket, text, (size_t)length + size) < 0)
        _exit(1);
}

/* How long the request is, or 0 while not all of it has come. */
static size_t whole_request(const connection *from)
{
    const char *end = strstr(from->bytes, "\r\n\r\n");
    if (!end)
        return 0;
    const char *field = strcasestr(from->bytes, "\r\nContent-Length:");
    size_t body = field && field < end ? strtoul(field + 17, NULL, 10) : 0;
    size_t whole = (size_t)(end - from->bytes) + 4 + body;
    return whole <= from->size ? whole : 0;
}

static void answer(connection *to, size_t size)
{
    if (strncmp(to->bytes, "GET " PEER_LAST " ", sizeof("GET " PEER_LAST)) == 0) {
        send_reply(to->socket, last, last_size);
    } else {
        memcpy(last, to->bytes, size);
        last_size = size;
        const char *body = reply_to(to->bytes);
        send_reply(to->socket, body, strlen(body));
    }
    to->size -= size;
    memmove(to->bytes, to->bytes + size, to->size + 1);
}

static void receive(connection *from)
{
    ssize_t got = read(from->socket, from->bytes + from->size, MOST_BYTES - from->size);
    if (got <= 0) {
        close(from->socket); /* which takes it out of the set */
        from->socket = 0;
        return;
    }
    from->size += (size_t)got;
    from->bytes[from->size] = '\0';
    for (size_t size; (size = whole_request(from)) > 0;)
        answer(from, size);
}

static void watch(int set, int socket, connection *of)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = of};
    if (epoll_ctl(set, EPOLL_CTL_ADD, socket, &event) != 0)
        _exit(1);
}

static void accept_one(int set, int listener)
{
    int made = accept(listener, NULL, NULL), on = 1;
    setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    for (size_t i = 0; i < MOST_CONNECTIONS; i++) {
        if (connections[i].socket > 0)
            continue;
        connections[i].socket = made;
        connections[i].size = 0;
        watch(set, made, &connections[i]);
        return;
    }
    close(made);
}

static void serve(int listener)
{
    struct epoll_event events[MOST_CONNECTIONS];
    int set = epoll_create1(0);
    watch(set, listener, NULL);
    for (;;) {
        int count = epoll_wait(set, events, MOST_CONNECTIONS, -1);
        for (int i = 0; i < count; i++) {
            if (events[i].data.ptr)
                receive(events[i].data.ptr);
            else
                accept_one(set, listener);
        }
    }
}

static int listen_somewhere(unsigned *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof(address);
    int made = socket(AF_INET, SOCK_STREAM, 0);
    if (made < 0 || bind(made, (struct sockaddr *)&address, sizeof(address)) != 0 ||
        listen(made, MOST_CONNECTIONS) != 0 ||
        getsockname(made, (struct sockaddr *)&address, &size) != 0)
        return -1;
    *port = ntohs(address.sin_port);
    return made;
}

bool peer_start(peer *peer)
{
    unsigned port;
    int listener = listen_somewhere(&port);
    if (listener < 0)
        return false;
    snprintf(peer->url, sizeof(peer->url), "http://127.0.0.1:%u", port);
    peer->process = fork();
    if (peer->process == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        peer_use_core(PEER_CORE);
        serve(listener);
    }
    close(listener);
    return peer->process > 0;
}

void peer_stop(peer *peer)
{
    kill(peer->process, SIGTERM);
    waitpid(peer->process, NULL, 0);
}

void peer_use_core(int core)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(core, &set);
    sched_setaffinity(0, sizeof(set), &set); /* refused on a machine with one core: no harm */
}
