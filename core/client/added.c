/* SPDX-License-Identifier: MIT */
/*
 * See added.h. Whatever is added or removed makes a generation that shares all the rest with the
 * present one; only when it stands, the client's list changes. The client's thread.
 */
#include <config.h>
#include <stdlib.h>
#include <string.h>
#include <thingspace/plugin.h>
#include <thingspace/plugins.h>
#include "base/error.h"
#include "base/limits.h"
#include "base/sized.h"
#include "base/text.h"
#include "client/added.h"
#include "plugin/compiled.h"

#define PLACE "this program"

void added_dispose(thingspace_client *client)
{
    for (size_t i = 0; i < client->added_count; i++)
        instance_free(client->added[i]);
    free(client->added);
    client->added = NULL;
    client->added_count = 0;
}

/* ---- what is given ---- */

static thingspace_status check_options(const thingspace_plugin_options *options,
                                       thingspace_error *error)
{
    if (options->priority > PLUGIN_PRIORITY_MOST)
        return error_set(error, THINGSPACE_USAGE, "a priority is 0 to %d, not %u",
                         PLUGIN_PRIORITY_MOST, options->priority);
    if (options->on_error && on_error_find(options->on_error) == ON_ERROR_COUNT)
        return error_set(error, THINGSPACE_USAGE,
                         "on_error is fail, skip or quarantine, not '%.40s'", options->on_error);
    if (options->name && !plugin_row_name_is_usable(options->name))
        return error_set(error, THINGSPACE_USAGE,
                         "the name of an instance is " PLUGIN_NAME_RULE ", not '%.80s'",
                         options->name);
    return THINGSPACE_OK;
}

static thingspace_status make_row(plugin_row **out, const thingspace_plugin_options *options,
                                  thingspace_error *error)
{
    cleanup_plugin_row plugin_row *row = NULL;
    if (plugin_row_new(&row, "", PLACE) != THINGSPACE_OK)
        return error_memory(error);
    row->name = text_copy(options->name);
    if (options->name && !row->name)
        return error_memory(error);
    row->priority = options->priority;
    row->on_error = on_error_find(options->on_error ? options->on_error : "fail");
    row->required = options->required != 0;
    row->grant_declared = true;
    *out = row;
    row = NULL;
    return THINGSPACE_OK;
}

static thingspace_status make_instance(instance **out, thingspace_client *client,
                                       const thingspace_plugin *plugin,
                                       const thingspace_plugin_options *options,
                                       thingspace_error *error)
{
    cleanup_plugin_row plugin_row *row = NULL;
    if (!plugin)
        return error_set(error, THINGSPACE_USAGE, "no plugin was given");
    thingspace_status status = check_options(options, error);
    if (status == THINGSPACE_OK)
        status = make_row(&row, options, error);
    if (status == THINGSPACE_OK)
        status = compiled_add(out, plugin, row, &client->log, error);
    if (status == THINGSPACE_PLUGIN)
        error_prefix(error, PLACE);
    return status;
}

/* ---- the list ---- */

static thingspace_status reserve(thingspace_client *client, thingspace_error *error)
{
    if (client->added_count >= LIMIT_PLUGINS_ADDED)
        return error_set(error, THINGSPACE_USAGE,
                         "more than %d plugins of this program: add fewer, with more hooks each",
                         LIMIT_PLUGINS_ADDED);
    instance **items = realloc(client->added, (client->added_count + 1) * sizeof(*items));
    if (!items)
        return error_memory(error);
    client->added = items;
    return THINGSPACE_OK;
}

/* Takes the reference of the instance when it is OK. */
static thingspace_status append(thingspace_client *client, instance *made, thingspace_error *error)
{
    generation *next = NULL;
    thingspace_status status = reserve(client, error);
    if (status != THINGSPACE_OK)
        return status;
    client->added[client->added_count] = made;
    const instance_list all = {client->added, client->added_count + 1};
    status = generation_change(&next, client->generation, &all, error);
    if (status != THINGSPACE_OK)
        return status;
    client->added_count++;
    client_turn_over(client, next);
    return THINGSPACE_OK;
}

/* Moves the instance behind the others, which keep their order. */
static void move_last(thingspace_client *client, size_t at)
{
    instance *moved = client->added[at];
    size_t after = client->added_count - at - 1;
    memmove(&client->added[at], &client->added[at + 1], after * sizeof(*client->added));
    client->added[at + after] = moved;
}

static void move_back(thingspace_client *client, size_t to)
{
    instance *moved = client->added[client->added_count - 1];
    size_t after = client->added_count - to - 1;
    memmove(&client->added[to + 1], &client->added[to], after * sizeof(*client->added));
    client->added[to] = moved;
}

static thingspace_status take_out(thingspace_client *client, size_t at, thingspace_error *error)
{
    generation *next = NULL;
    move_last(client, at);
    const instance_list rest = {client->added, client->added_count - 1};
    thingspace_status status = generation_change(&next, client->generation, &rest, error);
    if (status != THINGSPACE_OK) {
        move_back(client, at);
        return status;
    }
    instance *gone = client->added[--client->added_count];
    client_turn_over(client, next);
    instance_free(gone);
    return THINGSPACE_OK;
}

static thingspace_status find_and_take_out(thingspace_client *client, const char *name,
                                           thingspace_error *error)
{
    for (size_t i = 0; i < client->added_count; i++)
        if (text_equal(client->added[i]->name, name))
            return take_out(client, i, error);
    return error_set(error, THINGSPACE_USAGE,
                     "no plugin '%.80s' was added by this program: thingspace_plugin_list tells "
                     "which ones there are",
                     name ? name : "");
}

/* ---- the functions ---- */

thingspace_status thingspace_client_add_plugin(thingspace_client *client,
                                               const struct thingspace_plugin *plugin,
                                               const thingspace_plugin_options *given,
                                               thingspace_error *error)
{
    thingspace_plugin_options options = THINGSPACE_PLUGIN_OPTIONS_INIT;
    instance *made = NULL;
    thingspace_status status = client_enter(client, error);
    if (status != THINGSPACE_OK)
        return status;
    sized_take(&options, sizeof(options), given);
    status = make_instance(&made, client, plugin, &options, error);
    if (status == THINGSPACE_OK)
        status = append(client, made, error);
    if (status == THINGSPACE_OK)
        compiled_own(made, options.self);
    else
        instance_free(made);
    client_leave(client);
    return status;
}

thingspace_status thingspace_client_remove_plugin(thingspace_client *client, const char *name,
                                                  thingspace_error *error)
{
    thingspace_status status = client_enter(client, error);
    if (status != THINGSPACE_OK)
        return status;
    client->in_hook = true; /* `destroy` may run */
    status = find_and_take_out(client, name, error);
    client->in_hook = false;
    client_leave(client);
    return status;
}
