/* SPDX-License-Identifier: MIT */
/*
 * Where a secret comes from, without the secret: what policies and options hold.
 * A source is resolved when the secret is used, and again after rotation; only
 * what can be read once keeps its bytes: secret_source_value, _env (the command
 * wipes its environment) and pipes. Counted by reference; used by one thread at a
 * time.
 *
 * Files: regular (links followed) or a pipe; readable by others: a warning;
 * writable by group or others: refused; one final line end is dropped, any other
 * line break or a NUL is refused; relative names are below `folder`.
 * Commands: argument list, no shell, environment of PATH alone, 10 s, 64 KiB.
 */
#ifndef SECRET_SOURCE_H
#define SECRET_SOURCE_H

#include "base/log.h"
#include "base/secret.h"

typedef struct secret_source secret_source;
/* Answers with an owned secret, or an error. */
typedef thingspace_status secret_function(void *user, thingspace_secret **out,
                                          thingspace_error *error);

/* `folder` NULL: the current folder. Owned:
 * secret_source_free. Expected: MEMORY, USAGE (empty name). */
thingspace_status secret_source_file(secret_source **out, const char *folder, const char *path,
                                     thingspace_error *error);
/* Reads the variable now; one that is not set, or empty, fails when it is used. Expected: MEMORY,
 * AUTH (no secret can look so). */
thingspace_status secret_source_env(secret_source **out, const char *name, thingspace_error *error);
/* `arguments` ends with NULL; a relative program path with a slash is below `folder`. */
thingspace_status secret_source_command(secret_source **out, const char *folder,
                                        const char *const *arguments, thingspace_error *error);
/* systemd's $CREDENTIALS_DIRECTORY/NAME. */
thingspace_status secret_source_credential(secret_source **out, const char *name,
                                           thingspace_error *error);
/* Takes one more reference of `secret`; `description` names it in errors. */
thingspace_status secret_source_value(secret_source **out, thingspace_secret *secret,
                                      const char *description, thingspace_error *error);
thingspace_status secret_source_function(secret_source **out, secret_function *function, void *user,
                                         const char *description, thingspace_error *error);

secret_source *secret_source_ref(secret_source *source);
void secret_source_free(secret_source *source);

/* The secret now, owned. Expected: AUTH (cannot be read,
 * empty, malformed), MEMORY. Warnings go to `log`. */
thingspace_status secret_source_resolve(secret_source *source, thingspace_secret **out,
                                        const log_target *log, thingspace_error *error);

/* Whether resolving it may ask somebody: not for what can do without. */
bool secret_source_asks(const secret_source *source);

/* "file /etc/x", "variable X", "command pass": for errors and `auth status`. Borrowed. */
const char *secret_source_description(const secret_source *source);

#endif
