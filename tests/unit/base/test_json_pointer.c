/* SPDX-License-Identifier: MIT */
/* JSON Pointers: reading, replacing, adding, removing, and secrets that come back as "***". */
#include "check.h"
#include <stdlib.h>
#include "base/json_pointer.h"
#include "base/text.h"

static thingspace_status parse(json **out, const char *text)
{
    return json_parse(out, text, strlen(text), NULL);
}

static thingspace_status put(json **root, const char *pointer, const char *value)
{
    json *node = NULL;
    thingspace_status status = value ? parse(&node, value) : THINGSPACE_OK;
    return status == THINGSPACE_OK ? json_pointer_set(root, pointer, node, NULL) : status;
}

static void pointers_find_what_the_rfc_says(void)
{
    static const struct {
        const char *pointer, *found;
    } rows[] = {
        {"/foo", "[\"bar\",\"baz\"]"},
        {"/foo/0", "\"bar\""},
        {"/", "0"},
        {"/a~1b", "1"},
        {"/m~0n", "8"},
        {"/~01", "9"},
        {"/foo/00", NULL},
        {"/foo/2", NULL},
        {"/foo/-", NULL},
        {"/foo/0/x", NULL},
        {"/fo", NULL},
        {"/fooo", NULL},
        {"foo", NULL},
        {"/a~2b", NULL},
        {"/m~", NULL},
        {"/foo/99999999999999999999", NULL},
    };
    cleanup_json json *root = NULL;
    CHECK_OK(parse(&root, "{\"foo\":[\"bar\",\"baz\"],\"\":0,\"a/b\":1,\"m~n\":8,\"~1\":9}"));
    CHECK(json_pointer_get(root, "") == root);
    CHECK(json_pointer_get(root, NULL) == NULL);
    CHECK(json_pointer_get(NULL, "/a") == NULL);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const json *found = json_pointer_get(root, rows[i].pointer);
        cleanup_text char *text = NULL;
        CHECK((found != NULL) == (rows[i].found != NULL));
        if (!found)
            continue;
        CHECK_OK(json_write_text(&text, found));
        CHECK_TEXT(text, rows[i].found);
    }
}

static void parts_are_replaced_added_and_removed(void)
{
    static const struct {
        const char *pointer, *value, *after;
    } rows[] = {
        {"/a", "2", "{\"a\":2,\"l\":[1,2]}"},
        {"/l/0", "\"x\"", "{\"a\":1,\"l\":[\"x\",2]}"},
        {"/l/2", "3", "{\"a\":1,\"l\":[1,2,3]}"},
        {"/l/-", "3", "{\"a\":1,\"l\":[1,2,3]}"},
        {"/x~1y~0", "null", "{\"a\":1,\"l\":[1,2],\"x/y~\":null}"},
        {"/a", NULL, "{\"l\":[1,2]}"},
        {"/l/0", NULL, "{\"a\":1,\"l\":[2]}"},
        {"/nothing", NULL, "{\"a\":1,\"l\":[1,2]}"},
        {"/no/thing", NULL, "{\"a\":1,\"l\":[1,2]}"},
        {"", "[7]", "[7]"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        cleanup_json json *root = NULL;
        cleanup_text char *text = NULL;
        CHECK_OK(parse(&root, "{\"a\":1,\"l\":[1,2]}"));
        CHECK_OK(put(&root, rows[i].pointer, rows[i].value));
        CHECK_OK(json_write_text(&text, root));
        CHECK_TEXT(text, rows[i].after);
    }
}

static void what_nothing_holds_is_refused(void)
{
    static const char *const pointers[] = {"/no/thing", "/l/3", "/l/01", "/l/x", "/a/b", "a", "/~"};
    for (size_t i = 0; i < sizeof(pointers) / sizeof(pointers[0]); i++) {
        cleanup_json json *root = NULL;
        cleanup_text char *text = NULL;
        CHECK_OK(parse(&root, "{\"a\":1,\"l\":[1,2]}"));
        CHECK_STATUS(put(&root, pointers[i], "1"), THINGSPACE_USAGE);
        CHECK_OK(json_write_text(&text, root));
        CHECK_TEXT(text, "{\"a\":1,\"l\":[1,2]}");
    }
}

static void a_body_can_begin_and_end(void)
{
    cleanup_json json *root = NULL;
    CHECK_STATUS(put(&root, "/a", "1"), THINGSPACE_USAGE);
    CHECK_OK(put(&root, "", "{}"));
    CHECK_OK(put(&root, "/a", "1"));
    CHECK_INT(json_count(root), 1);
    CHECK_OK(put(&root, "", NULL));
    CHECK(root == NULL);
}

static thingspace_status make_secret(thingspace_secret **out)
{
    return thingspace_secret_new(out, "hunter2", 7, NULL);
}

static void secrets_that_come_back_stay_secrets(void)
{
    cleanup_secret thingspace_secret *secret = NULL;
    cleanup_json json *old = NULL, *tree = NULL;
    cleanup_text char *text = NULL;
    CHECK_OK(make_secret(&secret));
    CHECK_OK(parse(&old, "{\"u\":\"a\",\"deep\":[1,{}]}"));
    CHECK_OK(json_set(old, "p", json_new_secret(secret)));
    json *inner = json_new_secret(secret);
    CHECK_OK(inner ? json_pointer_set(&old, "/deep/1/q", inner, NULL) : THINGSPACE_MEMORY);
    CHECK_OK(parse(&tree, "{\"p\":\"***\",\"u\":\"***\",\"deep\":[1,{\"q\":\"***\"}]}"));
    CHECK_OK(json_keep_secrets(&tree, old));
    CHECK_INT(json_type_of(json_pointer_get(tree, "/p")), JSON_SECRET);
    CHECK_INT(json_type_of(json_pointer_get(tree, "/deep/1/q")), JSON_SECRET);
    CHECK_INT(json_type_of(json_pointer_get(tree, "/u")), JSON_STRING);
    CHECK_OK(json_write_text(&text, tree));
    CHECK_TEXT(text, "{\"p\":\"***\",\"u\":\"***\",\"deep\":[1,{\"q\":\"***\"}]}");
}

/* Whoever writes the body again may have an order of their own. */
static void a_secret_comes_back_amid_others(void)
{
    cleanup_secret thingspace_secret *secret = NULL;
    cleanup_json json *old = NULL, *tree = NULL;
    cleanup_text char *text = NULL;
    CHECK_OK(make_secret(&secret));
    CHECK_OK(parse(&old, "{\"u\":\"a\",\"v\":\"b\"}"));
    CHECK_OK(json_set(old, "p", json_new_secret(secret)));
    CHECK_OK(parse(&tree, "{\"a\":1,\"p\":\"***\",\"u\":\"a\",\"v\":\"b\"}"));
    CHECK_OK(json_keep_secrets(&tree, old));
    CHECK_INT(json_type_of(json_get(tree, "p")), JSON_SECRET);
    CHECK_OK(json_write_text(&text, tree));
    CHECK_TEXT(text, "{\"a\":1,\"p\":\"***\",\"u\":\"a\",\"v\":\"b\"}");
}

static void a_new_value_beats_the_secret(void)
{
    cleanup_secret thingspace_secret *secret = NULL;
    cleanup_json json *old = NULL, *tree = NULL;
    CHECK_OK(make_secret(&secret));
    CHECK_OK(parse(&old, "{}"));
    CHECK_OK(json_set(old, "p", json_new_secret(secret)));
    CHECK_OK(parse(&tree, "{\"p\":\"other\",\"x\":[\"***\"]}"));
    CHECK_OK(json_keep_secrets(&tree, old));
    CHECK_TEXT(json_get_string(tree, "p"), "other");
    CHECK_OK(json_keep_secrets(&tree, NULL));
}

static const check_case cases[] = {
    CHECK_CASE(pointers_find_what_the_rfc_says),
    CHECK_CASE(parts_are_replaced_added_and_removed),
    CHECK_CASE(what_nothing_holds_is_refused),
    CHECK_CASE(a_body_can_begin_and_end),
    CHECK_CASE(secrets_that_come_back_stay_secrets),
    CHECK_CASE(a_secret_comes_back_amid_others),
    CHECK_CASE(a_new_value_beats_the_secret),
};
CHECK_MAIN(cases)
