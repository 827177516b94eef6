/* SPDX-License-Identifier: MIT */
/*
 * What calls in flight cost above libcurl: many registrations at once, through a policy, hooks and
 * an audit file, against one multi of libcurl whose reused easy handles send the same bytes. Both
 * make the JSON and the header fields of each request anew and read each answer. All take turns,
 * the server is another process on another core, and CPU time (user and system) of this process
 * is what counts.
 *
 *     pipeline ROUNDS REQUESTS DIR AUDIT     prints "NAME FIGURE UNIT BASELINE" of each
 *     pipeline ROUNDS REQUESTS DIR AUDIT NAME=COMMAND...   and of the library against commands that
 *                                            send as many; see rivals.h
 *     pipeline NAME REQUESTS DIR AUDIT       one side of one only, for a profiler: "hooks",
 *                                            "hooks-libcurl", ...
 *
 * DIR gets scripts, states and the audit file; AUDIT is the compiled plugin.
 */
#define _GNU_SOURCE
#include <curl/curl.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <thingspace/thingspace.h>
#include <time.h>
#include <unistd.h>
#include "median.h"
#include "peer.h"
#include "raw.h"
#include "rivals.h"

#define MOST_ROUNDS 1000
#define SLICE       1000  /* requests */
#define MANY        10000 /* calls that leave no memory behind */

static const peer *server;

/* ---- the library ---- */

typedef struct library {
    thingspace_client *client;
    unsigned begun, left; /* requests of the slice */
} library;

static void start(library *self);

static void note(thingspace_result *result, void *user)
{
    library *self = user;
    if (thingspace_result_status(result) != THINGSPACE_OK)
        raw_give_up(thingspace_result_error(result)->message);
    thingspace_result_free(result);
    if (self->left > 0)
        start(self);
}

static void start(library *self)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_request request = THINGSPACE_REQUEST_INIT;
    request.operation = THINGSPACE_REGISTER;
    request.account = raw_account(self->begun++);
    request.service = RAW_SERVICE;
    request.url = RAW_LISTENER;
    self->left--;
    if (thingspace_call_start(self->client, NULL, &request, note, self, &error) != THINGSPACE_OK)
        raw_give_up(error.message);
}

static void send_by_library(library *self, unsigned requests)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    self->left = requests;
    for (unsigned i = 0; i < RAW_IN_FLIGHT && self->left > 0; i++)
        start(self);
    if (thingspace_client_run(self->client, -1, &error) != THINGSPACE_OK)
        raw_give_up(error.message);
}

/* ---- what the library runs ---- */

static const char *directory, *audit;

static const char first_script[] = "return { name = 'first', version = '1.0.0', api = 1,\n"
                                   "  capabilities = { 'request.headers:write' },\n"
                                   "  hooks = { request = function(call, request)\n"
                                   "    request:set_header('X-Account', call.account)\n"
                                   "  end } }\n";

static const char second_script[] = "return { name = 'second', version = '1.0.0', api = 1,\n"
                                    "  capabilities = { 'request.body:read' },\n"
                                    "  hooks = { check = function(call, request)\n"
                                    "    local body = request:json()\n"
                                    "    if not body.url:find('https://', 1, true) then\n"
                                    "      return thingspace.deny('url', 'only https')\n"
                                    "    end\n"
                                    "  end } }\n";

/* `%s`: the server's URL, the rows of plugins. */
static const char policy_form[] = "local accounts = {}\n"
                                  "for i = 0, 9999 do accounts[i + 1] = 'TestAccount-' .. i end\n"
                                  "return { name = 'bench', accounts = accounts,\n"
                                  "  endpoints = { near = { url = '%s' } },\n"
                                  "  resolve = function(account, row)\n"
                                  "    return { endpoint = 'near', timeout_ms = 20000 }\n"
                                  "  end,\n"
                                  "  plugins = { %s } }\n";

#define LUA_ROWS                                                                                   \
    "{ 'first.lua', grant = { 'request.headers:write' } },"                                        \
    "{ 'second.lua', grant = { 'request.body:read' } },"

static void write_file(const char *name, const char *text)
{
    char path[512];
    snprintf(path, sizeof(path), "%s/%s", directory, name);
    FILE *file = fopen(path, "w");
    if (!file || fputs(text, file) < 0 || fclose(file) != 0)
        raw_give_up("the folder cannot be written to");
}

static void open_client(library *self, const char *rows)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_client_options options = THINGSPACE_CLIENT_OPTIONS_INIT;
    char policy[4096], state[512];
    snprintf(policy, sizeof(policy), policy_form, server->url, rows);
    snprintf(state, sizeof(state), "%s/state", directory);
    options.policy_text = policy;
    options.policy_folder = directory;
    options.state_dir = state;
    if (thingspace_client_new(&self->client, &options, &error) != THINGSPACE_OK)
        raw_give_up(error.message);
}

static void open_with_audit_options(library *self, const char *audit_options)
{
    char rows[2048];
    snprintf(rows, sizeof(rows), "%s { '%s', options = { %s, sync = 'none' } }", LUA_ROWS, audit,
             audit_options);
    open_client(self, rows);
}

static void open_with_audit(library *self)
{
    open_with_audit_options(self, "file = 'audit.jsonl'");
}

/* Results wait for the next line. */
static void open_with_gathering_audit(library *self)
{
    open_with_audit_options(self, "file = 'gathered.jsonl', gather_ms = 20");
}

static void open_with_hooks(library *self)
{
    open_client(self, LUA_ROWS);
}

static void open_without(library *self)
{
    open_client(self, "");
}

static void prepare_environment(void)
{
    setenv("THINGSPACE_KEY", "key", 1);
    setenv("THINGSPACE_SECRET", "secret", 1);
    setenv("THINGSPACE_USERNAME", "user", 1);
    setenv("THINGSPACE_PASSWORD", "password", 1);
    write_file("first.lua", first_script);
    write_file("second.lua", second_script);
}

/* ---- both ---- */

static struct contest {
    const char *name;
    void (*open)(library *library);
    bool tells_account;
    library library;
    raw raw;
    double by_library[MOST_ROUNDS], by_libcurl[MOST_ROUNDS];
} contests[] = {
    {.name = "hooks-audit", .open = open_with_audit, .tells_account = true},
    {.name = "hooks-audit-gathered", .open = open_with_gathering_audit, .tells_account = true},
    {.name = "hooks", .open = open_with_hooks, .tells_account = true},
    {.name = "plain", .open = open_without},
};
#define CONTESTS (sizeof(contests) / sizeof(contests[0]))

/* The request that the server saw last. */
static void fetch_last(transfer *out)
{
    char url[128];
    snprintf(url, sizeof(url), "%s" PEER_LAST, server->url);
    CURL *easy = curl_easy_init();
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, raw_keep);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, out);
    out->size = 0;
    if (curl_easy_perform(easy) != CURLE_OK)
        raw_give_up("the server does not answer");
    curl_easy_cleanup(easy);
}

/* The two are comparable when they send the same bytes. */
static void open_contest(struct contest *self)
{
    static transfer library, libcurl;
    self->open(&self->library);
    raw_open(&self->raw, server->url, self->tells_account);
    send_by_library(&self->library, 1);
    fetch_last(&library);
    raw_send(&self->raw, 1);
    fetch_last(&libcurl);
    if (library.size == libcurl.size && memcmp(library.answer, libcurl.answer, library.size) == 0)
        return;
    fprintf(stderr, "library:\n%.*s\nlibcurl:\n%.*s\n", (int)library.size, library.answer,
            (int)libcurl.size, libcurl.answer);
    raw_give_up("the two do not send the same bytes");
}

static void close_contest(struct contest *self)
{
    thingspace_client_free(self->library.client);
    raw_close(&self->raw);
}

static double cpu_us(void)
{
    struct timespec used;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return (double)used.tv_sec * 1e6 + (double)used.tv_nsec / 1e3;
}

static void take_turn(struct contest *self, unsigned round, unsigned requests)
{
    double begin = cpu_us();
    send_by_library(&self->library, SLICE);
    double middle = cpu_us();
    raw_send(&self->raw, SLICE);
    self->by_library[round] += (middle - begin) / requests;
    self->by_libcurl[round] += (cpu_us() - middle) / requests;
}

/* In small slices, so that what disturbs the machine meets all alike. */
static void take_turns(unsigned rounds, unsigned requests)
{
    for (unsigned round = 0; round < rounds; round++) {
        for (unsigned done = 0; done < requests; done += SLICE)
            for (size_t i = 0; i < CONTESTS; i++)
                take_turn(&contests[i], round, requests);
        rivals_run(requests);
    }
    for (size_t i = 0; i < CONTESTS; i++)
        printf("pipeline-%s %.2f us %.2f\n", contests[i].name,
               median(contests[i].by_library, rounds), median(contests[i].by_libcurl, rounds));
    rivals_tell(median(contests[0].by_library, rounds));
}

static double resident_kib(void)
{
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (!file || fscanf(file, "%*d %ld", &pages) != 1)
        raw_give_up("/proc cannot be read");
    fclose(file);
    return (double)pages * (double)sysconf(_SC_PAGESIZE) / 1024;
}

static double used_kib(void)
{
    struct mallinfo2 info = mallinfo2();
    return (double)(info.uordblks + info.hblkhd) / 1024;
}

/* The buffers and connections of the first calls stay, and what is noted of each account. */
static void watch_memory(library *self)
{
    send_by_library(self, MANY);
    double resident = resident_kib(), used = used_kib();
    send_by_library(self, MANY);
    printf("memory-after-10000-calls %.1f KB %.1f\n", used_kib(), used);
    printf("resident-after-10000-calls %.0f KB %.0f\n", resident_kib(), resident);
}

static void run_one(const char *name, unsigned requests)
{
    for (size_t i = 0; i < CONTESTS; i++) {
        size_t size = strlen(contests[i].name);
        if (strcmp(name, contests[i].name) == 0)
            send_by_library(&contests[i].library, requests);
        else if (strncmp(name, contests[i].name, size) == 0 && strcmp(name + size, "-libcurl") == 0)
            raw_send(&contests[i].raw, requests);
        else
            continue;
        return;
    }
    raw_give_up("nothing is called so");
}

static void run(const char *what, unsigned requests)
{
    unsigned rounds = (unsigned)strtoul(what, NULL, 10);
    if (rounds == 0) {
        run_one(what, requests);
    } else if (rounds <= MOST_ROUNDS) {
        watch_memory(&contests[0].library);
        take_turns(rounds, requests);
    } else {
        raw_give_up("ROUNDS is 1 to 1000");
    }
}

int main(int argc, char **argv)
{
    unsigned requests = argc >= 5 ? (unsigned)strtoul(argv[2], NULL, 10) / SLICE * SLICE : 0;
    if (requests < SLICE) {
        fprintf(stderr, "usage: pipeline ROUNDS|NAME REQUESTS DIR AUDIT [RIVAL=COMMAND...]\n");
        return 2;
    }
    peer peer;
    if (!peer_start(&peer))
        raw_give_up("no peer");
    server = &peer;
    directory = argv[3];
    audit = argv[4];
    peer_use_core(0);
    mkdir(directory, 0700);
    prepare_environment();
    for (size_t i = 0; i < CONTESTS; i++)
        open_contest(&contests[i]);
    rivals_open(server->url, directory, argv + 5);
    run(argv[1], requests);
    for (size_t i = 0; i < CONTESTS; i++)
        close_contest(&contests[i]);
    peer_stop(&peer);
    return 0;
}
