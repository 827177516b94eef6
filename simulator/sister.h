/* SPDX-License-Identifier: MIT */
/*
 * The callbacks of the other APIs: one row each of where they want the account, how they call
 * things and what they answer. Written from the public material, and on purpose not from the
 * library's own table: what one of them has wrong, the other finds. Under the model's lock.
 */
#ifndef SIMULATOR_SISTER_H
#define SIMULATOR_SISTER_H

#include "callbacks.h"

struct sister;

const struct sister *sister_find(const char *name);    /* NULL when there is none */
const struct sister *sister_of_path(const char *path); /* "/api/loc/v1/..."; NULL: none of them */
size_t sister_base_size(const char *path);             /* of its base in a path; 0: none */
bool sister_has_query(
    const struct sister *sister); /* in place of account and service in the path */
/* `service` NULL: none is in the path or query. */
bool sister_has_method(const struct sister *sister, const struct request *request,
                       const char *service);
/* Account and service of the query, owned; "" and NULL when absent. Expected: MEMORY, PROTOCOL. */
thingspace_status sister_read_query(const struct sister *sister, const struct request *request,
                                    char **account, char **service);
/* Carries out POST, PUT, GET or DELETE. `user` NULL: the sandbox. Expected: MEMORY. */
thingspace_status sister_operate(struct callbacks *callbacks, const struct sister *sister,
                                 const struct request *request, const char *account,
                                 const char *service, const struct user *user,
                                 struct answer *answer);

#endif
