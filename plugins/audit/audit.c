/* SPDX-License-Identifier: MIT */
/*
 * Writes down every changing call before it is made and after: an intent line in the check phase,
 * without which nothing is sent, and a result line in the audit phase, both in a chain (chain.h).
 * Who runs the process is read once, when the instance is made; the file is opened by the first
 * line, so that checking a policy leaves no traces.
 */
#define _GNU_SOURCE
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <thingspace/plugin.h>
#include <unistd.h>
#include "../text.h"
#include "chain.h"

typedef struct audit {
    audit_chain *chain;
    bool reads_too;
    long long gather_ms;
    unsigned under_way; /* calls with an intent and no result */
    text who;           /* members that say who runs the process */
    text line;          /* the members of the line that is made */
} audit;

static const thingspace_plugin_option options[] = {
    {"file", "string", 1, NULL, "the audit file; relative to the policy's folder"},
    {"sync", "string", 0, "\"none\"",
     "data: each line is on the disk before the call goes on; none: the system writes when it "
     "likes"},
    {"gather_ms", "integer", 0, "0",
     "results may wait that long to be written with the next line; 0: each at once"},
    {"reads_too", "boolean", 0, "false", "also calls that change nothing (GET)"},
    {NULL, NULL, 0, NULL, NULL},
};

/* --- who --- */

static void add_user(text *who)
{
    struct passwd entry, *found = NULL;
    char room[4096];
    uid_t uid = getuid();
    if (getpwuid_r(uid, &entry, room, sizeof(room), &found) == 0 && found)
        text_member(who, "user", found->pw_name);
    text_print(who, ",\"uid\":%ld", (long)uid);
}

static void add_host(text *who)
{
    char host[256] = "";
    if (gethostname(host, sizeof(host) - 1) == 0)
        text_member(who, "host", host);
}

/* --- lines --- */

/* Id first: the chain's reader finds it there. */
static text *begin_line(audit *self, const char *id)
{
    char stamp[AUDIT_CHAIN_STAMP];
    text *line = &self->line;
    text_clear(line, AUDIT_CHAIN_KEPT);
    text_member(line, "id", id ? id : "0000000000000000");
    text_append(line, stamp, audit_chain_stamp(self->chain, stamp));
    text_append(line, self->who.data, self->who.size);
    return line;
}

static int end_line(audit *self, thingspace_hook *hook, const char *event)
{
    if (self->line.failed)
        return thingspace_hook_fail(hook, "out of memory");
    if (!audit_chain_append(self->chain, event, self->line.data))
        return thingspace_hook_fail(hook, self->chain->why);
    return 0;
}

static bool is_read(const char *method)
{
    return method && (strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0);
}

static int check(void *object, thingspace_hook *hook)
{
    audit *self = object;
    const char *method = thingspace_hook_text(hook, THINGSPACE_FIELD_REQUEST_METHOD);
    if (thingspace_hook_number(hook, THINGSPACE_FIELD_CALL_DRY_RUN) ||
        (is_read(method) && !self->reads_too))
        return 0;
    text *line = begin_line(self, thingspace_hook_text(hook, THINGSPACE_FIELD_CALL_ID));
    text_member(line, "account", thingspace_hook_text(hook, THINGSPACE_FIELD_CALL_ACCOUNT));
    text_member(line, "operation", thingspace_hook_text(hook, THINGSPACE_FIELD_CALL_OPERATION));
    text_member(line, "service", thingspace_hook_text(hook, THINGSPACE_FIELD_CALL_SERVICE));
    text_member(line, "url", thingspace_hook_text(hook, THINGSPACE_FIELD_CALL_URL));
    text_member(line, "method", method);
    text_member(line, "path", thingspace_hook_text(hook, THINGSPACE_FIELD_REQUEST_PATH));
    text_member(line, "reason", thingspace_hook_text(hook, THINGSPACE_FIELD_CALL_REASON));
    text_member(line, "plan", thingspace_hook_text(hook, THINGSPACE_FIELD_CALL_PLAN));
    text_member_json(line, "body", thingspace_hook_request_member(hook, ""));
    int failed = end_line(self, hook, "intent");
    self->under_way += !failed;
    return failed;
}

/* A call that failed before it had a method: of the operations known now, one only reads. */
static bool event_is_read(thingspace_hook *hook)
{
    const char *method = thingspace_hook_text(hook, THINGSPACE_FIELD_EVENT_METHOD);
    const char *operation = thingspace_hook_text(hook, THINGSPACE_FIELD_EVENT_OPERATION);
    return method ? is_read(method) : operation && strcmp(operation, "list") == 0;
}

/* Whether the line waits for the next one, which comes at the latest when the last call under way
 * ends. A result without an intent makes the count too small, so that one is written early. */
static bool gather(audit *self)
{
    self->under_way -= self->under_way > 0;
    return self->gather_ms > 0 && self->under_way > 0 && !self->line.failed &&
           audit_chain_keep(self->chain, "result", self->line.data, self->gather_ms);
}

static int note_event(void *object, thingspace_hook *hook)
{
    audit *self = object;
    if (event_is_read(hook) && !self->reads_too)
        return 0;
    text *line = begin_line(self, thingspace_hook_text(hook, THINGSPACE_FIELD_EVENT_ID));
    text_member_json(line, "call", thingspace_hook_event_json(hook));
    return gather(self) ? 0 : end_line(self, hook, "result");
}

/* --- life --- */

static void destroy(void *object)
{
    audit *self = object;
    audit_chain_free(self->chain);
    text_free(&self->who);
    text_free(&self->line);
    free(self);
}

static audit_chain *open_chain(thingspace_hook *hook, bool sync)
{
    text path = TEXT_INIT;
    const char *file = thingspace_hook_option_text(hook, "file");
    const char *folder = thingspace_hook_folder(hook);
    if (file[0] != '/' && folder) {
        text_append(&path, folder, strlen(folder));
        text_append(&path, "/", 1);
    }
    text_append(&path, file, strlen(file));
    audit_chain *chain = path.failed ? NULL : audit_chain_new(path.data, sync);
    text_free(&path);
    return chain;
}

static int create(thingspace_hook *hook, void **out)
{
    const char *sync = thingspace_hook_option_text(hook, "sync");
    if (!*thingspace_hook_option_text(hook, "file"))
        return thingspace_hook_fail(hook, "option file is empty");
    if (strcmp(sync, "none") != 0 && strcmp(sync, "data") != 0)
        return thingspace_hook_fail(hook, "option sync is \"none\" or \"data\"");
    long long gather_ms = thingspace_hook_option_integer(hook, "gather_ms");
    if (gather_ms < 0)
        return thingspace_hook_fail(hook, "option gather_ms is 0 or more");
    audit *self = calloc(1, sizeof(*self));
    if (!self)
        return thingspace_hook_fail(hook, "out of memory");
    self->gather_ms = gather_ms;
    self->reads_too = thingspace_hook_option_flag(hook, "reads_too") != 0;
    add_user(&self->who);
    add_host(&self->who);
    self->chain = open_chain(hook, strcmp(sync, "data") == 0);
    int failed = 0;
    if (!self->chain || self->who.failed)
        failed = thingspace_hook_fail(hook, "out of memory");
    if (failed)
        destroy(self);
    else
        *out = self;
    return failed;
}

THINGSPACE_PLUGIN(.name = "audit", .version = "1.0.0", .capabilities = "request.body:read?",
                  .options = options, .create = create, .destroy = destroy, .check = check,
                  .audit = note_event)
