/* SPDX-License-Identifier: MIT */
/*
 * thingspace import: what is registered, as a policy. The files are looked at before the service is
 * read, and written when all is read: the table of listeners first, so that no script is there
 * without it.
 */
#include <config.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/text.h"
#include "cli/account_list.h"
#include "cli/commands/commands.h"
#include "cli/failures.h"
#include "cli/new_file.h"
#include "cli/progress.h"
#include "cli/session.h"

static const option own_options[] = {
    {.name = "accounts",
     .kind = OPTION_FILE,
     .value = "FILE",
     .doc = "read the accounts from FILE (- is standard input): one a line, with # for comments, "
            "or CSV with a column account, whose other columns the rows of the policy keep"},
    {.name = "api",
     .kind = OPTION_CHOICE,
     .value = "NAME",
     .choices = "connectivity location hyper-precise diagnostics software-v1 software-v2 "
                "software-v3",
     .repeats = true,
     .doc = "read the listeners of this API, too; repeatable"},
    {.name = "out",
     .kind = OPTION_FILE,
     .value = "FILE",
     .doc = "write the policy to FILE in place of standard output"},
    {.name = "force", .kind = OPTION_FLAG, .doc = "write over a FILE that is there"},
    {.name = "name",
     .kind = OPTION_TEXT,
     .value = "NAME",
     .doc = "the policy's name (default: that of FILE without its ending, or imported)"},
    {.name = NULL},
};

static const example examples[] = {
    {"import 0000123456-00001 0000123456-00002", "two accounts, to standard output"},
    {"import --accounts accounts.txt --out fleet.lua", "many, into a file"},
    {"--policy fleet.lua plan", "then says that there is nothing to do"},
    {NULL, NULL},
};

/* What was asked for, and what came of it. */
typedef struct importing {
    session *session;
    account_list accounts;
    const char *file;    /* NULL: standard output */
    char *data_file;     /* beside it; NULL the same */
    char *name;          /* of the policy */
    char *script, *data; /* data NULL: it is not needed */
    thingspace_import_counts counts;
    failures failures; /* accounts that cannot be read */
    json *skipped;
    thingspace_status status; /* of `skipped` */
} importing;

static void dispose(importing *self)
{
    account_list_dispose(&self->accounts);
    free(self->data_file);
    free(self->name);
    thingspace_text_free(self->script);
    thingspace_text_free(self->data);
    failures_dispose(&self->failures);
    json_free(self->skipped);
}

/* ---- what is asked for ---- */

static const char *base_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* The size of the path without the ending of its last part. */
static size_t stem_of(const char *path)
{
    const char *base = base_of(path), *dot = strrchr(base, '.');
    return dot && dot > base ? (size_t)(dot - path) : strlen(path);
}

static thingspace_status name_files(importing *self, thingspace_error *error)
{
    const char *name = options_text(&self->session->options, "name");
    size_t stem = self->file ? stem_of(self->file) : 0;
    const char *base = self->file ? base_of(self->file) : "imported";
    size_t size = self->file ? stem - (size_t)(base - self->file) : strlen(base);
    self->name = name ? text_copy(name) : text_copy_range(base, size);
    if (self->file && text_equal(self->file + stem, ".csv"))
        stem = strlen(self->file);
    if (self->file)
        self->data_file = text_format("%.*s.csv", (int)stem, self->file);
    return self->name && (!self->file || self->data_file) ? THINGSPACE_OK : error_memory(error);
}

static thingspace_status read_accounts(importing *self, thingspace_error *error)
{
    thingspace_status status = THINGSPACE_OK;
    const char *word, *file = options_text(&self->session->options, "accounts");
    for (size_t i = 0; (word = session_word(self->session, i)) && status == THINGSPACE_OK; i++)
        status = account_list_add(&self->accounts, word, strlen(word), error);
    if (status == THINGSPACE_OK && file)
        status = account_list_read(&self->accounts, file, error);
    return status;
}

static thingspace_status prepare(importing *self, thingspace_error *error)
{
    bool force = options_has(&self->session->options, "force");
    self->file = options_text(&self->session->options, "out");
    thingspace_status status = name_files(self, error);
    if (status == THINGSPACE_OK && self->file)
        status = new_file_check(self->file, force, error);
    if (status == THINGSPACE_OK)
        status = read_accounts(self, error);
    if (status == THINGSPACE_OK)
        status = session_open(self->session, error);
    return status;
}

/* ---- reading ---- */

static void add_unread(void *user, const char *account, const thingspace_error *error)
{
    importing *self = user;
    thingspace_error copy = THINGSPACE_ERROR_INIT;
    error_copy(&copy, error);
    error_set_account(&copy, account);
    failures_add(&self->failures, &copy);
}

static void add_skipped(void *user, const char *account, const char *service, const char *api,
                        const char *why)
{
    importing *self = user;
    json *row = json_new_object();
    json_put(row, "accountName", json_new_string(account), &self->status);
    json_put(row, "serviceName", json_new_string(service), &self->status);
    json_put_text(row, "api", api, &self->status);
    json_put(row, "message", json_new_string(why), &self->status);
    json_add(self->skipped, row, &self->status);
}

static void show_progress(void *user, size_t done, size_t total, size_t failed)
{
    progress_show(user, done, total, failed);
}

static thingspace_status read_registered(importing *self, thingspace_error *error)
{
    progress progress;
    thingspace_import_options options = THINGSPACE_IMPORT_OPTIONS_INIT;
    const char **apis = options_texts(&self->session->options, "api");
    if (!apis)
        return error_memory(error);
    options.accounts = (const char *const *)self->accounts.names;
    options.columns = (const char *const *)self->accounts.columns;
    options.cells = (const char *const *)self->accounts.cells;
    options.name = self->name;
    options.data_file = self->data_file ? base_of(self->data_file) : NULL;
    options.apis = apis;
    options.unread = add_unread;
    options.skipped = add_skipped;
    options.unread_user = options.skipped_user = self;
    options.progress = show_progress;
    options.progress_user = &progress;
    options.counts = &self->counts;
    progress_begin(&progress, &self->session->output, "accounts");
    thingspace_status status =
        thingspace_import(self->session->client, &self->script, &self->data, &options, error);
    progress_end(&progress);
    free(apis);
    return status;
}

/* ---- writing and telling ---- */

static thingspace_status write_files(importing *self, thingspace_error *error)
{
    bool force = options_has(&self->session->options, "force");
    thingspace_status status = THINGSPACE_OK;
    if (self->data)
        status = new_file_write(self->data_file, self->data, force, error);
    if (status == THINGSPACE_OK)
        status = new_file_write(self->file, self->script, force, error);
    return status;
}

static json *text_or_null(const char *text)
{
    return text ? json_new_string(text) : json_new_null();
}

static thingspace_status print_json(importing *self)
{
    thingspace_status status = self->status;
    cleanup_json json *document = json_new_object();
    json_put(document, "policy", text_or_null(self->file), &status);
    json_put(document, "data", text_or_null(self->data ? self->data_file : NULL), &status);
    json_put(document, "accounts", json_new_integer((long long)self->counts.accounts), &status);
    json_put(document, "listeners", json_new_integer((long long)self->counts.listeners), &status);
    json_put(document, "skipped", self->skipped, &status);
    self->skipped = NULL;
    if (!self->file)
        json_put(document, "script", json_new_string(self->script), &status);
    return status == THINGSPACE_OK ? output_json(document) : status;
}

static void warn_of_skipped(importing *self)
{
    for (const json *row = json_first(self->skipped); row; row = json_next(row)) {
        const char *api = json_get_string(row, "api");
        output_warn(&self->session->output, "%s %s%s%s is left out: %s",
                    json_get_string(row, "accountName"), json_get_string(row, "serviceName"),
                    api ? " of " : "", api ? api : "", json_get_string(row, "message"));
    }
}

static void print_text(importing *self)
{
    const output *output = &self->session->output;
    warn_of_skipped(self);
    if (!self->file)
        output_bytes(self->script, strlen(self->script));
    else
        output_text("wrote  %s  %zu account%s, %zu listener%s", self->file, self->counts.accounts,
                    self->counts.accounts == 1 ? "" : "s", self->counts.listeners,
                    self->counts.listeners == 1 ? "" : "s");
    if (self->data)
        output_text("wrote  %s  the table of its listeners", self->data_file);
    if (self->counts.credentials > 0)
        output_note(output,
                    "the policy's credentials are folders beside it, each with the files key, "
                    "secret, username and password");
    if (self->file)
        output_note(output, "next: thingspace --policy %s plan", self->file);
}

static thingspace_status tell(importing *self, thingspace_error *error)
{
    thingspace_status status = THINGSPACE_OK;
    if (self->session->output.json)
        status = print_json(self);
    else if (self->status == THINGSPACE_OK)
        print_text(self);
    else
        status = self->status;
    return status == THINGSPACE_OK ? status : error_memory(error);
}

/* ---- the whole ---- */

static int import(importing *self)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    thingspace_status status = prepare(self, &error);
    if (status == THINGSPACE_OK)
        status = read_registered(self, &error);
    if (self->counts.unread > 0 && self->counts.accounts == 0)
        return failures_show(&self->failures, &self->session->output, "accounts");
    self->failures.successes = self->counts.accounts;
    if (status != THINGSPACE_OK && status != THINGSPACE_PARTIAL)
        return session_fail(self->session, &error);
    if (self->file && write_files(self, &error) != THINGSPACE_OK)
        return session_fail(self->session, &error);
    if (tell(self, &error) != THINGSPACE_OK)
        return session_fail(self->session, &error);
    return failures_show(&self->failures, &self->session->output, "accounts");
}

static int run(session *session)
{
    importing self = {
        .session = session,
        .accounts = ACCOUNT_LIST_INIT,
        .counts = THINGSPACE_IMPORT_COUNTS_INIT,
        .skipped = json_new_array(),
    };
    failures_begin(&self.failures);
    int exit_status = session_is_dry(session)
                          ? session_usage(session, "import changes nothing at the service, and has "
                                                   "no --dry-run")
                          : import(&self);
    dispose(&self);
    return exit_status;
}

const command command_import = {
    .name = "import",
    .arguments = "[ACCOUNT...]",
    .summary = "write a policy from what is registered",
    .description =
        "Reads the listeners of each ACCOUNT, of those of --accounts, or of all that the policy "
        "declares, and writes a policy that declares just that: the first plan of it says nothing "
        "to do. Nothing is changed at the service.\n"
        "\n"
        "Names of account and service in a URL become {account} and {service}, and each form of "
        "a listener (URL, username, API, whether it has a password) is written once, so that a "
        "host moves by one edit. Each account is a row that says which services have which form; "
        "its columns of a CSV file (region, tags, ...) stay in it. Endpoint and credential are "
        "those that it was read with: a column that says another one is an error. A password is "
        "thingspace.secret.registered, whatever that is. The hosts of all listeners are in owns: "
        "what is registered in these accounts is the policy's from then on, and a plan removes "
        "what you take out of it.\n"
        "\n"
        "Credentials other than environment are folders beside the policy, of their names, with "
        "the files key, secret, username and password; endpoints that are not built in are "
        "declared. Plugins and tenants of the policy that the accounts were read with are not "
        "carried over. A listener that no policy can declare is left out, with a warning and a "
        "comment.\n"
        "\n"
        "Connectivity is always read; another API where --api names it, and where the present "
        "policy declares listeners of it. A script that would be longer than 256 KiB reads its "
        "listeners from a table beside FILE, with the ending .csv.",
    .json = "{\"policy\": FILE or null, \"data\": FILE or null, \"accounts\", \"listeners\", "
            "\"skipped\": [{\"accountName\", \"serviceName\", \"api\", \"message\"}]}, and "
            "\"script\" without --out",
    .exits = "7 when some accounts could not be read: the policy is written without them. When "
             "none could, that of the first one's error, and nothing is written.",
    .options = own_options,
    .examples = examples,
    .run = run,
};
