/* SPDX-License-Identifier: MIT */
/* The table of listeners that a policy reads with thingspace.csv: see import_script.h. */
#include <config.h>
#include <string.h>
#include "base/limits.h"
#include "base/text.h"
#include "callbacks/import/import_quote.h"
#include "callbacks/import/import_script.h"

bool import_data_has_decisions(const imported *imported)
{
    const import_usual usual = import_usual_of(imported);
    for (size_t i = 0; i < imported->count; i++)
        if (imported->accounts[i].set && (imported->accounts[i].endpoint != usual.endpoint ||
                                          imported->accounts[i].credential != usual.credential))
            return true;
    return false;
}

bool import_data_has_checks(const imported *imported)
{
    for (size_t i = 0; i < imported->count; i++) {
        const import_account *account = &imported->accounts[i];
        if (account->set &&
            (account->ignores_characters || imported_cell(imported, account, "checks")))
            return true;
    }
    return false;
}

void import_data_write_checks(buffer *out, const imported *imported, const import_account *account)
{
    const char *own = imported_cell(imported, account, "checks");
    bool needs = account->ignores_characters && !(own && strstr(own, "characters"));
    buffer_append_text(out, own ? own : "");
    buffer_append_text(out, own && needs ? ";" : "");
    buffer_append_text(out, needs ? "characters=ignore" : "");
}

bool import_data_is_own(const char *column)
{
    return text_equal(column, "endpoint") || text_equal(column, "credential") ||
           text_equal(column, "checks");
}

/* Names that the table has otherwise begin with "account.". */
void import_data_write_header(buffer *out, const char *column)
{
    static const char *const headers[] = {"service", "api", "url", "username", "password"};
    bool taken = text_starts_with(column, "account.");
    for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++)
        taken = taken || text_equal(column, headers[i]);
    buffer_append_text(out, taken ? "account." : "");
    buffer_append_text(out, column);
}

/* Columns that not every table has. */
typedef struct columns {
    import_usual usual;
    bool decisions, checks;
} columns;

static void write_decision(buffer *out, const import_account *account, const import_usual *usual)
{
    buffer_append_byte(out, ',');
    if (account->endpoint != usual->endpoint)
        import_quote_csv(out, account->endpoint->name);
    buffer_append_byte(out, ',');
    if (account->credential != usual->credential)
        import_quote_csv(out, account->credential->name);
}

static void write_checks(buffer *out, const imported *imported, const import_account *account)
{
    cleanup_buffer buffer checks;
    buffer_init(&checks, LIMIT_POLICY_FILE);
    import_data_write_checks(&checks, imported, account);
    buffer_append_byte(out, ',');
    import_quote_csv(out, buffer_text(&checks));
    if (checks.status != THINGSPACE_OK)
        out->status = checks.status;
}

/* `listener` NULL: the account has none. */
static void write_cells(buffer *out, const import_account *account, const import_listener *listener)
{
    static const import_form none = {.name = NULL};
    const import_form *form = listener ? listener->form : &none;
    const char *cells[] = {listener ? listener->service : NULL, form->api, form->url,
                           form->username};
    import_quote_csv(out, account->name);
    for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++) {
        buffer_append_byte(out, ',');
        import_quote_csv(out, cells[i]);
    }
    buffer_append_text(out, form->has_password ? ",registered" : ",");
}

static void write_columns(buffer *out, const imported *imported, const import_account *account)
{
    for (size_t i = 0; i < imported->column_count; i++) {
        if (import_data_is_own(imported->columns[i]))
            continue;
        buffer_append_byte(out, ',');
        import_quote_csv(out, imported_cell(imported, account, imported->columns[i]));
    }
}

static void write_account(buffer *out, const imported *imported, const import_account *account,
                          const columns *columns)
{
    size_t i = 0;
    do {
        write_cells(out, account, i < account->set->count ? &account->set->listeners[i] : NULL);
        if (columns->decisions)
            write_decision(out, account, &columns->usual);
        if (columns->checks)
            write_checks(out, imported, account);
        write_columns(out, imported, account);
        buffer_append_byte(out, '\n');
    } while (++i < account->set->count);
}

static void write_headers(buffer *out, const imported *imported, const columns *columns)
{
    buffer_append_text(out, "account,service,api,url,username,password");
    buffer_append_text(out, columns->decisions ? ",endpoint,credential" : "");
    buffer_append_text(out, columns->checks ? ",checks" : "");
    for (size_t i = 0; i < imported->column_count; i++) {
        cleanup_buffer buffer header;
        buffer_init(&header, LIMIT_POLICY_FILE);
        if (import_data_is_own(imported->columns[i]))
            continue;
        import_data_write_header(&header, imported->columns[i]);
        buffer_append_byte(out, ',');
        import_quote_csv(out, buffer_text(&header));
        if (header.status != THINGSPACE_OK)
            out->status = header.status;
    }
    buffer_append_byte(out, '\n');
}

thingspace_status import_data_write(buffer *out, const imported *imported)
{
    const columns columns = {import_usual_of(imported), import_data_has_decisions(imported),
                             import_data_has_checks(imported)};
    write_headers(out, imported, &columns);
    for (size_t i = 0; i < imported->count && out->status == THINGSPACE_OK; i++)
        if (imported->accounts[i].set)
            write_account(out, imported, &imported->accounts[i], &columns);
    return out->status;
}
