/* SPDX-License-Identifier: MIT */
/*
 * {"version":1,"endpoint","api"?,"account","service","wanted":{"url","username"?,"password"?},"old":{...}}.
 * A lock file goes with its record, so that thousands of updates leave nothing behind; passwords
 * pass through secret buffers only. Owns nothing; any thread.
 */
#include <config.h>
#include <stdlib.h>
#include <string.h>
#include "auth/state_name.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "callbacks/intent.h"
#include "catalogue/api_table.h"

#define PREFIX "intent"

/* ---- listeners ---- */

void intent_listener_dispose(intent_listener *self)
{
    free(self->url);
    free(self->username);
    thingspace_secret_free(self->password);
    memset(self, 0, sizeof(*self));
}

void intent_dispose(intent *self)
{
    free(self->endpoint);
    free(self->api);
    free(self->account);
    free(self->service);
    intent_listener_dispose(&self->wanted);
    intent_listener_dispose(&self->old);
    memset(self, 0, sizeof(*self));
}

static bool copy(char **out, const char *text)
{
    *out = text_copy(text);
    return *out || !text;
}

static thingspace_status take(intent_listener *out, const char *url, const char *username,
                              const char *password)
{
    if (!copy(&out->url, url) || !copy(&out->username, username))
        return THINGSPACE_MEMORY;
    if (!password)
        return THINGSPACE_OK;
    return thingspace_secret_new(&out->password, password, strlen(password), NULL);
}

const char *intent_api(const char *name)
{
    const api_row *row;
    bool is_first = api_row_find(&row, name, NULL) == THINGSPACE_OK && api_row_is_default(row);
    return is_first ? NULL : name;
}

/* Not every API takes what it may list. */
static bool takes_credentials(const char *api)
{
    const api_row *row;
    return api_row_find(&row, api, NULL) == THINGSPACE_OK && row->credentials;
}

thingspace_status intent_take_row(intent_listener *out, const listener_row *row, const char *api)
{
    if (!takes_credentials(api))
        return take(out, row->shown.url, NULL, NULL);
    return take(out, row->shown.url, row->shown.username,
                row->shown.has_password ? row->password : NULL);
}

/* A hook may have put plain text where a secret was. */
thingspace_status intent_take_sent(intent_listener *out, const thingspace_result *sent)
{
    const json *body = request_json(sent->request), *password = json_get(body, "password");
    thingspace_status status = take(out, thingspace_result_url(sent),
                                    json_get_string(body, "username"), json_string(password));
    if (status == THINGSPACE_OK && json_type_of(password) == JSON_SECRET)
        out->password = thingspace_secret_ref(json_secret(password));
    return status;
}

bool intent_is_row(const intent_listener *self, const listener_row *row)
{
    return text_same(self->url, row->shown.url) && text_same(self->username, row->shown.username) &&
           secret_equal_text(self->password, row->password);
}

/* ---- the file ---- */

static void name_record(char out[STATE_NAME_SIZE], const intent *of)
{
    const char *api = of->api ? of->api : "";
    const state_name_part parts[] = {{of->endpoint, strlen(of->endpoint), false},
                                     {api, strlen(api), false},
                                     {of->account, strlen(of->account), false},
                                     {of->service, strlen(of->service), false}};
    state_name_make(out, PREFIX, parts, sizeof(parts) / sizeof(parts[0]));
}

static void put_listener(json *root, const char *name, const intent_listener *listener,
                         thingspace_status *status)
{
    json *object = json_new_object();
    json_put_text(object, "url", listener->url, status);
    json_put_text(object, "username", listener->username, status);
    if (listener->password)
        json_put(object, "password", json_new_secret(listener->password), status);
    json_put(root, name, object, status);
}

static thingspace_status render(buffer *out, const intent *from)
{
    cleanup_json json *root = json_new_object();
    thingspace_status status = THINGSPACE_OK;
    json_put(root, "version", json_new_integer(1), &status);
    json_put_text(root, "endpoint", from->endpoint, &status);
    json_put_text(root, "api", from->api, &status);
    json_put_text(root, "account", from->account, &status);
    json_put_text(root, "service", from->service, &status);
    put_listener(root, "wanted", &from->wanted, &status);
    put_listener(root, "old", &from->old, &status);
    return status == THINGSPACE_OK ? json_write(out, root, JSON_REVEAL) : status;
}

static thingspace_status write_record(state *state, const char *name, const intent *from,
                                      thingspace_error *error)
{
    cleanup_buffer buffer text;
    buffer_init_secret(&text, LIMIT_STATE_FILE);
    thingspace_status status = render(&text, from);
    if (status == THINGSPACE_MEMORY)
        return error_memory(error);
    if (status != THINGSPACE_OK)
        return error_set(error, THINGSPACE_LOCAL, "%s %s is too long for the file %s/%s",
                         from->account, from->service, state_path(state), name);
    return state_write(state, name, text.data, text.size, error);
}

static thingspace_status read_listener(intent_listener *out, const json *from)
{
    return take(out, json_get_string(from, "url"), json_get_string(from, "username"),
                json_get_string(from, "password"));
}

static bool is_whole(const intent *self, const json *root)
{
    long long version = 0;
    return json_integer(json_get(root, "version"), &version) && version == 1 && self->endpoint &&
           self->account && self->service && self->wanted.url;
}

static thingspace_status read_members(intent *out, const json *root, bool *whole)
{
    if (!copy(&out->endpoint, json_get_string(root, "endpoint")) ||
        !copy(&out->api, json_get_string(root, "api")) ||
        !copy(&out->account, json_get_string(root, "account")) ||
        !copy(&out->service, json_get_string(root, "service")))
        return THINGSPACE_MEMORY;
    thingspace_status status = read_listener(&out->wanted, json_get(root, "wanted"));
    if (status == THINGSPACE_OK)
        status = read_listener(&out->old, json_get(root, "old"));
    *whole = is_whole(out, root);
    return status;
}

static thingspace_status read_record(state *state, const char *name, intent *out, bool *found,
                                     thingspace_error *error)
{
    cleanup_json json *root = NULL;
    cleanup_buffer buffer content;
    bool whole = false;
    buffer_init_secret(&content, LIMIT_STATE_FILE);
    thingspace_status status = state_read(state, name, &content, found, error);
    if (status != THINGSPACE_OK || !*found)
        return status;
    status = json_parse(&root, buffer_text(&content), content.size, NULL);
    if (status == THINGSPACE_OK)
        status = read_members(out, root, &whole);
    if (status == THINGSPACE_MEMORY)
        return error_memory(error);
    if (!whole)
        return error_set(error, THINGSPACE_LOCAL,
                         "%s/%s tells of a listener that a run which died had removed, and cannot "
                         "be understood; compare what is listed, then remove it",
                         state_path(state), name);
    return THINGSPACE_OK;
}

/* ---- of a run that lives ---- */

thingspace_status intent_begin(state *state, const intent *self, state_lock *lock,
                               thingspace_error *error)
{
    char name[STATE_NAME_SIZE];
    bool held = false;
    name_record(name, self);
    thingspace_status status = state_try_lock(state, name, lock, &held, error);
    if (status == THINGSPACE_OK && !held)
        status = error_set(error, THINGSPACE_REFUSED,
                           "%s %s is being changed by another process; try again when that is done",
                           self->account, self->service);
    if (status == THINGSPACE_OK)
        status = write_record(state, name, self, error);
    if (status != THINGSPACE_OK)
        state_unlock_and_remove(state, name, lock);
    return status;
}

thingspace_status intent_end(state *state, const intent *self, state_lock *lock,
                             thingspace_error *error)
{
    char name[STATE_NAME_SIZE];
    if (lock->descriptor < 0)
        return THINGSPACE_OK;
    name_record(name, self);
    thingspace_status status = state_remove(state, name, error);
    state_unlock_and_remove(state, name, lock);
    return status;
}

void intent_leave(state_lock *lock)
{
    state_unlock(lock);
}

/* ---- of runs that died ---- */

typedef struct visit {
    state *state;
    const log_target *log;
    intent_each_function *each;
    void *user;
} visit;

static thingspace_status visit_locked(const visit *self, const char *name, intent_verdict *verdict,
                                      thingspace_error *error)
{
    intent found = {0};
    thingspace_error why = THINGSPACE_ERROR_INIT;
    bool there = false;
    thingspace_status status = read_record(self->state, name, &found, &there, &why);
    if (status == THINGSPACE_OK && there) {
        state_time(self->state, name, &found.noted_ms);
        *verdict = self->each(&found, self->user);
    }
    intent_dispose(&found);
    if (status == THINGSPACE_OK && *verdict == INTENT_OVER)
        status = state_remove(self->state, name, &why);
    if (status != THINGSPACE_OK && status != THINGSPACE_MEMORY) {
        log_write(self->log, THINGSPACE_LOG_WARNING, "%s", why.message);
        return THINGSPACE_OK;
    }
    return status == THINGSPACE_OK ? status : error_memory(error);
}

static thingspace_status visit_one(const visit *self, const char *name, intent_verdict *verdict,
                                   thingspace_error *error)
{
    state_lock lock = STATE_LOCK_INIT;
    bool held = false;
    *verdict = INTENT_KEPT;
    thingspace_status status = state_try_lock(self->state, name, &lock, &held, error);
    if (status != THINGSPACE_OK || !held)
        return status;
    status = visit_locked(self, name, verdict, error);
    state_unlock_and_remove(self->state, name, &lock);
    return status;
}

thingspace_status intent_each(state *state, bool *none, const log_target *log,
                              intent_each_function *each, void *user, thingspace_error *error)
{
    const visit self = {state, log, each, user};
    char **names = NULL;
    intent_verdict verdict = INTENT_KEPT;
    thingspace_status status = state_names(state, &names, PREFIX "-", ".json", error);
    *none = status == THINGSPACE_OK && !names;
    for (size_t i = 0; status == THINGSPACE_OK && names && names[i] && verdict != INTENT_STOP; i++)
        status = visit_one(&self, names[i], &verdict, error);
    text_list_free(names);
    return status;
}
