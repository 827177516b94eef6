/* SPDX-License-Identifier: MIT */
/* See ours.h. */
#include <config.h>
#include <stdio.h>
#include "base/limits.h"
#include "callbacks/plan/ours.h"
#include "catalogue/url_pattern.h"
#include "catalogue/weburl.h"

typedef struct key {
    char text[LIMIT_POLICY_NAME + sizeof(((weburl *)0)->host) + 2];
} key;

thingspace_status ours_init(ours *out, const policy *policy)
{
    out->policy = policy;
    return map_new(&out->hosts, NULL);
}

void ours_dispose(ours *ours)
{
    map_free(ours->hosts);
    ours->hosts = NULL;
}

/* No host has a blank. */
static bool make_key(key *out, const char *owner, const char *url)
{
    weburl parts;
    if (!url || weburl_read(&parts, url, NULL) != THINGSPACE_OK)
        return false;
    snprintf(out->text, sizeof(out->text), "%s %s", parts.host, owner ? owner : "");
    return true;
}

thingspace_status ours_declare(ours *ours, const char *owner, const char *url)
{
    key key;
    if (!make_key(&key, owner, url) || map_get(ours->hosts, key.text))
        return THINGSPACE_OK;
    return map_set(ours->hosts, key.text, ours);
}

bool ours_has(const ours *ours, const char *owner, const char *url)
{
    key key;
    if (make_key(&key, owner, url) && map_get(ours->hosts, key.text))
        return true;
    for (size_t i = 0; url && i < policy_owned_count(ours->policy); i++)
        if (url_pattern_matches(policy_owned(ours->policy, i), url))
            return true;
    return false;
}
