/* SPDX-License-Identifier: MIT */
/* The example of thingspace_services(3). */
#include <stdio.h>
#include <thingspace/thingspace.h>

/* What there is, and the rules of a firewall: where callback messages come from. */
int main(void)
{
    for (size_t i = 0; i < thingspace_service_count(); i++) {
        const thingspace_service_info *service = thingspace_service_at(i);
        printf("%-24s %s\n", service->name, service->delivers);
    }
    for (size_t i = 0; i < thingspace_source_count(); i++) {
        const thingspace_source_info *source = thingspace_source_at(i);
        printf("allow from %s # %s\n", source->address, source->api);
    }
    return 0;
}
