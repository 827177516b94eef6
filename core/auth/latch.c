/* SPDX-License-Identifier: MIT */
/*
 * The latch's rules; its file is read and written in latch_file.c. Every change is
 * written at once: what is in memory is what is on disk. Belongs to whoever holds the
 * lock; one thread at a time.
 */
#include <config.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "auth/digest_key.h"
#include "auth/latch.h"
#include "auth/latch_file.h"
#include "auth/state_name.h"
#include "base/clock.h"
#include "base/error.h"
#include "http/url.h"

#define PLACE_SIZE 272 /* a host, a colon and a port */

#define AFTER_UNLATCH "run `thingspace auth unlatch` once you are sure that it is right"

struct latch {
    state *state;
    char name[STATE_NAME_SIZE];
    digest_key key;
    latch_entries entries;
};

/* ---- what is counted together ---- */

/* "example.com", or "example.com:8443": of all that a login URL says, what has one spelling. */
static void write_place(char out[PLACE_SIZE], const char *login_url)
{
    url parsed;
    if (url_parse(&parsed, login_url, NULL) != THINGSPACE_OK) {
        snprintf(out, PLACE_SIZE, "%s", login_url);
        return;
    }
    size_t size = strlen(parsed.host);
    if (size > 0 && parsed.host[size - 1] == '.')
        parsed.host[size - 1] = '\0';
    if (parsed.port == 80 || parsed.port == 443)
        snprintf(out, PLACE_SIZE, "%s", parsed.host);
    else
        snprintf(out, PLACE_SIZE, "%s:%u", parsed.host, parsed.port);
}

/* Without the blanks around it, in any case: a service may take those for one user. */
static state_name_part user_part(const thingspace_secret *username)
{
    const char *first = secret_bytes(username);
    const char *end = first + secret_size(username);
    while (first < end && *first == ' ')
        first++;
    while (end > first && end[-1] == ' ')
        end--;
    return (state_name_part){first, (size_t)(end - first), true};
}

void latch_lock_name(char out[STATE_NAME_SIZE], const char *login_url,
                     const thingspace_secret *username)
{
    char place[PLACE_SIZE];
    write_place(place, login_url);
    const state_name_part parts[] = {{place, strlen(place), true}, user_part(username)};
    state_name_make(out, "latch", parts, 2);
}

/* ---- the file ---- */

static thingspace_status read_files(latch *self, thingspace_error *error)
{
    thingspace_status status = latch_file_read(&self->entries, self->state, self->name, error);
    if (status == THINGSPACE_OK)
        status = digest_key_read(&self->key, self->state, error);
    if (status != THINGSPACE_OK || self->key.known || self->entries.count == 0)
        return status;
    return error_set(
        error, THINGSPACE_LOCAL,
        "%s/%s is gone, so that the passwords of failed logins are not known; no login "
        "is sent: make sure of the password, then run `thingspace auth unlatch`",
        state_path(self->state), DIGEST_KEY_FILE);
}

thingspace_status latch_open(latch **out, state *folder, const char *login_url,
                             const thingspace_secret *username, thingspace_error *error)
{
    *out = NULL;
    latch *opened = calloc(1, sizeof(*opened));
    if (!opened)
        return error_memory(error);
    opened->state = folder;
    latch_lock_name(opened->name, login_url, username);
    thingspace_status status = read_files(opened, error);
    if (status != THINGSPACE_OK) {
        latch_close(opened);
        return status;
    }
    *out = opened;
    return THINGSPACE_OK;
}

void latch_close(latch *self)
{
    if (!self)
        return;
    digest_key_dispose(&self->key);
    free(self);
}

unsigned latch_count(const latch *self)
{
    return self->entries.count;
}

static const latch_entry *find_password(const latch *self, const thingspace_secret *password)
{
    const latch_entry *found = NULL;
    uint8_t digest[SECRET_DIGEST_SIZE];
    if (self->entries.count == 0)
        return NULL;
    secret_digest(digest, password, self->key.bytes);
    for (unsigned i = 0; i < self->entries.count; i++) {
        const latch_entry *entry = &self->entries.items[i];
        if (memcmp(entry->password, digest, sizeof(digest)) == 0 && (!found || entry->refused))
            found = entry;
    }
    return found;
}

thingspace_status latch_check(const latch *self, const thingspace_secret *password,
                              thingspace_error *error)
{
    const latch_entry *entry = find_password(self, password);
    unsigned count = self->entries.count;
    if (count >= LATCH_CLOSED)
        return error_set(error, THINGSPACE_LATCHED,
                         "%u logins failed or were cut off, and ThingSpace locks the user at five: "
                         "no login is sent; make sure of username and password, then run "
                         "`thingspace auth unlatch`",
                         count);
    if (entry && entry->refused)
        return error_set(error, THINGSPACE_LATCHED,
                         "this password was refused before (%u failed so far, ThingSpace locks the "
                         "user at five): change the password, or %s",
                         count, AFTER_UNLATCH);
    if (entry && count >= LATCH_CAREFUL)
        return error_set(error, THINGSPACE_LATCHED,
                         "%u logins failed or were cut off, this password's among them, and "
                         "ThingSpace locks the user at five: change the password, or %s",
                         count, AFTER_UNLATCH);
    return THINGSPACE_OK;
}

static thingspace_status write_entries(latch *self, const latch_entries *entries,
                                       thingspace_error *error)
{
    thingspace_status status = latch_file_write(entries, self->state, self->name, error);
    if (status == THINGSPACE_OK)
        self->entries = *entries;
    return status;
}

thingspace_status latch_raise(latch *self, const thingspace_secret *password,
                              thingspace_error *error)
{
    latch_entries raised = self->entries;
    if (raised.count >= LATCH_CLOSED)
        return error_set(error, THINGSPACE_INTERNAL, "a closed latch was raised; please report");
    if (!self->key.known) {
        thingspace_status status = digest_key_make(&self->key, self->state, error);
        if (status != THINGSPACE_OK)
            return status;
    }
    latch_entry *entry = &raised.items[raised.count++];
    secret_digest(entry->password, password, self->key.bytes);
    entry->refused = false;
    entry->time_ms = clock_wall_ms();
    return write_entries(self, &raised, error);
}

thingspace_status latch_refused(latch *self, thingspace_error *error)
{
    latch_entries changed = self->entries;
    if (changed.count == 0)
        return THINGSPACE_OK;
    changed.items[changed.count - 1].refused = true;
    return write_entries(self, &changed, error);
}

thingspace_status latch_not_sent(latch *self, thingspace_error *error)
{
    latch_entries changed = self->entries;
    if (changed.count == 0)
        return THINGSPACE_OK;
    changed.count--;
    return write_entries(self, &changed, error);
}

thingspace_status latch_clear(latch *self, thingspace_error *error)
{
    const latch_entries none = {.count = 0};
    return write_entries(self, &none, error);
}

/* A damaged key fits no entry of any latch, so it is dropped; the next login makes another. */
static thingspace_status repair_key(state *folder, thingspace_error *error)
{
    digest_key key;
    thingspace_status status = digest_key_read(&key, folder, error);
    digest_key_dispose(&key);
    return status == THINGSPACE_LOCAL ? state_remove(folder, DIGEST_KEY_FILE, error) : status;
}

thingspace_status latch_repair(state *folder, const char *login_url,
                               const thingspace_secret *username, unsigned *before,
                               thingspace_error *error)
{
    const latch_entries none = {.count = 0};
    latch_entries found;
    char name[STATE_NAME_SIZE];
    *before = 0;
    latch_lock_name(name, login_url, username);
    thingspace_status status = latch_file_read(&found, folder, name, error);
    if (status == THINGSPACE_MEMORY)
        return status;
    if (status == THINGSPACE_OK)
        *before = found.count;
    status = latch_file_write(&none, folder, name, error);
    return status == THINGSPACE_OK ? repair_key(folder, error) : status;
}
