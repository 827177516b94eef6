/* SPDX-License-Identifier: MIT */
/* What a result tells of the final answer: status, fields, error; and that none is an empty one. */
#include <config.h>
#include "check.h"
#include "service.h"

#define ACCOUNT "0000123456-00001"

static void the_final_answer_has_its_status_and_fields(void)
{
    cleanup_service service;
    cleanup_result thingspace_result *result = NULL;
    CHECK_OK(service_start(&service, NULL));
    CHECK(service_fault(&service, "GET /callbacks/* status=503 header=X-Trace:first times=1"));
    CHECK(service_fault(&service, "GET /callbacks/* header=X-Trace:second"));
    CHECK_OK(thingspace_list(service.client, &result, ACCOUNT, NULL));
    CHECK_INT(thingspace_result_attempts(result), 2);
    CHECK_INT(thingspace_result_http_status(result), 200);
    CHECK_TEXT(thingspace_result_header(result, "x-TRACE"), "second");
    CHECK(thingspace_result_header(result, "X-Other") == NULL);
    CHECK(thingspace_result_header(result, NULL) == NULL);
    CHECK_INT(thingspace_result_error(result)->kind, THINGSPACE_OK);
}

static void a_failed_call_tells_its_answer_and_its_error(void)
{
    cleanup_service service;
    cleanup_result thingspace_result *result = NULL;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_OK(service_start(&service, NULL));
    CHECK(service_fault(&service, "GET /callbacks/* status=404 header=X-Trace:gone"));
    thingspace_request request = THINGSPACE_REQUEST_INIT;
    request.account = ACCOUNT;
    CHECK_STATUS(thingspace_perform(service.client, &result, &request, &error), THINGSPACE_SERVICE);
    CHECK_MADE(result);
    CHECK_INT(thingspace_result_status(result), THINGSPACE_SERVICE);
    CHECK_INT(thingspace_result_http_status(result), 404);
    CHECK_TEXT(thingspace_result_header(result, "X-Trace"), "gone");
    const thingspace_error *own = thingspace_result_error(result);
    CHECK_INT(own->kind, THINGSPACE_SERVICE);
    CHECK_INT(own->http_status, 404);
    CHECK_TEXT(own->message, error.message);
    CHECK_TEXT(own->account, ACCOUNT);
}

static void a_call_that_was_not_sent_has_no_answer(void)
{
    cleanup_service service;
    cleanup_result thingspace_result *result = NULL;
    CHECK_OK(service_start(&service, NULL));
    thingspace_request request = THINGSPACE_REQUEST_INIT;
    request.account = "../x";
    CHECK_STATUS(thingspace_perform(service.client, &result, &request, NULL), THINGSPACE_USAGE);
    CHECK_MADE(result);
    CHECK_INT(thingspace_result_attempts(result), 0);
    CHECK_INT(thingspace_result_http_status(result), 0);
    CHECK(thingspace_result_header(result, "Date") == NULL);
    CHECK_TEXT(thingspace_result_body(result, NULL), "");
}

static void no_result_answers_as_an_empty_one(void)
{
    size_t size = 1;
    CHECK_INT(thingspace_result_status(NULL), THINGSPACE_OK);
    CHECK_INT(thingspace_result_error(NULL)->kind, THINGSPACE_OK);
    CHECK_INT(thingspace_result_http_status(NULL), 0);
    CHECK_INT(thingspace_result_attempts(NULL), 0);
    CHECK_TEXT(thingspace_result_body(NULL, &size), "");
    CHECK_INT(size, 0);
    CHECK(thingspace_result_header(NULL, "Date") == NULL);
    CHECK_INT(thingspace_result_count(NULL), 0);
    CHECK(thingspace_result_listener(NULL, 0) == NULL);
    CHECK(thingspace_result_signing_key(NULL) == NULL);
    CHECK(thingspace_result_preview(NULL) == NULL);
    CHECK(thingspace_result_url(NULL) == NULL);
}

static const check_case cases[] = {
    CHECK_CASE_ONCE(the_final_answer_has_its_status_and_fields),
    CHECK_CASE_ONCE(a_failed_call_tells_its_answer_and_its_error),
    CHECK_CASE_ONCE(a_call_that_was_not_sent_has_no_answer),
    CHECK_CASE(no_result_answers_as_an_empty_one),
};

CHECK_MAIN(cases)
