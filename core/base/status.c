/* SPDX-License-Identifier: MIT */
/*
 * The names and exit statuses of <thingspace/status.h>, both made from its one
 * list. Constant data; any thread.
 */
#include <config.h>
#include <thingspace/status.h>

const char *thingspace_status_name(thingspace_status status)
{
    switch (status) {
#define X(name, value, kind, exit_status, meaning)                                                 \
    case THINGSPACE_##name:                                                                        \
        return kind;
        THINGSPACE_STATUS_MAP(X)
#undef X
    }
    return "unknown";
}

int thingspace_status_exit(thingspace_status status)
{
    switch (status) {
#define X(name, value, kind, exit_status, meaning)                                                 \
    case THINGSPACE_##name:                                                                        \
        return exit_status;
        THINGSPACE_STATUS_MAP(X)
#undef X
    }
    return thingspace_status_exit(THINGSPACE_INTERNAL);
}
