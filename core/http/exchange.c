/* SPDX-License-Identifier: MIT */
/*
 * One easy handle of libcurl. What never changes is set once; for a request only
 * what differs from the one before. Header fields become a list of our own making
 * over one wiped buffer: libcurl only reads it, and curl_slist_append would leave
 * tokens behind in plain heap.
 */
#include <config.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "http/transport_internal.h"

/* Prefixes and both tokens at their largest, on top of what a request may have. */
#define FIELD_TEXT_MAX (2 * LIMIT_REQUEST_HEADER_BYTES + 2 * LIMIT_SECRET_BYTES)
/* libcurl asks "Expect: 100-continue" for large
 * bodies only; smaller ones need no field against it. */
#define EXPECT_BYTES (64 * 1024)
#define USER_AGENT   "User-Agent: libthingspace/" PACKAGE_VERSION
/* Larger answers give their memory back. */
#define KEPT_BODY_BYTES  (64 * 1024)
#define CA_CACHE_SECONDS (24 * 60 * 60)

#define SET(option, value) (curl_easy_setopt(easy, option, value) == CURLE_OK)

static void end_at_deadline(timer *fired, void *user)
{
    (void)fired;
    failure_describe_deadline(user);
    transport_finish(user);
}

static void check_speed(timer *fired, void *user)
{
    exchange *self = user;
    size_t size = self->result.response.body.size;
    if (size - self->slow_mark >= SLOW_BYTES) {
        self->slow_mark = size;
        timers_start(&self->transport->timers, fired,
                     clock_monotonic_ms() + self->transport->slow_window_ms);
        return;
    }
    exchange_result *result = &self->result;
    result->sent = true;
    result->status =
        error_set(&result->error, THINGSPACE_TIMEOUT,
                  "answer too slow: less than %d bytes in %lld s from %s; try later", SLOW_BYTES,
                  (long long)self->transport->slow_window_ms / 1000, exchange_host(self));
    result->error.retriable = 1;
    transport_finish(self);
}

/*
 * HTTP/2 where TLS offers it. The first exchanges with a host then wait until its first connection
 * tells whether it carries them all: one handshake in place of 64.
 */
static bool set_version(CURL *easy, bool tls)
{
    bool two = tls && SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    return (two || SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1)) &&
           SET(CURLOPT_PIPEWAIT, two ? 1L : 0L);
}

static bool set_rules(CURL *easy)
{
    return SET(CURLOPT_NOSIGNAL, 1L) && SET(CURLOPT_PROTOCOLS_STR, "http,https") &&
           SET(CURLOPT_FOLLOWLOCATION, 0L) && SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED) &&
           set_version(easy, false) && SET(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L) &&
           SET(CURLOPT_PATH_AS_IS, 1L) && SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L) &&
           SET(CURLOPT_NOPROXY, "");
}

/*
 * The directory of authorities is left out because with one libcurl reads the whole file of
 * authorities again for every connection; a build that has nothing else keeps it.
 */
static bool set_tls(CURL *easy, const char *ca_file)
{
    bool good = SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) &&
                SET(CURLOPT_SSL_VERIFYPEER, 1L) && SET(CURLOPT_SSL_VERIFYHOST, 2L);
    if (good && ca_file)
        good = SET(CURLOPT_CAINFO, ca_file);
    if (good && (ca_file || curl_version_info(CURLVERSION_NOW)->cainfo))
        good = SET(CURLOPT_CAPATH, NULL);
#if LIBCURL_VERSION_NUM >= 0x075700
    curl_easy_setopt(easy, CURLOPT_CA_CACHE_TIMEOUT, (long)CA_CACHE_SECONDS);
#endif
    return good;
}

/*
 * libcurl calls this before it writes a request, and by itself writes one again when a kept
 * connection dies before an answer, or a stream of HTTP/2 is refused. The second time ends the
 * exchange: what to do about a lost answer is decided by who sent it.
 */
static int allow_one_send(void *user, char *peer, char *local, int peer_port, int local_port)
{
    exchange *self = user;
    (void)peer, (void)local, (void)peer_port, (void)local_port;
    return self->sends++ == 0 ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

static bool set_callbacks(exchange *self)
{
    CURL *easy = self->easy;
    return SET(CURLOPT_PREREQFUNCTION, allow_one_send) && SET(CURLOPT_PREREQDATA, self) &&
           SET(CURLOPT_PRIVATE, self) && SET(CURLOPT_ERRORBUFFER, self->text) &&
           SET(CURLOPT_HEADERFUNCTION, answer_take_header) && SET(CURLOPT_HEADERDATA, self) &&
           SET(CURLOPT_WRITEFUNCTION, answer_take_body) && SET(CURLOPT_WRITEDATA, self) &&
           SET(CURLOPT_OPENSOCKETFUNCTION, connect_open) && SET(CURLOPT_OPENSOCKETDATA, self) &&
           SET(CURLOPT_CLOSESOCKETFUNCTION, connect_close) &&
           SET(CURLOPT_CLOSESOCKETDATA, self->transport);
}

thingspace_status exchange_new(exchange **out, transport *owner, thingspace_error *error)
{
    *out = NULL;
    exchange *made = calloc(1, sizeof(*made));
    if (!made)
        return error_memory(error);
    made->transport = owner;
    response_init(&made->result.response);
    buffer_init(&made->url, LIMIT_URL);
    buffer_init_secret(&made->field_text, FIELD_TEXT_MAX);
    timer_init(&made->deadline, end_at_deadline, made);
    timer_init(&made->slow, check_speed, made);
    CURL *easy = made->easy = curl_easy_init();
    made->split = curl_url();
    if (!easy || !made->split || !set_rules(easy) || !set_tls(easy, owner->ca_file) ||
        !set_callbacks(made) || !SET(CURLOPT_SHARE, owner->share) ||
        !SET(CURLOPT_PROXY, owner->proxy ? owner->proxy : "")) {
        exchange_free(made);
        return error_memory(error);
    }
    *out = made;
    return THINGSPACE_OK;
}

void exchange_free(exchange *self)
{
    if (!self)
        return;
    curl_easy_cleanup(self->easy);
    curl_url_cleanup(self->split);
    response_dispose(&self->result.response);
    buffer_dispose(&self->url);
    buffer_dispose(&self->field_text);
    free(self);
}

void exchange_reset(exchange *self)
{
    response *answer = &self->result.response;
    if (answer->body.capacity > KEPT_BODY_BYTES)
        response_dispose(answer);
    else
        response_clear(answer);
    buffer_clear(&self->field_text);
}

const char *exchange_host(exchange *self)
{
    url parsed;
    if (!self->host[0] && url_parse(&parsed, buffer_text(&self->url), NULL) == THINGSPACE_OK)
        memcpy(self->host, parsed.host, sizeof(self->host));
    return self->host[0] ? self->host : "the endpoint";
}

/* The path of a URL that ends with one, which needs no look; else NULL. */
static const char *plain_path(const char *url)
{
    const char *authority = strstr(url, "://");
    const char *path = authority ? strchr(authority + 3, '/') : NULL;
    return path && !strpbrk(path, " %?#") ? path : NULL;
}

/* The path of `text`, when all that is in front of it is as it was in the URL before. */
static const char *find_new_path(const exchange *self, const char *text)
{
    const char *old = buffer_text(&self->url);
    const char *old_path = self->is_split ? plain_path(old) : NULL;
    const char *path = old_path ? plain_path(text) : NULL;
    bool same = path && path - text == old_path - old && memcmp(text, old, path - text) == 0;
    return same && text_plain_length(path, strlen(path)) == strlen(path) ? path : NULL;
}

/*
 * From its text alone, libcurl splits the URL and puts it together again for every request. A URL
 * that it cannot split is left to it to refuse. `path`: all that is new, or NULL.
 */
static bool split_url(exchange *self, const char *text, const char *path)
{
    CURL *easy = self->easy;
    CURLUcode code = path ? curl_url_set(self->split, CURLUPART_PATH, path, 0)
                          : curl_url_set(self->split, CURLUPART_URL, text,
                                         CURLU_PATH_AS_IS | CURLU_DISALLOW_USER);
    self->is_split = code == CURLUE_OK;
    return code != CURLUE_OUT_OF_MEMORY &&
           SET(CURLOPT_CURLU, code == CURLUE_OK ? self->split : NULL);
}

static bool follow_scheme(exchange *self, const char *text)
{
    bool tls = text_starts_with_ignoring_case(text, "https:");
    if (tls == self->is_tls)
        return true;
    self->is_tls = tls;
    return set_version(self->easy, tls);
}

static thingspace_status set_url(exchange *self, const char *text, thingspace_error *error)
{
    if (strcmp(buffer_text(&self->url), text) == 0)
        return THINGSPACE_OK;
    const char *path = find_new_path(self, text);
    buffer_clear(&self->url);
    self->host[0] = '\0';
    if (buffer_append_text(&self->url, text) == THINGSPACE_PROTOCOL)
        return error_set(error, THINGSPACE_USAGE, "the URL is longer than %d bytes; shorten it",
                         LIMIT_URL);
    if (self->url.status != THINGSPACE_OK ||
        curl_easy_setopt(self->easy, CURLOPT_URL, text) != CURLE_OK ||
        !split_url(self, text, path) || !follow_scheme(self, text)) {
        buffer_clear(&self->url);
        return error_memory(error);
    }
    return THINGSPACE_OK;
}

static bool method_has_body(const char *method)
{
    return strcmp(method, "POST") == 0 || strcmp(method, "PUT") == 0 ||
           strcmp(method, "PATCH") == 0;
}

/* libcurl's own request kinds are GET and POST; every other method is one of them renamed. */
static bool change_method(CURL *easy, const char *method, bool has_body)
{
    bool named = strcmp(method, has_body ? "POST" : "GET") != 0;
    bool head = strcmp(method, "HEAD") == 0;
    return SET(CURLOPT_NOBODY, head ? 1L : 0L) &&
           (head || SET(has_body ? CURLOPT_POST : CURLOPT_HTTPGET, 1L)) &&
           SET(CURLOPT_CUSTOMREQUEST, named && !head ? method : NULL);
}

static thingspace_status set_method(exchange *self, const exchange_request *request,
                                    thingspace_error *error)
{
    CURL *easy = self->easy;
    size_t length = strlen(request->method);
    bool has_body = request->body || method_has_body(request->method);
    if (length == 0 || length >= sizeof(self->method))
        return error_set(error, THINGSPACE_USAGE, "method %s cannot be sent; use GET, POST, ...",
                         request->method);
    if (has_body != self->has_body || strcmp(self->method, request->method) != 0) {
        self->method[0] = '\0';
        if (!change_method(easy, request->method, has_body))
            return error_memory(error);
        memcpy(self->method, request->method, length + 1);
        self->has_body = has_body;
    }
    if (has_body &&
        (!SET(CURLOPT_POSTFIELDS, request->body ? request->body : "") ||
         !SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)(request->body ? request->body_size : 0))))
        return error_memory(error);
    return THINGSPACE_OK;
}

/* "Name: value", "Name;" for an empty value. */
static thingspace_status write_field(buffer *out, const header *field, thingspace_error *error)
{
    size_t begin = out->size;
    size_t secret = field->secret ? secret_size(field->secret) : 0;
    buffer_append_text(out, field->name);
    if (field->value[0] || secret > 0)
        buffer_append(out, ": ", 2);
    else
        buffer_append_byte(out, ';');
    buffer_append_text(out, field->value);
    if (secret > 0)
        buffer_append(out, secret_bytes(field->secret), secret);
    size_t size = out->size - begin;
    if (buffer_append_byte(out, '\0') == THINGSPACE_PROTOCOL)
        return error_set(error, THINGSPACE_USAGE,
                         "the header fields are longer than %d bytes; send less", FIELD_TEXT_MAX);
    if (out->status != THINGSPACE_OK)
        return error_memory(error);
    if (strcspn(out->data + begin, "\r\n") != size)
        return error_set(error, THINGSPACE_USAGE,
                         "header field %s holds a line break; nothing was sent", field->name);
    return THINGSPACE_OK;
}

static thingspace_status write_fields(buffer *out, const headers *fields, thingspace_error *error)
{
    for (size_t i = 0; fields && i < fields->count; i++) {
        thingspace_status status = write_field(out, &fields->items[i], error);
        if (status != THINGSPACE_OK)
            return status;
    }
    return THINGSPACE_OK;
}

static bool has_field(const exchange_request *request, const char *name)
{
    return request->fields && headers_find(request->fields, name);
}

/*
 * Our name, here because CURLOPT_USERAGENT has libcurl print it twice; and fields that libcurl
 * would add by itself: a name with nothing behind it takes them away.
 */
static void write_defaults(buffer *out, const exchange_request *request, bool has_body)
{
    if (!has_field(request, "User-Agent"))
        buffer_append(out, USER_AGENT, sizeof(USER_AGENT));
    if (has_body && !has_field(request, "Content-Type"))
        buffer_append(out, "Content-Type:", sizeof("Content-Type:"));
    if (request->body_size > EXPECT_BYTES)
        buffer_append(out, "Expect:", sizeof("Expect:"));
}

static struct curl_slist *link_fields(exchange *self)
{
    size_t count = 0;
    char *end = self->field_text.data + self->field_text.size;
    for (char *at = self->field_text.data; at && at < end; at += strlen(at) + 1) {
        if (count == EXCHANGE_FIELDS_MAX)
            return NULL;
        self->fields[count].data = at;
        self->fields[count].next = NULL;
        if (count > 0)
            self->fields[count - 1].next = &self->fields[count];
        count++;
    }
    return count > 0 ? self->fields : NULL;
}

static thingspace_status set_fields(exchange *self, const exchange_request *request,
                                    thingspace_error *error)
{
    buffer *text = &self->field_text;
    buffer_clear(text);
    thingspace_status status = write_fields(text, request->fields, error);
    if (status == THINGSPACE_OK)
        status = write_fields(text, request->tokens, error);
    if (status != THINGSPACE_OK)
        return status;
    write_defaults(text, request, self->has_body);
    if (text->status != THINGSPACE_OK)
        return error_memory(error);
    struct curl_slist *first = link_fields(self);
    if (!first && text->size > 0)
        return error_set(error, THINGSPACE_INTERNAL, "more than %d header fields",
                         EXCHANGE_FIELDS_MAX);
    curl_easy_setopt(self->easy, CURLOPT_HTTPHEADER, first);
    return THINGSPACE_OK;
}

static thingspace_status set_times(exchange *self, const exchange_request *request,
                                   thingspace_error *error)
{
    CURL *easy = self->easy;
    self->started_us = transport_now_us();
    int64_t rest = request->deadline_ms - self->started_us / 1000;
    if (rest <= 0)
        return error_set(error, THINGSPACE_TIMEOUT,
                         "no time was left to send the request; --timeout gives more");
    long connect = rest < CONNECT_TIMEOUT_MS ? (long)rest : CONNECT_TIMEOUT_MS;
    if (connect != self->connect_timeout_ms) {
        if (!SET(CURLOPT_CONNECTTIMEOUT_MS, connect))
            return error_memory(error);
        self->connect_timeout_ms = connect;
    }
    if (request->fresh_connection != self->fresh_connection) {
        if (!SET(CURLOPT_FRESH_CONNECT, request->fresh_connection ? 1L : 0L))
            return error_memory(error);
        self->fresh_connection = request->fresh_connection;
    }
    return THINGSPACE_OK;
}

static void clear_result(exchange *self, const exchange_request *request)
{
    exchange_result *result = &self->result;
    result->status = THINGSPACE_OK;
    result->sent = false;
    result->answered = false;
    result->error.size = sizeof(result->error);
    error_clear(&result->error);
    self->body_limit = request->body_limit ? request->body_limit : LIMIT_RESPONSE_BODY;
    result->response.body.maximum = self->body_limit;
    self->private_allowed = request->private_allowed;
    self->sends = 0;
    self->slow_mark = 0;
    self->header_bytes = 0;
    self->in_body = false;
    self->tried_address = false;
    self->refused_address[0] = '\0';
    self->text[0] = '\0';
}

thingspace_status exchange_prepare(exchange *self, const exchange_request *request,
                                   thingspace_error *error)
{
    clear_result(self, request);
    thingspace_status status = set_url(self, request->url, error);
    if (status == THINGSPACE_OK)
        status = set_method(self, request, error);
    if (status == THINGSPACE_OK)
        status = set_fields(self, request, error);
    if (status == THINGSPACE_OK)
        status = set_times(self, request, error);
    return status;
}
