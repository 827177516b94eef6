/* SPDX-License-Identifier: MIT */
/* The view: stale handles, phases, capabilities, what setters refuse, and what is hidden. */
#include "fake.h"
#include <stdlib.h>
#include "base/limits.h"
#include "base/text.h"

static thingspace_status nothing(view *view, verdict *out, thingspace_error *error)
{
    (void)view, (void)out, (void)error;
    return THINGSPACE_OK;
}

static const fake_plugin able = {.name = "able", .every = nothing};
static const fake_plugin unable = {.name = "unable", .every = nothing, .without = CAPABILITY_ALL};

/* As if its hook of the phase were running. */
static void enter(fake_call *call, instance *instance, phase phase)
{
    call->view.running = instance;
    call->view.phase = phase;
}

static thingspace_status use(view *view, field_id field, thingspace_error *error)
{
    const json *tree;
    cleanup_buffer buffer text;
    buffer_init(&text, LIMIT_REQUEST_BODY);
    switch (field) {
    case FIELD_REQUEST_SET_HEADER:
        return view_set_request_header(view, "X-A", "1", error);
    case FIELD_REQUEST_REMOVE_HEADER:
        return view_remove_request_header(view, "Accept", error);
    case FIELD_REQUEST_SET_QUERY:
        return view_set_request_query(view, "a", "1", error);
    case FIELD_REQUEST_JSON:
        return view_request_json(view, &tree, error);
    case FIELD_REQUEST_SET_JSON:
        return view_set_request_json(view, json_new_null(), error);
    case FIELD_REQUEST_TEXT:
        return view_request_text(view, &text, error);
    case FIELD_RESPONSE_SET_HEADER:
        return view_set_response_header(view, "X-A", "1", error);
    case FIELD_RESPONSE_REMOVE_HEADER:
        return view_remove_response_header(view, "Server", error);
    case FIELD_RESPONSE_JSON:
        return view_response_json(view, &tree, error);
    case FIELD_RESPONSE_SET_JSON:
        return view_set_response_json(view, json_new_null(), error);
    case FIELD_RESPONSE_TEXT:
        return view_response_text(view, &text, error);
    case FIELD_FAILURE_SET_MESSAGE:
        return view_set_failure_message(view, "other", error);
    case FIELD_FAILURE_SET_CODE:
        return view_set_failure_code(view, "other", error);
    default:
        return view_check(view, field, error);
    }
}

static void every_field_is_usable_where_its_row_says(void)
{
    cleanup_instance instance *instance = NULL;
    CHECK_OK(fake_instance(&instance, &able, 0));
    for (field_id field = 0; field < FIELD_COUNT; field++)
        for (phase phase = PHASE_FIRST_HOOK; phase < PHASE_ACCEPT; phase++) {
            cleanup_fake_call fake_call call = {.lines = 0};
            CHECK_OK(fake_call_make(&call));
            enter(&call, instance, phase);
            bool allowed = field_of(field)->phases & PHASE_BIT(phase);
            CHECK_STATUS(use(&call.view, field, &call.error),
                         allowed ? THINGSPACE_OK : THINGSPACE_PLUGIN);
            CHECK(allowed || text_starts_with(call.error.message, "stale handle: "));
            CHECK(allowed || strstr(call.error.message, field_of(field)->name));
        }
}

static void a_handle_outside_of_a_hook_is_stale(void)
{
    cleanup_fake_call fake_call call = {.lines = 0};
    CHECK_OK(fake_call_make(&call));
    enter(&call, NULL, PHASE_REQUEST);
    for (field_id field = 0; field < FIELD_COUNT; field++) {
        CHECK_STATUS(use(&call.view, field, &call.error), THINGSPACE_PLUGIN);
        CHECK(text_starts_with(call.error.message, "stale handle: "));
    }
    CHECK_INT(call.view.journal.count, 0);
}

static void a_missing_capability_is_named(void)
{
    cleanup_instance instance *instance = NULL;
    CHECK_OK(fake_instance(&instance, &unable, 0));
    for (field_id field = 0; field < FIELD_COUNT; field++) {
        cleanup_fake_call fake_call call = {.lines = 0};
        const struct field *row = field_of(field);
        phase phase = PHASE_FIRST_HOOK;
        if (!row->capability)
            continue;
        while (!(row->phases & PHASE_BIT(phase)))
            phase++;
        CHECK_OK(fake_call_make(&call));
        enter(&call, instance, phase);
        CHECK_STATUS(use(&call.view, field, &call.error), THINGSPACE_PLUGIN);
        CHECK(strstr(call.error.message, capability_missing(row->capability, 0)));
        CHECK(strstr(call.error.message, "declare it in the manifest and grant it in the row"));
        CHECK_INT(call.view.journal.count, 0);
    }
}

static void what_cannot_be_sent_is_a_failure_that_changes_nothing(void)
{
    static const struct {
        const char *name, *value, *why;
    } cases[] = {
        {"X-A", "a\r\nHost: b", "line break"},
        {"X A", "1", "name"},
        {"", "1", "name"},
        {"Host", "b", "Host"},
        {"Content-Length", "1", "Length"},
        {"authorization", "1", "Authorization"},
        {"VZ-M2M-Token", "1", "VZ-M2M-Token"},
        {"X-A", " 1", "blank"},
    };
    cleanup_fake_call fake_call call = {.lines = 0};
    cleanup_instance instance *instance = NULL;
    CHECK_OK(fake_instance(&instance, &able, 0));
    CHECK_OK(fake_call_make(&call));
    enter(&call, instance, PHASE_REQUEST);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        CHECK_STATUS(
            view_set_request_header(&call.view, cases[i].name, cases[i].value, &call.error),
            THINGSPACE_PLUGIN);
        CHECK_INT(call.error.kind, THINGSPACE_PLUGIN);
        CHECK(strstr(call.error.message, cases[i].why));
    }
    CHECK_STATUS(view_set_request_query(&call.view, "", "1", &call.error), THINGSPACE_PLUGIN);
    CHECK_OK(view_remove_request_header(&call.view, "X-Absent", &call.error));
    CHECK_OK(view_set_request_query(&call.view, "absent", NULL, &call.error));
    enter(&call, instance, PHASE_RESPONSE);
    CHECK_STATUS(view_set_response_header(&call.view, "X-A", "a\nb", &call.error),
                 THINGSPACE_PLUGIN);
    CHECK_OK(view_remove_response_header(&call.view, "X-Absent", &call.error));
    CHECK_INT(call.view.journal.count, 0);
}

static void the_fields_of_an_answer_that_carry_secrets_are_hidden(void)
{
    static const char *const secrets[] = {"X-Signing-Key",       "x-refresh-TOKEN", "VZ-M2M-Token",
                                          "Proxy-Authorization", "X-Client-Secret", "X-Signature"};
    cleanup_fake_call fake_call call = {.lines = 0};
    CHECK_OK(fake_call_make(&call));
    for (size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++) {
        CHECK_OK(response_add_header(&call.response, secrets[i], strlen(secrets[i]), "hush", 4));
        CHECK_TEXT(view_response_header(&call.view, secrets[i]), "***");
    }
    CHECK_TEXT(view_response_header(&call.view, "set-cookie"), "***");
    CHECK_TEXT(view_response_header(&call.view, "server"), "one");
    CHECK(view_response_header(&call.view, "X-Absent-Key") == NULL);
}

static void passwords_of_an_answer_are_secret_nodes(void)
{
    const json *body;
    cleanup_buffer buffer text;
    cleanup_fake_call fake_call call = {.lines = 0};
    cleanup_instance instance *instance = NULL;
    buffer_init(&text, LIMIT_RESPONSE_BODY);
    CHECK_OK(fake_instance(&instance, &able, 0));
    CHECK_OK(fake_call_make(&call));
    enter(&call, instance, PHASE_RESPONSE);
    CHECK_OK(view_response_json(&call.view, &body, &call.error));
    const json *password = json_get(json_first(body), "password");
    CHECK_INT(json_type_of(password), JSON_SECRET);
    CHECK(secret_equal_text(json_secret(password), "hush"));
    CHECK_OK(view_response_text(&call.view, &text, &call.error));
    CHECK_TEXT(buffer_text(&text), "[{\"url\":\"https://a\",\"password\":\"***\"}]");
}

static void a_secret_that_is_given_back_reaches_the_bytes(void)
{
    const json *body;
    cleanup_fake_call fake_call call = {.lines = 0};
    cleanup_instance instance *instance = NULL;
    CHECK_OK(fake_instance(&instance, &able, 0));
    CHECK_OK(fake_call_make(&call));
    enter(&call, instance, PHASE_RESPONSE);
    CHECK_OK(view_response_json(&call.view, &body, &call.error));
    json *copy = json_copy(json_first(body));
    CHECK_MADE(copy);
    CHECK_OK(view_set_response_json(&call.view, copy, &call.error));
    CHECK_TEXT(buffer_text(&call.response.body), "{\"url\":\"https://a\",\"password\":\"hush\"}");
}

static void a_body_that_is_no_json_is_a_failure(void)
{
    const json *body;
    cleanup_fake_call fake_call call = {.lines = 0};
    cleanup_instance instance *instance = NULL;
    CHECK_OK(fake_instance(&instance, &able, 0));
    CHECK_OK(fake_call_make(&call));
    enter(&call, instance, PHASE_RESPONSE);
    CHECK_OK(buffer_append_text(&call.response.body, "<html>"));
    CHECK_STATUS(view_response_json(&call.view, &body, &call.error), THINGSPACE_PLUGIN);
    CHECK(body == NULL);
    CHECK(strstr(call.error.message, "not valid JSON"));
    json *list = json_new_array();
    CHECK_MADE(list);
    CHECK_OK(view_set_response_json(&call.view, list, &call.error));
    CHECK_OK(view_response_json(&call.view, &body, &call.error));
    CHECK_INT(json_type_of(body), JSON_ARRAY);
}

static void an_empty_answer_has_no_body(void)
{
    const json *body;
    cleanup_fake_call fake_call call = {.lines = 0};
    cleanup_instance instance *instance = NULL;
    CHECK_OK(fake_instance(&instance, &able, 0));
    CHECK_OK(fake_call_make(&call));
    enter(&call, instance, PHASE_RESPONSE);
    buffer_clear(&call.response.body);
    CHECK_OK(view_response_json(&call.view, &body, &call.error));
    CHECK(body == NULL);
}

static void the_password_that_a_caller_wrote_is_hidden(void)
{
    static const char text[] = "{ \"Password\" : \"hush\", \"n\" : [{\"access_token\":\"t\"}] }";
    cleanup_buffer buffer shown, sent;
    cleanup_fake_call fake_call call = {.lines = 0};
    cleanup_instance instance *instance = NULL;
    buffer_init(&shown, LIMIT_REQUEST_BODY);
    buffer_init_secret(&sent, LIMIT_REQUEST_BODY);
    CHECK_OK(fake_instance(&instance, &able, 0));
    CHECK_OK(fake_call_make(&call));
    CHECK_OK(request_set_text(call.request, text, sizeof(text) - 1, NULL));
    enter(&call, instance, PHASE_REQUEST);
    CHECK_OK(view_request_text(&call.view, &shown, &call.error));
    CHECK_TEXT(buffer_text(&shown), "{\"Password\":\"***\",\"n\":[{\"access_token\":\"***\"}]}");
    CHECK_OK(request_write_body(call.request, &sent, JSON_REVEAL));
    CHECK_TEXT(buffer_text(&sent), text);
}

static void each_owner_has_its_own_vars(void)
{
    static const fake_plugin other = {.name = "other", .tenant = "south", .every = nothing};
    scalar value = {.type = SCALAR_INTEGER, .integer = 7};
    cleanup_fake_call fake_call call = {.lines = 0};
    cleanup_instance instance *ours = NULL, *theirs = NULL;
    CHECK_OK(fake_instance(&ours, &able, 0));
    CHECK_OK(fake_instance(&theirs, &other, 0));
    CHECK_OK(fake_call_make(&call));
    enter(&call, ours, PHASE_REQUEST);
    CHECK_MADE(view_vars(&call.view));
    CHECK_OK(scalars_set(view_vars(&call.view), "a", 1, &value, NULL));
    enter(&call, theirs, PHASE_REQUEST);
    CHECK_MADE(view_vars(&call.view));
    scalars_get(view_vars(&call.view), "a", 1, &value);
    CHECK_INT(value.type, SCALAR_NIL);
}

static void the_id_is_sixteen_digits(void)
{
    view view;
    view_init(&view, 0x0123456789abcdef);
    CHECK_TEXT(view_id(&view), "0123456789abcdef");
    view_init(&view, 0);
    CHECK_TEXT(view_id(&view), "0000000000000000");
    CHECK_TEXT(view_id(&view), "0000000000000000");
}

static void a_failure_gets_another_message_and_keeps_its_kind(void)
{
    cleanup_fake_call fake_call call = {.lines = 0};
    cleanup_instance instance *instance = NULL;
    CHECK_OK(fake_instance(&instance, &able, 0));
    CHECK_OK(fake_call_make(&call));
    enter(&call, instance, PHASE_ERROR);
    CHECK_OK(view_set_failure_message(&call.view, "line\nbreak", &call.error));
    CHECK_OK(view_set_failure_code(&call.view, "E2", &call.error));
    CHECK_TEXT(call.failure.message, "line\\nbreak");
    CHECK_TEXT(call.failure.code, "E2");
    CHECK_INT(call.failure.kind, THINGSPACE_SERVICE);
}

static void the_number_of_changes_is_limited(void)
{
    cleanup_fake_call fake_call call = {.lines = 0};
    cleanup_instance instance *instance = NULL;
    CHECK_OK(fake_instance(&instance, &able, 0));
    CHECK_OK(fake_call_make(&call));
    enter(&call, instance, PHASE_REQUEST);
    for (int i = 0; i < LIMIT_CALL_CHANGES; i++)
        CHECK_OK(view_set_request_header(&call.view, "X-A", i % 2 ? "1" : "2", &call.error));
    CHECK_STATUS(view_set_request_header(&call.view, "X-A", "3", &call.error), THINGSPACE_PLUGIN);
    CHECK(strstr(call.error.message, "change less"));
}

static void the_bytes_that_changes_replace_are_limited(void)
{
    char value[8001];
    cleanup_fake_call fake_call call = {.lines = 0};
    cleanup_instance instance *instance = NULL;
    CHECK_OK(fake_instance(&instance, &able, 0));
    CHECK_OK(fake_call_make(&call));
    enter(&call, instance, PHASE_REQUEST);
    memset(value, 'v', sizeof(value) - 1);
    value[sizeof(value) - 1] = '\0';
    thingspace_status status = THINGSPACE_OK;
    size_t changes = 0;
    for (; !status && changes < LIMIT_CALL_CHANGES; changes++)
        status = view_set_request_header(&call.view, "X-A", value, &call.error);
    CHECK_STATUS(status, THINGSPACE_PLUGIN);
    CHECK(strstr(call.error.message, "change less"));
    CHECK_INT(changes, 3 + LIMIT_CALL_CHANGE_BYTES / (sizeof(value) - 1 + strlen("X-A")));
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(every_field_is_usable_where_its_row_says),
    CHECK_CASE(a_handle_outside_of_a_hook_is_stale),
    CHECK_CASE_ONCE(a_missing_capability_is_named),
    CHECK_CASE(what_cannot_be_sent_is_a_failure_that_changes_nothing),
    CHECK_CASE(the_fields_of_an_answer_that_carry_secrets_are_hidden),
    CHECK_CASE(passwords_of_an_answer_are_secret_nodes),
    CHECK_CASE(a_secret_that_is_given_back_reaches_the_bytes),
    CHECK_CASE(a_body_that_is_no_json_is_a_failure),
    CHECK_CASE(an_empty_answer_has_no_body),
    CHECK_CASE(the_password_that_a_caller_wrote_is_hidden),
    CHECK_CASE(each_owner_has_its_own_vars),
    CHECK_CASE(the_id_is_sixteen_digits),
    CHECK_CASE(a_failure_gets_another_message_and_keeps_its_kind),
    CHECK_CASE_ONCE(the_number_of_changes_is_limited),
    CHECK_CASE_ONCE(the_bytes_that_changes_replace_are_limited),
};
CHECK_MAIN(cases)
