/* SPDX-License-Identifier: MIT */
/*
 * libcurl's codes as our errors: a kind, and a sentence that says what to do.
 * Also whether the request can have left: libcurl tells before it writes one.
 */
#include <config.h>
#include <string.h>
#include "base/error.h"
#include "base/text.h"
#include "http/transport_internal.h"

/* OpenSSL's numbers of a failed verification, as CURLINFO_SSL_VERIFYRESULT passes them on. */
typedef struct verify_result {
    long code;
    const char *reason;
    const char *advice;
} verify_result;

#define ASK_OPERATOR    "ask the operator of the host to renew it"
#define NAME_AUTHORITY  "--ca-file names another authority"
#define OTHER_HOST      "it was made for another host"
#define CHECK_ENDPOINTS "check the endpoint's URL"

static const verify_result verify_results[] = {
    {2, "its issuer is unknown", NAME_AUTHORITY},
    {9, "it is not valid yet", "check the clock of this machine"},
    {10, "it has expired", ASK_OPERATOR},
    {18, "it is self-signed", NAME_AUTHORITY},
    {19, "its chain ends in an unknown self-signed certificate", NAME_AUTHORITY},
    {20, "its issuer is unknown", NAME_AUTHORITY},
    {21, "its issuer is unknown", NAME_AUTHORITY},
    {23, "it was revoked", ASK_OPERATOR},
    {62, OTHER_HOST, CHECK_ENDPOINTS},
    {64, OTHER_HOST, CHECK_ENDPOINTS},
};

static const char *words(const exchange *self, CURLcode code)
{
    return self->text[0] ? self->text : curl_easy_strerror(code);
}

static thingspace_status describe_certificate(exchange *self, CURLcode code)
{
    thingspace_error *error = &self->result.error;
    const char *host = exchange_host(self);
    long result = 0;
    curl_easy_getinfo(self->easy, CURLINFO_SSL_VERIFYRESULT, &result);
    for (size_t i = 0; i < sizeof(verify_results) / sizeof(verify_results[0]); i++)
        if (verify_results[i].code == result)
            return error_set(error, THINGSPACE_TLS, "certificate of %s: %s; %s", host,
                             verify_results[i].reason, verify_results[i].advice);
    /* libcurl compares names by itself, and then there is no number for it. */
    if (strstr(self->text, "match"))
        return error_set(error, THINGSPACE_TLS,
                         "certificate of %s: " OTHER_HOST "; " CHECK_ENDPOINTS, host);
    return error_set(error, THINGSPACE_TLS, "certificate of %s: %s; " NAME_AUTHORITY, host,
                     words(self, code));
}

static thingspace_status describe_connect(exchange *self, CURLcode code)
{
    thingspace_error *error = &self->result.error;
    if (self->refused_address[0] && !self->tried_address)
        return error_set(error, THINGSPACE_NETWORK,
                         "%s resolves to the private address %s; set private = true on the "
                         "endpoint to allow it",
                         exchange_host(self), self->refused_address);
    long number = 0;
    curl_easy_getinfo(self->easy, CURLINFO_OS_ERRNO, &number);
    const char *why = number ? strerror((int)number) : words(self, code);
    error_set(error, THINGSPACE_NETWORK,
              "no connection with %s: %s; check that the service is up and " CHECK_ENDPOINTS,
              self->transport->proxy ? "the proxy" : exchange_host(self), why);
    error->retriable = 1;
    return THINGSPACE_NETWORK;
}

static thingspace_status describe_network(exchange *self, CURLcode code)
{
    thingspace_error *error = &self->result.error;
    const char *host = exchange_host(self);
    if (code == CURLE_COULDNT_RESOLVE_HOST)
        error_set(error, THINGSPACE_NETWORK,
                  "the name %s cannot be resolved; " CHECK_ENDPOINTS " and the name service", host);
    else if (code == CURLE_COULDNT_RESOLVE_PROXY)
        error_set(error, THINGSPACE_NETWORK,
                  "the name of the proxy cannot be resolved; check --proxy");
    else if (code == CURLE_GOT_NOTHING || code == CURLE_ABORTED_BY_CALLBACK)
        error_set(error, THINGSPACE_NETWORK,
                  "%s closed the connection without an answer; try later", host);
    else if (code == CURLE_HTTP2_STREAM)
        error_set(error, THINGSPACE_NETWORK,
                  "%s gave up the request before its answer was whole; "
                  "try later",
                  host);
    else if (code == CURLE_PARTIAL_FILE)
        error_set(error, THINGSPACE_NETWORK, "the answer of %s ended too early; try later", host);
    else
        error_set(error, THINGSPACE_NETWORK, "the connection with %s broke: %s; try later", host,
                  words(self, code));
    error->retriable = 1;
    return THINGSPACE_NETWORK;
}

static thingspace_status describe_protocol(exchange *self, CURLcode code)
{
    return error_set(&self->result.error, THINGSPACE_PROTOCOL,
                     "the answer of %s is not HTTP: %s; " CHECK_ENDPOINTS, exchange_host(self),
                     words(self, code));
}

/*
 * A header line beyond libcurl's own buffer is reported as out of memory, before
 * our callback has seen any of it.
 */
static thingspace_status describe_memory(exchange *self)
{
    if (!self->result.sent || self->in_body)
        return error_memory(&self->result.error);
    return error_set(&self->result.error, THINGSPACE_PROTOCOL,
                     "the answer of %s has more than %d bytes of header, the most that is read",
                     exchange_host(self), LIMIT_RESPONSE_HEADER_BYTES);
}

static thingspace_status describe_timeout(exchange *self)
{
    thingspace_error *error = &self->result.error;
    error_set(error, THINGSPACE_TIMEOUT,
              "no connection with %s in %ld ms; check the network and " CHECK_ENDPOINTS,
              exchange_host(self), self->connect_timeout_ms);
    error->retriable = 1;
    return THINGSPACE_TIMEOUT;
}

static thingspace_status describe_tls(exchange *self, CURLcode code)
{
    thingspace_error *error = &self->result.error;
    if (code == CURLE_SSL_CACERT_BADFILE)
        return error_set(error, THINGSPACE_TLS,
                         "the file of authorities cannot be used: %s; name "
                         "a PEM file with --ca-file",
                         words(self, code));
    return error_set(error, THINGSPACE_TLS, "no TLS 1.2 or newer with %s: %s; " CHECK_ENDPOINTS,
                     exchange_host(self), words(self, code));
}

static thingspace_status describe(exchange *self, CURLcode code)
{
    switch (code) {
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
        return describe_certificate(self, code);
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ENGINE_INITFAILED:
    case CURLE_USE_SSL_FAILED:
        return describe_tls(self, code);
    case CURLE_COULDNT_CONNECT:
        return describe_connect(self, code);
    case CURLE_OPERATION_TIMEDOUT:
        return describe_timeout(self);
    case CURLE_OUT_OF_MEMORY:
        return describe_memory(self);
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_BAD_CONTENT_ENCODING:
    case CURLE_URL_MALFORMAT:
    case CURLE_WRITE_ERROR:
        return describe_protocol(self, code);
    default:
        return describe_network(self, code);
    }
}

void failure_describe(exchange *self, CURLcode code)
{
    exchange_result *result = &self->result;
    result->sent = self->sends > 0;
    if (result->status == THINGSPACE_OK && code != CURLE_OK)
        result->status = describe(self, code);
}

void failure_describe_deadline(exchange *self)
{
    exchange_result *result = &self->result;
    result->sent = self->sends > 0;
    result->status = error_set(
        &result->error, THINGSPACE_TIMEOUT, "%s %s in time; --timeout gives more",
        result->sent ? "no whole answer from" : "no connection with", exchange_host(self));
    result->error.retriable = 1;
}
