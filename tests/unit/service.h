/* SPDX-License-Identifier: MIT */
/*
 * A ThingSpace for one test: the simulator on a socket, and clients that use it with
 * the environment's policy and a state directory of the test's own. For CHECK_CASE_ONCE.
 *
 *     cleanup_service service;
 *     CHECK_OK(service_start(&service, NULL));
 */
#ifndef SERVICE_FIXTURE_H
#define SERVICE_FIXTURE_H

#include <thingspace/simulator.h>
#include <thingspace/thingspace.h>
#include "base/json.h"

typedef struct service {
    thingspace_simulator *simulator;
    thingspace_client *client;
    char state_dir[300];
} service;

/* Starts both; `options` of the simulator may be NULL. */
thingspace_status service_start(service *service, const thingspace_simulator_options *options);
/* The same, without a client and with the environment set for one. */
thingspace_status service_start_alone(service *service,
                                      const thingspace_simulator_options *options);
void service_stop(service *service);
#define cleanup_service __attribute__((cleanup(service_stop))) struct service

/* A client of the running simulator; `options` NULL: defaults. state_dir is filled in. */
thingspace_status service_client(service *service, thingspace_client **out,
                                 const thingspace_client_options *options);

bool service_fault(service *service, const char *rule);
bool service_faultless(service *service); /* removes all rules */
/* POST to a control path, "/simulator/expire?what=bearer". */
bool service_post(service *service, const char *path);
/* The simulator's state; to be freed with json_free. */
json *service_state(service *service);
/* A number of the state ("logins"), -1 when absent;
 * and how often a "METHOD /path" was asked for. */
long long service_number(service *service, const char *name);
long long service_count(service *service, const char *path);

void client_cleanup(thingspace_client **client);
void result_cleanup(thingspace_result **result);
#define cleanup_client __attribute__((cleanup(client_cleanup)))
#define cleanup_result __attribute__((cleanup(result_cleanup)))

#endif
