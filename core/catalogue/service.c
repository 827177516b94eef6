/* SPDX-License-Identifier: MIT */
/*
 * The table of callback services and what is asked about names. The seed's
 * thirteen are those of the original Register page; the others were found in
 * later pages and in code that ran against live accounts. Any thread.
 */
#include <config.h>
#include <string.h>
#include "base/error.h"
#include "base/limits.h"
#include "base/nearest.h"
#include "base/text.h"
#include "catalogue/service.h"

#define PAGE    "Register Callback Listener page"
#define CODE    "code that was used with a live account"
#define UNKNOWN "not described publicly"

static const thingspace_service_info services[] = {
    {"AlertService", "notices that the condition of a trigger was met", 1, PAGE,
     "the deregister page spells it AlertsService"},
    {"CarrierService",
     "results of changes to a device: activate, suspend, restore, deactivate, plan, identifiers", 1,
     PAGE, ""},
    {"DevicePRLInformation", "the roaming list version of a device, when asked for", 1, PAGE,
     "must be registered before the request that it answers"},
    {"DeviceProfileService", "results of eUICC profile changes: download, enable, disable, delete",
     1, PAGE, "after a time-out a first message says warning, a later one how it ended"},
    {"DevicePromoUsage", UNKNOWN, 0, CODE, ""},
    {"DeviceService", "results of availability checks, device uploads and order status checks", 1,
     PAGE, ""},
    {"DeviceSuspensionStatus", "since when and until when a device is suspended, when asked for", 1,
     PAGE, "must be registered before the request that it answers"},
    {"DeviceUsage", "aggregate usage of devices, when asked for", 1, PAGE, ""},
    {"DiagnosticsService", "reachability of a device, from a monitor that was started", 0,
     CODE " and a third party's list", ""},
    {"EnhancedConnectivityService",
     "SMS messages that devices sent, and notices that an SMS to a device left the network", 1,
     PAGE, "undelivered messages wait until startCallbacks is called"},
    {"ExtendedEnhancedConnectivityService", UNKNOWN, 0, CODE, ""},
    {"ExternalProvisioningChanges", "provisioning changes that were made outside the API", 1, PAGE,
     ""},
    {"IntelligenceService", "network conditions, coverage, site proximity, device experience", 0,
     "pages of the intelligence APIs; " CODE, ""},
    {"NetworkEventService", UNKNOWN, 0, CODE, ""},
    {"NiddService", "non-IP data: configuration results, delivery to devices, data from devices", 0,
     "Deregister a Callback Listener page; NIDD page", ""},
    {"PromoChanges", "a promotional code ended with a device's billing cycle", 1, PAGE, ""},
    {"PwnService", "messages of private wireless networks", 0, CODE, ""},
    {"QoS", "quality-of-service events", 0, "QoS register page", ""},
    {"ResumeTrackingNotification", "seven days' notice before a suspended device resumes", 1, PAGE,
     ""},
    {"SMSDeliveryConfirmation", "a device acknowledged an SMS, or the SMS expired", 1, PAGE, ""},
    {"StateService", "results of moving a device to another state", 1, PAGE, ""},
    {"SubscriptionNotificationService", "data throttling and usage thresholds", 0,
     CODE " and a third party's list", ""},
    {"VIPCallbackService", UNKNOWN, 0, CODE, ""},
};

size_t thingspace_service_count(void)
{
    return sizeof(services) / sizeof(services[0]);
}

const thingspace_service_info *thingspace_service_at(size_t index)
{
    return index < thingspace_service_count() ? &services[index] : NULL;
}

const thingspace_service_info *thingspace_service_find(const char *name)
{
    for (size_t i = 0; name && i < thingspace_service_count(); i++)
        if (text_equal(services[i].name, name))
            return &services[i];
    return NULL;
}

static bool is_name_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_';
}

thingspace_status service_check(const char *name, thingspace_error *error)
{
    if (text_is_empty(name))
        return error_set(error, THINGSPACE_USAGE,
                         "the callback service's name is empty; `thingspace services` lists them");
    if (strnlen(name, LIMIT_SERVICE + 1) > LIMIT_SERVICE)
        return error_set(error, THINGSPACE_USAGE,
                         "the callback service's name is longer than %d characters; check it",
                         LIMIT_SERVICE);
    if (text_equal(name, ".") || text_equal(name, ".."))
        return error_set(error, THINGSPACE_USAGE,
                         "the callback service's name '%s' is a path, not a name; check it", name);
    for (const char *c = name; *c; c++)
        if (!is_name_character(*c))
            return error_set(error, THINGSPACE_USAGE,
                             "the callback service's name has a character that cannot be sent, at "
                             "position %zu; only letters, digits and . _ - can",
                             (size_t)(c - name) + 1);
    return THINGSPACE_OK;
}

const char *service_suggest(const char *name)
{
    if (thingspace_service_find(name))
        return NULL;
    nearest nearest;
    nearest_begin(&nearest, name);
    for (size_t i = 0; i < thingspace_service_count(); i++)
        nearest_offer(&nearest, services[i].name);
    return nearest.found;
}

const char *thingspace_service_after_register(const char *name)
{
    if (!text_equal(name, "EnhancedConnectivityService"))
        return NULL;
    return "messages that could not be delivered so far wait in a queue; "
           "`thingspace call ACCOUNT PUT '/sms/{account}/startCallbacks'` sends them";
}
