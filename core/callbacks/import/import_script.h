/* SPDX-License-Identifier: MIT */
/*
 * What was imported as text: a policy in Lua, with its listeners or beside a table of them. An
 * operator reads and changes it, so it is short: each form of listeners is written once. Pure; any
 * thread.
 */
#ifndef IMPORT_SCRIPT_H
#define IMPORT_SCRIPT_H

#include "base/buffer.h"
#include "callbacks/import/imported.h"

/* What the texts tell beside what was imported; borrowed. */
typedef struct import_words {
    const char *name;      /* of the policy */
    const char *data_file; /* NULL: all is in the script */
    const endpoint *default_endpoint;
    int64_t wall_ms; /* when it was read */
    bool had_plugins;
} import_words;

/* What accounts have unless their row says otherwise: that of most of them. NULL: nothing is
 * read. */
typedef struct import_usual {
    const endpoint *endpoint;
    const credential *credential;
} import_usual;
import_usual import_usual_of(const imported *imported);

/* Names forms, sorts sets. Expected: MEMORY, PROTOCOL (longer than `out` may be). */
thingspace_status import_script_write(buffer *out, const imported *imported,
                                      const import_words *words);

/* The head: when, from where, what to do next, what is missing; import_head.c. */
void import_head_write(buffer *out, const imported *imported, const import_words *words);
/* Members of the policy's table: endpoints, credentials, owns; import_declared.c. */
void import_declared_write(buffer *out, const imported *imported);
size_t import_declared_credentials(const imported *imported); /* how many */
/* The table of listeners as CSV; import_data.c. Expected: MEMORY, PROTOCOL. */
thingspace_status import_data_write(buffer *out, const imported *imported);
/* Whether its rows name endpoint and credential: accounts differ in them. */
bool import_data_has_decisions(const imported *imported);
/* Whether they name levels of checks: some account needs one, or a column gives it. */
bool import_data_has_checks(const imported *imported);
/* Those of the account, as text: its own and what it needs; none is empty. */
void import_data_write_checks(buffer *out, const imported *imported, const import_account *account);
/* What an import decides itself and no column of accounts does: endpoint, credential, checks. */
bool import_data_is_own(const char *column);
/* The name of a column of accounts in the table. */
void import_data_write_header(buffer *out, const char *column);

#endif
