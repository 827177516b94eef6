/* SPDX-License-Identifier: MIT */
/*
 * One curl multi and the exchanges on it: starting, ending, and the pool of
 * handles, which keep their options and buffers from one exchange to the next.
 * A result is reported only here, after libcurl has returned.
 */
#include <config.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "http/transport_internal.h"

#define OLDEST_LIBCURL 0x075500

#define OTHER_FILES        64 /* descriptors of the program, the state directory, logs */
#define FEWEST_CONNECTIONS 8

static pthread_once_t curl_once = PTHREAD_ONCE_INIT;
static CURLcode curl_started;

static void start_curl(void)
{
    curl_started = curl_global_init(CURL_GLOBAL_DEFAULT);
}

static thingspace_status check_curl(thingspace_error *error)
{
    pthread_once(&curl_once, start_curl);
    if (curl_started != CURLE_OK)
        return error_set(error, THINGSPACE_NETWORK, "libcurl cannot start: %s",
                         curl_easy_strerror(curl_started));
    const curl_version_info_data *version = curl_version_info(CURLVERSION_NOW);
    if (version->version_num < OLDEST_LIBCURL)
        return error_set(error, THINGSPACE_NETWORK,
                         "libcurl %s is too old; install 7.85.0 or newer", version->version);
    if (!(version->features & CURL_VERSION_SSL))
        return error_set(error, THINGSPACE_NETWORK, "libcurl %s has no TLS; install one that has",
                         version->version);
    return THINGSPACE_OK;
}

static thingspace_status copy_option(char **out, const char *text, thingspace_error *error)
{
    *out = NULL;
    if (!text)
        return THINGSPACE_OK;
    *out = text_copy(text);
    return *out ? THINGSPACE_OK : error_memory(error);
}

static thingspace_status take_options(transport *made, const transport_options *options,
                                      thingspace_error *error)
{
    made->log = options->log;
    made->slow_window_ms = SLOW_WINDOW_MS;
    if (options->ca_file && access(options->ca_file, R_OK) != 0)
        return error_errno(error, THINGSPACE_LOCAL, errno, "authorities file %s", options->ca_file);
    if (copy_option(&made->ca_file, options->ca_file, error) != THINGSPACE_OK)
        return THINGSPACE_MEMORY;
    return copy_option(&made->proxy, text_is_empty(options->proxy) ? NULL : options->proxy, error);
}

/* What the process may have, less what it needs besides. Beyond it, exchanges wait inside libcurl,
 * which is better than a socket that cannot be made. */
static long connections_at_most(void)
{
    struct rlimit files;
    long most = LIMIT_CONNECTIONS;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < LIMIT_CONNECTIONS + OTHER_FILES)
        most = (long)files.rlim_cur - OTHER_FILES;
    return most > FEWEST_CONNECTIONS ? most : FEWEST_CONNECTIONS;
}

#define SET_MULTI(option, value) (curl_multi_setopt(made->multi, option, value) == CURLM_OK)

/*
 * How many calls are under way is decided by the windows of the client, and each HTTP/1.1 exchange
 * of them has a connection; libcurl keeps as many, or a busy run would close what it needs next.
 */
static thingspace_status open_multi(transport *made, bool foreign_loop, thingspace_error *error)
{
    long most = connections_at_most();
    made->multi = curl_multi_init();
    if (!made->multi || !SET_MULTI(CURLMOPT_MAXCONNECTS, most) ||
        !SET_MULTI(CURLMOPT_MAX_TOTAL_CONNECTIONS, most) ||
        !SET_MULTI(CURLMOPT_MAX_HOST_CONNECTIONS, most < LIMIT_WINDOW ? most : LIMIT_WINDOW) ||
        !SET_MULTI(CURLMOPT_PIPELINING, (long)CURLPIPE_MULTIPLEX) ||
        !SET_MULTI(CURLMOPT_MAX_CONCURRENT_STREAMS, (long)LIMIT_WINDOW))
        return error_memory(error);
    made->share = curl_share_init();
    if (!made->share ||
        curl_share_setopt(made->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION) != CURLSHE_OK)
        return error_memory(error);
    return foreign_loop ? driver_epoll_new(&made->epoll, made, error) : THINGSPACE_OK;
}

thingspace_status transport_new(transport **out, const transport_options *options,
                                thingspace_error *error)
{
    *out = NULL;
    thingspace_status status = check_curl(error);
    if (status != THINGSPACE_OK)
        return status;
    transport *made = calloc(1, sizeof(*made));
    if (!made)
        return error_memory(error);
    status = take_options(made, options, error);
    if (status == THINGSPACE_OK)
        status = open_multi(made, options->foreign_loop, error);
    if (status != THINGSPACE_OK) {
        transport_free(made);
        return status;
    }
    *out = made;
    return THINGSPACE_OK;
}

static void free_list(exchange *first)
{
    while (first) {
        exchange *next = first->next;
        exchange_free(first);
        first = next;
    }
}

void transport_free(transport *self)
{
    if (!self)
        return;
    for (exchange *each = self->active; each; each = each->next) {
        timers_stop(&self->timers, &each->deadline);
        timers_stop(&self->timers, &each->slow);
        curl_multi_remove_handle(self->multi, each->easy);
    }
    free_list(self->active);
    free_list(self->idle);
    curl_multi_cleanup(self->multi); /* closes sockets, which the driver hears of */
    curl_share_cleanup(self->share);
    driver_epoll_free(self->epoll);
    free(self->ca_file);
    free(self->proxy);
    free(self);
}

timers *transport_timers(transport *self)
{
    return &self->timers;
}

void transport_set_slow_window(transport *self, int64_t ms)
{
    self->slow_window_ms = ms;
}

int64_t transport_now_us(void)
{
    return clock_monotonic_ns() / 1000;
}

/* The active list. */

static void link_active(exchange *item)
{
    transport *self = item->transport;
    item->previous = NULL;
    item->next = self->active;
    if (item->next)
        item->next->previous = item;
    self->active = item;
    self->active_count++;
    self->fresh++;
}

static void unlink_active(exchange *item)
{
    transport *self = item->transport;
    if (item->previous)
        item->previous->next = item->next;
    else
        self->active = item->next;
    if (item->next)
        item->next->previous = item->previous;
    self->active_count--;
    if (self->fresh > self->active_count)
        self->fresh = self->active_count;
}

/* The pool. */

static thingspace_status take_idle(exchange **out, transport *self, thingspace_error *error)
{
    *out = self->idle;
    if (!*out)
        return exchange_new(out, self, error);
    self->idle = (*out)->next;
    self->idle_count--;
    return THINGSPACE_OK;
}

static void give_back(exchange *item)
{
    transport *self = item->transport;
    if (self->idle_count >= LIMIT_IDLE_EXCHANGES) {
        exchange_free(item);
        return;
    }
    exchange_reset(item);
    item->next = self->idle;
    self->idle = item;
    self->idle_count++;
}

/* Starting. */

static thingspace_status start(exchange *item, const exchange_request *request,
                               thingspace_error *error)
{
    transport *self = item->transport;
    thingspace_status status = exchange_prepare(item, request, error);
    if (status != THINGSPACE_OK)
        return status;
    if (curl_multi_add_handle(self->multi, item->easy) != CURLM_OK)
        return error_memory(error);
    link_active(item);
    timers_start(&self->timers, &item->deadline, request->deadline_ms);
    if (self->epoll && !self->running)
        driver_epoll_arm(self);
    return THINGSPACE_OK;
}

thingspace_status transport_send(transport *self, exchange **out, const exchange_request *request,
                                 exchange_done *done, void *user, thingspace_error *error)
{
    *out = NULL;
    exchange *taken;
    thingspace_status status = take_idle(&taken, self, error);
    if (status != THINGSPACE_OK)
        return status;
    status = start(taken, request, error);
    if (status != THINGSPACE_OK) {
        give_back(taken);
        return status;
    }
    taken->done = done;
    taken->user = user;
    *out = taken;
    return THINGSPACE_OK;
}

/* Ending. */

static void detach(exchange *item)
{
    transport *self = item->transport;
    timers_stop(&self->timers, &item->deadline);
    timers_stop(&self->timers, &item->slow);
    curl_multi_remove_handle(self->multi, item->easy);
    unlink_active(item);
}

void transport_cancel(exchange *item)
{
    detach(item);
    give_back(item);
}

static void log_result(const exchange *item)
{
    const log_target *log = item->transport->log;
    const exchange_result *result = &item->result;
    if (!log || !log->function || log->level < THINGSPACE_LOG_DEBUG)
        return;
    const char *whole = buffer_text(&item->url);
    double ms = (double)(transport_now_us() - item->started_us) / 1000;
    if (result->status == THINGSPACE_OK)
        log_write(log, THINGSPACE_LOG_DEBUG, "%s %.*s: %d, %.1f ms", item->method,
                  (int)strcspn(whole, "?"), whole, result->response.status, ms);
    else
        log_write(log, THINGSPACE_LOG_DEBUG, "%s %.*s: %s, %.1f ms", item->method,
                  (int)strcspn(whole, "?"), whole, thingspace_status_name(result->status), ms);
}

void transport_finish(exchange *item)
{
    detach(item);
    log_result(item);
    item->done(&item->result, item->user);
    give_back(item);
}

bool transport_collect(transport *self)
{
    bool some = false;
    int left;
    for (CURLMsg *message; (message = curl_multi_info_read(self->multi, &left));) {
        exchange *item = NULL;
        if (message->msg != CURLMSG_DONE ||
            curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &item) != CURLE_OK)
            continue;
        failure_describe(item, message->data.result);
        transport_finish(item);
        some = true;
    }
    return some;
}

bool transport_fire_timers(transport *self)
{
    int64_t due = timers_next_due(&self->timers);
    if (due < 0)
        return false;
    int64_t now = clock_monotonic_ms();
    if (due > now)
        return false;
    timers_fire(&self->timers, now);
    return true;
}

/* Running. */

thingspace_status transport_run(transport *self, int64_t wait_ms, thingspace_error *error)
{
    if (self->running)
        return error_set(error, THINGSPACE_INTERNAL, "the transport was run from its own callback");
    self->running = true;
    thingspace_status status = self->epoll ? driver_epoll_run(self, wait_ms, error)
                                           : driver_poll_run(self, wait_ms, error);
    self->running = false;
    return status;
}

thingspace_status transport_process(transport *self, thingspace_error *error)
{
    return transport_run(self, 0, error);
}

int transport_fd(const transport *self)
{
    return self->epoll ? driver_epoll_fd(self->epoll) : -1;
}

void transport_wake(transport *self)
{
    if (self->epoll && !self->running)
        driver_epoll_arm(self);
}

void transport_interrupt(transport *self)
{
    if (self->epoll)
        driver_epoll_interrupt(self->epoll);
    else
        curl_multi_wakeup(self->multi);
}
