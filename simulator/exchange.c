/* SPDX-License-Identifier: MIT */
/*
 * See exchange.h. An answer is sent from its buffer, or by a reader when its rule
 * cuts, drips or inflates it. The reader suspends the connection between drips:
 * returning 0 bytes would spin.
 */
#include <config.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include "base/clock.h"
#include "base/text.h"
#include "exchange.h"

#define BLOCK_BYTES   (32 * 1024)
#define DRIP_EVERY_MS 1000

struct exchange *exchange_make(const char *uri)
{
    struct exchange *made = calloc(1, sizeof(*made));
    if (!made)
        return NULL;
    answer_init(&made->answer);
    if (request_init(&made->request, uri) == THINGSPACE_OK)
        return made;
    exchange_drop(made);
    return NULL;
}

void exchange_drop(struct exchange *exchange)
{
    if (!exchange)
        return;
    request_dispose(&exchange->request);
    answer_dispose(&exchange->answer);
    fault_rule_release(exchange->rule);
    free(exchange);
}

bool exchange_wait(struct exchange *exchange, long long ms)
{
    if (ms <= 0)
        return false;
    return waits_add(exchange->waits, &exchange->wait, exchange->connection,
                     clock_monotonic_ms() + ms);
}

static uint64_t body_size(const struct exchange *exchange)
{
    long long huge = exchange->rule ? exchange->rule->huge : -1;
    return huge >= 0 ? (uint64_t)huge : exchange->answer.body.size;
}

/* False when the next drip is not due; the connection then waits for it. */
static bool may_drip(struct exchange *exchange, bool *broken)
{
    int64_t now_ms = clock_monotonic_ms();
    *broken = false;
    if (now_ms >= exchange->drip_due_ms) {
        exchange->drip_due_ms = now_ms + DRIP_EVERY_MS;
        return true;
    }
    *broken = !exchange_wait(exchange, exchange->drip_due_ms - now_ms);
    return false;
}

static size_t fill(const struct exchange *exchange, uint64_t position, char *out, size_t size)
{
    uint64_t left = body_size(exchange) - position;
    if (size > left)
        size = (size_t)left;
    if (exchange->rule->huge >= 0)
        memset(out, '0', size);
    else
        memcpy(out, exchange->answer.body.data + position, size);
    return size;
}

static ssize_t read_body(void *user, uint64_t position, char *out, size_t size)
{
    struct exchange *exchange = user;
    const fault_rule *rule = exchange->rule;
    bool broken;
    if (rule->cut >= 0 && position >= (uint64_t)rule->cut)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    if (position >= body_size(exchange)) /* a cut beyond the end still cuts */
        return rule->cut >= 0 ? MHD_CONTENT_READER_END_WITH_ERROR
                              : MHD_CONTENT_READER_END_OF_STREAM;
    if (rule->drip > 0 && !may_drip(exchange, &broken))
        return broken ? MHD_CONTENT_READER_END_WITH_ERROR : 0;
    if (rule->drip > 0 && size > (uint64_t)rule->drip)
        size = (size_t)rule->drip;
    if (rule->cut >= 0 && size > (uint64_t)rule->cut - position)
        size = (size_t)((uint64_t)rule->cut - position);
    return (ssize_t)fill(exchange, position, out, size);
}

/* With a cut the announced size is one that is never reached. */
static uint64_t announced_size(const struct exchange *exchange)
{
    uint64_t size = body_size(exchange);
    uint64_t cut = exchange->rule->cut >= 0 ? (uint64_t)exchange->rule->cut : 0;
    if (exchange->rule->huge >= 0)
        return MHD_SIZE_UNKNOWN;
    return exchange->rule->cut >= 0 && cut >= size ? cut + 1 : size;
}

static struct MHD_Response *new_response(struct exchange *exchange)
{
    const fault_rule *rule = exchange->rule;
    if (rule && (rule->cut >= 0 || rule->drip > 0 || rule->huge >= 0))
        return MHD_create_response_from_callback(announced_size(exchange), BLOCK_BYTES, read_body,
                                                 exchange, NULL);
    return MHD_create_response_from_buffer(exchange->answer.body.size, exchange->answer.body.data,
                                           MHD_RESPMEM_PERSISTENT);
}

static void add_headers(struct MHD_Response *response, const struct answer *answer)
{
    if (answer->content_type && !pairs_get(&answer->headers, MHD_HTTP_HEADER_CONTENT_TYPE))
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, answer->content_type);
    for (size_t i = 0; i < answer->headers.count; i++)
        MHD_add_response_header(response, answer->headers.items[i].name,
                                answer->headers.items[i].value);
}

/* A socket that is disconnected in this way tells its peer so; closing alone would end it well. */
static enum MHD_Result send_reset(const struct exchange *exchange)
{
    static const struct sockaddr nowhere = {.sa_family = AF_UNSPEC};
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    if (info && connect(info->connect_fd, &nowhere, sizeof(nowhere)) < 0)
        return MHD_NO; /* the peer is gone */
    return MHD_NO;
}

static enum MHD_Result send_raw(const struct exchange *exchange)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    const char *raw = exchange->rule->raw;
    if (info && send(info->connect_fd, raw, strlen(raw), MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
        return MHD_NO; /* the peer is gone: closing is all that is left */
    return MHD_NO;
}

enum MHD_Result exchange_send(struct exchange *exchange)
{
    if (exchange->failed || (exchange->rule && exchange->rule->close))
        return MHD_NO;
    if (exchange->rule && exchange->rule->reset)
        return send_reset(exchange);
    if (exchange->rule && exchange->rule->raw)
        return send_raw(exchange);
    struct MHD_Response *response = new_response(exchange);
    if (!response)
        return MHD_NO;
    add_headers(response, &exchange->answer);
    enum MHD_Result result =
        MHD_queue_response(exchange->connection, (unsigned)exchange->answer.status, response);
    MHD_destroy_response(response);
    return result;
}
