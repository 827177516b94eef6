/* SPDX-License-Identifier: MIT */
/* client:import, which blocks. */
#include "members.h"
#include "plan.h"

static void read_import(lua_State *L, thingspace_import_options *out, audience *audience)
{
    options_check(L, 2, "import", OF_IMPORT);
    lua_settop(L, 2);
    out->accounts = options_list(L, 2, "import", "accounts");
    out->apis = options_list(L, 2, "import", "apis");
    out->name = options_text(L, 2, "import", "name");
    out->data_file = options_text(L, 2, "import", "data_file");
    audience->unread = audience_take(L, 2, "import", "unread");
    audience->skipped = audience_take(L, 2, "import", "skipped");
    audience->progress = audience_take(L, 2, "import", "progress");
    out->unread = audience->unread == LUA_NOREF ? NULL : audience_unread;
    out->skipped = audience->skipped == LUA_NOREF ? NULL : audience_skipped;
    out->progress = audience_progress;
    out->unread_user = out->skipped_user = out->progress_user = audience;
}

static void push_import(lua_State *L, const holder *held, const thingspace_import_counts *counts)
{
    lua_createtable(L, 0, 7);
    table_set_text(L, "script", held->text);
    table_set_text(L, "data", held->more);
    table_set_count(L, "accounts", counts->accounts);
    table_set_count(L, "listeners", counts->listeners);
    table_set_count(L, "credentials", counts->credentials);
    table_set_count(L, "unread", counts->unread);
    table_set_count(L, "skipped", counts->skipped);
}

/* client:import{ accounts =, name =, data_file =, apis =, unread =, skipped =, progress = } */
static int method_import(lua_State *L)
{
    thingspace_import_options options = THINGSPACE_IMPORT_OPTIONS_INIT;
    thingspace_import_counts counts = THINGSPACE_IMPORT_COUNTS_INIT;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    box *self = box_check_blocking(L, 1, "import");
    audience audience = audience_nobody(self);
    read_import(L, &options, &audience);
    options.counts = &counts;
    holder *held = holder_push(L);
    lua_State *before = box_enter(self, L);
    thingspace_status status =
        thingspace_import(self->client, &held->text, &held->more, &options, &error);
    audience_dismiss(L, &audience);
    box_leave(self, L, before);
    if (status != THINGSPACE_OK)
        errors_push(L, &error);
    push_import(L, held, &counts);
    holder_empty(held);
    if (status == THINGSPACE_OK)
        return 1;
    lua_setfield(L, -2, "result");
    return lua_error(L);
}

const luaL_Reg import_methods[] = {{"import", method_import}, {NULL, NULL}};
