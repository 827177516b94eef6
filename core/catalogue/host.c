/* SPDX-License-Identifier: MIT */
/*
 * Host names and address literals. The ranges are data: one table for IPv4, one
 * for IPv6, each row a prefix. Owns nothing; any thread.
 */
#include <config.h>
#include <arpa/inet.h>
#include <string.h>
#include "catalogue/host.h"

#define LONGEST_NAME  253
#define LONGEST_LABEL 63

typedef struct prefix {
    unsigned char bytes[16];
    unsigned bits;
    host_kind kind;
} prefix;

static const prefix prefixes4[] = {
    {{0}, 8, HOST_PRIVATE},             /* "this network" */
    {{10}, 8, HOST_PRIVATE},            /* private use */
    {{100, 64}, 10, HOST_PRIVATE},      /* shared by carriers */
    {{127}, 8, HOST_LOOPBACK},          /* this host */
    {{169, 254}, 16, HOST_PRIVATE},     /* link-local, metadata services */
    {{172, 16}, 12, HOST_PRIVATE},      /* private use */
    {{192, 0, 0}, 24, HOST_PRIVATE},    /* protocol assignments */
    {{192, 0, 2}, 24, HOST_PRIVATE},    /* documentation */
    {{192, 168}, 16, HOST_PRIVATE},     /* private use */
    {{198, 18}, 15, HOST_PRIVATE},      /* benchmarks */
    {{198, 51, 100}, 24, HOST_PRIVATE}, /* documentation */
    {{203, 0, 113}, 24, HOST_PRIVATE},  /* documentation */
    {{224}, 3, HOST_PRIVATE},           /* multicast, reserved, broadcast */
};

static const prefix prefixes6[] = {
    {{[15] = 1}, 128, HOST_LOOPBACK},                   /* ::1 */
    {{0}, 96, HOST_PRIVATE},                            /* :: and the old IPv4-compatible form */
    {{0x01}, 64, HOST_PRIVATE},                         /* discard-only */
    {{0x20, 0x01, 0x0d, 0xb8}, 32, HOST_PRIVATE},       /* documentation */
    {{0x00, 0x64, 0xff, 0x9b, 0, 1}, 48, HOST_PRIVATE}, /* NAT64 of one's own network */
    {{0xfc}, 7, HOST_PRIVATE},                          /* unique-local */
    {{0xfe, 0x80}, 10, HOST_PRIVATE},                   /* link-local */
    {{0xfe, 0xc0}, 10, HOST_PRIVATE},                   /* the former site-local */
    {{0xff}, 8, HOST_PRIVATE},                          /* multicast */
};

/* IPv6 prefixes with an IPv4 address inside, and the byte where it begins. */
static const struct {
    unsigned char bytes[12];
    unsigned bits;
    size_t at;
} embeddings[] = {
    {{[10] = 0xff, [11] = 0xff}, 96, 12}, /* mapped */
    {{0x00, 0x64, 0xff, 0x9b}, 96, 12},   /* NAT64 */
    {{0x20, 0x02}, 16, 2},                /* 6to4 */
};

static bool has_prefix(const unsigned char *bytes, const unsigned char *wanted, unsigned bits)
{
    size_t whole = bits / 8;
    unsigned rest = bits % 8;
    if (memcmp(bytes, wanted, whole) != 0)
        return false;
    return rest == 0 || ((bytes[whole] ^ wanted[whole]) >> (8 - rest)) == 0;
}

static host_kind classify_by(const prefix *table, size_t count, const unsigned char *bytes)
{
    for (size_t i = 0; i < count; i++)
        if (has_prefix(bytes, table[i].bytes, table[i].bits))
            return table[i].kind;
    return HOST_PUBLIC;
}

static host_kind classify4(const unsigned char *bytes)
{
    return classify_by(prefixes4, sizeof(prefixes4) / sizeof(prefixes4[0]), bytes);
}

static host_kind classify6(const unsigned char *bytes)
{
    for (size_t i = 0; i < sizeof(embeddings) / sizeof(embeddings[0]); i++)
        if (has_prefix(bytes, embeddings[i].bytes, embeddings[i].bits))
            return classify4(bytes + embeddings[i].at);
    return classify_by(prefixes6, sizeof(prefixes6) / sizeof(prefixes6[0]), bytes);
}

host_kind host_classify_bytes(const unsigned char *bytes, size_t size)
{
    if (size == 4)
        return classify4(bytes);
    return size == 16 ? classify6(bytes) : HOST_INVALID;
}

static host_kind classify_bracketed(const char *host)
{
    static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
    char inside[INET6_ADDRSTRLEN];
    size_t size = strlen(host);
    if (size < 4 || host[size - 1] != ']' || size - 2 >= sizeof(inside))
        return HOST_INVALID;
    memcpy(inside, host + 1, size - 2);
    inside[size - 2] = '\0';
    unsigned char bytes[16];
    if (inet_pton(AF_INET6, inside, bytes) != 1 || has_prefix(bytes, mapped, 96))
        return HOST_INVALID;
    return classify6(bytes);
}

static bool is_label_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

static bool label_is_good(const char *label, size_t size)
{
    if (size == 0 || size > LONGEST_LABEL || label[0] == '-' || label[size - 1] == '-')
        return false;
    for (size_t i = 0; i < size; i++)
        if (!is_label_character(label[i]))
            return false;
    return true;
}

/* Resolvers read a name whose last label is a number (also 0x...) as an address. */
static bool label_is_number(const char *label, size_t size)
{
    if (size > 1 && label[0] == '0' && label[1] == 'x')
        return strspn(label + 2, "0123456789abcdef") >= size - 2;
    return strspn(label, "0123456789") >= size;
}

static bool has_last_label(const char *host, size_t size, const char *label)
{
    size_t length = strlen(label);
    return size >= length && memcmp(host + size - length, label, length) == 0 &&
           (size == length || host[size - length - 1] == '.');
}

static host_kind classify_name(const char *host, size_t size, size_t labels)
{
    static const char *const local[] = {"localhost", "local", "internal", "lan", "home.arpa"};
    if (labels == 1)
        return HOST_LOCAL_NAME;
    for (size_t i = 0; i < sizeof(local) / sizeof(local[0]); i++)
        if (has_last_label(host, size, local[i]))
            return HOST_LOCAL_NAME;
    return HOST_NAME;
}

host_kind host_classify(const char *host)
{
    unsigned char bytes[4];
    if (host[0] == '[')
        return classify_bracketed(host);
    if (inet_pton(AF_INET, host, bytes) == 1)
        return classify4(bytes);
    size_t size = strlen(host);
    if (size > 1 && host[size - 1] == '.')
        size--; /* the root's dot */
    if (size > LONGEST_NAME)
        return HOST_INVALID;
    size_t labels = 0;
    for (size_t start = 0; start <= size; labels++) {
        const char *dot = memchr(host + start, '.', size - start);
        size_t length = dot ? (size_t)(dot - host) - start : size - start;
        if (!label_is_good(host + start, length))
            return HOST_INVALID;
        if (!dot && label_is_number(host + start, length))
            return HOST_INVALID;
        start += length + 1;
    }
    return classify_name(host, size, labels);
}
