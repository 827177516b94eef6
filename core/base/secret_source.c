/* SPDX-License-Identifier: MIT */
/*
 * Where secrets come from: one small object per place, which holds names, not
 * secrets. Only what can be read once (a value, a variable, a pipe) is kept, in the
 * arena. Reading itself is done by secret_file, secret_command and secret_read.
 * Used by one thread at a time.
 */
#include <config.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/limits.h"
#include "base/secret_command.h"
#include "base/secret_file.h"
#include "base/secret_read.h"
#include "base/secret_source.h"
#include "base/text.h"

typedef enum source_kind {
    KIND_VALUE,
    KIND_UNSET, /* a variable that is not there, which matters when it is used */
    KIND_FILE,
    KIND_CREDENTIAL,
    KIND_COMMAND,
    KIND_FUNCTION,
} source_kind;

struct secret_source {
    source_kind kind;
    unsigned references;
    char *description;
    char *path;               /* of the file, or of the program; NULL: no credentials directory */
    char **arguments;         /* of the program, ends with NULL */
    thingspace_secret *value; /* of a value or variable; of a pipe, once read */
    secret_function *function;
    void *user;
    bool warned;
};

static void free_arguments(char **arguments)
{
    for (size_t i = 0; arguments && arguments[i]; i++)
        free(arguments[i]);
    free(arguments);
}

static void release(secret_source **source)
{
    secret_source_free(*source);
}

#define cleanup_source __attribute__((cleanup(release)))

static secret_source *make(source_kind kind, const char *prefix, const char *name)
{
    secret_source *made = calloc(1, sizeof(*made));
    if (!made)
        return NULL;
    made->kind = kind;
    made->references = 1;
    made->description = text_format("%s%s", prefix, name);
    if (made->description)
        return made;
    free(made);
    return NULL;
}

/* Hands the finished source over. */
static thingspace_status give(secret_source **out, secret_source **made)
{
    *out = *made;
    *made = NULL;
    return THINGSPACE_OK;
}

static char *join_path(const char *folder, const char *path)
{
    if (!folder || path[0] == '/')
        return text_copy(path);
    return text_format("%s/%s", folder, path);
}

/* ---- making ---- */

thingspace_status secret_source_file(secret_source **out, const char *folder, const char *path,
                                     thingspace_error *error)
{
    *out = NULL;
    if (text_is_empty(path))
        return error_set(error, THINGSPACE_USAGE, "a secret file has no name; give one");
    cleanup_text char *full = join_path(folder, path);
    if (!full)
        return error_memory(error);
    cleanup_source secret_source *made = make(KIND_FILE, "file ", full);
    if (!made)
        return error_memory(error);
    made->path = full;
    full = NULL;
    return give(out, &made);
}

static thingspace_status copy_variable(secret_source *source, const char *value,
                                       thingspace_error *error)
{
    cleanup_buffer buffer bytes;
    secret_read_init(&bytes);
    thingspace_status status = buffer_append_text(&bytes, value);
    if (status == THINGSPACE_MEMORY)
        return error_memory(error);
    if (status != THINGSPACE_OK)
        return error_set(error, THINGSPACE_AUTH,
                         "%s is longer than %d bytes, too long for a secret", source->description,
                         LIMIT_SECRET_BYTES);
    return secret_read_finish(&source->value, &bytes, source->description, error);
}

thingspace_status secret_source_env(secret_source **out, const char *name, thingspace_error *error)
{
    *out = NULL;
    if (text_is_empty(name))
        return error_set(error, THINGSPACE_USAGE, "a secret variable has no name; give one");
    const char *value = getenv(name);
    cleanup_source secret_source *made =
        make(text_is_empty(value) ? KIND_UNSET : KIND_VALUE, "variable ", name);
    if (!made)
        return error_memory(error);
    thingspace_status status = THINGSPACE_OK;
    if (made->kind == KIND_VALUE)
        status = copy_variable(made, value, error);
    return status == THINGSPACE_OK ? give(out, &made) : status;
}

/* NULL when out of memory; what was copied so far is freed. */
static char **copy_arguments(const char *const *arguments)
{
    size_t count = 0;
    while (arguments[count])
        count++;
    char **copy = calloc(count + 1, sizeof(*copy));
    for (size_t i = 0; copy && i < count; i++) {
        copy[i] = text_copy(arguments[i]);
        if (!copy[i]) {
            free_arguments(copy);
            return NULL;
        }
    }
    return copy;
}

thingspace_status secret_source_command(secret_source **out, const char *folder,
                                        const char *const *arguments, thingspace_error *error)
{
    *out = NULL;
    if (!arguments || text_is_empty(arguments[0]))
        return error_set(error, THINGSPACE_USAGE, "a secret command has no program; name one");
    cleanup_source secret_source *made = make(KIND_COMMAND, "command ", arguments[0]);
    if (!made)
        return error_memory(error);
    /* Without a slash it is looked up in PATH. */
    made->path = join_path(strchr(arguments[0], '/') ? folder : NULL, arguments[0]);
    made->arguments = copy_arguments(arguments);
    if (!made->path || !made->arguments)
        return error_memory(error);
    return give(out, &made);
}

thingspace_status secret_source_credential(secret_source **out, const char *name,
                                           thingspace_error *error)
{
    *out = NULL;
    if (text_is_empty(name) || strchr(name, '/') || name[0] == '.')
        return error_set(error, THINGSPACE_USAGE,
                         "\"%s\" cannot name a systemd credential; use the name in LoadCredential=",
                         name ? name : "");
    cleanup_source secret_source *made = make(KIND_CREDENTIAL, "credential ", name);
    if (!made)
        return error_memory(error);
    /* Now, because the command clears its environment later; absent is an error when used. */
    const char *folder = getenv("CREDENTIALS_DIRECTORY");
    if (!text_is_empty(folder)) {
        made->path = join_path(folder, name);
        if (!made->path)
            return error_memory(error);
    }
    return give(out, &made);
}

thingspace_status secret_source_value(secret_source **out, thingspace_secret *secret,
                                      const char *description, thingspace_error *error)
{
    *out = NULL;
    if (!secret)
        return error_set(error, THINGSPACE_USAGE, "%s has no secret; give one", description);
    cleanup_source secret_source *made = make(KIND_VALUE, "", description);
    if (!made)
        return error_memory(error);
    made->value = thingspace_secret_ref(secret);
    return give(out, &made);
}

thingspace_status secret_source_function(secret_source **out, secret_function *function, void *user,
                                         const char *description, thingspace_error *error)
{
    *out = NULL;
    cleanup_source secret_source *made = make(KIND_FUNCTION, "", description);
    if (!made)
        return error_memory(error);
    made->function = function;
    made->user = user;
    return give(out, &made);
}

secret_source *secret_source_ref(secret_source *source)
{
    if (source)
        source->references++;
    return source;
}

void secret_source_free(secret_source *source)
{
    if (!source || --source->references > 0)
        return;
    thingspace_secret_free(source->value);
    free_arguments(source->arguments);
    free(source->path);
    free(source->description);
    free(source);
}

bool secret_source_asks(const secret_source *source)
{
    return source->kind == KIND_FUNCTION;
}

const char *secret_source_description(const secret_source *source)
{
    return source->description;
}

/* ---- resolving ---- */

static void warn_public(secret_source *source, const log_target *log)
{
    if (source->warned || !log)
        return;
    source->warned = true;
    log_write(log, THINGSPACE_LOG_WARNING, "%s can be read by every user; run: chmod o-r %s",
              source->description, source->path);
}

static thingspace_status resolve_file(secret_source *source, thingspace_secret **out,
                                      const log_target *log, thingspace_error *error)
{
    secret_file_answer answer = {false, false};
    thingspace_status status = secret_file_read(out, &answer, source->path, source->description,
                                                LIMIT_SECRET_COMMAND_MS, error);
    if (status != THINGSPACE_OK)
        return status;
    if (answer.was_public)
        warn_public(source, log);
    if (answer.was_pipe)
        source->value = thingspace_secret_ref(*out);
    return THINGSPACE_OK;
}

static thingspace_status resolve_credential(secret_source *source, thingspace_secret **out,
                                            const log_target *log, thingspace_error *error)
{
    if (!source->path)
        return error_set(error, THINGSPACE_AUTH,
                         "%s: CREDENTIALS_DIRECTORY is not set; start with systemd's "
                         "LoadCredential=",
                         source->description);
    return resolve_file(source, out, log, error);
}

static thingspace_status resolve_function(secret_source *source, thingspace_secret **out,
                                          thingspace_error *error)
{
    thingspace_status status = source->function(source->user, out, error);
    if (status != THINGSPACE_OK)
        return status;
    if (!*out)
        return error_set(error, THINGSPACE_AUTH, "%s gave no secret", source->description);
    return THINGSPACE_OK;
}

static thingspace_status resolve(secret_source *source, thingspace_secret **out,
                                 const log_target *log, thingspace_error *error)
{
    if (source->value) {
        *out = thingspace_secret_ref(source->value);
        return THINGSPACE_OK;
    }
    switch (source->kind) {
    case KIND_FILE:
        return resolve_file(source, out, log, error);
    case KIND_CREDENTIAL:
        return resolve_credential(source, out, log, error);
    case KIND_COMMAND:
        return secret_command_run(out, source->path, source->arguments, source->description,
                                  LIMIT_SECRET_COMMAND_MS, error);
    case KIND_FUNCTION:
        return resolve_function(source, out, error);
    case KIND_UNSET:
        return error_set(error, THINGSPACE_AUTH, "%s is not set, or empty; set it",
                         source->description);
    case KIND_VALUE:
        break;
    }
    return error_set(error, THINGSPACE_INTERNAL, "%s has no secret", source->description);
}

thingspace_status secret_source_resolve(secret_source *source, thingspace_secret **out,
                                        const log_target *log, thingspace_error *error)
{
    *out = NULL;
    thingspace_status status = resolve(source, out, log, error);
    if (status != THINGSPACE_OK)
        return status;
    if (secret_size(*out) > 0)
        return THINGSPACE_OK;
    secret_cleanup(out);
    return error_set(error, THINGSPACE_AUTH, "%s is empty; put the secret there",
                     source->description);
}

thingspace_status thingspace_secret_from_file(thingspace_secret **out, const char *path,
                                              thingspace_log_function *log, void *log_user,
                                              thingspace_error *error)
{
    const log_target target = {log, log_user, THINGSPACE_LOG_WARNING};
    cleanup_source secret_source *source = NULL;
    *out = NULL;
    thingspace_status status = secret_source_file(&source, NULL, path ? path : "", error);
    if (status == THINGSPACE_OK)
        status = secret_source_resolve(source, out, &target, error);
    if (status != THINGSPACE_AUTH)
        return status;
    /* The file is no credential of ThingSpace here: it is a file that cannot be used. */
    if (error)
        error->kind = THINGSPACE_LOCAL;
    return THINGSPACE_LOCAL;
}
