/* SPDX-License-Identifier: MIT */
/*
 * The host's functions that read fields which are texts or numbers, by the public numbers of
 * thingspace/plugin.h. The client's thread.
 */
#include <config.h>
#include "base/text.h"
#include "plugin/compiled_inside.h"

static const field_id text_fields[] = {
    [THINGSPACE_FIELD_CALL_ACCOUNT] = FIELD_CALL_ACCOUNT,
    [THINGSPACE_FIELD_CALL_OPERATION] = FIELD_CALL_OPERATION,
    [THINGSPACE_FIELD_CALL_SERVICE] = FIELD_CALL_SERVICE,
    [THINGSPACE_FIELD_CALL_URL] = FIELD_CALL_URL,
    [THINGSPACE_FIELD_CALL_ID] = FIELD_CALL_ID,
    [THINGSPACE_FIELD_REQUEST_METHOD] = FIELD_REQUEST_METHOD,
    [THINGSPACE_FIELD_REQUEST_PATH] = FIELD_REQUEST_PATH,
    [THINGSPACE_FIELD_FAILURE_KIND] = FIELD_FAILURE_KIND,
    [THINGSPACE_FIELD_FAILURE_MESSAGE] = FIELD_FAILURE_MESSAGE,
    [THINGSPACE_FIELD_FAILURE_CODE] = FIELD_FAILURE_CODE,
    [THINGSPACE_FIELD_EVENT_ID] = FIELD_EVENT_ID,
    [THINGSPACE_FIELD_EVENT_ACCOUNT] = FIELD_EVENT_ACCOUNT,
    [THINGSPACE_FIELD_EVENT_OPERATION] = FIELD_EVENT_OPERATION,
    [THINGSPACE_FIELD_EVENT_SERVICE] = FIELD_EVENT_SERVICE,
    [THINGSPACE_FIELD_EVENT_URL] = FIELD_EVENT_URL,
    [THINGSPACE_FIELD_EVENT_METHOD] = FIELD_EVENT_METHOD,
    [THINGSPACE_FIELD_EVENT_PATH] = FIELD_EVENT_PATH,
    [THINGSPACE_FIELD_EVENT_TENANT] = FIELD_EVENT_TENANT,
    [THINGSPACE_FIELD_EVENT_KIND] = FIELD_EVENT_KIND,
    [THINGSPACE_FIELD_EVENT_MESSAGE] = FIELD_EVENT_MESSAGE,
    [THINGSPACE_FIELD_EVENT_CODE] = FIELD_EVENT_CODE,
    [THINGSPACE_FIELD_EVENT_REASON] = FIELD_EVENT_REASON,
    [THINGSPACE_FIELD_EVENT_REPLIED_BY] = FIELD_EVENT_REPLIED_BY,
    [THINGSPACE_FIELD_CALL_REASON] = FIELD_CALL_REASON,
    [THINGSPACE_FIELD_CALL_ENDPOINT] = FIELD_CALL_ENDPOINT,
    [THINGSPACE_FIELD_CALL_PLAN] = FIELD_CALL_PLAN,
    [THINGSPACE_FIELD_EVENT_PLAN] = FIELD_EVENT_PLAN,
};

static const field_id number_fields[] = {
    [THINGSPACE_FIELD_CALL_ATTEMPT] = FIELD_CALL_ATTEMPT,
    [THINGSPACE_FIELD_CALL_DRY_RUN] = FIELD_CALL_DRY_RUN,
    [THINGSPACE_FIELD_RESPONSE_STATUS] = FIELD_RESPONSE_STATUS,
    [THINGSPACE_FIELD_FAILURE_STATUS] = FIELD_FAILURE_STATUS,
    [THINGSPACE_FIELD_EVENT_TIME_MS] = FIELD_EVENT_TIME_MS,
    [THINGSPACE_FIELD_EVENT_DURATION_MS] = FIELD_EVENT_DURATION_MS,
    [THINGSPACE_FIELD_EVENT_STATUS] = FIELD_EVENT_STATUS,
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *unless_empty(const char *text)
{
    return text_is_empty(text) ? NULL : text;
}

/* Texts of the call, and those of the event that are the call's: absent they are NULL. */
static const char *call_text(view *view, field_id field)
{
    switch (field) {
    case FIELD_CALL_ACCOUNT:
    case FIELD_EVENT_ACCOUNT:
        return view->account;
    case FIELD_CALL_OPERATION:
    case FIELD_EVENT_OPERATION:
        return view->operation;
    case FIELD_CALL_SERVICE:
    case FIELD_EVENT_SERVICE:
        return view->service;
    case FIELD_CALL_URL:
    case FIELD_EVENT_URL:
        return view->url;
    case FIELD_CALL_ENDPOINT:
        return view->endpoint;
    case FIELD_CALL_REASON:
        return view->reason;
    case FIELD_CALL_PLAN:
    case FIELD_EVENT_PLAN:
        return unless_empty(view->plan);
    case FIELD_EVENT_TENANT:
        return view->tenant;
    case FIELD_REQUEST_METHOD:
    case FIELD_EVENT_METHOD:
        return view->request ? request_method(view->request) : NULL;
    case FIELD_REQUEST_PATH:
    case FIELD_EVENT_PATH:
        return view->request ? request_path(view->request) : NULL;
    default:
        return view_id(view);
    }
}

static const char *failure_text(const thingspace_error *failure, field_id field)
{
    switch (field) {
    case FIELD_FAILURE_KIND:
        return thingspace_status_name(failure->kind);
    case FIELD_FAILURE_MESSAGE:
    case FIELD_EVENT_MESSAGE:
        return failure->message;
    default:
        return unless_empty(failure->code);
    }
}

static const char *event_text(const event *event, field_id field)
{
    switch (field) {
    case FIELD_EVENT_KIND:
        return thingspace_status_name(event->status);
    case FIELD_EVENT_REASON:
        return event->view->reason;
    case FIELD_EVENT_REPLIED_BY:
        return event->replied_by;
    case FIELD_EVENT_MESSAGE:
    case FIELD_EVENT_CODE:
        return event->error ? failure_text(event->error, field) : NULL;
    default:
        return call_text(event->view, field);
    }
}

const char *compiled_get_text(const thingspace_hook *hook, int field)
{
    const compiled_hook *self = compiled_hook_of(hook);
    if (field < 1 || (size_t)field >= COUNT(text_fields))
        return NULL;
    field_id id = text_fields[field];
    view *view = compiled_usable(self, id);
    if (!view)
        return NULL;
    switch (field_of(id)->handle) {
    case HANDLE_EVENT:
        return event_text(view->event, id);
    case HANDLE_FAILURE:
        return failure_text(view->failure, id);
    default:
        return call_text(view, id);
    }
}

long long compiled_get_number(const thingspace_hook *hook, int field)
{
    const compiled_hook *self = compiled_hook_of(hook);
    if (field < 1 || (size_t)field >= COUNT(number_fields))
        return 0;
    const view *view = compiled_usable(self, number_fields[field]);
    if (!view)
        return 0;
    switch (number_fields[field]) {
    case FIELD_CALL_ATTEMPT:
        return view->attempt;
    case FIELD_CALL_DRY_RUN:
        return view->dry_run;
    case FIELD_RESPONSE_STATUS:
        return view->response ? view->response->status : 0;
    case FIELD_FAILURE_STATUS:
        return view->failure->http_status;
    case FIELD_EVENT_TIME_MS:
        return view->event->time_ms;
    case FIELD_EVENT_DURATION_MS:
        return view->event->duration_ms;
    default:
        return view->event->http_status;
    }
}
