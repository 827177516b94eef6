/* SPDX-License-Identifier: MIT */
/* A plugin whose option `act` says what its hooks do: see the names in the table. */
#include <stdio.h>
#include <string.h>
#include <thingspace/plugin.h>

typedef struct act {
    const char *name;
    int (*run)(thingspace_hook *hook);
} act;

static thingspace_hook *kept;

static int bad_return(thingspace_hook *hook)
{
    (void)hook;
    return 42;
}

static int unmade_verdict(thingspace_hook *hook)
{
    (void)hook;
    return THINGSPACE_HOOK_DENY;
}

static int forgotten_verdict(thingspace_hook *hook)
{
    (void)thingspace_hook_deny(hook, "window", "not now");
    return THINGSPACE_HOOK_CONTINUE;
}

static int other_verdict(thingspace_hook *hook)
{
    (void)thingspace_hook_deny(hook, "window", "not now");
    return THINGSPACE_HOOK_STOP;
}

static int two_verdicts(thingspace_hook *hook)
{
    (void)thingspace_hook_stop(hook);
    return thingspace_hook_deny(hook, NULL, NULL);
}

static int fail(thingspace_hook *hook)
{
    return thingspace_hook_fail(hook, "the\nreason");
}

static int silent_fail(thingspace_hook *hook)
{
    (void)hook;
    return THINGSPACE_HOOK_FAIL;
}

static int deny(thingspace_hook *hook)
{
    return thingspace_hook_deny(hook, "window", "not before 22:00");
}

static int stop(thingspace_hook *hook)
{
    return thingspace_hook_stop(hook);
}

static int wait_for(thingspace_hook *hook)
{
    return thingspace_hook_wait(hook, 1500);
}

static int wait_too_long(thingspace_hook *hook)
{
    return thingspace_hook_wait(hook, 1LL << 62);
}

static int reply(thingspace_hook *hook)
{
    return thingspace_hook_reply(hook, 201, "{\"a\":1}");
}

static int bad_reply(thingspace_hook *hook)
{
    return thingspace_hook_reply(hook, 200, "{oops");
}

static int long_reply(thingspace_hook *hook)
{
    char name[] = "X-aa";
    int failed = thingspace_hook_reply(hook, 200, NULL) == THINGSPACE_HOOK_FAIL;
    for (int i = 0; i < 257 && !failed; i++) {
        name[2] = (char)('a' + i / 26);
        name[3] = (char)('a' + i % 26);
        failed = thingspace_hook_reply_header(hook, name, "y");
    }
    return failed ? THINGSPACE_HOOK_FAIL : THINGSPACE_HOOK_REPLY;
}

static int edit(thingspace_hook *hook)
{
    int failed = thingspace_hook_set_request_header(hook, "X-Team", "blue");
    if (!failed)
        failed = thingspace_hook_set_request_header(hook, "X-Gone", NULL);
    if (!failed)
        failed = thingspace_hook_set_request_query(hook, "q", "1 2");
    if (!failed)
        failed = thingspace_hook_set_request_member(hook, "/tags/0", "{\"x\":1.50}");
    if (!failed)
        failed = thingspace_hook_set_request_member(hook, "/gone", NULL);
    return failed;
}

static int edit_and_fail(thingspace_hook *hook)
{
    int failed = edit(hook);
    return failed ? failed : thingspace_hook_fail(hook, "second thoughts");
}

static int edit_whole(thingspace_hook *hook)
{
    const char *body = thingspace_hook_request_member(hook, "");
    return body ? thingspace_hook_set_request_member(hook, "", body) : THINGSPACE_HOOK_FAIL;
}

static int edit_badly(thingspace_hook *hook)
{
    return thingspace_hook_set_request_member(hook, "/no/parent", "1");
}

static int edit_no_json(thingspace_hook *hook)
{
    return thingspace_hook_set_request_member(hook, "/a", "nonsense");
}

static int edit_response(thingspace_hook *hook)
{
    int failed = thingspace_hook_set_response_header(hook, "X-Seen", "yes");
    return failed ? failed : thingspace_hook_set_response_member(hook, "/b", "[2]");
}

static int edit_failure(thingspace_hook *hook)
{
    int failed = thingspace_hook_set_failure_message(hook, "other words");
    return failed ? failed : thingspace_hook_set_failure_code(hook, "OTHER");
}

static int nameless(thingspace_hook *hook)
{
    if (thingspace_hook_request_header(hook, NULL) || thingspace_hook_tag(hook, NULL) ||
        thingspace_hook_var(hook, NULL) || thingspace_hook_request_member(hook, NULL))
        return 0;
    return thingspace_hook_set_request_header(hook, NULL, "x");
}

static int pointerless(thingspace_hook *hook)
{
    return thingspace_hook_set_request_member(hook, NULL, "1");
}

static int pointerless_response(thingspace_hook *hook)
{
    return thingspace_hook_set_response_member(hook, NULL, "1");
}

/* Options and folder are those of `create`: what is answered here must not be taken for none. */
static int late_options(thingspace_hook *hook)
{
    return thingspace_hook_set_request_header(hook, "X-Old",
                                              thingspace_hook_option_text(hook, "act"));
}

static int late_folder(thingspace_hook *hook)
{
    (void)thingspace_hook_folder(hook);
    return THINGSPACE_HOOK_CONTINUE;
}

/* What it read comes back in header fields of the log. */
static int read_all(thingspace_hook *hook)
{
    char line[900];
    const char *texts[] = {
        thingspace_hook_tag(hook, "team"),
        thingspace_hook_tag(hook, "size"),
        thingspace_hook_request_header(hook, "x-old"),
        thingspace_hook_request_query(hook, "q"),
        thingspace_hook_request_member(hook, "/password"),
        thingspace_hook_request_member(hook, "/tags"),
        thingspace_hook_response_header(hook, "X-A"),
        thingspace_hook_response_member(hook, "/b"),
        thingspace_hook_message_header(hook, "X-A"),
        thingspace_hook_message_member(hook, "/b"),
        thingspace_hook_event_member(hook, "/kind"),
    };
    line[0] = '\0';
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        strncat(line, texts[i] ? texts[i] : "-", 60);
        strcat(line, "|");
    }
    thingspace_hook_log(hook, line);
    return 0;
}

static int early_event(thingspace_hook *hook)
{
    return thingspace_hook_event_json(hook) || thingspace_hook_event_member(hook, "")
               ? thingspace_hook_fail(hook, "there is an event")
               : THINGSPACE_HOOK_CONTINUE;
}

static int vars(thingspace_hook *hook)
{
    const char *count = thingspace_hook_var(hook, "count");
    const char *half = thingspace_hook_var(hook, "half");
    const char *yes = thingspace_hook_var(hook, "yes");
    char line[200];
    if (!count || !half || !yes)
        return thingspace_hook_fail(hook, "no vars");
    snprintf(line, sizeof(line), "%s %s %s", count, half, yes);
    int failed = thingspace_hook_set_var(hook, "line", line);
    return failed ? failed : thingspace_hook_set_var(hook, "count", NULL);
}

static int keep(thingspace_hook *hook)
{
    kept = hook;
    return 0;
}

static const act acts[] = {
    {"bad-return", bad_return},
    {"unmade-verdict", unmade_verdict},
    {"forgotten-verdict", forgotten_verdict},
    {"other-verdict", other_verdict},
    {"two-verdicts", two_verdicts},
    {"fail", fail},
    {"silent-fail", silent_fail},
    {"deny", deny},
    {"stop", stop},
    {"wait", wait_for},
    {"wait-too-long", wait_too_long},
    {"reply", reply},
    {"bad-reply", bad_reply},
    {"long-reply", long_reply},
    {"edit", edit},
    {"edit-and-fail", edit_and_fail},
    {"edit-whole", edit_whole},
    {"edit-badly", edit_badly},
    {"edit-no-json", edit_no_json},
    {"edit-response", edit_response},
    {"edit-failure", edit_failure},
    {"nameless", nameless},
    {"pointerless", pointerless},
    {"pointerless-response", pointerless_response},
    {"late-options", late_options},
    {"late-folder", late_folder},
    {"read-all", read_all},
    {"vars", vars},
    {"early-event", early_event},
    {"keep", keep},
};

/* Uses the hook that was kept, when none runs: 1 when nothing comes of it. */
extern THINGSPACE_PLUGIN_EXPORT int acts_stale(void);
int acts_stale(void)
{
    return kept && !thingspace_hook_text(kept, THINGSPACE_FIELD_CALL_ACCOUNT) &&
           !thingspace_hook_request_member(kept, "") && !thingspace_hook_event_json(kept) &&
           thingspace_hook_set_request_header(kept, "X-A", "b") == THINGSPACE_HOOK_FAIL &&
           thingspace_hook_set_request_member(kept, "", "1") == THINGSPACE_HOOK_FAIL &&
           thingspace_hook_set_response_member(kept, "", "1") == THINGSPACE_HOOK_FAIL &&
           thingspace_hook_deny(kept, NULL, NULL) == THINGSPACE_HOOK_FAIL &&
           thingspace_hook_stop(kept) == THINGSPACE_HOOK_FAIL &&
           thingspace_hook_wait(kept, 1) == THINGSPACE_HOOK_FAIL &&
           thingspace_hook_reply(kept, 200, NULL) == THINGSPACE_HOOK_FAIL;
}

static const thingspace_plugin_option options[] = {
    {"act", "string", 1, NULL, "what to do"},
    {NULL, NULL, 0, NULL, NULL},
};

static int create(thingspace_hook *hook, void **self)
{
    const char *wanted = thingspace_hook_option_text(hook, "act");
    for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++)
        if (strcmp(acts[i].name, wanted) == 0)
            *self = (void *)(size_t)&acts[i];
    return *self ? 0 : thingspace_hook_fail(hook, "no such act");
}

static int run(void *self, thingspace_hook *hook)
{
    return ((const act *)self)->run(hook);
}

THINGSPACE_PLUGIN(.name = "acts", .version = "1",
                  .capabilities = "request.headers:write request.query:write request.body:read "
                                  "request.body:write request:reply response.headers:write "
                                  "response.body:read response.body:write error:write",
                  .options = options, .create = create, .request = run, .check = run,
                  .response = run, .error = run, .audit = run, .accept = run, .message = run,
                  .deliver = run)
