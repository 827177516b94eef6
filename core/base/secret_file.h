/* SPDX-License-Identifier: MIT */
/* A secret from a file or a pipe; what is allowed is said in secret_source.h. Any thread. */
#ifndef SECRET_FILE_H
#define SECRET_FILE_H

#include "base/log.h"
#include "base/secret.h"

typedef struct secret_file_answer {
    bool was_pipe;   /* its bytes come once */
    bool was_public; /* every user can read it */
} secret_file_answer;

/* `what` names the file in errors; a pipe may take `limit_ms`. Expected: AUTH, MEMORY. */
thingspace_status secret_file_read(thingspace_secret **out, secret_file_answer *answer,
                                   const char *path, const char *what, int limit_ms,
                                   thingspace_error *error);

#endif
