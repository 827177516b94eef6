/* SPDX-License-Identifier: MIT */
/* Filling errors: members, escaping, cutting, and structs of another size. */
#include <config.h>
#include <errno.h>
#include "base/error.h"
#include "check.h"

static void setting_starts_afresh_and_returns_the_kind(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    error_set_code(&error, "OLD");
    error_set_http(&error, 500);
    CHECK_STATUS(error_set(&error, THINGSPACE_USAGE, "port %d is not allowed", 81),
                 THINGSPACE_USAGE);
    CHECK_STATUS(error.kind, THINGSPACE_USAGE);
    CHECK_TEXT(error.message, "port 81 is not allowed");
    CHECK_TEXT(error.code, "");
    CHECK_INT(error.http_status, 0);
    CHECK_INT(error.size, sizeof(error));
}

static void null_errors_are_accepted(void)
{
    CHECK_STATUS(error_set(NULL, THINGSPACE_DENIED, "no"), THINGSPACE_DENIED);
    CHECK_STATUS(error_errno(NULL, THINGSPACE_LOCAL, ENOENT, "no"), THINGSPACE_LOCAL);
    CHECK_INT(error_memory(NULL), THINGSPACE_MEMORY);
    error_prefix(NULL, "no");
    error_set_code(NULL, "no");
    error_set_account(NULL, "no");
    error_set_place(NULL, "no", 1);
    error_set_http(NULL, 1);
    error_clear(NULL);
    error_copy(NULL, NULL);
}

static void members_are_set_and_cleared(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    error_set_code(&error, "INPUT_INVALID");
    error_set_account(&error, "0000123456-00001");
    error_set_place(&error, "fleet.lua", 12);
    error_set_http(&error, 404);
    CHECK_TEXT(error.code, "INPUT_INVALID");
    CHECK_TEXT(error.account, "0000123456-00001");
    CHECK_TEXT(error.file, "fleet.lua");
    CHECK_INT(error.line, 12);
    CHECK_INT(error.http_status, 404);
    error_set_code(&error, NULL);
    CHECK_TEXT(error.code, "");
    error_clear(&error);
    thingspace_error fresh = THINGSPACE_ERROR_INIT;
    CHECK(memcmp(&error, &fresh, sizeof(error)) == 0);
}

static void hostile_arguments_come_out_escaped(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    error_set(&error, THINGSPACE_SERVICE, "service: %s", "a\x1b[2J\n\xc2\x9b\xe2\x80\xae\xff");
    CHECK_TEXT(error.message, "service: a\\x1b[2J\\n\\u{009b}\\u{202e}\\xff");
    error_set_code(&error, "x\ny");
    CHECK_TEXT(error.code, "x\\ny");
    error_set_account(&error, "\x07");
    CHECK_TEXT(error.account, "\\x07");
    error_set_place(&error, "a\tb", 1);
    CHECK_TEXT(error.file, "a\\tb");
}

static void long_messages_are_cut_visibly(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    error_set(&error, THINGSPACE_USAGE, "%02000d", 0);
    CHECK_INT(strlen(error.message), sizeof(error.message) - 1);
    CHECK_TEXT(error.message + sizeof(error.message) - 5, "0...");
}

static void errno_is_described(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    error_errno(&error, THINGSPACE_LOCAL, ENOENT, "cannot read %s", "a.lua");
    CHECK_TEXT(error.message, "cannot read a.lua: No such file or directory");
    CHECK_STATUS(error.kind, THINGSPACE_LOCAL);
}

static void out_of_memory_is_told(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_INT(error_memory(&error), THINGSPACE_MEMORY);
    CHECK_INT(error.kind, THINGSPACE_MEMORY);
    CHECK(strstr(error.message, "out of memory") != NULL);
}

static void prefixes_pile_up_and_keep_the_rest(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    error_set(&error, THINGSPACE_POLICY, "bad %s", "row\n");
    error_set_code(&error, "C");
    error_prefix(&error, "line %d", 3);
    error_prefix(&error, "fleet\x1b.lua");
    CHECK_TEXT(error.message, "fleet\\x1b.lua: line 3: bad row\\n");
    CHECK_TEXT(error.code, "C");
    CHECK_STATUS(error.kind, THINGSPACE_POLICY);
}

static void a_message_may_be_made_of_the_error_itself(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    error_set(&error, THINGSPACE_USAGE, "inner");
    error_set(&error, THINGSPACE_POLICY, "outer: %s", error.message);
    CHECK_TEXT(error.message, "outer: inner");
}

/* What an older or a newer caller's struct would look like. */
typedef union sized_error {
    thingspace_error error;
    unsigned char bytes[sizeof(thingspace_error) + 64];
} sized_error;

static void fill(sized_error *self, size_t size)
{
    memset(self, 0x55, sizeof(*self));
    self->error.size = size;
}

static bool untouched_from(const sized_error *self, size_t offset)
{
    while (offset < sizeof(*self))
        if (self->bytes[offset++] != 0x55)
            return false;
    return true;
}

static void set_everything(thingspace_error *error)
{
    error_clear(error);
    error_set(error, THINGSPACE_USAGE, "text");
    error_prefix(error, "prefix");
    error_set_code(error, "code");
    error_set_account(error, "account");
    error_set_place(error, "file", 5);
    error_set_tenant(error, "tenant");
    error_set_http(error, 400);
}

static void a_smaller_struct_is_not_written_past_its_size(void)
{
    static const size_t sizes[] = {
        0,
        sizeof(size_t),
        offsetof(thingspace_error, message),
        offsetof(thingspace_error, code),
        offsetof(thingspace_error, code) + 5,
        offsetof(thingspace_error, file),
        offsetof(thingspace_error, tenant),
    };
    thingspace_error full = THINGSPACE_ERROR_INIT;
    set_everything(&full);
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        sized_error old;
        fill(&old, sizes[i]);
        set_everything(&old.error);
        error_copy(&old.error, &full);
        CHECK_INT(old.error.size, sizes[i]);
        CHECK(untouched_from(&old, sizes[i] < sizeof(size_t) ? sizeof(size_t) : sizes[i]));
    }
}

static void a_smaller_struct_gets_the_members_it_knows(void)
{
    sized_error old;
    fill(&old, offsetof(thingspace_error, account));
    set_everything(&old.error);
    CHECK_TEXT(old.error.message, "prefix: text");
    CHECK_TEXT(old.error.code, "code");
    CHECK_INT(old.error.http_status, 400);
}

static void a_larger_struct_keeps_its_unknown_members(void)
{
    sized_error newer;
    fill(&newer, sizeof(newer));
    set_everything(&newer.error);
    CHECK_TEXT(newer.error.file, "file");
    CHECK_TEXT(newer.error.tenant, "tenant");
    CHECK(untouched_from(&newer, sizeof(thingspace_error)));
    CHECK_INT(newer.error.size, sizeof(newer));
}

static void a_copy_holds_what_both_know_and_nothing_older(void)
{
    sized_error old;
    fill(&old, offsetof(thingspace_error, account));
    set_everything(&old.error);
    thingspace_error out = THINGSPACE_ERROR_INIT;
    error_set_account(&out, "stale");
    error_copy(&out, &old.error);
    CHECK_TEXT(out.message, "prefix: text");
    CHECK_TEXT(out.account, "");
    CHECK_INT(out.size, sizeof(out));
    error_copy(&out, &out);
    CHECK_TEXT(out.message, "prefix: text");
    error_copy(&out, NULL);
    CHECK_STATUS(out.kind, THINGSPACE_OK);
}

static void every_status_has_a_name_and_an_exit(void)
{
    CHECK_TEXT(thingspace_status_name(THINGSPACE_OK), "ok");
    CHECK_TEXT(thingspace_status_name(THINGSPACE_CANCELLED), "cancelled");
    CHECK_TEXT(thingspace_status_name((thingspace_status)19), "unknown");
    CHECK_INT(thingspace_status_exit(THINGSPACE_OK), 0);
    CHECK_INT(thingspace_status_exit(THINGSPACE_LATCHED), 4);
    CHECK_INT(thingspace_status_exit((thingspace_status)-1), 70);
}

static const check_case cases[] = {
    CHECK_CASE(setting_starts_afresh_and_returns_the_kind),
    CHECK_CASE(null_errors_are_accepted),
    CHECK_CASE(members_are_set_and_cleared),
    CHECK_CASE(hostile_arguments_come_out_escaped),
    CHECK_CASE(long_messages_are_cut_visibly),
    CHECK_CASE(errno_is_described),
    CHECK_CASE(out_of_memory_is_told),
    CHECK_CASE(prefixes_pile_up_and_keep_the_rest),
    CHECK_CASE(a_message_may_be_made_of_the_error_itself),
    CHECK_CASE(a_smaller_struct_is_not_written_past_its_size),
    CHECK_CASE(a_smaller_struct_gets_the_members_it_knows),
    CHECK_CASE(a_larger_struct_keeps_its_unknown_members),
    CHECK_CASE(a_copy_holds_what_both_know_and_nothing_older),
    CHECK_CASE(every_status_has_a_name_and_an_exit),
};
CHECK_MAIN(cases)
