/* SPDX-License-Identifier: MIT */
/*
 * Secrets and their arena: what is kept, what is wiped, what many threads may do.
 * Looks at raw slab memory, which stays mapped while another secret lives in it.
 */
#include <config.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/limits.h"
#include "base/secret.h"
#include "check.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#    define MLOCK_WORKS false /* sanitizers make it a no-op */
#else
#    define MLOCK_WORKS true
#endif

static void free_block(char **block)
{
    free(*block);
}

#define cleanup_block __attribute__((cleanup(free_block)))

static thingspace_status make(thingspace_secret **out, const char *text)
{
    return thingspace_secret_new(out, text, strlen(text), NULL);
}

static bool is_mapped(const void *address)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    unsigned char present;
    return mincore((void *)((size_t)address / page * page), page, &present) == 0;
}

static void a_secret_keeps_its_bytes_and_a_nul(void)
{
    cleanup_secret thingspace_secret *secret = NULL;
    CHECK_OK(thingspace_secret_new(&secret, "a\0b", 3, NULL));
    CHECK_INT(secret_size(secret), 3);
    CHECK(memcmp(secret_bytes(secret), "a\0b\0", 4) == 0);
}

static void an_empty_secret_is_possible(void)
{
    cleanup_secret thingspace_secret *secret = NULL;
    CHECK_OK(thingspace_secret_new(&secret, NULL, 0, NULL));
    CHECK_INT(secret_size(secret), 0);
    CHECK_TEXT(secret_bytes(secret), "");
}

static void the_longest_secret_fits_and_one_byte_more_is_refused(void)
{
    cleanup_secret thingspace_secret *longest = NULL, *longer = NULL;
    cleanup_block char *bytes = malloc(LIMIT_SECRET_BYTES + 1);
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_MADE(bytes);
    memset(bytes, 'x', LIMIT_SECRET_BYTES + 1);
    CHECK_OK(thingspace_secret_new(&longest, bytes, LIMIT_SECRET_BYTES, NULL));
    CHECK(memcmp(secret_bytes(longest), bytes, LIMIT_SECRET_BYTES) == 0);
    CHECK_INT(secret_bytes(longest)[LIMIT_SECRET_BYTES], 0);
    CHECK_STATUS(thingspace_secret_new(&longer, bytes, LIMIT_SECRET_BYTES + 1, &error),
                 THINGSPACE_USAGE);
    CHECK(longer == NULL);
    CHECK(strstr(error.message, "65536") != NULL);
}

static void every_size_keeps_its_neighbours(void)
{
    thingspace_secret *made[200] = {NULL};
    char bytes[200];
    thingspace_status status = THINGSPACE_OK;
    for (size_t i = 0; i < 200 && status == THINGSPACE_OK; i++) {
        memset(bytes, (int)i, sizeof(bytes));
        status = thingspace_secret_new(&made[i], bytes, i, NULL);
    }
    bool kept = true;
    for (size_t i = 0; i < 200 && status == THINGSPACE_OK; i++)
        for (size_t k = 0; k < i; k++)
            kept = kept && secret_bytes(made[i])[k] == (char)i;
    for (size_t i = 0; i < 200; i++)
        thingspace_secret_free(made[i]);
    CHECK_OK(status);
    CHECK(kept);
}

static void the_bytes_are_gone_after_free(void)
{
    cleanup_secret thingspace_secret *neighbour = NULL, *secret = NULL;
    CHECK_OK(make(&neighbour, "keeps the slab"));
    CHECK_OK(make(&secret, "hunter2 hunter2 hunter2"));
    const volatile char *bytes = secret_bytes(secret);
    CHECK_INT(bytes[0], 'h');
    secret_cleanup(&secret);
    CHECK(is_mapped((const void *)bytes));
    for (size_t i = 0; i < 23; i++)
        CHECK_INT(bytes[i], 0);
}

static void the_slab_goes_with_its_last_secret(void)
{
    cleanup_secret thingspace_secret *first = NULL, *second = NULL;
    CHECK_OK(make(&first, "first"));
    CHECK_OK(make(&second, "second"));
    const char *bytes = secret_bytes(first);
    secret_cleanup(&first);
    CHECK(is_mapped(bytes));
    secret_cleanup(&second);
    CHECK(!is_mapped(bytes));
}

static void freed_room_is_used_again(void)
{
    cleanup_secret thingspace_secret *keeper = NULL, *first = NULL, *second = NULL;
    CHECK_OK(make(&keeper, "keeps the slab"));
    CHECK_OK(make(&first, "first"));
    const char *place = secret_bytes(first);
    secret_cleanup(&first);
    CHECK_OK(make(&second, "second"));
    CHECK(secret_bytes(second) == place);
}

static void a_secret_lives_until_its_last_owner_frees_it(void)
{
    cleanup_secret thingspace_secret *secret = NULL;
    CHECK_OK(make(&secret, "shared"));
    thingspace_secret *again = thingspace_secret_ref(secret);
    CHECK(again == secret);
    thingspace_secret_free(again);
    CHECK_TEXT(secret_bytes(secret), "shared");
}

static void null_is_no_secret(void)
{
    thingspace_secret_free(NULL);
    CHECK(thingspace_secret_ref(NULL) == NULL);
}

static void secrets_are_equal_by_content(void)
{
    cleanup_secret thingspace_secret *a = NULL, *same = NULL, *other = NULL, *longer = NULL;
    CHECK_OK(make(&a, "secret"));
    CHECK_OK(make(&same, "secret"));
    CHECK_OK(make(&other, "sacred"));
    CHECK_OK(make(&longer, "secrets"));
    CHECK(secret_equal(a, same));
    CHECK(!secret_equal(a, other));
    CHECK(!secret_equal(a, longer));
    CHECK(!secret_equal(a, NULL));
    CHECK(!secret_equal(NULL, a));
    CHECK(secret_equal(NULL, NULL));
    CHECK(secret_equal_text(NULL, NULL));
    CHECK(secret_equal_text(NULL, ""));
    CHECK(!secret_equal_text(NULL, "a"));
    CHECK(!secret_equal_text(a, NULL));
    CHECK(secret_equal_text(a, secret_bytes(same)));
    CHECK(!secret_equal_text(a, secret_bytes(other)));
    CHECK(!secret_equal_text(a, secret_bytes(longer)));
}

static void a_buffer_becomes_a_secret_and_is_emptied(void)
{
    cleanup_secret thingspace_secret *secret = NULL;
    cleanup_buffer buffer bytes;
    buffer_init_secret(&bytes, 100);
    CHECK_OK(buffer_append_text(&bytes, "token"));
    CHECK_OK(secret_from_buffer(&secret, &bytes, NULL));
    CHECK_TEXT(secret_bytes(secret), "token");
    CHECK_INT(bytes.size, 0);
    CHECK(bytes.data == NULL);
}

static void a_buffer_that_overflowed_is_no_secret(void)
{
    cleanup_secret thingspace_secret *secret = NULL;
    cleanup_buffer buffer bytes;
    buffer_init_secret(&bytes, 3);
    buffer_append_text(&bytes, "token");
    CHECK_STATUS(secret_from_buffer(&secret, &bytes, NULL), THINGSPACE_USAGE);
    CHECK(secret == NULL);
}

static void the_digest_depends_on_secret_and_key(void)
{
    cleanup_secret thingspace_secret *a = NULL, *same = NULL, *b = NULL;
    const uint8_t key[SECRET_DIGEST_SIZE] = {1}, other_key[SECRET_DIGEST_SIZE] = {2};
    uint8_t first[SECRET_DIGEST_SIZE], second[SECRET_DIGEST_SIZE];
    CHECK_OK(make(&a, "password"));
    CHECK_OK(make(&same, "password"));
    CHECK_OK(make(&b, "Password"));
    secret_digest(first, a, key);
    secret_digest(second, same, key);
    CHECK(memcmp(first, second, sizeof(first)) == 0);
    secret_digest(second, b, key);
    CHECK(memcmp(first, second, sizeof(first)) != 0);
    secret_digest(second, a, other_key);
    CHECK(memcmp(first, second, sizeof(first)) != 0);
}

/* The VmFlags line of the mapping that holds `address`. */
static bool read_flags(const void *address, char *out, size_t capacity)
{
    FILE *maps = fopen("/proc/self/smaps", "r");
    bool inside = false, found = false;
    unsigned long low, high;
    while (maps && !found && fgets(out, (int)capacity, maps)) {
        if (sscanf(out, "%lx-%lx ", &low, &high) == 2)
            inside = (unsigned long)address >= low && (unsigned long)address < high;
        found = inside && strncmp(out, "VmFlags:", 8) == 0;
    }
    if (maps)
        fclose(maps);
    return found;
}

static void the_arena_is_locked_and_left_out_of_core_files(void)
{
    char flags[4096];
    cleanup_secret thingspace_secret *secret = NULL;
    CHECK_OK(make(&secret, "mapped"));
    CHECK(read_flags(secret_bytes(secret), flags, sizeof(flags)));
    CHECK(strstr(flags, " dd") != NULL);
    if (MLOCK_WORKS)
        CHECK_INT(strstr(flags, " lo") != NULL, secret_arena_is_locked());
}

static int make_without_right_to_lock(void)
{
    const struct rlimit none = {0, 0};
    thingspace_secret *secret = NULL;
    if (setrlimit(RLIMIT_MEMLOCK, &none) != 0 || (geteuid() == 0 && setuid(65534) != 0))
        return 2;
    if (make(&secret, "not locked") != THINGSPACE_OK)
        return 3;
    return secret_arena_is_locked() ? 4 : 0;
}

static void a_failed_lock_is_told_and_does_no_harm(void)
{
    if (!MLOCK_WORKS)
        return;
    int status = -1;
    pid_t child = fork();
    if (child == 0)
        _exit(make_without_right_to_lock());
    CHECK(waitpid(child, &status, 0) == child);
    CHECK_INT(status, 0);
}

/* Makes, shares, checks and frees; NULL when all was as it should be. */
static void *use_secrets(void *shared)
{
    char text[400];
    for (int round = 0; round < 400; round++) {
        thingspace_secret *mine = NULL;
        thingspace_secret *borrowed = thingspace_secret_ref(shared);
        memset(text, 'a' + round % 26, sizeof(text));
        if (thingspace_secret_new(&mine, text, (size_t)round, NULL) != THINGSPACE_OK ||
            memcmp(secret_bytes(mine), text, (size_t)round) != 0)
            return shared;
        thingspace_secret_free(mine);
        thingspace_secret_free(borrowed);
    }
    return NULL;
}

static void eight_threads_share_the_arena(void)
{
    cleanup_secret thingspace_secret *shared = NULL;
    pthread_t threads[8];
    CHECK_OK(make(&shared, "shared by all"));
    for (size_t i = 0; i < 8; i++)
        CHECK_INT(pthread_create(&threads[i], NULL, use_secrets, shared), 0);
    void *failed = NULL;
    for (size_t i = 0; i < 8; i++) {
        void *answer = NULL;
        pthread_join(threads[i], &answer);
        failed = answer ? answer : failed;
    }
    CHECK(failed == NULL);
    CHECK_TEXT(secret_bytes(shared), "shared by all");
}

static const check_case cases[] = {
    CHECK_CASE(a_secret_keeps_its_bytes_and_a_nul),
    CHECK_CASE(an_empty_secret_is_possible),
    CHECK_CASE(the_longest_secret_fits_and_one_byte_more_is_refused),
    CHECK_CASE(every_size_keeps_its_neighbours),
    CHECK_CASE(the_bytes_are_gone_after_free),
    CHECK_CASE(the_slab_goes_with_its_last_secret),
    CHECK_CASE(freed_room_is_used_again),
    CHECK_CASE(a_secret_lives_until_its_last_owner_frees_it),
    CHECK_CASE(null_is_no_secret),
    CHECK_CASE(secrets_are_equal_by_content),
    CHECK_CASE(a_buffer_becomes_a_secret_and_is_emptied),
    CHECK_CASE(a_buffer_that_overflowed_is_no_secret),
    CHECK_CASE(the_digest_depends_on_secret_and_key),
    CHECK_CASE(the_arena_is_locked_and_left_out_of_core_files),
    CHECK_CASE_ONCE(a_failed_lock_is_told_and_does_no_harm),
    CHECK_CASE_ONCE(eight_threads_share_the_arena),
};

CHECK_MAIN(cases)
