/* SPDX-License-Identifier: MIT */
/*
 * A plan as data: changes, errors and counts. What is as declared is only counted, so that a plan
 * of 100,000 accounts without drift is small. Texts are copied into blocks that live as long as the
 * plan; names that repeat are kept once. One thread at a time.
 */
#ifndef PLAN_H
#define PLAN_H

#include <thingspace/plan.h>
#include "base/digest.h"
#include "base/map.h"

/* BLAKE2b, cut: nobody finds two plans with one id, which approvals rest on. */
#define PLAN_ID_BYTES 16
/* In place of a password or another secret, where there is one. */
#define PLAN_SECRET "***"

typedef enum plan_action {
    PLAN_ADD,
    PLAN_CHANGE,
    PLAN_TAKEOVER,
    PLAN_REMOVE,
    PLAN_BLOCKED,
    PLAN_UNCHANGED, /* a cell */
    PLAN_FOREIGN,   /* a cell */
    PLAN_UNDECLARED /* ours or foreign: until plan_compare_settle */
} plan_action;

typedef enum plan_member { PLAN_URL, PLAN_USERNAME, PLAN_PASSWORD, PLAN_MEMBERS } plan_member;

typedef struct plan_field {
    bool differs;
    const char *from, *to; /* NULL: nothing */
} plan_field;

typedef struct plan_change {
    const char *account, *service;
    const char *api;   /* a name of the table of APIs; NULL: connectivity */
    const char *owner; /* the tenant that decides for the account; NULL: the operator's policy */
    plan_action action;
    plan_field fields[PLAN_MEMBERS];
    const char *note; /* why the service refused it; NULL: nothing to say */
} plan_change;

typedef struct plan_failure {
    const char *account;
    const char *service;    /* NULL: the account is unread */
    const char *credential; /* NULL: not decided */
    thingspace_status kind;
    const char *message, *code;            /* code NULL: none */
    const char *plugin, *instance, *phase; /* of the hook that failed; NULL: none did */
    const char *tenant;                    /* whose the instance is; NULL: the operator's */
    int http_status;                       /* 0: none */
} plan_failure;

struct thingspace_plan {
    char id[2 * PLAN_ID_BYTES + 1]; /* from plan_finish on */
    const char *policy, *script;    /* script NULL: none */
    char digest[DIGEST_TEXT_SIZE];  /* of all that the policy was read from; "": not known */
    plan_change *changes;
    size_t change_count, change_capacity;
    plan_failure *failures;
    size_t failure_count, failure_capacity;
    plan_change *cells; /* `fields` as they are listed, in `from`; none unless they are kept */
    size_t cell_count, cell_capacity;
    const char **empty; /* accounts with nothing to tell of; as the cells */
    size_t empty_count, empty_capacity;
    bool keeps_cells;
    bool was_loaded; /* from a file: it may be stale */
    map *names;      /* text -> the kept one */
    map *endpoints;  /* keys alone, in the order of the accounts */
    thingspace_plan_counts counts;
    long long duration_ms;
    struct plan_block *blocks; /* of texts, the newest first */
};

/* `script` may be NULL. Expected: MEMORY. Owned: thingspace_plan_free. */
thingspace_status plan_new(thingspace_plan **out, const char *policy, const char *script);

/* All copy their texts. Expected: MEMORY (also beyond LIMIT_PLAN_CHANGES). */
thingspace_status plan_add_endpoint(thingspace_plan *plan, const char *name);
thingspace_status plan_add_change(thingspace_plan *plan, const plan_change *change);
thingspace_status plan_add_failure(thingspace_plan *plan, const plan_failure *failure);
/* Nothing, unless the plan keeps cells. */
thingspace_status plan_add_cell(thingspace_plan *plan, const plan_change *cell);
thingspace_status plan_add_empty(thingspace_plan *plan, const char *account);
/* The same for one whose texts are the plan's already. */
thingspace_status plan_move_to_cells(thingspace_plan *plan, const plan_change *change);

/* Sorts, counts and names it. The counts of accounts, unchanged and foreign are the caller's. */
void plan_finish(thingspace_plan *plan);

const char *plan_action_name(plan_action action); /* as in JSON */
const char *plan_member_name(plan_member member);

void plan_cleanup(thingspace_plan **plan);
#define cleanup_plan __attribute__((cleanup(plan_cleanup)))

#endif
