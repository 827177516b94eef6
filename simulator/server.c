/* SPDX-License-Identifier: MIT */
/*
 * See server.h. One thread polls all connections and handles their requests, a
 * second one ends their waits (waits.c). Both are made with every signal blocked,
 * so that signals reach the program's own threads.
 */
#include <config.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/error.h"
#include "base/text.h"
#include "control.h"
#include "exchange.h"
#include "limits.h"
#include "server.h"
#include "socket.h"

static void *begin_exchange(void *user, const char *uri, struct MHD_Connection *connection)
{
    struct server *server = user;
    struct exchange *exchange = exchange_make(uri);
    if (exchange) {
        exchange->waits = &server->waits;
        exchange->connection = connection;
    }
    return exchange;
}

static void depart(struct server *server, struct exchange *exchange)
{
    if (exchange->present)
        model_depart(server->model);
    exchange->present = false;
}

static void end_exchange(void *user, struct MHD_Connection *connection, void **context,
                         enum MHD_RequestTerminationCode code)
{
    (void)connection, (void)code;
    if (*context) /* the peer may have gone before */
        depart(user, *context);
    exchange_drop(*context);
    *context = NULL;
}

/* Paths reach the router as they were sent: `%2F` in an account is no slash. */
static size_t keep_escapes(void *user, struct MHD_Connection *connection, char *text)
{
    (void)user, (void)connection;
    return strlen(text);
}

static enum MHD_Result copy_header(void *user, enum MHD_ValueKind kind, const char *name,
                                   const char *value)
{
    struct exchange *exchange = user;
    (void)kind;
    if (pairs_add(&exchange->request.headers, name, value ? value : "") == THINGSPACE_OK)
        return MHD_YES;
    exchange->failed = true;
    return MHD_NO;
}

static enum MHD_Result read_headers(struct exchange *exchange, const char *method)
{
    exchange->headers_read = true;
    exchange->request.method = text_copy(method);
    if (!exchange->request.method)
        return MHD_NO;
    MHD_get_connection_values(exchange->connection, MHD_HEADER_KIND, copy_header, exchange);
    return exchange->failed ? MHD_NO : MHD_YES;
}

static enum MHD_Result read_body(struct exchange *exchange, const char *bytes, size_t *size)
{
    if (buffer_append(&exchange->request.body, bytes, *size) != THINGSPACE_OK)
        exchange->failed = true; /* the rest is read, and then the connection closed */
    *size = 0;
    return MHD_YES;
}

static void check(struct exchange *exchange, thingspace_status status)
{
    if (status != THINGSPACE_OK)
        exchange->failed = true;
}

/* How long to wait at this point: what the rule says, before or after the operation. */
static long long delay(const struct exchange *exchange, bool after)
{
    const fault_rule *rule = exchange->rule;
    return rule && rule->after == after && rule->delay_ms > 0 ? rule->delay_ms : 0;
}

static bool arrive(struct server *server, struct exchange *exchange)
{
    check(exchange, model_arrive(server->model, &exchange->request, &exchange->rule));
    exchange->phase = EXCHANGE_OPERATING;
    exchange->present = !control_has(&exchange->request);
    long long latency_ms = exchange->present ? server->model->latency_ms : 0;
    return exchange_wait(exchange, latency_ms + delay(exchange, false));
}

/* Before the operation, or after it. */
static void expire(struct server *server, const struct exchange *exchange, bool after)
{
    if (exchange->rule && exchange->rule->after == after)
        model_expire(server->model, exchange->rule, &exchange->request);
}

static bool operate(struct server *server, struct exchange *exchange)
{
    expire(server, exchange, false);
    if (!exchange->rule || !fault_rule_replaces(exchange->rule))
        check(exchange, model_operate(server->model, &exchange->request, &exchange->answer));
    expire(server, exchange, true);
    if (exchange->rule)
        check(exchange, fault_rule_apply(exchange->rule, &exchange->answer));
    exchange->phase = EXCHANGE_SENDING;
    return exchange_wait(exchange, delay(exchange, true));
}

/* Each phase may suspend the connection; this is then called again where it left off. */
static enum MHD_Result proceed(struct server *server, struct exchange *exchange)
{
    if (exchange->failed)
        return MHD_NO;
    if (exchange->phase == EXCHANGE_ARRIVED && arrive(server, exchange))
        return MHD_YES;
    if (exchange->phase == EXCHANGE_OPERATING && operate(server, exchange))
        return MHD_YES;
    depart(server, exchange);
    return exchange_send(exchange);
}

static enum MHD_Result handle(void *user, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *bytes,
                              size_t *size, void **context)
{
    struct exchange *exchange = *context;
    (void)connection, (void)url, (void)version;
    if (!exchange)
        return MHD_NO;
    if (!exchange->headers_read)
        return read_headers(exchange, method);
    if (*size)
        return read_body(exchange, bytes, size);
    if (exchange->phase == EXCHANGE_READING)
        exchange->phase = EXCHANGE_ARRIVED;
    return proceed(user, exchange);
}

static struct MHD_Daemon *start_daemon(struct server *server, int socket)
{
    return MHD_start_daemon(
        MHD_USE_POLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, handle, server,
        MHD_OPTION_LISTEN_SOCKET, socket, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)LIMIT_SIM_CONNECTIONS, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)(128 * 1024),
        MHD_OPTION_URI_LOG_CALLBACK, begin_exchange, server, MHD_OPTION_NOTIFY_COMPLETED,
        end_exchange, server, MHD_OPTION_UNESCAPE_CALLBACK, keep_escapes, NULL, MHD_OPTION_END);
}

static thingspace_status start_threads(struct server *server, int socket, thingspace_error *error)
{
    if (waits_start(&server->waits))
        server->daemon = start_daemon(server, socket);
    if (server->daemon)
        return THINGSPACE_OK;
    close(socket);
    return error_set(error, THINGSPACE_LOCAL,
                     "the stand-in's threads cannot be started: see the limits of this process");
}

thingspace_status server_start(struct server *server, struct model *model, const char *host,
                               int port, bool allow_remote, thingspace_error *error)
{
    int socket;
    sigset_t all, before;
    server->model = model;
    thingspace_status status =
        socket_listen(&socket, &server->url, host, port, allow_remote, error);
    if (status)
        return status;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    status = start_threads(server, socket, error);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return status;
}

void server_stop(struct server *server)
{
    waits_stop(&server->waits);
    if (server->daemon)
        MHD_stop_daemon(server->daemon); /* closes the socket */
    waits_dispose(&server->waits);
    free(server->url);
}
