/* SPDX-License-Identifier: MIT */
/*
 * Where callback messages come from, as published for each API. A filter for
 * firewalls, not an authentication: other customers' messages come from there too.
 */
#include <config.h>
#include <thingspace/services.h>

#define CONNECTIVITY "connectivity"
#define LOCATION     "location"
#define SOFTWARE     "software-management"

#define OLDEST   "current list, and in the oldest; not seen in use"
#define CURRENT  "current list"
#define OBSERVED "current list; seen in use"

static const thingspace_source_info sources[] = {
    {CONNECTIVITY, "137.117.33.109", OLDEST},
    {CONNECTIVITY, "168.62.173.153", OLDEST},
    {CONNECTIVITY, "3.87.163.45", OBSERVED},
    {CONNECTIVITY, "3.91.119.203", OBSERVED},
    {CONNECTIVITY, "54.197.62.209", OBSERVED},
    {CONNECTIVITY, "35.165.205.14", OBSERVED},
    {CONNECTIVITY, "54.200.43.232", OBSERVED},
    {CONNECTIVITY, "34.216.81.234", OBSERVED},
    {LOCATION, "68.128.212.217", CURRENT},
    {SOFTWARE, "3.87.163.45", CURRENT},
    {SOFTWARE, "3.91.119.203", CURRENT},
    {SOFTWARE, "54.197.62.209", CURRENT},
    {SOFTWARE, "54.200.43.232", CURRENT},
    {SOFTWARE, "34.216.81.234", CURRENT},
    {SOFTWARE, "137.117.33.109", CURRENT},
    {SOFTWARE, "168.62.173.153", CURRENT},
    {SOFTWARE, "68.128.212.217", "current list, and the only one of the older list"},
};

size_t thingspace_source_count(void)
{
    return sizeof(sources) / sizeof(sources[0]);
}

const thingspace_source_info *thingspace_source_at(size_t index)
{
    return index < thingspace_source_count() ? &sources[index] : NULL;
}
