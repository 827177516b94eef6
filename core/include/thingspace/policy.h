/* SPDX-License-Identifier: MIT */
/* What the policy says, without network and without reading a secret. Answers are JSON texts, freed
 * with thingspace_text_free. */
#ifndef THINGSPACE_POLICY_H
#define THINGSPACE_POLICY_H

#include <thingspace/client.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The decision for one account:
 * {"accountName","endpoint","credential","timeout_ms","tags","checks","script","tenant",
 * "listeners":[{"serviceName","url","username","hasPassword","api"?}]}; "checks" has the levels
 * that were given, {"port":"ignore"}; "script" is the one that decides, "tenant" is absent when
 * that is the operator's. Expected: POLICY, USAGE, MEMORY.
 */
THINGSPACE_API thingspace_status thingspace_policy_eval(thingspace_client *client, char **out,
                                                        const char *account,
                                                        thingspace_error *error);

/*
 * Every declared account:
 * {"name","script","endpoints":[...],"credentials":[...],"accounts":N,"failed":N,"listeners":N,
 * "tenants":[{"tenant","script","accounts":N,"failed":N}],
 * "decisions":[{"accountName","endpoint","credential","script","tenant","listeners":N}],
 * "warnings":[{"accountName","tenant","serviceName","message"}],
 * "errors":[{"accountName","tenant","serviceName","message","after","script","kind","account",
 * "plugin","instance","phase","file","line"}]}; members as they apply: "failed" counts accounts
 * that fail; a tenant whose script does not load is an error of its own, without an account, what
 * its row gives for nothing (a pattern, a plugin) a warning; "after" is the account at which a
 * limit stopped the tenant's script so often that this one was not asked. POLICY when there are
 * errors;
 * `*out` is set then too.
 */
THINGSPACE_API thingspace_status thingspace_policy_check(thingspace_client *client, char **out,
                                                         thingspace_error *error);

/*
 * What changes when `client`'s policy takes the place of `old`'s: accounts whose decision or
 * declared listeners differ, plugins, what the rows of tenants grant, and what the policy owns:
 * {"added":[...],"removed":[...],"changed":[{"accountName","fields":[{"name","from",
 * "to"}]}],"errors":[{"policy":"old" or "new","accountName","message", and what else those of
 * thingspace_policy_check have}],"plugins":{"added":[
 * {"instance","tenant"?,"plugin"}],"removed":[the same],"changed":[{"instance","tenant"?,"plugin",
 * "fields"}],"order":[{"tenant"?,"from":[...],"to":[...]}]},"tenants":{"added":[...],"removed":
 * [...],"changed":[{"name","fields"}]},"owns"?:{"from":[...],"to":[...]}}; names are "endpoint",
 * "endpoint.api", "credential", "timeout_ms", "tags", "checks", "script", "listeners.SERVICE.url",
 * ..., those of plugins "version", "priority", "grant", "options.NAME", ..., those of tenants
 * "accounts", "urls", "secrets.NAME", "plugins.NAME", "limits.deadline_ms", ...; "owns" is absent
 * when it is the same. Of passwords and tokens only where they come from. A file at the same place
 * of both policies' folders is the same. OK also when something differs. Expected: POLICY (an
 * account cannot be decided; `*out` is set then too), USAGE, MEMORY.
 */
THINGSPACE_API thingspace_status thingspace_policy_diff(thingspace_client *old,
                                                        thingspace_client *client, char **out,
                                                        thingspace_error *error);

#ifdef __cplusplus
}
#endif
#endif
