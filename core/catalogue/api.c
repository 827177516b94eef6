/* SPDX-License-Identifier: MIT */
/* The names of members that ThingSpace APIs do not agree on, the documented one first. */
#include <config.h>
#include "catalogue/api.h"

#define MOST_NAMES 3

static const char *const names[][MOST_NAMES] = {
    [API_ACCOUNT] = {"accountName", "aname", "account"},
    [API_SERVICE] = {"serviceName", "name", NULL},
    [API_URL] = {"url", "endpoint", NULL},
};

const char *api_member(const json *object, api_member_kind kind)
{
    for (size_t i = 0; i < MOST_NAMES && names[kind][i]; i++) {
        const char *text = json_get_string(object, names[kind][i]);
        if (text)
            return text;
    }
    return NULL;
}
