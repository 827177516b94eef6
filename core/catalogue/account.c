/* SPDX-License-Identifier: MIT */
/*
 * Account names: checked loosely, because their form is not published beyond
 * examples, and encoded always. Owns nothing; any thread.
 */
#include <config.h>
#include <string.h>
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "catalogue/account.h"
#include "catalogue/weburl.h"

/* The digits before the hyphen of every canonical account name. */
#define CANONICAL_DIGITS 10

/* What could leave the path segment, or what the service refuses in any input. */
static const char refused[] = "/\\?#%'<>\"";

/* How many characters from the beginning can be sent. */
static size_t sendable_length(const char *account)
{
    size_t length = strcspn(account, refused);
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)account[i] <= 0x20 || (unsigned char)account[i] >= 0x7f)
            return i;
    return length;
}

thingspace_status account_check(const char *account, thingspace_error *error)
{
    if (text_is_empty(account))
        return error_set(error, THINGSPACE_USAGE,
                         "the account name is empty; give one such as 0000123456-00001");
    if (strnlen(account, LIMIT_ACCOUNT + 1) > LIMIT_ACCOUNT)
        return error_set(error, THINGSPACE_USAGE,
                         "the account name is longer than %d characters; check it", LIMIT_ACCOUNT);
    if (text_equal(account, ".") || text_equal(account, ".."))
        return error_set(error, THINGSPACE_USAGE,
                         "the account name '%s' is a path, not a name; check it", account);
    size_t length = sendable_length(account);
    if (account[length])
        return error_set(error, THINGSPACE_USAGE,
                         "the account name has a character that cannot be sent, at position "
                         "%zu; letters, digits and . _ - are safe",
                         length + 1);
    return THINGSPACE_OK;
}

const char *account_hint(const char *account)
{
    size_t digits = strspn(account, "0123456789");
    const char *rest = account + digits;
    if (digits == 0 || digits >= CANONICAL_DIGITS)
        return NULL;
    if (*rest == '-' && rest[1])
        rest += 1 + strspn(rest + 1, "0123456789");
    if (*rest)
        return NULL;
    return "an account name usually has ten digits, a hyphen and five digits "
           "(0000123456-00001); leading zeros belong to it";
}

thingspace_status account_encode(buffer *out, const char *account)
{
    return weburl_encode(out, account);
}
