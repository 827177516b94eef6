/* SPDX-License-Identifier: MIT */
/* What the JSON parser accepts is written and read again without a change, plain and pretty. */
#include <config.h>
#include "base/json.h"
#include "base/limits.h"
#include "fuzz.h"

static void write_node(buffer *out, const json *node, unsigned flags)
{
    buffer_init(out, LIMIT_RESPONSE_BODY);
    PROMISE(json_write(out, node, flags) == THINGSPACE_OK);
}

static void read_again(const buffer *written, const buffer *expected)
{
    cleanup_json json *node = NULL;
    cleanup_buffer buffer again;
    PROMISE(json_parse(&node, written->data, written->size, NULL) == THINGSPACE_OK);
    write_node(&again, node, JSON_PLAIN);
    PROMISE(again.size == expected->size);
    PROMISE(memcmp(again.data, expected->data, again.size) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    cleanup_json json *node = NULL;
    char *text = fuzz_text(data, size);
    thingspace_status status = json_parse(&node, text, size, NULL);
    free(text);
    if (status) {
        PROMISE(status == THINGSPACE_PROTOCOL);
        return 0;
    }
    cleanup_buffer buffer plain, pretty;
    write_node(&plain, node, JSON_PLAIN);
    write_node(&pretty, node, JSON_PRETTY);
    read_again(&plain, &plain);
    read_again(&pretty, &plain);
    cleanup_json json *copy = json_copy(node);
    cleanup_buffer buffer copied;
    PROMISE(copy);
    write_node(&copied, copy, JSON_PLAIN);
    PROMISE(copied.size == plain.size && memcmp(copied.data, plain.data, plain.size) == 0);
    return 0;
}
