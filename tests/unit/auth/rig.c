/* SPDX-License-Identifier: MIT */
/* The rig. What must not fail for a test to make sense aborts when it does. */
#include "rig.h"
#include <stdio.h>
#include <stdlib.h>
#include "base/json.h"

#define LONGEST_WAIT_MS 20000

static void must(thingspace_status status, const thingspace_error *error)
{
    if (status == THINGSPACE_OK)
        return;
    fprintf(stderr, "%s: %s\n", thingspace_status_name(status), error->message);
    abort();
}

static secret_source *source(const char *text, const char *description)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_secret *secret = NULL;
    secret_source *made = NULL;
    must(thingspace_secret_new(&secret, text, strlen(text), &error), &error);
    must(secret_source_value(&made, secret, description, &error), &error);
    thingspace_secret_free(secret);
    return made;
}

static void replace(secret_source **part, const char *text, const char *description)
{
    secret_source_free(*part);
    *part = source(text, description);
}

void side_set_secret(side *self, const char *secret)
{
    replace(&self->credential->secret, secret, "file test.secret");
}

void side_set_user(side *self, const char *name, const char *username, const char *password)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    credential_free(self->credential);
    must(credential_new(&self->credential, name, &error), &error);
    replace(&self->credential->key, THINGSPACE_SIMULATOR_KEY, "file test.key");
    side_set_secret(self, THINGSPACE_SIMULATOR_SECRET);
    replace(&self->credential->username, username, "file test.username");
    replace(&self->credential->password, password, "file test.password");
}

void side_open(side *self, const char *folder, const char *url, bool no_token_cache)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    const transport_options carrier = {0};
    const endpoint_options place = {.url = url};
    memset(self, 0, sizeof(*self));
    must(state_open(&self->state, folder, &error), &error);
    must(transport_new(&self->transport, &carrier, &error), &error);
    must(endpoint_new(&self->endpoint, "test", &place, &error), &error);
    side_set_user(self, "north", THINGSPACE_SIMULATOR_USERNAME, THINGSPACE_SIMULATOR_PASSWORD);
    const keyring_options options = {
        .transport = self->transport, .state = self->state, .no_token_cache = no_token_cache};
    must(keyring_new(&self->keyring, &options, &error), &error);
}

void side_close(side *self)
{
    keyring_free(self->keyring);
    credential_free(self->credential);
    endpoint_free(self->endpoint);
    transport_free(self->transport);
    state_close(self->state);
    memset(self, 0, sizeof(*self));
}

void rig_start(rig *self, const thingspace_simulator_options *options)
{
    static unsigned number;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    snprintf(self->folder, sizeof(self->folder), "%s/rig%u", check_folder(), number++);
    must(thingspace_simulator_start(&self->simulator, options, &error), &error);
    side_open(&self->side, self->folder, thingspace_simulator_url(self->simulator), false);
}

void rig_stop(rig *self)
{
    side_close(&self->side);
    thingspace_simulator_stop(self->simulator);
}

void outcome_free(outcome *self)
{
    tokens_dispose(&self->tokens);
}

void outcome_note(thingspace_status status, const tokens *given, const thingspace_error *error,
                  void *user)
{
    outcome *out = user;
    out->calls++;
    out->status = status;
    out->error = *error;
    tokens_dispose(&out->tokens);
    if (given)
        tokens_copy(&out->tokens, given);
}

bool side_wait(side *self, const outcome *out, unsigned calls)
{
    int64_t end = clock_monotonic_ms() + LONGEST_WAIT_MS;
    while (out->calls < calls && clock_monotonic_ms() < end)
        if (transport_run(self->transport, 100, NULL) != THINGSPACE_OK)
            return false;
    return out->calls == calls;
}

void side_run(side *self, int64_t ms)
{
    int64_t end = clock_monotonic_ms() + ms;
    while (clock_monotonic_ms() < end)
        transport_run(self->transport, end - clock_monotonic_ms(), NULL);
}

void side_ask(side *self, outcome *out, const tokens *refused, int64_t wait_ms)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    authorisation *waiter = NULL;
    unsigned calls = out->calls + 1;
    must(keyring_authorise(self->keyring, &waiter, self->endpoint, self->credential, refused,
                           clock_monotonic_ms() + wait_ms, outcome_note, out, &error),
         &error);
    if (!side_wait(self, out, calls))
        out->status = THINGSPACE_INTERNAL;
}

void rig_fault(rig *self, const char *rule)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    must(thingspace_simulator_add_fault(self->simulator, rule, &error), &error);
}

static json *read_state(rig *self)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    json *root = NULL;
    char *text = NULL;
    must(thingspace_simulator_state(self->simulator, &text, &error), &error);
    must(json_parse(&root, text, strlen(text), &error), &error);
    free(text);
    return root;
}

long long rig_sent(rig *self, const char *request)
{
    cleanup_json json *root = read_state(self);
    long long count = 0;
    json_integer(json_get(json_get(root, "paths"), request), &count);
    return count;
}

long long rig_count(rig *self, const char *name)
{
    cleanup_json json *root = read_state(self);
    long long count = -1;
    if (!json_integer(json_get(root, name), &count))
        abort();
    return count;
}
