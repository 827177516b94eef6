/* SPDX-License-Identifier: MIT */
/* See budget.h. A budget begins full and is made by the first
 * retry, so that accounts without trouble cost nothing. */
#include <config.h>
#include <stdlib.h>
#include "client/budget.h"

void budgets_dispose(budgets *budgets)
{
    map_free(budgets->endpoints);
    map_free(budgets->accounts);
    budgets->endpoints = budgets->accounts = NULL;
}

static void deposit(map *map, const char *name)
{
    retry_budget *budget = map ? map_get(map, name) : NULL;
    if (budget)
        retry_budget_deposit(budget);
}

void budgets_deposit(budgets *budgets, const char *endpoint, const char *account)
{
    deposit(budgets->endpoints, endpoint);
    deposit(budgets->accounts, account);
}

static retry_budget *find_or_make(map **map, const char *name)
{
    if (!*map && map_new(map, free) != THINGSPACE_OK)
        return NULL;
    retry_budget *budget = map_get(*map, name);
    if (budget)
        return budget;
    budget = malloc(sizeof(*budget));
    if (!budget)
        return NULL;
    retry_budget_init(budget);
    if (map_set(*map, name, budget) != THINGSPACE_OK) {
        free(budget);
        return NULL;
    }
    return budget;
}

bool budgets_withdraw(budgets *budgets, const char *endpoint, const char *account)
{
    retry_budget *of_endpoint = find_or_make(&budgets->endpoints, endpoint);
    retry_budget *of_account = find_or_make(&budgets->accounts, account);
    if (!of_endpoint || !of_account || !retry_budget_withdraw(of_account))
        return false;
    return retry_budget_withdraw(of_endpoint);
}
