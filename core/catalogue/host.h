/* SPDX-License-Identifier: MIT */
/*
 * What kind of place a host names, told from its text alone: nothing is looked
 * up. Address literals that resolvers read in their own ways (decimal, octal,
 * shortened, IPv4 inside IPv6) are invalid, so that no two readers disagree.
 * Pure functions; any thread.
 */
#ifndef HOST_H
#define HOST_H

#include <stdbool.h>
#include <stddef.h>

typedef enum host_kind {
    HOST_NAME,       /* a name with a dot, which may resolve to anything */
    HOST_LOCAL_NAME, /* a name that means something only here: localhost, one label, .internal */
    HOST_LOOPBACK,   /* a loopback literal */
    HOST_PRIVATE,    /* a literal that the internet does not reach */
    HOST_PUBLIC,     /* any other literal */
    HOST_INVALID     /* neither a host name nor a literal in its standard form */
} host_kind;

/* `host` in lower case, without port; an IPv6 literal has its brackets. */
host_kind host_classify(const char *host);

/* The same of a binary address of 4 (IPv4) or 16 (IPv6) bytes. IPv4 inside IPv6 (mapped,
 * NAT64, 6to4) counts as what it leads to. Any other size is HOST_INVALID. */
host_kind host_classify_bytes(const unsigned char *bytes, size_t size);

#endif
