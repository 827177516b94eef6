/* SPDX-License-Identifier: MIT */
/*
 * See window.h. A window knows only the accounts that are inside or wait, in a table of its own;
 * those that could send now if there was room stand in a ring, and each that gets a place goes to
 * its end. One idle account is kept: most programs use one at a time, and it costs them nothing.
 */
#include <config.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "client/breaker.h"
#include "client/window.h"

#define SLOTS_FIRST 64

struct window_account {
    char name[LIMIT_ACCOUNT + 1];
    uint64_t hash;
    window_account *next_in_slot;
    unsigned inside;
    window_place *first, *last; /* that wait */
    bool ready;                 /* in the ring */
    window_account *next, *previous;
};

struct window {
    char *name, *api; /* of the endpoint */
    unsigned limit, account_limit;
    unsigned inside;
    window_account *ready; /* whose turn is next, a ring */
    window_account *spare; /* idle, but in the table */
    window_account **slots;
    size_t slot_count, account_count;
    unsigned char hash_key[crypto_shorthash_KEYBYTES];
    breaker breaker;
    int64_t shared_failure_ms; /* see windows_note_shared */
    char reason[256];          /* of the last failure */
};

_Static_assert(crypto_shorthash_BYTES == sizeof(uint64_t), "a hash fills a uint64_t");

/* ---- the table of accounts ---- */

static uint64_t hash(const window *self, const char *name)
{
    uint64_t value;
    crypto_shorthash((unsigned char *)&value, (const unsigned char *)name, strlen(name),
                     self->hash_key);
    return value;
}

static window_account **slot_of(const window *self, uint64_t hash)
{
    return &self->slots[hash & (self->slot_count - 1)];
}

static void link_account(window *self, window_account *account)
{
    window_account **slot = slot_of(self, account->hash);
    account->next_in_slot = *slot;
    *slot = account;
    self->account_count++;
}

static void unlink_account(window *self, window_account *account)
{
    window_account **at = slot_of(self, account->hash);
    while (*at != account)
        at = &(*at)->next_in_slot;
    *at = account->next_in_slot;
    self->account_count--;
}

/* Without memory the chains get longer. */
static void grow_table(window *self)
{
    size_t old_count = self->slot_count;
    window_account **old = self->slots;
    window_account **made =
        old_count < LIMIT_MAP_ENTRIES ? calloc(old_count * 2, sizeof(window_account *)) : NULL;
    if (!made)
        return;
    self->slots = made;
    self->slot_count = old_count * 2;
    self->account_count = 0;
    for (size_t i = 0; i < old_count; i++) {
        for (window_account *each = old[i], *next; each; each = next) {
            next = each->next_in_slot;
            link_account(self, each);
        }
    }
    free(old);
}

static window_account *find_account(const window *self, const char *name, uint64_t hash)
{
    window_account *each = *slot_of(self, hash);
    while (each && (each->hash != hash || strcmp(each->name, name) != 0))
        each = each->next_in_slot;
    return each;
}

/* NULL: out of memory. */
static window_account *make_account(window *self, const char *name, uint64_t hash)
{
    window_account *made = self->spare;
    self->spare = NULL;
    if (made)
        unlink_account(self, made);
    else
        made = malloc(sizeof(*made));
    if (!made)
        return NULL;
    *made = (window_account){.hash = hash};
    memcpy(made->name, name, strlen(name) + 1);
    if (self->account_count >= self->slot_count)
        grow_table(self);
    link_account(self, made);
    return made;
}

static window_account *take_account(window *self, const char *name)
{
    window_account *spare = self->spare;
    if (spare && strcmp(spare->name, name) == 0) {
        self->spare = NULL;
        return spare;
    }
    uint64_t value = hash(self, name);
    window_account *found = find_account(self, name, value);
    return found ? found : make_account(self, name, value);
}

static void forget_if_idle(window *self, window_account *account)
{
    if (account->inside > 0 || account->first)
        return;
    if (!self->spare) {
        self->spare = account;
        return;
    }
    unlink_account(self, account);
    free(account);
}

/* ---- the ring of those that could send ---- */

static void leave_ring(window *self, window_account *account)
{
    if (!account->ready)
        return;
    account->ready = false;
    account->next->previous = account->previous;
    account->previous->next = account->next;
    if (self->ready == account)
        self->ready = account->next == account ? NULL : account->next;
}

/* At its end, when the account has calls that wait and may have one more inside. */
static void join_ring(window *self, window_account *account)
{
    if (account->ready || !account->first || account->inside >= self->account_limit)
        return;
    window_account *first = self->ready;
    account->ready = true;
    account->next = first ? first : account;
    account->previous = first ? first->previous : account;
    account->next->previous = account;
    account->previous->next = account;
    if (!first)
        self->ready = account;
}

/* ---- places ---- */

static void insert_waiting(window_account *account, window_place *place, bool urgent)
{
    place->previous = urgent ? NULL : account->last;
    place->next = urgent ? account->first : NULL;
    *(place->previous ? &place->previous->next : &account->first) = place;
    *(place->next ? &place->next->previous : &account->last) = place;
}

static void wait(window_place *place, bool urgent)
{
    window_account *account = place->account;
    insert_waiting(account, place, urgent);
    join_ring(place->window, account);
    if (urgent && account->ready)
        place->window->ready = account; /* its turn is next */
}

static void remove_waiting(window_account *account, window_place *place)
{
    if (place->previous)
        place->previous->next = place->next;
    else
        account->first = place->next;
    if (place->next)
        place->next->previous = place->previous;
    else
        account->last = place->previous;
}

static void go_inside(window_place *place)
{
    window *window = place->window;
    place->inside = true;
    place->trial = breaker_pass(&window->breaker);
    window->inside++;
    place->account->inside++;
}

static bool has_room(const window *self, int64_t now_ms)
{
    return self->inside < self->limit && breaker_lets_pass(&self->breaker, now_ms);
}

static void admit(window *self, int64_t now_ms)
{
    while (self->ready && has_room(self, now_ms)) {
        window_account *account = self->ready;
        window_place *place = account->first;
        leave_ring(self, account);
        remove_waiting(account, place);
        go_inside(place);
        join_ring(self, account);
        place->end(place, NULL);
    }
}

static thingspace_status refuse(const window *self, int64_t now_ms, thingspace_error *error)
{
    error_set(
        error, THINGSPACE_NETWORK,
        "endpoint %s was not reached %d times in a row, so nothing is sent to it for now; try "
        "later (%s)",
        self->name, BREAKER_FAILURES, self->reason);
    if (error) {
        error->retriable = 1;
        error->retry_after_ms = self->breaker.open_to_ms - now_ms;
    }
    return THINGSPACE_NETWORK;
}

static void refuse_account(window *self, window_account *account, const thingspace_error *error)
{
    leave_ring(self, account);
    while (account->first) {
        window_place *place = account->first;
        remove_waiting(account, place);
        place->window = NULL;
        place->end(place, error);
    }
    if (account != self->spare)
        forget_if_idle(self, account);
}

static void refuse_all(window *self, int64_t now_ms)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    refuse(self, now_ms, &error);
    for (size_t i = 0; i < self->slot_count; i++) {
        for (window_account *each = self->slots[i], *next; each; each = next) {
            next = each->next_in_slot;
            refuse_account(self, each, &error);
        }
    }
}

/* ---- windows ---- */

static void free_window(void *value)
{
    window *self = value;
    for (size_t i = 0; self->slots && i < self->slot_count; i++) {
        for (window_account *each = self->slots[i], *next; each; each = next) {
            next = each->next_in_slot;
            free(each);
        }
    }
    free(self->slots);
    free(self->name);
    free(self->api);
    free(self);
}

void windows_dispose(windows *windows)
{
    map_free(windows->endpoints);
    windows->endpoints = NULL;
    windows->last = NULL;
}

static window *make_window(windows *windows, const endpoint *endpoint)
{
    if (!windows->endpoints && map_new(&windows->endpoints, free_window) != THINGSPACE_OK)
        return NULL;
    window *made = calloc(1, sizeof(*made));
    if (!made)
        return NULL;
    crypto_shorthash_keygen(made->hash_key);
    made->name = text_copy(endpoint->name);
    made->api = text_copy(endpoint->api);
    made->slots = calloc(SLOTS_FIRST, sizeof(window_account *));
    made->slot_count = SLOTS_FIRST;
    if (!made->name || !made->api || !made->slots ||
        map_set(windows->endpoints, endpoint->name, made) != THINGSPACE_OK) {
        free_window(made);
        return NULL;
    }
    return made;
}

/* A reload may have moved the endpoint: what is known of the old place says nothing of the new one.
 */
static thingspace_status follow(window *self, const endpoint *endpoint)
{
    unsigned limit = endpoint->window ? endpoint->window : LIMIT_WINDOW_DEFAULT;
    self->limit = limit;
    self->account_limit = limit < LIMIT_WINDOW_ACCOUNT ? limit : LIMIT_WINDOW_ACCOUNT;
    if (strcmp(self->api, endpoint->api) == 0)
        return THINGSPACE_OK;
    char *api = text_copy(endpoint->api);
    if (!api)
        return THINGSPACE_MEMORY;
    free(self->api);
    self->api = api;
    breaker_reached(&self->breaker);
    return THINGSPACE_OK;
}

static window *find_window(windows *windows, const endpoint *endpoint)
{
    window *found = windows->last;
    if (!found || strcmp(found->name, endpoint->name) != 0)
        found = windows->endpoints ? map_get(windows->endpoints, endpoint->name) : NULL;
    if (!found)
        found = make_window(windows, endpoint);
    if (!found || follow(found, endpoint) != THINGSPACE_OK)
        return NULL;
    windows->last = found;
    return found;
}

thingspace_status windows_enter(windows *windows, window_place *place, const endpoint *endpoint,
                                const char *account, bool urgent, int64_t now_ms,
                                thingspace_error *error)
{
    window *window = find_window(windows, endpoint);
    if (!window)
        return error_memory(error);
    if (breaker_refuses(&window->breaker, now_ms))
        return refuse(window, now_ms, error);
    if (strlen(account) > LIMIT_ACCOUNT)
        return error_set(error, THINGSPACE_INTERNAL, "an account's name of more than %d characters",
                         LIMIT_ACCOUNT);
    window_account *of = take_account(window, account);
    if (!of)
        return error_memory(error);
    place->window = window;
    place->account = of;
    place->inside = place->trial = false;
    if (!window->ready && of->inside < window->account_limit && has_room(window, now_ms)) {
        go_inside(place);
    } else {
        wait(place, urgent);
    }
    return THINGSPACE_OK;
}

void windows_leave(window_place *place, int64_t now_ms)
{
    window *window = place->window;
    window_account *account = place->account;
    if (!window)
        return;
    place->window = NULL;
    if (place->inside) {
        window->inside--;
        account->inside--;
        if (place->trial)
            breaker_abandon(&window->breaker);
        join_ring(window, account);
    } else {
        remove_waiting(account, place);
        if (!account->first)
            leave_ring(window, account);
    }
    forget_if_idle(window, account);
    admit(window, now_ms);
}

/* ---- the breaker ---- */

void windows_note_reached(window_place *place)
{
    window *window = place->window;
    bool was_open = window->breaker.openings > 0;
    breaker_reached(&window->breaker);
    place->trial = false;
    if (was_open)
        admit(window, 0); /* whatever the time: it is closed */
}

void windows_note_failed(window_place *place, const thingspace_error *why, int64_t now_ms)
{
    window *window = place->window;
    text_escape(window->reason, sizeof(window->reason), why->message, strlen(why->message));
    bool opened = breaker_failed(&window->breaker, place->trial, now_ms);
    place->trial = false;
    if (opened)
        refuse_all(window, now_ms);
}

void windows_note_shared(window_place *place, const thingspace_error *why, int64_t now_ms)
{
    window *window = place->window;
    if (!place->trial && now_ms == window->shared_failure_ms)
        return;
    window->shared_failure_ms = now_ms;
    windows_note_failed(place, why, now_ms);
}

bool windows_refuse(const window_place *place, int64_t when_ms)
{
    return breaker_refuses(&place->window->breaker, when_ms);
}
