/* SPDX-License-Identifier: MIT */
/*
 * thingspace simulate: what it takes. It is carried out by a program of its own (simulate_serve.c),
 * so that the command for every day does not carry a web server.
 */
#include <config.h>
#include <limits.h>
#include "cli/commands/commands.h"
#include "cli/simulate.h"

#define MOST_SECONDS (366 * 24 * 3600)
#define MOST_LATENCY (3600 * 1000)

static const option own_options[] = {
    {.name = "port",
     .kind = OPTION_NUMBER,
     .value = "N",
     .most = 65535,
     .doc = "listen on this port of 127.0.0.1 (default: any free one)"},
    {.name = "second-post",
     .kind = OPTION_CHOICE,
     .value = "WHAT",
     .choices = "replace refuse",
     .doc = "what registering a registered service does: replace (default) or refuse"},
    {.name = "dead-session",
     .kind = OPTION_CHOICE,
     .value = "STATUS",
     .choices = "400 401",
     .doc = "the HTTP status for a session that has ended: 400 (default) or 401"},
    {.name = "bearer-seconds",
     .kind = OPTION_NUMBER,
     .value = "N",
     .least = 1,
     .most = MOST_SECONDS,
     .doc = "life of a bearer token (default 3600)"},
    {.name = "session-seconds",
     .kind = OPTION_NUMBER,
     .value = "N",
     .least = 1,
     .most = MOST_SECONDS,
     .doc = "a session ends after so long without use (default 1200)"},
    {.name = "latency-ms",
     .kind = OPTION_NUMBER,
     .value = "N",
     .most = MOST_LATENCY,
     .doc = "wait so long before every answer"},
    {.name = "fault",
     .kind = OPTION_TEXT,
     .value = "RULE",
     .repeats = true,
     .doc = "misbehave: 'METHOD PATH WORD...', words as above, such as status=503 "
            "header=Retry-After:1 times=2; repeatable"},
    {.name = "state",
     .kind = OPTION_FILE,
     .value = "FILE",
     .doc = "register what this has first: an answer of /simulator/state or /simulator/listeners"},
    {.name = "seed",
     .kind = OPTION_NUMBER,
     .value = "N",
     .least = 1,
     .most = UINT_MAX,
     .doc = "of the chances of faults: the same misfortunes again (default: others each time, told "
            "in the state)"},
    {.name = NULL},
};

static const example examples[] = {
    {"simulate -- bash", "a shell with a ThingSpace of its own"},
    {"simulate -- thingspace list TestAccount-2", "one command against it"},
    {"simulate --fault 'GET /callbacks/* status=503 times=2' -- bash",
     "a service that fails twice"},
    {"simulate --fault '* /callbacks/* reset after chance=5%' --seed 7 -- bash",
     "one that loses every twentieth answer"},
    {"simulate --port 8080", "for other programs, until Ctrl-C"},
    {NULL, NULL},
};

const command command_simulate = {
    .name = "simulate",
    .arguments = "[-- COMMAND...]",
    .summary = "run a stand-in for ThingSpace",
    .description =
        "Starts a stand-in for the service on 127.0.0.1. With a COMMAND, runs it with variables "
        "that name the stand-in, its credential and a fresh state directory, passes signals on, "
        "and "
        "ends with it. Without one, prints these variables as lines for a shell and serves until "
        "Ctrl-C.\n"
        "\n"
        "It keeps everything in memory, forgets it at the end, and shows listener passwords to "
        "whoever can reach it: for trying out, never for production. GET /simulator/state tells "
        "what it was asked and what is registered. POST /simulator/faults adds rules, one a line, "
        "and DELETE removes them; POST /simulator/listeners registers those of a state; "
        "/simulator/credentials adds applications and users, an array of {\"key\", \"secret\", "
        "\"username\", \"password\", \"accounts\"}. GET /simulator/listeners has what is "
        "registered alone. POST "
        "/simulator/expire?what=all (or bearer, session) ends tokens, /simulator/advance?seconds=N "
        "moves its clock, /simulator/reset starts afresh.\n"
        "\n"
        "It speaks every API that --api of other commands names, each with listeners of its own "
        "and its peculiarities: hyper-precise takes the account in the query and answers lists, "
        "diagnostics takes it in the body and calls the URL endpoint, software-v2 and software-v3 "
        "have one listener for an account, which PUT changes. location and diagnostics answer with "
        "a signing key in the header Shared-Key, a name that is made up.\n"
        "\n"
        "A rule is a method, a path (both may hold *) and words. In place of the service answer "
        "status=N, body=TEXT, garbage, huge=BYTES, redirect=URL, raw=TEXT (no HTTP at all), "
        "close and reset. header=NAME:VALUE adds a field, delay=MS waits, cut=BYTES ends the body "
        "early, drip=BYTES sends so many a second, after lets the operation take effect first. "
        "expire=bearer and expire=session end the token of the request. times=N ends the rule "
        "after N uses, skip=N lets the first N requests pass, chance=5% (or chance=0.05) lets pass "
        "all but so many, at random. A value may stand in double quotes. The first rule that "
        "matches applies.",
    .json = "{\"url\", \"environment\": {NAME: VALUE}}, without a COMMAND",
    .exits = "With a COMMAND, its exit status; 128 and the signal's number when a signal ended it.",
    .options = own_options,
    .examples = examples,
    .takes_program = true,
    .run = simulate_run,
};
