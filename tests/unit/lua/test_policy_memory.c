/* SPDX-License-Identifier: MIT */
/* How large a process gets whose policy declares many accounts. */
#include <stdio.h>
#include "base/limits.h"
#include "base/text.h"
#include "policy_fixture.h"

#define ACCOUNTS 20000

/* The sanitizer has zones around each block, and keeps freed ones for a while. */
#ifdef __SANITIZE_ADDRESS__
#    define KIB_PER_ACCOUNT 3
#else
#    define KIB_PER_ACCOUNT 1
#endif

/* The largest resident set so far, in KiB. */
static long largest_kib(void)
{
    char line[256];
    long kib = 0;
    FILE *file = fopen("/proc/self/status", "r");
    while (file && fgets(line, sizeof(line), file))
        if (text_starts_with(line, "VmHWM:"))
            kib = strtol(line + 6, NULL, 10);
    if (file)
        fclose(file);
    return kib;
}

static thingspace_status write_accounts(buffer *text)
{
    buffer_init(text, LIMIT_POLICY_FILE);
    buffer_append_text(text, "account,credential,customer\n");
    for (int i = 0; i < ACCOUNTS; i++)
        buffer_append_format(text, "0000%06d-00001,environment,north\n", i);
    check_file("accounts.csv", buffer_text(text));
    return text->status;
}

/* The script's state, the rows, and what reading them and the calls take for a while. */
static void an_account_of_a_csv_file_takes_less_than_a_kilobyte(void)
{
    static const char script[] = "return { name = 'f', accounts = thingspace.csv('accounts.csv'),\n"
                                 "  resolve = function(account, row) return {} end }";
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_policy policy *loaded = NULL;
    cleanup_buffer buffer text;
    CHECK_OK(write_accounts(&text));
    long before = largest_kib();
    CHECK_OK(fixture_load(&loaded, script, &error));
    CHECK_INT(policy_account_count(loaded), ACCOUNTS);
    for (size_t i = 0; i < ACCOUNTS; i++) {
        cleanup_decision decision decided = {0};
        CHECK_OK(policy_resolve(loaded, &decided, policy_account(loaded, i), &error));
    }
    long grown = largest_kib() - before;
    CHECK(before > 0);
    CHECK(grown < ACCOUNTS * KIB_PER_ACCOUNT);
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(an_account_of_a_csv_file_takes_less_than_a_kilobyte),
};

CHECK_MAIN(cases)
