/* SPDX-License-Identifier: MIT */
/* The operations of the callbacks API, one file each. Constant data; any thread. */
#ifndef OPERATIONS_H
#define OPERATIONS_H

#include "client/operation.h"

extern const operation operation_register;
extern const operation operation_list;
extern const operation operation_deregister;
extern const operation operation_call; /* any method */
extern const operation operation_get;  /* the same for GET, which may be repeated */

#endif
