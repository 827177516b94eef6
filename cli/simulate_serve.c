/* SPDX-License-Identifier: MIT */
/*
 * The stand-in service, for as long as a program runs or until Ctrl-C. State goes to a folder
 * of its own, so that nothing of a trial stays. Linked into thingspace-simulate alone.
 */
#include <config.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <thingspace/simulator.h>
#include <unistd.h>
#include "base/buffer.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/child.h"
#include "cli/session.h"
#include "cli/simulate.h"
#include "cli/temporary.h"

extern char **environ;

/* ---- the environment of who uses it ---- */

typedef struct variable {
    const char *name, *value;
} variable;

#define VARIABLES 6

static void fill_variables(variable out[VARIABLES], const char *url, const char *state_dir)
{
    const variable variables[VARIABLES] = {
        {"THINGSPACE_URL", url},
        {"THINGSPACE_KEY", THINGSPACE_SIMULATOR_KEY},
        {"THINGSPACE_SECRET", THINGSPACE_SIMULATOR_SECRET},
        {"THINGSPACE_USERNAME", THINGSPACE_SIMULATOR_USERNAME},
        {"THINGSPACE_PASSWORD", THINGSPACE_SIMULATOR_PASSWORD},
        {"THINGSPACE_STATE_DIR", state_dir},
    };
    memcpy(out, variables, sizeof(variables));
}

/* What is set anew, and what would contradict it; a policy stays. */
static bool is_inherited(const char *variable)
{
    static const char *const replaced[] = {
        "THINGSPACE_URL=*",         "THINGSPACE_API_URL=*",       "THINGSPACE_TOKEN_URL=*",
        "THINGSPACE_KEY=*",         "THINGSPACE_KEY_FILE=*",      "THINGSPACE_SECRET=*",
        "THINGSPACE_SECRET_FILE=*", "THINGSPACE_USERNAME=*",      "THINGSPACE_USERNAME_FILE=*",
        "THINGSPACE_PASSWORD=*",    "THINGSPACE_PASSWORD_FILE=*", "THINGSPACE_STATE_DIR=*",
    };
    for (size_t i = 0; i < sizeof(replaced) / sizeof(replaced[0]); i++)
        if (text_matches(variable, replaced[i]))
            return false;
    return true;
}

static void free_environment(char **environment)
{
    for (size_t i = 0; environment && environment[i]; i++)
        free(environment[i]);
    free(environment);
}

static char **make_environment(const variable variables[VARIABLES])
{
    size_t count = 0, used = 0;
    while (environ[count])
        count++;
    char **made = calloc(count + VARIABLES + 1, sizeof(*made));
    bool good = made != NULL;
    for (size_t i = 0; good && i < VARIABLES; i++)
        good = (made[used++] = text_format("%s=%s", variables[i].name, variables[i].value)) != NULL;
    for (size_t i = 0; good && i < count; i++)
        if (is_inherited(environ[i]))
            good = (made[used++] = text_copy(environ[i])) != NULL;
    if (good)
        return made;
    free_environment(made);
    return NULL;
}

/* ---- with a program ---- */

/* A shell without arguments is for somebody who types: tell what surrounds them. */
static bool is_shell(char *const *program)
{
    static const char *const shells[] = {"sh", "bash", "dash", "fish", "ksh", "zsh"};
    const char *slash = strrchr(program[0], '/');
    const char *name = slash ? slash + 1 : program[0];
    for (size_t i = 0; i < sizeof(shells) / sizeof(shells[0]); i++)
        if (text_equal(name, shells[i]))
            return !program[1] && isatty(STDIN_FILENO);
    return false;
}

static int run_program(session *session, const char *url, const variable variables[VARIABLES])
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    char *const *program = session->options.program;
    char **environment = make_environment(variables);
    int exit_status = 0;
    if (is_shell(program))
        output_note(&session->output, "a ThingSpace of your own at %s; exit ends it", url);
    thingspace_status status =
        environment ? child_run(&exit_status, program, environment, &error) : error_memory(&error);
    free_environment(environment);
    return status == THINGSPACE_OK ? exit_status : session_fail(session, &error);
}

/* ---- without one ---- */

static thingspace_status print_json(const char *url, const variable variables[VARIABLES])
{
    cleanup_json json *document = json_new_object();
    json *environment = json_new_object();
    bool good = environment != NULL;
    for (size_t i = 0; good && i < VARIABLES; i++)
        good = json_set(environment, variables[i].name, json_new_string(variables[i].value)) ==
               THINGSPACE_OK;
    if (!document || !good) {
        json_free(environment);
        return THINGSPACE_MEMORY;
    }
    if (json_set(document, "url", json_new_string(url)) != THINGSPACE_OK ||
        json_set(document, "environment", environment) != THINGSPACE_OK)
        return THINGSPACE_MEMORY;
    return output_json(document);
}

static void print_exports(const variable variables[VARIABLES])
{
    for (size_t i = 0; i < VARIABLES; i++) {
        cleanup_text char *line =
            text_format("export %s='%s'", variables[i].name, variables[i].value);
        if (line)
            output_line(line);
    }
}

static thingspace_status print_start(session *session, const char *url,
                                     const variable variables[VARIABLES])
{
    thingspace_status status = THINGSPACE_OK;
    if (session->output.json)
        status = print_json(url, variables);
    else
        print_exports(variables);
    output_note(&session->output, "a ThingSpace of your own at %s; Ctrl-C ends it", url);
    return status;
}

static void add_ends(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGHUP);
}

static int wait_for_end(session *session, const char *url, const variable variables[VARIABLES])
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    sigset_t ends;
    int number;
    add_ends(&ends);
    sigprocmask(SIG_BLOCK, &ends, NULL);
    if (print_start(session, url, variables) != THINGSPACE_OK) {
        error_memory(&error);
        return session_fail(session, &error);
    }
    if (fflush(stdout) == 0)
        sigwait(&ends, &number);
    return 0;
}

/* ---- both ---- */

static int serve(session *session, const thingspace_simulator *simulator)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    char *state_dir = NULL;
    if (temporary_make(&state_dir, &error) != THINGSPACE_OK)
        return session_fail(session, &error);
    variable variables[VARIABLES];
    const char *url = thingspace_simulator_url(simulator);
    fill_variables(variables, url, state_dir);
    int exit_status = session->options.program ? run_program(session, url, variables)
                                               : wait_for_end(session, url, variables);
    temporary_remove(state_dir);
    return exit_status;
}

#define STATE_BYTES (64 * 1024 * 1024)

/* The file of --state; empty without one. */
static thingspace_status read_state(buffer *out, const char *path, thingspace_error *error)
{
    char piece[16384];
    size_t got;
    FILE *file = path ? fopen(path, "re") : NULL;
    if (path && !file)
        return error_errno(error, THINGSPACE_LOCAL, errno, "--state: %s cannot be read", path);
    while (file && (got = fread(piece, 1, sizeof(piece), file)) > 0)
        buffer_append(out, piece, got);
    bool failed = file && ferror(file);
    if (file)
        fclose(file);
    if (failed)
        return error_set(error, THINGSPACE_LOCAL, "--state: %s cannot be read", path);
    if (out->status != THINGSPACE_OK)
        return error_set(error, THINGSPACE_USAGE, "--state: %s is longer than %d bytes", path,
                         STATE_BYTES);
    return THINGSPACE_OK;
}

static void fill_options(thingspace_simulator_options *out, const options *given,
                         const char *const *faults)
{
    const char *dead = options_text(given, "dead-session");
    out->port = (int)options_number(given, "port", 0);
    out->bearer_seconds = (int)options_number(given, "bearer-seconds", 0);
    out->session_idle_seconds = (int)options_number(given, "session-seconds", 0);
    out->latency_ms = (int)options_number(given, "latency-ms", 0);
    out->dead_session_status = text_equal(dead, "401") ? 401 : 0;
    out->second_post = text_equal(options_text(given, "second-post"), "refuse")
                           ? THINGSPACE_SIMULATOR_POST_REFUSED
                           : THINGSPACE_SIMULATOR_POST_REPLACES;
    out->faults = faults;
    out->seed = (unsigned)options_number(given, "seed", 0);
}

int simulate_run(session *session)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_simulator_options options = THINGSPACE_SIMULATOR_OPTIONS_INIT;
    thingspace_simulator *simulator = NULL;
    const char *file = options_text(&session->options, "state");
    cleanup_buffer buffer state;
    buffer_init(&state, STATE_BYTES);
    const char **faults = options_texts(&session->options, "fault");
    fill_options(&options, &session->options, faults);
    thingspace_status status = faults ? read_state(&state, file, &error) : error_memory(&error);
    options.state = file ? buffer_text(&state) : NULL;
    if (status == THINGSPACE_OK)
        status = thingspace_simulator_start(&simulator, &options, &error);
    int exit_status =
        status == THINGSPACE_OK ? serve(session, simulator) : session_fail(session, &error);
    thingspace_simulator_stop(simulator);
    free(faults);
    return exit_status;
}
