/* SPDX-License-Identifier: MIT */
/*
 * Registrations by libcurl alone: one multi, reused easy handles, the JSON and the header fields of
 * each request made anew and each answer read. What the library is measured against.
 */
#ifndef RAW_H
#define RAW_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>

#define RAW_IN_FLIGHT 64
#define RAW_ACCOUNTS  10000
#define RAW_SERVICE   "CarrierService"
#define RAW_LISTENER  "https://hooks.example.com/cb"

typedef struct transfer {
    CURL *easy;
    struct curl_slist *fields;
    char *body;
    char answer[4096];
    size_t size;
} transfer;

typedef struct raw {
    CURLM *multi;
    const char *url;
    transfer transfers[RAW_IN_FLIGHT];
    bool tells_account; /* as the hook does */
    unsigned begun;
} raw;

/* A write function of libcurl, with a transfer. */
size_t raw_keep(char *bytes, size_t size, size_t count, void *user);

/* `url` is the server's, borrowed. Does not fail. */
void raw_open(raw *self, const char *url, bool tells_account);
void raw_send(raw *self, unsigned requests);
void raw_close(raw *self);

const char *raw_account(unsigned number);
void raw_give_up(const char *what); /* ends the process */

#endif
