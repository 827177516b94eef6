/* SPDX-License-Identifier: MIT */
/*
 * The catalogue: the callback services that are known to exist, and the
 * addresses that callback messages come from. Both lists are what public
 * material told when this release was made; the service knows more names and
 * changes its addresses. Constant data: borrowed for ever, from any thread.
 */
#ifndef THINGSPACE_SERVICES_H
#define THINGSPACE_SERVICES_H

#include <stddef.h>
#include <thingspace/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One callback service. New members are added at the end only. */
typedef struct thingspace_service_info {
    const char *name;     /* as it is registered: "CarrierService" */
    const char *delivers; /* one line, or "not described publicly" */
    int seed;             /* 1: on the original Register Callback Listener page */
    const char *where;    /* what shows that the name exists */
    const char *note;     /* what would surprise; "" when nothing */
} thingspace_service_info;

/* How many callback services are known. Any thread. */
THINGSPACE_API size_t thingspace_service_count(void);

/* The one at `index`, in alphabetical order; NULL at or beyond the count. Any thread. */
THINGSPACE_API const thingspace_service_info *thingspace_service_at(size_t index);

/*
 * The one of that exact name; NULL when it is not known (or `name` is NULL),
 * which does not mean that ThingSpace refuses it. Any thread.
 */
THINGSPACE_API const thingspace_service_info *thingspace_service_find(const char *name);

/* What is left to do after this service was registered,
 * one line; NULL when nothing is. Any thread. */
THINGSPACE_API const char *thingspace_service_after_register(const char *name);

/* One of the APIs that callbacks are registered with. New members are added at the end only. */
typedef struct thingspace_api_info {
    const char *name;        /* as thingspace_request and the command's --api take it: "location" */
    const char *path;        /* what its URLs have in place of /api/m2m/v1 */
    const char *services[3]; /* the callback services that are known, NULL last; none for the first
                                API, see thingspace_service_at */
} thingspace_api_info;

/* How many APIs are known. Any thread. */
THINGSPACE_API size_t thingspace_api_count(void);

/* The one at `index`, "connectivity" first; NULL at or beyond the count. Any thread. */
THINGSPACE_API const thingspace_api_info *thingspace_api_at(size_t index);

/* One address that callback messages come from. New members are added at the end only. */
typedef struct thingspace_source_info {
    const char *api;     /* "connectivity", "location" or "software-management" */
    const char *address; /* IPv4 in dotted form */
    const char *note;    /* which published list has it, and whether it was seen in use */
} thingspace_source_info;

/* How many rows the list has; an address appears once for each API. Any thread. */
THINGSPACE_API size_t thingspace_source_count(void);

/* The row at `index`, grouped by API; NULL at or beyond the count. Any thread. */
THINGSPACE_API const thingspace_source_info *thingspace_source_at(size_t index);

#ifdef __cplusplus
}
#endif
#endif
