/* SPDX-License-Identifier: MIT */
/* Error bodies: each format is read, codes are compared without the service, and the verdicts. */
#include "check.h"
#include "catalogue/fault.h"

#define EXPIRED "{\"errorCode\":\"UnifiedWebService.REQUEST_FAILED.SessionToken.Expired\"}"
#define AM_FAULT                                                                                   \
    "<am:fault xmlns:am=\"http://wso2.org/apimanager\"><am:code>404</am:code>"                     \
    "<am:type>Status report</am:type><am:message>Runtime &lt;Error&gt;</am:message>"               \
    "<am:description>No \"match\" &amp; no &apos;hope&apos;</am:description></am:fault>"

typedef struct reading {
    const char *body;
    fault_format format;
    const char *code, *text;
} reading;

static const reading readings[] = {
    {"", FAULT_NONE, "", ""},
    {" \r\n", FAULT_NONE, "", ""},
    {"{\"errorCode\":\"S.REQUEST_FAILED.X\",\"errorMessage\":\"no\"}", FAULT_ERROR_CODE,
     "S.REQUEST_FAILED.X", "no"},
    {"{\"errorCode\":17}", FAULT_ERROR_CODE, "17", ""},
    {"{\"fault\":{\"code\":\"900901\",\"message\":\"Invalid Credentials\",\"description\":\"d\"}}",
     FAULT_GATEWAY, "900901", "Invalid Credentials: d"},
    {"{\"fault\":{\"code\":900906}}", FAULT_GATEWAY, "900906", ""},
    {"{\"error\":\"invalid_client\",\"error_description\":\"d\",\"cause\":\"c\"}", FAULT_OAUTH,
     "invalid_client", "d: c"},
    {AM_FAULT, FAULT_XML, "404", "Runtime <Error>: No \"match\" & no 'hope'"},
    {"<?xml version=\"1.0\"?><!-- <code>1</code> -->\n<fault><code/><message>m</message></fault>",
     FAULT_XML, "", "m"},
    {"<am:fault><am:code>4", FAULT_XML, "4", ""},
    {"<am:fault", FAULT_XML, "", ""},
    {"<html><body><fault><code>1</code></fault></body></html>", FAULT_OTHER, "", ""},
    {"<", FAULT_OTHER, "", ""},
    {"{\"password\":\"s3\"}", FAULT_OTHER, "", ""},
    {"{\"fault\":\"text\"}", FAULT_OTHER, "", ""},
    {"{\"errorCode\":\"X\",\"errorCode\":\"Y\"}", FAULT_OTHER, "", ""},
    {"[]", FAULT_OTHER, "", ""},
    {"nonsense", FAULT_OTHER, "", ""},
};

static void each_format_gives_its_code_and_text(void)
{
    for (size_t i = 0; i < sizeof(readings) / sizeof(readings[0]); i++) {
        fault read;
        CHECK_OK(fault_parse(&read, readings[i].body, strlen(readings[i].body)));
        CHECK_INT(read.format, readings[i].format);
        CHECK_TEXT(read.code, readings[i].code);
        CHECK_TEXT(read.text, readings[i].text);
    }
}

static void escape_sequences_never_reach_code_or_text(void)
{
    static const char body[] =
        "{\"errorCode\":\"A\\u001b[2J\",\"errorMessage\":\"a\\nb\\u001b[31m\"}";
    fault read;
    CHECK_OK(fault_parse(&read, body, sizeof(body) - 1));
    CHECK_TEXT(read.code, "A\\x1b[2J");
    CHECK_TEXT(read.text, "a\\nb\\x1b[31m");
}

static void long_codes_and_texts_are_cut(void)
{
    char body[5000] = "<fault><code>", *end = body + strlen(body);
    memset(end, 'x', 2000);
    strcpy(end + 2000, "</code><message>");
    end += strlen(end);
    memset(end, 'y', 2000);
    strcpy(end + 2000, "</message></fault>");
    fault read;
    CHECK_OK(fault_parse(&read, body, strlen(body)));
    CHECK_INT(strlen(read.code), sizeof(read.code) - 1);
    CHECK_TEXT(read.code + sizeof(read.code) - 4, "...");
    CHECK_INT(strlen(read.text), sizeof(read.text) - 1);
}

static void a_code_is_compared_without_the_service_in_front(void)
{
    fault read;
    CHECK_OK(fault_parse(&read, EXPIRED, sizeof(EXPIRED) - 1));
    CHECK(fault_code_is(&read, "REQUEST_FAILED.SessionToken.Expired"));
    CHECK(fault_code_is(&read, "UnifiedWebService.REQUEST_FAILED.SessionToken.Expired"));
    CHECK(!fault_code_is(&read, "SessionToken.Expired"));
    CHECK(!fault_code_is(&read, "REQUEST_FAILED.SessionToken.Expire"));
    strcpy(read.code, "REQUEST_FAILED.SessionToken.Expired");
    CHECK(fault_code_is(&read, "REQUEST_FAILED.SessionToken.Expired"));
    read.code[0] = '\0';
    CHECK(!fault_code_is(&read, "REQUEST_FAILED.SessionToken.Expired"));
}

typedef struct verdict {
    const char *body;
    int http_status;
    fault_token_kind token;
    thingspace_status status;
} verdict;

static const verdict verdicts[] = {
    {"{\"fault\":{\"code\":\"900901\"}}", 401, FAULT_TOKEN_BEARER, THINGSPACE_AUTH},
    {"{\"fault\":{\"code\":900902}}", 401, FAULT_TOKEN_BEARER, THINGSPACE_AUTH},
    {"{\"fault\":{\"code\":\"900903\"}}", 401, FAULT_TOKEN_BEARER, THINGSPACE_AUTH},
    {"{\"fault\":{\"code\":\"900904\"}}", 401, FAULT_TOKEN_BEARER, THINGSPACE_AUTH},
    {"{\"fault\":{\"code\":\"900906\"}}", 400, FAULT_TOKEN_NONE, THINGSPACE_SERVICE},
    {EXPIRED, 400, FAULT_TOKEN_SESSION, THINGSPACE_AUTH},
    {EXPIRED, 401, FAULT_TOKEN_SESSION, THINGSPACE_AUTH},
    {"{\"errorCode\":\"INPUT_INVALID.SessionToken.Invalid\"}", 400, FAULT_TOKEN_SESSION,
     THINGSPACE_AUTH},
    {"{\"errorCode\":\"S.REQUEST_FAILED.AccountName\"}", 400, FAULT_TOKEN_NONE, THINGSPACE_SERVICE},
    {"{\"errorCode\":\"S.REQUEST_FAILED.AccountName\"}", 403, FAULT_TOKEN_NONE, THINGSPACE_AUTH},
    {"", 401, FAULT_TOKEN_SESSION, THINGSPACE_AUTH},
    {"<html></html>", 403, FAULT_TOKEN_SESSION, THINGSPACE_AUTH},
    {AM_FAULT, 403, FAULT_TOKEN_NONE, THINGSPACE_AUTH},
    {AM_FAULT, 404, FAULT_TOKEN_NONE, THINGSPACE_SERVICE},
    {"<am:fault><am:code>900901</am:code></am:fault>", 401, FAULT_TOKEN_BEARER, THINGSPACE_AUTH},
    {"{\"errorMessage\":\"SessionToken.Expired\"}", 400, FAULT_TOKEN_NONE, THINGSPACE_SERVICE},
    {"", 404, FAULT_TOKEN_NONE, THINGSPACE_SERVICE},
    {"", 429, FAULT_TOKEN_NONE, THINGSPACE_SERVICE},
    {"", 500, FAULT_TOKEN_NONE, THINGSPACE_SERVICE},
    {"", 302, FAULT_TOKEN_NONE, THINGSPACE_PROTOCOL},
    {"", 200, FAULT_TOKEN_NONE, THINGSPACE_PROTOCOL},
};

static void codes_and_status_decide_about_tokens_and_kind(void)
{
    for (size_t i = 0; i < sizeof(verdicts) / sizeof(verdicts[0]); i++) {
        fault read;
        CHECK_OK(fault_parse(&read, verdicts[i].body, strlen(verdicts[i].body)));
        CHECK_INT(fault_token(&read, verdicts[i].http_status), verdicts[i].token);
        CHECK_INT(fault_status(&read, verdicts[i].http_status), verdicts[i].status);
    }
}

static void known_codes_say_what_to_do(void)
{
    fault read = {.code = "S.REQUEST_FAILED.AccountName"};
    CHECK(strstr(fault_hint(&read), "not this user's account") != NULL);
    strcpy(read.code, "900906");
    CHECK(fault_hint(&read) != NULL);
    strcpy(read.code, "S.REQUEST_FAILED.NobodyKnows");
    CHECK(fault_hint(&read) == NULL);
    read.code[0] = '\0';
    CHECK(fault_hint(&read) == NULL);
}

static const check_case cases[] = {
    CHECK_CASE(each_format_gives_its_code_and_text),
    CHECK_CASE(escape_sequences_never_reach_code_or_text),
    CHECK_CASE(long_codes_and_texts_are_cut),
    CHECK_CASE(a_code_is_compared_without_the_service_in_front),
    CHECK_CASE(codes_and_status_decide_about_tokens_and_kind),
    CHECK_CASE(known_codes_say_what_to_do),
};
CHECK_MAIN(cases)
