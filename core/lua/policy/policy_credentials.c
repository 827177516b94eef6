/* SPDX-License-Identifier: MIT */
/*
 * `credentials` of a policy: each part is a handle of thingspace.secret, or plain
 * text, which becomes a secret of its own (with a warning where it should be one).
 * Runs inside the entry that reads the policy.
 */
#include <config.h>
#include <lua.h>
#include <string.h>
#include "base/error.h"
#include "lua/policy/policy_inside.h"

static const char *const part_members[] = {"key", "secret", "username", "password", NULL};

static secret_source **find_part(credential *of, const char *part)
{
#define PART(name)                                                                                 \
    if (strcmp(part, #name) == 0)                                                                  \
        return &of->name;
    CREDENTIAL_PARTS(PART)
#undef PART
    return NULL;
}

static thingspace_status make_plain(secret_source **out, const char *text, thingspace_error *error)
{
    cleanup_secret thingspace_secret *value = NULL;
    thingspace_status status = thingspace_secret_new(&value, text, strlen(text), error);
    if (status == THINGSPACE_OK)
        status = secret_source_value(out, value, "text of the policy", error);
    return status;
}

static bool is_better_hidden(const char *part)
{
    return strcmp(part, "secret") == 0 || strcmp(part, "password") == 0;
}

/* The value on top becomes the part's source. */
static thingspace_status read_part(lua_State *L, const char *part, script *self, credential *to,
                                   thingspace_error *error)
{
    secret_source *handle = runtime_to_secret(L, -1);
    const char *text = policy_table_text(L, -1);
    if (handle && handle == self->registered)
        return error_set(error, THINGSPACE_POLICY, "secret.registered is for listeners alone");
    if (handle) {
        *find_part(to, part) = secret_source_ref(handle);
        return THINGSPACE_OK;
    }
    if (!text || !*text)
        return error_set(error, THINGSPACE_POLICY,
                         "neither a handle of thingspace.secret nor text");
    if (is_better_hidden(part))
        log_write(self->log, THINGSPACE_LOG_WARNING,
                  "%s: credentials.%s.%s is plain text: keep it in a file, thingspace.secret.file",
                  self->name, to->name, part);
    return make_plain(find_part(to, part), text, error);
}

/* May raise; `to` hangs on the policy. */
static thingspace_status read_parts(lua_State *L, int table, script *self, credential *to,
                                    thingspace_error *error)
{
    thingspace_status status = THINGSPACE_OK;
    for (size_t i = 0; part_members[i] && status == THINGSPACE_OK; i++) {
        if (policy_table_push(L, table, part_members[i]) != LUA_TNIL)
            status = read_part(L, part_members[i], self, to, error);
        lua_pop(L, 1);
        if (status == THINGSPACE_POLICY)
            error_prefix(error, "%s", part_members[i]);
    }
    return status;
}

/* The credential is the table on top. may raise */
static thingspace_status read_credential(lua_State *L, const char *name, script *self, policy *to,
                                         thingspace_error *error)
{
    credential *made;
    int table = lua_gettop(L);
    if (!lua_istable(L, table))
        return error_set(error, THINGSPACE_POLICY,
                         "a credential is thingspace.secret.dir(\"...\") or a table with key, "
                         "secret, username, password");
    thingspace_status status = policy_table_check(L, table, part_members, error);
    if (status == THINGSPACE_OK)
        status = credential_new(&made, name, error);
    if (status == THINGSPACE_OK)
        status = policy_add_credential(to, made, error);
    if (status == THINGSPACE_OK)
        status = read_parts(L, table, self, made, error);
    return status;
}

/* may raise */
thingspace_status policy_read_credentials(lua_State *L, int index, script *self, policy *to,
                                          thingspace_error *error)
{
    return policy_table_each(L, index, "credentials", read_credential, self, to, error);
}
