/* SPDX-License-Identifier: MIT */
/*
 * The arena of secrets. Memory comes from the kernel in slabs that are locked and
 * left out of core files; a secret is a run of 64-byte units of one slab, header
 * included, so that nothing of it is ever in ordinary memory. A secret too big to
 * share has a slab of its own. The record of a slab (which units are taken) holds
 * no secret and is ordinary memory. Owns: all slabs of the process, under one
 * mutex. Any thread; contents are constant once a secret is made.
 */
#include <config.h>
#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "base/error.h"
#include "base/limits.h"
#include "base/secret.h"
#include "base/secret_inside.h"

#define SLAB_BYTES ((size_t)64 * 1024)
#define UNIT_BYTES ((size_t)64)
#define SLAB_UNITS (SLAB_BYTES / UNIT_BYTES)
/* Beyond this a secret would leave its slab too ragged for others. */
#define SHARED_UNITS (SLAB_UNITS / 4)

_Static_assert(SECRET_DIGEST_SIZE == crypto_generichash_BYTES, "the digest has its own size");
_Static_assert(SECRET_DIGEST_SIZE == crypto_generichash_KEYBYTES, "the key has the digest's size");

typedef struct slab {
    struct slab *next;
    unsigned char *memory;
    size_t bytes;
    size_t free_units; /* 0 in a slab with one big secret */
    size_t secrets;
    unsigned char taken[SLAB_UNITS];
} slab;

static pthread_once_t arena_once = PTHREAD_ONCE_INIT;
static pthread_mutex_t arena_mutex = PTHREAD_MUTEX_INITIALIZER;
static slab *slabs;
static bool lock_has_failed;

/* Without it libsodium takes its slowest code. Its failure (no random source) does not concern
 * hashing and wiping. Cheap when done already. */
static void start_sodium(void)
{
    if (sodium_init() < 0)
        return;
}

static void lock_arena(void)
{
    pthread_mutex_lock(&arena_mutex);
}

static void unlock_arena(void)
{
    pthread_mutex_unlock(&arena_mutex);
}

/* A child has the secrets, and none of the locks on their memory. */
static void unlock_child(void)
{
    for (slab *at = slabs; at; at = at->next)
        if (mlock(at->memory, at->bytes) != 0)
            lock_has_failed = true;
    unlock_arena();
}

static void watch_forks(void)
{
    (void)pthread_atfork(lock_arena, unlock_arena, unlock_child);
}

static void *map_locked(size_t bytes)
{
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        return NULL;
    if (mlock(memory, bytes) != 0)
        lock_has_failed = true;
    /* An old kernel without it is no reason to refuse secrets. */
    (void)madvise(memory, bytes, MADV_DONTDUMP);
    return memory;
}

/* Every slab begins here, so that a failing malloc stands for a failing mmap in tests. */
static slab *add_slab(size_t bytes, size_t free_units)
{
    slab *added = calloc(1, sizeof(*added));
    if (!added)
        return NULL;
    added->memory = map_locked(bytes);
    if (!added->memory) {
        free(added);
        return NULL;
    }
    added->bytes = bytes;
    added->free_units = free_units;
    added->next = slabs;
    slabs = added;
    return added;
}

static void remove_slab(slab *removed)
{
    slab **link = &slabs;
    while (*link != removed)
        link = &(*link)->next;
    *link = removed->next;
    munmap(removed->memory, removed->bytes);
    free(removed);
}

/* The first run of `units` free units; SLAB_UNITS when there is none. */
static size_t find_run(const slab *searched, size_t units)
{
    size_t start = 0;
    while (start + units <= SLAB_UNITS) {
        const unsigned char *taken = memchr(searched->taken + start, 1, units);
        if (!taken)
            return start;
        start = (size_t)(taken - searched->taken) + 1;
    }
    return SLAB_UNITS;
}

static thingspace_secret *place(slab *home, size_t first, size_t units)
{
    thingspace_secret *secret = (thingspace_secret *)(void *)(home->memory + first * UNIT_BYTES);
    secret->slab = home;
    secret->units = units;
    home->secrets++;
    return secret;
}

static thingspace_secret *place_alone(size_t units)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t bytes = (units * UNIT_BYTES + page - 1) / page * page;
    slab *home = add_slab(bytes, 0);
    return home ? place(home, 0, units) : NULL;
}

static thingspace_secret *place_shared(size_t units)
{
    slab *home = slabs;
    size_t first = SLAB_UNITS;
    for (; home; home = home->next) {
        if (home->free_units < units)
            continue;
        first = find_run(home, units);
        if (first < SLAB_UNITS)
            break;
    }
    if (!home) {
        home = add_slab(SLAB_BYTES, SLAB_UNITS);
        if (!home)
            return NULL;
        first = 0;
    }
    memset(home->taken + first, 1, units);
    home->free_units -= units;
    return place(home, first, units);
}

/* `size` is at most LIMIT_SECRET_BYTES, so that nothing here overflows. */
static thingspace_secret *arena_take(size_t size)
{
    size_t bytes = sizeof(thingspace_secret) + size + 1;
    size_t units = (bytes + UNIT_BYTES - 1) / UNIT_BYTES;
    pthread_once(&arena_once, watch_forks);
    pthread_mutex_lock(&arena_mutex);
    thingspace_secret *secret = units > SHARED_UNITS ? place_alone(units) : place_shared(units);
    pthread_mutex_unlock(&arena_mutex);
    return secret;
}

static void arena_give_back(thingspace_secret *secret)
{
    slab *home = secret->slab;
    size_t units = secret->units;
    size_t first = (size_t)((unsigned char *)secret - home->memory) / UNIT_BYTES;
    sodium_memzero(secret, units * UNIT_BYTES);
    pthread_mutex_lock(&arena_mutex);
    if (units <= SHARED_UNITS) {
        memset(home->taken + first, 0, units);
        home->free_units += units;
    }
    if (--home->secrets == 0)
        remove_slab(home);
    pthread_mutex_unlock(&arena_mutex);
}

thingspace_status thingspace_secret_new(thingspace_secret **out, const void *bytes, size_t size,
                                        thingspace_error *error)
{
    *out = NULL;
    if (size > LIMIT_SECRET_BYTES)
        return error_set(error, THINGSPACE_USAGE,
                         "a secret of %zu bytes is too long; at most %d are possible", size,
                         LIMIT_SECRET_BYTES);
    start_sodium();
    thingspace_secret *secret = arena_take(size);
    if (!secret)
        return error_memory(error);
    secret->size = size;
    atomic_init(&secret->references, 1);
    if (size)
        memcpy(secret->bytes, bytes, size);
    secret->bytes[size] = '\0';
    *out = secret;
    return THINGSPACE_OK;
}

thingspace_secret *thingspace_secret_ref(thingspace_secret *secret)
{
    if (secret)
        atomic_fetch_add_explicit(&secret->references, 1, memory_order_relaxed);
    return secret;
}

void thingspace_secret_free(thingspace_secret *secret)
{
    if (!secret)
        return;
    /* The last owner must see what all others did with the secret before it wipes. */
    if (atomic_fetch_sub_explicit(&secret->references, 1, memory_order_acq_rel) == 1)
        arena_give_back(secret);
}

bool secret_equal(const thingspace_secret *a, const thingspace_secret *b)
{
    if (!a || !b)
        return a == b;
    return a->size == b->size && sodium_memcmp(a->bytes, b->bytes, a->size) == 0;
}

bool secret_equal_text(const thingspace_secret *secret, const char *text)
{
    size_t size = secret ? secret->size : 0;
    if (strlen(text ? text : "") != size)
        return false;
    return size == 0 || sodium_memcmp(secret->bytes, text, size) == 0;
}

static thingspace_status copy_buffer(thingspace_secret **out, const buffer *bytes,
                                     thingspace_error *error)
{
    if (bytes->status == THINGSPACE_MEMORY)
        return error_memory(error);
    if (bytes->status != THINGSPACE_OK)
        return error_set(error, THINGSPACE_USAGE,
                         "a secret is too long; at most %d bytes are possible", LIMIT_SECRET_BYTES);
    return thingspace_secret_new(out, bytes->data, bytes->size, error);
}

thingspace_status secret_from_buffer(thingspace_secret **out, buffer *bytes,
                                     thingspace_error *error)
{
    *out = NULL;
    thingspace_status status = copy_buffer(out, bytes, error);
    if (bytes->data)
        sodium_memzero(bytes->data, bytes->capacity);
    buffer_dispose(bytes);
    return status;
}

void secret_digest(uint8_t out[SECRET_DIGEST_SIZE], const thingspace_secret *secret,
                   const uint8_t key[SECRET_DIGEST_SIZE])
{
    start_sodium();
    crypto_generichash(out, SECRET_DIGEST_SIZE, (const unsigned char *)secret->bytes, secret->size,
                       key, SECRET_DIGEST_SIZE);
}

void secret_sign(uint8_t out[SECRET_DIGEST_SIZE], const thingspace_secret *secret,
                 const void *message, size_t size)
{
    crypto_auth_hmacsha256_state state;
    start_sodium();
    crypto_auth_hmacsha256_init(&state, (const unsigned char *)secret->bytes, secret->size);
    crypto_auth_hmacsha256_update(&state, message, size);
    crypto_auth_hmacsha256_final(&state, out);
    sodium_memzero(&state, sizeof(state));
}

void secret_encode(char *out, size_t capacity, const uint8_t *bytes, size_t size)
{
    sodium_bin2base64(out, capacity, bytes, size, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

bool secret_arena_is_locked(void)
{
    pthread_mutex_lock(&arena_mutex);
    bool locked = !lock_has_failed;
    pthread_mutex_unlock(&arena_mutex);
    return locked;
}

void secret_cleanup(thingspace_secret **secret)
{
    thingspace_secret_free(*secret);
    *secret = NULL;
}
