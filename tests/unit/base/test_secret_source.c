/* SPDX-License-Identifier: MIT */
/*
 * Secret sources: what a file, pipe, variable, credential or value must be like. No
 * message may quote the secret. Commands have a file of their own.
 */
#include <config.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/limits.h"
#include "base/secret_file.h"
#include "base/secret_source.h"
#include "check.h"

static void free_source(secret_source **source)
{
    secret_source_free(*source);
}

#define cleanup_source __attribute__((cleanup(free_source)))

/* The last error and warnings, of the test that runs. */
static thingspace_error failure = THINGSPACE_ERROR_INIT;
static char warning[600];
static int warnings;

static void keep_warning(void *user, thingspace_log_level level, const char *line)
{
    (void)user;
    if (level == THINGSPACE_LOG_WARNING)
        warnings++;
    snprintf(warning, sizeof(warning), "%s", line);
}

static const log_target warning_log = {keep_warning, NULL, THINGSPACE_LOG_DEBUG};

static thingspace_status resolve(secret_source *source, thingspace_secret **out)
{
    secret_cleanup(out);
    return secret_source_resolve(source, out, &warning_log, &failure);
}

static thingspace_status read_path(thingspace_secret **out, const char *path)
{
    cleanup_source secret_source *source = NULL;
    thingspace_status status = secret_source_file(&source, NULL, path, &failure);
    return status == THINGSPACE_OK ? resolve(source, out) : status;
}

static const char *file_of_bytes(const char *bytes, size_t size)
{
    const char *path = check_file("bytes", "");
    FILE *file = fopen(path, "w");
    if (!file || fwrite(bytes, 1, size, file) != size || fclose(file) != 0)
        abort();
    return path;
}

static bool message_has(const char *text)
{
    return strstr(failure.message, text) != NULL;
}

/* ---- files ---- */

static void a_file_gives_its_line(void)
{
    cleanup_secret thingspace_secret *secret = NULL;
    CHECK_OK(read_path(&secret, check_file("key", "hunter2")));
    CHECK_TEXT(secret_bytes(secret), "hunter2");
}

static void a_final_line_end_is_dropped(void)
{
    cleanup_secret thingspace_secret *secret = NULL;
    CHECK_OK(read_path(&secret, check_file("key", "hunter2\n")));
    CHECK_TEXT(secret_bytes(secret), "hunter2");
    secret_cleanup(&secret);
    CHECK_OK(read_path(&secret, check_file("key", "hunter2\r\n")));
    CHECK_TEXT(secret_bytes(secret), "hunter2");
}

static void blanks_are_kept(void)
{
    cleanup_secret thingspace_secret *secret = NULL;
    CHECK_OK(read_path(&secret, check_file("key", " hunter2\t \n")));
    CHECK_TEXT(secret_bytes(secret), " hunter2\t ");
}

static void any_other_line_break_is_refused(void)
{
    static const char *const contents[] = {"hunter2\n\n", "\nhunter2", "hunter2\nx", "hunter2\r",
                                           "hun\rter2\n"};
    for (size_t i = 0; i < sizeof(contents) / sizeof(contents[0]); i++) {
        cleanup_secret thingspace_secret *secret = NULL;
        CHECK_STATUS(read_path(&secret, check_file("key", contents[i])), THINGSPACE_AUTH);
        CHECK(secret == NULL);
        CHECK(message_has("more than one line"));
        CHECK(!message_has("hunter2"));
    }
}

static void a_nul_is_refused(void)
{
    cleanup_secret thingspace_secret *secret = NULL;
    CHECK_STATUS(read_path(&secret, file_of_bytes("hunter2\0", 8)), THINGSPACE_AUTH);
    CHECK(message_has("NUL"));
    CHECK(!message_has("hunter2"));
}

static void an_empty_file_is_refused(void)
{
    static const char *const contents[] = {"", "\n", "\r\n"};
    for (size_t i = 0; i < 3; i++) {
        cleanup_secret thingspace_secret *secret = NULL;
        CHECK_STATUS(read_path(&secret, check_file("key", contents[i])), THINGSPACE_AUTH);
        CHECK(message_has("is empty"));
    }
}

static void the_longest_secret_is_read_and_a_longer_one_refused(void)
{
    static char bytes[LIMIT_SECRET_BYTES + 3];
    cleanup_secret thingspace_secret *secret = NULL;
    memset(bytes, 'x', sizeof(bytes));
    bytes[LIMIT_SECRET_BYTES] = '\n';
    CHECK_OK(read_path(&secret, file_of_bytes(bytes, LIMIT_SECRET_BYTES + 1)));
    CHECK_INT(secret_size(secret), LIMIT_SECRET_BYTES);
    bytes[LIMIT_SECRET_BYTES] = 'x';
    for (size_t more = 1; more <= 3; more++) {
        secret_cleanup(&secret);
        CHECK_STATUS(read_path(&secret, file_of_bytes(bytes, LIMIT_SECRET_BYTES + more)),
                     THINGSPACE_AUTH);
        CHECK(message_has("longer than 65536"));
        CHECK(!message_has("xxx"));
    }
}

static void a_link_is_followed(void)
{
    char link[500];
    cleanup_secret thingspace_secret *secret = NULL;
    const char *path = check_file("target", "hunter2\n");
    snprintf(link, sizeof(link), "%s-link", path);
    unlink(link);
    CHECK_INT(symlink(path, link), 0);
    CHECK_OK(read_path(&secret, link));
    CHECK_TEXT(secret_bytes(secret), "hunter2");
}

static void a_file_that_every_user_can_read_is_warned_about_once(void)
{
    cleanup_secret thingspace_secret *secret = NULL;
    cleanup_source secret_source *source = NULL;
    const char *path = check_file("public", "hunter2\n");
    CHECK_INT(chmod(path, 0644), 0);
    warnings = 0;
    CHECK_OK(secret_source_file(&source, NULL, path, NULL));
    CHECK_OK(resolve(source, &secret));
    CHECK_OK(resolve(source, &secret));
    CHECK_INT(warnings, 1);
    CHECK(strstr(warning, "chmod o-r") != NULL);
    CHECK(strstr(warning, "hunter2") == NULL);
}

static void programs_read_secret_files_by_the_same_rules(void)
{
    const char *path = check_file("of_a_program", "s3cret\n");
    cleanup_secret thingspace_secret *secret = NULL;
    CHECK_OK(thingspace_secret_from_file(&secret, path, NULL, NULL, &failure));
    CHECK_TEXT(secret_bytes(secret), "s3cret");
    secret_cleanup(&secret);
    warnings = 0;
    CHECK_INT(chmod(path, 0644), 0);
    CHECK_OK(thingspace_secret_from_file(&secret, path, keep_warning, NULL, &failure));
    CHECK_INT(warnings, 1);
    secret_cleanup(&secret);
    CHECK_STATUS(thingspace_secret_from_file(&secret, NULL, NULL, NULL, &failure),
                 THINGSPACE_USAGE);
    CHECK_STATUS(thingspace_secret_from_file(&secret, "/nonexistent", NULL, NULL, &failure),
                 THINGSPACE_LOCAL);
    CHECK(secret == NULL);
}

static void a_private_file_is_not_warned_about(void)
{
    cleanup_secret thingspace_secret *secret = NULL;
    warnings = 0;
    CHECK_OK(read_path(&secret, check_file("private", "hunter2\n")));
    CHECK_INT(warnings, 0);
}

static void a_file_that_others_can_write_is_refused(void)
{
    static const mode_t modes[] = {0620, 0602};
    for (size_t i = 0; i < 2; i++) {
        cleanup_secret thingspace_secret *secret = NULL;
        const char *path = check_file("open", "hunter2\n");
        CHECK_INT(chmod(path, modes[i]), 0);
        CHECK_STATUS(read_path(&secret, path), THINGSPACE_AUTH);
        CHECK(message_has("chmod go-w /"));
    }
}

static void a_relative_name_is_below_the_folder(void)
{
    cleanup_secret thingspace_secret *secret = NULL;
    cleanup_source secret_source *relative = NULL, *absolute = NULL;
    const char *path = check_file("key", "hunter2\n");
    CHECK_OK(secret_source_file(&relative, check_folder(), "key", NULL));
    CHECK_OK(resolve(relative, &secret));
    CHECK_TEXT(secret_bytes(secret), "hunter2");
    CHECK_OK(secret_source_file(&absolute, "/nowhere", path, NULL));
    CHECK_OK(resolve(absolute, &secret));
}

static void an_absent_file_is_named(void)
{
    cleanup_secret thingspace_secret *secret = NULL;
    CHECK_STATUS(read_path(&secret, "/nonexistent/key"), THINGSPACE_AUTH);
    CHECK(message_has("file /nonexistent/key"));
    CHECK(message_has("No such file"));
}

static void a_file_without_name_is_refused(void)
{
    cleanup_source secret_source *source = NULL;
    CHECK_STATUS(secret_source_file(&source, "/etc", "", NULL), THINGSPACE_USAGE);
    CHECK(source == NULL);
}

static void a_file_is_read_again_after_rotation(void)
{
    cleanup_secret thingspace_secret *secret = NULL;
    cleanup_source secret_source *source = NULL;
    CHECK_OK(secret_source_file(&source, NULL, check_file("key", "old"), NULL));
    CHECK_OK(resolve(source, &secret));
    CHECK_TEXT(secret_bytes(secret), "old");
    check_file("key", "new");
    CHECK_OK(resolve(source, &secret));
    CHECK_TEXT(secret_bytes(secret), "new");
}

static void directories_and_devices_are_refused(void)
{
    cleanup_secret thingspace_secret *secret = NULL;
    CHECK_STATUS(read_path(&secret, check_folder()), THINGSPACE_AUTH);
    CHECK(message_has("is a directory"));
    CHECK_STATUS(read_path(&secret, "/dev/zero"), THINGSPACE_AUTH);
    CHECK(message_has("neither a file nor a pipe"));
}

static void a_socket_is_refused(void)
{
    cleanup_secret thingspace_secret *secret = NULL;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof(address.sun_path), "%s/socket", check_folder());
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int bound = bind(descriptor, (struct sockaddr *)&address, sizeof(address));
    thingspace_status status = read_path(&secret, address.sun_path);
    unlink(address.sun_path);
    close(descriptor);
    CHECK_INT(bound, 0);
    CHECK_STATUS(status, THINGSPACE_AUTH);
    CHECK(message_has("neither a file nor a pipe"));
}

/* ---- pipes ---- */

static void close_ends(int (*ends)[2])
{
    for (size_t i = 0; i < 2; i++)
        if ((*ends)[i] >= 0)
            close((*ends)[i]);
}

static void a_descriptor_of_a_pipe_is_read_and_kept(void)
{
    static const char *const forms[] = {"/dev/fd/", "/proc/self/fd/"};
    for (size_t i = 0; i < 2; i++) {
        __attribute__((cleanup(close_ends))) int ends[2] = {-1, -1};
        char path[64];
        cleanup_secret thingspace_secret *secret = NULL;
        cleanup_source secret_source *source = NULL;
        CHECK_INT(pipe2(ends, O_CLOEXEC), 0);
        CHECK_INT(write(ends[1], "hunter2\n", 8), 8);
        close(ends[1]);
        ends[1] = -1;
        snprintf(path, sizeof(path), "%s%d", forms[i], ends[0]);
        CHECK_OK(secret_source_file(&source, NULL, path, NULL));
        CHECK_OK(resolve(source, &secret));
        CHECK_OK(resolve(source, &secret));
        CHECK_TEXT(secret_bytes(secret), "hunter2");
    }
}

static const char *new_fifo(void)
{
    static char path[400];
    snprintf(path, sizeof(path), "%s/fifo", check_folder());
    unlink(path);
    return mkfifo(path, 0600) == 0 ? path : NULL;
}

/* Writes in two parts, late: the reader must wait for a writer and for the rest. */
static pid_t start_writer(const char *path)
{
    pid_t child = fork();
    if (child != 0)
        return child;
    usleep(50000);
    int descriptor = open(path, O_WRONLY | O_CLOEXEC);
    bool good = write(descriptor, "hun", 3) == 3;
    usleep(50000);
    good = good && write(descriptor, "ter2\n", 5) == 5;
    _exit(good ? 0 : 1);
}

static void a_fifo_is_waited_for(void)
{
    cleanup_secret thingspace_secret *secret = NULL;
    const char *path = new_fifo();
    CHECK(path != NULL);
    pid_t writer = start_writer(path);
    thingspace_status status = read_path(&secret, path);
    waitpid(writer, NULL, 0);
    CHECK_OK(status);
    CHECK_TEXT(secret_bytes(secret), "hunter2");
}

static void a_fifo_without_writer_times_out(void)
{
    cleanup_secret thingspace_secret *secret = NULL;
    secret_file_answer answer;
    const char *path = new_fifo();
    CHECK(path != NULL);
    int64_t start = clock_monotonic_ms();
    CHECK_STATUS(secret_file_read(&secret, &answer, path, "file fifo", 60, &failure),
                 THINGSPACE_AUTH);
    CHECK(clock_monotonic_ms() - start < 20000);
    CHECK_TEXT(failure.message, "file fifo did not end in time; check what writes it");
}

/* ---- variables, credentials, values, functions ---- */

static void a_variable_is_copied_when_the_source_is_made(void)
{
    cleanup_secret thingspace_secret *secret = NULL;
    cleanup_source secret_source *source = NULL;
    setenv("TEST_SECRET", "hunter2", 1);
    CHECK_OK(secret_source_env(&source, "TEST_SECRET", &failure));
    unsetenv("TEST_SECRET");
    CHECK_OK(resolve(source, &secret));
    CHECK_TEXT(secret_bytes(secret), "hunter2");
    CHECK_TEXT(secret_source_description(source), "variable TEST_SECRET");
}

static void a_variable_is_missed_only_when_it_is_used(void)
{
    for (int i = 0; i < 2; i++) {
        cleanup_secret thingspace_secret *secret = NULL;
        cleanup_source secret_source *source = NULL;
        if (i == 0)
            unsetenv("TEST_SECRET");
        else
            setenv("TEST_SECRET", "", 1);
        CHECK_OK(secret_source_env(&source, "TEST_SECRET", &failure));
        CHECK_STATUS(resolve(source, &secret), THINGSPACE_AUTH);
        CHECK(message_has("variable TEST_SECRET is not set, or empty"));
    }
}

static void a_variable_follows_the_rules_of_files(void)
{
    cleanup_source secret_source *source = NULL;
    setenv("TEST_SECRET", "hunter2\nx", 1);
    CHECK_STATUS(secret_source_env(&source, "TEST_SECRET", &failure), THINGSPACE_AUTH);
    CHECK(!message_has("hunter2"));
    CHECK(source == NULL);
}

static void a_credential_is_a_file_of_systemds_directory(void)
{
    cleanup_secret thingspace_secret *secret = NULL;
    cleanup_source secret_source *source = NULL;
    check_file("ts.password", "hunter2\n");
    setenv("CREDENTIALS_DIRECTORY", check_folder(), 1);
    CHECK_OK(secret_source_credential(&source, "ts.password", NULL));
    unsetenv("CREDENTIALS_DIRECTORY");
    CHECK_OK(resolve(source, &secret));
    CHECK_TEXT(secret_bytes(secret), "hunter2");
    CHECK_TEXT(secret_source_description(source), "credential ts.password");
}

static void a_credential_without_systemd_is_refused_when_used(void)
{
    cleanup_secret thingspace_secret *secret = NULL;
    cleanup_source secret_source *source = NULL;
    unsetenv("CREDENTIALS_DIRECTORY");
    CHECK_OK(secret_source_credential(&source, "password", NULL));
    CHECK_STATUS(resolve(source, &secret), THINGSPACE_AUTH);
    CHECK(message_has("CREDENTIALS_DIRECTORY"));
}

static void a_credential_name_cannot_lead_elsewhere(void)
{
    static const char *const names[] = {"", ".", "..", "../shadow", "a/b"};
    for (size_t i = 0; i < 5; i++) {
        cleanup_source secret_source *source = NULL;
        CHECK_STATUS(secret_source_credential(&source, names[i], NULL), THINGSPACE_USAGE);
    }
}

static void a_value_is_shared(void)
{
    cleanup_secret thingspace_secret *value = NULL, *secret = NULL;
    cleanup_source secret_source *source = NULL;
    CHECK_OK(thingspace_secret_new(&value, "hunter2", 7, NULL));
    CHECK_OK(secret_source_value(&source, value, "option password", NULL));
    CHECK_OK(resolve(source, &secret));
    CHECK(secret == value);
    CHECK_TEXT(secret_source_description(source), "option password");
}

static void an_empty_value_is_refused(void)
{
    cleanup_secret thingspace_secret *value = NULL, *secret = NULL;
    cleanup_source secret_source *source = NULL;
    CHECK_OK(thingspace_secret_new(&value, "", 0, NULL));
    CHECK_OK(secret_source_value(&source, value, "option password", NULL));
    CHECK_STATUS(resolve(source, &secret), THINGSPACE_AUTH);
    CHECK(secret == NULL);
    CHECK(message_has("option password is empty"));
}

static thingspace_status count_and_give(void *user, thingspace_secret **out,
                                        thingspace_error *error)
{
    int *count = user;
    ++*count;
    return *count > 2 ? THINGSPACE_OK : thingspace_secret_new(out, "hunter2", 7, error);
}

static void a_function_is_asked_each_time(void)
{
    int count = 0;
    cleanup_secret thingspace_secret *secret = NULL;
    cleanup_source secret_source *source = NULL;
    CHECK_OK(secret_source_function(&source, count_and_give, &count, "prompt", NULL));
    CHECK_OK(resolve(source, &secret));
    CHECK_OK(resolve(source, &secret));
    CHECK_INT(count, 2);
    CHECK_STATUS(resolve(source, &secret), THINGSPACE_AUTH);
    CHECK(message_has("prompt gave no secret"));
}

static void a_source_lives_until_its_last_owner_frees_it(void)
{
    cleanup_source secret_source *source = NULL;
    CHECK_OK(secret_source_file(&source, "/etc", "key", NULL));
    secret_source_free(secret_source_ref(source));
    CHECK_TEXT(secret_source_description(source), "file /etc/key");
    CHECK(secret_source_ref(NULL) == NULL);
}

static const check_case cases[] = {
    CHECK_CASE(a_file_gives_its_line),
    CHECK_CASE(a_final_line_end_is_dropped),
    CHECK_CASE(blanks_are_kept),
    CHECK_CASE(any_other_line_break_is_refused),
    CHECK_CASE(a_nul_is_refused),
    CHECK_CASE(an_empty_file_is_refused),
    CHECK_CASE(the_longest_secret_is_read_and_a_longer_one_refused),
    CHECK_CASE(a_link_is_followed),
    CHECK_CASE(a_file_that_every_user_can_read_is_warned_about_once),
    CHECK_CASE(programs_read_secret_files_by_the_same_rules),
    CHECK_CASE(a_private_file_is_not_warned_about),
    CHECK_CASE(a_file_that_others_can_write_is_refused),
    CHECK_CASE(a_relative_name_is_below_the_folder),
    CHECK_CASE(an_absent_file_is_named),
    CHECK_CASE(a_file_without_name_is_refused),
    CHECK_CASE(a_file_is_read_again_after_rotation),
    CHECK_CASE(directories_and_devices_are_refused),
    CHECK_CASE(a_socket_is_refused),
    CHECK_CASE(a_descriptor_of_a_pipe_is_read_and_kept),
    CHECK_CASE_ONCE(a_fifo_is_waited_for),
    CHECK_CASE_ONCE(a_fifo_without_writer_times_out),
    CHECK_CASE(a_variable_is_copied_when_the_source_is_made),
    CHECK_CASE(a_variable_is_missed_only_when_it_is_used),
    CHECK_CASE(a_variable_follows_the_rules_of_files),
    CHECK_CASE(a_credential_is_a_file_of_systemds_directory),
    CHECK_CASE(a_credential_without_systemd_is_refused_when_used),
    CHECK_CASE(a_credential_name_cannot_lead_elsewhere),
    CHECK_CASE(a_value_is_shared),
    CHECK_CASE(an_empty_value_is_refused),
    CHECK_CASE(a_function_is_asked_each_time),
    CHECK_CASE(a_source_lives_until_its_last_owner_frees_it),
};

CHECK_MAIN(cases)
