/* SPDX-License-Identifier: MIT */
/*
 * The binding for stock Lua: thingspace.core in C, on the public headers alone, with thingspace.lua
 * above it. A client of Lua is a userdata `box`; what must live as long as it (hooks, tasks,
 * functions) hangs on its user value, never in the registry, so that an abandoned client with calls
 * in flight is garbage like any other. Its finalizer runs no Lua.
 *
 * Every function here that takes a lua_State may raise, and no error of Lua may cross a frame of
 * the library: what the library calls goes through box_call. A client belongs to one lua_State and
 * its thread.
 */
#ifndef BINDING_CORE_H
#define BINDING_CORE_H

#include <lauxlib.h>
#include <lua.h>
#include <stdbool.h>
#include <thingspace/plugin.h>
#include <thingspace/thingspace.h>

#define CLIENT_TYPE    "thingspace.client"
#define RETURNING_TYPE "thingspace.client (nil, err)"
#define ERROR_TYPE     "thingspace.error"
#define SECRET_TYPE    "thingspace.secret"
#define TASK_TYPE      "thingspace.task"
#define PLAN_TYPE      "thingspace.plan"
#define REPLY_TYPE     "thingspace.reply"
#define VERDICT_TYPE   "thingspace.verdict"
#define HOLDER_TYPE    "thingspace.holder"
#define KEPT_TYPE      "thingspace.registered"

typedef struct task task;

typedef struct box {
    thingspace_client *client; /* NULL: closed */
    lua_State *L;              /* the one that called the library last; NULL outside of it */
    lua_State *running;        /* the coroutine of the task that runs */
    task *task;                /* the same */
    thingspace_hook *hook;     /* that runs */
    bool finalizing;           /* callbacks leave Lua alone */
    lua_State *main;           /* the coroutine that Ctrl-C gives a debug hook */
    lua_Hook before, stop;     /* the one when the library was called; that of Ctrl-C */
    int stop_mask;
    lua_Integer first_ready, last_ready; /* of the list of tasks that go on next */
    int resolve, listeners, log, ask;    /* references to functions; LUA_NOREF */
} box;

/* ---- box.c: the client as Lua has it ---- */

box *box_push(lua_State *L);
/* The client at `index`; an error of kind usage when it is closed. */
box *box_check(lua_State *L, int index);
box *box_check_any(lua_State *L, int index); /* closed ones too */
/* The same outside of its tasks, hooks and other callbacks; where something may block, too. */
box *box_check_outside(lua_State *L, int index, const char *what);
box *box_check_blocking(lua_State *L, int index, const char *what);
/* Around every function of the library that may call back: what box_enter answers, box_leave takes.
 * The outermost box_leave raises what a callback raised meanwhile. */
lua_State *box_enter(box *box, lua_State *L);
void box_leave(box *box, lua_State *L, lua_State *before);
/* The same where something is left to do first: true with what is to be raised on top. */
bool box_end(box *box, lua_State *L, lua_State *before);
/* Inside callbacks: pushes the table that hangs on the client. */
void box_push_table(lua_State *L, const box *box);
void box_push_client(lua_State *L, const box *box);
/*
 * Inside callbacks: calls `function` with a light userdata, protected, on box->L. False when it
 * raised: the error is then noted and raised by the outermost box_leave. Does not raise.
 */
bool box_call(box *box, lua_CFunction function, void *argument);
/* The same; the error is on top of box->L instead. */
bool box_try(box *box, lua_CFunction function, void *argument);
/* References to what is on top, in the table of the client at `index`. */
int box_ref(lua_State *L, int index);
void box_unref(lua_State *L, const box *box, int reference);
void box_open(lua_State *L);

/* ---- interrupt.c: Ctrl-C of the stock interpreter; nothing there raises ---- */

/* The outermost box_enter and box_leave. */
void interrupt_begin(box *box);
void interrupt_end(box *box);
/* Between them: ends what is in flight when there was a Ctrl-C. */
void interrupt_look(box *box);
/* As thingspace_client_run and thingspace_perform, with a look every 50 ms. */
thingspace_status interrupt_run(box *box, long long wait_ms, thingspace_error *error);
thingspace_status interrupt_perform(box *box, thingspace_result **out,
                                    const thingspace_request *request, thingspace_error *error);

/* ---- errors.c ---- */

void errors_push(lua_State *L, const thingspace_error *error);
int errors_raise(lua_State *L, const thingspace_error *error);
int errors_usage(lua_State *L, const char *format, ...); /* kind usage; as lua_pushfstring */
/* Pushes what was raised, or told beside nil, as one line: of tables the `message`, or the members.
 */
const char *errors_text(lua_State *L, int index);
/* Raises unless `status` is OK. */
void errors_check(lua_State *L, thingspace_status status, const thingspace_error *error);
/* Makes one line of it. */
void errors_flatten(char *text);
/* own(): the chunk that calls is a part of the module, which no error is placed in. */
int errors_own(lua_State *L);
void errors_open(lua_State *L);

/* ---- holder.c: memory of the library while functions may raise ---- */

typedef struct holder {
    thingspace_result *result;
    thingspace_plan *plan;
    char *text, *more;
} holder;
holder *holder_push(lua_State *L);
void holder_empty(holder *holder);
void holder_open(lua_State *L);

/* ---- options.c: members of tables, with errors that name them ---- */

/*
 * Puts a table of our own in the place of the script's at `index`: it reads each member once and
 * keeps it, whatever the script does with its own. The functions below do that themselves.
 */
void options_keep(lua_State *L, int index);
/* The argument at `index`, a table whose members are of the class (members.h), or none: false. */
bool options_check(lua_State *L, int index, const char *what, unsigned class);
/* Names what is read in messages: "register", "client". Member of the table at `index`, which may
 * be none; NULL, 0 or false when it is nil. Texts live as long as what is at `index` then. */
const char *options_text(lua_State *L, int index, const char *what, const char *name);
long long options_integer(lua_State *L, int index, const char *what, const char *name);
bool options_flag(lua_State *L, int index, const char *what, const char *name);
/* Pushes a function, or nothing when there is none. */
bool options_function(lua_State *L, int index, const char *what, const char *name);
/* A list of texts that ends with NULL, in a userdata that is pushed (nil without one). */
const char *const *options_list(lua_State *L, int index, const char *what, const char *name);
/* An argument that is a text; nil gives NULL when it may. */
const char *options_argument(lua_State *L, int index, const char *what, const char *name, bool may);
/* Pushes what the value is in a message: "a table", "nothing". */
const char *options_type(lua_State *L, int index);
void options_open(lua_State *L);

/* ---- table.c: members of the table on top ---- */

void table_set_text(lua_State *L, const char *name, const char *text); /* NULL: no member */
void table_set_count(lua_State *L, const char *name, size_t count);

/* ---- members.c ---- */

/* Raises when the table at `index`, an absolute one, has a member that is of none of the classes,
 * bits of members.h. */
void members_check(lua_State *L, int index, const char *what, unsigned classes);
/* Pushes "; did you mean NAME?", or nothing. */
const char *members_near(lua_State *L, unsigned classes, const char *name);

/* ---- request.c ---- */

/* Pushes what a method of Lua returns for a result that is OK; takes it out of the holder when it
 * keeps it. */
int request_push(lua_State *L, thingspace_operation operation, holder *holder);
void request_open(lua_State *L);
extern const luaL_Reg request_methods[];

/* ---- task.c, loop.c: what they share with lost.c and resume.c is in task.h ---- */

/* Ends the method: the coroutine goes on with the answer. */
int task_perform(lua_State *L, box *box, const thingspace_request *request);
void task_open(lua_State *L);
extern const luaL_Reg task_methods[], loop_methods[];

/* ---- hook.c, handle.c, verdict.c ---- */

extern const luaL_Reg hook_methods[], hook_functions[];
typedef enum handle_kind {
    HANDLE_CALL,
    HANDLE_REQUEST,
    HANDLE_RESPONSE,
    HANDLE_FAILURE,
    HANDLE_EVENT,
    HANDLE_COUNT
} handle_kind;
/* Pushes the client's handle of the kind; the client's table is at `table`. */
void handle_push(lua_State *L, box *box, int table, handle_kind kind);
/* Raises with the library's reason unless `result` is 0. */
void handle_check(lua_State *L, thingspace_hook *hook, int result);
void handle_open(lua_State *L);
/* How many verdicts were made so far; a hook that is over does not count for the one around it. */
lua_Integer verdict_made(lua_State *L);
void verdict_forget(lua_State *L, lua_Integer made);
/* What the hook returns for the value at `index`, nil or a verdict. */
int verdict_take(lua_State *L, thingspace_hook *hook, int index);
void verdict_open(lua_State *L);
extern const luaL_Reg verdict_functions[];

/* ---- json_read.c, json_write.c ---- */

/* Pushes the value of a text; null as nil in members when `plain`, else as the sentinel. */
void json_push(lua_State *L, const char *text, size_t size, bool plain);
bool json_is_null(lua_State *L, int index);
void json_mark_list(lua_State *L); /* the table on top: empty it is [] */
bool json_is_list(lua_State *L, int index);
/*
 * Pushes the JSON text of the value at `index`. Secrets are errors, unless `places` is not 0: then
 * they become "***", and the table at that index gets pairs of JSON Pointer and secret.
 */
void json_encode(lua_State *L, int index, int places);
void json_open(lua_State *L);
extern const luaL_Reg json_functions[];

/* ---- secret.c ---- */

thingspace_secret *secret_test(lua_State *L, int index);   /* NULL: it is something else */
void secret_push(lua_State *L, thingspace_secret *secret); /* takes a reference */
void secret_open(lua_State *L);
extern const luaL_Reg secret_functions[];

/* ---- client.c, policy.c, tools.c; plan.c, apply.c, import.c: what they share is in plan.h ---- */

extern const luaL_Reg client_functions[];
void client_open(lua_State *L);
extern const luaL_Reg client_methods[];
/* The functions of the policy in the table at `options`, for the client at `self`. */
void policy_read(lua_State *L, int options, int self, thingspace_client_options *out);
extern const luaL_Reg plan_methods[], apply_methods[], import_methods[];
void plan_open(lua_State *L);
extern const luaL_Reg tools_methods[];
extern const luaL_Reg tools_functions[];

#endif
