/* SPDX-License-Identifier: MIT */
/* See talk.h. */
#include <config.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/json.h"
#include "talk.h"

static char *next_slot(size_t *size)
{
    static char slots[16][4096];
    static unsigned next;
    char *slot = slots[next++ % 16];
    *size = sizeof(slots[0]);
    slot[0] = '\0';
    return slot;
}

void reply_dispose(struct reply *reply)
{
    free(reply->text);
    memset(reply, 0, sizeof(*reply));
}

const char *reply_member(const struct reply *reply, const char *name)
{
    cleanup_json json *tree = NULL;
    size_t size;
    char *slot = next_slot(&size);
    if (!reply->body || json_parse(&tree, reply->body, reply->body_size, NULL) != THINGSPACE_OK)
        return slot;
    const json *fault = json_get(tree, "fault");
    const json *member = json_get(fault ? fault : tree, name);
    const char *value = json_string(member) ? json_string(member) : json_number(member);
    snprintf(slot, size, "%s", value ? value : "");
    return slot;
}

const char *reply_code(const struct reply *reply)
{
    const char *code = reply_member(reply, "errorCode");
    const char *dot = strchr(code, '.');
    return dot ? dot + 1 : "";
}

const char *reply_header(const struct reply *reply, const char *name)
{
    size_t size;
    char *slot = next_slot(&size);
    size_t length = strlen(name);
    const char *line = reply->head ? strstr(reply->head, "\r\n") : NULL;
    for (; line; line = strstr(line + 2, "\r\n"))
        if (strncasecmp(line + 2, name, length) == 0 && line[2 + length] == ':') {
            const char *value = line + 3 + length + strspn(line + 3 + length, " ");
            snprintf(slot, size, "%.*s", (int)strcspn(value, "\r"), value);
            return slot;
        }
    return slot;
}

int talk_connect(const char *url)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    const char *port = strrchr(url, ':');
    int made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    address.sin_port = htons((unsigned short)atoi(port + 1));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (made >= 0 && connect(made, (struct sockaddr *)&address, sizeof(address)) == 0)
        return made;
    if (made >= 0)
        close(made);
    return -1;
}

/* Undoes the chunks of an answer in place; they are whole unless the answer was cut. */
static void join_chunks(struct reply *reply)
{
    char *in = reply->body, *out = reply->body, *rest;
    const char *end = reply->text + reply->size;
    while (in < end) {
        size_t size = strtoul(in, &rest, 16);
        in = rest + 2;
        if (size == 0 || in > end || size > (size_t)(end - in))
            break;
        memmove(out, in, size);
        out += size;
        in += size + 2;
    }
    *out = '\0';
    reply->body_size = (size_t)(out - reply->body);
}

static void split(struct reply *reply)
{
    char *blank = strstr(reply->text, "\r\n\r\n");
    if (strncmp(reply->text, "HTTP/1.", 7) != 0 || !blank)
        return;
    reply->status = atoi(reply->text + 9);
    reply->head = reply->text;
    blank[2] = '\0';
    reply->body = blank + 4;
    reply->body_size = reply->size - (size_t)(reply->body - reply->text);
    if (strcasecmp(reply_header(reply, "Transfer-Encoding"), "chunked") == 0)
        join_chunks(reply);
}

struct reply talk_read(int socket)
{
    struct reply reply = {0};
    size_t room = 0;
    ssize_t got;
    do {
        if (room - reply.size < 65536) {
            room = room * 2 + 131072;
            reply.text = realloc(reply.text, room);
            if (!reply.text)
                abort();
        }
        got = recv(socket, reply.text + reply.size, room - reply.size - 1, 0);
        reply.size += got > 0 ? (size_t)got : 0;
    } while (got > 0);
    close(socket);
    reply.text[reply.size] = '\0';
    split(&reply);
    return reply;
}

struct reply talk_bytes(const char *url, const char *bytes)
{
    struct reply none = {0};
    int socket = talk_connect(url);
    if (socket < 0)
        return none;
    if (send(socket, bytes, strlen(bytes), MSG_NOSIGNAL) != (ssize_t)strlen(bytes)) {
        close(socket);
        return none;
    }
    return talk_read(socket);
}

bool stage_start(struct stage *stage, const thingspace_simulator_options *options)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    memset(stage, 0, sizeof(*stage));
    if (thingspace_simulator_start(&stage->simulator, options, &error) != THINGSPACE_OK) {
        printf("# %s\n", error.message);
        return false;
    }
    stage->url = thingspace_simulator_url(stage->simulator);
    return true;
}

void stage_dispose(struct stage *stage)
{
    thingspace_simulator_stop(stage->simulator);
    stage->simulator = NULL;
}

bool stage_enter(struct stage *stage)
{
    cleanup_reply struct reply token = stage_token(stage, GRANT);
    snprintf(stage->bearer, sizeof(stage->bearer), "%s", reply_member(&token, "access_token"));
    cleanup_reply struct reply login =
        stage_login(stage, THINGSPACE_SIMULATOR_USERNAME, THINGSPACE_SIMULATOR_PASSWORD);
    snprintf(stage->session, sizeof(stage->session), "%s", reply_member(&login, "sessionToken"));
    return stage->bearer[0] && stage->session[0];
}

struct reply stage_send(const struct stage *stage, const char *method, const char *path,
                        const char *headers, const char *body)
{
    size_t room = strlen(path) + strlen(headers) + (body ? strlen(body) : 0) + 200;
    char length[64] = "";
    char *bytes = malloc(room);
    if (!bytes)
        abort();
    if (body)
        snprintf(length, sizeof(length), "Content-Length: %zu\r\n", strlen(body));
    snprintf(bytes, room, "%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%s%s\r\n%s",
             method, path, headers, length, body ? body : "");
    struct reply reply = talk_bytes(stage->url, bytes);
    free(bytes);
    return reply;
}

struct reply stage_call(const struct stage *stage, const char *method, const char *path,
                        const char *body)
{
    char headers[400], full[400];
    snprintf(headers, sizeof(headers), "Authorization: Bearer %s\r\nVZ-M2M-Token: %s\r\n%s",
             stage->bearer, stage->session, body ? "Content-Type: application/json\r\n" : "");
    snprintf(full, sizeof(full), "/api/m2m/v1%s", path);
    return stage_send(stage, method, full, headers, body);
}

struct reply stage_token(const struct stage *stage, const char *form)
{
    return stage_send(stage, "POST", "/api/ts/v1/oauth2/token", BASIC FORM, form);
}

struct reply stage_login(const struct stage *stage, const char *username, const char *password)
{
    char body[300];
    snprintf(body, sizeof(body), "{\"username\":\"%s\",\"password\":\"%s\"}", username, password);
    return stage_call(stage, "POST", "/session/login", body);
}

int stage_control(const struct stage *stage, const char *path, const char *body)
{
    char full[200];
    snprintf(full, sizeof(full), "/simulator/%s", path);
    cleanup_reply struct reply reply = stage_send(stage, "POST", full, "", body ? body : "");
    return reply.status;
}

long long stage_count(const struct stage *stage, const char *name)
{
    cleanup_reply struct reply state = stage_send(stage, "GET", "/simulator/state", "", NULL);
    const char *text = reply_member(&state, name);
    return text[0] ? atoll(text) : -1;
}
