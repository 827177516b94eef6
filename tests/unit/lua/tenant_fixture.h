/* SPDX-License-Identifier: MIT */
/* An operator's policy with tenants whose scripts lie beside it. */
#ifndef TENANT_FIXTURE_H
#define TENANT_FIXTURE_H

#include <stdio.h>
#include "policy_fixture.h"

/* The operator's part: two endpoints, three credentials, three accounts of whoever matches. */
#define FLEET                                                                                      \
    "return { name = 'fleet',"                                                                     \
    " endpoints = { lab = { url = 'http://127.0.0.1:8080' } },"                                    \
    " credentials = { acme = { key = 'k' }, north = { key = 'k' }, spare = { key = 'k' } },"       \
    " accounts = { '1-1', { account = '2-1', credential = 'spare', timeout_ms = 7000 }, 'own' },"
#define ACME_ROW                                                                                   \
    "script = 'acme.lua', accounts = { '1-*' }, endpoints = { 'production' },"                     \
    " credentials = { 'acme' }, urls = { 'https://*.acme.example/*' },"                            \
    " secrets = { hook = thingspace.secret.file('hook') },"                                        \
    " plugins = { headers = { 'request.headers:write' }, guard = {} },"                            \
    " limits = { deadline_ms = 10 }"
#define NORTH_ROW                                                                                  \
    "script = 'north.lua', accounts = { '2-*' }, endpoints = { 'production', 'lab' },"             \
    " credentials = { 'north', 'spare' }, urls = { 'https://north.example/*' }"
#define TENANTS FLEET " tenants = { acme = { " ACME_ROW " }, north = { " NORTH_ROW " } } }"

#define NORTH_SCRIPT                                                                               \
    "return { resolve = function(account, row)"                                                    \
    "   return { endpoint = 'lab', credential = row and row.credential or 'north' } end,"          \
    " listeners = function(account)"                                                               \
    "   return { CarrierService = { url = 'https://north.example/' .. account } } end }"

/* The fleet with this script of acme's and north's usual one. */
static inline thingspace_status fixture_load_tenants(policy **out, const char *acme,
                                                     thingspace_error *error)
{
    check_file("acme.lua", acme);
    check_file("north.lua", NORTH_SCRIPT);
    return fixture_load(out, TENANTS, error);
}

#endif
