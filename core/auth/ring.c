/* SPDX-License-Identifier: MIT */
/*
 * What a ring knows about its tokens. A time that cannot be true (a use in the
 * future, an expiry further away than any bearer lives) is taken as not known:
 * then the token is used, and its refusal decides.
 */
#include <config.h>
#include <stdlib.h>
#include <string.h>
#include "auth/ring.h"
#include "auth/token_request.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "catalogue/api.h"

timers *ring_timers(const ring *self)
{
    return transport_timers(self->keyring->options.transport);
}

/* ---- making and finding ---- */

/* The file's time is told so often at most: far below the 20 minutes that it decides. */
#define NOTE_EVERY_MS (60 * 1000)

char *ring_key(const endpoint *at, const credential *of)
{
    return text_format("%s\n%s\n%s\n%s\n%s\n%s\n%s", at->token, at->api, of->name,
                       credential_place(of->key), credential_place(of->secret),
                       credential_place(of->username), credential_place(of->password));
}

bool ring_is_for(const ring *self, const endpoint *at, const credential *of)
{
    const credential *own = self->credential;
    return own->key == of->key && own->secret == of->secret && own->username == of->username &&
           own->password == of->password && text_equal(own->name, of->name) &&
           text_equal(self->api, at->api) && text_equal(self->token_url, at->token);
}

static bool copy_urls(ring *self, const endpoint *from)
{
    self->api = text_copy(from->api);
    self->token_url = text_copy(from->token);
    self->revoke_url = text_copy(from->revoke);
    self->login_url = text_format("%s" API_LOGIN_PATH, from->api);
    self->logout_url = text_format("%s" API_LOGOUT_PATH, from->api);
    return self->api && self->token_url && self->revoke_url && self->login_url && self->logout_url;
}

static thingspace_status make(ring **out, keyring *owner, const endpoint *at, const credential *of,
                              thingspace_error *error)
{
    *out = NULL;
    ring *made = calloc(1, sizeof(*made));
    if (!made)
        return error_memory(error);
    made->keyring = owner;
    made->failure = (thingspace_error)THINGSPACE_ERROR_INIT;
    timer_init(&made->kick, flight_on_kick, made);
    flight_init(&made->flight, made);
    thingspace_status status = copy_urls(made, at) ? THINGSPACE_OK : error_memory(error);
    if (status == THINGSPACE_OK)
        status = credential_new(&made->credential, of->name, error);
    if (status != THINGSPACE_OK) {
        ring_free(made);
        return status;
    }
    *out = made;
    return THINGSPACE_OK;
}

void ring_free(ring *self)
{
    if (!self)
        return;
    flight_stop(&self->flight);
    timers_stop(ring_timers(self), &self->kick);
    waiters_remove_all(&self->waiting);
    waiters_remove_all(&self->waking);
    waiters_remove_all(&self->logouts);
    tokens_dispose(&self->tokens);
    credential_free(self->credential);
    free(self->key);
    free(self->api);
    free(self->token_url);
    free(self->revoke_url);
    free(self->login_url);
    free(self->logout_url);
    free(self);
}

static thingspace_status add(ring **out, keyring *owner, const char *key, const endpoint *at,
                             const credential *of, thingspace_error *error)
{
    thingspace_status status = make(out, owner, at, of, error);
    if (status != THINGSPACE_OK)
        return status;
    (*out)->key = text_copy(key);
    if ((*out)->key && map_set(owner->rings, key, *out) == THINGSPACE_OK)
        return THINGSPACE_OK;
    ring_free(*out);
    *out = NULL;
    return error_memory(error);
}

thingspace_status ring_get(ring **out, keyring *owner, const endpoint *at, const credential *of,
                           thingspace_error *error)
{
    cleanup_text char *key = ring_key(at, of);
    if (!key)
        return error_memory(error);
    *out = map_get(owner->rings, key);
    if (!*out) {
        thingspace_status status = add(out, owner, key, at, of, error);
        if (status != THINGSPACE_OK)
            return status;
    }
    (*out)->private_allowed = at->private_allowed;
    credential_share((*out)->credential, of);
    return THINGSPACE_OK;
}

/* ---- whose tokens ---- */

static void forget_others(ring *self, const char *file)
{
    if (text_equal(self->file, file))
        return;
    ring_drop_bearer(self);
    ring_drop_session(self);
    self->accepted_ms = self->first_ms = 0;
    memcpy(self->file, file, sizeof(self->file));
}

thingspace_status ring_identify(ring *self, thingspace_secret **key, thingspace_secret **username,
                                thingspace_error *error)
{
    char file[STATE_NAME_SIZE];
    const credential *of = self->credential;
    const log_target *log = self->keyring->options.log;
    *username = NULL;
    thingspace_status status = credential_resolve(of, of->key, "key", key, log, error);
    if (status == THINGSPACE_OK)
        status = credential_resolve(of, of->username, "username", username, log, error);
    if (status != THINGSPACE_OK) {
        secret_cleanup(key);
        return status;
    }
    token_file_name(file, self->token_url, *key, self->login_url, *username);
    forget_others(self, file);
    return THINGSPACE_OK;
}

/* ---- what is good ---- */

static bool bearer_is_good(const ring *self, int64_t now_ms)
{
    return self->tokens.bearer && now_ms < self->bearer_due_ms;
}

static bool session_is_good(const ring *self, int64_t now_ms)
{
    return self->tokens.session && now_ms - self->session_used_ms < SESSION_IDLE_MS;
}

bool ring_is_good(const ring *self)
{
    int64_t now = clock_monotonic_ms();
    return bearer_is_good(self, now) && session_is_good(self, now);
}

void ring_drop_bearer(ring *self)
{
    secret_cleanup(&self->tokens.bearer);
    self->tokens.bearer_expires_ms = 0;
}

void ring_drop_session(ring *self)
{
    secret_cleanup(&self->tokens.session);
    self->tokens.session_used_ms = 0;
}

void ring_drop_refused(ring *self, const tokens *refused)
{
    if (refused->bearer && secret_equal(refused->bearer, self->tokens.bearer))
        ring_drop_bearer(self);
    if (refused->session && secret_equal(refused->session, self->tokens.session))
        ring_drop_session(self);
}

void ring_set_bearer(ring *self, thingspace_secret *bearer, int64_t life_ms)
{
    ring_drop_bearer(self);
    self->tokens.bearer = bearer;
    self->tokens.bearer_expires_ms = clock_wall_ms() + life_ms;
    self->bearer_due_ms = clock_monotonic_ms() + life_ms;
}

void ring_set_session(ring *self, thingspace_secret *session)
{
    ring_drop_session(self);
    self->tokens.session = session;
    self->tokens.session_used_ms = clock_wall_ms();
    self->session_used_ms = clock_monotonic_ms();
}

void ring_note_use(ring *self)
{
    int64_t now = clock_monotonic_ms();
    self->session_used_ms = now;
    self->tokens.session_used_ms = clock_wall_ms();
    if (!self->keyring->options.state || self->keyring->options.no_token_cache || !self->file[0] ||
        now - self->session_noted_ms < NOTE_EVERY_MS)
        return;
    self->session_noted_ms = now;
    state_touch(self->keyring->options.state, self->file);
}

/* ---- the file ---- */

static void take_bearer(ring *self, tokens *from)
{
    int64_t left = from->bearer_expires_ms - clock_wall_ms();
    bool known = from->bearer_expires_ms > 0 && left <= BEARER_LIFE_LONGEST_MS;
    if (!from->bearer || (known && left <= 0) || waiters_refuse_bearer(self, from->bearer))
        return;
    ring_drop_bearer(self);
    self->tokens.bearer = thingspace_secret_ref(from->bearer);
    self->tokens.bearer_expires_ms = known ? from->bearer_expires_ms : 0;
    self->bearer_due_ms = known ? clock_monotonic_ms() + left : INT64_MAX;
}

static void take_session(ring *self, tokens *from)
{
    int64_t idle = clock_wall_ms() - from->session_used_ms;
    if (from->session_used_ms <= 0 || idle < 0)
        idle = 0;
    if (!from->session || idle >= SESSION_IDLE_MS || waiters_refuse_session(self, from->session))
        return;
    int64_t used = clock_monotonic_ms() - idle;
    if (secret_equal(from->session, self->tokens.session) && self->session_used_ms > used)
        used = self->session_used_ms;
    ring_drop_session(self);
    self->tokens.session = thingspace_secret_ref(from->session);
    self->tokens.session_used_ms = from->session_used_ms;
    self->session_used_ms = used;
    self->session_noted_ms = used;
}

thingspace_status ring_read_file(ring *self, thingspace_error *error)
{
    tokens found = {NULL, 0, NULL, 0};
    thingspace_status status = THINGSPACE_OK;
    if (!self->keyring->options.no_token_cache)
        status = token_file_read(&found, self->keyring->options.state, self->file, error);
    if (status != THINGSPACE_OK)
        return status;
    take_bearer(self, &found);
    take_session(self, &found);
    tokens_dispose(&found);
    int64_t now = clock_monotonic_ms();
    if (!bearer_is_good(self, now))
        ring_drop_bearer(self);
    if (!session_is_good(self, now))
        ring_drop_session(self);
    return THINGSPACE_OK;
}

/* The wall clock may have jumped since the bearer came: what counts is the time it has left. */
static void set_wall_expiry(ring *self)
{
    if (self->tokens.bearer && self->bearer_due_ms != INT64_MAX)
        self->tokens.bearer_expires_ms =
            clock_wall_ms() + self->bearer_due_ms - clock_monotonic_ms();
}

void ring_write_file(ring *self)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    const keyring_options *options = &self->keyring->options;
    if (options->no_token_cache || !options->state)
        return;
    set_wall_expiry(self);
    thingspace_status status = token_file_write(&self->tokens, options->state, self->file, &error);
    if (status != THINGSPACE_OK)
        log_write(options->log, THINGSPACE_LOG_WARNING,
                  "the tokens are not kept for the next run: %s", error.message);
    self->session_noted_ms = clock_monotonic_ms();
}
