/* SPDX-License-Identifier: MIT */
/*
 * See prompt.h. Secret parts are typed without an echo; whatever signal comes meanwhile, the
 * terminal gets its echo back before the signal does its work. After a stop (Ctrl-Z) the question
 * is asked again.
 */
#include <config.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <termios.h>
#include <unistd.h>
#include "base/error.h"
#include "base/text.h"
#include "cli/prompt.h"

/* A line that the kernel's line editing takes. */
#define LONGEST_ANSWER 4096

typedef struct question {
    const char *part, *text;
    bool echo;
} question;

static const question questions[] = {
    {"key", "ThingSpace application key: ", true},
    {"secret", "ThingSpace application secret: ", false},
    {"username", "UWS username: ", true},
    {"password", "UWS password: ", false},
};

static const int caught[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU};
#define CAUGHT (sizeof(caught) / sizeof(caught[0]))

static volatile sig_atomic_t seen;

static void note_signal(int number)
{
    seen = number;
}

static void catch_signals(struct sigaction before[CAUGHT])
{
    struct sigaction action;
    memset(&action, 0, sizeof(action));
    action.sa_handler = note_signal;
    sigemptyset(&action.sa_mask);
    seen = 0;
    for (size_t i = 0; i < CAUGHT; i++)
        sigaction(caught[i], &action, &before[i]);
}

static void restore_signals(const struct sigaction before[CAUGHT])
{
    for (size_t i = 0; i < CAUGHT; i++)
        sigaction(caught[i], &before[i], NULL);
}

static void write_all(int terminal, const char *text)
{
    size_t left = strlen(text);
    while (left > 0) {
        ssize_t written = write(terminal, text, left);
        if (written < 0)
            return;
        text += written;
        left -= (size_t)written;
    }
}

/* The line without its end; -1 when none came (`seen` tells whether a signal was why). */
static ssize_t read_line(int terminal, char *line, size_t capacity)
{
    size_t size = 0;
    for (;;) {
        char byte;
        ssize_t got = read(terminal, &byte, 1);
        if (got < 0 || seen)
            return -1;
        if (got == 0 || byte == '\n')
            return got == 0 && size == 0 ? -1 : (ssize_t)size;
        if (size < capacity)
            line[size++] = byte;
    }
}

static ssize_t ask_once(int terminal, const question *question, char *line, size_t capacity)
{
    struct termios before, silent;
    bool changed = !question->echo && tcgetattr(terminal, &before) == 0;
    if (changed) {
        silent = before;
        silent.c_lflag &= ~(tcflag_t)ECHO;
        silent.c_lflag |= ECHONL;
        tcsetattr(terminal, TCSAFLUSH, &silent);
    }
    write_all(terminal, question->text);
    ssize_t size = read_line(terminal, line, capacity);
    if (changed)
        tcsetattr(terminal, TCSAFLUSH, &before);
    if (seen)
        write_all(terminal, "\n");
    return size;
}

static bool is_stop(int number)
{
    return number == SIGTSTP || number == SIGTTIN || number == SIGTTOU;
}

static ssize_t ask(int terminal, const question *question, char *line, size_t capacity)
{
    for (;;) {
        struct sigaction before[CAUGHT];
        catch_signals(before);
        ssize_t size = ask_once(terminal, question, line, capacity);
        restore_signals(before);
        if (!seen)
            return size;
        raise(seen);
        if (!is_stop(seen))
            return -1;
    }
}

static const question *find(const char *part)
{
    for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]); i++)
        if (text_equal(questions[i].part, part))
            return &questions[i];
    return NULL;
}

bool prompt_is_possible(void)
{
    int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (terminal < 0)
        return false;
    close(terminal);
    return true;
}

thingspace_status prompt_ask(void *user, const char *part, thingspace_secret **out,
                             thingspace_error *error)
{
    (void)user;
    char line[LONGEST_ANSWER];
    const question *question = find(part);
    int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (!question || terminal < 0) {
        if (terminal >= 0)
            close(terminal);
        return error_set(error, THINGSPACE_AUTH, "%s cannot be asked for: there is no terminal",
                         part);
    }
    ssize_t size = ask(terminal, question, line, sizeof(line));
    close(terminal);
    thingspace_status status;
    if (size > 0)
        status = thingspace_secret_new(out, line, (size_t)size, error);
    else if (seen)
        status = error_set(error, THINGSPACE_CANCELLED, "interrupted");
    else
        status = error_set(error, THINGSPACE_AUTH, "no %s was given", part);
    explicit_bzero(line, sizeof(line));
    return status;
}

static bool is_yes(char *line, size_t size)
{
    while (size > 0 && (line[size - 1] == ' ' || line[size - 1] == '\r'))
        size--;
    line[size] = '\0';
    return strcasecmp(line, "y") == 0 || strcasecmp(line, "yes") == 0;
}

thingspace_status prompt_confirm(bool *out, const char *text, thingspace_error *error)
{
    char line[16];
    const question question = {NULL, text, true};
    *out = false;
    int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (terminal < 0)
        return error_errno(error, THINGSPACE_LOCAL, errno, "the terminal cannot be used to ask");
    ssize_t size = ask(terminal, &question, line, sizeof(line) - 1);
    close(terminal);
    if (size < 0 && seen)
        return error_set(error, THINGSPACE_CANCELLED, "interrupted");
    *out = size > 0 && is_yes(line, (size_t)size);
    return THINGSPACE_OK;
}
