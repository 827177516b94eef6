/* SPDX-License-Identifier: MIT */
/* The journal: what is undone is as it was, to the byte; what is written down is what hooks did. */
#include "fake.h"
#include <stdio.h>
#include <stdlib.h>
#include "base/limits.h"
#include "base/text.h"

static thingspace_status nothing(view *view, verdict *out, thingspace_error *error)
{
    (void)view, (void)out, (void)error;
    return THINGSPACE_OK;
}

static const fake_plugin plugins[] = {
    {.name = "one", .every = nothing},
    {.name = "two", .every = nothing},
    {.name = "three", .every = nothing},
};

/* A step of a hook: "header X-A 1", "header X-A" removes; "query", "body JSON", "message", ... */
static const char *script;

static bool take_word(char *out, size_t size, const char **at)
{
    size_t length = strcspn(*at, " ;");
    snprintf(out, size, "%.*s", (int)length, *at);
    *at += length;
    return length > 0;
}

static thingspace_status set_body(view *view, const char *text, thingspace_error *error)
{
    json *tree = NULL;
    thingspace_status status = text ? json_parse(&tree, text, strlen(text), error) : 0;
    if (status)
        return status;
    return view->phase == PHASE_REQUEST ? view_set_request_json(view, tree, error)
                                        : view_set_response_json(view, tree, error);
}

static thingspace_status alter(view *view, const char *what, const char *name, const char *value,
                               thingspace_error *error)
{
    bool request = view->phase == PHASE_REQUEST;
    if (text_equal(what, "body"))
        return set_body(view, name, error);
    if (text_equal(what, "query"))
        return view_set_request_query(view, name, value, error);
    if (text_equal(what, "message"))
        return view_set_failure_message(view, name, error);
    if (text_equal(what, "code"))
        return view_set_failure_code(view, name, error);
    if (!value)
        return request ? view_remove_request_header(view, name, error)
                       : view_remove_response_header(view, name, error);
    return request ? view_set_request_header(view, name, value, error)
                   : view_set_response_header(view, name, value, error);
}

static thingspace_status follow_script(view *view, verdict *out, thingspace_error *error)
{
    char what[16], name[512], value[512];
    thingspace_status status = THINGSPACE_OK;
    (void)out;
    for (const char *at = script; *at && !status; at += strspn(at, " ;")) {
        take_word(what, sizeof(what), &at);
        at += *at == ' ';
        bool named = take_word(name, sizeof(name), &at);
        at += *at == ' ';
        bool valued = take_word(value, sizeof(value), &at);
        status = alter(view, what, named ? name : NULL, valued ? value : NULL, error);
    }
    return status;
}

static thingspace_status play(fake_call *call, instance *instance, phase phase, const char *steps)
{
    script = steps;
    return fake_as_hook(call, instance, phase, follow_script);
}

static const char *const request_steps[] = {
    "header X-A 1",
    "header accept text/plain",
    "header Accept",
    "header Accept; header Accept again",
    "header X-A 1; header X-B 2; header X-A; header X-C 3; header content-type; header X-B",
    "header Content-Type; header Accept; header X-1 1; header X-2 2; header X-3 3; header X-4 4; "
    "header X-5 5; header X-6 6; header X-7 7; header X-8 8; header X-9 9",
    "query a 1",
    "query b; query a 2; query c 3",
    "query b; query c; query d; query x 1; query b 9; query x",
    "body {\"other\":1}",
    "body",
    "body [1]; body [2]; header X-A 1; body [3]",
};

static void each_change_of_a_request_is_undone_to_the_byte(void)
{
    for (size_t i = 0; i < sizeof(request_steps) / sizeof(request_steps[0]); i++) {
        cleanup_fake_call fake_call call = {.lines = 0};
        cleanup_instance instance *instance = NULL;
        CHECK_OK(fake_instance(&instance, &plugins[0], 0));
        CHECK_OK(fake_call_make(&call));
        CHECK_OK(request_set_query(call.request, "b", "1", NULL));
        CHECK_OK(request_set_query(call.request, "c", "2", NULL));
        CHECK_OK(request_set_query(call.request, "d", "3", NULL));
        cleanup_text char *before = fake_request_text(&call);
        CHECK_MADE(before);
        CHECK_OK(play(&call, instance, PHASE_REQUEST, request_steps[i]));
        cleanup_text char *changed = fake_request_text(&call);
        CHECK_MADE(changed);
        CHECK(strcmp(before, changed) != 0);
        journal_undo(&call.view, 0);
        cleanup_text char *after = fake_request_text(&call);
        CHECK_MADE(after);
        CHECK_TEXT(after, before);
        CHECK_INT(call.view.journal.count, 0);
    }
}

static void each_change_of_an_answer_is_undone_to_the_byte(void)
{
    static const char *const steps[] = {
        "header X-A 1",
        "header Server two",
        "header set-cookie; header x-id",
        "body {\"other\":1}",
        "body",
        "body [1]; header X-A 1; body [2]; header X-A 2",
    };
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        cleanup_fake_call fake_call call = {.lines = 0};
        cleanup_instance instance *instance = NULL;
        CHECK_OK(fake_instance(&instance, &plugins[0], 0));
        CHECK_OK(fake_call_make(&call));
        cleanup_text char *before = fake_response_text(&call);
        CHECK_MADE(before);
        CHECK_OK(play(&call, instance, PHASE_RESPONSE, steps[i]));
        cleanup_text char *changed = fake_response_text(&call);
        CHECK_MADE(changed);
        CHECK(strcmp(before, changed) != 0);
        journal_undo(&call.view, 0);
        cleanup_text char *after = fake_response_text(&call);
        CHECK_MADE(after);
        CHECK_TEXT(after, before);
    }
}

static void a_body_that_came_as_text_is_undone_to_the_byte(void)
{
    static const char text[] = "{ \"a\" : 1.50 }";
    cleanup_fake_call fake_call call = {.lines = 0};
    cleanup_instance instance *instance = NULL;
    CHECK_OK(fake_instance(&instance, &plugins[0], 0));
    CHECK_OK(fake_call_make(&call));
    CHECK_OK(request_set_text(call.request, text, sizeof(text) - 1, NULL));
    CHECK_OK(play(&call, instance, PHASE_REQUEST, "body [1]; body [2]"));
    journal_undo(&call.view, 0);
    cleanup_text char *after = fake_request_text(&call);
    CHECK_MADE(after);
    CHECK(strstr(after, text));
}

static void the_texts_of_a_failure_are_undone(void)
{
    cleanup_fake_call fake_call call = {.lines = 0};
    cleanup_instance instance *instance = NULL;
    CHECK_OK(fake_instance(&instance, &plugins[0], 0));
    CHECK_OK(fake_call_make(&call));
    CHECK_OK(play(&call, instance, PHASE_ERROR, "message a; code b; message c"));
    CHECK_TEXT(call.failure.message, "c");
    journal_undo(&call.view, 0);
    CHECK_TEXT(call.failure.message, "it said no");
    CHECK_TEXT(call.failure.code, "E1");
}

static void what_was_changed_before_the_mark_stays(void)
{
    cleanup_fake_call fake_call call = {.lines = 0};
    cleanup_instance instance *first = NULL, *second = NULL;
    CHECK_OK(fake_instance(&first, &plugins[0], 0));
    CHECK_OK(fake_instance(&second, &plugins[1], 1));
    CHECK_OK(fake_call_make(&call));
    CHECK_OK(play(&call, first, PHASE_REQUEST, "header X-A 1; body [1]"));
    size_t mark = journal_mark(&call.view.journal);
    CHECK_OK(play(&call, second, PHASE_REQUEST, "header X-A 2; body [2]; header X-B 1"));
    journal_undo(&call.view, mark);
    CHECK_TEXT(view_request_header(&call.view, "X-A"), "1");
    CHECK(view_request_header(&call.view, "X-B") == NULL);
    CHECK_TEXT(json_number(json_first(request_json(call.request))), "1");
}

/* One hook of `plugins` each, in order. */
typedef struct written {
    phase phase;
    const char *steps[3];
    const char *changes;
} written;

#define ENTRY_IN(phase, instance, field, before, after)                                            \
    "{\"instance\":\"" instance "\",\"phase\":\"" phase "\",\"field\":\"" field                    \
    "\",\"before\":" before ",\"after\":" after "}"
#define ENTRY(instance, field, before, after) ENTRY_IN("request", instance, field, before, after)

static const written writings[] = {
    {PHASE_REQUEST,
     {"header X-Team 1"},
     "[" ENTRY("one", "request.headers.X-Team", "null", "\"1\"") "]"},
    {PHASE_REQUEST,
     {"header X-Team 1; header x-team 2", "header X-TEAM 3", "header x-Team"},
     "[" ENTRY("one", "request.headers.X-Team", "null", "\"2\"") "," ENTRY(
         "two", "request.headers.X-TEAM", "\"2\"",
         "\"3\"") "," ENTRY("three", "request.headers.x-Team", "\"3\"", "null") "]"},
    {PHASE_REQUEST, {"header Accept application/json; header X-A 1; header X-A"}, "[]"},
    {PHASE_REQUEST,
     {"header X-Api-Key a", "header X-Api-Key b"},
     "[" ENTRY("one", "request.headers.X-Api-Key", "null",
               "\"***\"") "," ENTRY("two", "request.headers.X-Api-Key", "\"***\"", "\"***\"") "]"},
    {PHASE_REQUEST,
     {"query a 1", "query A 2; query a"},
     "[" ENTRY("one", "request.query.a", "null", "\"1\"") "," ENTRY(
         "two", "request.query.A", "null", "\"2\"") "," ENTRY("two", "request.query.a", "\"1\"",
                                                              "null") "]"},
    {PHASE_REQUEST,
     {"body {\"url\":\"https://b\",\"password\":\"x\",\"more\":{\"deep\":1}}",
      "body {\"more\":{\"deep\":2,\"list\":[1,2]},\"password\":\"x\",\"url\":\"https://b\"}"},
     "[" ENTRY("one", "request.body.url", "\"https://a\"", "\"https://b\"") "," ENTRY(
         "one", "request.body.password", "\"***\"",
         "\"***\"") "," ENTRY("one", "request.body.more", "null",
                              "{\"deep\":1}") "," ENTRY("two", "request.body.more.deep", "1",
                                                        "2") "," ENTRY("two",
                                                                       "request.body.more.list",
                                                                       "null", "[1,2]") "]"},
    {PHASE_REQUEST,
     {"body [1,{\"password\":\"x\"}]", "body [1,{\"password\":\"y\"}]",
      "body [1,{\"password\":\"y\"}]"},
     "[" ENTRY("one", "request.body", "{\"url\":\"https://a\",\"password\":\"***\"}",
               "[1,{\"password\":\"***\"}]") "," ENTRY("two", "request.body",
                                                       "[1,{\"password\":\"***\"}]",
                                                       "[1,{\"password\":\"***\"}]") "]"},
    {PHASE_REQUEST,
     {"body [{\"a\":1}]", "body [{\"a\":1,\"b\":2}]", "body [{\"a\":1}]"},
     "[" ENTRY("one", "request.body", "{\"url\":\"https://a\",\"password\":\"***\"}",
               "[{\"a\":1}]") "," ENTRY("two", "request.body", "[{\"a\":1}]",
                                        "[{\"a\":1,\"b\":2}]") "," ENTRY("three", "request.body",
                                                                         "[{\"a\":1,\"b\":2}]",
                                                                         "[{\"a\":1}]") "]"},
    {PHASE_REQUEST,
     {"body"},
     "[" ENTRY("one", "request.body", "{\"url\":\"https://a\",\"password\":\"***\"}", "null") "]"},
    {PHASE_RESPONSE,
     {"header Server two; header X-New 1", "header Server three"},
     "[" ENTRY_IN("response", "one", "response.headers.Server", "\"one\"", "\"two\"") "," ENTRY_IN(
         "response", "one", "response.headers.X-New", "null",
         "\"1\"") "," ENTRY_IN("response", "two", "response.headers.Server", "\"two\"",
                               "\"three\"") "]"},
    {PHASE_RESPONSE,
     {"header Set-Cookie"},
     "[" ENTRY_IN("response", "one", "response.headers.Set-Cookie", "\"***\"", "null") "]"},
    {PHASE_RESPONSE,
     {"body [{\"url\":\"https://a\",\"password\":\"other\"}]"},
     "[" ENTRY_IN("response", "one", "response.body",
                  "[{\"url\":\"https://a\",\"password\":\"***\"}]",
                  "[{\"url\":\"https://a\",\"password\":\"***\"}]") "]"},
    {PHASE_RESPONSE, {"body [{\"password\":\"hush\",\"url\":\"https://a\"}]"}, "[]"},
    {PHASE_ERROR,
     {"message a; message b", "code c"},
     "[" ENTRY_IN("error", "one", "failure.message", "\"it said no\"",
                  "\"b\"") "," ENTRY_IN("error", "two", "failure.code", "\"E1\"", "\"c\"") "]"},
};

static void what_each_hook_changed_is_written_down(void)
{
    for (size_t i = 0; i < sizeof(writings) / sizeof(writings[0]); i++) {
        cleanup_fake_chain fake_chain chain = {.count = 0};
        cleanup_fake_call fake_call call = {.lines = 0};
        CHECK_OK(fake_chain_make(&chain, plugins, 3));
        CHECK_OK(fake_call_make(&call));
        for (size_t hook = 0; hook < 3 && writings[i].steps[hook]; hook++)
            CHECK_OK(play(&call, chain.items[hook], writings[i].phase, writings[i].steps[hook]));
        cleanup_text char *changes = fake_changes(&call);
        CHECK_MADE(changes);
        CHECK_TEXT(changes, writings[i].changes);
    }
}

static void long_values_are_cut(void)
{
    char steps[1000];
    cleanup_fake_call fake_call call = {.lines = 0};
    cleanup_instance instance *instance = NULL;
    CHECK_OK(fake_instance(&instance, &plugins[0], 0));
    CHECK_OK(fake_call_make(&call));
    snprintf(steps, sizeof(steps), "header X-%050d %0300d; body [%0200d1,%0100d1]", 1, 7, 0, 0);
    for (char *c = strchr(steps, '['); *c; c++)
        *c = *c == '0' ? '1' : *c;
    CHECK_OK(play(&call, instance, PHASE_REQUEST, steps));
    cleanup_json json *array = journal_json(&call.view, 0, 2);
    CHECK_MADE(array);
    CHECK_INT(json_count(array), 2);
    for (const json *entry = json_first(array); entry; entry = json_next(entry)) {
        const char *after = json_get_string(entry, "after");
        CHECK(after && strlen(after) <= LIMIT_CHANGE_TEXT);
        CHECK_TEXT(after + strlen(after) - 3, "...");
    }
    CHECK_INT(strlen(json_get_string(json_first(array), "field")), 16 + 2 + 50);
    CHECK(!json_get(json_first(array), "instance") && !json_get(json_first(array), "phase"));
}

/* A tree that holds the list of changes is deeper than the values in it. */
static void a_deep_value_is_text(void)
{
    char steps[200] = "body ";
    cleanup_fake_call fake_call call = {.lines = 0};
    cleanup_instance instance *instance = NULL;
    CHECK_OK(fake_instance(&instance, &plugins[0], 0));
    CHECK_OK(fake_call_make(&call));
    memset(steps + 5, '[', 62);
    memset(steps + 5 + 62, ']', 62);
    CHECK_OK(play(&call, instance, PHASE_REQUEST, steps));
    cleanup_json json *array = journal_json(&call.view, 0, 1);
    CHECK_MADE(array);
    const char *after = json_get_string(json_first(array), "after");
    CHECK(after && strncmp(after, steps + 5, 62) == 0);
}

static void the_order_of_many_members_is_no_change(void)
{
    cleanup_buffer buffer forwards, backwards;
    cleanup_fake_call fake_call call = {.lines = 0};
    cleanup_instance instance *instance = NULL;
    buffer_init(&forwards, LIMIT_REQUEST_BODY);
    buffer_init(&backwards, LIMIT_REQUEST_BODY);
    for (int i = 0; i < 100; i++) {
        buffer_append_format(&forwards, "%s\"m%d\":%d", i ? "," : "[{", i, i);
        buffer_append_format(&backwards, "%s\"m%d\":%d", i ? "," : "[{", 99 - i, 99 - i);
    }
    CHECK_OK(buffer_append_text(&forwards, "}]"));
    CHECK_OK(buffer_append_text(&backwards, "}]"));
    CHECK_OK(fake_instance(&instance, &plugins[0], 0));
    CHECK_OK(fake_call_make(&call));
    CHECK_OK(request_set_text(call.request, forwards.data, forwards.size, NULL));
    json *tree;
    CHECK_OK(json_parse(&tree, backwards.data, backwards.size, NULL));
    call.view.running = instance;
    call.view.phase = PHASE_REQUEST;
    CHECK_OK(view_set_request_json(&call.view, tree, NULL));
    cleanup_text char *changes = fake_changes(&call);
    CHECK_MADE(changes);
    CHECK_TEXT(changes, "[]");
}

static bool has_no_two(const json *body, void *user)
{
    (void)user;
    return !json_get(body, "two");
}

static bool is_never_good(const json *body, void *user)
{
    (void)body, (void)user;
    return false;
}

static void the_author_of_a_change_is_known(void)
{
    cleanup_fake_call fake_call call = {.lines = 0};
    cleanup_instance instance *one = NULL, *two = NULL, *three = NULL;
    CHECK_OK(fake_call_make(&call));
    CHECK_OK(fake_instance(&one, &plugins[0], 0));
    CHECK_OK(fake_instance(&two, &plugins[1], 0));
    CHECK_OK(fake_instance(&three, &plugins[2], 0));
    CHECK_OK(play(&call, one, PHASE_REQUEST, "query a 1; query b 2; body {\"one\":1}"));
    CHECK_OK(play(&call, two, PHASE_REQUEST, "query a 2; body {\"two\":1}"));
    CHECK_OK(play(&call, three, PHASE_REQUEST, "body {\"two\":2}"));
    CHECK(journal_query_author(&call.view, "a").instance == two);
    CHECK(journal_query_author(&call.view, "b").instance == one);
    CHECK_INT(journal_query_author(&call.view, "b").phase, PHASE_REQUEST);
    CHECK(journal_query_author(&call.view, "c").instance == NULL);
    CHECK(journal_spoiler(&call.view, has_no_two, NULL).instance == two);
    CHECK(journal_spoiler(&call.view, is_never_good, NULL).instance == NULL);
}

static const check_case cases[] = {
    CHECK_CASE(the_author_of_a_change_is_known),
    CHECK_CASE(each_change_of_a_request_is_undone_to_the_byte),
    CHECK_CASE(each_change_of_an_answer_is_undone_to_the_byte),
    CHECK_CASE(a_body_that_came_as_text_is_undone_to_the_byte),
    CHECK_CASE(the_texts_of_a_failure_are_undone),
    CHECK_CASE(what_was_changed_before_the_mark_stays),
    CHECK_CASE(what_each_hook_changed_is_written_down),
    CHECK_CASE(long_values_are_cut),
    CHECK_CASE(a_deep_value_is_text),
    CHECK_CASE_ONCE(the_order_of_many_members_is_no_change),
};
CHECK_MAIN(cases)
