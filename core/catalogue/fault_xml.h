/* SPDX-License-Identifier: MIT */
/*
 * Reads three elements out of the gateway's XML faults. A scanner, not a parser:
 * it looks at a bounded part of the bytes, allocates nothing, knows no document
 * types and no entities but the five standard ones. Any thread.
 */
#ifndef FAULT_XML_H
#define FAULT_XML_H

#include <stdbool.h>
#include <stddef.h>

/* Whether the document's root element is `fault`, whatever its prefix. */
bool fault_xml_is_fault(const char *xml, size_t size);

/* Copies the text of the first element of that local name, cut at `capacity`; "" when absent. */
void fault_xml_text(char *out, size_t capacity, const char *xml, size_t size, const char *name);

#endif
