/* SPDX-License-Identifier: MIT */
/* The order of hooks: priority, then row; the operator around the tenant. */
#include "fake.h"
#include "base/text.h"

static thingspace_status nothing(view *view, verdict *out, thingspace_error *error)
{
    (void)view, (void)out, (void)error;
    return THINGSPACE_OK;
}

/* Rows 0 to 5: operator a, b (first), c; tenant p, q (first), and one with an audit hook alone. */
static const fake_plugin plugins[] = {
    {.name = "a", .every = nothing},
    {.name = "b", .every = nothing, .priority = 100},
    {.name = "c", .every = nothing},
    {.name = "p", .every = nothing, .tenant = "south"},
    {.name = "q", .every = nothing, .tenant = "south", .priority = 4999},
    {.name = "z", .hooks[PHASE_AUDIT] = nothing, .priority = 9000},
};

static void name_hooks(char *out, const fake_chain *chain, phase phase)
{
    const chain_phase *hooks = &chain->chain->phases[phase];
    out[0] = '\0';
    for (size_t i = 0; i < hooks->count; i++)
        strcat(out, hooks->items[i]->name);
}

static void the_operator_stands_around_the_tenant(void)
{
    static const struct {
        phase phase;
        const char *order;
    } cases[] = {
        {PHASE_REQUEST, "bacqp"}, {PHASE_CHECK, "qpbac"},  {PHASE_RESPONSE, "pqcab"},
        {PHASE_ERROR, "pqcab"},   {PHASE_AUDIT, "qpbacz"}, {PHASE_ACCEPT, "bacqp"},
    };
    cleanup_fake_chain fake_chain chain = {.count = 0};
    CHECK_OK(fake_chain_make(&chain, plugins, 6));
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char order[16];
        name_hooks(order, &chain, cases[i].phase);
        CHECK_TEXT(order, cases[i].order);
    }
}

static void a_phase_without_hooks_has_none(void)
{
    cleanup_fake_chain fake_chain chain = {.count = 0}, empty = {.count = 0};
    CHECK_OK(fake_chain_make(&chain, &plugins[5], 1));
    CHECK(chain_has(chain.chain, PHASE_AUDIT));
    CHECK(!chain_has(chain.chain, PHASE_REQUEST));
    CHECK(!chain_has(NULL, PHASE_REQUEST));
    CHECK_OK(fake_chain_make(&empty, plugins, 0));
    CHECK(!chain_has(empty.chain, PHASE_AUDIT));
}

static void a_call_of_the_operator_has_no_hooks_of_tenants(void)
{
    chain *chain = NULL;
    cleanup_instance instance *instance = NULL;
    CHECK_OK(fake_instance(&instance, &plugins[0], 0));
    const instance_list list = {&instance, 1};
    CHECK_OK(chain_new(&chain, &list, NULL));
    CHECK_INT(chain->phases[PHASE_CHECK].count, 1);
    chain_free(chain);
}

static const check_case cases[] = {
    CHECK_CASE(the_operator_stands_around_the_tenant),
    CHECK_CASE(a_phase_without_hooks_has_none),
    CHECK_CASE(a_call_of_the_operator_has_no_hooks_of_tenants),
};
CHECK_MAIN(cases)
