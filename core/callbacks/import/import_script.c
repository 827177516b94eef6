/* SPDX-License-Identifier: MIT */
/*
 * See import_script.h. The script with its listeners reads like this: what accounts share, what
 * single accounts have, the policy itself. Sets are ranked by how many accounts have them: the
 * first one needs no word in `accounts`, so that a new account begins as most of them are.
 */
#include <config.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "callbacks/import/import_quote.h"
#include "callbacks/import/import_script.h"

/* Where a list of services goes on in the next line. */
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

/* ---- sets ---- */

static int compare_sets(const void *a, const void *b)
{
    const import_set *one = *(import_set *const *)a, *other = *(import_set *const *)b;
    if (one->accounts != other->accounts)
        return one->accounts > other->accounts ? -1 : 1;
    return one->rank < other->rank ? -1 : one->rank > other->rank;
}

/* In the order of the accounts, whatever was answered first. */
static void number_sets(const imported *imported)
{
    size_t next = 0;
    for (size_t i = 0; i < map_count(imported->sets); i++)
        ((import_set *)map_value(imported->sets, i))->rank = SIZE_MAX;
    for (size_t i = 0; i < imported->count; i++) {
        import_set *set = imported->accounts[i].set;
        if (set && set->rank == SIZE_MAX)
            set->rank = next++;
    }
}

/* Owned: free(). NULL: out of memory. */
static import_set **rank_sets(const imported *imported)
{
    size_t count = map_count(imported->sets);
    import_set **sets = calloc(count + 1, sizeof(import_set *));
    if (!sets)
        return NULL;
    number_sets(imported);
    for (size_t i = 0; i < count; i++)
        sets[i] = map_value(imported->sets, i);
    qsort(sets, count, sizeof(import_set *), compare_sets);
    for (size_t i = 0; i < count; i++)
        sets[i]->rank = i;
    return sets;
}

static bool is_shared(const import_set *set)
{
    return set->accounts > 1 || set->count == 0;
}

static void write_set_name(buffer *out, const import_set *set)
{
    if (set && set->count == 0)
        buffer_append_text(out, "none");
    else if (!set || set->rank == 0)
        buffer_append_text(out, "common");
    else
        buffer_append_format(out, "group_%zu", set->rank);
}

/* That of accounts without a word; NULL: no set is shared. */
static const import_set *usual_set(import_set *const *sets)
{
    return sets[0] && is_shared(sets[0]) ? sets[0] : NULL;
}

/* ---- listeners ---- */

static bool are_alike(const import_listener *a, const import_listener *b)
{
    return a->url == b->url && a->api == b->api && a->username == b->username &&
           a->username_is_account == b->username_is_account && a->has_password == b->has_password;
}

static size_t find_alike(const import_set *set, const import_listener *row)
{
    size_t i = 0;
    while (!are_alike(&set->listeners[i], row))
        i++;
    return i;
}

/* The services of all that are like the first one; how many there are. */
static size_t write_services(buffer *out, const import_set *set, size_t first)
{
    size_t line = out->size, count = 0;
    for (size_t i = first; i < set->count; i++) {
        if (!are_alike(&set->listeners[first], &set->listeners[i]))
            continue;
        if (out->size - line + strlen(set->listeners[i].service) > LINE_BYTES) {
            buffer_append_text(out, "\n     ");
            line = out->size;
        }
        buffer_append_byte(out, ' ');
        import_quote_lua(out, set->listeners[i].service);
        buffer_append_byte(out, ',');
        count++;
    }
    return count;
}

static void write_alike(buffer *out, const import_set *set, size_t first)
{
    const import_listener *row = &set->listeners[first];
    buffer_append_text(out, "    {");
    size_t services = write_services(out, set, first);
    buffer_append_text(out, services > 1 ? "\n      url = " : " url = ");
    import_quote_lua(out, row->url);
    if (row->username) {
        buffer_append_text(out, ", username = ");
        import_quote_lua(out, row->username);
    }
    buffer_append_text(out, row->username_is_account ? ", username = account" : "");
    buffer_append_text(out, row->has_password ? ", password = registered" : "");
    if (row->api) {
        buffer_append_text(out, ", api = ");
        import_quote_lua(out, row->api);
    }
    buffer_append_text(out, " },\n");
}

/* The body of a function, up to its `end`. */
static void write_listeners(buffer *out, const import_set *set)
{
    if (set->count == 0) {
        buffer_append_text(out, "  return {}\nend\n\n");
        return;
    }
    buffer_append_text(out, "  return each {\n");
    for (size_t i = 0; i < set->count && out->status == THINGSPACE_OK; i++)
        if (find_alike(set, &set->listeners[i]) == i)
            write_alike(out, set, i);
    buffer_append_text(out, "  }\nend\n\n");
}

/* Listeners of several APIs whose service has the same name are a list in its place. */
static bool has_twins(const imported *imported)
{
    for (size_t i = 0; i < map_count(imported->sets); i++) {
        const import_set *set = map_value(imported->sets, i);
        for (size_t k = 1; k < set->count; k++)
            if (text_equal(set->listeners[k - 1].service, set->listeners[k].service))
                return true;
    }
    return false;
}

static void write_tools(buffer *out, bool twins)
{
    buffer_append_text(
        out,
        "local registered = thingspace.secret.registered\n"
        "\n"
        "-- Rows of services with one form -> a listener for each service. In a url {account}\n"
        "-- and {service} stand for the names, {{ and }} for braces.\n"
        "local function each(rows)\n"
        "  local listeners = {}\n"
        "  for _, row in ipairs(rows) do\n"
        "    for _, service in ipairs(row) do\n");
    buffer_append_text(
        out, twins ? "      local list = listeners[service] or {} -- APIs may share the name\n"
                     "      list[#list + 1] = { url = row.url, username = row.username,\n"
                     "                          password = row.password, api = row.api }\n"
                     "      listeners[service] = list\n"
                   : "      listeners[service] = { url = row.url, username = row.username,\n"
                     "                             password = row.password, api = row.api }\n");
    buffer_append_text(out, "    end\n"
                            "  end\n"
                            "  return listeners\n"
                            "end\n\n");
}

static void write_shared(buffer *out, import_set *const *sets)
{
    const import_set *usual = usual_set(sets);
    buffer_append_text(out, "-- What accounts share. A row of `accounts` says which, with `use`");
    if (usual) {
        buffer_append_text(out, "; a name alone means\n-- shared.");
        write_set_name(out, usual);
    }
    buffer_append_text(out, ".\nlocal shared = {}\n\n");
    for (size_t i = 0; sets[i] && out->status == THINGSPACE_OK; i++) {
        if (!is_shared(sets[i]))
            continue;
        buffer_append_text(out, "function shared.");
        write_set_name(out, sets[i]);
        buffer_append_format(out, "(account) -- %zu account%s\n", sets[i]->accounts,
                             sets[i]->accounts == 1 ? "" : "s");
        write_listeners(out, sets[i]);
    }
}

static void write_own(buffer *out, const imported *imported)
{
    buffer_append_text(out, "-- What single accounts have.\nlocal own = {}\n\n");
    for (size_t i = 0; i < imported->count && out->status == THINGSPACE_OK; i++) {
        const import_account *account = &imported->accounts[i];
        if (!account->set || is_shared(account->set))
            continue;
        buffer_append_text(out, "own[");
        import_quote_lua(out, account->name);
        buffer_append_text(out, "] = function(account)\n");
        write_listeners(out, account->set);
    }
}

/* ---- rows of listeners ---- */

/* A row of `accounts` from a row of the table. */
static void write_data_row(buffer *out, const imported *imported)
{
    bool decides = import_data_has_decisions(imported), ignores = import_data_has_checks(imported);
    if (!decides && !ignores) {
        buffer_append_text(out, "row.account\n");
        return;
    }
    buffer_append_text(out, "{\n      account = row.account,\n");
    if (decides)
        buffer_append_text(out, "      endpoint = given(row.endpoint), credential = "
                                "given(row.credential),\n");
    if (ignores)
        buffer_append_text(out, "      checks = given(row.characters) and { characters = "
                                "row.characters },\n");
    buffer_append_text(out, "    }\n");
}

static void write_data(buffer *out, const imported *imported, const import_words *words)
{
    buffer_append_text(out, "local registered = thingspace.secret.registered\n"
                            "\n"
                            "-- One row a listener; an account without any has a row without a "
                            "service. In a url\n"
                            "-- {account} and {service} stand for the names, {{ and }} for "
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

/* ---- the policy ---- */

static void write_account(buffer *out, const import_account *account, const import_usual *usual,
                          const import_set *usual_set)
{
    const import_set *set = is_shared(account->set) ? account->set : usual_set;
    bool endpoint = account->endpoint != usual->endpoint;
    bool credential = account->credential != usual->credential;
    bool is_row = set != usual_set || endpoint || credential || account->ignores_characters;
    buffer_append_text(out, is_row ? "    { account = " : "    ");
    import_quote_lua(out, account->name);
    if (set != usual_set) {
        buffer_append_text(out, ", use = \"");
        write_set_name(out, set);
        buffer_append_byte(out, '"');
    }
    if (endpoint)
        import_quote_member(out, ", endpoint", account->endpoint->name);
    if (credential)
        import_quote_member(out, ", credential", account->credential->name);
    if (account->ignores_characters)
        buffer_append_text(out, ", checks = { characters = \"ignore\" }");
    buffer_append_text(out, is_row ? " },\n" : ",\n");
}

static void write_accounts(buffer *out, const imported *imported, const import_usual *usual,
                           const import_set *usual_set)
{
    buffer_append_text(out, "  accounts = {\n");
    for (size_t i = 0; i < imported->count && out->status == THINGSPACE_OK; i++)
        if (imported->accounts[i].set)
            write_account(out, &imported->accounts[i], usual, usual_set);
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

static void write_function(buffer *out, import_set *const *sets, bool has_own)
{
    buffer_append_text(out, "  listeners = function(account, row)\n"
                            "    local use = row and row.use or \"");
    write_set_name(out, usual_set(sets));
    buffer_append_format(out,
                         "\"\n"
                         "    local listeners = %sshared[use]\n"
                         "    if not listeners then\n"
                         "      error(\"there is no shared.\" .. use)\n"
                         "    end\n"
                         "    return listeners(account)\n"
                         "  end,\n",
                         has_own ? "own[account] or " : "");
}

static void write_data_function(buffer *out)
{
    buffer_append_text(out, "  accounts = accounts,\n");
    buffer_append_text(out, "  listeners = function(account)\n"
                            "    local listeners = {}\n"
                            "    for _, row in ipairs(rows_of[account] or {}) do\n"
                            "      local list = listeners[row.service] or {} -- APIs may share "
                            "the name\n"
                            "      list[#list + 1] = {\n"
                            "        url = row.url, username = given(row.username), api = "
                            "given(row.api),\n"
                            "        password = given(row.password) and registered,\n"
                            "      }\n"
                            "      listeners[row.service] = list\n"
                            "    end\n"
                            "    return listeners\n"
                            "  end,\n");
}

static void write_policy(buffer *out, const imported *imported, const import_words *words,
                         import_set *const *sets, bool has_own)
{
    const import_usual usual = import_usual_of(imported);
    buffer_append_text(out, "return {\n  ");
    import_quote_member(out, "name", words->name);
    buffer_append_text(out, ",\n");
    import_declared_write(out, imported);
    if (!words->data_file)
        write_accounts(out, imported, &usual, usual_set(sets));
    if (!is_default(&usual, words))
        write_resolve(out, &usual);
    if (words->data_file)
        write_data_function(out);
    else
        write_function(out, sets, has_own);
    buffer_append_text(out, "}\n");
}

static bool has_own_sets(import_set *const *sets)
{
    for (size_t i = 0; sets[i]; i++)
        if (!is_shared(sets[i]))
            return true;
    return false;
}

thingspace_status import_script_write(buffer *out, imported *imported, const import_words *words)
{
    import_set **sets = rank_sets(imported);
    if (!sets)
        return THINGSPACE_MEMORY;
    bool has_own = has_own_sets(sets);
    import_head_write(out, imported, words);
    if (words->data_file) {
        write_data(out, imported, words);
    } else {
        write_tools(out, has_twins(imported));
        write_shared(out, sets);
        if (has_own)
            write_own(out, imported);
    }
    write_policy(out, imported, words, sets, has_own);
    free(sets);
    return out->status;
}
