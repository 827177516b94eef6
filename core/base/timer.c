/* SPDX-License-Identifier: MIT */
/*
 * A pairing heap. A node's `child` is its first child, `next` its next sibling,
 * `previous` the sibling before it or, for a first child, the parent. Starting is
 * constant time, stopping logarithmic on average; nothing recurses and nothing is
 * allocated. Timers belong to their objects. One thread at a time.
 */
#include <config.h>
#include <stddef.h>
#include "base/timer.h"

void timer_init(timer *self, timer_function *fire, void *user)
{
    *self = (timer){.fire = fire, .user = user};
}

static bool is_before(const timer *a, const timer *b)
{
    return a->due_ms != b->due_ms ? a->due_ms < b->due_ms : a->turn < b->turn;
}

/* Joins two heaps without siblings; either may be NULL. */
static timer *merge(timer *a, timer *b)
{
    if (!a || !b)
        return a ? a : b;
    timer *first = is_before(b, a) ? b : a;
    timer *second = first == a ? b : a;
    second->previous = first;
    second->next = first->child;
    if (second->next)
        second->next->previous = second;
    first->child = second;
    return first;
}

static timer *take_first(timer **list)
{
    timer *first = *list;
    if (first) {
        *list = first->next;
        first->next = first->previous = NULL;
    }
    return first;
}

/* Joins the siblings of a list: in pairs from the left, then the pairs from the right. */
static timer *merge_list(timer *list)
{
    timer *pairs = NULL, *root = NULL;
    while (list) {
        timer *first = take_first(&list);
        timer *pair = merge(first, take_first(&list));
        pair->next = pairs;
        pairs = pair;
    }
    while (pairs)
        root = merge(root, take_first(&pairs));
    return root;
}

/* Puts `rest` (may be NULL) in the place of a node that has something before it. */
static void put_in_place(timer *node, timer *rest)
{
    timer *after = rest ? rest : node->next;
    if (node->previous->child == node)
        node->previous->child = after;
    else
        node->previous->next = after;
    if (after)
        after->previous = node->previous;
    if (rest)
        rest->next = node->next;
    if (rest && rest->next)
        rest->next->previous = rest;
}

/* What takes the node's place is due no earlier than it, so the order of the heap holds. */
void timers_stop(timers *self, timer *node)
{
    if (!node->running)
        return;
    timer *rest = merge_list(node->child);
    if (node == self->root)
        self->root = rest;
    else
        put_in_place(node, rest);
    node->child = node->next = node->previous = NULL;
    node->running = false;
}

void timers_start(timers *self, timer *node, int64_t due_ms)
{
    timers_stop(self, node);
    node->due_ms = due_ms;
    node->turn = self->turns++;
    node->running = true;
    self->root = merge(self->root, node);
}

int64_t timers_next_due(const timers *self)
{
    return self->root ? self->root->due_ms : -1;
}

/* Moves the timers that are due, in order, from the heap to a list that hangs below `due`. */
static void collect_due(timers *self, timer *due, int64_t now_ms)
{
    timer *last = due;
    while (self->root && self->root->due_ms <= now_ms) {
        timer *node = self->root;
        timers_stop(self, node);
        node->running = true;
        node->previous = last;
        *(last == due ? &due->child : &last->next) = node;
        last = node;
    }
}

/* The list's links are those of a heap, so timers_stop works on what has not fired yet. */
void timers_fire(timers *self, int64_t now_ms)
{
    timer due = {0};
    collect_due(self, &due, now_ms);
    while (due.child) {
        timer *node = due.child;
        timers_stop(self, node);
        node->fire(node, node->user);
    }
}
