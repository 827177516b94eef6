/* SPDX-License-Identifier: MIT */
/*
 * One line to the system's log for each changing call, and for each call that failed. syslog(3)
 * belongs to the whole process, so the plugin has a socket of its own: datagrams, or the lines of a
 * stream, in the form of RFC 3164, never waited for; what the log does not take is the hook's
 * failure, which is counted.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <syslog.h>
#include <thingspace/plugin.h>
#include <time.h>
#include <unistd.h>
#include "../text.h"

/* RFC 3164: longer ones may be cut or dropped on their way. */
#define MOST_BYTES 1024

typedef struct target {
    int facility, level_ok, level_failed;
    char ident[64];
    struct sockaddr_un address;
    int socket;  /* -1: not connected */
    bool stream; /* lines end with a NUL, as syslog(3) ends them */
} target;

typedef struct word {
    const char *name;
    int value;
} word;

static const word facilities[] = {
    {"user", LOG_USER},
    {"daemon", LOG_DAEMON},
    {"auth", LOG_AUTH},
    {"authpriv", LOG_AUTHPRIV},
    {"local0", LOG_LOCAL0},
    {"local1", LOG_LOCAL1},
    {"local2", LOG_LOCAL2},
    {"local3", LOG_LOCAL3},
    {"local4", LOG_LOCAL4},
    {"local5", LOG_LOCAL5},
    {"local6", LOG_LOCAL6},
    {"local7", LOG_LOCAL7},
    {NULL, 0},
};

static const word levels[] = {
    {"emerg", LOG_EMERG}, {"alert", LOG_ALERT},     {"crit", LOG_CRIT},
    {"err", LOG_ERR},     {"warning", LOG_WARNING}, {"notice", LOG_NOTICE},
    {"info", LOG_INFO},   {"debug", LOG_DEBUG},     {NULL, 0},
};

static const thingspace_plugin_option options[] = {
    {"facility", "string", 0, "\"user\"", "user, daemon, auth, authpriv, local0 to local7"},
    {"ident", "string", 0, "\"thingspace\"", "the program's name in the log"},
    {"level_ok", "string", 0, "\"info\"", "of a call that succeeded: debug, info, notice, ..."},
    {"level_failed", "string", 0, "\"warning\"", "of a call that failed"},
    {"socket", "string", 0, "\"/dev/log\"", "where the system's log listens"},
    {NULL, NULL, 0, NULL, NULL},
};

/* --- sending --- */

static void disconnect(target *self)
{
    if (self->socket >= 0)
        close(self->socket);
    self->socket = -1;
}

static bool connect_as(target *self, int type)
{
    disconnect(self);
    self->stream = type == SOCK_STREAM;
    self->socket = socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    return self->socket >= 0 && connect(self->socket, (const struct sockaddr *)&self->address,
                                        sizeof(self->address)) == 0;
}

static bool connect_again(target *self)
{
    return connect_as(self, SOCK_DGRAM) || (errno == EPROTOTYPE && connect_as(self, SOCK_STREAM));
}

/* A stream that took half a line would join the next one to it. */
static bool send_whole(target *self, const text *line)
{
    size_t size = line->size + (self->stream ? 1 : 0);
    ssize_t sent = send(self->socket, line->data, size, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent >= 0 && (size_t)sent < size) {
        disconnect(self);
        errno = EAGAIN;
    }
    return sent >= 0 && (size_t)sent == size;
}

/* The log may have been started anew since the last line: one more try on a new connection. */
static bool send_line(target *self, const text *line)
{
    for (int tries = 0; tries < 2; tries++) {
        if (self->socket < 0 && !connect_again(self))
            break;
        if (send_whole(self, line))
            return true;
        if (errno == EAGAIN || errno == ENOBUFS)
            return false;
        disconnect(self);
    }
    int reason = errno;
    disconnect(self);
    errno = reason;
    return false;
}

/* --- the line --- */

/* RFC 3164 has names of months, in English whatever the locale. */
static void begin_line(text *line, const target *self, int level)
{
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    time_t now = time(NULL);
    struct tm parts;
    localtime_r(&now, &parts);
    text_print(line, "<%d>%s %2d %02d:%02d:%02d %s[%ld]:", self->facility | level,
               months[parts.tm_mon], parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
               self->ident, (long)getpid());
}

static void add_quoted(text *line, const char *name, const char *value)
{
    if (!value)
        return;
    text_print(line, " %s=\"", name);
    text_escape(line, value);
    text_append(line, "\"", 1);
}

/* Codes are the service's and plugins': one with a blank must not look like a member of its own. */
static void add_word(text *line, const char *name, const char *value)
{
    if (!value)
        return;
    for (const char *at = value; *at; at++) {
        if (*at < '!' || *at > '~' || *at == '"' || *at == '\\') {
            add_quoted(line, name, value);
            return;
        }
    }
    text_print(line, " %s=", name);
    text_append(line, value, strlen(value));
}

static void write_line(text *line, thingspace_hook *hook)
{
    long long status = thingspace_hook_number(hook, THINGSPACE_FIELD_EVENT_STATUS);
    add_word(line, "id", thingspace_hook_text(hook, THINGSPACE_FIELD_EVENT_ID));
    add_word(line, "account", thingspace_hook_text(hook, THINGSPACE_FIELD_EVENT_ACCOUNT));
    add_word(line, "operation", thingspace_hook_text(hook, THINGSPACE_FIELD_EVENT_OPERATION));
    add_word(line, "service", thingspace_hook_text(hook, THINGSPACE_FIELD_EVENT_SERVICE));
    add_word(line, "tenant", thingspace_hook_text(hook, THINGSPACE_FIELD_EVENT_TENANT));
    add_word(line, "method", thingspace_hook_text(hook, THINGSPACE_FIELD_EVENT_METHOD));
    add_word(line, "kind", thingspace_hook_text(hook, THINGSPACE_FIELD_EVENT_KIND));
    if (status)
        text_print(line, " status=%lld", status);
    text_print(line, " ms=%lld", thingspace_hook_number(hook, THINGSPACE_FIELD_EVENT_DURATION_MS));
    add_word(line, "code", thingspace_hook_text(hook, THINGSPACE_FIELD_EVENT_CODE));
    add_quoted(line, "reason", thingspace_hook_text(hook, THINGSPACE_FIELD_EVENT_REASON));
    add_quoted(line, "message", thingspace_hook_text(hook, THINGSPACE_FIELD_EVENT_MESSAGE));
}

/* At most MOST_BYTES, and no part of a character at the end. */
static void cut(text *line)
{
    if (line->failed || line->size <= MOST_BYTES)
        return;
    line->size = MOST_BYTES;
    while (line->size > 0 && ((unsigned char)line->data[line->size] & 0xc0) == 0x80)
        line->size--;
    line->data[line->size] = '\0';
}

static bool is_worth_a_line(const thingspace_hook *hook, bool failed)
{
    const char *method = thingspace_hook_text(hook, THINGSPACE_FIELD_EVENT_METHOD);
    return failed || !method || strcmp(method, "GET") != 0;
}

static int note_event(void *object, thingspace_hook *hook)
{
    target *self = object;
    text line = TEXT_INIT;
    const char *kind = thingspace_hook_text(hook, THINGSPACE_FIELD_EVENT_KIND);
    bool failed = kind && strcmp(kind, "ok") != 0;
    if (!is_worth_a_line(hook, failed))
        return 0;
    begin_line(&line, self, failed ? self->level_failed : self->level_ok);
    write_line(&line, hook);
    cut(&line);
    int result = 0;
    if (line.failed)
        result = thingspace_hook_fail(hook, "out of memory");
    else if (!send_line(self, &line)) {
        char why[192];
        snprintf(why, sizeof(why), "%s does not take the line: %s", self->address.sun_path,
                 strerror(errno));
        result = thingspace_hook_fail(hook, why);
    }
    text_free(&line);
    return result;
}

/* --- life --- */

static bool find_word(int *out, const word *words, const char *name)
{
    for (; words->name; words++) {
        if (strcmp(words->name, name) == 0) {
            *out = words->value;
            return true;
        }
    }
    return false;
}

static bool is_ident(const char *ident, size_t most)
{
    size_t size = strlen(ident);
    for (const char *at = ident; *at; at++)
        if (*at <= ' ' || *at >= 0x7f)
            return false;
    return size > 0 && size < most && !strpbrk(ident, ":[]");
}

/* NULL, or what is wrong. */
static const char *read_options(target *self, thingspace_hook *hook)
{
    const char *ident = thingspace_hook_option_text(hook, "ident");
    const char *path = thingspace_hook_option_text(hook, "socket");
    if (!find_word(&self->facility, facilities, thingspace_hook_option_text(hook, "facility")))
        return "option facility is user, daemon, auth, authpriv, or local0 to local7";
    if (!find_word(&self->level_ok, levels, thingspace_hook_option_text(hook, "level_ok")))
        return "option level_ok is debug, info, notice, warning, err, crit, alert or emerg";
    if (!find_word(&self->level_failed, levels, thingspace_hook_option_text(hook, "level_failed")))
        return "option level_failed is debug, info, notice, warning, err, crit, alert or emerg";
    if (!is_ident(ident, sizeof(self->ident)))
        return "option ident is a word of up to 63 ASCII characters without colons and brackets";
    if (path[0] != '/' || strlen(path) >= sizeof(self->address.sun_path))
        return "option socket is an absolute path of up to 107 bytes";
    strcpy(self->ident, ident);
    strcpy(self->address.sun_path, path);
    self->address.sun_family = AF_UNIX;
    return NULL;
}

static int create(thingspace_hook *hook, void **out)
{
    target *self = calloc(1, sizeof(*self));
    if (!self)
        return thingspace_hook_fail(hook, "out of memory");
    self->socket = -1;
    const char *wrong = read_options(self, hook);
    if (wrong) {
        free(self);
        return thingspace_hook_fail(hook, wrong);
    }
    *out = self;
    return 0;
}

static void destroy(void *object)
{
    disconnect(object);
    free(object);
}

THINGSPACE_PLUGIN(.name = "syslog", .version = "1.0.0", .options = options, .create = create,
                  .destroy = destroy, .audit = note_event)
