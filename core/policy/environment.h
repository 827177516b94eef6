/* SPDX-License-Identifier: MIT */
/*
 * The endpoint and the credential `environment`, from THINGSPACE_* variables: what works
 * without any policy. Variables are read once; secrets go to locked memory.
 *
 *   THINGSPACE_URL, or THINGSPACE_API_URL and THINGSPACE_TOKEN_URL    default: production
 *   THINGSPACE_KEY, _SECRET, _USERNAME, _PASSWORD, or each ..._FILE   both: an error
 */
#ifndef ENVIRONMENT_H
#define ENVIRONMENT_H

#include "policy/policy.h"

/* Asked for a part of credential `environment` that no variable gives; see thingspace/client.h. */
typedef struct environment_options {
    /* part: "key", "secret", "username", "password" */
    thingspace_status (*ask)(void *user, const char *part, thingspace_secret **out,
                             thingspace_error *error);
    void *user;
} environment_options;

/* Adds `production`, and both `environment`. Expected: USAGE
 * (contradicting variables, unusable URL), AUTH, MEMORY. */
thingspace_status environment_add(policy *policy, const environment_options *options,
                                  thingspace_error *error);
/* The whole policy of somebody without a script: open for every account. */
thingspace_status environment_policy(policy **out, const environment_options *options,
                                     thingspace_error *error);

/*
 * Which policy file applies when none is named: THINGSPACE_POLICY; none (NULL) when THINGSPACE_KEY
 * or _KEY_FILE is set; ~/.config/thingspace/policy.lua ($XDG_CONFIG_HOME);
 * /etc/thingspace/policy.lua; none. Never the current folder. Owned text.
 */
thingspace_status environment_policy_file(char **out, thingspace_error *error);

#endif
