/* SPDX-License-Identifier: MIT */
/* The promise that ThingSpace never locks a user because of us, against the simulator. */
#include "rig.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include "auth/latch.h"

#define LONG_MS   15000
#define PROCESSES 20
#define USER      THINGSPACE_SIMULATOR_USERNAME

static void a_refused_password_is_not_sent_again_here_or_in_the_next_process(void)
{
    cleanup_rig rig rig;
    cleanup_outcome outcome out = OUTCOME_INIT;
    rig_start(&rig, NULL);
    side_set_user(&rig.side, "north", USER, "wrong-one");
    side_ask(&rig.side, &out, NULL, LONG_MS);
    CHECK_STATUS(out.status, THINGSPACE_AUTH);
    CHECK(strstr(out.error.message, "file test.password") != NULL);
    CHECK(strstr(out.error.message, "wrong-one") == NULL);
    side_ask(&rig.side, &out, NULL, LONG_MS);
    CHECK_STATUS(out.status, THINGSPACE_LATCHED);
    CHECK(strstr(out.error.message, "north") != NULL);
    cleanup_side side next;
    side_open(&next, rig.folder, thingspace_simulator_url(rig.simulator), false);
    side_set_user(&next, "another name", USER, "wrong-one");
    side_ask(&next, &out, NULL, LONG_MS);
    CHECK_STATUS(out.status, THINGSPACE_LATCHED);
    CHECK_INT(rig_sent(&rig, RIG_LOGINS), 1);
    side_set_user(&next, "another name", USER, THINGSPACE_SIMULATOR_PASSWORD);
    side_ask(&next, &out, NULL, LONG_MS);
    CHECK_STATUS(out.status, THINGSPACE_OK);
}

static void after_four_refusals_no_login_is_sent_until_unlatched(void)
{
    static const char *const wrong[] = {"wrong-1", "wrong-2", "wrong-3", "wrong-4"};
    cleanup_rig rig rig;
    cleanup_outcome outcome out = OUTCOME_INIT;
    keyring_status status;
    unsigned before = 0;
    rig_start(&rig, NULL);
    side *mine = &rig.side;
    for (size_t i = 0; i < 4; i++) {
        side_set_user(mine, "north", USER, wrong[i]);
        side_ask(mine, &out, NULL, LONG_MS);
        CHECK_STATUS(out.status, THINGSPACE_AUTH);
    }
    side_set_user(mine, "north", USER, THINGSPACE_SIMULATOR_PASSWORD);
    side_ask(mine, &out, NULL, LONG_MS);
    CHECK_STATUS(out.status, THINGSPACE_LATCHED);
    CHECK_INT(rig_sent(&rig, RIG_LOGINS), 4);
    CHECK_OK(keyring_read_status(mine->keyring, mine->endpoint, mine->credential, &status, NULL));
    CHECK(status.latched);
    CHECK_INT(status.failed, 4);
    CHECK_OK(keyring_unlatch(mine->keyring, mine->endpoint, mine->credential, &before, NULL));
    CHECK_INT(before, 4);
    side_ask(mine, &out, NULL, LONG_MS);
    CHECK_STATUS(out.status, THINGSPACE_OK);
}

static void logins_that_timed_out_count(void)
{
    cleanup_rig rig rig;
    cleanup_outcome outcome out = OUTCOME_INIT;
    rig_start(&rig, NULL);
    rig_fault(&rig, "POST /session/login delay=3000 times=2");
    side_ask(&rig.side, &out, NULL, 500);
    CHECK_STATUS(out.status, THINGSPACE_TIMEOUT);
    side_ask(&rig.side, &out, NULL, 2000);
    CHECK_STATUS(out.status, THINGSPACE_TIMEOUT);
    side_ask(&rig.side, &out, NULL, LONG_MS);
    CHECK_STATUS(out.status, THINGSPACE_LATCHED);
    CHECK_INT(rig_sent(&rig, RIG_LOGINS), 2);
    side_set_user(&rig.side, "north", USER, "changed-password");
    side_ask(&rig.side, &out, NULL, LONG_MS);
    CHECK_STATUS(out.status, THINGSPACE_AUTH);
    CHECK_INT(rig_sent(&rig, RIG_LOGINS), 3);
}

static void a_login_with_an_unclear_answer_counts(void)
{
    static const char *const faults[] = {"POST /session/login status=500 times=1",
                                         "POST /session/login garbage times=1",
                                         "POST /session/login close times=1"};
    for (size_t i = 0; i < 3; i++) {
        cleanup_rig rig rig;
        cleanup_outcome outcome out = OUTCOME_INIT;
        keyring_status status;
        rig_start(&rig, NULL);
        side *mine = &rig.side;
        rig_fault(&rig, faults[i]);
        side_ask(mine, &out, NULL, LONG_MS);
        CHECK(out.status != THINGSPACE_OK);
        CHECK_INT(rig_sent(&rig, RIG_LOGINS), 1);
        CHECK_OK(
            keyring_read_status(mine->keyring, mine->endpoint, mine->credential, &status, NULL));
        CHECK_INT(status.failed, 1);
    }
}

static void a_cancelled_login_counts(void)
{
    cleanup_rig rig rig;
    cleanup_outcome outcome out = OUTCOME_INIT;
    authorisation *one = NULL;
    keyring_status status;
    rig_start(&rig, NULL);
    side *mine = &rig.side;
    rig_fault(&rig, "POST /session/login delay=1000 times=1");
    CHECK_OK(keyring_authorise(mine->keyring, &one, mine->endpoint, mine->credential, NULL,
                               clock_monotonic_ms() + LONG_MS, outcome_note, &out, NULL));
    side_run(mine, 400);
    keyring_cancel(one);
    CHECK_OK(keyring_read_status(mine->keyring, mine->endpoint, mine->credential, &status, NULL));
    CHECK_INT(status.failed, 1);
    CHECK(status.bearer_known);
}

static void a_login_that_was_not_sent_does_not_count(void)
{
    cleanup_rig rig rig;
    cleanup_outcome outcome out = OUTCOME_INIT;
    keyring_status status;
    rig_start(&rig, NULL);
    side *mine = &rig.side;
    /* The token URL works, nothing listens at the API's. */
    const endpoint_options place = {.api = "http://127.0.0.1:1/api/m2m/v1",
                                    .token = mine->endpoint->token};
    endpoint *split = NULL;
    CHECK_OK(endpoint_new(&split, "split", &place, NULL));
    endpoint_free(mine->endpoint);
    mine->endpoint = split;
    side_ask(mine, &out, NULL, LONG_MS);
    CHECK_STATUS(out.status, THINGSPACE_NETWORK);
    CHECK_OK(keyring_read_status(mine->keyring, mine->endpoint, mine->credential, &status, NULL));
    CHECK_INT(status.failed, 0);
}

static void other_credentials_are_not_concerned(void)
{
    cleanup_rig rig rig;
    cleanup_outcome outcome out = OUTCOME_INIT;
    rig_start(&rig, NULL);
    CHECK_OK(thingspace_simulator_add_credential(rig.simulator, NULL, NULL, "other", "fine", NULL,
                                                 NULL));
    side_set_user(&rig.side, "north", USER, "wrong-one");
    side_ask(&rig.side, &out, NULL, LONG_MS);
    CHECK_STATUS(out.status, THINGSPACE_AUTH);
    side_set_user(&rig.side, "south", "other", "fine");
    side_ask(&rig.side, &out, NULL, LONG_MS);
    CHECK_STATUS(out.status, THINGSPACE_OK);
}

/* Permissions do not stop root, so the directory is taken away under the open state. */
static void a_state_directory_that_cannot_be_written_stops_logins(void)
{
    cleanup_rig rig rig;
    cleanup_outcome outcome out = OUTCOME_INIT;
    rig_start(&rig, NULL);
    CHECK(rmdir(rig.folder) == 0);
    side_ask(&rig.side, &out, NULL, LONG_MS);
    CHECK_STATUS(out.status, THINGSPACE_LOCAL);
    CHECK_INT(rig_sent(&rig, RIG_LOGINS), 0);
}

static void a_damaged_latch_stops_logins_and_unlatch_repairs_it(void)
{
    cleanup_rig rig rig;
    cleanup_outcome outcome out = OUTCOME_INIT;
    char name[STATE_NAME_SIZE], url[300];
    cleanup_secret thingspace_secret *user = NULL;
    unsigned before = 0;
    rig_start(&rig, NULL);
    side *mine = &rig.side;
    CHECK_OK(thingspace_secret_new(&user, USER, strlen(USER), NULL));
    snprintf(url, sizeof(url), "%s/session/login", mine->endpoint->api);
    latch_lock_name(name, url, user);
    CHECK_OK(state_write(mine->state, name, "{", 1, NULL));
    side_ask(mine, &out, NULL, LONG_MS);
    CHECK_STATUS(out.status, THINGSPACE_LOCAL);
    CHECK(strstr(out.error.message, "thingspace auth unlatch") != NULL);
    CHECK_INT(rig_sent(&rig, RIG_LOGINS), 0);
    CHECK_OK(keyring_unlatch(mine->keyring, mine->endpoint, mine->credential, &before, NULL));
    side_ask(mine, &out, NULL, LONG_MS);
    CHECK_STATUS(out.status, THINGSPACE_OK);
}

/* ---- processes ---- */

typedef struct order { /* what a child is told when it may begin */
    char folder[300];
    char url[100];
    char password[40];
} order;

typedef struct child {
    pid_t pid;
    int begin; /* the order is written here */
} child;

static void live(int begin)
{
    order told;
    side mine;
    outcome out = OUTCOME_INIT;
    if (read(begin, &told, sizeof(told)) != sizeof(told))
        _exit(99);
    side_open(&mine, told.folder, told.url, false);
    side_set_user(&mine, "north", USER, told.password);
    side_ask(&mine, &out, NULL, LONG_MS);
    _exit((int)out.status);
}

/* Children are made before the simulator has threads. */
static bool make_children(child *children, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int ends[2];
        if (pipe(ends) != 0)
            return false;
        children[i].pid = fork();
        if (children[i].pid == 0) {
            close(ends[1]);
            live(ends[0]);
        }
        close(ends[0]);
        children[i].begin = ends[1];
    }
    return true;
}

static void begin(const child *one, const rig *rig, const char *password)
{
    order told = {"", "", ""};
    snprintf(told.folder, sizeof(told.folder), "%s", rig->folder);
    snprintf(told.url, sizeof(told.url), "%s", thingspace_simulator_url(rig->simulator));
    snprintf(told.password, sizeof(told.password), "%s", password);
    if (write(one->begin, &told, sizeof(told)) != sizeof(told))
        abort();
    close(one->begin);
}

static int end(const child *one)
{
    int status = 0;
    waitpid(one->pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static bool wait_for_login(rig *rig)
{
    for (int i = 0; i < 500; i++) {
        if (rig_sent(rig, RIG_LOGINS) > 0)
            return true;
        usleep(10 * 1000);
    }
    return false;
}

/* How many of the others ended with `expected`, after the first was killed in mid-login. */
static size_t kill_the_first(rig *rig, child *children, const char *password,
                             thingspace_status expected)
{
    size_t as_expected = 0;
    begin(&children[0], rig, password);
    bool seen = wait_for_login(rig);
    for (size_t i = 1; i < PROCESSES; i++)
        begin(&children[i], rig, password);
    usleep(300 * 1000);
    kill(children[0].pid, SIGKILL);
    bool killed = end(&children[0]) == -SIGKILL;
    for (size_t i = 1; i < PROCESSES; i++)
        as_expected += end(&children[i]) == (int)expected;
    return seen && killed ? as_expected : 0;
}

static void of_twenty_processes_the_first_killed_in_mid_login_two_logins_leave(void)
{
    cleanup_rig rig rig;
    child children[PROCESSES];
    bool made = make_children(children, PROCESSES);
    rig_start(&rig, NULL);
    rig_fault(&rig, "POST /session/login delay=8000 times=1");
    CHECK(made);
    CHECK_INT(kill_the_first(&rig, children, THINGSPACE_SIMULATOR_PASSWORD, THINGSPACE_OK),
              PROCESSES - 1);
    CHECK_INT(rig_sent(&rig, RIG_LOGINS), 2);
    CHECK_INT(rig_sent(&rig, RIG_TOKENS), 2);
}

static void of_twenty_processes_with_a_wrong_password_two_logins_leave(void)
{
    cleanup_rig rig rig;
    child children[PROCESSES];
    bool made = make_children(children, PROCESSES);
    rig_start(&rig, NULL);
    rig_fault(&rig, "POST /session/login delay=8000 times=1");
    CHECK(made);
    CHECK_INT(kill_the_first(&rig, children, "wrong-one", THINGSPACE_LATCHED), PROCESSES - 2);
    CHECK_INT(rig_sent(&rig, RIG_LOGINS), 2);
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(of_twenty_processes_the_first_killed_in_mid_login_two_logins_leave),
    CHECK_CASE_ONCE(of_twenty_processes_with_a_wrong_password_two_logins_leave),
    CHECK_CASE_ONCE(a_refused_password_is_not_sent_again_here_or_in_the_next_process),
    CHECK_CASE_ONCE(after_four_refusals_no_login_is_sent_until_unlatched),
    CHECK_CASE_ONCE(logins_that_timed_out_count),
    CHECK_CASE_ONCE(a_login_with_an_unclear_answer_counts),
    CHECK_CASE_ONCE(a_cancelled_login_counts),
    CHECK_CASE_ONCE(a_login_that_was_not_sent_does_not_count),
    CHECK_CASE_ONCE(other_credentials_are_not_concerned),
    CHECK_CASE_ONCE(a_state_directory_that_cannot_be_written_stops_logins),
    CHECK_CASE_ONCE(a_damaged_latch_stops_logins_and_unlatch_repairs_it),
};
CHECK_MAIN(cases)
