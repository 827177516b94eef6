/* SPDX-License-Identifier: MIT */
/* The callbacks of the other APIs as they are on the wire. */
#include <stdio.h>
#include "check.h"
#include "talk.h"

static struct reply call(const struct stage *stage, const char *method, const char *path,
                         const char *body)
{
    char headers[400];
    snprintf(headers, sizeof(headers), "Authorization: Bearer %s\r\nVZ-M2M-Token: %s\r\n%s",
             stage->bearer, stage->session, body ? "Content-Type: application/json\r\n" : "");
    return stage_send(stage, method, path, headers, body);
}

typedef struct exchange_row {
    const char *method, *path, *body;
    int status;
    const char *answer; /* NULL: whatever; * for what changes */
} exchange_row;

/* A register, the list, the removal, and the list again. */
static const exchange_row rows[] = {
    {"POST", "/api/loc/v1/callbacks/A", "{\"name\":\"Location\",\"url\":\"u\"}", 200,
     "{\"account\":\"A\",\"name\":\"Location\"}"},
    {"GET", "/api/loc/v1/callbacks/A", NULL, 200, "[{\"name\":\"Location\",\"url\":\"u\"}]"},
    {"DELETE", "/api/loc/v1/callbacks/A/name/Location", NULL, 200, "{\"success\":true}"},
    {"GET", "/api/loc/v1/callbacks/A", NULL, 200, ""},

    {"POST", "/api/hyper-precise/v1/callbacks?accountNumber=A",
     "{\"name\":\"BullseyeReporting\",\"url\":\"u\"}", 200,
     "[{\"aname\":\"A\",\"name\":\"BullseyeReporting\",\"url\":\"u\"}]"},
    {"GET", "/api/hyper-precise/v1/callbacks?accountNumber=A", NULL, 200,
     "[{\"aname\":\"A\",\"name\":\"BullseyeReporting\",\"url\":\"u\"}]"},
    {"DELETE", "/api/hyper-precise/v1/callbacks?accountNumber=A&service=BullseyeReporting", NULL,
     200, ""},
    {"GET", "/api/hyper-precise/v1/callbacks?accountNumber=A", NULL, 200, ""},

    {"POST", "/api/diagnostics/v1/callbacks",
     "{\"accountName\":\"A\",\"serviceName\":\"Diagnostics\",\"endpoint\":\"u\","
     "\"httpHeaders\":{\"x\":\"y\"}}",
     200, NULL},
    {"GET", "/api/diagnostics/v1/callbacks?accountName=A", NULL, 200, NULL},
    {"DELETE", "/api/diagnostics/v1/callbacks?accountName=A&serviceName=Diagnostics", NULL, 200,
     NULL},
    {"GET", "/api/diagnostics/v1/callbacks?accountName=A", NULL, 200, ""},

    {"POST", "/api/fota/v1/callbacks/A",
     "{\"name\":\"Fota\",\"url\":\"u\",\"username\":\"n\",\"password\":\"p\"}", 200,
     "{\"accountName\":\"A\",\"serviceName\":\"Fota\"}"},
    {"GET", "/api/fota/v1/callbacks/A", NULL, 200,
     "[{\"aname\":\"A\",\"name\":\"Fota\",\"url\":\"u\",\"username\":\"n\",\"password\":\"p\"}]"},
    {"DELETE", "/api/fota/v1/callbacks/A/name/Fota", NULL, 200, "{\"success\":true}"},
    {"GET", "/api/fota/v1/callbacks/A", NULL, 200, ""},

    {"PUT", "/api/fota/v2/callbacks/A", "{\"url\":\"u\"}", 400, NULL},
    {"POST", "/api/fota/v2/callbacks/A", "{\"url\":\"u\"}", 200, "{\"url\":\"u\"}"},
    {"PUT", "/api/fota/v2/callbacks/A", "{\"url\":\"v\"}", 200, "{\"url\":\"v\"}"},
    {"GET", "/api/fota/v2/callbacks/A", NULL, 200, "{\"url\":\"v\"}"},
    {"GET", "/api/fota/v3/callbacks/A", NULL, 200, ""},
    {"DELETE", "/api/fota/v2/callbacks/A", NULL, 200, "{\"success\":true}"},
    {"GET", "/api/fota/v2/callbacks/A", NULL, 200, ""},
    {"DELETE", "/api/fota/v2/callbacks/A", NULL, 400, NULL},
};

static void every_api_answers_in_its_own_shape(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK(stage_enter(&stage));
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        cleanup_reply struct reply reply = call(&stage, rows[i].method, rows[i].path, rows[i].body);
        if (reply.status != rows[i].status)
            printf("# %s %s\n", rows[i].method, rows[i].path);
        CHECK_INT(reply.status, rows[i].status);
        if (rows[i].answer)
            CHECK_TEXT(reply.body_size ? reply.body : "", rows[i].answer);
    }
}

static void what_diagnostics_was_given_it_shows_again(void)
{
    static const char shown[] = "{\"accountName\":\"A\",\"serviceName\":\"Diagnostics\","
                                "\"endpoint\":\"u\",\"httpHeaders\":{\"x\":\"y\"},\"createdOn\":\"";
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK(stage_enter(&stage));
    cleanup_reply struct reply made = call(&stage, "POST", "/api/diagnostics/v1/callbacks",
                                           "{\"accountName\":\"A\",\"serviceName\":\"Diagnostics\","
                                           "\"endpoint\":\"u\",\"httpHeaders\":{\"x\":\"y\"}}");
    CHECK_INT(strncmp(made.body, shown, strlen(shown)), 0);
    cleanup_reply struct reply listed =
        call(&stage, "GET", "/api/diagnostics/v1/callbacks?accountName=A", NULL);
    CHECK_INT(strncmp(listed.body + 1, shown, strlen(shown)), 0);
    cleanup_reply struct reply removed =
        call(&stage, "DELETE",
             "/api/diagnostics/v1/callbacks?accountName=A&serviceName=Diagnostics", NULL);
    CHECK_TEXT(removed.body, made.body);
}

static void each_register_of_a_signed_api_has_a_new_key(void)
{
    static const char body[] = "{\"name\":\"Location\",\"url\":\"u\"}";
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK(stage_enter(&stage));
    cleanup_reply struct reply one = call(&stage, "POST", "/api/loc/v1/callbacks/A", body);
    cleanup_reply struct reply two = call(&stage, "POST", "/api/loc/v1/callbacks/A", body);
    cleanup_reply struct reply other = call(&stage, "POST", "/api/fota/v1/callbacks/A", body);
    CHECK_INT(strlen(reply_header(&one, "Shared-Key")), 64);
    CHECK(strcmp(reply_header(&one, "Shared-Key"), reply_header(&two, "Shared-Key")) != 0);
    CHECK_TEXT(reply_header(&other, "Shared-Key"), "");
}

static const exchange_row refused[] = {
    {"GET", "/api/loc/v1/callbacks", NULL, 400, NULL},
    {"GET", "/api/loc/v1/else", NULL, 400, NULL},
    {"PUT", "/api/loc/v1/callbacks/A", "{}", 405, NULL},
    {"GET", "/api/loc/v1/callbacks/A/name/Location", NULL, 405, NULL},
    {"GET", "/api/loc/v2/callbacks/A", NULL, 400, NULL},
    {"GET", "/api/hyper-precise/v1/callbacks", NULL, 400, NULL},
    {"GET", "/api/hyper-precise/v1/callbacks/A", NULL, 400, NULL},
    {"DELETE", "/api/hyper-precise/v1/callbacks?accountNumber=A", NULL, 405, NULL},
    {"POST", "/api/diagnostics/v1/callbacks?accountName=A",
     "{\"serviceName\":\"D\",\"endpoint\":\"u\"}", 400, NULL},
    {"POST", "/api/diagnostics/v1/callbacks",
     "{\"accountName\":\"A\",\"name\":\"D\",\"url\":\"u\"}", 400, NULL},
    {"POST", "/api/fota/v2/callbacks/A", "{\"endpoint\":\"u\"}", 400, NULL},
    {"DELETE", "/api/fota/v2/callbacks/A/name/Fota", NULL, 405, NULL},
};

static void what_is_in_another_place_is_refused(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK(stage_enter(&stage));
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        cleanup_reply struct reply reply =
            call(&stage, refused[i].method, refused[i].path, refused[i].body);
        if (reply.status != refused[i].status)
            printf("# %s %s\n", refused[i].method, refused[i].path);
        CHECK_INT(reply.status, refused[i].status);
    }
}

static void both_tokens_are_wanted(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK(stage_enter(&stage));
    cleanup_reply struct reply none =
        stage_send(&stage, "GET", "/api/loc/v1/callbacks/A", "", NULL);
    CHECK_INT(none.status, 401);
    CHECK_INT(stage_control(&stage, "expire?what=session", NULL), 204);
    cleanup_reply struct reply expired = call(&stage, "GET", "/api/loc/v1/callbacks/A", NULL);
    CHECK_INT(expired.status, 400);
    CHECK_TEXT(reply_code(&expired), "REQUEST_FAILED.SessionToken.Expired");
}

static void listeners_are_loaded_for_their_api(void)
{
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK(stage_enter(&stage));
    CHECK_INT(stage_control(&stage, "listeners",
                            "[{\"accountName\":\"A\",\"serviceName\":\"Location\",\"url\":\"u\","
                            "\"api\":\"location\"}]"),
              204);
    cleanup_reply struct reply theirs = call(&stage, "GET", "/api/loc/v1/callbacks/A", NULL);
    CHECK_TEXT(theirs.body, "[{\"name\":\"Location\",\"url\":\"u\"}]");
    cleanup_reply struct reply ours = call(&stage, "GET", "/api/m2m/v1/callbacks/A", NULL);
    CHECK_INT(ours.body_size, 0);
    cleanup_reply struct reply state = stage_send(&stage, "GET", "/simulator/state", "", NULL);
    CHECK(strstr(state.body, "\"api\":\"location\"") != NULL);
    CHECK_INT(stage_control(&stage, "listeners",
                            "[{\"accountName\":\"A\",\"serviceName\":\"Location\",\"url\":\"u\","
                            "\"api\":\"weather\"}]"),
              400);
}

static void a_fault_is_found_below_every_base(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_stage struct stage stage = {0};
    CHECK(stage_start(&stage, NULL));
    CHECK(stage_enter(&stage));
    CHECK_OK(
        thingspace_simulator_add_fault(stage.simulator, "GET /callbacks/* status=503", &error));
    cleanup_reply struct reply reply = call(&stage, "GET", "/api/fota/v3/callbacks/A", NULL);
    CHECK_INT(reply.status, 503);
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(every_api_answers_in_its_own_shape),
    CHECK_CASE_ONCE(what_diagnostics_was_given_it_shows_again),
    CHECK_CASE_ONCE(each_register_of_a_signed_api_has_a_new_key),
    CHECK_CASE_ONCE(what_is_in_another_place_is_refused),
    CHECK_CASE_ONCE(both_tokens_are_wanted),
    CHECK_CASE_ONCE(listeners_are_loaded_for_their_api),
    CHECK_CASE_ONCE(a_fault_is_found_below_every_base),
};
CHECK_MAIN(cases)
