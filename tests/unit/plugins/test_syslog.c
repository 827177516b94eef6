/* SPDX-License-Identifier: MIT */
/* The syslog plugin against a socket of ours: a log that was started anew, and long lines. */
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "base/text.h"
#include "compiled_call.h"

static struct sockaddr_un address;

/* A log that listens, in the place of one before; -1: none. */
static int listen_as(int type)
{
    int made = socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    address.sun_family = AF_UNIX;
    snprintf(address.sun_path, sizeof(address.sun_path), "%s/log", check_folder());
    unlink(address.sun_path);
    if (made >= 0 && bind(made, (const struct sockaddr *)&address, sizeof(address)) == 0)
        return made;
    close(made);
    return -1;
}

static int listen_there(void)
{
    return listen_as(SOCK_DGRAM);
}

static thingspace_status load(instance **out)
{
    char from[400], module[400], options[200];
    snprintf(from, sizeof(from), "%s/syslog.so", PLUGINS);
    snprintf(module, sizeof(module), "%s/syslog.so", check_folder());
    snprintf(options, sizeof(options), "{\"socket\":\"%s\"}", address.sun_path);
    if (access(module, F_OK) != 0)
        compiled_copy(from, module, -1);
    return compiled_load_row(out, module, options, NULL, NULL);
}

static void close_socket(const int *descriptor)
{
    if (*descriptor >= 0)
        close(*descriptor);
}
#define cleanup_socket __attribute__((cleanup(close_socket)))

static void a_log_that_was_started_anew_gets_the_next_line(void)
{
    char line[2048];
    cleanup_compiled_call compiled_call call;
    cleanup_instance instance *made = NULL;
    CHECK_OK(compiled_call_init(&call));
    compiled_call_fail(&call);
    for (int i = 0; i < 3; i++) {
        cleanup_socket int log = listen_there();
        CHECK(log >= 0);
        if (!made)
            CHECK_OK(load(&made));
        CHECK_OK(compiled_call_run(&call, made, PHASE_AUDIT));
        CHECK(recv(log, line, sizeof(line), 0) > 0);
    }
}

/* As the log of some systems is; its lines end as those of syslog(3). */
static void a_log_that_is_a_stream_gets_lines_that_end(void)
{
    cleanup_compiled_call compiled_call call;
    cleanup_instance instance *made = NULL;
    CHECK_OK(compiled_call_init(&call));
    compiled_call_fail(&call);
    for (int i = 0; i < 2; i++) {
        char lines[4096];
        cleanup_socket int log = listen_as(SOCK_STREAM);
        CHECK(log >= 0 && listen(log, 4) == 0);
        if (!made)
            CHECK_OK(load(&made));
        CHECK_OK(compiled_call_run(&call, made, PHASE_AUDIT));
        CHECK_OK(compiled_call_run(&call, made, PHASE_AUDIT));
        cleanup_socket int taken = accept(log, NULL, NULL);
        CHECK(taken >= 0);
        ssize_t size = recv(taken, lines, sizeof(lines), 0);
        CHECK(size > 2 && lines[size - 1] == '\0');
        const char *second = lines + strlen(lines) + 1;
        CHECK(lines[0] == '<' && second < lines + size && second[0] == '<');
        CHECK(second + strlen(second) + 1 == lines + size);
    }
}

/* At each length one of the characters of two bytes would be cut. */
static void a_long_line_is_cut_between_two_characters(void)
{
    for (size_t shift = 0; shift < 2; shift++) {
        char line[4096], reason[2048] = "";
        cleanup_compiled_call compiled_call call;
        cleanup_instance instance *made = NULL;
        cleanup_socket int log = listen_there();
        CHECK(log >= 0);
        CHECK_OK(compiled_call_init(&call));
        compiled_call_fail(&call);
        for (size_t i = shift; i + 2 < sizeof(reason); i += 2)
            memcpy(reason + i, "\xc3\xa9", 3);
        memset(reason, 'x', shift);
        call.view.reason = reason;
        CHECK_OK(load(&made));
        CHECK_OK(compiled_call_run(&call, made, PHASE_AUDIT));
        ssize_t size = recv(log, line, sizeof(line), 0);
        CHECK(size == 1023 || size == 1024);
        CHECK(text_is_utf8(line, (size_t)size));
    }
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(a_log_that_was_started_anew_gets_the_next_line),
    CHECK_CASE_ONCE(a_log_that_is_a_stream_gets_lines_that_end),
    CHECK_CASE_ONCE(a_long_line_is_cut_between_two_characters),
};
CHECK_MAIN(cases)
