/* SPDX-License-Identifier: MIT */
/* thingspace register: reads what is registered, then does the least. */
#include <config.h>
#include <string.h>
#include "base/error.h"
#include "base/nearest.h"
#include "cli/commands/commands.h"
#include "cli/key_file.h"
#include "cli/preview.h"
#include "cli/session.h"

static const option own_options[] = {
    {.name = "username",
     .kind = OPTION_TEXT,
     .value = "NAME",
     .doc = "comes back in every callback message; '' sends an empty element, leaving it out none"},
    {.name = "password-file",
     .kind = OPTION_FILE,
     .value = "FILE",
     .doc = "holds the password that comes back in every callback message; may be a pipe"},
    {.name = "key-file",
     .kind = OPTION_FILE,
     .value = "FILE",
     .doc = "takes the signing key that the reply may carry; made with mode 0600, never over "
            "another file"},
    {.name = "replace", .kind = OPTION_FLAG, .doc = "take over a service that goes to another URL"},
    {.name = "strict",
     .kind = OPTION_FLAG,
     .doc = "refuse a service that is not in the catalogue, in place of a warning"},
    API_OPTION,
    {.name = "password",
     .kind = OPTION_REFUSED,
     .doc = "every user of the machine could read it; use --password-file FILE"},
    {.name = NULL},
};

static const example examples[] = {
    {"register 0000123456-00001 CarrierService https://hooks.example.com/cb",
     "send results of device changes to that URL"},
    {"register 0000123456-00001 CarrierService https://hooks.example.com/cb --username acme "
     "--password-file hook.password",
     "the same, with a name and a password in every message"},
    {"register 0000123456-00001 CarrierService https://new.example.com/cb --replace",
     "move it to another URL"},
    {"register 0000123456-00001 Location https://hooks.example.com/loc --api location --key-file "
     "location.key",
     "device location, whose messages are signed"},
    {NULL, NULL},
};

/* ---- what is asked for ---- */

/* Of the API that is meant; NULL: the first. */
static const thingspace_api_info *find_api(const char *name)
{
    const thingspace_api_info *found = thingspace_api_at(0);
    for (size_t i = 0; name && i < thingspace_api_count(); i++)
        if (strcmp(thingspace_api_at(i)->name, name) == 0)
            found = thingspace_api_at(i);
    return found;
}

/* The service names that are known of it, the NULL at their end among them. */
static const char *known_service(const thingspace_api_info *api, size_t index)
{
    if (api != thingspace_api_at(0))
        return api->services[index];
    const thingspace_service_info *info = thingspace_service_at(index);
    return info ? info->name : NULL;
}

static thingspace_status check_service(const session *session, const char *service,
                                       thingspace_error *error)
{
    const thingspace_api_info *api = find_api(options_text(&session->options, "api"));
    if (!options_has(&session->options, "strict"))
        return THINGSPACE_OK;
    nearest nearest;
    nearest_begin(&nearest, service);
    const char *known;
    for (size_t i = 0; (known = known_service(api, i)) != NULL; i++) {
        if (strcmp(known, service) == 0)
            return THINGSPACE_OK;
        nearest_offer(&nearest, known);
    }
    return error_set(error, THINGSPACE_USAGE,
                     "callback service '%s' is not in the catalogue%s%s%s without --strict it is "
                     "sent as it is",
                     service, nearest.found ? "; did you mean " : "",
                     nearest.found ? nearest.found : "", nearest.found ? "?" : ";");
}

static thingspace_status read_password(session *session, thingspace_secret **out,
                                       thingspace_error *error)
{
    const char *path = options_text(&session->options, "password-file");
    *out = NULL;
    return path ? thingspace_secret_from_file(out, path, output_log, &session->output, error)
                : THINGSPACE_OK;
}

static void fill_request(thingspace_request *out, const session *session,
                         thingspace_secret *password)
{
    const options *options = &session->options;
    out->operation = THINGSPACE_REGISTER;
    out->flags = options_has(options, "replace") ? THINGSPACE_REPLACE : 0;
    out->account = session_word(session, 0);
    out->service = session_word(session, 1);
    out->url = session_word(session, 2);
    out->username = options_text(options, "username");
    out->password = password;
    out->api = options_text(options, "api");
}

/* ---- what came of it ---- */

static const char *word_of(thingspace_ensured done)
{
    switch (done) {
    case THINGSPACE_ENSURED_ADDED:
        return "registered";
    case THINGSPACE_ENSURED_UNCHANGED:
        return "unchanged";
    case THINGSPACE_ENSURED_UPDATED:
        return "updated";
    case THINGSPACE_ENSURED_REPLACED:
        return "replaced";
    }
    return "done";
}

static thingspace_status print_json(const thingspace_request *request, const char *url,
                                    const char *word)
{
    cleanup_json json *document = json_new_object();
    if (!document ||
        json_set(document, "accountName", json_new_string(request->account)) != THINGSPACE_OK ||
        json_set(document, "serviceName", json_new_string(request->service)) != THINGSPACE_OK ||
        json_set(document, "url", json_new_string(url)) != THINGSPACE_OK ||
        json_set(document, "result", json_new_string(word)) != THINGSPACE_OK)
        return THINGSPACE_MEMORY;
    return output_json(document);
}

static void give_hint(const session *session, const thingspace_request *request)
{
    const char *hint = thingspace_service_after_register(request->service);
    if (hint)
        output_note(&session->output, "%s", hint);
}

static thingspace_status keep_key(session *session, const thingspace_result *result, bool is_new,
                                  key_file *file, thingspace_error *error)
{
    const thingspace_secret *key = thingspace_result_signing_key(result);
    if (key && file->descriptor >= 0)
        return key_file_write(file, key, error);
    if (key)
        output_warn(&session->output,
                    "the reply carried a signing key, which is lost: to have one, deregister the "
                    "listener, then register it with --key-file FILE");
    else if (file->descriptor >= 0)
        output_warn(&session->output, "no signing key came, so %s was not written%s", file->path,
                    is_new ? "" : ": it comes when a listener is registered; deregister it first");
    return THINGSPACE_OK;
}

/* The URL is that which is registered: a plugin may have changed what was asked for. */
static thingspace_status print(session *session, const thingspace_request *request,
                               const thingspace_result *result, thingspace_ensured done,
                               thingspace_error *error)
{
    const char *word = word_of(done), *sent = thingspace_result_url(result);
    const char *url = sent ? sent : request->url;
    if (session->output.json)
        return print_json(request, url, word) == THINGSPACE_OK ? THINGSPACE_OK
                                                               : error_memory(error);
    output_words((const char *const[]){word, request->account, request->service, url, NULL});
    return THINGSPACE_OK;
}

static int fail(session *session, const thingspace_error *error)
{
    if (error->kind != THINGSPACE_REFUSED)
        return session_fail(session, error);
    thingspace_error shown = THINGSPACE_ERROR_INIT;
    error_set(&shown, THINGSPACE_REFUSED, "%s; --replace takes it over", error->message);
    error_set_account(&shown, error->account);
    return session_fail(session, &shown);
}

static int ensure(session *session, const thingspace_request *request)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_ensured done = THINGSPACE_ENSURED_ADDED;
    thingspace_result *result = NULL;
    key_file file = KEY_FILE_INIT;
    const char *path = options_text(&session->options, "key-file");
    thingspace_status status = path ? key_file_open(&file, path, &error) : THINGSPACE_OK;
    if (status == THINGSPACE_OK)
        status = thingspace_ensure(session->client, &done, &result, request, &error);
    if (status == THINGSPACE_OK)
        status = print(session, request, result, done, &error);
    if (status == THINGSPACE_OK)
        status = keep_key(session, result, done != THINGSPACE_ENSURED_UNCHANGED, &file, &error);
    key_file_discard(&file);
    thingspace_result_free(result);
    if (status != THINGSPACE_OK)
        return fail(session, &error);
    give_hint(session, request);
    return 0;
}

static int run(session *session)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_secret *password = NULL;
    thingspace_status status = check_service(session, session_word(session, 1), &error);
    if (status == THINGSPACE_OK)
        status = session_open_for(session, true, &error);
    if (status == THINGSPACE_OK)
        status = read_password(session, &password, &error);
    if (status != THINGSPACE_OK)
        return session_fail(session, &error);
    thingspace_request request = THINGSPACE_REQUEST_INIT;
    fill_request(&request, session, password);
    int exit_status = session_is_dry(session) ? preview_requests(session, &request, 1)
                                              : ensure(session, &request);
    thingspace_secret_free(password);
    return exit_status;
}

const command command_register = {
    .name = "register",
    .arguments = "ACCOUNT SERVICE URL",
    .summary = "register a listener",
    .description =
        "Makes sure that the callback messages of SERVICE for ACCOUNT go to URL. What is "
        "registered "
        "is read first: a listener that is just so is left alone (unchanged), one with another "
        "username or password is sent again (updated), and a service that goes to another URL is "
        "refused and shown, unless --replace is given (replaced).\n"
        "\n"
        "SERVICE is a name of the catalogue, see `thingspace services`; another one draws a "
        "warning and is sent. URLs that probably receive nothing (port, private host, plain http) "
        "draw a warning too.\n"
        "\n"
        "With --api it is a listener of another API: location (services Location and "
        "DeviceLocation), hyper-precise (BullseyeReporting), diagnostics (Diagnostics), and "
        "software-v1, software-v2 and software-v3 (Fota). Only connectivity and software-v1 take a "
        "username and a password. Replies of location and diagnostics carry the key that their "
        "messages are signed with, once: give --key-file, or it is lost and a warning says so.",
    .json = "{\"accountName\", \"serviceName\", \"url\", \"result\": "
            "\"registered|unchanged|updated|replaced\"}",
    .exits = "8 when the service goes to another URL and --replace is missing.",
    .options = own_options,
    .examples = examples,
    .run = run,
};
