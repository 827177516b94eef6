/* SPDX-License-Identifier: MIT */
/* See forks.h. A number that the handler in the child counts up; asking for the process's id would
 * cost a system call each time. Any thread. */
#include <config.h>
#include <pthread.h>
#include <stdatomic.h>
#include "base/forks.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static atomic_uint forks;

static void count(void)
{
    atomic_fetch_add_explicit(&forks, 1, memory_order_relaxed);
}

static void watch(void)
{
    (void)pthread_atfork(NULL, NULL, count); /* without memory forks are not noticed */
}

unsigned forks_begin(void)
{
    pthread_once(&once, watch);
    return forks_now();
}

unsigned forks_now(void)
{
    return atomic_load_explicit(&forks, memory_order_relaxed);
}
