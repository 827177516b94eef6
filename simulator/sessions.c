/* SPDX-License-Identifier: MIT */
/*
 * See sessions.h. From vendor pages: 20 idle minutes, five failures in a row lock
 * until support helps, a reset answers with a password of the service's choice,
 * SessionToken.Expired, .Format and .Invalid. Open: the codes of a refused login
 * and of a wrong old password (Login.* here is made up), whether failures are
 * counted for unknown users (no), whether a second login ends the first (switch).
 */
#include <config.h>
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "body.h"
#include "decode.h"
#include "limits.h"
#include "sessions.h"

struct user {
    char *name;
    char *first_password; /* as it was added */
    char *password;
    char **accounts; /* NULL last; NULL: all */
    int failures;
    int most_failures; /* in a row, so far */
    bool locked;
};

typedef enum session_end { SESSION_LIVE, SESSION_IDLE, SESSION_GONE } session_end;

struct session {
    struct user *user;
    int64_t used_ms;
    session_end end;
};

static void free_texts(char **texts)
{
    for (size_t i = 0; texts && texts[i]; i++)
        free(texts[i]);
    free(texts);
}

static void free_user(void *value)
{
    struct user *user = value;
    if (!user)
        return;
    free(user->name);
    free(user->first_password);
    free(user->password);
    free_texts(user->accounts);
    free(user);
}

thingspace_status sessions_init(struct sessions *sessions)
{
    thingspace_status status = map_new(&sessions->users, free_user);
    return status ? status : map_new(&sessions->sessions, free);
}

void sessions_dispose(struct sessions *sessions)
{
    map_free(sessions->sessions);
    map_free(sessions->users);
}

static thingspace_status copy_texts(char ***out, const char *const *texts)
{
    size_t count = 0;
    *out = NULL;
    if (!texts)
        return THINGSPACE_OK;
    while (texts[count])
        count++;
    char **copies = calloc(count + 1, sizeof(*copies));
    if (!copies)
        return THINGSPACE_MEMORY;
    for (size_t i = 0; i < count; i++) {
        copies[i] = text_copy(texts[i]);
        if (!copies[i]) {
            free_texts(copies);
            return THINGSPACE_MEMORY;
        }
    }
    *out = copies;
    return THINGSPACE_OK;
}

static struct user *new_user(const char *name, const char *password, const char *const *accounts)
{
    struct user *added = calloc(1, sizeof(*added));
    if (!added)
        return NULL;
    added->name = text_copy(name);
    added->first_password = text_copy(password);
    added->password = text_copy(password);
    if (added->name && added->first_password && added->password &&
        copy_texts(&added->accounts, accounts) == THINGSPACE_OK)
        return added;
    free_user(added);
    return NULL;
}

/* The sessions of a user that is replaced point to the new one. */
static void move_sessions(struct sessions *sessions, const struct user *from, struct user *to)
{
    for (size_t i = 0; from && i < map_count(sessions->sessions); i++) {
        struct session *session = map_value(sessions->sessions, i);
        if (session->user == from)
            session->user = to;
    }
}

thingspace_status sessions_add(struct sessions *sessions, const char *username,
                               const char *password, const char *const *accounts)
{
    struct user *added = new_user(username, password, accounts);
    if (!added)
        return THINGSPACE_MEMORY;
    struct user *older = map_get(sessions->users, username);
    move_sessions(sessions, older, added);
    thingspace_status status = map_set(sessions->users, username, added);
    if (status) {
        move_sessions(sessions, added, older);
        free_user(added);
    }
    return status;
}

void sessions_expire(struct sessions *sessions)
{
    for (size_t i = 0; i < map_count(sessions->sessions); i++) {
        struct session *session = map_value(sessions->sessions, i);
        if (session->end == SESSION_LIVE)
            session->end = SESSION_IDLE;
    }
}

void sessions_expire_presented(struct sessions *sessions, const struct request *request)
{
    const char *token = request_header(request, "VZ-M2M-Token");
    struct session *presented = token ? map_get(sessions->sessions, token) : NULL;
    if (presented && presented->end == SESSION_LIVE)
        presented->end = SESSION_IDLE;
}

static thingspace_status forget_sessions(struct sessions *sessions)
{
    map *fresh;
    thingspace_status status = map_new(&fresh, free);
    if (status)
        return status;
    map_free(sessions->sessions);
    sessions->sessions = fresh;
    return THINGSPACE_OK;
}

thingspace_status sessions_reset(struct sessions *sessions)
{
    for (size_t i = 0; i < map_count(sessions->users); i++) {
        struct user *user = map_value(sessions->users, i);
        char *password = text_copy(user->first_password);
        if (!password)
            return THINGSPACE_MEMORY;
        free(user->password);
        user->password = password;
        user->failures = user->most_failures = 0;
        user->locked = false;
    }
    sessions->login_requests = sessions->logins = sessions->refused_logins = 0;
    return forget_sessions(sessions);
}

static void end_sessions_of(struct sessions *sessions, const struct user *user)
{
    for (size_t i = 0; i < map_count(sessions->sessions); i++) {
        struct session *session = map_value(sessions->sessions, i);
        if (session->user == user)
            session->end = SESSION_GONE;
    }
}

static thingspace_status open_session(struct sessions *sessions, struct user *user, int64_t now_ms,
                                      char token[37])
{
    if (map_count(sessions->sessions) >= LIMIT_SIM_SESSIONS) {
        thingspace_status status = forget_sessions(sessions);
        if (status)
            return status;
    }
    struct session *opened = calloc(1, sizeof(*opened));
    if (!opened)
        return THINGSPACE_MEMORY;
    *opened = (struct session){user, now_ms, SESSION_LIVE};
    decode_random_uuid(token);
    thingspace_status status = map_set(sessions->sessions, token, opened);
    if (status)
        free(opened);
    return status;
}

static thingspace_status refuse_login(struct sessions *sessions, struct user *user,
                                      struct answer *answer)
{
    sessions->refused_logins++;
    if (user && !user->locked && ++user->failures >= sessions->lockout_failures)
        user->locked = true;
    if (user && user->failures > user->most_failures)
        user->most_failures = user->failures;
    if (user && user->locked)
        return answer_error(answer, 400, "REQUEST_FAILED.Login.Locked",
                            "The username is locked after failed logins; contact support");
    return answer_error(answer, 400, "REQUEST_FAILED.Login.Refused",
                        "The username or password is wrong");
}

static thingspace_status accept_login(struct sessions *sessions, struct user *user, int64_t now_ms,
                                      struct answer *answer)
{
    char token[37];
    if (user)
        user->failures = 0;
    if (user && sessions->login_ends_older)
        end_sessions_of(sessions, user);
    thingspace_status status = open_session(sessions, user, now_ms, token);
    if (status)
        return status;
    sessions->logins++;
    return answer_strings(answer, 200, "sessionToken", token, NULL, NULL);
}

thingspace_status sessions_login(struct sessions *sessions, int64_t now_ms,
                                 const struct request *request, bool sandbox, struct answer *answer)
{
    cleanup_json json *body = NULL;
    sessions->login_requests++;
    thingspace_status status = body_read(request, &body, answer);
    if (status || !body)
        return status;
    const char *username = json_get_string(body, "username");
    const char *password = json_get_string(body, "password");
    if (!username || !password)
        return body_refuse(answer, "username and password are required");
    if (sandbox)
        return accept_login(sessions, NULL, now_ms, answer);
    struct user *user = map_get(sessions->users, username);
    if (!user || user->locked || !text_equal(password, user->password))
        return refuse_login(sessions, user, answer);
    return accept_login(sessions, user, now_ms, answer);
}

thingspace_status sessions_logout(struct sessions *sessions, const struct request *request,
                                  struct answer *answer)
{
    const char *token = request_header(request, "VZ-M2M-Token");
    struct session *ended = map_get(sessions->sessions, token);
    if (ended)
        ended->end = SESSION_GONE;
    return answer_strings(answer, 200, "sessionToken", token, NULL, NULL);
}

thingspace_status sessions_reset_password(struct user *user, const struct request *request,
                                          struct answer *answer)
{
    cleanup_json json *body = NULL;
    thingspace_status status = body_read(request, &body, answer);
    if (status || !body)
        return status;
    const char *old = json_get_string(body, "oldPassword");
    if (!old)
        return body_refuse(answer, "oldPassword is required");
    if (user && !text_equal(old, user->password))
        return answer_error(answer, 400, "REQUEST_FAILED.Login.Refused", "oldPassword is wrong");
    char chosen[17];
    decode_random_hex(chosen, 16);
    status = answer_strings(answer, 200, "newPassword", chosen, NULL, NULL);
    char *copy = text_copy(chosen);
    if (status || !copy || !user) {
        free(copy);
        return status || copy ? status : THINGSPACE_MEMORY;
    }
    free(user->password);
    user->password = copy;
    return THINGSPACE_OK;
}

static thingspace_status refuse_session(const struct sessions *sessions, const char *code,
                                        const char *message, struct answer *answer)
{
    return answer_error(answer, sessions->dead_status, code, message);
}

thingspace_status sessions_check(struct sessions *sessions, int64_t now_ms,
                                 const struct request *request, struct user **out,
                                 struct answer *answer)
{
    const char *token = request_header(request, "VZ-M2M-Token");
    *out = NULL;
    if (text_is_empty(token))
        return refuse_session(sessions, "REQUEST_FAILED.SessionToken.Format",
                              "The session token is missing", answer);
    struct session *found = decode_is_uuid(token) ? map_get(sessions->sessions, token) : NULL;
    if (!found || found->end == SESSION_GONE || !found->user)
        return refuse_session(sessions, "INPUT_INVALID.SessionToken.Invalid",
                              "The session token is not a valid GUID or was replaced", answer);
    if (now_ms - found->used_ms >= sessions->idle_ms)
        found->end = SESSION_IDLE;
    if (found->end == SESSION_IDLE)
        return refuse_session(sessions, "REQUEST_FAILED.SessionToken.Expired",
                              "The session token has expired", answer);
    found->used_ms = now_ms;
    *out = found->user;
    return THINGSPACE_OK;
}

bool sessions_user_has_account(const struct user *user, const char *account)
{
    if (!user->accounts)
        return true;
    for (size_t i = 0; user->accounts[i]; i++)
        if (text_matches(account, user->accounts[i]))
            return true;
    return false;
}

bool sessions_user_is_known_by(const struct user *user, const char *text)
{
    return text_equal(text, user->name) || text_equal(text, user->password);
}

static thingspace_status describe_user(const struct user *user, json *failed, json *most,
                                       json *locked)
{
    thingspace_status status = THINGSPACE_OK;
    if (user->failures)
        status = json_set(failed, user->name, json_new_integer(user->failures));
    if (!status && user->most_failures)
        status = json_set(most, user->name, json_new_integer(user->most_failures));
    if (!status && user->locked)
        status = json_append(locked, json_new_string(user->name));
    return status;
}

thingspace_status sessions_describe(const struct sessions *sessions, json *state)
{
    json *failed = json_new_object();
    json *most = json_new_object();
    json *locked = json_new_array();
    thingspace_status status = failed && most && locked ? THINGSPACE_OK : THINGSPACE_MEMORY;
    for (size_t i = 0; !status && i < map_count(sessions->users); i++)
        status = describe_user(map_value(sessions->users, i), failed, most, locked);
    if (status) {
        json_free(failed);
        json_free(most);
        json_free(locked);
        return status;
    }
    status = json_set(state, "failedLogins", failed);
    thingspace_status second = json_set(state, "lockedUsers", locked);
    thingspace_status third = json_set(state, "mostFailedLogins", most);
    return status ? status : second ? second : third;
}
