/* SPDX-License-Identifier: MIT */
/*
 * The chain of an audit file: what is appended fits, what was tampered with does not, and what a
 * killed writer left is ended and told.
 */
#include "check.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "chains.h"

/* In place of the C library's. */
static bool disk_fails;
int fdatasync(int descriptor)
{
    errno = EIO;
    return disk_fails ? -1 : fsync(descriptor);
}

static bool append(audit_chain *chain, const char *event, unsigned id)
{
    char members[64];
    snprintf(members, sizeof(members), ",\"id\":\"%016x\",\"x\":1", id);
    return audit_chain_append(chain, event, members);
}

/* begin, and then `count` pairs of intent and result. */
static bool fill(const char *path, unsigned count)
{
    cleanup_chain audit_chain *chain = audit_chain_new(path, false);
    for (unsigned i = 1; i <= count; i++)
        if (!chain || !append(chain, "intent", i) || !append(chain, "result", i))
            return false;
    return true;
}

/* --- whole files as text --- */

static char content[64 * 1024];

static size_t read_content(const char *path)
{
    FILE *file = fopen(path, "r");
    size_t size = file ? fread(content, 1, sizeof(content) - 1, file) : 0;
    content[size] = '\0';
    if (file)
        fclose(file);
    return size;
}

static void write_content(const char *path, const char *text, size_t size)
{
    FILE *file = fopen(path, "w");
    if (!file)
        return;
    fwrite(text, 1, size, file);
    fclose(file);
}

/* The n-th line, from 1. */
static char *line_at(unsigned n)
{
    char *at = content;
    while (n-- > 1)
        at = strchr(at, '\n') + 1;
    return at;
}

/* Fills a file with 3 pairs (7 lines), and reads it. */
static const char *seven_lines(void)
{
    const char *path = fresh_path();
    if (!fill(path, 3))
        return NULL;
    read_content(path);
    return path;
}

static void wait_ms(long ms)
{
    struct timespec pause = {0, ms * 1000000};
    nanosleep(&pause, NULL);
}

/* --- tests --- */

static void what_is_appended_fits(void)
{
    const char *path = fresh_path();
    cleanup_report audit_report report;
    cleanup_chain audit_chain *chain = audit_chain_new(path, true);
    CHECK(chain != NULL);
    CHECK(append(chain, "intent", 1) && append(chain, "intent", 2) && append(chain, "result", 1));
    CHECK_INT(verify(path, &report), AUDIT_FITS);
    CHECK_INT(report.lines, 4);
    CHECK_INT(report.intents, 2);
    CHECK_INT(report.results, 1);
    CHECK_INT(report.torn, 0);
    CHECK_INT(report.unfinished_count, 1);
    CHECK_INT(report.unfinished[0], 2);
    CHECK_TEXT(report.hash, chain->hash);
    struct stat found;
    CHECK(stat(path, &found) == 0);
    CHECK_INT(found.st_mode & 0777, 0600);
}

static void a_new_file_says_so(void)
{
    CHECK(seven_lines() != NULL);
    static const char wanted[] =
        "{\"n\":1,\"prev\":\"0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8\","
        "\"event\":\"begin\",\"chain\":\"blake2b-256\",\"time\":\"20";
    CHECK(strncmp(content, wanted, strlen(wanted)) == 0);
    CHECK(strncmp(line_at(2), "{\"n\":2,", 7) == 0);
}

static void chains_of_two_writers_are_one(void)
{
    const char *path = fresh_path();
    cleanup_report audit_report report;
    cleanup_chain audit_chain *a = audit_chain_new(path, false);
    cleanup_chain audit_chain *b = audit_chain_new(path, false);
    for (unsigned i = 1; i <= 10; i++) {
        CHECK(append(i % 3 ? a : b, "intent", i));
        CHECK(append(i % 2 ? a : b, "result", i));
    }
    CHECK_INT(verify(path, &report), AUDIT_FITS);
    CHECK_INT(report.lines, 21);
    CHECK_INT(report.unfinished_count, 0);
}

static void an_edited_line_shows(void)
{
    const char *path = seven_lines();
    CHECK(path != NULL);
    char *x = strstr(line_at(4), "\"x\":1");
    x[4] = '2';
    write_content(path, content, strlen(content));
    CHECK_BAD(path, 4, "it was changed");
}

static void an_edited_form_shows(void)
{
    const char *path = seven_lines();
    CHECK(path != NULL);
    line_at(4)[1] = '\'';
    write_content(path, content, strlen(content));
    CHECK_BAD(path, 4, "not a line of an audit chain");
}

static void a_deleted_line_shows(void)
{
    const char *path = seven_lines();
    CHECK(path != NULL);
    char *at = line_at(4), *next = line_at(5);
    memmove(at, next, strlen(next) + 1);
    write_content(path, content, strlen(content));
    CHECK_BAD(path, 4, "removed, inserted or moved");
}

static void a_missing_beginning_shows(void)
{
    const char *path = seven_lines();
    CHECK(path != NULL);
    const char *rest = line_at(2);
    write_content(path, rest, strlen(rest));
    CHECK_BAD(path, 1, "lines before it are gone");
}

static void swapped_lines_show(void)
{
    const char *path = seven_lines();
    char swapped[sizeof(content)];
    CHECK(path != NULL);
    size_t at = (size_t)(line_at(4) - content), middle = (size_t)(line_at(5) - content);
    size_t end = (size_t)(line_at(6) - content);
    memcpy(swapped, content, sizeof(swapped));
    memcpy(swapped + at, content + middle, end - middle);
    memcpy(swapped + at + (end - middle), content + at, middle - at);
    write_content(path, swapped, strlen(swapped));
    CHECK_BAD(path, 4, "removed, inserted or moved");
}

static void an_inserted_line_shows(void)
{
    const char *path = seven_lines();
    char longer[sizeof(content)];
    CHECK(path != NULL);
    size_t at = (size_t)(line_at(4) - content), end = (size_t)(line_at(5) - content);
    snprintf(longer, sizeof(longer), "%.*s%s", (int)end, content, content + at);
    write_content(path, longer, strlen(longer));
    CHECK_BAD(path, 5, "removed, inserted or moved");
}

static void an_empty_or_foreign_file_does_not_fit(void)
{
    const char *path = fresh_path();
    write_content(path, "", 0);
    CHECK_BAD(path, 1, "empty");
    write_content(path, "{}\n", 3);
    CHECK_BAD(path, 1, "not a line");
    write_content(path, "\n\n", 2);
    CHECK_BAD(path, 1, "not a line");
    write_content(path, "\0\0\0\n", 4);
    CHECK_BAD(path, 1, "not a line");
}

static void missing_last_lines_show_against_a_hash_that_was_noted(void)
{
    const char *path = seven_lines();
    cleanup_report audit_report before, after, cut;
    char noted[AUDIT_CHAIN_HASH + 1];
    CHECK(path != NULL);
    CHECK_INT(verify(path, &before), AUDIT_FITS);
    memcpy(noted, before.hash, sizeof(noted));
    CHECK(fill(path, 1));
    CHECK_INT(verify_expecting(path, noted, &after), AUDIT_FITS);
    CHECK(after.expected);
    write_content(path, content, (size_t)(line_at(6) - content));
    CHECK_INT(verify_expecting(path, noted, &cut), AUDIT_DOES_NOT_FIT);
    CHECK(strstr(cut.why, "lines are missing") != NULL);
}

/* Cut anywhere, an append ends what is torn and the whole fits again. */
static void a_torn_line_is_ended_and_told(void)
{
    for (size_t cut = 1; cut < 200; cut += 13) {
        const char *path = seven_lines();
        cleanup_report audit_report report;
        CHECK(path != NULL);
        size_t last = (size_t)(line_at(7) - content), size = strlen(content);
        size_t torn = size - last > cut ? size - last - cut : 0;
        CHECK(truncate(path, (off_t)(last + torn)) == 0);
        if (torn > 0)
            CHECK_BAD(path, 7, "torn");
        CHECK(fill(path, 1));
        CHECK_INT(verify(path, &report), AUDIT_FITS);
        /* The cut by one byte leaves a line that is whole but for its end. */
        bool told = torn > 0 && cut > 1;
        CHECK_INT(report.torn, told);
        CHECK_INT(report.lines, told ? 10 : cut > 1 ? 8 : 9);
        CHECK_INT(report.intents, 4);
        read_content(path);
        char wanted[64];
        snprintf(wanted, sizeof(wanted), "\"event\":\"torn\",\"bytes\":%zu,", torn);
        CHECK((strstr(content, wanted) != NULL) == told);
    }
}

static void a_line_that_is_being_written_is_not_torn(void)
{
    const char *path = seven_lines();
    cleanup_report audit_report report;
    int ended = -1;
    CHECK(path != NULL);
    const char *rest = line_at(7) + 20;
    CHECK(truncate(path, rest - content) == 0);
    int file = open(path, O_WRONLY | O_APPEND);
    CHECK(file >= 0 && flock(file, LOCK_EX) == 0);
    pid_t child = fork(); /* the lock is of both */
    if (child == 0) {
        wait_ms(50);
        _exit(write(file, rest, strlen(rest)) > 0 ? 0 : 1);
    }
    close(file);
    CHECK_INT(verify(path, &report), AUDIT_FITS);
    CHECK_INT(report.lines, 7);
    CHECK(child > 0 && waitpid(child, &ended, 0) == child);
    CHECK_INT(ended, 0);
}

static void a_torn_first_line_is_ended_too(void)
{
    const char *path = fresh_path();
    cleanup_report audit_report report;
    write_content(path, "{\"n\":1,\"pr", 10);
    CHECK(fill(path, 1));
    CHECK_INT(verify(path, &report), AUDIT_FITS);
    CHECK_INT(report.torn, 1);
    CHECK_INT(report.lines, 4);
}

static void a_torn_line_after_a_torn_line_is_ended_too(void)
{
    const char *path = seven_lines();
    cleanup_report audit_report report;
    CHECK(path != NULL);
    size_t size = strlen(content);
    snprintf(content + size, sizeof(content) - size, "{\"n\":8,\"prev\n{\"n\":8,");
    write_content(path, content, strlen(content));
    CHECK(fill(path, 1));
    CHECK_INT(verify(path, &report), AUDIT_FITS);
    CHECK_INT(report.torn, 1);
}

static void a_torn_line_of_another_length_does_not_fit(void)
{
    const char *path = seven_lines();
    CHECK(path != NULL);
    CHECK(truncate(path, (off_t)strlen(content) - 20) == 0);
    CHECK(fill(path, 1));
    read_content(path);
    char *torn = line_at(7);
    memmove(torn + 1, torn + 2, strlen(torn + 2) + 1);
    write_content(path, content, strlen(content));
    CHECK_BAD(path, 7, "not a line of an audit chain");
}

static void a_file_that_ends_strangely_is_not_continued(void)
{
    const char *path = seven_lines();
    CHECK(path != NULL);
    size_t size = strlen(content);
    strcpy(content + size, "hello\n");
    write_content(path, content, size + 6);
    cleanup_chain audit_chain *chain = audit_chain_new(path, false);
    CHECK(!append(chain, "intent", 9));
    CHECK(strstr(chain->why, "does not end with a line of an audit chain") != NULL);
    CHECK_INT(read_content(path), size + 6);
}

static void a_file_that_was_moved_away_is_begun_anew(void)
{
    const char *path = fresh_path();
    char old[600];
    cleanup_report audit_report first, second;
    snprintf(old, sizeof(old), "%s.1", path);
    cleanup_chain audit_chain *chain = audit_chain_new(path, false);
    CHECK(append(chain, "intent", 1));
    CHECK(rename(path, old) == 0);
    wait_ms(2 * AUDIT_CHAIN_MOVED_MS);
    CHECK(append(chain, "result", 1));
    CHECK_INT(verify(old, &first), AUDIT_FITS);
    CHECK_INT(first.lines, 2);
    CHECK_INT(verify(path, &second), AUDIT_FITS);
    CHECK_INT(second.lines, 2);
    CHECK_INT(second.results, 1);
    CHECK_INT(second.intents, 0);
}

static void a_file_that_was_deleted_or_replaced_is_left_at_once(void)
{
    const char *path = fresh_path();
    char other[600];
    cleanup_report audit_report second, third;
    cleanup_chain audit_chain *chain = audit_chain_new(path, false);
    CHECK(append(chain, "intent", 1));
    CHECK(unlink(path) == 0);
    CHECK(append(chain, "intent", 2));
    CHECK_INT(verify(path, &second), AUDIT_FITS);
    CHECK_INT(second.lines, 2);
    snprintf(other, sizeof(other), "%s.new", path);
    write_content(other, "", 0);
    CHECK(chmod(other, 0600) == 0 && rename(other, path) == 0);
    CHECK(append(chain, "intent", 3));
    CHECK_INT(verify(path, &third), AUDIT_FITS);
    CHECK_INT(third.lines, 2);
}

static void kept_lines_come_before_the_next_and_at_the_end(void)
{
    const char *path = fresh_path();
    cleanup_report audit_report early, report;
    {
        cleanup_chain audit_chain *chain = audit_chain_new(path, false);
        CHECK(append(chain, "intent", 1) && append(chain, "intent", 2));
        CHECK(audit_chain_keep(chain, "result", ",\"id\":\"0000000000000001\"", 1000));
        CHECK_INT(verify(path, &early), AUDIT_FITS);
        CHECK_INT(early.unfinished_count, 2);
        CHECK(append(chain, "intent", 3));
        read_content(path);
        CHECK(strncmp(strstr(line_at(4), "\"event\""), "\"event\":\"result\"", 16) == 0);
        CHECK(strncmp(strstr(line_at(5), "\"event\""), "\"event\":\"intent\"", 16) == 0);
        CHECK(audit_chain_keep(chain, "result", ",\"id\":\"0000000000000002\"", 1000));
        CHECK(audit_chain_keep(chain, "result", ",\"id\":\"0000000000000003\"", 1000));
    }
    CHECK_INT(verify(path, &report), AUDIT_FITS);
    CHECK_INT(report.lines, 7);
    CHECK_INT(report.unfinished_count, 0);
}

static void lines_are_kept_for_their_time_and_up_to_a_size(void)
{
    static char long_one[AUDIT_CHAIN_KEPT];
    const char *path = fresh_path();
    cleanup_chain audit_chain *chain = audit_chain_new(path, false);
    memset(long_one, 'x', sizeof(long_one) - 1);
    CHECK(!audit_chain_keep(chain, "result", long_one, 1000));
    long_one[AUDIT_CHAIN_KEPT / 2] = '\0';
    CHECK(audit_chain_keep(chain, "result", long_one, 1000));
    CHECK(!audit_chain_keep(chain, "result", long_one, 1000));
    CHECK(audit_chain_keep(chain, "result", "", 1000));
    wait_ms(20);
    CHECK(!audit_chain_keep(chain, "result", "", 5));
    chain->kept_size = 0;
    CHECK(audit_chain_keep(chain, "result", "", 5));
}

static void what_could_not_be_written_is_still_kept(void)
{
    const char *path = fresh_path();
    cleanup_report audit_report report;
    cleanup_chain audit_chain *chain = audit_chain_new(path, false);
    write_content(path, "", 0);
    CHECK(audit_chain_keep(chain, "result", ",\"id\":\"0000000000000001\"", 1000));
    CHECK(chmod(path, 0620) == 0);
    CHECK(!append(chain, "intent", 2));
    CHECK(chmod(path, 0600) == 0);
    CHECK(append(chain, "intent", 3));
    CHECK_INT(verify(path, &report), AUDIT_FITS);
    CHECK_INT(report.lines, 3);
    CHECK_INT(report.results, 1);
}

/* Whoever is told that the line is not there would write it again. */
static void a_line_that_is_not_on_the_disk_is_taken_back(void)
{
    const char *path = fresh_path();
    cleanup_report audit_report report;
    cleanup_chain audit_chain *chain = audit_chain_new(path, true);
    CHECK(append(chain, "intent", 1));
    size_t size = read_content(path);
    CHECK(audit_chain_keep(chain, "result", ",\"id\":\"0000000000000001\"", 1000));
    disk_fails = true;
    bool appended = append(chain, "intent", 2);
    disk_fails = false;
    CHECK(!appended);
    CHECK(strstr(chain->why, "cannot be synced: Input/output error") != NULL);
    CHECK_INT(read_content(path), size);
    CHECK(append(chain, "intent", 3));
    CHECK_INT(verify(path, &report), AUDIT_FITS);
    CHECK_INT(report.lines, 4);
    CHECK_INT(report.results, 1);
}

/* The lock of an open file is that of both, so that it would keep neither out. */
static void a_forked_process_opens_the_file_anew(void)
{
    const char *path = fresh_path();
    char stamp[AUDIT_CHAIN_STAMP];
    cleanup_report audit_report report;
    cleanup_chain audit_chain *chain = audit_chain_new(path, false);
    CHECK(append(chain, "intent", 1));
    CHECK(audit_chain_keep(chain, "result", ",\"id\":\"0000000000000009\"", 1000));
    pid_t child = fork();
    if (child == 0) {
        audit_chain_stamp(chain, stamp);
        _exit(chain->descriptor == -1 && append(chain, "result", 1) ? 0 : 1);
    }
    int ended = -1;
    CHECK(child > 0 && waitpid(child, &ended, 0) == child);
    CHECK_INT(ended, 0);
    audit_chain_stamp(chain, stamp);
    CHECK(chain->descriptor != -1);
    CHECK(append(chain, "intent", 2));
    CHECK_INT(verify(path, &report), AUDIT_FITS);
    CHECK_INT(report.lines, 5);
}

static void a_block_of_a_long_line_is_given_back(void)
{
    const char *path = fresh_path();
    cleanup_report audit_report report;
    cleanup_chain audit_chain *chain = audit_chain_new(path, false);
    size_t size = 2 * AUDIT_CHAIN_KEPT;
    char *members = malloc(size + 1);
    CHECK(members != NULL);
    snprintf(members, size + 1, ",\"x\":\"%0*d\"", (int)size - 7, 0);
    bool appended = audit_chain_append(chain, "intent", members);
    free(members);
    CHECK(appended);
    CHECK_INT(chain->out_capacity, 0);
    CHECK(append(chain, "result", 1));
    CHECK_INT(verify(path, &report), AUDIT_FITS);
    CHECK_INT(report.lines, 3);
}

static void what_others_can_write_or_lead_elsewhere_is_refused(void)
{
    const char *path = fresh_path();
    write_content(path, "", 0);
    CHECK(chmod(path, 0620) == 0);
    {
        cleanup_chain audit_chain *chain = audit_chain_new(path, false);
        CHECK(!append(chain, "intent", 1));
        CHECK(strstr(chain->why, "can be written by others") != NULL);
    }
    CHECK(unlink(path) == 0 && symlink("/dev/null", path) == 0);
    {
        cleanup_chain audit_chain *chain = audit_chain_new(path, false);
        CHECK(!append(chain, "intent", 1));
        CHECK(strstr(chain->why, "is a symbolic link") != NULL);
    }
    CHECK(unlink(path) == 0 && mkfifo(path, 0600) == 0);
    {
        cleanup_chain audit_chain *chain = audit_chain_new(path, false);
        CHECK(!append(chain, "intent", 1));
        CHECK(strstr(chain->why, "not a regular file") != NULL);
    }
    CHECK(unlink(path) == 0);
    cleanup_chain audit_chain *nowhere = audit_chain_new("/nowhere/at/all", false);
    CHECK(!append(nowhere, "intent", 1));
    CHECK(strstr(nowhere->why, "No such file") != NULL);
}

static void many_unfinished_calls_are_found(void)
{
    const char *path = fresh_path();
    cleanup_report audit_report report;
    cleanup_chain audit_chain *chain = audit_chain_new(path, false);
    unsigned long long sum = 0;
    for (unsigned i = 1; i <= 500; i++)
        CHECK(append(chain, "intent", i * 64));
    for (unsigned i = 1; i <= 500; i++)
        if (i % 5)
            CHECK(append(chain, "result", i * 64));
    CHECK_INT(verify(path, &report), AUDIT_FITS);
    CHECK_INT(report.unfinished_count, 100);
    for (size_t i = 0; i < report.unfinished_count; i++)
        sum += report.unfinished[i];
    CHECK_INT(sum, 64ULL * 5 * (100 * 101 / 2));
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(what_is_appended_fits),
    CHECK_CASE_ONCE(a_new_file_says_so),
    CHECK_CASE_ONCE(chains_of_two_writers_are_one),
    CHECK_CASE_ONCE(an_edited_line_shows),
    CHECK_CASE_ONCE(an_edited_form_shows),
    CHECK_CASE_ONCE(a_deleted_line_shows),
    CHECK_CASE_ONCE(a_missing_beginning_shows),
    CHECK_CASE_ONCE(swapped_lines_show),
    CHECK_CASE_ONCE(an_inserted_line_shows),
    CHECK_CASE_ONCE(an_empty_or_foreign_file_does_not_fit),
    CHECK_CASE_ONCE(missing_last_lines_show_against_a_hash_that_was_noted),
    CHECK_CASE_ONCE(a_torn_line_is_ended_and_told),
    CHECK_CASE_ONCE(a_line_that_is_being_written_is_not_torn),
    CHECK_CASE_ONCE(a_torn_first_line_is_ended_too),
    CHECK_CASE_ONCE(a_torn_line_after_a_torn_line_is_ended_too),
    CHECK_CASE_ONCE(a_torn_line_of_another_length_does_not_fit),
    CHECK_CASE_ONCE(a_file_that_ends_strangely_is_not_continued),
    CHECK_CASE_ONCE(a_file_that_was_moved_away_is_begun_anew),
    CHECK_CASE_ONCE(a_file_that_was_deleted_or_replaced_is_left_at_once),
    CHECK_CASE_ONCE(kept_lines_come_before_the_next_and_at_the_end),
    CHECK_CASE_ONCE(lines_are_kept_for_their_time_and_up_to_a_size),
    CHECK_CASE_ONCE(what_could_not_be_written_is_still_kept),
    CHECK_CASE_ONCE(a_line_that_is_not_on_the_disk_is_taken_back),
    CHECK_CASE_ONCE(a_forked_process_opens_the_file_anew),
    CHECK_CASE_ONCE(a_block_of_a_long_line_is_given_back),
    CHECK_CASE_ONCE(what_others_can_write_or_lead_elsewhere_is_refused),
    CHECK_CASE_ONCE(many_unfinished_calls_are_found),
};
CHECK_MAIN(cases)
