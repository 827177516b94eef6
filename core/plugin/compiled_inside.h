/* SPDX-License-Identifier: MIT */
/*
 * What the files of compiled plugins share: the object behind an instance and the hook that runs.
 * The hook lives in the object, so that a plugin that kept its pointer finds it stale afterwards
 * and not somebody else's memory. The client's thread.
 */
#ifndef PLUGIN_COMPILED_INSIDE_H
#define PLUGIN_COMPILED_INSIDE_H

#include <thingspace/plugin.h>
#include "plugin/view.h"

/* A text that a hook was given, freed when it ends. */
typedef struct compiled_text {
    struct compiled_text *next;
    char text[];
} compiled_text;

typedef struct compiled_hook {
    thingspace_hook shown; /* first: what the plugin has a pointer to */
    view *view;            /* NULL in `create`, and when no hook runs */
    verdict *verdict;
    const instance *instance;
    const log_target *log;
    const json *options; /* of `create`; NULL in hooks */
    const char *folder;  /* likewise */
    json *event;         /* made when asked for */
    buffer event_text;   /* likewise; its block is used again */
    compiled_text *texts;
    size_t text_bytes;
    int made;           /* the verdict that was made; THINGSPACE_HOOK_CONTINUE: none */
    unsigned verdicts;  /* how many were made */
    bool out_of_memory; /* while something was read */
    bool untold;        /* the plugin has not asked for the reason of `outcome` */
    char misuse[320];   /* what must not be read was asked for; "": nothing */
    thingspace_status outcome;
    thingspace_error error; /* of `outcome` */
} compiled_hook;

typedef struct compiled {
    thingspace_plugin entry; /* as far as the plugin has it; the rest is NULL */
    char *file;              /* NULL: added by this process */
    instance *instance;
    void *self; /* of the plugin */
    bool created;
    compiled_hook hook;
} compiled;

/* --- compiled_open.c --- */
/* What the entry has of the members that we know; the rest is NULL. Expected: PLUGIN (not one, or
 * of another version). */
thingspace_status compiled_copy_entry(thingspace_plugin *out, const thingspace_plugin *entry,
                                      thingspace_error *error);
/* Checks who can write the file, loads it and copies its entry. Expected: PLUGIN, MEMORY. */
thingspace_status compiled_open(thingspace_plugin *out, const char *file, thingspace_error *error);

/* --- compiled_host.c --- */
extern const thingspace_host compiled_host;
static inline compiled_hook *compiled_hook_of(const thingspace_hook *hook)
{
    return (compiled_hook *)(void *)(size_t)hook;
}
/* What a host function answers: notes a failure, whose details are in the hook's error. */
int compiled_answer(compiled_hook *hook, thingspace_status status);
/* Reads what a function (or an option) was given as JSON; NULL text: none. The message names it as
 * printed. Expected: PROTOCOL, MEMORY. */
thingspace_status compiled_parse(json **out, const char *text, thingspace_error *error,
                                 const char *format, ...) __attribute__((format(printf, 4, 5)));
/* Notes that no hook runs. */
int compiled_stale(compiled_hook *hook);
/* Notes what is wrong with a setter's field or name; 0 when nothing is. */
int compiled_refuse(compiled_hook *hook, field_id field, const char *name);
/* Copies for the hook's time. Notes out of memory. */
const char *compiled_keep(compiled_hook *hook, const char *text);
/* Keeps the tree as JSON text for the hook's time; NULL for NULL. Notes out of memory. */
const char *compiled_keep_json(compiled_hook *hook, const json *node);
/* Frees what the hook was given; it is stale afterwards. */
void compiled_hook_end(compiled_hook *hook);

/* The view, when the hook may use that field now; else NULL. */
static inline view *compiled_usable(const compiled_hook *hook, field_id field)
{
    return hook->view && view_check(hook->view, field, NULL) == THINGSPACE_OK ? hook->view : NULL;
}

/* --- compiled_fields.c: members of the host table --- */
const char *compiled_get_text(const thingspace_hook *hook, int field);
long long compiled_get_number(const thingspace_hook *hook, int field);

/* --- compiled_vars.c: members of the host table --- */
const char *compiled_tag(thingspace_hook *hook, const char *name);
const char *compiled_var(thingspace_hook *hook, const char *name);
int compiled_set_var(thingspace_hook *hook, const char *name, const char *value);
const char *compiled_var_json(thingspace_hook *hook, const char *name);
int compiled_set_var_json(thingspace_hook *hook, const char *name, const char *text);
const char *compiled_get_json(thingspace_hook *hook, int field);

/* --- compiled_body.c: members of the host table --- */
const char *compiled_request_member(thingspace_hook *hook, const char *pointer);
int compiled_set_request_member(thingspace_hook *hook, const char *pointer, const char *value);
int compiled_set_request_secret(thingspace_hook *hook, const char *pointer,
                                const thingspace_secret *secret);
const char *compiled_response_member(thingspace_hook *hook, const char *pointer);
int compiled_set_response_member(thingspace_hook *hook, const char *pointer, const char *value);
const char *compiled_message_member(thingspace_hook *hook, const char *pointer);
const char *compiled_event_member(thingspace_hook *hook, const char *pointer);
const char *compiled_event_json(thingspace_hook *hook);

/* --- compiled_option.c: members of the host table --- */
const char *compiled_option_text(const thingspace_hook *hook, const char *name);
long long compiled_option_integer(const thingspace_hook *hook, const char *name);
double compiled_option_number(const thingspace_hook *hook, const char *name);
int compiled_option_flag(const thingspace_hook *hook, const char *name);
const char *compiled_option_json(thingspace_hook *hook, const char *name);
const char *compiled_folder(const thingspace_hook *hook);

#endif
