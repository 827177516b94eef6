/* SPDX-License-Identifier: MIT */
/* One request and its answer, from the first line to
 * the end of the connection's use. The daemon's thread. */
#ifndef SIMULATOR_EXCHANGE_H
#define SIMULATOR_EXCHANGE_H

#include "answer.h"
#include "fault_rule.h"
#include "request.h"
#include "waits.h"

typedef enum exchange_phase {
    EXCHANGE_READING,
    EXCHANGE_ARRIVED,   /* the request is whole */
    EXCHANGE_OPERATING, /* the delay before the operation is over */
    EXCHANGE_SENDING,   /* so is the one after it */
} exchange_phase;

struct exchange {
    struct waits *waits;
    struct MHD_Connection *connection;
    wait_node wait;
    exchange_phase phase;
    struct request request;
    struct answer answer;
    fault_rule *rule; /* NULL: none */
    bool headers_read;
    bool present; /* counted by model_arrive */
    bool failed;  /* out of memory, or too large: the connection is closed */
    int64_t drip_due_ms;
};

struct exchange *exchange_make(const char *uri); /* NULL: out of memory */
void exchange_drop(struct exchange *exchange);

/* Suspends the connection for so long; false when there is nothing to wait for. */
bool exchange_wait(struct exchange *exchange, long long ms);
/* Sends the answer as the rule says. MHD_NO closes the connection. */
enum MHD_Result exchange_send(struct exchange *exchange);

#endif
