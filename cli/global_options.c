/* SPDX-License-Identifier: MIT */
/* The options that every command takes. Constant data. */
#include <config.h>
#include <stddef.h>
#include "cli/command.h"

/* A day: longer calls are a mistake in the unit. */
#define MOST_SECONDS 86400

const option global_options[] = {
    {.name = "policy",
     .kind = OPTION_FILE,
     .value = "FILE",
     .doc = "the policy script, before THINGSPACE_POLICY and the default places"},
    {.name = "output",
     .kind = OPTION_CHOICE,
     .value = "FORMAT",
     .choices = "text json",
     .doc = "text (default) or json: the result as one JSON document, an error as one JSON object "
            "on standard error"},
    {.name = "timeout",
     .kind = OPTION_SECONDS,
     .value = "SECONDS",
     .most = MOST_SECONDS,
     .doc = "for one call with its logins and attempts, decimals allowed (default 30); beats the "
            "policy"},
    {.name = "state-dir",
     .kind = OPTION_FOLDER,
     .value = "DIR",
     .doc = "where tokens, locks and the count of failed logins are kept"},
    {.name = "set",
     .kind = OPTION_PAIR,
     .value = "NAME=VALUE",
     .repeats = true,
     .doc = "a setting that the policy reads as thingspace.settings.NAME; repeatable"},
    {.name = "plugin",
     .kind = OPTION_FILE,
     .value = "FILE[,JSON]",
     .repeats = true,
     .doc = "a plugin after those of the policy, with its options as a JSON object; it gets the "
            "capabilities that it declares; repeatable, the second of one plugin is NAME-2"},
    {.name = "plugin-path",
     .kind = OPTION_TEXT,
     .value = "FOLDERS",
     .doc = "absolute folders where plugins are looked for by name, with colons between, before "
            "THINGSPACE_PLUGIN_PATH"},
    {.name = "reason",
     .kind = OPTION_TEXT,
     .value = "TEXT",
     .doc = "why the call is made, for audit plugins"},
    {.name = "no-token-cache",
     .kind = OPTION_FLAG,
     .doc = "keep tokens out of the state directory; lock and count stay there"},
    {.name = "ca-file",
     .kind = OPTION_FILE,
     .value = "FILE",
     .doc = "certificate authorities (PEM) in place of the system's"},
    {.name = "proxy",
     .kind = OPTION_TEXT,
     .value = "URL",
     .doc = "an HTTP proxy; proxy variables of the environment are not read"},
    {.name = "dry-run",
     .kind = OPTION_FLAG,
     .doc = "do everything up to the request, print it with its secrets hidden, send nothing"},
    {.name = "verbose",
     .letter = 'v',
     .kind = OPTION_FLAG,
     .repeats = true,
     .doc = "tell what is done; twice: every step"},
    {.name = "quiet", .letter = 'q', .kind = OPTION_FLAG, .doc = "no warnings and hints"},
    {.name = "color",
     .kind = OPTION_CHOICE,
     .value = "WHEN",
     .choices = "auto always never",
     .doc = "colour in text; auto (default): on a terminal, unless NO_COLOR is set"},
    {.name = "help", .letter = 'h', .kind = OPTION_FLAG, .doc = "print help and exit"},
    {.name = "version", .kind = OPTION_FLAG, .doc = "print the version and exit"},
    {.name = NULL},
};
