/* SPDX-License-Identifier: MIT */
/* A shared object without an entry, linked to one that has one: dependency.c. */
extern int dependency_is_used;
extern __attribute__((visibility("default"))) int *entry_uses(void);
int *entry_uses(void)
{
    return &dependency_is_used;
}
