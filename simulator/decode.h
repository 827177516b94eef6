/* SPDX-License-Identifier: MIT */
/* The encodings of the wire: percent, form fields, base64, hex; and random names. Any thread. */
#ifndef SIMULATOR_DECODE_H
#define SIMULATOR_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <thingspace/status.h>

/*
 * Percent-decodes into new memory. Expected: MEMORY, PROTOCOL (a bad escape, a
 * NUL, or bytes that are not UTF-8).
 */
thingspace_status decode_percent(char **out, const char *text, size_t size, bool plus_is_blank);
/* The decoded value of a field of `a=b&c=d`; `*out`
 * is NULL when it is absent. Expected: as above. */
thingspace_status decode_field(char **out, const char *fields, const char *name);
/* base64 with its padding. Expected: MEMORY, PROTOCOL (not base64, or it holds a NUL). */
thingspace_status decode_base64(char **out, const char *text);

/* 8-4-4-4-12 hex digits. */
bool decode_is_uuid(const char *text);
void decode_random_bytes(void *out, size_t size); /* at most 256 */
/* `digits` random lower-case hex digits and a NUL. */
void decode_random_hex(char *out, size_t digits);
void decode_random_uuid(char out[37]);

#endif
