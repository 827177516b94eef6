/* SPDX-License-Identifier: MIT */
/* The example of thingspace_error(3). */
#include <stdio.h>
#include <thingspace/thingspace.h>

/* All that an error tells, for a log. */
static void report(const thingspace_error *error)
{
    fprintf(stderr, "%s: %s\n", thingspace_status_name(error->kind), error->message);
    if (error->http_status)
        fprintf(stderr, "  the service answered %d %s\n", error->http_status, error->code);
    if (error->plugin[0])
        fprintf(stderr, "  in the hook %s of %s\n", error->phase, error->plugin);
    if (error->file[0])
        fprintf(stderr, "  at %s:%d\n", error->file, error->line);
    if (error->retriable)
        fprintf(stderr, "  may succeed in %lld ms\n", error->retry_after_ms);
}

int main(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_client_options options = THINGSPACE_CLIENT_OPTIONS_INIT;
    thingspace_client *client = NULL;
    options.policy_text = "return { name = nil + 1 }";
    if (thingspace_client_new(&client, &options, &error) != THINGSPACE_OK)
        report(&error);
    thingspace_client_free(client);
    return thingspace_status_exit(error.kind);
}
