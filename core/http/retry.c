/* SPDX-License-Identifier: MIT */
/*
 * The retry rules. Nothing here reads a clock or draws a random number: both
 * come in as arguments, so that every rule is a table in the tests.
 */
#include <config.h>
#include <string.h>
#include <time.h>
#include "http/retry.h"

#define BUDGET_FULL 100 /* ten retries, in tenths */
#define ONE_RETRY   10

#define DIGITS     "0123456789"
#define CAP_DIGITS 10 /* more than RETRY_AFTER_CAP_MS has */

bool retry_status_is_transient(int http_status)
{
    static const int transient[] = {408, 429, 500, 502, 503, 504};
    for (size_t i = 0; i < sizeof(transient) / sizeof(transient[0]); i++)
        if (http_status == transient[i])
            return true;
    return false;
}

bool retry_status_is_unknown(int http_status)
{
    return http_status >= 500 && http_status <= 599;
}

static int64_t at_most_cap(int64_t ms)
{
    return ms < RETRY_AFTER_CAP_MS ? ms : RETRY_AFTER_CAP_MS;
}

/* Stops counting at `limit`, so that no number of digits overflows. */
static int64_t number_up_to(int64_t limit, const char *digits, size_t size)
{
    int64_t value = 0;
    for (size_t i = 0; i < size && value < limit; i++)
        value = value * 10 + (digits[i] - '0');
    return value < limit ? value : limit;
}

/* Digits, or digits and an exponent: not in the standard, but what `1e9` asks for is plain. */
static bool read_seconds(int64_t *out_ms, const char *text, size_t size)
{
    size_t whole = strspn(text, DIGITS), power = 0;
    bool has_exponent = whole < size && (text[whole] == 'e' || text[whole] == 'E');
    if (has_exponent)
        power = strspn(text + whole + 1, DIGITS);
    if (whole == 0 || (has_exponent && power == 0) || whole + has_exponent + power != size)
        return false;
    int64_t ms = number_up_to(RETRY_AFTER_CAP_MS, text, whole) * 1000;
    for (int64_t i = number_up_to(CAP_DIGITS, text + size - power, power); i > 0; i--)
        ms = at_most_cap(ms * 10);
    *out_ms = at_most_cap(ms);
    return true;
}

/* The number that exactly `size` digits at `text` make; -1 when they are no digits. */
static int fixed_number(const char *text, size_t size)
{
    int value = 0;
    for (size_t i = 0; i < size; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

/* Which of the three-letter names in `names` stands at `text`; -1 when none does. */
static int name_index(const char *text, const char *names)
{
    for (int i = 0; names[i * 3]; i++)
        if (memcmp(text, names + (size_t)i * 3, 3) == 0)
            return i;
    return -1;
}

/* Whether `text` has the blanks, commas and colons of `Sun, 06 Nov 1994 08:49:37 GMT`. */
static bool has_date_form(const char *text, size_t size)
{
    static const char form[] = "###, ## ### #### ##:##:## GMT";
    if (size != sizeof(form) - 1)
        return false;
    for (size_t i = 0; i < size; i++)
        if (form[i] != '#' && form[i] != text[i])
            return false;
    return true;
}

/* Seconds since 1970 of an IMF-fixdate; false when it is none. */
static bool read_date(int64_t *out, const char *text, size_t size)
{
    if (!has_date_form(text, size) || name_index(text, "MonTueWedThuFriSatSun") < 0)
        return false;
    struct tm date = {.tm_mday = fixed_number(text + 5, 2),
                      .tm_mon = name_index(text + 8, "JanFebMarAprMayJunJulAugSepOctNovDec"),
                      .tm_year = fixed_number(text + 12, 4) - 1900,
                      .tm_hour = fixed_number(text + 17, 2),
                      .tm_min = fixed_number(text + 20, 2),
                      .tm_sec = fixed_number(text + 23, 2)};
    if (date.tm_mday < 1 || date.tm_mday > 31 || date.tm_mon < 0 || date.tm_year < 70 ||
        date.tm_hour < 0 || date.tm_hour > 23 || date.tm_min < 0 || date.tm_min > 59 ||
        date.tm_sec < 0 || date.tm_sec > 60)
        return false;
    *out = timegm(&date);
    return true;
}

int64_t retry_after_ms(const char *value, int64_t now_wall_ms)
{
    int64_t ms, seconds;
    if (!value)
        return -1;
    value += strspn(value, " \t");
    size_t size = strlen(value);
    while (size > 0 && (value[size - 1] == ' ' || value[size - 1] == '\t'))
        size--;
    if (read_seconds(&ms, value, size))
        return ms;
    if (!read_date(&seconds, value, size))
        return -1;
    return seconds * 1000 > now_wall_ms ? at_most_cap(seconds * 1000 - now_wall_ms) : 0;
}

int64_t retry_backoff_ms(unsigned next, uint32_t random)
{
    int64_t limit = RETRY_BASE_MS;
    for (unsigned attempt = 2; attempt < next && limit < RETRY_CAP_MS; attempt++)
        limit *= 2;
    if (limit > RETRY_CAP_MS)
        limit = RETRY_CAP_MS;
    return 1 + (int64_t)(((uint64_t)random * (uint64_t)(limit + 1)) >> 32);
}

void retry_budget_init(retry_budget *self)
{
    self->tenths = BUDGET_FULL;
}

void retry_budget_deposit(retry_budget *self)
{
    if (self->tenths < BUDGET_FULL)
        self->tenths++;
}

bool retry_budget_withdraw(retry_budget *self)
{
    if (self->tenths < ONE_RETRY)
        return false;
    self->tenths -= ONE_RETRY;
    return true;
}
