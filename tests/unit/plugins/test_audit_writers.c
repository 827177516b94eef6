/* SPDX-License-Identifier: MIT */
/*
 * Audit files that a strange writer left: lines with good hashes that lie all the same, and files
 * and processes that changed under a writer.
 */
#include "check.h"
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "chains.h"

static bool append(audit_chain *chain, const char *event)
{
    return audit_chain_append(chain, event, ",\"id\":\"0000000000000001\"");
}

/* --- lines --- */

static void a_number_that_is_left_out_shows(void)
{
    const char *path = fresh_path();
    cleanup_chain audit_chain *chain = audit_chain_new(path, false);
    CHECK(append(chain, "intent"));
    chain->n++;
    CHECK(append(chain, "result"));
    CHECK_BAD(path, 3, "its number does not follow");
}

static void a_torn_line_that_never_was_shows(void)
{
    const char *path = fresh_path();
    cleanup_chain audit_chain *chain = audit_chain_new(path, false);
    CHECK(audit_chain_append(chain, "torn", ",\"bytes\":7"));
    CHECK_BAD(path, 2, "speaks of a torn line before it");
}

/* Nothing follows the last line that would tell. */
static void each_digit_of_the_last_hash_counts(void)
{
    const char *path = fresh_path();
    {
        cleanup_chain audit_chain *chain = audit_chain_new(path, false);
        CHECK(append(chain, "intent"));
    }
    FILE *file = fopen(path, "r+");
    CHECK(file != NULL);
    CHECK(fseek(file, -4, SEEK_END) == 0); /* the digit before "}, and the line's end */
    int digit = getc(file);
    bool written = fseek(file, -4, SEEK_END) == 0 && putc(digit == '0' ? '1' : '0', file) != EOF;
    CHECK(fclose(file) == 0 && written);
    CHECK_BAD(path, 2, "it was changed");
}

/* --- under a writer --- */

/* logrotate with `create`: both files are there. */
static void a_new_file_in_the_place_of_a_moved_one_is_found(void)
{
    const char *path = fresh_path();
    char old[600];
    const struct timespec pause = {0, 2 * AUDIT_CHAIN_MOVED_MS * 1000000L};
    cleanup_report audit_report first = {0}, second = {0};
    snprintf(old, sizeof(old), "%s.1", path);
    cleanup_chain audit_chain *chain = audit_chain_new(path, false);
    CHECK(append(chain, "intent"));
    CHECK(rename(path, old) == 0);
    FILE *file = fopen(path, "w");
    CHECK(file && fclose(file) == 0 && chmod(path, 0600) == 0);
    nanosleep(&pause, NULL);
    CHECK(append(chain, "result"));
    CHECK_INT(verify(old, &first), AUDIT_FITS);
    CHECK_INT(first.lines, 2);
    CHECK_INT(verify(path, &second), AUDIT_FITS);
    CHECK_INT(second.lines, 2);
}

/* A child that ends without a line of its own. */
static void a_forked_process_writes_no_lines_of_its_parent(void)
{
    const char *path = fresh_path();
    cleanup_report audit_report report = {0};
    cleanup_chain audit_chain *chain = audit_chain_new(path, false);
    CHECK(append(chain, "intent"));
    CHECK(audit_chain_keep(chain, "result", ",\"id\":\"0000000000000001\"", 1000));
    pid_t child = fork();
    if (child == 0) {
        audit_chain_free(chain);
        _exit(0);
    }
    int ended = -1;
    CHECK(child > 0 && waitpid(child, &ended, 0) == child);
    CHECK_INT(ended, 0);
    audit_chain_free(chain);
    chain = NULL;
    CHECK_INT(verify(path, &report), AUDIT_FITS);
    CHECK_INT(report.lines, 3);
    CHECK_INT(report.results, 1);
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(a_number_that_is_left_out_shows),
    CHECK_CASE_ONCE(a_torn_line_that_never_was_shows),
    CHECK_CASE_ONCE(each_digit_of_the_last_hash_counts),
    CHECK_CASE_ONCE(a_new_file_in_the_place_of_a_moved_one_is_found),
    CHECK_CASE_ONCE(a_forked_process_writes_no_lines_of_its_parent),
};
CHECK_MAIN(cases)
