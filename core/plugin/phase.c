/* SPDX-License-Identifier: MIT */
/*
 * What each phase allows, as one table. The order of reply to deny follows what a hook could
 * still change: check hooks see a frozen request and may only deny. Constants: any thread.
 */
#include <config.h>
#include "base/text.h"
#include "plugin/phase.h"

#define STOP  VERDICT_BIT(VERDICT_STOP)
#define REPLY VERDICT_BIT(VERDICT_REPLY)
#define DENY  VERDICT_BIT(VERDICT_DENY)
#define WAIT  VERDICT_BIT(VERDICT_WAIT)

/* name, reverse, tenant_first, fails_closed, verdicts */
static const phase_traits phases[PHASE_COUNT] = {
    [PHASE_CONFIGURE] = {"configure", false, false, true, 0},
    [PHASE_RESOLVE] = {"resolve", false, false, true, 0},
    [PHASE_REQUEST] = {"request", false, false, true, STOP | REPLY | DENY | WAIT},
    [PHASE_CHECK] = {"check", false, true, true, DENY},
    [PHASE_RESPONSE] = {"response", true, true, true, STOP | DENY | WAIT},
    [PHASE_ERROR] = {"error", true, true, false, STOP},
    [PHASE_AUDIT] = {"audit", false, true, false, 0},
    [PHASE_ACCEPT] = {"accept", false, false, true, DENY | STOP},
    [PHASE_MESSAGE] = {"message", false, false, true, STOP | DENY},
    [PHASE_DELIVER] = {"deliver", false, false, true, STOP | DENY | WAIT},
};

static const char *const verdicts[VERDICT_COUNT] = {
    [VERDICT_NONE] = "none", [VERDICT_STOP] = "stop", [VERDICT_REPLY] = "reply",
    [VERDICT_DENY] = "deny", [VERDICT_WAIT] = "wait",
};

const phase_traits *phase_of(phase phase)
{
    return &phases[phase];
}

phase phase_find(const char *name)
{
    phase found = PHASE_CONFIGURE;
    while (found < PHASE_COUNT && !text_equal(phases[found].name, name))
        found++;
    return found;
}

json *phase_set_json(unsigned set)
{
    cleanup_json json *list = json_new_array();
    thingspace_status status = THINGSPACE_OK;
    for (phase phase = 0; phase < PHASE_COUNT; phase++)
        if (set & PHASE_BIT(phase))
            json_add(list, json_new_string(phases[phase].name), &status);
    json *out = status == THINGSPACE_OK ? list : NULL;
    if (out)
        list = NULL;
    return out;
}

const char *verdict_name(verdict_kind kind)
{
    return verdicts[kind];
}
