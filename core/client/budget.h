/* SPDX-License-Identifier: MIT */
/* The retry budgets of a client: one for each endpoint and
 * each account that ever retried. One thread at a time. */
#ifndef BUDGET_H
#define BUDGET_H

#include "base/map.h"
#include "http/retry.h"

typedef struct budgets {
    map *endpoints, *accounts; /* NULL until the first retry */
} budgets;

void budgets_dispose(budgets *budgets);
/* A first attempt fills what it may later use; costs nothing while nobody retried. */
void budgets_deposit(budgets *budgets, const char *endpoint, const char *account);
/* False: too many retries lately, there or for this account; also when out of memory. */
bool budgets_withdraw(budgets *budgets, const char *endpoint, const char *account);

#endif
