/* SPDX-License-Identifier: MIT */
/*
 * What a command is: one constant struct in cli/commands/NAME.c, from which the parser, --help, the
 * man page and the completions are made. Adding a command is one file there and one line in
 * commands.c.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <stdbool.h>

typedef struct session session;

typedef enum option_kind {
    OPTION_FLAG,    /* may be repeated where counting helps (-vv) */
    OPTION_TEXT,    /* any text */
    OPTION_FILE,    /* completed as a file name */
    OPTION_FOLDER,  /* the same, folders */
    OPTION_CHOICE,  /* one of `choices` */
    OPTION_NUMBER,  /* a whole number, `least` to `most` */
    OPTION_SECONDS, /* decimal seconds above 0, at most `most`, kept as milliseconds */
    OPTION_PAIR,    /* NAME=VALUE */
    OPTION_REFUSED  /* does not exist; `doc` tells what to use instead */
} option_kind;

/* A table of options ends with a row without a name. An option means the same in all tables. */
typedef struct option {
    const char *name; /* without its dashes */
    char letter;      /* its short form; 0: none */
    option_kind kind;
    const char *value;   /* what --help calls its value */
    const char *choices; /* words with blanks between */
    long long least, most;
    bool repeats;       /* every value counts; of other options the last one does */
    const char *action; /* the only one that takes it; NULL: the command does */
    const char *doc;    /* a sentence without its dot */
} option;

typedef struct example {
    const char *words; /* as typed, without "thingspace" */
    const char *what;  /* what it does */
} example;

/* A command of two words: `thingspace auth login`. */
typedef struct action {
    const char *name;
    const char *arguments; /* as for a command */
    const char *summary;
    int (*run)(session *session);
} action;

typedef struct command {
    const char *name;
    /* "ACCOUNT [SERVICE...]": tells how many words there are, how messages call them, and which
     * can be completed (SERVICE, METHOD). NULL: see `actions`. */
    const char *arguments;
    const char *summary;          /* begins with a verb, no dot */
    const char *description;      /* paragraphs with an empty line between */
    const char *json;             /* what --output json prints; NULL: nothing of its own */
    const char *exits;            /* a sentence about exit statuses; NULL: the table says it all */
    const option *options;        /* NULL: only the global ones */
    const action *actions;        /* ends with a row without a name; NULL: none */
    const example *examples;      /* ends with a row without words */
    bool takes_program;           /* words after `--` are a program's, not ours */
    int (*run)(session *session); /* returns the exit status */
} command;

/* All commands in the order of --help, NULL last. */
extern const command *const commands[];
/* The options that every command takes. */
extern const option global_options[];

/* NULL when there is none of that name. */
const command *command_find(const char *name);
const action *command_find_action(const command *command, const char *name);

#endif
