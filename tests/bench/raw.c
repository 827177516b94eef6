/* SPDX-License-Identifier: MIT */
/* See raw.h. */
#include <cjson/cJSON.h>
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <thingspace/thingspace.h>
#include "peer.h"
#include "raw.h"

void raw_give_up(const char *what)
{
    fprintf(stderr, "pipeline: %s\n", what);
    exit(2);
}

const char *raw_account(unsigned number)
{
    static char names[RAW_ACCOUNTS][32];
    char *name = names[number % RAW_ACCOUNTS];
    if (!*name)
        snprintf(name, sizeof(names[0]), "TestAccount-%u", number % RAW_ACCOUNTS);
    return name;
}

size_t raw_keep(char *bytes, size_t size, size_t count, void *user)
{
    transfer *to = user;
    size_t length = size * count;
    if (length > sizeof(to->answer) - to->size)
        return 0;
    memcpy(to->answer + to->size, bytes, length);
    to->size += length;
    return length;
}

static void add_field(transfer *self, const char *form, const char *value)
{
    char line[256];
    snprintf(line, sizeof(line), form, value);
    self->fields = curl_slist_append(self->fields, line);
}

static void make_fields(const raw *self, transfer *of, const char *name)
{
    of->fields = NULL;
    add_field(of, "Content-Type: %s", "application/json");
    add_field(of, "Accept: %s", "application/json");
    if (self->tells_account)
        add_field(of, "X-Account: %s", name);
    add_field(of, "Authorization: Bearer %s", PEER_BEARER);
    add_field(of, "VZ-M2M-Token: %s", PEER_SESSION);
    add_field(of, "User-Agent: libthingspace/%s", thingspace_version());
}

static void make_body(transfer *of)
{
    cJSON *tree = cJSON_CreateObject();
    cJSON_AddStringToObject(tree, "name", RAW_SERVICE);
    cJSON_AddStringToObject(tree, "url", RAW_LISTENER);
    of->body = cJSON_PrintUnformatted(tree);
    cJSON_Delete(tree);
}

static void begin(raw *self, transfer *of)
{
    char url[160];
    const char *name = raw_account(self->begun++);
    snprintf(url, sizeof(url), "%s/api/m2m/v1/callbacks/%s", self->url, name);
    make_body(of);
    make_fields(self, of, name);
    of->size = 0;
    curl_easy_setopt(of->easy, CURLOPT_URL, url);
    curl_easy_setopt(of->easy, CURLOPT_POSTFIELDS, of->body);
    curl_easy_setopt(of->easy, CURLOPT_HTTPHEADER, of->fields);
    curl_multi_add_handle(self->multi, of->easy);
}

static void check_answer(const transfer *of)
{
    long status = 0;
    curl_easy_getinfo(of->easy, CURLINFO_RESPONSE_CODE, &status);
    cJSON *tree = cJSON_ParseWithLength(of->answer, of->size);
    if (status != 200 || !cJSON_IsString(cJSON_GetObjectItemCaseSensitive(tree, "accountName")) ||
        !cJSON_IsString(cJSON_GetObjectItemCaseSensitive(tree, "serviceName")))
        raw_give_up("libcurl got another answer");
    cJSON_Delete(tree);
}

static void end(raw *self, transfer *of)
{
    curl_multi_remove_handle(self->multi, of->easy);
    check_answer(of);
    curl_slist_free_all(of->fields);
    cJSON_free(of->body);
}

/* Ends what is done, begins as many as are left; how many are still on their way. */
static void collect(raw *self, unsigned *left, unsigned *flying)
{
    int queued;
    for (CURLMsg *message; (message = curl_multi_info_read(self->multi, &queued));) {
        transfer *of;
        if (message->data.result != CURLE_OK)
            raw_give_up("libcurl failed");
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &of);
        end(self, of);
        if (*left > 0) {
            (*left)--;
            begin(self, of);
        } else {
            (*flying)--;
        }
    }
}

void raw_send(raw *self, unsigned requests)
{
    unsigned flying = requests < RAW_IN_FLIGHT ? requests : RAW_IN_FLIGHT, left = requests - flying;
    for (unsigned i = 0; i < flying; i++)
        begin(self, &self->transfers[i]);
    while (flying > 0) {
        int running;
        curl_multi_perform(self->multi, &running);
        collect(self, &left, &flying);
        if (flying > 0)
            curl_multi_poll(self->multi, NULL, 0, 1000, NULL);
    }
}

void raw_open(raw *self, const char *url, bool tells_account)
{
    self->url = url;
    self->tells_account = tells_account;
    self->multi = curl_multi_init();
    curl_multi_setopt(self->multi, CURLMOPT_MAXCONNECTS, (long)RAW_IN_FLIGHT);
    for (unsigned i = 0; i < RAW_IN_FLIGHT; i++) {
        transfer *of = &self->transfers[i];
        of->easy = curl_easy_init();
        curl_easy_setopt(of->easy, CURLOPT_PRIVATE, of);
        curl_easy_setopt(of->easy, CURLOPT_NOPROXY, "*");
        curl_easy_setopt(of->easy, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(of->easy, CURLOPT_WRITEFUNCTION, raw_keep);
        curl_easy_setopt(of->easy, CURLOPT_WRITEDATA, of);
    }
}

void raw_close(raw *self)
{
    for (unsigned i = 0; i < RAW_IN_FLIGHT; i++)
        curl_easy_cleanup(self->transfers[i].easy);
    curl_multi_cleanup(self->multi);
}
