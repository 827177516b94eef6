/* SPDX-License-Identifier: MIT */
/*
 * See import_script.h. The script with its listeners reads like this: forms, services that are
 * often together, the policy with a row for each account that says which services have which form,
 * and a loop that makes listeners of a row.
 */
#include <config.h>
#include <string.h>
#include "base/limits.h"
#include "base/text.h"
#include "callbacks/import/import_forms.h"
#include "callbacks/import/import_quote.h"
#include "callbacks/import/import_script.h"

/* Where a text of services goes on in the next line. */
#define LINE_BYTES 96

#define BUILT_IN_CREDENTIAL "environment"

/* ---- what is usual ---- */

/* The one of more than half of them, if there is one; any other is right, too. */
import_usual import_usual_of(const imported *imported)
{
    import_usual usual = {NULL, NULL};
    size_t lead = 0;
    for (size_t i = 0; i < imported->count; i++) {
        const import_account *account = &imported->accounts[i];
        if (!account->set)
            continue;
        if (lead == 0)
            usual = (import_usual){account->endpoint, account->credential};
        bool same = account->endpoint == usual.endpoint && account->credential == usual.credential;
        lead = same ? lead + 1 : lead - 1;
    }
    return usual;
}

static bool is_default(const import_usual *usual, const import_words *words)
{
    return !usual->endpoint || (usual->endpoint == words->default_endpoint &&
                                text_equal(usual->credential->name, BUILT_IN_CREDENTIAL));
}

/* ---- forms ---- */

/* Whether a username holds {brace}, see import_template.h. */
static bool has_braces(const imported *imported)
{
    for (size_t i = 0; i < map_count(imported->forms); i++) {
        const import_form *form = map_value(imported->forms, i);
        if (form->username && strstr(form->username, "{brace}"))
            return true;
    }
    return false;
}

static void write_form(buffer *out, const import_form *form)
{
    import_quote_member(out, "url", form->url);
    if (form->username)
        import_quote_member(out, ", username", form->username);
    buffer_append_text(out, form->has_password ? ", password = registered" : "");
    if (form->api)
        import_quote_member(out, ", api", form->api);
}

static void write_forms(buffer *out, const import_forms *forms)
{
    buffer_append_text(out, "-- Where messages go. Each form is here once, or in `own`: to move "
                            "a host, change it there.\n"
                            "-- {account} and {service} stand for the names; in a url {{ and }} "
                            "stand for braces.\n"
                            "local forms = {\n");
    for (size_t i = 0; i < forms->count && out->status == THINGSPACE_OK; i++) {
        buffer_append_format(out, "  %s = { ", forms->named[i]->name);
        write_form(out, forms->named[i]);
        buffer_append_text(out, " },\n");
    }
    buffer_append_text(out, "}\n\n");
}

/* A literal that goes on in further lines. */
static void write_long(buffer *out, const char *text)
{
    while (strlen(text) > LINE_BYTES) {
        size_t size = LINE_BYTES;
        while (size > 0 && text[size - 1] != ' ')
            size--;
        if (size == 0)
            break;
        buffer_append_format(out, "\"%.*s\" ..\n  ", (int)size, text);
        text += size;
    }
    import_quote_lua(out, text);
}

static void write_often(buffer *out, const import_forms *forms)
{
    if (forms->often_count > 0)
        buffer_append_text(out, "-- Services that accounts often have together.\n");
    for (size_t i = 0; i < forms->often_count && out->status == THINGSPACE_OK; i++) {
        buffer_append_format(out, "local %s =", forms->often[i]->name);
        if (strlen(forms->often[i]->text) > LINE_BYTES)
            buffer_append_text(out, "\n ");
        buffer_append_byte(out, ' ');
        write_long(out, forms->often[i]->text);
        buffer_append_byte(out, '\n');
    }
    if (forms->often_count > 0)
        buffer_append_byte(out, '\n');
}

static void write_members(buffer *out, const imported *imported)
{
    buffer_append_text(out, "-- What rows of `accounts` have beside forms.\nlocal members = {\n ");
    for (const char *const *name = import_row_members; *name; name++)
        buffer_append_format(out, " %s = true,", *name);
    buffer_append_byte(out, '\n');
    for (size_t i = 0; i < imported->column_count; i++) {
        bool known = false;
        for (const char *const *name = import_row_members; *name && !known; name++)
            known = text_equal(*name, imported->columns[i]);
        if (known)
            continue;
        buffer_append_text(out, "  ");
        import_quote_key(out, imported->columns[i]);
        buffer_append_text(out, " = true,\n");
    }
    buffer_append_text(out, "}\n\n");
}

/* For a script with a table, too. */
static void write_add(buffer *out, bool braces)
{
    buffer_append_text(out, "-- Adds a listener of that form for each service.\n"
                            "local function add(listeners, services, form, account)\n"
                            "  local username = form.username and form.username:gsub(\"{(%a+)}\",");
    buffer_append_text(out, braces ? "\n    { account = account, brace = \"{\" })\n"
                                   : " { account = account })\n");
    buffer_append_text(out, "  for service in services:gmatch(\"%S+\") do\n"
                            "    local list = listeners[service] or {} -- APIs may share the name\n"
                            "    list[#list + 1] = { url = form.url, username = username,\n"
                            "                        password = form.password, api = form.api }\n"
                            "    listeners[service] = list\n"
                            "  end\n"
                            "end\n\n");
}

/* ---- forms of single accounts ---- */

static size_t first_own(const import_set *set)
{
    size_t i = 0;
    while (i < set->count && set->listeners[i].form->name)
        i++;
    return i;
}

static bool has_own(const imported *imported)
{
    for (size_t i = 0; i < map_count(imported->forms); i++)
        if (!((import_form *)map_value(imported->forms, i))->name)
            return true;
    return false;
}

static void write_own_account(buffer *out, const import_account *account, size_t first)
{
    const import_set *set = account->set;
    buffer_append_text(out, "  [");
    import_quote_lua(out, account->name);
    buffer_append_text(out, "] = {\n");
    for (size_t i = first, run; i < set->count; i += run) {
        buffer_append_text(out, "    { services = \"");
        run = import_forms_write_run(out, set, i);
        buffer_append_text(out, "\", ");
        write_form(out, set->listeners[i].form);
        buffer_append_text(out, " },\n");
    }
    buffer_append_text(out, "  },\n");
}

static void write_own(buffer *out, const imported *imported)
{
    buffer_append_text(out, "-- Forms that one account alone has.\nlocal own = {\n");
    for (size_t i = 0; i < imported->count && out->status == THINGSPACE_OK; i++) {
        const import_account *account = &imported->accounts[i];
        size_t first = account->set ? first_own(account->set) : 0;
        if (account->set && first < account->set->count)
            write_own_account(out, account, first);
    }
    buffer_append_text(out, "}\n\n");
}

/* ---- rows of listeners ---- */

static void write_data_columns(buffer *out, const imported *imported)
{
    for (size_t i = 0; i < imported->column_count; i++) {
        if (import_data_is_own(imported->columns[i]))
            continue;
        buffer_append_text(out, "      ");
        import_quote_key(out, imported->columns[i]);
        buffer_append_text(out, " = given(row[");
        cleanup_buffer buffer header;
        buffer_init(&header, LIMIT_POLICY_FILE);
        import_data_write_header(&header, imported->columns[i]);
        out->status = out->status ? out->status : header.status;
        import_quote_lua(out, buffer_text(&header));
        buffer_append_text(out, "]),\n");
    }
}

/* A row of `accounts` from a row of the table. */
static void write_data_row(buffer *out, const imported *imported)
{
    bool decides = import_data_has_decisions(imported), checks = import_data_has_checks(imported);
    if (!decides && !checks && imported->column_count == 0) {
        buffer_append_text(out, "row.account\n");
        return;
    }
    buffer_append_text(out, "{\n      account = row.account,\n");
    if (decides)
        buffer_append_text(out, "      endpoint = given(row.endpoint), credential = "
                                "given(row.credential),\n");
    if (checks)
        buffer_append_text(out, "      checks = given(row.checks),\n");
    write_data_columns(out, imported);
    buffer_append_text(out, "    }\n");
}

static void write_data(buffer *out, const imported *imported, const import_words *words)
{
    buffer_append_text(out, "-- One row a listener; an account without any has a row without a "
                            "service. {account}\n"
                            "-- and {service} stand for the names; in a url {{ and }} stand for "
                            "braces. The password\n"
                            "-- is registered or empty.\n"
                            "local accounts, rows_of = {}, {}\n"
                            "\n"
                            "local function given(cell)\n"
                            "  return cell ~= \"\" and cell or nil\n"
                            "end\n"
                            "\n"
                            "for _, row in ipairs(thingspace.csv(");
    import_quote_lua(out, words->data_file);
    buffer_append_text(out, ")) do\n"
                            "  local rows = rows_of[row.account]\n"
                            "  if not rows then\n"
                            "    rows = {}\n"
                            "    rows_of[row.account] = rows\n"
                            "    accounts[#accounts + 1] = ");
    write_data_row(out, imported);
    buffer_append_text(out, "  end\n"
                            "  if given(row.service) then\n"
                            "    rows[#rows + 1] = row\n"
                            "  end\n"
                            "end\n\n");
}

/* ---- rows ---- */

static void write_run(buffer *out, const import_forms *forms, const import_set *set, size_t first)
{
    cleanup_buffer buffer text;
    buffer_init(&text, LIMIT_POLICY_FILE);
    import_forms_write_run(&text, set, first);
    const import_services *known = map_get(forms->services, buffer_text(&text));
    if (known && known->name)
        buffer_append_text(out, known->name);
    else
        import_quote_lua(out, buffer_text(&text));
    if (text.status != THINGSPACE_OK)
        out->status = text.status;
}

/* Forms with a name come first; the others are in `own`. */
static void write_listeners(buffer *out, const import_forms *forms, const import_set *set)
{
    for (size_t i = 0; i < set->count && set->listeners[i].form->name;) {
        const import_form *form = set->listeners[i].form;
        buffer_append_format(out, ", %s = ", form->name);
        write_run(out, forms, set, i);
        while (i < set->count && set->listeners[i].form == form)
            i++;
    }
}

static void write_columns(buffer *out, const imported *imported, const import_account *account)
{
    for (size_t i = 0; i < imported->column_count; i++) {
        const char *cell = imported_cell(imported, account, imported->columns[i]);
        if (!cell || import_data_is_own(imported->columns[i]))
            continue;
        buffer_append_text(out, ", ");
        import_quote_key(out, imported->columns[i]);
        buffer_append_text(out, " = ");
        import_quote_lua(out, cell);
    }
}

static void write_account(buffer *out, const imported *imported, const import_account *account,
                          const import_usual *usual, const import_forms *forms)
{
    cleanup_buffer buffer checks;
    buffer_init(&checks, LIMIT_POLICY_FILE);
    import_data_write_checks(&checks, imported, account);
    import_quote_member(out, "    { account", account->name);
    if (account->endpoint != usual->endpoint)
        import_quote_member(out, ", endpoint", account->endpoint->name);
    if (account->credential != usual->credential)
        import_quote_member(out, ", credential", account->credential->name);
    if (checks.size > 0)
        import_quote_member(out, ", checks", buffer_text(&checks));
    write_columns(out, imported, account);
    write_listeners(out, forms, account->set);
    buffer_append_text(out, " },\n");
    if (checks.status != THINGSPACE_OK)
        out->status = checks.status;
}

static void write_accounts(buffer *out, const imported *imported, const import_usual *usual,
                           const import_forms *forms)
{
    buffer_append_text(out, "  -- Which services of an account have which form.\n"
                            "  accounts = {\n");
    for (size_t i = 0; i < imported->count && out->status == THINGSPACE_OK; i++)
        if (imported->accounts[i].set)
            write_account(out, imported, &imported->accounts[i], usual, forms);
    buffer_append_text(out, "  },\n");
}

static void write_resolve(buffer *out, const import_usual *usual)
{
    buffer_append_text(out, "  resolve = function(_, row)\n"
                            "    row = row or {}\n"
                            "    return { endpoint = row.endpoint or ");
    import_quote_lua(out, usual->endpoint->name);
    buffer_append_text(out, ",\n             credential = row.credential or ");
    import_quote_lua(out, usual->credential->name);
    buffer_append_text(out, " }\n  end,\n");
}

static void write_function(buffer *out, bool own)
{
    buffer_append_text(out, "  listeners = function(account, row)\n"
                            "    local listeners = {}\n"
                            "    for name, services in pairs(row or {}) do\n"
                            "      if forms[name] then\n"
                            "        add(listeners, services, forms[name], account)\n"
                            "      elseif not members[name] then\n"
                            "        error(\"there is no form \" .. name)\n"
                            "      end\n"
                            "    end\n");
    if (own)
        buffer_append_text(out, "    for _, form in ipairs(own[account] or {}) do\n"
                                "      add(listeners, form.services, form, account)\n"
                                "    end\n");
    buffer_append_text(out, "    return listeners\n"
                            "  end,\n");
}

static void write_data_function(buffer *out)
{
    buffer_append_text(out, "  accounts = accounts,\n"
                            "  listeners = function(account)\n"
                            "    local listeners = {}\n"
                            "    for _, row in ipairs(rows_of[account] or {}) do\n"
                            "      add(listeners, row.service, {\n"
                            "        url = row.url, username = given(row.username), api = "
                            "given(row.api),\n"
                            "        password = given(row.password) and registered,\n"
                            "      }, account)\n"
                            "    end\n"
                            "    return listeners\n"
                            "  end,\n");
}

static void write_policy(buffer *out, const imported *imported, const import_words *words,
                         const import_forms *forms)
{
    const import_usual usual = import_usual_of(imported);
    buffer_append_text(out, "return {\n");
    import_quote_member(out, "  name", words->name);
    buffer_append_text(out, ",\n");
    import_declared_write(out, imported);
    if (!words->data_file)
        write_accounts(out, imported, &usual, forms);
    if (!is_default(&usual, words))
        write_resolve(out, &usual);
    if (words->data_file)
        write_data_function(out);
    else
        write_function(out, has_own(imported));
    buffer_append_text(out, "}\n");
}

thingspace_status import_script_write(buffer *out, const imported *imported,
                                      const import_words *words)
{
    cleanup_forms import_forms forms;
    thingspace_status status = import_forms_rank(&forms, imported);
    if (status != THINGSPACE_OK)
        return status;
    import_head_write(out, imported, words);
    buffer_append_text(out, "local registered = thingspace.secret.registered\n\n");
    if (words->data_file) {
        write_data(out, imported, words);
    } else {
        write_forms(out, &forms);
        write_often(out, &forms);
        if (has_own(imported))
            write_own(out, imported);
        write_members(out, imported);
    }
    write_add(out, has_braces(imported));
    write_policy(out, imported, words, &forms);
    return out->status;
}
