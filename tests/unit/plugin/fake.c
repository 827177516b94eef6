/* SPDX-License-Identifier: MIT */
/* See fake.h. */
#include "fake.h"
#include <stdio.h>
#include <stdlib.h>
#include "base/limits.h"
#include "base/text.h"

static bool was_out_of_memory;

thingspace_status fake_status(void)
{
    return was_out_of_memory ? THINGSPACE_MEMORY : THINGSPACE_OK;
}

static fake_hook *hook_of(const fake_plugin *plugin, phase phase)
{
    return plugin->hooks[phase] ? plugin->hooks[phase] : plugin->every;
}

static thingspace_status run(void *self, phase phase, view *view, verdict *out,
                             thingspace_error *error)
{
    thingspace_status status = hook_of(self, phase)(view, out, error);
    was_out_of_memory |= status == THINGSPACE_MEMORY;
    return status;
}

static const instance_backend backend = {run, NULL};

thingspace_status fake_instance(instance **out, const fake_plugin *plugin, size_t row_index)
{
    cleanup_plugin_row plugin_row *row = NULL;
    cleanup_manifest manifest manifest;
    cleanup_json json *options = NULL;
    manifest_init(&manifest);
    thingspace_status status = manifest_set_name(&manifest, "fake", "1.0.0", NULL);
    if (!status)
        status = plugin_row_new(&row, "fake", "policy.lua: plugins[1]");
    if (status)
        return status;
    for (phase phase = PHASE_FIRST_HOOK; phase < PHASE_COUNT; phase++)
        manifest.hooks |= hook_of(plugin, phase) ? PHASE_BIT(phase) : 0;
    manifest.capabilities = CAPABILITY_ALL & ~plugin->without;
    row->grant_declared = true;
    row->on_error = plugin->on_error;
    row->required = plugin->required;
    if (plugin->priority)
        row->priority = plugin->priority;
    row->name = text_copy(plugin->name);
    row->tenant = text_copy(plugin->tenant);
    if (!row->name || (plugin->tenant && !row->tenant))
        return THINGSPACE_MEMORY;
    status = instance_new(out, &manifest, row, NULL, &options, NULL);
    if (status)
        return status;
    (*out)->row = row_index;
    instance_set_backend(*out, &backend, (void *)plugin);
    return THINGSPACE_OK;
}

thingspace_status fake_chain_make(fake_chain *self, const fake_plugin *plugins, size_t count)
{
    instance *owned[2][FAKE_MOST];
    instance_list lists[2] = {{owned[0], 0}, {owned[1], 0}};
    *self = (fake_chain){.count = 0};
    for (size_t i = 0; i < count; i++) {
        thingspace_status status = fake_instance(&self->items[i], &plugins[i], i);
        if (status)
            return status;
        self->count++;
        instance_list *list = &lists[plugins[i].tenant != NULL];
        list->items[list->count++] = self->items[i];
    }
    return chain_new(&self->chain, &lists[0], &lists[1]);
}

void fake_chain_dispose(fake_chain *self)
{
    chain_free(self->chain);
    for (size_t i = 0; i < self->count; i++)
        instance_free(self->items[i]);
}

static thingspace_status set_request(request *request)
{
    cleanup_secret thingspace_secret *password = NULL;
    json *body = json_new_object();
    thingspace_status status = thingspace_secret_new(&password, "hush", 4, NULL);
    json_put(body, "url", json_new_string("https://a"), &status);
    json_put(body, "password", json_new_secret(password), &status);
    if (status) {
        json_free(body);
        return status;
    }
    return request_set_json(request, body, NULL);
}

static thingspace_status set_response(response *response)
{
    static const char body[] = "[{\"url\":\"https://a\",\"password\":\"hush\"}]";
    response->status = 200;
    thingspace_status status = response_add_header(response, "Server", 6, "one", 3);
    if (!status)
        status = response_add_header(response, "Set-Cookie", 10, "hush", 4);
    if (!status)
        status = response_add_header(response, "X-Id", 4, "7", 1);
    return status ? status : buffer_append(&response->body, body, sizeof(body) - 1);
}

thingspace_status fake_call_make(fake_call *self)
{
    was_out_of_memory = false;
    *self = (fake_call){.failure = THINGSPACE_ERROR_INIT, .error = THINGSPACE_ERROR_INIT};
    response_init(&self->response);
    verdict_init(&self->verdict);
    view_init(&self->view, 0x0123456789abcdef);
    thingspace_status status = request_new(&self->request, "POST", NULL);
    if (!status)
        status = set_request(self->request);
    if (!status)
        status = set_response(&self->response);
    error_set(&self->failure, THINGSPACE_SERVICE, "it said no");
    error_set_code(&self->failure, "E1");
    view *view = &self->view;
    view->account = "0000123456-00001";
    view->operation = "register";
    view->request = self->request;
    view->response = &self->response;
    view->failure = &self->failure;
    return status;
}

void fake_call_dispose(fake_call *self)
{
    view_dispose(&self->view);
    request_free(self->request);
    response_dispose(&self->response);
    verdict_dispose(&self->verdict);
}

static void keep_line(void *user, thingspace_log_level level, const char *line)
{
    fake_call *self = user;
    (void)level;
    self->lines++;
    snprintf(self->line, sizeof(self->line), "%s", line);
}

dispatch_outcome fake_run(fake_call *self, const fake_chain *chain, phase phase)
{
    const log_target log = {keep_line, self, THINGSPACE_LOG_WARNING};
    dispatch dispatch;
    dispatch_begin(&dispatch, chain->chain, phase);
    return dispatch_run(&dispatch, &self->view, &self->verdict, &self->by, &log, &self->error);
}

thingspace_status fake_as_hook(fake_call *self, instance *instance, phase phase, fake_hook *hook)
{
    self->view.running = instance;
    self->view.phase = phase;
    thingspace_status status = hook(&self->view, &self->verdict, &self->error);
    self->view.running = NULL;
    return status;
}

char *fake_changes(const fake_call *self)
{
    buffer out;
    buffer_init(&out, LIMIT_JSON_TEXT);
    journal_write(&self->view, 0, self->view.journal.count, &out);
    return buffer_take(&out);
}

char *fake_request_text(const fake_call *self)
{
    buffer out;
    buffer_init_secret(&out, LIMIT_REQUEST_BODY);
    const headers *fields = request_headers(self->request);
    for (size_t i = 0; i < fields->count; i++)
        buffer_append_format(&out, "%s: %s\n", fields->items[i].name, fields->items[i].value);
    request_write_url(self->request, &out, "");
    buffer_append_byte(&out, '\n');
    request_write_body(self->request, &out, JSON_REVEAL);
    return buffer_take(&out);
}

char *fake_response_text(const fake_call *self)
{
    buffer out;
    buffer_init(&out, LIMIT_REQUEST_BODY);
    for (size_t i = 0; i < self->response.header_count; i++) {
        const char *name, *value;
        response_header_at(&self->response, i, &name, &value);
        buffer_append_format(&out, "%s: %s\n", name, value);
    }
    buffer_append_text(&out, buffer_text(&self->response.body));
    return buffer_take(&out);
}
