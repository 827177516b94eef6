/* SPDX-License-Identifier: MIT */
/* See ask.h. */
#include <config.h>
#include <stdio.h>
#include <unistd.h>
#include "base/clock.h"
#include "ask.h"

void ask_keep(exchange_result *result, void *user)
{
    outcome *out = user;
    out->calls++;
    out->status = result->status;
    out->sent = result->sent;
    out->answered = result->answered;
    out->http_status = result->response.status;
    out->error = result->error;
    snprintf(out->body, sizeof(out->body), "%s", buffer_text(&result->response.body));
    const char *value = response_header(&result->response, "x-test");
    snprintf(out->header, sizeof(out->header), "%s", value ? value : "");
}

void ask_free(transport **self)
{
    transport_free(*self);
}

transport *ask_transport(bool foreign, const transport_options *more)
{
    transport_options options = more ? *more : (transport_options){0};
    options.foreign_loop = foreign;
    transport *made = NULL;
    transport_new(&made, &options, NULL);
    return made;
}

exchange_request ask_get(const char *text)
{
    return (exchange_request){
        .method = "GET", .url = text, .deadline_ms = clock_monotonic_ms() + 20000};
}

void ask_run_until(transport *self, const outcome *out, int calls)
{
    int64_t end = clock_monotonic_ms() + 30000;
    while (out->calls < calls && clock_monotonic_ms() < end)
        if (transport_run(self, 1000, NULL) != THINGSPACE_OK)
            return;
}

outcome ask_on(transport *self, const exchange_request *request)
{
    outcome out = {0};
    exchange *started;
    out.status = transport_send(self, &started, request, ask_keep, &out, &out.error);
    if (out.status == THINGSPACE_OK)
        ask_run_until(self, &out, 1);
    return out;
}

bool ask_answer(int socket, const char *request, void *user)
{
    (void)request;
    return peer_write_text(socket, user);
}

bool ask_answer_and_close(int socket, const char *request, void *user)
{
    ask_answer(socket, request, user);
    return false;
}

bool ask_answer_late(int socket, const char *request, void *user)
{
    usleep(400000);
    return ask_answer(socket, request, user);
}

outcome ask_peer(bool foreign, const char *text)
{
    cleanup_peer peer *there = peer_new(ask_answer_and_close, (void *)(size_t)text);
    cleanup_transport transport *self = ask_transport(foreign, NULL);
    exchange_request request = ask_get(peer_url(there, NULL, "/"));
    return ask_on(self, &request);
}
