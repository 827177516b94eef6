/* SPDX-License-Identifier: MIT */
/*
 * Between Lua values and JSON trees: thingspace.json, and runtime_push_json, runtime_to_json and
 * runtime_to_body for the rest of the room. Trees under construction hang on a userdata, whose
 * finalizer frees them when a function raises. Tables are read raw and once; cycles end at the
 * depth limit; names are written in order.
 *
 * null is a value of its own; lists read from JSON are marked, so that an empty one stays a list;
 * integers that do not fit and numbers of more than 17 digits become texts. A secret of
 * a tree is a handle in Lua; back in a tree it is "***", and in what is sent the secret again.
 */
#include <config.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "lua/runtime/library.h"
#include "lua/runtime/runtime_inside.h"

#define NULL_TYPE  "null"
#define ARRAY_TYPE "list"
#define BOX_TYPE   "json"

/* In byte steps, of what becomes JSON. */
#define STEPS_PER_VALUE 64
#define STEPS_PER_FLOAT 4096 /* six conversions of the C library */
#define STEPS_PER_TABLE 4096 /* an emptied one of 1 MiB is looked through twice */

#define EXACT_DIGITS  17                 /* more cannot be told apart in a double */
#define EXACT_INTEGER 9007199254740992.0 /* 2^53: every integer up to it is exact */

/* Holds the memory of C while functions may raise. */
typedef struct box {
    json *tree;
    buffer text;
} box;

static int box_free(lua_State *L)
{
    box *box = lua_touserdata(L, 1);
    json_free(box->tree);
    box->tree = NULL;
    buffer_dispose(&box->text);
    return 0;
}

static box *box_push(lua_State *L)
{
    box *box = lua_newuserdatauv(L, sizeof(*box), 0);
    box->tree = NULL;
    buffer_init(&box->text, runtime_of(L)->limits->allocation);
    luaL_setmetatable(L, BOX_TYPE);
    return box;
}

/* --- JSON to Lua --- */

static bool is_integer_text(const char *text)
{
    return !strpbrk(text, ".eE");
}

/* Zeros in front tell nothing. */
static size_t count_digits(const char *text)
{
    size_t digits = 0;
    text += strspn(text, "-0.");
    for (; *text && *text != 'e' && *text != 'E'; text++)
        digits += *text >= '0' && *text <= '9';
    return digits;
}

bool runtime_is_long_number(const json *node)
{
    const char *text = json_number(node);
    long long integer;
    if (is_integer_text(text))
        return !json_integer(node, &integer);
    return !isfinite(strtod(text, NULL)) || count_digits(text) > EXACT_DIGITS;
}

static void push_number(lua_State *L, const json *node)
{
    const char *text = json_number(node);
    long long integer;
    if (runtime_is_long_number(node))
        lua_pushstring(L, text);
    else if (is_integer_text(text) && json_integer(node, &integer))
        lua_pushinteger(L, integer);
    else
        lua_pushnumber(L, strtod(text, NULL));
}

static void push_members(lua_State *L, const json *node)
{
    bool array = json_type_of(node) == JSON_ARRAY;
    int count = (int)json_count(node); /* at once: growing by and by takes three times as long */
    luaL_checkstack(L, 4, "JSON too deep");
    lua_createtable(L, array ? count : 0, array ? 0 : count);
    if (array)
        luaL_setmetatable(L, ARRAY_TYPE);
    lua_Integer index = 0;
    for (const json *child = json_first(node); child; child = json_next(child)) {
        runtime_charge(L, 32);
        runtime_push_json(L, child);
        if (array)
            lua_rawseti(L, -2, ++index);
        else
            lua_setfield(L, -2, json_name(child));
    }
}

void runtime_push_json(lua_State *L, const json *node)
{
    switch (json_type_of(node)) {
    case JSON_NULL:
        lua_getfield(L, LUA_REGISTRYINDEX, NULL_TYPE " value");
        break;
    case JSON_FALSE:
    case JSON_TRUE:
        lua_pushboolean(L, json_type_of(node) == JSON_TRUE);
        break;
    case JSON_NUMBER:
        push_number(L, node);
        break;
    case JSON_STRING:
        lua_pushstring(L, json_string(node));
        break;
    case JSON_SECRET:
        runtime_push_secret_value(L, json_secret(node));
        break;
    case JSON_ARRAY:
    case JSON_OBJECT:
        push_members(L, node);
        break;
    }
}

/* --- Lua to JSON --- */

/* What becomes of handles. */
typedef enum secrets {
    SECRETS_HIDDEN, /* the text "***" */
    SECRETS_DRY,    /* secret nodes, but sources are not read */
    SECRETS_SENT,
} secrets;

typedef struct builder {
    lua_State *L;
    secrets secrets;
    size_t nodes; /* left */
    size_t bytes; /* of texts, left */
} builder;

static json *check_made(lua_State *L, json *node)
{
    if (!node)
        runtime_raise_memory(L);
    return node;
}

static void check_text(builder *builder, const char *text, size_t size)
{
    if (strlen(text) != size)
        luaL_error(builder->L, "a text with a NUL cannot be JSON");
    if (!text_is_utf8(text, size))
        luaL_error(builder->L, "a text that is not UTF-8 cannot be JSON");
    if (size > builder->bytes)
        luaL_error(builder->L, "the JSON is too long");
    builder->bytes -= size;
    runtime_charge(builder->L, size);
}

static json *new_string(builder *builder, int index)
{
    size_t size;
    const char *text = lua_tolstring(builder->L, index, &size);
    check_text(builder, text, size);
    return json_new_string(text);
}

/* The shortest text that reads back as the same number. */
static json *new_float(builder *builder, lua_Number value)
{
    char text[64];
    if (!isfinite(value))
        luaL_error(builder->L, "a number that is infinite or not a number cannot be JSON");
    if (value == floor(value) && fabs(value) <= EXACT_INTEGER)
        return json_new_integer((long long)value);
    runtime_charge(builder->L, STEPS_PER_FLOAT);
    for (int digits = 15; digits <= EXACT_DIGITS; digits++) {
        snprintf(text, sizeof(text), "%.*g", digits, (double)value);
        if (strtod(text, NULL) == value)
            break;
    }
    return json_new_number(text);
}

static json *new_secret(lua_State *L, int index, bool reveal)
{
    thingspace_secret *secret = runtime_take_secret(L, index, reveal);
    bool good = text_is_utf8(secret_bytes(secret), secret_size(secret));
    json *node = good ? json_new_secret(secret) : NULL;
    thingspace_secret_free(secret);
    if (!good)
        luaL_error(L, "a secret that is not UTF-8 cannot be JSON");
    return node;
}

static json *new_userdata(builder *builder, int index)
{
    if (luaL_testudata(builder->L, index, NULL_TYPE))
        return json_new_null();
    if (!runtime_is_secret(builder->L, index))
        luaL_error(builder->L, "a userdata cannot be JSON");
    if (builder->secrets == SECRETS_HIDDEN)
        return json_new_string("***");
    return new_secret(builder->L, index, builder->secrets == SECRETS_SENT);
}

/* Whether the table is a list. Raises for those that are neither list nor record. */
static bool is_list(lua_State *L, int index)
{
    lua_Integer length = (lua_Integer)lua_rawlen(L, index), numbered = 0;
    bool named = false;
    lua_pushnil(L);
    while (lua_next(L, index)) {
        lua_pop(L, 1);
        runtime_charge(L, 16);
        if (lua_isinteger(L, -1) && lua_tointeger(L, -1) >= 1 && lua_tointeger(L, -1) <= length)
            numbered++;
        else if (lua_type(L, -1) == LUA_TSTRING)
            named = true;
        else
            luaL_error(
                L, "a table with a %s as key cannot be JSON: lists have no gaps, names are texts",
                luaL_typename(L, -1));
    }
    if (named && numbered > 0)
        luaL_error(L, "a table with both list entries and names cannot be JSON");
    if (numbered != length)
        luaL_error(L, "a list with gaps cannot be JSON");
    return length > 0;
}

static bool is_marked_list(lua_State *L, int index)
{
    if (!lua_getmetatable(L, index))
        return false;
    luaL_getmetatable(L, ARRAY_TYPE);
    bool same = lua_rawequal(L, -1, -2);
    lua_pop(L, 2);
    return same;
}

/* A leaf, or the empty node of a table. Raises before the node is made, so none is lost. */
static json *new_node(builder *builder, int index)
{
    lua_State *L = builder->L;
    if (builder->nodes-- == 0)
        luaL_error(L, "the JSON has more than %d values", LIMIT_JSON_NODES);
    runtime_charge(L, lua_istable(L, index) ? STEPS_PER_TABLE : STEPS_PER_VALUE);
    switch (lua_type(L, index)) {
    case LUA_TBOOLEAN:
        return check_made(L, json_new_boolean(lua_toboolean(L, index)));
    case LUA_TNUMBER:
        return check_made(L, lua_isinteger(L, index) ? json_new_integer(lua_tointeger(L, index))
                                                     : new_float(builder, lua_tonumber(L, index)));
    case LUA_TSTRING:
        return check_made(L, new_string(builder, index));
    case LUA_TUSERDATA:
        return check_made(L, new_userdata(builder, index));
    case LUA_TTABLE: {
        bool list = is_list(L, index) || is_marked_list(L, index);
        return check_made(L, list ? json_new_array() : json_new_object());
    }
    default:
        luaL_error(L, "a %s cannot be JSON", luaL_typename(L, index));
        return NULL;
    }
}

static void fill(builder *builder, json *node, int index, unsigned depth);

static void check_status(lua_State *L, thingspace_status status)
{
    if (status == THINGSPACE_MEMORY)
        runtime_raise_memory(L);
    if (status != THINGSPACE_OK)
        luaL_error(L, "this value cannot be JSON");
}

static void fill_list(builder *builder, json *node, int index, unsigned depth)
{
    lua_State *L = builder->L;
    lua_Integer length = (lua_Integer)lua_rawlen(L, index);
    for (lua_Integer i = 1; i <= length; i++) {
        lua_rawgeti(L, index, i);
        json *child = new_node(builder, lua_gettop(L));
        check_status(L, json_append(node, child));
        fill(builder, child, lua_gettop(L), depth);
        lua_pop(L, 1);
    }
}

/* Pushes the table's keys as a sorted list: the order in the table differs from run to run. */
static lua_Integer push_names(lua_State *L, int index)
{
    lua_Integer count = 0;
    lua_pushcfunction(L, library_table_sort);
    lua_newtable(L);
    lua_pushnil(L);
    while (lua_next(L, index)) {
        lua_pop(L, 1);
        lua_pushvalue(L, -1);
        lua_rawseti(L, -3, ++count);
    }
    lua_pushvalue(L, -1);
    lua_insert(L, -3);
    lua_call(L, 1, 0);
    return count;
}

static void fill_record(builder *builder, json *node, int index, unsigned depth)
{
    lua_State *L = builder->L;
    lua_Integer count = push_names(L, index);
    int names = lua_gettop(L);
    for (lua_Integer i = 1; i <= count; i++) {
        size_t size;
        lua_rawgeti(L, names, i);
        const char *name = lua_tolstring(L, -1, &size);
        check_text(builder, name, size);
        runtime_charge(L, (size_t)i * 4); /* json_set looks at every earlier name */
        lua_pushvalue(L, -1);
        lua_rawget(L, index);
        json *child = new_node(builder, lua_gettop(L));
        check_status(L, json_set(node, name, child));
        fill(builder, child, lua_gettop(L), depth);
        lua_pop(L, 2);
    }
    lua_pop(L, 1);
}

/* Fills a node that already belongs to the tree. */
static void fill(builder *builder, json *node, int index, unsigned depth)
{
    if (lua_type(builder->L, index) != LUA_TTABLE)
        return;
    if (depth >= LIMIT_JSON_DEPTH)
        luaL_error(builder->L, "the JSON is deeper than %d (or a table holds itself)",
                   LIMIT_JSON_DEPTH);
    luaL_checkstack(builder->L, 10, "JSON too deep");
    if (json_type_of(node) == JSON_ARRAY)
        fill_list(builder, node, index, depth + 1);
    else
        fill_record(builder, node, index, depth + 1);
}

static json *make_tree(lua_State *L, int index, secrets secrets)
{
    builder builder = {L, secrets, LIMIT_JSON_NODES, runtime_of(L)->limits->allocation};
    index = lua_absindex(L, index);
    box *box = box_push(L);
    box->tree = new_node(&builder, index);
    fill(&builder, box->tree, index, 0);
    return box->tree;
}

json *runtime_to_json(lua_State *L, int index)
{
    return make_tree(L, index, SECRETS_HIDDEN);
}

json *runtime_to_body(lua_State *L, int index, bool reveal)
{
    return make_tree(L, index, reveal ? SECRETS_SENT : SECRETS_DRY);
}

json *runtime_take_json(lua_State *L, int index)
{
    box *box = luaL_checkudata(L, index, BOX_TYPE);
    json *tree = box->tree;
    box->tree = NULL;
    return tree;
}

/* --- What scripts see --- */

static int json_encode(lua_State *L)
{
    luaL_checkany(L, 1);
    lua_settop(L, 1);
    const json *tree = runtime_to_json(L, 1);
    box *box = lua_touserdata(L, -1);
    thingspace_status status = json_write(&box->text, tree, JSON_PLAIN);
    if (status == THINGSPACE_MEMORY)
        runtime_raise_memory(L);
    if (status != THINGSPACE_OK)
        return luaL_error(L, "the JSON is too long");
    lua_pushlstring(L, buffer_text(&box->text), box->text.size);
    lua_pushcfunction(L, box_free); /* now, not when the collector comes by */
    lua_pushvalue(L, 2);
    lua_call(L, 1, 0);
    return 1;
}

/* What freeing a value costs, at the most: what was begun has to be undone within the deadline. */
#define FREE_NS 100

static bool is_late(void *user, size_t values)
{
    return guard_is_late(user, (int64_t)values * FREE_NS);
}

static int json_decode(lua_State *L)
{
    size_t size;
    const char *text = luaL_checklstring(L, 1, &size);
    thingspace_error error = THINGSPACE_ERROR_INIT;
    runtime_charge(L, size);
    box *box = box_push(L);
    int holder = lua_gettop(L);
    guard *guard = &runtime_of(L)->guard;
    thingspace_status status = json_parse_watched(&box->tree, text, size, is_late, guard, &error);
    if (status == THINGSPACE_MEMORY)
        return runtime_raise_memory(L);
    runtime_charge(L, RUNTIME_STEPS_PER_LOOK); /* after so much work: look at the clock now */
    if (status != THINGSPACE_OK)
        return luaL_error(L, "not JSON: %s", error.message);
    runtime_push_json(L, box->tree);
    lua_pushcfunction(L, box_free);
    lua_pushvalue(L, holder);
    lua_call(L, 1, 0);
    return 1;
}

/* Marks a table as a list, so that it stays one when it is empty. */
static int json_array(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    if (lua_getmetatable(L, 1))
        return luaL_error(L, "a table with a metatable cannot be marked as a list");
    luaL_setmetatable(L, ARRAY_TYPE);
    return 1;
}

static int null_text(lua_State *L)
{
    lua_pushliteral(L, "null");
    return 1;
}

static void make_type(lua_State *L, const char *name, const char *field, lua_CFunction function)
{
    luaL_newmetatable(L, name);
    lua_pushboolean(L, false);
    lua_setfield(L, -2, "__metatable");
    if (function) {
        lua_pushcfunction(L, function);
        lua_setfield(L, -2, field);
    }
    lua_pop(L, 1);
}

void library_json_open(lua_State *L)
{
    make_type(L, BOX_TYPE, "__gc", box_free);
    make_type(L, NULL_TYPE, "__tostring", null_text);
    make_type(L, ARRAY_TYPE, NULL, NULL);
    lua_newuserdatauv(L, 0, 0);
    luaL_setmetatable(L, NULL_TYPE);
    lua_setfield(L, LUA_REGISTRYINDEX, NULL_TYPE " value");
}

void library_json_push(lua_State *L)
{
    static const luaL_Reg functions[] = {
        {"array", json_array}, {"decode", json_decode}, {"encode", json_encode}, {NULL, NULL}};
    luaL_newlib(L, functions);
    lua_getfield(L, LUA_REGISTRYINDEX, NULL_TYPE " value");
    lua_setfield(L, -2, "null");
}
