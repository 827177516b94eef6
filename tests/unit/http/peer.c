/* SPDX-License-Identifier: MIT */
/* Connections are few, so each has its thread; peer_free shuts the sockets down and joins. */
#include <config.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "peer.h"

#define MOST_CONNECTIONS 128
#define REQUEST_SIZE     (256 * 1024)

typedef struct connection {
    peer *owner;
    int socket;
    pthread_t thread;
} connection;

struct peer {
    peer_answer *answer;
    void *user;
    int listener;
    unsigned port;
    pthread_t thread;
    pthread_mutex_t lock;
    connection connections[MOST_CONNECTIONS];
    int connection_count;
    int request_count;
    char last[REQUEST_SIZE];
};

bool peer_write(int socket, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t written = send(socket, bytes, size, MSG_NOSIGNAL);
        if (written <= 0)
            return false;
        bytes += written;
        size -= (size_t)written;
    }
    return true;
}

bool peer_write_text(int socket, const char *text)
{
    return peer_write(socket, text, strlen(text));
}

static size_t body_size(const char *request)
{
    const char *field = strstr(request, "Content-Length: ");
    return field ? (size_t)strtoul(field + 16, NULL, 10) : 0;
}

static bool read_request(int socket, char *out)
{
    size_t size = 0, whole = 0;
    for (;;) {
        ssize_t got = recv(socket, out + size, REQUEST_SIZE - 1 - size, 0);
        if (got <= 0)
            return false;
        size += (size_t)got;
        out[size] = '\0';
        const char *end = strstr(out, "\r\n\r\n");
        if (end)
            whole = (size_t)(end - out) + 4 + body_size(out);
        if (whole > 0 && size >= whole)
            return true;
    }
}

static void *serve(void *user)
{
    connection *self = user;
    char *request = malloc(REQUEST_SIZE);
    while (request && read_request(self->socket, request)) {
        pthread_mutex_lock(&self->owner->lock);
        self->owner->request_count++;
        memcpy(self->owner->last, request, strlen(request) + 1);
        pthread_mutex_unlock(&self->owner->lock);
        if (!self->owner->answer(self->socket, request, self->owner->user))
            break;
    }
    free(request);
    shutdown(self->socket, SHUT_RDWR);
    return NULL;
}

static void *accept_all(void *user)
{
    peer *self = user;
    while (self->connection_count < MOST_CONNECTIONS) {
        int socket = accept(self->listener, NULL, NULL);
        if (socket < 0)
            break;
        pthread_mutex_lock(&self->lock);
        connection *made = &self->connections[self->connection_count];
        *made = (connection){.owner = self, .socket = socket};
        if (pthread_create(&made->thread, NULL, serve, made) == 0)
            self->connection_count++;
        else
            close(socket);
        pthread_mutex_unlock(&self->lock);
    }
    return NULL;
}

static bool listen_somewhere(peer *self)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    self->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(self->listener, (struct sockaddr *)&address, size) != 0 ||
        listen(self->listener, MOST_CONNECTIONS) != 0 ||
        getsockname(self->listener, (struct sockaddr *)&address, &size) != 0)
        return false;
    self->port = ntohs(address.sin_port);
    return pthread_create(&self->thread, NULL, accept_all, self) == 0;
}

peer *peer_new(peer_answer *answer, void *user)
{
    peer *made = calloc(1, sizeof(*made));
    if (!made)
        return NULL;
    made->answer = answer;
    made->user = user;
    pthread_mutex_init(&made->lock, NULL);
    if (listen_somewhere(made))
        return made;
    close(made->listener);
    free(made);
    return NULL;
}

void peer_free(peer *self)
{
    if (!self)
        return;
    shutdown(self->listener, SHUT_RDWR);
    pthread_join(self->thread, NULL);
    close(self->listener);
    for (int i = 0; i < self->connection_count; i++) {
        shutdown(self->connections[i].socket, SHUT_RDWR);
        pthread_join(self->connections[i].thread, NULL);
        close(self->connections[i].socket);
    }
    pthread_mutex_destroy(&self->lock);
    free(self);
}

void peer_cleanup(peer **self)
{
    peer_free(*self);
}

const char *peer_url(const peer *self, const char *host, const char *path)
{
    static char urls[4][512];
    static unsigned next;
    char *url = urls[next++ % 4];
    snprintf(url, sizeof(urls[0]), "http://%s:%u%s", host ? host : "127.0.0.1", self->port, path);
    return url;
}

int peer_connections(const peer *self)
{
    pthread_mutex_t *lock = (pthread_mutex_t *)&self->lock;
    pthread_mutex_lock(lock);
    int count = self->connection_count;
    pthread_mutex_unlock(lock);
    return count;
}

int peer_requests(const peer *self)
{
    pthread_mutex_t *lock = (pthread_mutex_t *)&self->lock;
    pthread_mutex_lock(lock);
    int count = self->request_count;
    pthread_mutex_unlock(lock);
    return count;
}

const char *peer_last_request(const peer *self)
{
    return self->last;
}
