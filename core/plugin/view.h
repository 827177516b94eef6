/* SPDX-License-Identifier: MIT */
/*
 * The view of a call that hooks get, whichever language they are written in: reading, and changing
 * under capability, phase and journal. The client fills the first part and owns what it points to.
 * Errors are PLUGIN and say what is missing; nothing has changed then. The client's thread.
 */
#ifndef PLUGIN_VIEW_H
#define PLUGIN_VIEW_H

#include "http/request.h"
#include "http/response.h"
#include "plugin/event.h"
#include "plugin/fields.h"
#include "plugin/instance.h"
#include "plugin/journal.h"
#include "plugin/trace.h"

struct view {
    /* What the call is; borrowed. */
    const char *account, *operation;
    const char *service, *url; /* NULL: none */
    const char *tenant;        /* NULL: the operator's policy decided */
    const json *tags;          /* object, or NULL */
    const char *endpoint;      /* its name; NULL: undecided */
    const char *reason;        /* why the call is made; NULL: nobody said */
    const char *plan;          /* the id of the plan that is applied; NULL or "": none is */
    unsigned attempt;
    bool dry_run;
    int64_t time_ms;           /* of a dry run: what scripts take for the time; 0: the clock's */
    request *request;          /* NULL in the phases of messages */
    response *response;        /* NULL until there is an answer; the message in those phases */
    thingspace_error *failure; /* of the error phase */
    const event *event;        /* of the audit phase */
    trace *trace;              /* NULL: nobody wants to know which hooks ran */

    /* The view's own. */
    uint64_t id_bits; /* random, given to view_init; the id's digits and the seed of scripts */
    char id[17];      /* made when asked for: view_id */
    journal journal;
    scalars *vars[2];    /* the operator's hooks', the tenant's; NULL until used */
    json *response_json; /* the body parsed, secrets as nodes; NULL until used */
    bool response_parsed;

    /* The hook that runs now; set by the dispatcher. */
    instance *running; /* NULL: none, every handle is stale */
    phase phase;
};

/* Clears all members; the client fills the first part afterwards. */
void view_init(view *view, uint64_t id_bits);
/* Before the request, the answer and the failure are freed; journal_write and the JSON of trace and
 * event need them too. */
void view_dispose(view *view);
const char *view_id(view *view);
/* The vars of the running hook's owner, made when first used; NULL when out of memory. */
scalars *view_vars(view *view);

/* Where a field may be used, and with which capability. */
typedef struct view_rule {
    unsigned phases; /* PHASE_BIT of each */
    capability_set capability;
} view_rule;

extern const view_rule view_rules[FIELD_COUNT];

/* Why view_check says no: see there. */
thingspace_status view_refuse(const view *view, field_id field, thingspace_error *error);
/* Whether the running hook may use the field: the one test in front of every access, of bits alone.
 * Expected: PLUGIN ("stale handle", "the plugin lacks capability X: declare it in the manifest and
 * grant it in the row", the phase). */
static inline thingspace_status view_check(const view *view, field_id field,
                                           thingspace_error *error)
{
    const view_rule *rule = &view_rules[field];
    bool allowed = view->running && rule->phases & PHASE_BIT(view->phase) &&
                   !(rule->capability & ~view->running->granted);
    return allowed ? THINGSPACE_OK : view_refuse(view, field, error);
}

/* --- request --- */
/* "***" for a secret; NULL when absent. */
const char *view_request_header(const view *view, const char *name);
const char *view_request_query(const view *view, const char *name);
thingspace_status view_set_request_header(view *view, const char *name, const char *value,
                                          thingspace_error *error);
thingspace_status view_remove_request_header(view *view, const char *name, thingspace_error *error);
/* NULL value removes. */
thingspace_status view_set_request_query(view *view, const char *name, const char *value,
                                         thingspace_error *error);
/* Borrowed until the body changes; NULL: no body. */
thingspace_status view_request_json(const view *view, const json **out, thingspace_error *error);
/* Takes the tree, also on failure; NULL: no body. The same for an answer. */
thingspace_status view_set_request_json(view *view, json *body, thingspace_error *error);

/* --- response (and, reading alone, message) --- */
/* "***" for a field that carries a secret (Set-Cookie, VZ-M2M-Token, ...). */
const char *view_response_header(const view *view, const char *name);
thingspace_status view_set_response_header(view *view, const char *name, const char *value,
                                           thingspace_error *error);
thingspace_status view_remove_response_header(view *view, const char *name,
                                              thingspace_error *error);
/* The body with its passwords and tokens as secret nodes; NULL: empty. Expected: PLUGIN (also: not
 * JSON), MEMORY. */
thingspace_status view_response_json(view *view, const json **out, thingspace_error *error);
thingspace_status view_set_response_json(view *view, json *body, thingspace_error *error);

/* --- either body as redacted text --- */
thingspace_status view_request_text(const view *view, buffer *out, thingspace_error *error);
thingspace_status view_response_text(view *view, buffer *out, thingspace_error *error);

/* --- failure --- */
thingspace_status view_set_failure_message(view *view, const char *message,
                                           thingspace_error *error);
thingspace_status view_set_failure_code(view *view, const char *code, thingspace_error *error);

/* A failure of the rules for requests and answers becomes one of the plugin and keeps its words. */
thingspace_status view_own_error(thingspace_status status, thingspace_error *error);

#endif
