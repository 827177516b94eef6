/* SPDX-License-Identifier: MIT */
/* See plugged.h. */
#include <config.h>
#include <stdio.h>
#include <strings.h>
#include "base/text.h"
#include "check.h"
#include "plugged.h"

#define EVERYTHING                                                                                 \
    "'request.headers:write', 'request.query:write', 'request.body:read', 'request.body:write', "  \
    "'request:reply', 'response.headers:write', 'response.body:read', 'response.body:write', "     \
    "'error:write'"

unsigned notes_count(const notes *notes, const char *line)
{
    unsigned count = 0;
    size_t size = strlen(line);
    for (const char *at = notes->text; (at = strstr(at, line)); at += size)
        count += at[size] == ';' && (at == notes->text || at[-1] == ';');
    return count;
}

static void note(void *user, thingspace_log_level level, const char *line)
{
    notes *notes = user;
    const char *text = strstr(line, "> ");
    if (level != THINGSPACE_LOG_INFO || !text)
        return;
    int added =
        snprintf(notes->text + notes->size, sizeof(notes->text) - notes->size, "%s;", text + 2);
    if (added > 0 && (size_t)added < sizeof(notes->text) - notes->size)
        notes->size += (size_t)added;
}

void plugged_listen(thingspace_client_options *options, notes *notes)
{
    memset(notes, 0, sizeof(*notes));
    options->log = note;
    options->log_user = notes;
    options->log_level = THINGSPACE_LOG_INFO;
}

const char *plugged_script(const char *name, const char *hooks)
{
    char file[100], text[8192];
    snprintf(file, sizeof(file), "%s.lua", name);
    snprintf(text, sizeof(text),
             "local function say(...) thingspace.log('> ' .. table.concat({...}, ' ')) end\n"
             "return { name = '%s', version = '1.0.0', api = 1, capabilities = { " EVERYTHING
             " },\n  options = { mark = { type = 'string', default = 'none' } },\n"
             "  hooks = { %s } }\n",
             name, hooks);
    return check_file(file, text);
}

void plugged_row(char rows[4096], const char *file, const char *more)
{
    size_t size = strlen(rows);
    snprintf(rows + size, 4096 - size, "{ '%s', grant = { " EVERYTHING " }, %s },\n", file, more);
}

thingspace_status plugged_client(service *service, thingspace_client **out, const char *rows,
                                 notes *notes, const thingspace_client_options *given,
                                 thingspace_error *error)
{
    char policy[6000];
    thingspace_client_options options = THINGSPACE_CLIENT_OPTIONS_INIT;
    if (given)
        options = *given;
    snprintf(policy, sizeof(policy),
             "return { name = 'plugged', accounts = { '" PLUGGED_ACCOUNT "' }, plugins = { %s } }",
             rows);
    options.policy_text = policy;
    options.state_dir = service->state_dir;
    if (notes)
        plugged_listen(&options, notes);
    return thingspace_client_new(out, &options, error);
}

thingspace_status plugged_with(service *service, thingspace_client **out, const char *hooks,
                               notes *notes)
{
    static unsigned next;
    char rows[4096] = "", name[32];
    thingspace_error error = THINGSPACE_ERROR_INIT;
    snprintf(name, sizeof(name), "plugin-%u", ++next);
    plugged_row(rows, plugged_script(name, hooks), "name = 'only'");
    thingspace_status status = plugged_client(service, out, rows, notes, NULL, &error);
    if (status != THINGSPACE_OK)
        printf("# client: %s\n", error.message);
    return status;
}

thingspace_request plugged_register(unsigned flags)
{
    thingspace_request request = THINGSPACE_REQUEST_INIT;
    request.operation = THINGSPACE_REGISTER;
    request.account = PLUGGED_ACCOUNT;
    request.service = "CarrierService";
    request.url = PLUGGED_URL;
    request.flags = flags;
    return request;
}

thingspace_status plugged_perform(thingspace_client *client, thingspace_result **out,
                                  thingspace_error *error)
{
    const thingspace_request request = plugged_register(0);
    return thingspace_perform(client, out, &request, error);
}

void plugged_done(thingspace_result *result, void *user)
{
    outcome *outcome = user;
    outcome->done++;
    outcome->status = thingspace_result_status(result);
    outcome->good += outcome->status == THINGSPACE_OK;
    outcome->error = *thingspace_result_error(result);
    thingspace_result_free(result);
}

const char *plugged_sent_header(service *service, const char *name)
{
    static char found[200];
    cleanup_json json *state = service_state(service);
    const json *fields = json_get(json_get(state, "lastRequest"), "headers");
    found[0] = '\0';
    for (const json *field = json_first(fields); field; field = json_next(field)) {
        const json *first = json_first(field);
        if (strcasecmp(json_string(first), name) == 0)
            snprintf(found, sizeof(found), "%s", json_string(json_next(first)));
    }
    return found;
}
