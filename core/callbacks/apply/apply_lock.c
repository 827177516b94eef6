/* SPDX-License-Identifier: MIT */
/* See apply_lock.h. */
#include <config.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/error.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/text.h"
#include "callbacks/apply/apply_lock.h"

#define LOCK_NAME "apply"
#define FILE_NAME "apply.json"
/* Two of a run that began then have the same time of day. */
#define DAY_MS ((int64_t)24 * 60 * 60 * 1000)

/* ---- who it is ---- */

static char *name_user(void)
{
    char space[4096];
    struct passwd entry, *found = NULL;
    if (getpwuid_r(geteuid(), &entry, space, sizeof(space), &found) == 0 && found)
        return text_copy(found->pw_name);
    return text_format("user %ld", (long)geteuid());
}

static char *name_host(void)
{
    char host[256] = "";
    return text_copy(gethostname(host, sizeof(host) - 1) == 0 ? host : "unknown host");
}

/* Of a text that was made for it: NULL is out of memory. */
static void put_text(json *object, const char *name, const char *text, thingspace_status *status)
{
    if (!text)
        *status = THINGSPACE_MEMORY;
    else
        json_put(object, name, json_new_string(text), status);
}

static thingspace_status note_holder(state *state, const char *plan_id, const char *reason,
                                     thingspace_error *error)
{
    cleanup_json json *holder = json_new_object();
    cleanup_text char *user = name_user();
    cleanup_text char *host = name_host();
    cleanup_buffer buffer text;
    thingspace_status status = THINGSPACE_OK;
    buffer_init(&text, LIMIT_STATE_FILE);
    json_put(holder, "pid", json_new_integer(getpid()), &status);
    put_text(holder, "user", user, &status);
    put_text(holder, "host", host, &status);
    json_put(holder, "since_ms", json_new_integer(clock_wall_ms()), &status);
    put_text(holder, "plan", plan_id, &status);
    json_put_text(holder, "reason", reason, &status);
    if (status == THINGSPACE_OK)
        status = json_write(&text, holder, JSON_PLAIN);
    if (status != THINGSPACE_OK)
        return error_memory(error);
    return state_write(state, FILE_NAME, text.data, text.size, error);
}

/* ---- who holds it ---- */

static void write_time(char *out, size_t size, long long since_ms)
{
    struct tm parts = {0};
    const time_t seconds = (time_t)(since_ms / 1000);
    bool today = clock_wall_ms() - since_ms < DAY_MS;
    if (!localtime_r(&seconds, &parts) ||
        strftime(out, size, today ? "%H:%M:%S" : "%Y-%m-%d %H:%M:%S", &parts) == 0)
        snprintf(out, size, "an unknown time");
}

static thingspace_status refuse(const json *holder, thingspace_error *error)
{
    char since[40];
    long long pid = 0, since_ms = 0;
    const char *user = json_get_string(holder, "user"), *host = json_get_string(holder, "host");
    const char *plan = json_get_string(holder, "plan");
    const char *reason = json_get_string(holder, "reason");
    if (!json_integer(json_get(holder, "pid"), &pid) || !user || !host || !plan ||
        !json_integer(json_get(holder, "since_ms"), &since_ms))
        return error_set(error, THINGSPACE_REFUSED,
                         "another apply runs with this state directory; try again when it is done");
    write_time(since, sizeof(since), since_ms);
    return error_set(
        error, THINGSPACE_REFUSED,
        "another apply runs: pid %lld (%.60s on %.60s) since %s, plan %.40s%s%.100s; try "
        "again when it is done",
        pid, user, host, since, plan, reason ? ": " : "", reason ? reason : "");
}

/* A file that cannot be read makes the refusal no other. */
static thingspace_status tell_holder(state *state, thingspace_error *error)
{
    cleanup_buffer buffer text;
    cleanup_json json *holder = NULL;
    bool found = false;
    buffer_init(&text, LIMIT_STATE_FILE);
    if (state_read(state, FILE_NAME, &text, &found, NULL) == THINGSPACE_OK && found)
        (void)json_parse(&holder, buffer_text(&text), text.size, NULL);
    return refuse(holder, error);
}

thingspace_status apply_lock(state *state, state_lock *lock, const char *plan_id,
                             const char *reason, thingspace_error *error)
{
    bool held = false;
    thingspace_status status = state_try_lock(state, LOCK_NAME, lock, &held, error);
    if (status == THINGSPACE_OK && !held)
        return tell_holder(state, error);
    if (status == THINGSPACE_OK)
        status = note_holder(state, plan_id, reason, error);
    if (status != THINGSPACE_OK)
        apply_unlock(state, lock);
    return status;
}

void apply_unlock(state *state, state_lock *lock)
{
    if (lock->descriptor < 0)
        return;
    (void)state_remove(state, FILE_NAME, NULL);
    state_unlock(lock);
}
