/* SPDX-License-Identifier: MIT */
/* See service.h. */
#include <config.h>
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include "check.h"
#include "service.h"

static void set_environment(const service *service)
{
    setenv("THINGSPACE_URL", thingspace_simulator_url(service->simulator), 1);
    setenv("THINGSPACE_KEY", THINGSPACE_SIMULATOR_KEY, 1);
    setenv("THINGSPACE_SECRET", THINGSPACE_SIMULATOR_SECRET, 1);
    setenv("THINGSPACE_USERNAME", THINGSPACE_SIMULATOR_USERNAME, 1);
    setenv("THINGSPACE_PASSWORD", THINGSPACE_SIMULATOR_PASSWORD, 1);
    unsetenv("THINGSPACE_POLICY");
}

thingspace_status service_start_alone(service *service, const thingspace_simulator_options *options)
{
    static unsigned next;
    memset(service, 0, sizeof(*service));
    snprintf(service->state_dir, sizeof(service->state_dir), "%s/state-%u", check_folder(), ++next);
    thingspace_status status = thingspace_simulator_start(&service->simulator, options, NULL);
    if (status == THINGSPACE_OK)
        set_environment(service);
    return status;
}

thingspace_status service_start(service *service, const thingspace_simulator_options *options)
{
    thingspace_status status = service_start_alone(service, options);
    return status == THINGSPACE_OK ? service_client(service, &service->client, NULL) : status;
}

void service_stop(service *service)
{
    thingspace_client_free(service->client);
    thingspace_simulator_stop(service->simulator);
    service->client = NULL;
    service->simulator = NULL;
}

thingspace_status service_client(service *service, thingspace_client **out,
                                 const thingspace_client_options *given)
{
    thingspace_client_options options = THINGSPACE_CLIENT_OPTIONS_INIT;
    if (given)
        options = *given;
    if (!options.state_dir)
        options.state_dir = service->state_dir;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_status status = thingspace_client_new(out, &options, &error);
    if (status != THINGSPACE_OK)
        printf("# client: %s\n", error.message);
    return status;
}

bool service_fault(service *service, const char *rule)
{
    return thingspace_simulator_add_fault(service->simulator, rule, NULL) == THINGSPACE_OK;
}

static bool send_control(service *service, const char *method, const char *path)
{
    char url[400];
    snprintf(url, sizeof(url), "%s%s", thingspace_simulator_url(service->simulator), path);
    CURL *easy = curl_easy_init();
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, "");
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, method);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    long status = 0;
    bool good = curl_easy_perform(easy) == CURLE_OK &&
                curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK;
    curl_easy_cleanup(easy);
    return good && status >= 200 && status < 300;
}

bool service_post(service *service, const char *path)
{
    return send_control(service, "POST", path);
}

bool service_faultless(service *service)
{
    return send_control(service, "DELETE", "/simulator/faults");
}

json *service_state(service *service)
{
    char *text = NULL;
    json *state = NULL;
    if (thingspace_simulator_state(service->simulator, &text, NULL) == THINGSPACE_OK)
        json_parse(&state, text, strlen(text), NULL);
    free(text);
    return state;
}

long long service_number(service *service, const char *name)
{
    cleanup_json json *state = service_state(service);
    long long number = -1;
    json_integer(json_get(state, name), &number);
    return number;
}

long long service_count(service *service, const char *path)
{
    cleanup_json json *state = service_state(service);
    long long number = 0;
    json_integer(json_get(json_get(state, "paths"), path), &number);
    return number;
}

void client_cleanup(thingspace_client **client)
{
    thingspace_client_free(*client);
}

void result_cleanup(thingspace_result **result)
{
    thingspace_result_free(*result);
}
