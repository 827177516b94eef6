/* SPDX-License-Identifier: MIT */
/*
 * A client for tests of the stand-in: plain sockets, so that what is on the wire
 * is exactly what the test wrote. Nothing here is shared with the library.
 */
#ifndef TALK_H
#define TALK_H

#include <stdbool.h>
#include <stddef.h>
#include <thingspace/simulator.h>

struct reply {
    int status; /* 0: no HTTP answer came */
    char *text; /* all bytes, NUL-terminated */
    size_t size;
    char *head; /* below `text` */
    char *body;
    size_t body_size;
};

void reply_dispose(struct reply *reply);
#define cleanup_reply __attribute__((cleanup(reply_dispose)))

/* A member of the JSON body, or of its object `fault`;
 * "" when absent. Valid until 16 calls later. */
const char *reply_member(const struct reply *reply, const char *name);
/* The errorCode without its first word (the service's name). */
const char *reply_code(const struct reply *reply);
/* The value of a header; "" when absent. Valid as above. */
const char *reply_header(const struct reply *reply, const char *name);

/* A connected socket, -1 when it cannot be had. */
int talk_connect(const char *url);
/* Sends the bytes on a new connection and reads until the peer closes. */
struct reply talk_bytes(const char *url, const char *bytes);
/* Reads until the peer closes, then closes. */
struct reply talk_read(int socket);

/* One simulator and the tokens of its demo credential. */
struct stage {
    thingspace_simulator *simulator;
    const char *url;
    char bearer[80];
    char session[80];
};
#define cleanup_stage __attribute__((cleanup(stage_dispose)))

/* False when it does not start. `options` NULL: the defaults. */
bool stage_start(struct stage *stage, const thingspace_simulator_options *options);
/* Fetches both tokens with the demo credential. */
bool stage_enter(struct stage *stage);
void stage_dispose(struct stage *stage);

/* One request with `headers` as lines ending in \r\n; `body` NULL: none. */
struct reply stage_send(const struct stage *stage, const char *method, const char *path,
                        const char *headers, const char *body);
/* The same with both tokens, and a JSON Content-Type
 * when there is a body; PATH follows /api/m2m/v1. */
struct reply stage_call(const struct stage *stage, const char *method, const char *path,
                        const char *body);
/* The token endpoint with the demo key; `form` as the body. */
struct reply stage_token(const struct stage *stage, const char *form);
struct reply stage_login(const struct stage *stage, const char *username, const char *password);
/* POST to /simulator/PATH; its status. */
int stage_control(const struct stage *stage, const char *path, const char *body);
/* A number of the state's top level, -1 when absent. */
long long stage_count(const struct stage *stage, const char *name);

/* "Authorization: Basic ...": demo-key:demo-secret, and one that is wrong. */
#define BASIC       "Authorization: Basic ZGVtby1rZXk6ZGVtby1zZWNyZXQ=\r\n"
#define WRONG_BASIC "Authorization: Basic ZGVtby1rZXk6d3Jvbmc=\r\n"
#define FORM        "Content-Type: application/x-www-form-urlencoded\r\n"
#define GRANT       "grant_type=client_credentials"

#endif
