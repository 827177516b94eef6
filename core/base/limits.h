/* SPDX-License-Identifier: MIT */
/*
 * Every maximum of the library in one place, each with its reason. What grows
 * has its limit here; the limits of scripts are those of lua/runtime/limits.h.
 */
#ifndef LIMITS_H
#define LIMITS_H

/* A secret: generous for a token (JWT-like ones reach 4 KiB) or a key file. */
#define LIMIT_SECRET_BYTES (64 * 1024)
/* How long a secret command may take: a password manager that asks somebody is too slow. */
#define LIMIT_SECRET_COMMAND_MS (10 * 1000)

/* JSON: deep enough for any message seen, shallow enough for a 256 KiB stack. */
#define LIMIT_JSON_DEPTH 64
/* JSON nodes of one document: 13 listeners are 80; a list of 10,000 is 60,000. */
#define LIMIT_JSON_NODES 100000
/* JSON number text, in characters: exact, but not a way to hold a megabyte. */
#define LIMIT_JSON_NUMBER 1024
/* JSON text handed to a program: the check of a million accounts is 300 MiB. */
#define LIMIT_JSON_TEXT (1024 * 1024 * 1024)

/* Entries of one map: every declared account (below), rounded up to a power of two. */
#define LIMIT_MAP_ENTRIES (1024 * 1024)

/* One answer of the service: a list of 10,000 listeners is 3 MiB. */
#define LIMIT_RESPONSE_BODY (8 * 1024 * 1024)
/* All header lines of one answer, and their number; real ones have 1 KiB, 20 lines. */
#define LIMIT_RESPONSE_HEADER_BYTES (64 * 1024)
#define LIMIT_RESPONSE_HEADERS      256
/* A request: our own have six fields, and a body of a thousand devices is 200 KiB. */
#define LIMIT_REQUEST_HEADERS      64
#define LIMIT_REQUEST_HEADER_BYTES (8 * 1024)
#define LIMIT_REQUEST_BODY         (1024 * 1024)

/* Query parameters of one request; the API knows none with more than a handful. */
#define LIMIT_REQUEST_PARAMETERS 64
/* Calls at once to one endpoint: what one multi serves well, and no service takes for an attack.
 * What a policy may ask for: a connection each, and most processes may have 1,024 descriptors. */
#define LIMIT_WINDOW_DEFAULT 64
#define LIMIT_WINDOW         1024
/* Of these, those of one account: its neighbours need room too. */
#define LIMIT_WINDOW_ACCOUNT 8
/* Handles kept for the next exchange (20 KiB each): what a busy bulk run has in flight. */
#define LIMIT_IDLE_EXCHANGES LIMIT_WINDOW_DEFAULT
/* Connections of one client, in use and kept: the largest window and those for tokens; fewer when
 * the process may have fewer descriptors. */
#define LIMIT_CONNECTIONS (LIMIT_WINDOW + 64)
/* Descriptor numbers that a foreign loop's driver can watch: far above any ulimit in use. */
#define LIMIT_SOCKETS (1024 * 1024)

/* An account name: the longest seen has 18 characters. */
#define LIMIT_ACCOUNT 120
/* A callback service's name: the longest seen has 36 characters. */
#define LIMIT_SERVICE 120
/* A URL: what servers commonly accept in a request line. */
#define LIMIT_URL (8 * 1024)
/* Listener username and password (documented by the vendor: 40 characters). */
#define LIMIT_LISTENER_CREDENTIAL 40
/* A file in the state directory: tokens and a latch are below 20 KiB. */
#define LIMIT_STATE_FILE (256 * 1024)
/* State files of one kind that are looked at in one go: what a run that died had in flight. */
#define LIMIT_STATE_NAMES 10000
/* An answer to a token request or a login: four times the longest token. */
#define LIMIT_AUTH_ANSWER (256 * 1024)
/* A file that a policy reads (csv, json_file): a million rows of 64 characters. */
#define LIMIT_POLICY_FILE (64 * 1024 * 1024)
/* A policy script's text: a long one has 10 KiB, and data belongs in files. */
#define LIMIT_SCRIPT (256 * 1024)
/* Differences of one plan: 100,000 accounts with all of their services, and nearly as many
 * strangers. */
#define LIMIT_PLAN_CHANGES 4000000
/* A saved plan: 100,000 accounts with all of their services are 2.3 million changes of 200 bytes.
 */
#define LIMIT_PLAN_FILE (512 * 1024 * 1024)
/* Accounts that a plan, an apply or an import has under way at once: enough to hide the way to the
 * service, and memory does not grow with their number. */
#define LIMIT_ACCOUNTS_AT_ONCE LIMIT_WINDOW_DEFAULT
/* Tries of an account whose service has too much to do, or breaks off; and the time for those, and
 * for an endpoint that nobody reaches: a blip is no failure of thousands of changes, and an outage
 * is told soon. */
#define LIMIT_APPLY_TRIES    5
#define LIMIT_APPLY_AGAIN_MS (2 * 60 * 1000)
/* Tries of an account that a plan cannot read because tokens end while they are used: each may need
 * a login, and what ends them may be a program that goes on. */
#define LIMIT_PLAN_TRIES LIMIT_APPLY_TRIES
/* Declared accounts: the stated goal is 100,000; ten times that is a mistake. */
#define LIMIT_ACCOUNTS 1000000
/* Columns of a CSV file: account lists have below ten. */
#define LIMIT_CSV_COLUMNS 256
/* A row that is packed: those of account lists have below 1 KiB. */
#define LIMIT_PACKED_ROW (16 * 1024)
/* Warnings that plans tell once each: their texts name no account. */
#define LIMIT_TOLD_WARNINGS 256
/* Groups of services of one policy: there are 23 services. */
#define LIMIT_GROUPS 256
/* Listeners declared for one account: 23 services are known. */
#define LIMIT_DESIRED_LISTENERS 1024
/* Rows of `plugins` of one policy: each is a state of its own and runs in every call. */
#define LIMIT_PLUGIN_ROWS 256
/* What one client has been given by its program: no program writes as many. */
#define LIMIT_PLUGINS_ADDED 256
/* Tenants of one policy: each holds a Lua state of 20 KiB to 4 MiB. */
#define LIMIT_TENANTS 1000
/* Names or patterns in one list of a tenant's row; each undeclared account is compared with all. */
#define LIMIT_TENANT_LIST 1000
/* Accounts that a tenant's script lists: more belong into the operator's `accounts`. */
#define LIMIT_TENANT_ACCOUNTS 10000
/* What the rows of a tenant's accounts and plugins hold: 10,000 of ten members each. They lie
 * outside of the memory that its script may have. */
#define LIMIT_TENANT_ROW_BYTES (8 * 1024 * 1024)
/* The tags of one decision: each call in flight holds its own. */
#define LIMIT_TAG_BYTES (64 * 1024)
/* The name of a policy, an endpoint or a credential: room in every message. */
#define LIMIT_POLICY_NAME 120
/* A name for which a similar one is looked up: no list holds a longer one. */
#define LIMIT_SUGGESTED 120
/* Changes that the hooks of one call make, and the bytes of the values before: fifty instances that
 * make twenty each; the journal lies outside of the memory that a script may have. */
#define LIMIT_CALL_CHANGES      1000
#define LIMIT_CALL_CHANGE_BYTES (4 * 1024 * 1024)
/* A value in the list of changes: enough to know it again. */
#define LIMIT_CHANGE_TEXT 256
/* Members of an object that are compared one by one: bodies of the API have below twenty. */
#define LIMIT_CHANGE_MEMBERS 256
/* Hooks that ran, as `plugin explain` lists them: a long chain in all phases. */
#define LIMIT_TRACE_RUNS 10000
/* One line of log, escaped; longer ones are cut: twice the longest error. */
#define LIMIT_LOG_LINE 1024

/* Names of plugins, instances and options: those of an error have 64 bytes. */
#define LIMIT_PLUGIN_NAME 63
/* A plugin's version: semantic versions with a build number have below 32 characters. */
#define LIMIT_PLUGIN_VERSION 32
/* Options of one plugin, and what is said of one: the largest that ships has eight. */
#define LIMIT_PLUGIN_OPTIONS    64
#define LIMIT_PLUGIN_OPTION_DOC 1024
/* Texts that one hook of a compiled plugin asks for: bodies are up to 8 MiB, and there is no need
 * to read one many times. */
#define LIMIT_COMPILED_TEXTS (64 * 1024 * 1024)
/* What stays allocated for the next event of a compiled plugin: most are below a kilobyte. */
#define LIMIT_COMPILED_KEPT (64 * 1024)
/* The longest time of a call: what asks for more gets this, so that sums of times fit. */
#define LIMIT_TIMEOUT_MS (31LL * 24 * 60 * 60 * 1000)
/* How long a hook may park its call: longer than any call's deadline. */
#define LIMIT_PLUGIN_WAIT_MS (60 * 60 * 1000)
/* What an instance keeps between calls: a number for each of the accounts of a busy policy. */
#define LIMIT_PLUGIN_STATE 4096
/* What the hooks of one call tell each other. */
#define LIMIT_PLUGIN_VARS 64
/* A key of either, or of a bucket: an account, a service and a URL's host. */
#define LIMIT_PLUGIN_KEY 256
/* A text that is kept: a token-like value, not a document; and all of them together. */
#define LIMIT_PLUGIN_TEXT       (64 * 1024)
#define LIMIT_PLUGIN_TEXT_BYTES (4 * 1024 * 1024)
/* Token buckets of one instance that are not full: see LIMIT_PLUGIN_STATE. */
#define LIMIT_PLUGIN_BUCKETS 4096
/* The longest wait a bucket tells: 31 years, so that it fits an int64_t in nanoseconds too. */
#define LIMIT_PLUGIN_BUCKET_MS 1000000000000

#endif
