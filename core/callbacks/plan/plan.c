/* SPDX-License-Identifier: MIT */
/* See plan.h. */
#include <config.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include "base/limits.h"
#include "base/sized.h"
#include "base/text.h"
#include "callbacks/plan/plan.h"

/* Room for some two hundred URLs. */
#define BLOCK_BYTES ((size_t)16 * 1024)

typedef struct plan_block {
    struct plan_block *next;
    size_t used, size;
    char bytes[];
} plan_block;

/* ---- life ---- */

void thingspace_plan_free(thingspace_plan *plan)
{
    if (!plan)
        return;
    while (plan->blocks) {
        plan_block *block = plan->blocks;
        plan->blocks = block->next;
        free(block);
    }
    map_free(plan->names);
    map_free(plan->endpoints);
    free(plan->changes);
    free(plan->failures);
    free(plan->cells);
    free((void *)plan->empty);
    free(plan);
}

void plan_cleanup(thingspace_plan **plan)
{
    thingspace_plan_free(*plan);
}

/* ---- texts ---- */

static plan_block *new_block(size_t least)
{
    size_t size = least > BLOCK_BYTES ? least : BLOCK_BYTES;
    plan_block *block = malloc(sizeof(*block) + size);
    if (block)
        *block = (plan_block){.size = size};
    return block;
}

/* NULL stays NULL. */
static thingspace_status keep(thingspace_plan *plan, const char **out, const char *text)
{
    *out = NULL;
    if (!text)
        return THINGSPACE_OK;
    size_t size = strlen(text) + 1;
    if (!plan->blocks || plan->blocks->size - plan->blocks->used < size) {
        plan_block *block = new_block(size);
        if (!block)
            return THINGSPACE_MEMORY;
        block->next = plan->blocks;
        plan->blocks = block;
    }
    char *place = plan->blocks->bytes + plan->blocks->used;
    memcpy(place, text, size);
    plan->blocks->used += size;
    *out = place;
    return THINGSPACE_OK;
}

/* The same for what comes again and again. */
static thingspace_status keep_name(thingspace_plan *plan, const char **out, const char *text)
{
    *out = text ? map_get(plan->names, text) : NULL;
    if (*out || !text)
        return THINGSPACE_OK;
    thingspace_status status = keep(plan, out, text);
    return status == THINGSPACE_OK ? map_set(plan->names, text, (void *)*out) : status;
}

/* Accounts are read one after the other. */
static thingspace_status keep_account(thingspace_plan *plan, const char **out, const char *account,
                                      const plan_change *items, size_t count)
{
    const char *last = count > 0 ? items[count - 1].account : NULL;
    if (!text_equal(last, account))
        return keep(plan, out, account);
    *out = last;
    return THINGSPACE_OK;
}

thingspace_status plan_new(thingspace_plan **out, const char *policy, const char *script)
{
    thingspace_plan *plan = calloc(1, sizeof(*plan));
    *out = NULL;
    if (!plan)
        return THINGSPACE_MEMORY;
    plan->counts.size = sizeof(plan->counts);
    if (map_new(&plan->names, NULL) != THINGSPACE_OK ||
        map_new(&plan->endpoints, NULL) != THINGSPACE_OK ||
        keep(plan, &plan->policy, policy) != THINGSPACE_OK ||
        keep(plan, &plan->script, script) != THINGSPACE_OK) {
        thingspace_plan_free(plan);
        return THINGSPACE_MEMORY;
    }
    *out = plan;
    return THINGSPACE_OK;
}

/* ---- what is added ---- */

static thingspace_status grow(void **items, size_t *capacity, size_t count, size_t size)
{
    if (count < *capacity)
        return THINGSPACE_OK;
    size_t wanted = *capacity > 0 ? *capacity * 2 : 16;
    void *larger = count < LIMIT_PLAN_CHANGES ? realloc(*items, wanted * size) : NULL;
    if (!larger)
        return THINGSPACE_MEMORY;
    *items = larger;
    *capacity = wanted;
    return THINGSPACE_OK;
}

thingspace_status plan_add_endpoint(thingspace_plan *plan, const char *name)
{
    return map_get(plan->endpoints, name) ? THINGSPACE_OK : map_set(plan->endpoints, name, plan);
}

static thingspace_status keep_field(thingspace_plan *plan, plan_field *out, const plan_field *from)
{
    out->differs = from->differs;
    thingspace_status status = keep(plan, &out->from, from->from);
    return status == THINGSPACE_OK ? keep(plan, &out->to, from->to) : status;
}

/* All but the account. */
static thingspace_status keep_names(thingspace_plan *plan, plan_change *out,
                                    const plan_change *from)
{
    thingspace_status status = keep_name(plan, &out->service, from->service);
    if (status == THINGSPACE_OK)
        status = keep_name(plan, &out->api, from->api);
    return status == THINGSPACE_OK ? keep_name(plan, &out->owner, from->owner) : status;
}

thingspace_status plan_add_change(thingspace_plan *plan, const plan_change *change)
{
    plan_change kept = {.action = change->action};
    thingspace_status status = grow((void **)&plan->changes, &plan->change_capacity,
                                    plan->change_count, sizeof(*plan->changes));
    if (status == THINGSPACE_OK)
        status =
            keep_account(plan, &kept.account, change->account, plan->changes, plan->change_count);
    if (status == THINGSPACE_OK)
        status = keep_names(plan, &kept, change);
    if (status == THINGSPACE_OK)
        status = keep_name(plan, &kept.note, change->note);
    for (size_t i = 0; i < PLAN_MEMBERS && status == THINGSPACE_OK; i++)
        status = keep_field(plan, &kept.fields[i], &change->fields[i]);
    if (status == THINGSPACE_OK)
        plan->changes[plan->change_count++] = kept;
    return status;
}

thingspace_status plan_add_cell(thingspace_plan *plan, const plan_change *cell)
{
    plan_change kept = {.action = cell->action};
    if (!plan->keeps_cells)
        return THINGSPACE_OK;
    thingspace_status status =
        grow((void **)&plan->cells, &plan->cell_capacity, plan->cell_count, sizeof(*plan->cells));
    if (status == THINGSPACE_OK)
        status = keep_account(plan, &kept.account, cell->account, plan->cells, plan->cell_count);
    if (status == THINGSPACE_OK)
        status = keep_names(plan, &kept, cell);
    for (size_t i = 0; i < PLAN_MEMBERS && status == THINGSPACE_OK; i++)
        status = keep(plan, &kept.fields[i].from, cell->fields[i].from);
    if (status == THINGSPACE_OK)
        plan->cells[plan->cell_count++] = kept;
    return status;
}

thingspace_status plan_add_empty(thingspace_plan *plan, const char *account)
{
    const char *kept;
    if (!plan->keeps_cells)
        return THINGSPACE_OK;
    thingspace_status status =
        grow((void **)&plan->empty, &plan->empty_capacity, plan->empty_count, sizeof(*plan->empty));
    if (status == THINGSPACE_OK)
        status = keep(plan, &kept, account);
    if (status == THINGSPACE_OK)
        plan->empty[plan->empty_count++] = kept;
    return status;
}

thingspace_status plan_move_to_cells(thingspace_plan *plan, const plan_change *change)
{
    if (!plan->keeps_cells)
        return THINGSPACE_OK;
    thingspace_status status =
        grow((void **)&plan->cells, &plan->cell_capacity, plan->cell_count, sizeof(*plan->cells));
    if (status == THINGSPACE_OK)
        plan->cells[plan->cell_count++] = *change;
    return status;
}

static thingspace_status keep_given(thingspace_plan *plan, const char **out, const char *text)
{
    return keep_name(plan, out, text_is_empty(text) ? NULL : text);
}

static thingspace_status keep_hook(thingspace_plan *plan, plan_failure *out,
                                   const plan_failure *failure)
{
    thingspace_status status = keep_given(plan, &out->plugin, failure->plugin);
    if (status == THINGSPACE_OK)
        status = keep_given(plan, &out->instance, failure->instance);
    if (status == THINGSPACE_OK)
        status = keep_given(plan, &out->tenant, failure->tenant);
    return status == THINGSPACE_OK ? keep_given(plan, &out->phase, failure->phase) : status;
}

thingspace_status plan_add_failure(thingspace_plan *plan, const plan_failure *failure)
{
    plan_failure kept = {.kind = failure->kind, .http_status = failure->http_status};
    thingspace_status status = grow((void **)&plan->failures, &plan->failure_capacity,
                                    plan->failure_count, sizeof(*plan->failures));
    if (status == THINGSPACE_OK)
        status = keep(plan, &kept.account, failure->account);
    if (status == THINGSPACE_OK)
        status = keep_name(plan, &kept.service, failure->service);
    if (status == THINGSPACE_OK)
        status = keep_name(plan, &kept.credential, failure->credential);
    if (status == THINGSPACE_OK)
        status = keep_name(plan, &kept.message, failure->message);
    if (status == THINGSPACE_OK)
        status = keep_given(plan, &kept.code, failure->code);
    if (status == THINGSPACE_OK)
        status = keep_hook(plan, &kept, failure);
    if (status == THINGSPACE_OK)
        plan->failures[plan->failure_count++] = kept;
    return status;
}

/* ---- the end ---- */

static int compare_texts(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "");
}

static int compare_changes(const void *a, const void *b)
{
    const plan_change *first = a, *second = b;
    int order = compare_texts(first->account, second->account);
    if (order == 0)
        order = compare_texts(first->service, second->service);
    return order ? order : compare_texts(first->api, second->api);
}

static int compare_failures(const void *a, const void *b)
{
    const plan_failure *first = a, *second = b;
    int order = compare_texts(first->account, second->account);
    return order ? order : compare_texts(first->service, second->service);
}

static void count(thingspace_plan *plan)
{
    thingspace_plan_counts *counts = &plan->counts;
    size_t by_action[PLAN_UNDECLARED + 1] = {0};
    for (size_t i = 0; i < plan->change_count; i++)
        by_action[plan->changes[i].action]++;
    counts->add = by_action[PLAN_ADD];
    counts->change = by_action[PLAN_CHANGE];
    counts->takeover = by_action[PLAN_TAKEOVER];
    counts->remove = by_action[PLAN_REMOVE];
    counts->blocked = by_action[PLAN_BLOCKED];
    counts->unread = counts->failed = 0;
    for (size_t i = 0; i < plan->failure_count; i++)
        *(plan->failures[i].service ? &counts->failed : &counts->unread) += 1;
}

/* A text and its end; nothing is told from "" by the first byte. */
static void digest_text(crypto_generichash_state *state, const char *text)
{
    crypto_generichash_update(state, (const unsigned char *)(text ? "+" : "-"), 1);
    if (text)
        crypto_generichash_update(state, (const unsigned char *)text, strlen(text) + 1);
}

/* No name and no member is NULL: it ends a list, so that no other plan has the same bytes. */
static void digest_end(crypto_generichash_state *state)
{
    digest_text(state, NULL);
}

static void digest_change(crypto_generichash_state *state, const plan_change *change)
{
    digest_text(state, change->account);
    digest_text(state, change->service);
    digest_text(state, change->api);
    digest_text(state, plan_action_name(change->action));
    for (size_t i = 0; i < PLAN_MEMBERS; i++) {
        if (!change->fields[i].differs)
            continue;
        digest_text(state, plan_member_name(i));
        digest_text(state, change->fields[i].from);
        digest_text(state, change->fields[i].to);
    }
    digest_end(state);
}

static void name_plan(thingspace_plan *plan)
{
    crypto_generichash_state state;
    unsigned char digest[PLAN_ID_BYTES];
    crypto_generichash_init(&state, NULL, 0, sizeof(digest));
    digest_text(&state, plan->policy);
    digest_text(&state, plan->digest);
    for (size_t i = 0; i < map_count(plan->endpoints); i++)
        digest_text(&state, map_key(plan->endpoints, i));
    digest_end(&state);
    for (size_t i = 0; i < plan->change_count; i++)
        digest_change(&state, &plan->changes[i]);
    crypto_generichash_final(&state, digest, sizeof(digest));
    sodium_bin2hex(plan->id, sizeof(plan->id), digest, sizeof(digest));
}

static void sort(plan_change *items, size_t count)
{
    if (count > 0)
        qsort(items, count, sizeof(*items), compare_changes);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void plan_finish(thingspace_plan *plan)
{
    sort(plan->changes, plan->change_count);
    sort(plan->cells, plan->cell_count);
    if (plan->empty_count > 0)
        qsort((void *)plan->empty, plan->empty_count, sizeof(*plan->empty), compare_names);
    if (plan->failure_count > 0)
        qsort(plan->failures, plan->failure_count, sizeof(*plan->failures), compare_failures);
    count(plan);
    name_plan(plan);
}

/* ---- what can be asked ---- */

const char *plan_action_name(plan_action action)
{
    static const char *const names[] = {"add",     "change",    "takeover", "remove",
                                        "blocked", "unchanged", "foreign",  "undeclared"};
    return names[action];
}

const char *plan_member_name(plan_member member)
{
    static const char *const names[] = {"url", "username", "password"};
    return names[member];
}

const char *thingspace_plan_id(const thingspace_plan *plan)
{
    return plan ? plan->id : "";
}

void thingspace_plan_count(const thingspace_plan *plan, thingspace_plan_counts *out)
{
    const thingspace_plan_counts none = THINGSPACE_PLAN_COUNTS_INIT;
    sized_give(out, plan ? &plan->counts : &none, sizeof(none));
}
