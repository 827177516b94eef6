/* SPDX-License-Identifier: MIT */
/*
 * Reading error bodies and judging them. The judgement is data where it can be:
 * codes with what they mean for tokens, codes with what a person can do. A body of
 * unknown form gives no text: it may echo what was sent, passwords included.
 */
#include <config.h>
#include <string.h>
#include "base/json.h"
#include "base/text.h"
#include "catalogue/fault.h"
#include "catalogue/fault_xml.h"

/* More raw text than any escaped field holds, so that only text_escape cuts. */
#define RAW_TEXT 1024

typedef struct reading {
    fault *out;
    fault_hide *hide;
    const void *user;
} reading;

/* Texts are the reading's own: of a tree, or a buffer. */
static void hide(const reading *self, const char *text)
{
    if (self->hide)
        self->hide((char *)text, self->user);
}

static void set_code(const reading *self, const char *code)
{
    if (!code)
        return;
    hide(self, code);
    text_escape(self->out->code, sizeof(self->out->code), code, strlen(code));
}

/* Adds one more part to the text, behind ": ". */
static void add_text(const reading *self, const char *text)
{
    fault *out = self->out;
    size_t used = strlen(out->text);
    if (text_is_empty(text) || used + 3 >= sizeof(out->text))
        return;
    hide(self, text);
    if (used > 0) {
        memcpy(out->text + used, ": ", 3);
        used += 2;
    }
    text_escape(out->text + used, sizeof(out->text) - used, text, strlen(text));
}

/* A code may be sent as a string or as a number. */
static const char *scalar(const json *object, const char *name)
{
    const json *member = json_get(object, name);
    const char *text = json_string(member);
    return text ? text : json_number(member);
}

static void read_error_code(const reading *self, const json *object)
{
    self->out->format = FAULT_ERROR_CODE;
    set_code(self, scalar(object, "errorCode"));
    add_text(self, json_get_string(object, "errorMessage"));
}

static void read_gateway(const reading *self, const json *inner)
{
    self->out->format = FAULT_GATEWAY;
    set_code(self, scalar(inner, "code"));
    add_text(self, json_get_string(inner, "message"));
    add_text(self, json_get_string(inner, "description"));
}

static void read_oauth(const reading *self, const json *object)
{
    self->out->format = FAULT_OAUTH;
    set_code(self, json_get_string(object, "error"));
    add_text(self, json_get_string(object, "error_description"));
    add_text(self, json_get_string(object, "cause"));
}

static thingspace_status read_json(const reading *self, const char *body, size_t size)
{
    cleanup_json json *root = NULL;
    thingspace_status status = json_parse(&root, body, size, NULL);
    if (status)
        return status == THINGSPACE_MEMORY ? status : THINGSPACE_OK;
    const json *inner = json_get(root, "fault");
    if (scalar(root, "errorCode"))
        read_error_code(self, root);
    else if (json_type_of(inner) == JSON_OBJECT)
        read_gateway(self, inner);
    else if (json_get_string(root, "error"))
        read_oauth(self, root);
    return THINGSPACE_OK;
}

static void read_xml(const reading *self, const char *body, size_t size)
{
    char raw[RAW_TEXT];
    if (!fault_xml_is_fault(body, size))
        return;
    self->out->format = FAULT_XML;
    fault_xml_text(raw, sizeof(raw), body, size, "code");
    set_code(self, raw);
    fault_xml_text(raw, sizeof(raw), body, size, "message");
    add_text(self, raw);
    fault_xml_text(raw, sizeof(raw), body, size, "description");
    add_text(self, raw);
}

thingspace_status fault_parse(fault *out, const char *body, size_t size)
{
    return fault_parse_hiding(out, body, size, NULL, NULL);
}

thingspace_status fault_parse_hiding(fault *out, const char *body, size_t size, fault_hide *hide,
                                     const void *user)
{
    const reading self = {out, hide, user};
    memset(out, 0, sizeof(*out));
    while (size > 0 && strchr(" \t\r\n", *body) && *body) {
        body++;
        size--;
    }
    if (size == 0)
        return THINGSPACE_OK;
    out->format = FAULT_OTHER;
    if (*body == '{')
        return read_json(&self, body, size);
    if (*body == '<')
        read_xml(&self, body, size);
    return THINGSPACE_OK;
}

bool fault_code_is(const fault *self, const char *code)
{
    if (text_equal(self->code, code))
        return true;
    const char *dot = strchr(self->code, '.');
    return dot && text_equal(dot + 1, code);
}

static bool is_about_the_bearer(const fault *self)
{
    /* Invalid, missing, expired, inactive; invalid_token is that of RFC 6750. */
    static const char *const codes[] = {"900901", "900902", "900903", "900904", "invalid_token"};
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
        if (text_equal(self->code, codes[i]))
            return true;
    return false;
}

static bool is_about_the_session(const fault *self)
{
    return strstr(self->code, "SessionToken.") != NULL;
}

bool fault_names_token(const fault *self)
{
    return is_about_the_bearer(self) || is_about_the_session(self);
}

fault_token_kind fault_token(const fault *self, int http_status)
{
    if (is_about_the_bearer(self))
        return FAULT_TOKEN_BEARER;
    if (is_about_the_session(self))
        return FAULT_TOKEN_SESSION;
    if (self->format == FAULT_XML || fault_code_is(self, "REQUEST_FAILED.AccountName"))
        return FAULT_TOKEN_NONE;
    /* A session was seen refused with a bare 401 96 seconds after it was issued. */
    return http_status == 401 || http_status == 403 ? FAULT_TOKEN_SESSION : FAULT_TOKEN_NONE;
}

thingspace_status fault_status(const fault *self, int http_status)
{
    if (http_status < 400 || http_status > 599)
        return THINGSPACE_PROTOCOL;
    if (http_status == 401 || http_status == 403 || is_about_the_session(self))
        return THINGSPACE_AUTH;
    return THINGSPACE_SERVICE;
}

static const struct {
    const char *code, *hint;
} hints[] = {
    {"INPUT_INVALID.Request.InvalidCharacter", "remove the characters ' < and \\ from the input"},
    {"INPUT_INVALID.RequestUndefined", "the request was empty; give it a body"},
    {"DeserializationFailed", "the body lacks a required member; compare it with the API's page"},
    {"REQUEST_FAILED.UnexpectedError",
     "check the values sent, try once more, then ask the vendor's support"},
    {"REQUEST_FAILED.SessionToken.Expired",
     "a renewed session was refused as well; look at `thingspace auth status`"},
    {"REQUEST_FAILED.SessionToken.Format",
     "the session token did not arrive; look for a proxy that drops headers"},
    {"INPUT_INVALID.SessionToken.Invalid",
     "another program may log in with the same username; give each its own"},
    {"INPUT_INVALID.Account.NotDefined", "name the account"},
    {"REQUEST_FAILED.AccountName",
     "not this user's account; give the account the credential of a user who has it"},
    {"REQUEST_FAILED.AccountNotFound", "check the account name; leading zeros belong to it"},
    {"REQUEST_FAILED.NoAccounts", "this user has no account; use another credential"},
    {"REQUEST_FAILED.MultipleAccounts", "this user has several accounts; name one"},
    {"REQUEST_FAILED.DeviceNotFound", "check the device's identifier and its kind"},
    {"INPUT_INVALID.Device.Kind.Invalid", "check the kind of the device's identifier"},
    {"INPUT_INVALID.Device.Identifier.Invalid", "check the device's identifier"},
    {"INPUT_INVALID.Device.Account.Invalid", "the device is not in this account"},
    {"INPUT_INVALID.MaxRequestsExceeded", "name at most 10,000 devices in one request"},
    {"INPUT_INVALID.NumberofDevices", "name at most 200 devices in one request"},
    {"900901", "check the application key and secret of the credential"},
    {"900902", "the bearer token did not arrive; look for a proxy that drops headers"},
    {"900903", "a renewed bearer token was refused as well; check this machine's clock"},
    {"900904", "a renewed bearer token was refused as well; check the application key"},
    {"900906", "no such path; check the endpoint's URL and the path"},
    {"invalid_client", "check the application key and secret of the credential"},
    {"invalid_grant", "check the application key and secret of the credential"},
    {"unauthorized_client", "the application key may not ask for tokens; check it in the portal"},
    {"unsupported_grant_type", "check the endpoint's token URL"},
    {"invalid_request", "check the endpoint's token URL"},
};

const char *fault_hint(const fault *self)
{
    for (size_t i = 0; i < sizeof(hints) / sizeof(hints[0]); i++)
        if (fault_code_is(self, hints[i].code))
            return hints[i].hint;
    return NULL;
}
