/* SPDX-License-Identifier: MIT */
/* What a tenant's row grants, enforced on the request that its hooks left. Pure; any thread. */
#ifndef TENANT_CHECK_H
#define TENANT_CHECK_H

#include "http/request.h"
#include "policy/tenant.h"

/* Whether every URL in the body is granted; `tenant` may be NULL: all are. Expected: POLICY. */
thingspace_status tenant_check_request(const tenant *tenant, const request *request,
                                       thingspace_error *error);
/* The same of a body; NULL has none. */
thingspace_status tenant_check_body(const tenant *tenant, const json *body,
                                    thingspace_error *error);

#endif
