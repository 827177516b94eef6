/* SPDX-License-Identifier: MIT */
/* JSON trees: reading, building, copying, secrets in them, and writing. */
#include <config.h>
#include <cjson/cJSON.h>
#include <limits.h>
#include <math.h>
#include <malloc.h>
#include <stdlib.h>
#include "base/json.h"
#include "base/limits.h"
#include "base/text.h"
#include "allocations.h"
#include "check.h"

static thingspace_error error;

static thingspace_status parse(json **out, const char *text)
{
    error = (thingspace_error)THINGSPACE_ERROR_INIT;
    return json_parse(out, text, strlen(text), &error);
}

/* The text of a value, as JSON. */
static thingspace_status write_plain(buffer *out, const json *node)
{
    buffer_init(out, 4096);
    return json_write(out, node, JSON_PLAIN);
}

#define CHECK_WRITTEN(node, expected)                                                              \
    do {                                                                                           \
        cleanup_buffer buffer check_out;                                                           \
        CHECK_OK(write_plain(&check_out, (node)));                                                 \
        CHECK_TEXT(buffer_text(&check_out), (expected));                                           \
    } while (0)

/* --- Trees --- */

static void members_are_found_case_sensitively(void)
{
    cleanup_json json *root = NULL;
    CHECK_OK(parse(&root, "{\"Name\":\"upper\",\"name\":\"lower\",\"n\":1}"));
    CHECK_TEXT(json_get_string(root, "name"), "lower");
    CHECK_TEXT(json_get_string(root, "Name"), "upper");
    CHECK(json_get(root, "NAME") == NULL && json_get_string(root, "n") == NULL);
    CHECK(json_get(NULL, "a") == NULL && json_get(root, NULL) == NULL);
    CHECK(json_get(json_get(root, "n"), "a") == NULL);
}

static void children_come_in_order_with_their_names(void)
{
    cleanup_json json *root = NULL;
    CHECK_OK(parse(&root, "{\"z\":1,\"a\":2}"));
    const json *child = json_first(root);
    CHECK_TEXT(json_name(child), "z");
    CHECK_TEXT(json_name(json_next(child)), "a");
    CHECK(json_next(json_next(child)) == NULL);
    CHECK_INT(json_count(root), 2);
    CHECK(json_first(child) == NULL && json_count(child) == 0 && json_count(NULL) == 0);
    CHECK_INT(json_type_of(NULL), JSON_NULL);
}

static void only_integers_that_fit_are_integers(void)
{
    static const struct {
        const char *text;
        bool fits;
        long long value;
    } rows[] = {
        {"0", true, 0},
        {"-7", true, -7},
        {"9223372036854775807", true, LLONG_MAX},
        {"-9223372036854775808", true, LLONG_MIN},
        {"9223372036854775808", false, 0},
        {"1.0", false, 0},
        {"1e3", false, 0},
        {"\"1\"", false, 0},
        {"null", false, 0},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        cleanup_json json *root = NULL;
        long long value = 0;
        CHECK_OK(parse(&root, rows[i].text));
        CHECK(json_integer(root, &value) == rows[i].fits);
        CHECK_INT(value, rows[i].value);
    }
}

static void doubles_are_the_nearest(void)
{
    static const struct {
        const char *text;
        double value;
    } rows[] = {
        {"0.10000000000000000555", 0.1}, {"-1.5e3", -1500},   {"18446744073709551616", 0x1p64},
        {"-2.5e400", -HUGE_VAL},         {"1e-999999999", 0}, {"\"1\"", 0},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        cleanup_json json *root = NULL;
        CHECK_OK(parse(&root, rows[i].text));
        CHECK(json_double(root) == rows[i].value);
    }
    CHECK(json_double(NULL) == 0);
}

static void a_built_tree_is_written_as_built(void)
{
    cleanup_json json *root = json_new_object();
    CHECK_MADE(root);
    CHECK_OK(json_set(root, "integer", json_new_integer(LLONG_MIN)));
    CHECK_OK(json_set(root, "number", json_new_number("1.50")));
    CHECK_OK(json_set(root, "text", json_new_string("a\"b\\c/\n\x7f\xc2\x85\xc3\xa9")));
    CHECK_OK(json_set(root, "yes", json_new_boolean(true)));
    CHECK_OK(json_set(root, "none", json_new_string(NULL)));
    CHECK_OK(json_set(root, "list", json_new_array()));
    CHECK_WRITTEN(root, "{\"integer\":-9223372036854775808,\"number\":1.50,"
                        "\"text\":\"a\\\"b\\\\c/\\u000a\\u007f\\u0085\xc3\xa9\","
                        "\"yes\":true,\"none\":null,\"list\":[]}");
}

static void each_of_three_members_is_replaced_in_place(void)
{
    static const char *const names[] = {"a", "b", "c"};
    for (size_t i = 0; i < 3; i++) {
        cleanup_json json *root = NULL;
        cleanup_text char *text = NULL;
        const char before[] = "{\"a\":0,\"b\":0,\"c\":0}";
        char expected[] = "{\"a\":0,\"b\":0,\"c\":0,\"d\":2}";
        expected[5 + 6 * i] = '1';
        CHECK_OK(json_parse(&root, before, strlen(before), NULL));
        CHECK_OK(json_set(root, names[i], json_new_integer(1)));
        CHECK_OK(json_set(root, "d", json_new_integer(2)));
        CHECK_OK(json_write_text(&text, root));
        CHECK_TEXT(text, expected);
    }
}

static void set_replaces_in_place_and_remove_removes(void)
{
    cleanup_json json *root = NULL;
    CHECK_OK(parse(&root, "{\"a\":1,\"b\":2,\"c\":3}"));
    CHECK_OK(json_set(root, "a", json_new_string("first")));
    CHECK_OK(json_set(root, "c", json_new_string("last")));
    CHECK_WRITTEN(root, "{\"a\":\"first\",\"b\":2,\"c\":\"last\"}");
    json_remove(root, "b");
    json_remove(root, "absent");
    CHECK_OK(json_set(root, "b", json_new_null()));
    CHECK_WRITTEN(root, "{\"a\":\"first\",\"c\":\"last\",\"b\":null}");
    json_remove(root, "b");
    json_remove(root, "a");
    CHECK_OK(json_set(root, "c", json_new_integer(4)));
    CHECK_WRITTEN(root, "{\"c\":4}");
}

static void a_replacement_can_still_be_changed(void)
{
    cleanup_json json *root = NULL;
    CHECK_OK(parse(&root, "{\"a\":1}"));
    json *list = json_new_array();
    CHECK_OK(json_set(root, "a", list));
    CHECK_OK(json_append(list, json_new_integer(5)));
    CHECK_WRITTEN(root, "{\"a\":[5]}");
}

static void children_are_taken_also_when_refused(void)
{
    cleanup_json json *array = json_new_array();
    CHECK_MADE(array);
    json *text = json_new_string("lost");
    CHECK_MADE(text);
    CHECK_STATUS(json_set(array, "a", text), THINGSPACE_USAGE);
    json *other = json_new_string("lost");
    CHECK_MADE(other);
    CHECK_STATUS(json_append(NULL, other), THINGSPACE_USAGE);
    CHECK_INT(json_set(array, "a", NULL), THINGSPACE_MEMORY);
    CHECK_INT(json_append(array, NULL), THINGSPACE_MEMORY);
}

static void the_first_failure_of_a_document_stays(void)
{
    thingspace_status status = THINGSPACE_OK;
    cleanup_json json *root = json_new_object(), *list = json_new_array();
    CHECK_MADE(root);
    CHECK_MADE(list);
    json_put(root, "a", json_new_integer(1), &status);
    json_add(list, json_new_integer(2), &status);
    CHECK_OK(status);
    json_put(root, "b", NULL, &status);
    CHECK_INT(status, THINGSPACE_MEMORY);
    json_add(root, json_new_integer(3), &status);
    CHECK_INT(status, THINGSPACE_MEMORY);
    CHECK_INT(json_count(root), 1);
    CHECK_INT(json_count(list), 1);
}

static void a_parent_that_could_not_be_made_is_out_of_memory(void)
{
    thingspace_status status = THINGSPACE_OK;
    json_put(NULL, "a", json_new_null(), &status);
    CHECK_INT(status, THINGSPACE_MEMORY);
    status = THINGSPACE_OK;
    json_add(NULL, json_new_null(), &status);
    CHECK_INT(status, THINGSPACE_MEMORY);
}

static void a_text_that_is_not_there_is_no_member(void)
{
    thingspace_status status = THINGSPACE_OK;
    cleanup_json json *root = json_new_object();
    CHECK_MADE(root);
    json_put_text(root, "a", NULL, &status);
    json_put_text(root, "b", "", &status);
    CHECK_OK(status);
    CHECK_INT(json_count(root), 1);
    CHECK_TEXT(json_get_string(root, "b"), "");
    json_put_text(root, "c", "\xff", &status);
    CHECK_INT(status, THINGSPACE_MEMORY);
}

static void a_tree_becomes_text_of_its_own(void)
{
    cleanup_json json *root = NULL;
    cleanup_text char *text = NULL;
    CHECK_OK(parse(&root, "{\"a\":[1,null]}"));
    CHECK_OK(json_write_text(&text, root));
    CHECK_TEXT(text, "{\"a\":[1,null]}");
}

static void what_cannot_be_json_is_not_made(void)
{
    static const char *const bad[] = {"", "01", "1.", "0x1", "nan", "1 ", " 1", "1,5", "--1"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        CHECK(json_new_number(bad[i]) == NULL);
    CHECK(json_new_number(NULL) == NULL);
    CHECK(json_new_string("\xff") == NULL);
    CHECK(json_new_secret(NULL) == NULL);
    cleanup_json json *root = json_new_object();
    CHECK_MADE(root);
    json *child = json_new_null();
    CHECK_MADE(child);
    CHECK_STATUS(json_set(root, "\xff", child), THINGSPACE_USAGE);
}

static void a_text_becomes_a_secret_where_it_stands(void)
{
    cleanup_json json *root = NULL;
    CHECK_OK(parse(&root, "{\"a\":\"x\",\"b\":[\"y\",1]}"));
    CHECK_OK(json_become_secret((json *)json_get(root, "a")));
    CHECK_OK(json_become_secret((json *)json_first(json_get(root, "b"))));
    CHECK_STATUS(json_become_secret((json *)json_get(root, "a")), THINGSPACE_USAGE);
    CHECK_STATUS(json_become_secret(root), THINGSPACE_USAGE);
    CHECK(secret_equal_text(json_secret(json_get(root, "a")), "x"));
    CHECK_WRITTEN(root, "{\"a\":\"***\",\"b\":[\"***\",1]}");
}

static void a_copy_is_equal_and_its_own(void)
{
    static const char text[] = "{\"a\":[1e400,\"x\",null,true,{\"b\":{}}],\"c\":false}";
    cleanup_json json *root = NULL;
    CHECK_OK(parse(&root, text));
    cleanup_json json *copy = json_copy(root);
    CHECK_MADE(copy);
    json_remove(root, "a");
    CHECK_WRITTEN(copy, text);
    cleanup_json json *part = json_copy(json_get(copy, "a"));
    CHECK_MADE(part);
    CHECK_WRITTEN(part, "[1e400,\"x\",null,true,{\"b\":{}}]");
}

/* Nests `depth` arrays by hand, which no limit forbids. */
static thingspace_status nest(json **root, size_t depth)
{
    *root = json_new_array();
    json *inner = *root;
    for (size_t i = 1; inner && i < depth; i++) {
        json *next = json_new_array();
        if (json_append(inner, next) != THINGSPACE_OK)
            return THINGSPACE_MEMORY;
        inner = next;
    }
    return inner ? THINGSPACE_OK : THINGSPACE_MEMORY;
}

static void trees_beyond_the_depth_limit_are_freed_and_not_written(void)
{
    cleanup_json json *most = NULL, *more = NULL;
    CHECK_OK(nest(&most, LIMIT_JSON_DEPTH));
    CHECK_OK(nest(&more, 200000));
    cleanup_buffer buffer out;
    CHECK_OK(write_plain(&out, most));
    buffer_clear(&out);
    CHECK_STATUS(json_write(&out, more, JSON_PLAIN), THINGSPACE_USAGE);
    CHECK_STATUS(out.status, THINGSPACE_USAGE);
    CHECK(json_copy(more) == NULL);
}

/* --- Secrets --- */

static thingspace_status make_secret_body(json **out, const char *bytes, size_t size)
{
    cleanup_secret thingspace_secret *secret = NULL;
    thingspace_status status = thingspace_secret_new(&secret, bytes, size, NULL);
    if (status != THINGSPACE_OK)
        return status;
    *out = json_new_object();
    if (!*out)
        return THINGSPACE_MEMORY;
    return json_set(*out, "password", json_new_secret(secret));
}

static void a_secret_is_written_as_stars(void)
{
    cleanup_json json *body = NULL;
    CHECK_OK(make_secret_body(&body, "hunter2", 7));
    const json *node = json_get(body, "password");
    CHECK_INT(json_type_of(node), JSON_SECRET);
    CHECK(json_string(node) == NULL && json_number(node) == NULL && json_first(node) == NULL);
    CHECK(json_secret(node) != NULL && json_secret(body) == NULL);
    CHECK_WRITTEN(body, "{\"password\":\"***\"}");
}

static void a_secret_is_revealed_into_a_secret_buffer_alone(void)
{
    cleanup_json json *body = NULL;
    CHECK_OK(make_secret_body(&body, "hun\"ter\x01", 8));
    cleanup_buffer buffer out, open;
    buffer_init_secret(&out, 1000);
    buffer_init(&open, 1000);
    CHECK_OK(json_write(&out, body, JSON_REVEAL));
    CHECK_TEXT(buffer_text(&out), "{\"password\":\"hun\\\"ter\\u0001\"}");
    CHECK_STATUS(json_write(&open, body, JSON_REVEAL), THINGSPACE_INTERNAL);
    CHECK_TEXT(buffer_text(&open), "");
}

static void a_secret_that_is_not_utf8_is_not_revealed(void)
{
    cleanup_json json *body = NULL;
    CHECK_OK(make_secret_body(&body, "\xff\xfe", 2));
    cleanup_buffer buffer out;
    buffer_init_secret(&out, 1000);
    CHECK_STATUS(json_write(&out, body, JSON_REVEAL), THINGSPACE_USAGE);
}

static void a_copied_secret_outlives_the_first_tree(void)
{
    cleanup_json json *copy = NULL;
    {
        cleanup_json json *body = NULL;
        CHECK_OK(make_secret_body(&body, "hunter2", 7));
        copy = json_copy(body);
        CHECK_MADE(copy);
        json_remove(body, "password");
    }
    cleanup_buffer buffer out;
    buffer_init_secret(&out, 1000);
    CHECK_OK(json_write(&out, copy, JSON_REVEAL));
    CHECK_TEXT(buffer_text(&out), "{\"password\":\"hunter2\"}");
}

static int freed_blocks, freed_with_password;

static void look_and_free(void *block)
{
    freed_blocks++;
    freed_with_password += block && memmem(block, malloc_usable_size(block), "hunter2", 7);
    free(block);
}

static void freed_strings_are_wiped(void)
{
    cleanup_json json *root = NULL;
    CHECK_OK(parse(&root, "[\"hunter2\",{\"a\":\"hunter2\",\"b\":\"hunter2\"}]"));
    json *object = json_new_object();
    CHECK_OK(json_append(root, object));
    CHECK_OK(json_set(object, "c", json_new_string("hunter2")));
    cJSON_Hooks looking = {allocations_malloc, look_and_free};
    cJSON_Hooks usual = {allocations_malloc, free};
    freed_blocks = freed_with_password = 0;
    cJSON_InitHooks(&looking);
    thingspace_status status = json_set(object, "c", json_new_null());
    json_cleanup(&root);
    cJSON_InitHooks(&usual);
    CHECK_OK(status);
    CHECK(freed_blocks > 10);
    CHECK_INT(freed_with_password, 0);
}

/* --- Writing --- */

static void pretty_is_indented_by_two(void)
{
    cleanup_json json *root = NULL;
    CHECK_OK(parse(&root, "{\"a\":1,\"b\":[true,{}],\"c\":[]}"));
    cleanup_buffer buffer out;
    buffer_init(&out, 1000);
    CHECK_OK(json_write(&out, root, JSON_PRETTY));
    CHECK_TEXT(buffer_text(&out),
               "{\n  \"a\": 1,\n  \"b\": [\n    true,\n    {}\n  ],\n  \"c\": []\n}");
}

static void a_full_buffer_is_told(void)
{
    cleanup_json json *root = NULL;
    CHECK_OK(parse(&root, "[1,2,3]"));
    cleanup_buffer buffer out;
    buffer_init(&out, 6);
    CHECK_STATUS(json_write(&out, root, JSON_PLAIN), THINGSPACE_PROTOCOL);
}

static void numbers_do_not_depend_on_the_locale(void)
{
    if (!check_decimal_comma())
        return;
    cleanup_json json *root = NULL, *comma = NULL;
    thingspace_status status = parse(&root, "[1.5,1234567.25]");
    thingspace_status refused = parse(&comma, "[1,5.]");
    cleanup_buffer buffer out;
    thingspace_status written = write_plain(&out, root);
    CHECK_OK(status);
    CHECK_STATUS(refused, THINGSPACE_PROTOCOL);
    CHECK_OK(written);
    CHECK_TEXT(buffer_text(&out), "[1.5,1234567.25]");
}

static const check_case cases[] = {
    CHECK_CASE(members_are_found_case_sensitively),
    CHECK_CASE(children_come_in_order_with_their_names),
    CHECK_CASE(only_integers_that_fit_are_integers),
    CHECK_CASE(doubles_are_the_nearest),
    CHECK_CASE(a_built_tree_is_written_as_built),
    CHECK_CASE(each_of_three_members_is_replaced_in_place),
    CHECK_CASE(set_replaces_in_place_and_remove_removes),
    CHECK_CASE(a_replacement_can_still_be_changed),
    CHECK_CASE(children_are_taken_also_when_refused),
    CHECK_CASE(the_first_failure_of_a_document_stays),
    CHECK_CASE(a_parent_that_could_not_be_made_is_out_of_memory),
    CHECK_CASE(a_text_that_is_not_there_is_no_member),
    CHECK_CASE(a_tree_becomes_text_of_its_own),
    CHECK_CASE(what_cannot_be_json_is_not_made),
    CHECK_CASE(a_text_becomes_a_secret_where_it_stands),
    CHECK_CASE(a_copy_is_equal_and_its_own),
    CHECK_CASE_ONCE(trees_beyond_the_depth_limit_are_freed_and_not_written),
    CHECK_CASE(a_secret_is_written_as_stars),
    CHECK_CASE(a_secret_is_revealed_into_a_secret_buffer_alone),
    CHECK_CASE(a_secret_that_is_not_utf8_is_not_revealed),
    CHECK_CASE(a_copied_secret_outlives_the_first_tree),
    CHECK_CASE_ONCE(freed_strings_are_wiped),
    CHECK_CASE(pretty_is_indented_by_two),
    CHECK_CASE(a_full_buffer_is_told),
    CHECK_CASE(numbers_do_not_depend_on_the_locale),
};
CHECK_MAIN(cases)
