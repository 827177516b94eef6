/* SPDX-License-Identifier: MIT */
/* See compiled_call.h. Loading needs no memory of ours beyond what the library asks for. */
#include "compiled_call.h"
#include <stdio.h>
#include <sys/stat.h>
#include "base/error.h"
#include "base/text.h"

/* --- files --- */

void compiled_copy(const char *from, const char *to, long most)
{
    FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
    for (int byte; in && out && most-- != 0 && (byte = getc(in)) != EOF;)
        putc(byte, out);
    if (in)
        fclose(in);
    if (out)
        fclose(out);
    chmod(to, 0600);
}

const char *compiled_module(const char *name)
{
    static char paths[32][512];
    static char names[32][32];
    for (size_t i = 0; i < 32; i++) {
        if (strcmp(names[i], name) == 0)
            return paths[i];
        if (names[i][0])
            continue;
        char from[512];
        snprintf(from, sizeof(from), "%s/%s.so", MODULES, name);
        snprintf(names[i], sizeof(names[i]), "%s", name);
        snprintf(paths[i], sizeof(paths[i]), "%s/%s.so", check_folder(), name);
        compiled_copy(from, paths[i], -1);
        return paths[i];
    }
    return "";
}

/* --- loading --- */

char compiled_log[COMPILED_LOG_SIZE];

static void write_logged(void *user, thingspace_log_level level, const char *line)
{
    (void)user;
    (void)level;
    size_t size = strlen(compiled_log);
    snprintf(compiled_log + size, sizeof(compiled_log) - size, "%s\n", line);
}

static const log_target target = {write_logged, NULL, THINGSPACE_LOG_DEBUG};

thingspace_status compiled_load_row(instance **out, const char *file, const char *options,
                                    const char *folder, thingspace_error *error)
{
    cleanup_plugin_row plugin_row *row = NULL;
    const instance_options more = {.log = &target};
    thingspace_status status = plugin_row_new(&row, file, "test: plugins[1]");
    if (status == THINGSPACE_OK && options)
        status = json_parse(&row->options, options, strlen(options), error);
    if (status == THINGSPACE_OK && folder) {
        row->folder = text_copy(folder);
        status = row->folder ? THINGSPACE_OK : THINGSPACE_MEMORY;
    }
    if (status != THINGSPACE_OK)
        return status;
    row->grant_declared = true;
    compiled_log[0] = '\0';
    return compiled_load(out, row, file, &more, error);
}

thingspace_status compiled_load_options(instance **out, const char *name, const char *options,
                                        thingspace_error *error)
{
    return compiled_load_row(out, compiled_module(name), options, NULL, error);
}

thingspace_status compiled_load_act(instance **out, const char *act)
{
    char options[64];
    snprintf(options, sizeof(options), "{\"act\":\"%s\"}", act);
    return compiled_load_options(out, "acts", options, NULL);
}

/* --- a call --- */

void compiled_call_dispose(compiled_call *self)
{
    view_dispose(&self->view);
    request_free(self->request);
    response_dispose(&self->response);
    verdict_dispose(&self->verdict);
    json_free(self->tags);
}
static thingspace_status set_body(request *request)
{
    static const char text[] = "{\"url\":\"https://a.example\",\"tags\":[\"a\"],\"gone\":1}";
    thingspace_secret *secret = NULL;
    json *body = NULL;
    thingspace_status status = json_parse(&body, text, strlen(text), NULL);
    if (status == THINGSPACE_OK)
        status = thingspace_secret_new(&secret, "hunter2", 7, NULL);
    if (status == THINGSPACE_OK)
        status = json_set(body, "password", json_new_secret(secret));
    thingspace_secret_free(secret);
    if (status == THINGSPACE_OK)
        return request_set_json(request, body, NULL);
    json_free(body);
    return status;
}

thingspace_status compiled_call_init(compiled_call *self)
{
    static const char tags[] = "{\"team\":\"blue\",\"size\":3}";
    memset(self, 0, sizeof(*self));
    view_init(&self->view, 0x0123456789abcdefULL);
    response_init(&self->response);
    verdict_init(&self->verdict);
    self->error.size = self->failure.size = sizeof(thingspace_error);
    thingspace_status status = request_new(&self->request, "POST", NULL);
    if (status == THINGSPACE_OK)
        status = request_set_path(self->request, "/a/b", NULL);
    if (status == THINGSPACE_OK)
        status = request_set_header(self->request, "X-Old", "1", NULL);
    if (status == THINGSPACE_OK)
        status = set_body(self->request);
    if (status == THINGSPACE_OK)
        status = json_parse(&self->tags, tags, strlen(tags), NULL);
    self->view.account = "0000123456-00001";
    self->view.operation = "register";
    self->view.service = "CarrierService";
    self->view.url = "https://a.example";
    self->view.reason = "because";
    self->view.plan = "p1";
    self->view.endpoint = "lab";
    self->view.attempt = 2;
    self->view.tags = self->tags;
    self->view.request = self->request;
    return status;
}

thingspace_status compiled_call_answer(compiled_call *self)
{
    self->view.response = &self->response;
    self->response.status = 200;
    thingspace_status status = response_add_header(&self->response, "X-A", 3, "b", 1);
    return status == THINGSPACE_OK
               ? buffer_append_text(&self->response.body, "{\"a\":1,\"b\":\"c\"}")
               : status;
}

void compiled_call_fail(compiled_call *self)
{
    error_set(&self->failure, THINGSPACE_SERVICE, "no");
    error_set_code(&self->failure, "CODE");
    error_set_http(&self->failure, 400);
    self->view.failure = &self->failure;
    self->event = (event){.view = &self->view,
                          .status = THINGSPACE_SERVICE,
                          .error = &self->failure,
                          .http_status = 400,
                          .time_ms = 1700000000000,
                          .duration_ms = 12};
    self->view.event = &self->event;
}

thingspace_status compiled_call_run(compiled_call *self, instance *instance, phase phase)
{
    self->view.running = instance;
    self->view.phase = phase;
    verdict_dispose(&self->verdict);
    verdict_init(&self->verdict);
    thingspace_status status =
        instance->backend->run(instance->self, phase, &self->view, &self->verdict, &self->error);
    self->view.running = NULL;
    return status;
}

thingspace_status compiled_call_act(compiled_call *self, const char *act, phase phase)
{
    cleanup_instance instance *made = NULL;
    thingspace_status status = compiled_load_act(&made, act);
    return status == THINGSPACE_OK ? compiled_call_run(self, made, phase) : status;
}

const char *compiled_call_header(const compiled_call *self, const char *name)
{
    const header *found = headers_find(request_headers(self->request), name);
    return found ? found->value : NULL;
}
