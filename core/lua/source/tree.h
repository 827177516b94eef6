/* SPDX-License-Identifier: MIT */
/*
 * The tree of a script that is read and never run: expressions, the statements that matter to a
 * check, functions and locals. Children lie before their parents in one list of all nodes, so that
 * checks are loops, not recursions. All of it lives in one arena with a maximum, and a failure
 * sticks: whoever builds asks for it once, at the end. One thread at a time.
 */
#ifndef LUA_SOURCE_TREE_H
#define LUA_SOURCE_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <thingspace/error.h>

typedef struct source_node source_node;
typedef struct source_local source_local;
typedef struct source_function source_function;
typedef struct source_label source_label;
typedef struct source_goto source_goto;

/* A name or the content of a string; equal ones are the same pointer. */
typedef struct source_name {
    const char *text; /* NUL-terminated; may hold NULs too */
    size_t size;
    struct source_name *next; /* of its bucket */
    int keyword;              /* the token of a reserved word, or 0 */
    source_local *local;      /* the innermost that is visible; while parsing */
    source_label *label;      /* the same */
    source_goto *pending;     /* the newest goto without a label; while parsing */
    /* for source_check */
    bool defined, member;            /* the script sets a global, a field named so */
    bool option;                     /* the manifest has an option named so, or configure sets it */
    const struct source_node *table; /* the latest constructor with such a key */
    int table_line;
    int global_line, option_line; /* the latest of which it was told that there is none */
} source_name;

typedef enum source_kind {
    SOURCE_NIL,
    SOURCE_BOOLEAN,
    SOURCE_NUMBER,
    SOURCE_STRING,
    SOURCE_VARARG,
    SOURCE_FUNCTION,
    SOURCE_NAME,
    SOURCE_INDEX,
    SOURCE_CALL,
    SOURCE_TABLE,
    SOURCE_OPERATION,
    SOURCE_LOGICAL, /* and, or */
    SOURCE_PARENTHESES,
    SOURCE_ASSIGNMENT,
    SOURCE_RETURN,
} source_kind;

typedef struct source_field {
    struct source_field *next;
    source_name *name; /* NULL: a position, or a key that is computed */
    source_node *value;
    int line;
} source_field;

struct source_node {
    source_kind kind;
    int line;
    bool assigned;     /* a target, not read */
    bool consumed;     /* an operand, a condition, or what a member is taken of: not passed on */
    bool returned;     /* inside of the values of a return */
    bool statement;    /* a call whose results nobody takes */
    bool followed;     /* for source_check: passed on to where the check looks too */
    bool outermost;    /* a return of the function's own block */
    source_node *next; /* in its list of expressions */
    source_node *following; /* in the list of all */
    source_function *function;
    union {
        double number;
        bool boolean;
        source_name *string;
        source_function *body;
        struct {
            source_name *name;
            source_local *local; /* NULL: a global, or a field of the local _ENV */
            bool environment;    /* a field of a local _ENV */
        } name;
        struct {
            source_node *object, *key;
        } index;
        struct {
            source_node *callee; /* of a method: the object */
            source_name *method; /* NULL: a plain call */
            source_node *arguments;
            /* for source_check */
            source_function *target; /* what is called, if the text tells */
            bool known;              /* a function of the library is called */
            bool protected;          /* pcall: the first argument is called */
        } call;
        struct {
            source_field *first, *last;
            bool open; /* has keys that are computed */
        } table;
        struct {
            source_node *left, *right; /* right: NULL of a unary one */
            int word;                  /* the operator */
        } operation;
        source_node *inner;
        struct {
            source_node *targets, *values;
        } assignment;
        source_node *values;
    } as;
};

struct source_local {
    source_name *name; /* NULL: one that the language makes */
    source_function *function;
    int line;
    bool fixed; /* <const> or <close>, or of a loop in Lua 5.5 */
    bool parameter;
    unsigned assignments;  /* after its declaration */
    source_node *value;    /* what it begins with, NULL: nothing, or not told by the text */
    source_node *stored;   /* the latest assigned value, as above */
    source_local *outer;   /* of the name: what it hides */
    source_local *beneath; /* of the scope: the one before */
    source_local *next;    /* of the function's parameters */
    source_local *following;
    /* for source_check */
    unsigned roles;             /* which arguments of which hooks it may be */
    unsigned reads, load_calls; /* of these, calls that can happen at load alone */
    int verdict;                /* the line where it gets a verdict, or 0 */
    bool passed_on;             /* its value goes somewhere: returned, an argument, stored */
};

struct source_function {
    source_function *parent; /* NULL: the script itself */
    int line;
    bool variadic;
    source_local *parameters, *last_parameter;
    unsigned active; /* locals; while parsing */
    source_function *following;
    /* for source_check */
    unsigned phases; /* of the hooks that may run it */
    bool at_load;    /* runs while the script is loaded or configured, and never later */
    bool answers;    /* returns verdicts */
};

typedef struct source_tree {
    source_function *script;
    source_node *nodes, *last_node;
    source_function *last_function;
    source_local *locals, *last_local;
    struct source_block *blocks;
    size_t used;
    source_name **buckets;
    unsigned char key[16];
    thingspace_status status; /* POLICY: the text is wrong */
    int line;                 /* of the failure */
    char message[256];
} source_tree;

/* Empty. Expected: MEMORY. */
thingspace_status source_tree_new(source_tree **out, thingspace_error *error);
void source_tree_free(source_tree *tree);
void source_tree_cleanup(source_tree **tree);
#define cleanup_source_tree __attribute__((cleanup(source_tree_cleanup)))

/* Zeroed, lives as long as the tree; NULL after a failure, which is then the tree's. */
void *source_tree_allocate(source_tree *tree, size_t size);
/* The first failure stays. */
void source_tree_fail(source_tree *tree, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* NULL as above. */
source_name *source_tree_name(source_tree *tree, const char *text, size_t size);
/* Added to the list of all; NULL as above. */
source_node *source_tree_node(source_tree *tree, source_kind kind, int line,
                              source_function *function);
source_function *source_tree_function(source_tree *tree, int line, source_function *parent);
source_local *source_tree_local(source_tree *tree, source_name *name, int line,
                                source_function *function);

#endif
