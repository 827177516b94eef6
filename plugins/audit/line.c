/* SPDX-License-Identifier: MIT */
/* See chain_inside.h. The order of the first members is fixed, so that no JSON parser is needed. */
#include <sodium.h>
#include <string.h>
#include "chain_inside.h"

void audit_hash(char out[AUDIT_CHAIN_HASH + 1], const char *bytes, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    unsigned char digest[AUDIT_CHAIN_HASH / 2];
    crypto_generichash(digest, sizeof(digest), (const unsigned char *)bytes, size, NULL, 0);
    for (size_t i = 0; i < sizeof(digest); i++) {
        out[2 * i] = digits[digest[i] >> 4];
        out[2 * i + 1] = digits[digest[i] & 0xf];
    }
    out[AUDIT_CHAIN_HASH] = '\0';
}

/* Moves past the text when it stands there. */
static bool take(const char **at, const char *end, const char *text)
{
    size_t size = strlen(text);
    if ((size_t)(end - *at) < size || memcmp(*at, text, size) != 0)
        return false;
    *at += size;
    return true;
}

static bool take_number(const char **at, const char *end, unsigned long long *out)
{
    const char *start = *at;
    *out = 0;
    for (; *at < end && **at >= '0' && **at <= '9' && *at - start < 18; (*at)++)
        *out = *out * 10 + (unsigned long long)(**at - '0');
    return *at > start;
}

static int digit(char byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

static bool take_hash(const char **at, const char *end, char out[AUDIT_CHAIN_HASH + 1])
{
    if (end - *at < AUDIT_CHAIN_HASH)
        return false;
    for (size_t i = 0; i < AUDIT_CHAIN_HASH; i++)
        if (digit((*at)[i]) < 0)
            return false;
    memcpy(out, *at, AUDIT_CHAIN_HASH);
    out[AUDIT_CHAIN_HASH] = '\0';
    *at += AUDIT_CHAIN_HASH;
    return true;
}

static bool take_word(const char **at, const char *end, char *out, size_t capacity)
{
    size_t size = 0;
    for (; *at < end && **at >= 'a' && **at <= 'z' && size + 1 < capacity; (*at)++)
        out[size++] = **at;
    out[size] = '\0';
    return size > 0;
}

static bool take_id(const char **at, const char *end, uint64_t *out)
{
    *out = 0;
    for (size_t i = 0; i < 16; i++, (*at)++) {
        if (*at >= end || digit(**at) < 0)
            return false;
        *out = *out << 4 | (uint64_t)digit(**at);
    }
    return true;
}

bool audit_line_read(audit_line *out, const char *text, size_t size)
{
    const char *at = text, *end = text + size;
    memset(out, 0, sizeof(*out));
    if (size < AUDIT_HASH_TAIL)
        return false;
    const char *tail = end - AUDIT_HASH_TAIL;
    if (!take(&at, tail, "{\"n\":") || !take_number(&at, tail, &out->n) ||
        !take(&at, tail, ",\"prev\":\"") || !take_hash(&at, tail, out->prev) ||
        !take(&at, tail, "\",\"event\":\"") ||
        !take_word(&at, tail, out->event, sizeof(out->event)) || !take(&at, tail, "\""))
        return false;
    out->has_id = take(&at, tail, ",\"id\":\"") && take_id(&at, tail, &out->id);
    if (!out->has_id && take(&at, tail, ",\"bytes\":"))
        (void)take_number(&at, tail, &out->bytes);
    return take(&tail, end, AUDIT_HASH_NAME) && take_hash(&tail, end, out->hash) &&
           take(&tail, end, "\"}");
}

bool audit_line_is_intact(const audit_line *line, const char *text, size_t size)
{
    char hash[AUDIT_CHAIN_HASH + 1];
    audit_hash(hash, text, size - AUDIT_HASH_TAIL);
    return strcmp(hash, line->hash) == 0;
}
