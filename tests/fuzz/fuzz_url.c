/* SPDX-License-Identifier: MIT */
/*
 * A URL that is accepted means the same host and port to libcurl, which connects.
 * An account that is accepted stays one segment of the path, also after libcurl has
 * taken dots out of it.
 */
#include <config.h>
#include <arpa/inet.h>
#include <curl/curl.h>
#include "base/text.h"
#include "catalogue/account.h"
#include "catalogue/listener_check.h"
#include "fuzz.h"
#include "http/url.h"

#define HOST "https://thingspace.example.com"
#define BASE HOST "/api/m2m/v1/callbacks/"

static char *part_of(CURLU *handle, CURLUPart part)
{
    char *text = NULL;
    PROMISE(curl_url_get(handle, part, &text, CURLU_DEFAULT_PORT) == CURLUE_OK);
    return text;
}

/* libcurl writes an IPv6 literal in its shortest form, with brackets. */
static bool same_host(const char *ours, char *theirs)
{
    unsigned char a[16], b[16];
    size_t size = strlen(theirs);
    if (size == 0 || theirs[0] != '[')
        return text_equal_ignoring_case(ours, theirs);
    theirs[size - 1] = '\0';
    return inet_pton(AF_INET6, ours, a) == 1 && inet_pton(AF_INET6, theirs + 1, b) == 1 &&
           memcmp(a, b, sizeof(a)) == 0;
}

static void compare(const url *ours, CURLU *theirs)
{
    char *scheme = part_of(theirs, CURLUPART_SCHEME);
    char *host = part_of(theirs, CURLUPART_HOST);
    char *port = part_of(theirs, CURLUPART_PORT);
    char *user = NULL;
    PROMISE(text_equal_ignoring_case(scheme, ours->https ? "https" : "http"));
    PROMISE(same_host(ours->host, host));
    PROMISE(strtoul(port, NULL, 10) == ours->port);
    PROMISE(curl_url_get(theirs, CURLUPART_USER, &user, 0) == CURLUE_NO_USER);
    curl_free(scheme);
    curl_free(host);
    curl_free(port);
}

static void try_url(const char *text)
{
    url ours;
    const listener_facts facts = {.url = text, .username = text};
    listener_check(&facts, NULL, NULL, NULL);
    url_check_endpoint(text, false, false, NULL);
    if (url_parse(&ours, text, NULL))
        return;
    CURLU *theirs = curl_url();
    PROMISE(theirs);
    if (curl_url_set(theirs, CURLUPART_URL, text, 0) == CURLUE_OK)
        compare(&ours, theirs);
    curl_url_cleanup(theirs);
}

static void try_account(const char *account)
{
    account_hint(account);
    if (account_check(account, NULL))
        return;
    cleanup_buffer buffer url;
    buffer_init(&url, 1000);
    PROMISE(buffer_append_text(&url, BASE) == THINGSPACE_OK);
    PROMISE(account_encode(&url, account) == THINGSPACE_OK);
    CURLU *parsed = curl_url();
    PROMISE(parsed);
    PROMISE(curl_url_set(parsed, CURLUPART_URL, buffer_text(&url), 0) == CURLUE_OK);
    char *path = part_of(parsed, CURLUPART_PATH);
    char *decoded = curl_easy_unescape(NULL, buffer_text(&url) + strlen(BASE), 0, NULL);
    PROMISE(strcmp(path, buffer_text(&url) + strlen(HOST)) == 0);
    PROMISE(strcmp(decoded, account) == 0);
    curl_free(path);
    curl_free(decoded);
    curl_url_cleanup(parsed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(data, size);
    try_url(text);
    try_account(text);
    free(text);
    return 0;
}
