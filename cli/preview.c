/* SPDX-License-Identifier: MIT */
/* See preview.h. */
#include <config.h>
#include <string.h>
#include "base/buffer.h"
#include "base/error.h"
#include "cli/preview.h"

/* A request is a megabyte at most; indented, and with its headers, a few. */
#define LARGEST_PREVIEW ((size_t)64 * 1024 * 1024)

static thingspace_status dry_run(json **out, thingspace_client *client,
                                 const thingspace_request *given, thingspace_error *error)
{
    thingspace_request request = *given;
    thingspace_result *result = NULL;
    request.flags = THINGSPACE_DRY_RUN;
    thingspace_status status = thingspace_perform(client, &result, &request, error);
    const char *preview = thingspace_result_preview(result);
    *out = NULL;
    if (status == THINGSPACE_OK && preview)
        status = json_parse(out, preview, strlen(preview), error);
    thingspace_result_free(result);
    return status;
}

static thingspace_status print_text(const json *previews, thingspace_error *error)
{
    for (const json *row = json_first(previews); row; row = json_next(row)) {
        cleanup_buffer buffer text;
        buffer_init(&text, LARGEST_PREVIEW);
        if (json_write(&text, row, JSON_PRETTY) != THINGSPACE_OK)
            return error_memory(error);
        output_line(buffer_text(&text));
    }
    return THINGSPACE_OK;
}

static thingspace_status print_json(const json *previews, thingspace_error *error)
{
    const json *document = json_count(previews) == 1 ? json_first(previews) : previews;
    return output_json(document) == THINGSPACE_OK ? THINGSPACE_OK : error_memory(error);
}

int preview_requests(session *session, const thingspace_request *requests, size_t count)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_json json *previews = json_new_array();
    thingspace_status status = previews ? THINGSPACE_OK : error_memory(&error);
    for (size_t i = 0; i < count && status == THINGSPACE_OK; i++) {
        json *preview;
        status = dry_run(&preview, session->client, &requests[i], &error);
        if (status == THINGSPACE_OK && json_append(previews, preview) != THINGSPACE_OK)
            status = error_memory(&error);
    }
    if (status == THINGSPACE_OK)
        status = session->output.json ? print_json(previews, &error) : print_text(previews, &error);
    return status == THINGSPACE_OK ? 0 : session_fail(session, &error);
}
