/* SPDX-License-Identifier: MIT */
/*
 * The command `thingspace`: reads the command line, runs the command, ends with its status. What
 * the commands are is told by commands.c, what a failure looks like by output.c.
 */
#include <config.h>
#include <stdio.h>
#include "base/error.h"
#include "base/text.h"
#include "cli/help.h"
#include "cli/hygiene.h"
#include "cli/session.h"

static int usage_status(void)
{
    return thingspace_status_exit(THINGSPACE_USAGE);
}

static int show_help(const session *session)
{
    if (session->options.command)
        help_command(stdout, session->options.command);
    else
        help_all(stdout);
    return 0;
}

static int show_version(void)
{
    printf("thingspace %s\n", thingspace_version());
    return 0;
}

static int miss_command(session *session)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    error_set(&error, THINGSPACE_USAGE, "the command is missing; see `thingspace --help`");
    if (session->output.json)
        return session_fail(session, &error);
    help_short(stderr);
    return usage_status();
}

static int run(session *session)
{
    const options *options = &session->options;
    if (options_has(options, "help"))
        return show_help(session);
    if (options_has(options, "version"))
        return show_version();
    if (!options->command)
        return miss_command(session);
    return options->action ? options->action->run(session) : options->command->run(session);
}

/* `thingspace help COMMAND` is `thingspace COMMAND --help`; `thingspace help` is `--help`. */
static void turn_help_around(int argc, char **argv)
{
    static char help[] = "--help";
    if (argc < 2 || !text_equal(argv[1], "help"))
        return;
    argv[1] = argc > 2 ? argv[2] : help;
    if (argc > 2)
        argv[2] = help;
}

int main(int argc, char **argv)
{
    hygiene_begin();
    turn_help_around(argc, argv);
    session session = {.argv = argv};
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_status status = options_parse(&session.options, argc, argv, &error);
    output_begin(&session.output, &session.options, options_ask_for_json(argc, argv));
    int exit_status = status == THINGSPACE_OK ? run(&session) : session_fail(&session, &error);
    session_close(&session);
    exit_status = output_end(&session.output, exit_status);
    options_dispose(&session.options);
    return exit_status;
}
