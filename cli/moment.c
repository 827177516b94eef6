/* SPDX-License-Identifier: MIT */
/* See moment.h. Strict: what could be meant in two ways is no time. */
#include <config.h>
#include <ctype.h>
#include <string.h>
#include <time.h>
#include "base/text.h"
#include "cli/moment.h"

/* In `shape` a 0 is any digit, and all else itself. */
static bool has_shape(const char *text, const char *shape)
{
    for (; *shape; text++, shape++)
        if (*shape == '0' ? !isdigit((unsigned char)*text) : *text != *shape)
            return false;
    return true;
}

static int number_at(const char *text, size_t digits)
{
    int number = 0;
    for (size_t i = 0; i < digits; i++)
        number = number * 10 + (text[i] - '0');
    return number;
}

/* Thousandths; more digits are cut off. */
static const char *read_fraction(const char *text, long long *ms)
{
    long long unit = 100;
    *ms = 0;
    if (*text != '.' || !isdigit((unsigned char)text[1]))
        return text;
    for (text++; isdigit((unsigned char)*text); text++, unit /= 10)
        *ms += (*text - '0') * unit;
    return text;
}

static bool read_offset(const char *text, long long *minutes)
{
    *minutes = 0;
    if (text_equal(text, "Z"))
        return true;
    if ((*text != '+' && *text != '-') || !has_shape(text + 1, "00:00") || text[6])
        return false;
    int hours = number_at(text + 1, 2), rest = number_at(text + 4, 2);
    *minutes = (*text == '-' ? -1 : 1) * (hours * 60LL + rest);
    return hours < 24 && rest < 60;
}

static bool read_date(const char *text, time_t *out)
{
    struct tm date = {.tm_year = number_at(text, 4) - 1900,
                      .tm_mon = number_at(text + 5, 2) - 1,
                      .tm_mday = number_at(text + 8, 2),
                      .tm_hour = number_at(text + 11, 2),
                      .tm_min = number_at(text + 14, 2),
                      .tm_sec = number_at(text + 17, 2)};
    const struct tm given = date;
    *out = timegm(&date);
    /* What does not exist becomes another date. */
    return date.tm_mon == given.tm_mon && date.tm_mday == given.tm_mday &&
           date.tm_hour == given.tm_hour && date.tm_min == given.tm_min &&
           date.tm_sec == given.tm_sec;
}

bool moment_read(const char *text, long long *out)
{
    long long ms, minutes;
    time_t seconds;
    if (text_to_integer(text, out))
        return *out > 0;
    if (!has_shape(text, "0000-00-00T00:00:00") || !read_date(text, &seconds) ||
        !read_offset(read_fraction(text + strlen("0000-00-00T00:00:00"), &ms), &minutes))
        return false;
    *out = (seconds - minutes * 60) * 1000LL + ms;
    return *out > 0;
}
