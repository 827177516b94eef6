/* SPDX-License-Identifier: MIT */
/*
 * The driver for a foreign loop: one epoll descriptor that holds libcurl's
 * sockets, a timerfd and an eventfd. All timers, libcurl's included, are in the
 * transport's heap; the timerfd is armed anew only for an earlier time. The eventfd is
 * raised when something is due now, such as work queued from outside: setting a
 * timerfd costs many times more.
 *
 * libcurl wants a socket watched for each answer and not between two of them.
 * Those changes are only noted, and told to the kernel once, at the end of a turn, and only
 * when they differ: a connection in steady use costs no epoll_ctl at all.
 */
#include <config.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/error.h"
#include "http/transport_internal.h"

#define EVENTS_A_TURN 64
/* Rounds of timers and what they start, before the foreign loop gets its turn again. */
#define ROUNDS_A_TURN 8
#define SOCKETS_FIRST 64

typedef struct watched {
    uint32_t wanted;     /* EPOLLIN, EPOLLOUT */
    uint32_t registered; /* what the kernel was told; 0: not in the set */
    bool ours;           /* made by connect_open: connect_close will tell of its end */
    bool noted;          /* in `changed` */
} watched;

struct driver_epoll {
    transport *transport;
    int set;
    int alarm;
    int bell;
    bool rung;        /* the bell */
    int64_t armed_ms; /* -1: not armed */
    timer libcurl;    /* libcurl's own time-out */
    watched *sockets; /* by descriptor */
    int *changed;     /* descriptors to tell the kernel about */
    size_t capacity;  /* of both */
    size_t changes;
    bool failed; /* a socket could not be watched */
};

static bool grow(driver_epoll *self, int socket)
{
    size_t capacity = self->capacity ? self->capacity : SOCKETS_FIRST;
    while (capacity <= (size_t)socket)
        capacity *= 2;
    if (capacity > LIMIT_SOCKETS)
        return false;
    watched *sockets = realloc(self->sockets, capacity * sizeof(*sockets));
    if (!sockets)
        return false;
    self->sockets = sockets;
    int *changed = realloc(self->changed, capacity * sizeof(*changed));
    if (!changed)
        return false;
    self->changed = changed;
    memset(sockets + self->capacity, 0, (capacity - self->capacity) * sizeof(*sockets));
    self->capacity = capacity;
    return true;
}

static watched *find(driver_epoll *self, int socket)
{
    if ((size_t)socket >= self->capacity && !grow(self, socket))
        return NULL;
    return &self->sockets[socket];
}

static void forget(driver_epoll *self, int socket, watched *entry)
{
    if (entry->registered)
        epoll_ctl(self->set, EPOLL_CTL_DEL, socket, NULL);
    entry->registered = 0;
    entry->wanted = 0;
}

bool driver_epoll_opened(driver_epoll *self, int socket)
{
    watched *entry = find(self, socket);
    if (!entry)
        return false;
    entry->wanted = 0;
    entry->registered = 0; /* the kernel dropped a closed socket of that number */
    entry->ours = true;
    return true;
}

void driver_epoll_closed(driver_epoll *self, int socket)
{
    if ((size_t)socket >= self->capacity)
        return;
    forget(self, socket, &self->sockets[socket]);
    self->sockets[socket].ours = false;
}

static int note_socket(CURL *easy, curl_socket_t socket, int what, void *user, void *assigned)
{
    (void)easy, (void)assigned;
    driver_epoll *self = user;
    watched *entry = find(self, socket);
    if (!entry) {
        self->failed = true;
        return 0;
    }
    entry->wanted = what == CURL_POLL_IN      ? EPOLLIN
                    : what == CURL_POLL_OUT   ? EPOLLOUT
                    : what == CURL_POLL_INOUT ? EPOLLIN | EPOLLOUT
                                              : 0;
    /* The resolver's own pair is closed without a word. */
    if (what == CURL_POLL_REMOVE && !entry->ours)
        forget(self, socket, entry);
    if (!entry->noted) {
        entry->noted = true;
        self->changed[self->changes++] = socket;
    }
    return 0;
}

static int note_timeout(CURLM *multi, long timeout_ms, void *user)
{
    (void)multi;
    driver_epoll *self = user;
    timers *heap = &self->transport->timers;
    if (timeout_ms < 0)
        timers_stop(heap, &self->libcurl);
    else
        timers_start(heap, &self->libcurl, clock_monotonic_ms() + timeout_ms);
    return 0;
}

static void handle_timeout(timer *fired, void *user)
{
    (void)fired;
    transport *owner = user;
    int running;
    owner->fresh = 0;
    curl_multi_socket_action(owner->multi, CURL_SOCKET_TIMEOUT, 0, &running);
}

static bool watch_own(driver_epoll *self, int own)
{
    struct epoll_event event = {.events = EPOLLIN, .data.fd = own};
    return own >= 0 && epoll_ctl(self->set, EPOLL_CTL_ADD, own, &event) == 0;
}

static thingspace_status open_descriptors(driver_epoll *self, thingspace_error *error)
{
    self->set = epoll_create1(EPOLL_CLOEXEC);
    self->alarm = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    self->bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (self->set < 0 || !watch_own(self, self->alarm) || !watch_own(self, self->bell))
        return error_errno(error, THINGSPACE_LOCAL, errno,
                           "no descriptors for the event loop (raise `ulimit -n`)");
    return THINGSPACE_OK;
}

thingspace_status driver_epoll_new(driver_epoll **out, transport *owner, thingspace_error *error)
{
    *out = NULL;
    driver_epoll *made = calloc(1, sizeof(*made));
    if (!made)
        return error_memory(error);
    made->transport = owner;
    made->set = made->alarm = made->bell = -1;
    made->armed_ms = -1;
    timer_init(&made->libcurl, handle_timeout, owner);
    thingspace_status status = open_descriptors(made, error);
    if (status != THINGSPACE_OK) {
        driver_epoll_free(made);
        return status;
    }
    curl_multi_setopt(owner->multi, CURLMOPT_SOCKETFUNCTION, note_socket);
    curl_multi_setopt(owner->multi, CURLMOPT_SOCKETDATA, made);
    curl_multi_setopt(owner->multi, CURLMOPT_TIMERFUNCTION, note_timeout);
    curl_multi_setopt(owner->multi, CURLMOPT_TIMERDATA, made);
    *out = made;
    return THINGSPACE_OK;
}

void driver_epoll_free(driver_epoll *self)
{
    if (!self)
        return;
    timers_stop(&self->transport->timers, &self->libcurl);
    if (self->alarm >= 0)
        close(self->alarm);
    if (self->bell >= 0)
        close(self->bell);
    if (self->set >= 0)
        close(self->set);
    free(self->sockets);
    free(self->changed);
    free(self);
}

int driver_epoll_fd(const driver_epoll *self)
{
    return self->set;
}

static void set_alarm(driver_epoll *self, int64_t due_ms)
{
    struct itimerspec at = {0};
    if (due_ms >= 0) {
        int64_t rest = due_ms - clock_monotonic_ms();
        if (rest > 0) {
            at.it_value.tv_sec = (time_t)(rest / 1000);
            at.it_value.tv_nsec = (long)(rest % 1000) * 1000000;
        } else {
            at.it_value.tv_nsec = 1;
        }
    }
    timerfd_settime(self->alarm, 0, &at, NULL);
    self->armed_ms = due_ms;
}

static void ring(driver_epoll *self)
{
    self->rung = self->rung || eventfd_write(self->bell, 1) == 0;
}

static void silence(driver_epoll *self)
{
    eventfd_t count;
    self->rung = self->rung && eventfd_read(self->bell, &count) != 0;
}

/* Waking up too early costs less than a system call for every request. */
void driver_epoll_arm(transport *owner)
{
    driver_epoll *self = owner->epoll;
    int64_t due = timers_next_due(&owner->timers);
    if (due < 0)
        return;
    if (due <= clock_monotonic_ms())
        ring(self);
    else if (self->armed_ms < 0 || due < self->armed_ms)
        set_alarm(self, due);
}

void driver_epoll_interrupt(driver_epoll *self)
{
    eventfd_write(self->bell, 1);
}

static bool tell_kernel(driver_epoll *self, int socket, watched *entry)
{
    struct epoll_event event = {.events = entry->wanted, .data.fd = socket};
    int operation = entry->registered ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
    if (epoll_ctl(self->set, operation, socket, &event) != 0) {
        if (errno != EEXIST && errno != ENOENT)
            return false;
        operation = errno == EEXIST ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
        if (epoll_ctl(self->set, operation, socket, &event) != 0)
            return false;
    }
    entry->registered = entry->wanted;
    return true;
}

static void tell_changes(driver_epoll *self)
{
    for (size_t i = 0; i < self->changes; i++) {
        int socket = self->changed[i];
        watched *entry = &self->sockets[socket];
        entry->noted = false;
        if (entry->wanted && entry->wanted != entry->registered &&
            !tell_kernel(self, socket, entry))
            self->failed = true;
    }
    self->changes = 0;
}

static void handle_event(driver_epoll *self, const struct epoll_event *event)
{
    int socket = event->data.fd;
    if (socket == self->alarm) {
        self->armed_ms = INT64_MAX; /* rung: silenced when it is set anew */
        return;
    }
    if (socket == self->bell) {
        self->rung = true; /* also by an interruption */
        return;
    }
    watched *entry = &self->sockets[socket];
    if (!entry->wanted) { /* a connection that rests: its peer has closed it */
        forget(self, socket, entry);
        return;
    }
    int what = 0, running;
    if (event->events & EPOLLIN)
        what |= CURL_CSELECT_IN;
    if (event->events & EPOLLOUT)
        what |= CURL_CSELECT_OUT;
    if (event->events & (EPOLLERR | EPOLLHUP))
        what |= CURL_CSELECT_ERR;
    curl_multi_socket_action(self->transport->multi, socket, what, &running);
}

/* Whether something is left: what the last round began may be over already, and no descriptor
 * tells of an answer that libcurl has read. */
static bool run_rounds(transport *owner)
{
    for (int i = 0; i < ROUNDS_A_TURN; i++) {
        bool collected = transport_collect(owner);
        bool fired = transport_fire_timers(owner);
        if (!collected && !fired)
            return false;
    }
    return true;
}

static int wait_for_events(driver_epoll *self, struct epoll_event *events, int64_t wait_ms)
{
    int wait = wait_ms < 0 ? 0 : wait_ms > INT32_MAX ? INT32_MAX : (int)wait_ms;
    int count = epoll_wait(self->set, events, EVENTS_A_TURN, wait);
    return count < 0 ? 0 : count;
}

static thingspace_status end_turn(transport *owner, bool more, thingspace_error *error)
{
    driver_epoll *self = owner->epoll;
    tell_changes(self);
    silence(self);
    if (self->armed_ms == INT64_MAX)
        set_alarm(self, timers_next_due(&owner->timers));
    if (more)
        ring(self);
    driver_epoll_arm(owner);
    if (!self->failed)
        return THINGSPACE_OK;
    self->failed = false;
    return error_set(error, THINGSPACE_LOCAL,
                     "a connection cannot be watched; use fewer connections at once");
}

thingspace_status driver_epoll_run(transport *owner, int64_t wait_ms, thingspace_error *error)
{
    driver_epoll *self = owner->epoll;
    struct epoll_event events[EVENTS_A_TURN];
    int count = wait_for_events(self, events, wait_ms);
    for (int i = 0; i < count; i++)
        handle_event(self, &events[i]);
    return end_turn(owner, run_rounds(owner), error);
}
