/* SPDX-License-Identifier: MIT */
/*
 * Somebody else's script that decides for the accounts it was given: what the operator's row grants
 * it, and what its script declared inside of that. A tenant whose script does not load, or rests
 * after failures, fails its own accounts only. Owned by the operator's policy. One thread at a
 * time.
 */
#ifndef POLICY_TENANT_H
#define POLICY_TENANT_H

#include "base/log.h"
#include "base/map.h"
#include "plugin/row.h"

typedef struct policy policy;

typedef struct tenant_list {
    char **items; /* owned texts */
    size_t count;
} tenant_list;

typedef struct tenant {
    /* The operator's row. */
    char *name;
    char *script;            /* file, relative to the policy's folder made absolute or as given */
    bool relative;           /* it was named relative: no link may lead out of the folder */
    tenant_list accounts;    /* patterns with * */
    tenant_list endpoints;   /* names that the policy declares */
    tenant_list credentials; /* the same */
    tenant_list urls;        /* catalogue/url_pattern.h */
    map *secrets;            /* name -> secret_source *, or NULL */
    map *plugins;            /* name or file -> capability_set * that may be used, or NULL */
    plugin_limits limits;

    /* What its script declared. */
    policy *own;         /* its accounts, rows of plugins, and back-end; NULL: it did not load */
    bool lists_accounts; /* its script lists them: it has no others */
    thingspace_error broken; /* why it did not load; kind OK when it did */

    /* It was killed by a limit: rests 1 s, 2 s, ... 5 min, as quarantined instances do. */
    unsigned bad_in_row;
    int64_t rests_until_ms;
    thingspace_error stopped; /* what for */
    const log_target *log;    /* borrowed; NULL: silent */
} tenant;

/* A tenant without rights. Expected: MEMORY. Owned: tenant_free. */
thingspace_status tenant_new(tenant **out, const char *name, const char *script);
void tenant_free(tenant *tenant);
void tenant_cleanup(tenant **tenant);
#define cleanup_tenant __attribute__((cleanup(tenant_cleanup)))
/* Copies. Expected: POLICY (empty, or a pattern that cannot be), MEMORY. */
thingspace_status tenant_list_add(tenant_list *list, const char *text, thingspace_error *error);

/* Whether one of its patterns matches the account. */
bool tenant_owns(const tenant *tenant, const char *account);
/* The same of one of them, that at `index` of `accounts`. */
bool tenant_pattern_matches(const tenant *tenant, size_t index, const char *account);
/* Whether its script has a row that begins so. */
bool tenant_uses(const tenant *tenant, const char *plugin);
/* What the row grants. Expected: POLICY, with the tenant's name and what is granted. */
thingspace_status tenant_check_url(const tenant *tenant, const char *url, thingspace_error *error);
thingspace_status tenant_check_endpoint(const tenant *tenant, const char *name,
                                        thingspace_error *error);
thingspace_status tenant_check_credential(const tenant *tenant, const char *name,
                                          thingspace_error *error);
/* Plugin and the capabilities that the tenant's script asks for; all refused by name. */
thingspace_status tenant_check_plugin(const tenant *tenant, const plugin_row *row,
                                      thingspace_error *error);
/* An endpoint and a credential at once; either may be NULL. */
thingspace_status tenant_check_names(const tenant *tenant, const char *endpoint,
                                     const char *credential, thingspace_error *error);
/* The error for a secret that its row does not have, without the tenant's name. */
thingspace_status tenant_refuse_secret(const tenant *tenant, const char *name,
                                       thingspace_error *error);
/* The error for an account that is outside its patterns. */
thingspace_status tenant_refuse_account(const tenant *tenant, const char *account,
                                        thingspace_error *error);
/* Makes the message begin with "tenant NAME: ", once, and the error the tenant's. */
void tenant_name_error(const tenant *tenant, thingspace_error *error);

/* --- its script's runs --- */
/* Whether it may run. Expected: POLICY (why it did not load, or how long it rests). */
thingspace_status tenant_check_ready(const tenant *tenant, int64_t now_ms, thingspace_error *error);
/* After a run: `failure` NULL when it went well, else why a limit stopped it. */
void tenant_note(tenant *tenant, const thingspace_error *failure, int64_t now_ms);

#endif
