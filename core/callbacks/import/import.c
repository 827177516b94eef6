/* SPDX-License-Identifier: MIT */
/*
 * Importing: repair what a dead run left, read, and write what was read as a policy. The texts are
 * made when all is read, so that they show what accounts have in common. On the client's thread.
 */
#include <config.h>
#include <stdlib.h>
#include <string.h>
#include <thingspace/plan.h>
#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/sized.h"
#include "base/text.h"
#include "callbacks/import/import_read.h"
#include "callbacks/import/import_script.h"
#include "callbacks/repair.h"

#define DEFAULT_NAME "imported"

/* ---- what is asked for ---- */

static void copy_options(thingspace_import_options *out, const thingspace_import_options *given)
{
    *out = (thingspace_import_options)THINGSPACE_IMPORT_OPTIONS_INIT;
    sized_take(out, sizeof(*out), given);
    out->name = out->name ? out->name : DEFAULT_NAME;
}

static thingspace_status check_column(const char *const *columns, size_t index,
                                      thingspace_error *error)
{
    const char *name = columns[index];
    if (index == LIMIT_CSV_COLUMNS)
        return error_set(error, THINGSPACE_USAGE, "more than %d columns of accounts",
                         LIMIT_CSV_COLUMNS);
    if (text_is_empty(name) || !text_is_utf8(name, strlen(name)) || text_equal(name, "account"))
        return error_set(error, THINGSPACE_USAGE,
                         "rows of accounts cannot have a column '%.40s': name it otherwise, or "
                         "leave it out",
                         name ? name : "");
    for (size_t i = 0; i < index; i++)
        if (text_equal(columns[i], name))
            return error_set(error, THINGSPACE_USAGE, "the column %.40s is there twice: keep one",
                             name);
    return THINGSPACE_OK;
}

static thingspace_status check_options(const thingspace_import_options *options,
                                       thingspace_error *error)
{
    const api_row *row;
    const char *name = options->name, *file = options->data_file;
    thingspace_status status = THINGSPACE_OK;
    if (text_is_empty(name) || text_has_control(name) || !text_is_utf8(name, strlen(name)) ||
        strlen(name) > LIMIT_POLICY_NAME)
        return error_set(error, THINGSPACE_USAGE,
                         "the policy's name must be one line of at most %d bytes",
                         LIMIT_POLICY_NAME);
    if (file && (!*file || *file == '/' || text_has_control(file)))
        return error_set(error, THINGSPACE_USAGE,
                         "the data file is named relative to the policy's folder");
    for (const char *const *api = options->apis; api && *api && status == THINGSPACE_OK; api++)
        status = api_row_find(&row, *api, error);
    for (size_t i = 0; options->columns && options->columns[i] && status == THINGSPACE_OK; i++)
        status = check_column(options->columns, i, error);
    return status;
}

static size_t count_names(const char *const *names)
{
    size_t count = 0;
    while (names && names[count])
        count++;
    return count;
}

/* Those of the policy, as a list. Owned: free(). NULL: out of memory. */
static const char **list_declared(const policy *policy, size_t count)
{
    const char **names = calloc(count + 1, sizeof(*names));
    for (size_t i = 0; names && i < count; i++)
        names[i] = policy_account(policy, i);
    return names;
}

static thingspace_status take_accounts(imported *out, const policy *policy,
                                       const thingspace_import_options *options,
                                       thingspace_error *error)
{
    const import_columns columns = {options->columns, options->cells};
    size_t named = count_names(options->accounts), declared = policy_account_count(policy);
    if (named == 0 && declared == 0)
        return error_set(error, THINGSPACE_USAGE,
                         "no account is named, and the policy declares none: name some");
    if (named > LIMIT_ACCOUNTS)
        return error_set(error, THINGSPACE_USAGE, "more than %d accounts: import fewer at a time",
                         LIMIT_ACCOUNTS);
    const char **own = named > 0 ? NULL : list_declared(policy, declared);
    if (named == 0 && !own)
        return error_memory(error);
    thingspace_status status =
        imported_init(out, named > 0 ? options->accounts : own, named > 0 ? named : declared,
                      named > 0 && options->cells ? &columns : NULL, error);
    free(own);
    return status;
}

/* ---- the texts ---- */

static thingspace_status refuse_length(const import_words *words, thingspace_error *error)
{
    if (words->data_file)
        return error_set(error, THINGSPACE_USAGE,
                         "this is more than one policy can hold: import fewer accounts at a time");
    return error_set(error, THINGSPACE_USAGE,
                     "the script would be longer than the %d KiB that a script may have: name a "
                     "file (--out), beside which its listeners can be a table",
                     LIMIT_SCRIPT / 1024);
}

static thingspace_status write_table(buffer *script, buffer *table, imported *imported,
                                     const import_words *words)
{
    buffer_clear(script);
    thingspace_status status = import_script_write(script, imported, words);
    return status == THINGSPACE_OK ? import_data_write(table, imported) : status;
}

/* Its listeners are in the script, unless that becomes too long. */
static thingspace_status write_texts(imported *imported, const import_words *words, char **script,
                                     char **data, thingspace_error *error)
{
    cleanup_buffer buffer text, table;
    import_words alone = *words;
    alone.data_file = NULL;
    buffer_init(&text, LIMIT_SCRIPT);
    buffer_init(&table, LIMIT_POLICY_FILE);
    thingspace_status status = import_script_write(&text, imported, &alone);
    if (status == THINGSPACE_PROTOCOL && words->data_file)
        status = write_table(&text, &table, imported, words);
    if (status == THINGSPACE_PROTOCOL)
        return refuse_length(words, error);
    if (status != THINGSPACE_OK)
        return error_memory(error);
    *script = buffer_take(&text);
    *data = buffer_take(&table);
    return THINGSPACE_OK;
}

/* ---- telling ---- */

static void tell_skips(const imported *imported, const thingspace_import_options *options)
{
    for (size_t i = 0; options->skipped && i < imported->skip_count; i++) {
        const import_skip *skip = &imported->skips[i];
        options->skipped(options->skipped_user, skip->account, skip->service, skip->api, skip->why);
    }
}

static void tell_counts(const imported *imported, const thingspace_import_options *options)
{
    const thingspace_import_counts counts = {
        .size = sizeof(counts),
        .accounts = imported->read,
        .listeners = imported->listeners,
        .credentials = import_declared_credentials(imported),
        .unread = imported->count - imported->read,
        .skipped = imported->skip_count,
    };
    if (options->counts)
        sized_give(options->counts, &counts, sizeof(counts));
}

/* When some could not be read. */
static thingspace_status settle(const imported *imported, const thingspace_error *first,
                                thingspace_error *error)
{
    if (imported->read == imported->count)
        return THINGSPACE_OK;
    return error_set(error, THINGSPACE_PARTIAL, "%zu of %zu accounts cannot be read: %s",
                     imported->count - imported->read, imported->count, first->message);
}

/* ---- the whole ---- */

static thingspace_status read_and_write(thingspace_client *client, generation *generation,
                                        char **script, char **data,
                                        const thingspace_import_options *options,
                                        thingspace_error *error)
{
    thingspace_error first = THINGSPACE_ERROR_INIT;
    cleanup_imported imported imported = {0};
    const policy *policy = generation_policy(generation);
    const import_words words = {
        .name = options->name,
        .data_file = options->data_file,
        .default_endpoint = policy_default_endpoint(policy),
        .wall_ms = clock_wall_ms(),
        .had_plugins = policy_plugin_count(policy) > 0,
    };
    thingspace_status status = take_accounts(&imported, policy, options, error);
    if (status == THINGSPACE_OK)
        status = import_read(&imported, client, generation, options, &first, error);
    if (status == THINGSPACE_OK)
        tell_counts(&imported, options);
    if (status == THINGSPACE_OK && imported.read == 0) {
        error_copy(error, &first);
        return first.kind;
    }
    imported_sort(&imported);
    if (status == THINGSPACE_OK)
        status = write_texts(&imported, &words, script, data, error);
    if (status != THINGSPACE_OK)
        return status;
    tell_skips(&imported, options);
    return settle(&imported, &first, error);
}

static thingspace_status import(thingspace_client *client, char **script, char **data,
                                const thingspace_import_options *options, thingspace_error *error)
{
    cleanup_generation generation *kept = generation_ref(client->generation);
    thingspace_status status = check_options(options, error);
    if (status == THINGSPACE_OK)
        status = client_check_blocking(client, error);
    if (status == THINGSPACE_OK)
        status = repair_all(client, NULL, NULL, error);
    if (status == THINGSPACE_OK)
        status = read_and_write(client, kept, script, data, options, error);
    return status;
}

thingspace_status thingspace_import(thingspace_client *client, char **script, char **data,
                                    const thingspace_import_options *given, thingspace_error *error)
{
    thingspace_import_options options;
    *script = *data = NULL;
    copy_options(&options, given);
    thingspace_status status = client_enter(client, error);
    if (status != THINGSPACE_OK)
        return status;
    status = import(client, script, data, &options, error);
    client_leave(client);
    return status;
}
