/* SPDX-License-Identifier: MIT */
/*
 * What thingspace_register costs above libcurl: the blocking call in a loop against one
 * reused easy handle that sends the same bytes. Both take turns, the server is another
 * process on another core, and CPU time (user and system) of this process is what counts.
 *
 *     register ROUNDS REQUESTS STATE_DIR     prints "LIBRARY LIBCURL", median us of a request
 *     register library REQUESTS STATE_DIR    one of the two only, for a profiler
 *     register libcurl REQUESTS STATE_DIR
 */
#define _GNU_SOURCE
#include <curl/curl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <thingspace/thingspace.h>
#include "median.h"
#include "peer.h"

#define ACCOUNT     "TestAccount-2"
#define SERVICE     "CarrierService"
#define LISTENER    "https://hooks.example.com/cb"
#define MOST_ROUNDS 1000
#define SLICE       100 /* requests */

typedef struct side {
    peer peer;
    thingspace_client *client;
    CURL *easy;
    struct curl_slist *fields;
    char path[128];
    char body[256];
} side;

static void give_up(const char *what)
{
    fprintf(stderr, "register: %s\n", what);
    exit(2);
}

/* ---- the library ---- */

static void open_library(side *side, const char *state_dir)
{
    setenv("THINGSPACE_URL", side->peer.url, 1);
    setenv("THINGSPACE_KEY", "key", 1);
    setenv("THINGSPACE_SECRET", "secret", 1);
    setenv("THINGSPACE_USERNAME", "user", 1);
    setenv("THINGSPACE_PASSWORD", "password", 1);
    unsetenv("THINGSPACE_POLICY");
    thingspace_client_options options = THINGSPACE_CLIENT_OPTIONS_INIT;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    options.state_dir = state_dir;
    if (thingspace_client_new(&side->client, &options, &error) != THINGSPACE_OK)
        give_up(error.message);
}

static void send_by_library(side *side)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    if (thingspace_register(side->client, NULL, ACCOUNT, SERVICE, LISTENER, NULL, NULL, &error) !=
        THINGSPACE_OK)
        give_up(error.message);
}

/* ---- libcurl ---- */

typedef struct text {
    char bytes[16384];
    size_t size;
} text;

static size_t keep(char *bytes, size_t size, size_t count, void *user)
{
    text *to = user;
    size_t length = size * count;
    if (length > sizeof(to->bytes) - to->size)
        return 0;
    memcpy(to->bytes + to->size, bytes, length);
    to->size += length;
    return length;
}

static void send_by_libcurl(side *side)
{
    static text reply;
    long status = 0;
    reply.size = 0;
    curl_easy_setopt(side->easy, CURLOPT_WRITEDATA, &reply);
    if (curl_easy_perform(side->easy) != CURLE_OK ||
        curl_easy_getinfo(side->easy, CURLINFO_RESPONSE_CODE, &status) != CURLE_OK || status != 200)
        give_up("libcurl failed");
}

/* libcurl writes these itself. */
static bool is_libcurls_own(const char *line)
{
    return strncmp(line, "Host:", 5) == 0 || strncmp(line, "Content-Length:", 15) == 0;
}

/* The fields and the body of a request that the library sent, to be sent again. */
static void take_request(side *side, char *request)
{
    char *body = strstr(request, "\r\n\r\n");
    char *line = strstr(request, "\r\n");
    if (!body)
        give_up("the peer saw no request");
    snprintf(side->body, sizeof(side->body), "%s", body + 4);
    while (line < body) {
        line += 2;
        size_t length = strcspn(line, "\r");
        line[length] = '\0';
        if (!is_libcurls_own(line))
            side->fields = curl_slist_append(side->fields, line);
        line += length;
    }
}

static void open_libcurl(side *side, char *request)
{
    take_request(side, request);
    snprintf(side->path, sizeof(side->path), "%s/api/m2m/v1/callbacks/%s", side->peer.url, ACCOUNT);
    side->easy = curl_easy_init();
    curl_easy_setopt(side->easy, CURLOPT_URL, side->path);
    curl_easy_setopt(side->easy, CURLOPT_POSTFIELDS, side->body);
    curl_easy_setopt(side->easy, CURLOPT_HTTPHEADER, side->fields);
    curl_easy_setopt(side->easy, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(side->easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(side->easy, CURLOPT_WRITEFUNCTION, keep);
}

/* ---- both ---- */

/* The request that the peer saw last. */
static void fetch_last(const side *side, text *out)
{
    char url[128];
    snprintf(url, sizeof(url), "%s" PEER_LAST, side->peer.url);
    CURL *easy = curl_easy_init();
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, keep);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, out);
    out->size = 0;
    if (curl_easy_perform(easy) != CURLE_OK)
        give_up("the peer does not answer");
    curl_easy_cleanup(easy);
}

/* One request each; what libcurl is to send is learned from the library's. */
static void open_both(side *side, const char *state_dir)
{
    static text library, libcurl;
    static char request[sizeof(library.bytes) + 1];
    open_library(side, state_dir);
    send_by_library(side);
    fetch_last(side, &library);
    memcpy(request, library.bytes, library.size);
    open_libcurl(side, request);
    send_by_libcurl(side);
    fetch_last(side, &libcurl);
    if (library.size == libcurl.size && memcmp(library.bytes, libcurl.bytes, library.size) == 0)
        return;
    fprintf(stderr, "library:\n%.*s\nlibcurl:\n%.*s\n", (int)library.size, library.bytes,
            (int)libcurl.size, libcurl.bytes);
    give_up("the two do not send the same bytes");
}

static double cpu_us(void)
{
    struct timespec used;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return (double)used.tv_sec * 1e6 + (double)used.tv_nsec / 1e3;
}

static double measure(side *side, void (*send)(struct side *side), unsigned requests)
{
    double before = cpu_us();
    for (unsigned i = 0; i < requests; i++)
        send(side);
    return cpu_us() - before;
}

/* In small slices, so that what disturbs the machine meets both alike. */
static void take_turns(side *side, unsigned rounds, unsigned requests)
{
    static double library[MOST_ROUNDS], libcurl[MOST_ROUNDS];
    for (unsigned i = 0; i < rounds; i++) {
        for (unsigned done = 0; done < requests; done += SLICE) {
            library[i] += measure(side, send_by_library, SLICE) / requests;
            libcurl[i] += measure(side, send_by_libcurl, SLICE) / requests;
        }
    }
    printf("%.2f %.2f\n", median(library, rounds), median(libcurl, rounds));
}

static void run(side *side, const char *what, unsigned requests)
{
    unsigned rounds = (unsigned)strtoul(what, NULL, 10);
    if (strcmp(what, "library") == 0)
        measure(side, send_by_library, requests);
    else if (strcmp(what, "libcurl") == 0)
        measure(side, send_by_libcurl, requests);
    else if (rounds > 0 && rounds <= MOST_ROUNDS)
        take_turns(side, rounds, requests);
    else
        give_up("ROUNDS is 1 to 1000, library or libcurl");
}

int main(int argc, char **argv)
{
    unsigned requests = argc == 4 ? (unsigned)strtoul(argv[2], NULL, 10) / SLICE * SLICE : 0;
    if (requests < SLICE) {
        fprintf(stderr, "usage: register ROUNDS|library|libcurl REQUESTS STATE_DIR\n");
        return 2;
    }
    side side = {.client = NULL};
    if (!peer_start(&side.peer))
        give_up("no peer");
    peer_use_core(0);
    open_both(&side, argv[3]);
    run(&side, argv[1], requests);
    thingspace_client_free(side.client);
    curl_easy_cleanup(side.easy);
    curl_slist_free_all(side.fields);
    peer_stop(&side.peer);
    return 0;
}
