/* SPDX-License-Identifier: MIT */
/*
 * CUnit with a TAP printer. CUnit itself has neither an exit status nor TAP; the
 * lines are printed from its test-complete handler and read by tap-driver.sh.
 */
#include <config.h>
#include <CUnit/CUnit.h>
#include <CUnit/TestRun.h>
#include <cjson/cJSON.h>
#include <ftw.h>
#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "allocations.h"
#include "check.h"

#define WATCHDOG_SECONDS 120 /* for each test */
/* No test makes more allocations than this; beyond it, a retry loop would never end. */
#define MOST_ALLOCATIONS 20000

static const check_case *all_cases;
static size_t case_count;
static unsigned printed;
static char folder[256];

static const check_case *current_case(bool *failing)
{
    const char *name = CU_get_current_test()->pName;
    size_t length = strcspn(name, "\t");
    *failing = name[length] == '\t';
    for (size_t i = 0; i < case_count; i++)
        if (strlen(all_cases[i].name) == length && strncmp(all_cases[i].name, name, length) == 0)
            return &all_cases[i];
    abort();
}

static void run(const check_case *test)
{
    if (getenv("THINGSPACE_CHECK_COMMA"))
        check_decimal_comma();
    test->run();
    setlocale(LC_ALL, "C");
}

static void run_as_it_is(void)
{
    bool failing;
    run(current_case(&failing));
}

/* THINGSPACE_CHECK_STRIDE=5: each fifth allocation, another one first in each case, for runs whose
 * subject is something else. */
static size_t find_stride(void)
{
    const char *text = getenv("THINGSPACE_CHECK_STRIDE");
    long stride = text ? strtol(text, NULL, 10) : 1;
    return stride > 1 ? (size_t)stride : 1;
}

static void run_with_each_allocation_failing(void)
{
    bool failing;
    const check_case *test = current_case(&failing);
    unsigned before = CU_get_number_of_failures();
    size_t stride = find_stride();
    for (size_t n = 1 + (size_t)(test - all_cases) % stride; n <= MOST_ALLOCATIONS; n += stride) {
        allocations_fail_at(n);
        run(test);
        bool reached = allocations_failed();
        unsigned failures = CU_get_number_of_failures() - before;
        allocations_fail_at(0);
        if (failures)
            fprintf(stdout, "# with allocation %zu failing\n", n);
        if (failures || !reached)
            return;
    }
    check_report(false, __FILE__, __LINE__, "more than %d allocations", MOST_ALLOCATIONS);
}

static void watch(const CU_pTest test, const CU_pSuite suite)
{
    (void)test, (void)suite;
    alarm(WATCHDOG_SECONDS);
}

static void print_failures(const CU_pFailureRecord first)
{
    for (CU_pFailureRecord record = first; record; record = record->pNext)
        printf("#   %s:%u: %s\n", record->strFileName, record->uiLineNumber, record->strCondition);
}

static void print_test(const CU_pTest test, const CU_pSuite suite, const CU_pFailureRecord first)
{
    (void)suite;
    const char *name = test->pName;
    size_t length = strcspn(name, "\t");
    printf("%s %u - %.*s%s\n", first ? "not ok" : "ok", ++printed, (int)length, name,
           name[length] ? " (each allocation failing)" : "");
    print_failures(first);
    fflush(stdout);
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status, (void)type, (void)walk;
    return remove(path);
}

static void remove_folder(void)
{
    if (folder[0])
        nftw(folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

/* Under valgrind the runs with failing allocations take too long. */
static bool runs_once(const check_case *test)
{
    return test->once || getenv("THINGSPACE_CHECK_ONCE");
}

static bool add_case(CU_pSuite suite, const check_case *test)
{
    if (!CU_add_test(suite, test->name, run_as_it_is))
        return false;
    if (runs_once(test))
        return true;
    char name[200];
    snprintf(name, sizeof(name), "%s\tfailing", test->name);
    return CU_add_test(suite, name, run_with_each_allocation_failing) != NULL;
}

int check_run(const check_case *cases, size_t count)
{
    all_cases = cases;
    case_count = count;
    cJSON_Hooks hooks = {allocations_malloc, free};
    cJSON_InitHooks(&hooks);
    if (CU_initialize_registry() != CUE_SUCCESS)
        return 99;
    CU_pSuite suite = CU_add_suite("all", NULL, NULL);
    unsigned planned = 0;
    for (size_t i = 0; i < count; i++) {
        if (!add_case(suite, &cases[i]))
            return 99;
        planned += runs_once(&cases[i]) ? 1 : 2;
    }
    printf("1..%u\n", planned);
    CU_set_test_start_handler(watch);
    CU_set_test_complete_handler(print_test);
    CU_run_all_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    remove_folder();
    return failures ? 1 : 0;
}

bool check_report(bool good, const char *file, int line, const char *format, ...)
{
    char text[512] = "";
    if (!good) {
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(text, sizeof(text), format, arguments);
        va_end(arguments);
    }
    CU_assertImplementation(good, (unsigned)line, text, file, "", CU_FALSE);
    return good;
}

bool check_allocation_failed(void)
{
    return allocations_failed();
}

bool check_equal_text(const char *actual, const char *expected, const char *file, int line)
{
    bool good = actual && expected ? strcmp(actual, expected) == 0 : actual == expected;
    return check_report(good, file, line, "is \"%s\", should be \"%s\"", actual ? actual : "(null)",
                        expected ? expected : "(null)");
}

bool check_equal_int(long long actual, long long expected, const char *file, int line)
{
    return check_report(actual == expected, file, line, "is %lld, should be %lld", actual,
                        expected);
}

bool check_status(thingspace_status actual, thingspace_status expected, const char *file, int line)
{
    return check_report(actual == expected, file, line, "status is %s, should be %s",
                        thingspace_status_name(actual), thingspace_status_name(expected));
}

const char *check_folder(void)
{
    if (!folder[0]) {
        const char *base = getenv("TMPDIR");
        snprintf(folder, sizeof(folder), "%s/thingspace-test-XXXXXX", base ? base : "/tmp");
        if (!mkdtemp(folder))
            abort();
    }
    return folder;
}

const char *check_file(const char *name, const char *content)
{
    static char paths[64][400];
    static unsigned next;
    char *path = paths[next++ % 64];
    snprintf(path, sizeof(paths[0]), "%s/%s", check_folder(), name);
    FILE *file = fopen(path, "w");
    if (!file || fputs(content, file) == EOF || fclose(file) != 0 || chmod(path, 0600) != 0)
        abort();
    return path;
}
