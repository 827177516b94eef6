/* SPDX-License-Identifier: MIT */
/*
 * What a unit test is made of. A test file is one subject: functions without
 * arguments, named after behaviour, listed once in a table:
 *
 *     static void an_empty_name_is_refused(void) { ... CHECK_STATUS(f(""), THINGSPACE_USAGE); }
 *     static const check_case cases[] = {CHECK_CASE(an_empty_name_is_refused), ...};
 *     CHECK_MAIN(cases)
 *
 * Each test runs twice: as it is, and again with the n-th allocation failing, for
 * n = 1, 2, ... until none fails. In the second run CHECK_OK leaves the test
 * when the answer is THINGSPACE_MEMORY; every other check holds as ever, so an
 * allocation failure that is swallowed shows as a wrong result. What a test owns
 * must therefore be freed by cleanup attributes. Tests that start threads or
 * servers are listed with CHECK_CASE_ONCE and run only as they are; so do all tests when
 * THINGSPACE_CHECK_ONCE is in the environment.
 */
#ifndef CHECK_H
#define CHECK_H

#include <config.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <thingspace/error.h>

typedef struct check_case {
    const char *name;
    void (*run)(void);
    bool once;
} check_case;

#define CHECK_CASE(function)                                                                       \
    {                                                                                              \
        .name = #function, .run = function                                                         \
    }
#define CHECK_CASE_ONCE(function)                                                                  \
    {                                                                                              \
        .name = #function, .run = function, .once = true                                           \
    }

int check_run(const check_case *cases, size_t count);
#define CHECK_MAIN(cases)                                                                          \
    int main(void)                                                                                 \
    {                                                                                              \
        return check_run(cases, sizeof(cases) / sizeof((cases)[0]));                               \
    }

bool check_report(bool good, const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* Whether an allocation of this run was made to fail. */
bool check_allocation_failed(void);
bool check_equal_text(const char *actual, const char *expected, const char *file, int line);
bool check_equal_int(long long actual, long long expected, const char *file, int line);
bool check_status(thingspace_status actual, thingspace_status expected, const char *file, int line);

/* A failed check ends the test. */
#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!check_report((condition), __FILE__, __LINE__, "%s", #condition))                      \
            return;                                                                                \
    } while (0)
#define CHECK_TEXT(actual, expected)                                                               \
    do {                                                                                           \
        if (!check_equal_text((actual), (expected), __FILE__, __LINE__))                           \
            return;                                                                                \
    } while (0)
#define CHECK_INT(actual, expected)                                                                \
    do {                                                                                           \
        if (!check_equal_int((long long)(actual), (long long)(expected), __FILE__, __LINE__))      \
            return;                                                                                \
    } while (0)
/* The expected status; MEMORY instead ends the test quietly when an allocation was made to fail. */
#define CHECK_STATUS(actual, expected)                                                             \
    do {                                                                                           \
        thingspace_status check_actual = (actual);                                                 \
        if (check_actual == THINGSPACE_MEMORY && check_allocation_failed())                        \
            return;                                                                                \
        if (!check_status(check_actual, (expected), __FILE__, __LINE__))                           \
            return;                                                                                \
    } while (0)
#define CHECK_OK(actual) CHECK_STATUS((actual), THINGSPACE_OK)
/* For functions that answer NULL when out of memory. */
#define CHECK_MADE(pointer)                                                                        \
    do {                                                                                           \
        if (!(pointer) && check_allocation_failed())                                               \
            return;                                                                                \
        CHECK((pointer) != NULL);                                                                  \
    } while (0)

/* A fresh directory of mode 0700 below TMPDIR, removed with all it holds when the process ends. */
const char *check_folder(void);
/*
 * Gives the process a locale with a decimal comma until the test ends; makes one when none is
 * installed. False: this machine has not what is needed (on Debian, the package `locales`); where
 * it has, a failure is reported. THINGSPACE_CHECK_COMMA in the environment runs every test in it.
 */
bool check_decimal_comma(void);
/* Writes a file there (mode 0600) and returns its path, valid until the process ends. */
const char *check_file(const char *name, const char *content);

#endif
