/* SPDX-License-Identifier: MIT */
/* The example of thingspace_log(3). */
#include <stdio.h>
#include <thingspace/thingspace.h>

/* As a service of systemd wants it: the priority before each line. */
static void to_journal(void *user, thingspace_log_level level, const char *line)
{
    static const int priorities[] = {3, 4, 6, 7};
    fprintf(user, "<%d>%s\n", priorities[level], line);
}

int main(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_client_options options = THINGSPACE_CLIENT_OPTIONS_INIT;
    thingspace_client *client = NULL;
    options.log = to_journal;
    options.log_user = stderr;
    options.log_level = THINGSPACE_LOG_INFO;
    if (thingspace_client_new(&client, &options, &error) != THINGSPACE_OK)
        to_journal(stderr, THINGSPACE_LOG_ERROR, error.message);
    thingspace_client_free(client);
    return thingspace_status_exit(error.kind);
}
