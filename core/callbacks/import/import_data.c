/* SPDX-License-Identifier: MIT */
/* The table of listeners that a policy reads with thingspace.csv: see import_script.h. */
#include <config.h>
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
    for (size_t i = 0; i < imported->count; i++)
        if (imported->accounts[i].set && imported->accounts[i].ignores_characters)
            return true;
    return false;
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

/* `listener` NULL: the account has none. */
static void write_cells(buffer *out, const import_account *account, const import_listener *listener)
{
    static const import_listener none = {.service = ""};
    const import_listener *row = listener ? listener : &none;
    const char *cells[] = {row->service, row->api, row->url,
                           row->username_is_account ? account->name : row->username};
    import_quote_csv(out, account->name);
    for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++) {
        buffer_append_byte(out, ',');
        import_quote_csv(out, cells[i]);
    }
    buffer_append_text(out, row->has_password ? ",registered" : ",");
}

static void write_account(buffer *out, const import_account *account, const columns *columns)
{
    size_t i = 0;
    do {
        write_cells(out, account, i < account->set->count ? &account->set->listeners[i] : NULL);
        if (columns->decisions)
            write_decision(out, account, &columns->usual);
        if (columns->checks)
            buffer_append_text(out, account->ignores_characters ? ",ignore" : ",");
        buffer_append_byte(out, '\n');
    } while (++i < account->set->count);
}

thingspace_status import_data_write(buffer *out, const imported *imported)
{
    const columns columns = {import_usual_of(imported), import_data_has_decisions(imported),
                             import_data_has_checks(imported)};
    buffer_append_text(out, "account,service,api,url,username,password");
    buffer_append_text(out, columns.decisions ? ",endpoint,credential" : "");
    buffer_append_text(out, columns.checks ? ",characters\n" : "\n");
    for (size_t i = 0; i < imported->count; i++)
        if (imported->accounts[i].set)
            write_account(out, &imported->accounts[i], &columns);
    return out->status;
}
