/* SPDX-License-Identifier: MIT */
/* Making and freeing credentials. Owns nothing beyond them; one thread at a time for each. */
#include <config.h>
#include <stdio.h>
#include <stdlib.h>
#include "auth/credential.h"
#include "base/error.h"
#include "base/text.h"

thingspace_status credential_new(credential **out, const char *name, thingspace_error *error)
{
    *out = NULL;
    credential *made = calloc(1, sizeof(*made));
    if (!made)
        return error_memory(error);
    made->name = text_copy(name);
    if (!made->name) {
        credential_free(made);
        return error_memory(error);
    }
    *out = made;
    return THINGSPACE_OK;
}

void credential_free(credential *self)
{
    if (!self)
        return;
#define X(part) secret_source_free(self->part);
    CREDENTIAL_PARTS(X)
#undef X
    free(self->name);
    free(self);
}

void credential_share(credential *self, const credential *from)
{
#define X(part)                                                                                    \
    do {                                                                                           \
        secret_source *shared = from->part ? secret_source_ref(from->part) : NULL;                 \
        secret_source_free(self->part);                                                            \
        self->part = shared;                                                                       \
    } while (0);
    CREDENTIAL_PARTS(X)
#undef X
}

/* "" or "; missing too: ..." with the parts besides `what`. */
static void name_others(const credential *self, const char *what, char out[64])
{
    size_t used = 0;
    *out = '\0';
#define X(part)                                                                                    \
    if (!self->part && !text_equal(what, #part))                                                   \
        used += (size_t)snprintf(out + used, 64 - used, "%s " #part, used ? "," : "; missing too:");
    CREDENTIAL_PARTS(X)
#undef X
}

/* The built-in credential comes from variables named after its parts. */
static thingspace_status refuse_missing(const credential *self, const char *what,
                                        thingspace_error *error)
{
    char variable[32] = "", others[64];
    name_others(self, what, others);
    if (!text_equal(self->name, "environment"))
        return error_set(error, THINGSPACE_AUTH,
                         "credential \"%s\" has no %s; add it where the credential is declared%s",
                         self->name, what, others);
    for (size_t i = 0; what[i] && i + 1 < sizeof(variable); i++)
        variable[i] = (char)(what[i] >= 'a' && what[i] <= 'z' ? what[i] - 'a' + 'A' : what[i]);
    return error_set(error, THINGSPACE_AUTH,
                     "credential environment has no %s: set THINGSPACE_%s or THINGSPACE_%s_FILE%s",
                     what, variable, variable, others);
}

thingspace_status credential_resolve(const credential *self, secret_source *part, const char *what,
                                     thingspace_secret **out, const log_target *log,
                                     thingspace_error *error)
{
    *out = NULL;
    if (!part)
        return refuse_missing(self, what, error);
    thingspace_status status = secret_source_resolve(part, out, log, error);
    if (status != THINGSPACE_OK && status != THINGSPACE_MEMORY)
        error_prefix(error, "credential \"%s\", %s", self->name, what);
    return status;
}

const char *credential_place(const secret_source *part)
{
    return part ? secret_source_description(part) : "missing";
}
