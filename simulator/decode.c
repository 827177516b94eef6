/* SPDX-License-Identifier: MIT */
/* See decode.h. */
#include <config.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include "base/text.h"
#include "decode.h"

static int hex_value(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    if (digit >= 'a' && digit <= 'f')
        return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F')
        return digit - 'A' + 10;
    return -1;
}

/* Reads one character, escaped or not; the number of bytes it took, 0 when it is no escape. */
static size_t read_character(char *out, const char *text, size_t size)
{
    *out = text[0];
    if (text[0] != '%')
        return 1;
    if (size < 3 || hex_value(text[1]) < 0 || hex_value(text[2]) < 0)
        return 0;
    *out = (char)(hex_value(text[1]) * 16 + hex_value(text[2]));
    return *out ? 3 : 0;
}

static bool unescape(char *out, const char *text, size_t size, bool plus_is_blank)
{
    size_t written = 0;
    for (size_t at = 0; at < size; written++) {
        size_t step = read_character(&out[written], text + at, size - at);
        if (step == 0)
            return false;
        if (plus_is_blank && text[at] == '+')
            out[written] = ' ';
        at += step;
    }
    out[written] = '\0';
    return text_is_utf8(out, written);
}

thingspace_status decode_percent(char **out, const char *text, size_t size, bool plus_is_blank)
{
    char *decoded = malloc(size + 1);
    if (!decoded)
        return THINGSPACE_MEMORY;
    if (!unescape(decoded, text, size, plus_is_blank)) {
        free(decoded);
        return THINGSPACE_PROTOCOL;
    }
    *out = decoded;
    return THINGSPACE_OK;
}

thingspace_status decode_field(char **out, const char *fields, const char *name)
{
    size_t length = strlen(name);
    *out = NULL;
    while (fields && *fields) {
        size_t size = strcspn(fields, "&");
        if (size > length && strncmp(fields, name, length) == 0 && fields[length] == '=')
            return decode_percent(out, fields + length + 1, size - length - 1, true);
        fields += size;
        fields += *fields == '&';
    }
    return THINGSPACE_OK;
}

static int base64_value(char digit)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *found = digit ? strchr(digits, digit) : NULL;
    return found ? (int)(found - digits) : -1;
}

static bool read_base64(char *out, const char *text, size_t size)
{
    uint32_t bits = 0;
    size_t written = 0;
    for (size_t i = 0; i < size; i++) {
        int value = base64_value(text[i]);
        if (value < 0)
            return false;
        bits = bits << 6 | (uint32_t)value;
        if (i % 4 != 0)
            out[written++] = (char)(bits >> (6 - i % 4 * 2) & 0xff);
    }
    out[written] = '\0';
    return strlen(out) == written;
}

thingspace_status decode_base64(char **out, const char *text)
{
    size_t size = strlen(text);
    size_t padding = 0;
    while (padding < 2 && size > padding && text[size - padding - 1] == '=')
        padding++;
    if (size % 4 != 0)
        return THINGSPACE_PROTOCOL;
    char *decoded = malloc(size + 1);
    if (!decoded)
        return THINGSPACE_MEMORY;
    if (!read_base64(decoded, text, size - padding)) {
        free(decoded);
        return THINGSPACE_PROTOCOL;
    }
    *out = decoded;
    return THINGSPACE_OK;
}

bool decode_is_uuid(const char *text)
{
    if (strlen(text) != 36)
        return false;
    for (size_t i = 0; i < 36; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? text[i] != '-' : hex_value(text[i]) < 0)
            return false;
    }
    return true;
}

void decode_random_bytes(void *out, size_t size)
{
    /* Cannot fail: up to 256 bytes come whole once the kernel has seeded its pool. */
    if (getrandom(out, size, 0) < 0)
        memset(out, 1, size);
}

void decode_random_hex(char *out, size_t digits)
{
    static const char alphabet[] = "0123456789abcdef";
    unsigned char bytes[32] = {0};
    for (size_t i = 0; i < digits; i++) {
        if (i % sizeof(bytes) == 0)
            decode_random_bytes(bytes, sizeof(bytes));
        out[i] = alphabet[bytes[i % sizeof(bytes)] & 0x0f];
    }
    out[digits] = '\0';
}

void decode_random_uuid(char out[37])
{
    decode_random_hex(out, 36);
    out[8] = out[13] = out[18] = out[23] = '-';
    out[14] = '4';
    out[19] = 'a';
}
